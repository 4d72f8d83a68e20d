// SPDX-License-Identifier: Apache-2.0 OR MIT
//! PTX to IX machine code.
//!
//! A *module* is one PTX text. `compile` turns it into a [`Module`]: one block of machine code
//! for all functions, the *global image* (the module's `.global` and `.const` variables), and
//! *relocations* for what is known only when the runtime has placed both in an address space.
//! The crate knows the hardware contract only.
//!
//! The front end is in [`ptx`], the representation between the passes in [`ir`], the passes in [`passes`] and
//! [`backend`].

pub mod backend;
pub mod error;
pub mod ir;
pub mod module;
pub mod passes;
pub mod ptx;

pub use error::{Error, ErrorKind, Errors, Location};
pub use module::{Function, Kernel, Module, Param, Refusal, Relocation, Section, Symbol, Target};

use backend::ix;
use ir::cfg;
use std::collections::HashMap;

/// How to compile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Compile only kernels with these names; all of them where the list is empty.
    pub kernels: Vec<String>,
}

/// Compiles a PTX module.
///
/// Kernels that ask for what is not supported are listed in [`Module::refused`]; if no kernel is left, that is an error.
/// Bad input of any kind is an error, never a panic; time and memory stay proportional to the size of the expanded
/// program, which is limited.
pub fn compile(ptx: &str, options: &Options) -> Result<Module, Errors> {
    let ast = ptx::parse(ptx)?;
    let wanted = |name: &str| options.kernels.is_empty() || options.kernels.iter().any(|k| k == name);
    let unit = passes::lower::run(&ast, wanted)?;
    let mut module =
        Module { data: unit.data, data_align: unit.data_align, symbols: unit.symbols, relocations: unit.relocations, ..Module::default() };
    let mut files = Files { names: &unit.files, index: HashMap::new() };
    for (mut kernel, func) in unit.kernels {
        let addrs = func.addrs.clone();
        let locs = func.locs.clone();
        let code = function(func)?;
        place(&mut module, &mut files, &mut kernel, code, &addrs, &locs)?;
        module.kernels.push(kernel);
    }
    Ok(module)
}

/// Compiles one lowered function: the list of passes.
pub fn function(mut func: ir::Func) -> Result<ix::Code, Error> {
    passes::promote::run(&mut func);
    passes::normalize(&mut func);
    passes::verify_shape(&func, "normalize");
    passes::ssa::run(&mut func);
    passes::verify(&func, "ssa");
    passes::dce::run(&mut func);
    passes::simplify::run(&mut func);
    passes::verify(&func, "simplify");
    passes::dce::run(&mut func);
    let loops = cfg::order(&mut func);
    passes::uniform::run(&mut func, &loops);
    passes::verify_banks(&func, "uniform");
    ix::compile(func, &loops)
}

/// Numbers of files by their PTX number, as far as lines mention them.
struct Files<'a> {
    names: &'a HashMap<u32, String>,
    index: HashMap<u32, u32>,
}

/// Appends a kernel's code to the module.
fn place(
    module: &mut Module,
    files: &mut Files<'_>,
    kernel: &mut Kernel,
    code: ix::Code,
    addrs: &[(ir::AddrTarget, i64)],
    locs: &[(u32, u32)],
) -> Result<(), Error> {
    let base = module.code.len() as u64;
    let end = base + code.bytes.len() as u64;
    if end > u64::from(u32::MAX / 2) {
        return Err(Error::new(ErrorKind::Limit, "the machine code has more than 2 GiB"));
    }
    kernel.entry = base as u32;
    kernel.size = code.bytes.len() as u32;
    kernel.vregs = code.vregs;
    kernel.sregs = code.sregs;
    kernel.local_bytes = code.local_bytes;
    module.code.extend(code.bytes);
    for (offset, addr) in code.relocations {
        let (target, addend) = &addrs[addr as usize];
        let target = match target {
            ir::AddrTarget::Data => Target::Section(Section::Data),
            ir::AddrTarget::External(name) => Target::External(name.clone()),
        };
        module.relocations.push(Relocation { section: Section::Code, offset: base + u64::from(offset), target, addend: *addend });
    }
    for (offset, loc) in code.lines {
        let (number, line) = locs[loc as usize];
        if number == 0 {
            continue;
        }
        let file = *files.index.entry(number).or_insert_with(|| {
            module.files.push(files.names.get(&number).cloned().unwrap_or_default());
            module.files.len() as u32 - 1
        });
        module.lines.push((base as u32 + offset, file, line));
    }
    Ok(())
}
