// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What runs programs. A *back end* takes a module in PTX, and then launches of its kernels.

mod engine;
mod runtime;

pub use engine::EngineBackend;
pub use runtime::RuntimeBackend;

use ix_compiler::{Level, Options};
use ix_isa_tests::machine::Interpreter;

use crate::case::{Buffers, Launch};

/// Why a module was not loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoadError {
    /// It has an instruction that is not supported.
    Unsupported(String),
    /// Anything else: a defect of the compiler, or of the test.
    Failed(String),
}

/// Why a kernel has no results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RunError {
    /// The machine stopped it for what it did.
    Stopped(String),
    /// It could not be run, or does not end.
    Failed(String),
}

impl From<String> for RunError {
    fn from(why: String) -> RunError {
        RunError::Failed(why)
    }
}

/// Something that runs programs.
pub trait Backend {
    /// Compiles a module in place of the one before.
    fn load(&mut self, ptx: &str) -> Result<(), LoadError>;
    /// Runs a kernel of the module; gives the contents of the buffers afterwards.
    fn run(&mut self, launch: &Launch) -> Result<Buffers, RunError>;
}

/// A back end that can be asked for by name.
pub struct Kind {
    /// Its name.
    pub name: &'static str,
    /// What it is.
    pub about: &'static str,
    /// Makes one; each thread of the suite has its own.
    pub make: fn() -> Result<Box<dyn Backend>, String>,
}

/// All of them.
pub const KINDS: &[Kind] = &[
    Kind {
        name: "interpreter",
        about: "the compiler and the silicon's interpreter, with no runtime between them",
        make: || Ok(Box::new(EngineBackend::new(Interpreter, Options::default())?)),
    },
    Kind {
        name: "unoptimised",
        about: "the same without the compiler's optional passes",
        make: || Ok(Box::new(EngineBackend::new(Interpreter, Options { level: Level::O0, ..Options::default() })?)),
    },
    Kind { name: "runtime", about: "libixrt, on the backend that IXRT_BACKEND names", make: || Ok(Box::new(RuntimeBackend::new()?)) },
];
