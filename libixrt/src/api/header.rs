// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes the C headers from the tables.
//!
//! There are two of them: `ixrt.h` with the `ix` names, and `ixcuda.h` with the names of the CUDA
//! driver interface, for programs that are written for that. The second has the same types under
//! CUDA's names ([`cuda_names`]) and a declaration of every symbol.

use super::table::{Function, SECTIONS};
use super::types::{Callback, Declarator, Structure, TYPES};
use crate::error::Code;
use std::fmt::Write;

const TOP: &str = "\
/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example interface`; do not edit. */
#ifndef IXRT_H
#define IXRT_H

/**
 * The IX runtime: the semantics of the CUDA driver interface under names of its own.
 *
 * Functions return IX_SUCCESS or an error code; the numbers are those of CUresult.
 * ixGetLastErrorMessage says more. All functions may be called from any thread. See
 * docs/programming.md.
 */
";

const CUDA_TOP: &str = "\
/* SPDX-License-Identifier: Apache-2.0 OR MIT */
/* Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example interface`; do not edit. */
#ifndef IXCUDA_H
#define IXCUDA_H

/**
 * The CUDA driver interface as far as the IX runtime has it: see docs/cuda-api.md.
 *
 * Programs that are written for CUDA's driver interface compile with this header and link with
 * -lcuda, that is libixrt under its other name.
 */
";

const START: &str = "
#include <stddef.h>

#ifdef __cplusplus
extern \"C\" {
#endif

/** A device: its number. */
typedef int IXdevice;
/** An address in device memory. */
typedef unsigned long long IXdeviceptr;
/** Memory that a program created, whatever addresses it has. */
typedef unsigned long long IXmemGenericAllocationHandle;
";

const VALUES: &str = "
/** The null stream, in so many words. */
#define IX_STREAM_LEGACY ((IXstream)0x1)
/** The calling thread's own default stream. */
#define IX_STREAM_PER_THREAD ((IXstream)0x2)

/** The host, where a device is asked for. */
#define IX_DEVICE_CPU ((IXdevice)-1)
/** No device. */
#define IX_DEVICE_INVALID ((IXdevice)-2)

/** Ends the list `extra` of ixLaunchKernel. */
#define IX_LAUNCH_PARAM_END ((void *)0)
/** The next element of `extra` is the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_POINTER ((void *)1)
/** The next element of `extra` points to a size_t, the size of the parameter buffer. */
#define IX_LAUNCH_PARAM_BUFFER_SIZE ((void *)2)
";

const BOTTOM: &str = "
#ifdef __cplusplus
}
#endif
";

/// Names of functions that stand for a later form of the function, as in the headers of CUDA 12:
/// those whose first form has other parameters.
const LATER_FORMS: &[(&str, &str)] = &[
    ("cuGetProcAddress", "cuGetProcAddress_v2"),
    ("cuStreamBeginCapture", "cuStreamBeginCapture_v2"),
    ("cuStreamGetCaptureInfo", "cuStreamGetCaptureInfo_v2"),
    ("CUDA_KERNEL_NODE_PARAMS", "CUDA_KERNEL_NODE_PARAMS_v2"),
    ("cuGraphAddKernelNode", "cuGraphAddKernelNode_v2"),
    ("cuGraphKernelNodeGetParams", "cuGraphKernelNodeGetParams_v2"),
    ("cuGraphKernelNodeSetParams", "cuGraphKernelNodeSetParams_v2"),
    ("cuGraphExecKernelNodeSetParams", "cuGraphExecKernelNodeSetParams_v2"),
    ("cuGraphInstantiate", "cuGraphInstantiateWithFlags"),
    ("cuGraphExecUpdate", "cuGraphExecUpdate_v2"),
];

/// Beginnings of names, after `IX_`, that CUDA's have after `CUDA_` and not `CU_`.
const LONG_PREFIXES: &[&str] = &[
    "SUCCESS",
    "ERROR_",
    "MEMCPY2",
    "MEMCPY3",
    "ARRAY_",
    "ARRAY3D_",
    "LAUNCH_PARAMS",
    "COOPERATIVE_LAUNCH_",
    "EXTERNAL_MEMORY_HANDLE_DESC",
    "EXTERNAL_MEMORY_BUFFER_DESC",
];
/// Endings of names of structures, likewise.
const LONG_SUFFIXES: &[&str] = &["_NODE_PARAMS", "_NODE_PARAMS_v1", "_NODE_PARAMS_v2", "_INSTANTIATE_PARAMS"];

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
    let _ = writeln!(out, "typedef enum {name}_enum {{");
    for (value, number, doc) in values {
        comment(out, "    ", doc);
        let _ = writeln!(out, "    {value} = {number},");
    }
    let _ = writeln!(out, "}} {name};");
}

fn parameter_list(parameters: &[(Declarator, &str)]) -> String {
    let texts: Vec<_> = parameters.iter().map(|(ty, name)| ty.declare(name.trim_start_matches("r#"))).collect();
    if texts.is_empty() {
        "void".into()
    } else {
        texts.join(", ")
    }
}

fn callback(out: &mut String, callback: &Callback) {
    out.push('\n');
    comment(out, "", callback.doc);
    let list = parameter_list(&(callback.parameters)());
    let _ = writeln!(out, "typedef {}({list});", (callback.returns)().declare(&format!("(*{})", callback.name)));
}

fn fields(out: &mut String, indent: &str, structure: &Structure) {
    for (ty, name) in (structure.fields)() {
        if name == "anonymous" {
            let unions = TYPES.iter().flat_map(|t| t.structures);
            let union = unions.into_iter().find(|s| s.name == ty.before);
            let _ = writeln!(out, "{indent}__extension__ union {{");
            union.into_iter().for_each(|union| fields(out, &format!("{indent}    "), union));
            let _ = writeln!(out, "{indent}}};");
        } else {
            let _ = writeln!(out, "{indent}{};", ty.declare(name.trim_start_matches("r#")));
        }
    }
}

fn structure(out: &mut String, structure: &Structure) {
    out.push('\n');
    comment(out, "", structure.doc);
    let (kind, name) = (structure.kind, structure.name);
    let _ = writeln!(out, "typedef {kind} {name}_st {{");
    fields(out, "    ", structure);
    let _ = writeln!(out, "}} {name};");
}

/// Everything but the functions.
fn types(out: &mut String) {
    out.push_str(START);
    for (name, doc) in TYPES.iter().flat_map(|t| t.handles) {
        comment(out, "", doc);
        let _ = writeln!(out, "typedef struct {name}_st *{name};");
    }
    let codes = Code::ALL.iter().map(|(code, name, text)| (name.trim_end_matches('\0'), code.0, text.trim_end_matches('\0')));
    enumeration(out, "IXresult", "Error codes; the numbers are those of CUresult.", codes);
    for e in TYPES.iter().flat_map(|t| t.enumerations) {
        enumeration(out, e.name, e.doc, e.values.iter().copied());
    }
    out.push('\n');
    for (name, value, doc) in TYPES.iter().flat_map(|t| t.flags) {
        comment(out, "", doc);
        let _ = writeln!(out, "#define {name} {value:#x}u");
    }
    out.push_str(VALUES);
    for subject in TYPES {
        subject.callbacks.iter().for_each(|c| callback(out, c));
        subject.structures.iter().for_each(|s| structure(out, s));
    }
}

fn functions(out: &mut String, mut declare: impl FnMut(&mut String, &Function)) {
    for section in SECTIONS {
        let mut text = String::new();
        section.functions.iter().for_each(|f| declare(&mut text, f));
        if !text.is_empty() {
            let _ = write!(out, "\n/* {} */\n{text}", section.title);
        }
    }
}

/// The text of the header with the `ix` names.
pub fn header() -> String {
    let mut out = TOP.to_string();
    types(&mut out);
    functions(&mut out, |out, function| {
        if let Some(name) = function.name {
            out.push('\n');
            comment(out, "", function.doc);
            let _ = writeln!(out, "IXresult {name}({});", parameter_list(&(function.parameters)()));
        }
    });
    out.push_str(BOTTOM);
    out.push_str("\n#endif /* IXRT_H */\n");
    out
}

/// The text of the header with CUDA's names.
pub fn cuda_header() -> String {
    let mut text = String::new();
    types(&mut text);
    functions(&mut text, |out, function| {
        if !function.cuda.is_empty() {
            out.push('\n');
            comment(out, "", function.doc);
            let list = parameter_list(&(function.parameters)());
            for symbol in function.cuda {
                let _ = writeln!(out, "IXresult {}({list});", symbol.name);
            }
        }
    });
    let mut out = CUDA_TOP.to_string();
    out.push_str(&cuda_names(&text));
    out.push('\n');
    for (name, form) in LATER_FORMS {
        let _ = writeln!(out, "#define {name} {form}");
    }
    out.push_str(BOTTOM);
    out.push_str("\n#endif /* IXCUDA_H */\n");
    out
}

/// A text with CUDA's names in the place of the runtime's own.
pub fn cuda_names(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(|c: char| c.is_ascii_alphanumeric() || c == '_') {
        let end = rest[start..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).map_or(rest.len(), |n| start + n);
        out.push_str(&rest[..start]);
        out.push_str(&cuda_name(&rest[start..end]));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

fn cuda_name(word: &str) -> String {
    if let Some(name) = word.strip_prefix("IX_") {
        let long = LONG_PREFIXES.iter().any(|p| name.starts_with(p)) || LONG_SUFFIXES.iter().any(|s| name.ends_with(s));
        return format!("{}{name}", if long { "CUDA_" } else { "CU_" });
    }
    match (word.strip_prefix("IX"), word.strip_prefix("ix")) {
        (Some(name), _) if name.starts_with(|c: char| c.is_ascii_lowercase()) || name.starts_with("D3D") => format!("CU{name}"),
        (_, Some(name)) if name.starts_with(|c: char| c.is_ascii_uppercase()) => format!("cu{name}"),
        _ => word.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_cudas() {
        assert_eq!(
            cuda_names("IXresult ixMemAlloc(IXdeviceptr *p); IX_ERROR_NOT_READY, IX_MEMCPY2D IX_CTX_MAP_HOST prefix IX."),
            "CUresult cuMemAlloc(CUdeviceptr *p); CUDA_ERROR_NOT_READY, CUDA_MEMCPY2D CU_CTX_MAP_HOST prefix IX."
        );
    }
}
