// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What kernels call and no module defines: printf, assertions, the heap, the math library.
//!
//! These functions are *device libraries*: PTX of which the linker takes what a program needs (`math/device`,
//! `libixrt/device`). Those that have to do with the runtime find their *environment*, a block of memory whose address
//! every launch has ([`environment`]). Kernels put what they print into a ring there as *records*, which the host takes
//! out at the points where CUDA does ([`output`]) and makes text of ([`mod@format`]). The heap lies in device memory and is
//! the kernels' business alone: the host makes it and never looks into it.

pub mod environment;
mod format;
mod output;
#[cfg(test)]
mod tests;

pub use environment::{DeviceRuntime, Limit};

use ix_compiler::{Errors, Input, Library, Module, Options};
use std::sync::OnceLock;

/// Functions that print: they need the ring.
const PRINTING: [&str; 2] = ["__assertfail", "vprintf"];
/// Functions that need the heap.
const HEAP: [&str; 2] = ["free", "malloc"];

/// Bytes of the libraries, for those who keep what was compiled with them.
pub const FINGERPRINT: &str = env!("IXRT_DEVICE_FINGERPRINT");

/// The device libraries. Their texts are indexed when the first module needs something of them.
fn libraries() -> [&'static Library; 2] {
    static LIBRARIES: OnceLock<[Library; 2]> = OnceLock::new();
    let libraries = LIBRARIES.get_or_init(|| {
        [Library::new(include_str!("../../device/ixdevice.ptx")), Library::new(include_str!("../../../math/device/ixmath.ptx"))]
    });
    [&libraries[0], &libraries[1]]
}

/// Compiles a program that may use the device libraries.
pub fn link(inputs: &[Input<'_>], options: &Options) -> Result<Module, Errors> {
    ix_compiler::link(inputs, &|| libraries().to_vec(), options)
}

/// What of the environment a module needs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Needs {
    /// The ring of records.
    pub printing: bool,
    /// The heap.
    pub heap: bool,
}

impl Needs {
    /// What a module with these imports needs.
    pub fn of(imports: &[String]) -> Needs {
        let any = |names: &[&str]| imports.iter().any(|i| names.contains(&i.as_str()));
        Needs { printing: any(&PRINTING), heap: any(&HEAP) }
    }

    /// Whether it needs an environment at all.
    pub fn any(&self) -> bool {
        self.printing || self.heap
    }
}
