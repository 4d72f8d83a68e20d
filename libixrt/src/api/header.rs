// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes `include/ixrt.h` from the tables.

use super::types::{ENUMERATIONS, FLAGS, HANDLES};
use super::FUNCTIONS;
use crate::error::Code;
use std::fmt::Write;

const TOP: &str = "\
/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example header`; do not edit. */
#ifndef IXRT_H
#define IXRT_H

/**
 * The IX runtime: the semantics of the CUDA driver interface under names of its own.
 *
 * Functions return IX_SUCCESS or an error code; the numbers are those of CUresult.
 * ixGetLastErrorMessage says more. All functions may be called from any thread. See
 * docs/programming.md.
 */

#include <stddef.h>

#ifdef __cplusplus
extern \"C\" {
#endif

/** A device: its number. */
typedef int IXdevice;
/** An address in device memory. */
typedef unsigned long long IXdeviceptr;
/** The identity of a device, in the order of its text form. */
typedef struct IXuuid {
    unsigned char bytes[16];
} IXuuid;
";

const MIDDLE: &str = "
/** The null stream, in so many words. */
#define IX_STREAM_LEGACY ((IXstream)0x1)
/** The calling thread's own default stream. */
#define IX_STREAM_PER_THREAD ((IXstream)0x2)

/** Ends the list `extra` of ixLaunchKernel. */
#define IX_LAUNCH_PARAM_END ((void *)0)
/** The next element of `extra` is the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_POINTER ((void *)1)
/** The next element of `extra` points to a size_t, the size of the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_SIZE ((void *)2)

/**
 * A copy of Height rows of WidthInBytes bytes. Of each side, the first byte is at
 * start + Y * Pitch + XInBytes, where start is Host for IX_MEMORYTYPE_HOST, else Device.
 * The arrays must be null.
 */
typedef struct IX_MEMCPY2D {
    size_t srcXInBytes;
    size_t srcY;
    IXmemorytype srcMemoryType;
    const void *srcHost;
    IXdeviceptr srcDevice;
    void *srcArray;
    size_t srcPitch;
    size_t dstXInBytes;
    size_t dstY;
    IXmemorytype dstMemoryType;
    void *dstHost;
    IXdeviceptr dstDevice;
    void *dstArray;
    size_t dstPitch;
    size_t WidthInBytes;
    size_t Height;
} IX_MEMCPY2D;
";

const BOTTOM: &str = "
#ifdef __cplusplus
}
#endif

#endif /* IXRT_H */
";

/// A documentation comment, indented.
fn comment(out: &mut String, indent: &str, doc: &str) {
    let lines: Vec<_> = doc.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let _ = match lines[..] {
        [one] => writeln!(out, "{indent}/** {one} */"),
        _ => writeln!(out, "{indent}/**\n{indent} * {}\n{indent} */", lines.join(&format!("\n{indent} * "))),
    };
}

fn enumeration<'a>(out: &mut String, name: &str, doc: &str, values: impl Iterator<Item = (&'a str, i32, &'a str)>) {
    out.push('\n');
    comment(out, "", doc);
    let _ = writeln!(out, "typedef enum {name} {{");
    for (value, number, doc) in values {
        comment(out, "    ", doc);
        let _ = writeln!(out, "    {value} = {number},");
    }
    let _ = writeln!(out, "}} {name};");
}

/// The text of the header.
pub fn header() -> String {
    let mut out = TOP.to_string();
    for (name, doc) in HANDLES {
        comment(&mut out, "", doc);
        let _ = writeln!(out, "typedef struct {name}_st *{name};");
    }
    let codes = Code::ALL.iter().map(|(code, name, text)| (name.trim_end_matches('\0'), code.0, text.trim_end_matches('\0')));
    enumeration(&mut out, "IXresult", "Error codes; the numbers are those of CUresult.", codes);
    for e in ENUMERATIONS {
        enumeration(&mut out, e.name, e.doc, e.values.iter().copied());
    }
    out.push('\n');
    for (name, value, doc) in FLAGS {
        comment(&mut out, "", doc);
        let _ = writeln!(out, "#define {name} {value:#x}u");
    }
    out.push_str(MIDDLE);
    for section in FUNCTIONS {
        let _ = writeln!(out, "\n/* {} */", section.title);
        for function in section.functions {
            out.push('\n');
            comment(&mut out, "", function.doc);
            let parameters = (function.parameters)();
            let texts: Vec<_> = parameters
                .iter()
                .map(|(ty, name)| if ty.ends_with('*') { format!("{ty}{name}") } else { format!("{ty} {name}") })
                .collect();
            let list = if texts.is_empty() { "void".into() } else { texts.join(", ") };
            let _ = writeln!(out, "IXresult {}({list});", function.name);
        }
    }
    out.push_str(BOTTOM);
    out
}
