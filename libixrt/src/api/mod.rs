// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The C interface: one table of functions.
//!
//! [`table`] declares each function once: documentation, name, parameters, the Rust function that
//! does the work (its *body*), and the symbols under which CUDA has it. The exported `ix*` and
//! `cu*` symbols, both headers ([`header()`] and [`cuda_header()`]), what `cuGetProcAddress` finds,
//! and the table of CUDA's functions in the documentation ([`cuda_doc()`]) come from it. A body
//! returns a [`Result`]; the exported function turns an error into its code and keeps the message
//! for the thread.

mod allocation;
mod arrays;
mod attributes;
mod boxes;
mod capture;
mod contexts;
mod copies;
mod cuda_doc;
mod device_queries;
mod diagnostics;
mod entry_points;
mod external;
mod functions;
mod graph_any;
mod graph_execs;
mod graph_nodes;
mod graphs;
mod header;
mod launches;
mod libraries;
mod library;
mod limits;
mod linker;
mod managed;
mod memops;
mod modules;
mod occupancy;
mod out;
mod peers;
mod pools;
mod streams;
pub mod table;
pub mod types;
mod vmm;

pub use cuda_doc::cuda_doc;
pub use header::{cuda_header, cuda_names, header};
pub use table::*;

use crate::error::{self, Code, Result};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use types::*;

/// Runs a body for an exported function.
fn call(name: &'static str, body: impl FnOnce() -> Result<()>) -> IXresult {
    let error = match catch_unwind(AssertUnwindSafe(body)) {
        Ok(Ok(())) => return Code::SUCCESS,
        Ok(Err(error)) => error,
        Err(_) => error::Error::new(Code::UNKNOWN, "an internal error: the library panicked"),
    };
    error::keep(name, &error);
    error.code
}

/// Runs a body for a symbol of CUDA's. The names of those for which the null stream is the
/// thread's own default stream end in `_ptsz` or `_ptds`.
#[inline]
fn call_cuda(name: &'static str, body: impl FnOnce() -> Result<()>) -> IXresult {
    if table::is_per_thread(name) {
        call(name, || crate::context::with_own_default_stream(body))
    } else {
        call(name, body)
    }
}

/// Tells the user, who would learn from most programs no more than a number, what is wrong: on
/// standard error, once for each `said`, unless `IXRT_QUIET` says not to.
fn say_once(said: &AtomicBool, text: impl FnOnce() -> String) {
    if !said.swap(true, Ordering::Relaxed) && std::env::var_os("IXRT_QUIET").is_none_or(|v| v.is_empty() || v == "0") {
        eprintln!("libixrt: {}; IXRT_QUIET=1 silences this", text());
    }
}

/// What a function of CUDA's does that is not supported: says so, once, and fails.
fn absent(name: &'static str, said: &AtomicBool) -> IXresult {
    let text = format!("{name} is not supported; docs/cuda-api.md lists what is");
    say_once(said, || format!("{text}. It returns CUDA_ERROR_NOT_SUPPORTED (801)"));
    error::keep(name, &error::Error::new(Code::NOT_SUPPORTED, text));
    Code::NOT_SUPPORTED
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_current() {
        let stale = "is stale: cargo run -p ixrt --example interface";
        assert!(include_str!("../../include/ixrt.h") == header(), "libixrt/include/ixrt.h {stale}");
        assert!(include_str!("../../include/ixcuda.h") == cuda_header(), "libixrt/include/ixcuda.h {stale}");
    }

    #[test]
    fn panic_of_a_body_is_an_error() {
        assert_eq!(call("ixTest", || panic!("deliberate")), Code::UNKNOWN);
    }

    #[test]
    fn absent_function_is_named() {
        let said = AtomicBool::new(true);
        assert_eq!(absent("cuTest", &said), Code::NOT_SUPPORTED);
    }
}
