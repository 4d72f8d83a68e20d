// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The table of functions, a file for each subject.
//!
//! `api!` declares a *section*. A row of its first part is a function that works:
//!
//! ```text
//! /// What it does. A line that starts with "Differs:" says where CUDA's does something else.
//! ixName(argument: Type, ...) = bodies::body, [cuName@2000 cuName_v2@3020 cuName_v2_ptsz@7000];
//! ```
//!
//! In the brackets are CUDA's symbols for it, each with the version of the driver interface that
//! introduced it. A function that only CUDA's interface needs, because the `ix` one has a later
//! form of it, is called `cuda_only`. A symbol that ends in `_ptsz` or `_ptds` is the variant for
//! which the null stream is the calling thread's default stream.
//!
//! A row of the second part is a *documented function* of CUDA's that is not supported, with all
//! its symbols. The documented name of a symbol is what is left without those endings and `_vN`.

use super::{absent, call, call_cuda, types::*};
use crate::trace;

/// A symbol that CUDA's driver library exports.
#[derive(Debug, Clone, Copy)]
pub struct Symbol {
    /// Name.
    pub name: &'static str,
    /// Version of the driver interface that introduced it: 1000 * major + 10 * minor.
    pub since: i32,
    /// The function.
    pub address: *const (),
}

impl Symbol {
    /// The name in CUDA's documentation: without the endings of versions and variants.
    pub fn documented(&self) -> &'static str {
        documented(self.name)
    }
}

/// An exported function.
#[derive(Debug)]
pub struct Function {
    /// Name; `None` when it is in CUDA's interface only.
    pub name: Option<&'static str>,
    /// What it does.
    pub doc: &'static str,
    /// Type and name in C of each parameter.
    pub parameters: fn() -> Vec<(Declarator, &'static str)>,
    /// Names under which the CUDA driver has it, with and without version suffix.
    pub cuda: &'static [Symbol],
}

/// Functions that belong together.
#[derive(Debug)]
pub struct Section {
    /// What they are about.
    pub title: &'static str,
    /// The functions that work.
    pub functions: &'static [Function],
    /// The documented functions that do not, each with its symbols.
    pub absent: &'static [&'static [Symbol]],
}

/// Whether a symbol of CUDA's is a variant for which the null stream is the thread's own.
pub const fn is_per_thread(symbol: &str) -> bool {
    let s = symbol.as_bytes();
    let n = s.len();
    n > 5
        && s[n - 5] == b'_'
        && s[n - 4] == b'p'
        && s[n - 3] == b't'
        && (s[n - 2] == b's' && s[n - 1] == b'z' || s[n - 2] == b'd' && s[n - 1] == b's')
}

/// The documented name of a symbol of CUDA's.
pub fn documented(symbol: &'static str) -> &'static str {
    let name = if is_per_thread(symbol) { &symbol[..symbol.len() - 5] } else { symbol };
    match name.rsplit_once("_v") {
        Some((front, digits)) if digits.len() == 1 && digits.bytes().all(|b| b.is_ascii_digit()) => front,
        _ => name,
    }
}

/// Exports an `ix` function.
macro_rules! export_ix {
    ([$($doc:literal)+] cuda_only $arguments:tt $body:path) => {};
    ([$($doc:literal)+] $name:ident ($($arg:ident: $ty:ty),*) $body:path) => {
        $(#[doc = $doc])+
        ///
        /// # Safety
        /// Pointers are null or valid for what the function does with them.
        #[no_mangle]
        #[allow(non_snake_case, reason = "the names of the C interface")]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> IXresult {
            let traced = trace::begin(stringify!($name));
            // SAFETY: the body asks of its caller what this function asks of its own.
            let result = call(stringify!($name), || unsafe { $body($($arg),*) });
            if let Some(traced) = traced {
                traced.end(result, &[$( (stringify!($arg), &$arg) ),*]);
            }
            result
        }
    };
}

/// Exports a symbol of CUDA's for a function.
macro_rules! export_cuda {
    ($name:ident ($($arg:ident: $ty:ty),*) $body:path) => {
        #[doc = concat!("CUDA's `", stringify!($name), "`; see docs/cuda-api.md.")]
        ///
        /// # Safety
        /// Pointers are null or valid for what the function does with them.
        #[no_mangle]
        #[allow(non_snake_case, reason = "the names of the C interface")]
        pub unsafe extern "C" fn $name($($arg: $ty),*) -> IXresult {
            let traced = trace::begin(stringify!($name));
            // SAFETY: the body asks of its caller what this function asks of its own.
            let result = call_cuda(stringify!($name), || unsafe { $body($($arg),*) });
            if let Some(traced) = traced {
                traced.end(result, &[$( (stringify!($arg), &$arg) ),*]);
            }
            result
        }
    };
}

/// Exports a symbol of CUDA's that is not supported, whatever its parameters: by the C calling
/// convention the caller cleans up after them.
macro_rules! export_absent {
    ($name:ident) => {
        #[doc = concat!("CUDA's `", stringify!($name), "`, which is not supported.")]
        #[no_mangle]
        #[allow(non_snake_case, reason = "the names of the C interface")]
        pub extern "C" fn $name() -> IXresult {
            static SAID: std::sync::atomic::AtomicBool = std::sync::atomic::AtomicBool::new(false);
            let traced = trace::begin(stringify!($name));
            let result = absent(stringify!($name), &SAID);
            if let Some(traced) = traced {
                traced.end(result, &[]);
            }
            result
        }
    };
}

macro_rules! parameters {
    (($($arg:ident: $ty:ty),*)) => { || vec![$( (<$ty as CType>::declarator(), stringify!($arg)) ),*] };
}

macro_rules! name {
    (cuda_only) => {
        None
    };
    ($name:ident) => {
        Some(stringify!($name))
    };
}

macro_rules! symbols {
    ($($cuda:ident @ $since:literal)*) => {
        &[$( Symbol { name: stringify!($cuda), since: $since, address: $cuda as *const () } ),*]
    };
}

/// Declares a section; see the module's text.
macro_rules! api {
    ($section:ident: $title:literal {
        $( $(#[doc = $doc:literal])+ $name:ident $arguments:tt = $body:path, [$($cuda:ident @ $since:literal)*]; )*
    } absent {
        $( $($gone:ident @ $gone_since:literal)+; )*
    }) => {
        use super::*;
        $(
            export_ix! { [$($doc)+] $name $arguments $body }
            $( export_cuda! { $cuda $arguments $body } )*
        )*
        $($( export_absent! { $gone } )+)*
        #[doc = concat!($title, ".")]
        pub const $section: Section = Section {
            title: $title,
            functions: &[$( Function {
                name: name!($name),
                doc: concat!($($doc, "\n"),+),
                parameters: parameters!($arguments),
                cuda: symbols!($($cuda @ $since)*),
            } ),*],
            absent: &[$( symbols!($($gone @ $gone_since)+) ),*],
        };
    };
}

mod arrays;
mod capture;
mod contexts;
mod copies;
mod deprecated;
mod devices;
mod diagnostics;
mod events;
mod external;
mod fills;
mod functions;
mod graphics;
mod graphs;
mod green;
mod init;
mod ipc;
mod launches;
mod libraries;
mod limits;
mod linker;
mod managed;
mod memops;
mod memory;
mod modules;
mod occupancy;
mod peers;
mod pools;
mod primary;
mod streams;
mod textures;
mod vmm;

pub use arrays::*;
pub use capture::*;
pub use contexts::*;
pub use copies::*;
pub use deprecated::*;
pub use devices::*;
pub use diagnostics::*;
pub use events::*;
pub use external::*;
pub use fills::*;
pub use functions::*;
pub use graphics::*;
pub use graphs::*;
pub use green::*;
pub use init::*;
pub use ipc::*;
pub use launches::*;
pub use libraries::*;
pub use limits::*;
pub use linker::*;
pub use managed::*;
pub use memops::*;
pub use memory::*;
pub use modules::*;
pub use occupancy::*;
pub use peers::*;
pub use pools::*;
pub use primary::*;
pub use streams::*;
pub use textures::*;
pub use vmm::*;

/// All sections.
pub const SECTIONS: &[Section] = &[
    INIT,
    DEVICES,
    PRIMARY,
    CONTEXTS,
    LIMITS,
    MEMORY,
    MANAGED,
    POOLS,
    VMM,
    ARRAYS,
    COPIES,
    FILLS,
    PEERS,
    IPC,
    EXTERNAL,
    MODULES,
    FUNCTIONS,
    LIBRARIES,
    LINKER,
    LAUNCHES,
    DEPRECATED,
    OCCUPANCY,
    STREAMS,
    EVENTS,
    MEMOPS,
    CAPTURE,
    GRAPHS,
    TEXTURES,
    GRAPHICS,
    GREEN,
    DIAGNOSTICS,
];

/// All functions that work.
pub fn functions() -> impl Iterator<Item = &'static Function> {
    SECTIONS.iter().flat_map(|s| s.functions)
}

/// All symbols of CUDA's.
pub fn symbols() -> impl Iterator<Item = &'static Symbol> {
    SECTIONS.iter().flat_map(|s| s.functions.iter().flat_map(|f| f.cuda).chain(s.absent.iter().copied().flatten()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_names_have_no_endings() {
        assert_eq!(documented("cuMemcpyHtoDAsync_v2_ptsz"), "cuMemcpyHtoDAsync");
        assert_eq!(documented("cuMemcpy_ptds"), "cuMemcpy");
        assert_eq!(documented("cuCtxCreate_v4"), "cuCtxCreate");
        assert_eq!(documented("cuInit"), "cuInit");
    }

    #[test]
    fn each_symbol_is_that_of_one_function() {
        let mut names: Vec<_> = symbols().map(|s| s.name).collect();
        let all = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!(symbols().all(|s| s.name.starts_with("cu") && (2000..=14000).contains(&s.since)));
    }

    #[test]
    fn cuda_names_begin_as_the_function() {
        for function in functions() {
            let Some(name) = function.name else {
                assert!(!function.cuda.is_empty());
                continue;
            };
            assert!(function.cuda.iter().all(|s| s.name.starts_with(&name.replacen("ix", "cu", 1))), "{name}");
        }
    }
}
