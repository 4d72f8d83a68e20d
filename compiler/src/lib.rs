// SPDX-License-Identifier: Apache-2.0 OR MIT
//! PTX to IX machine code.
//!
//! A *module* is one PTX text. [`compile`] turns it into a [`Module`], and [`link`] several that belong together: one block of machine code
//! for all functions, the *global image* (the module's `.global` and `.const` variables), and
//! *relocations* for what is known only when the runtime has placed both in an address space.
//! The crate knows the hardware contract only.
//!
//! The front end is in [`ptx`], the representation between the passes in [`ir`], the passes in [`passes`] and
//! [`backend`]; [`image`] is a compiled module as bytes.

pub mod backend;
pub mod error;
pub mod image;
pub mod ir;
pub mod library;
pub mod module;
pub mod passes;
pub mod ptx;

pub use error::{Error, ErrorKind, Errors, Location};
pub use image::ImageError;
pub use library::Library;
pub use module::{Function, Kernel, Module, Param, Refusal, Relocation, Section, Symbol, Target};

use backend::ix;
use ir::cfg;
use passes::{Holds, Watch};
use std::collections::HashMap;

/// A hash of this compiler's sources: compilers with the same one make the same module of the same text.
pub const FINGERPRINT: &str = env!("IX_COMPILER_FINGERPRINT");

/// Bytes of machine code in a module.
const MAX_CODE: usize = 256 << 20;
/// Usual size of a thread's stack in bytes: room for the frames of functions that call themselves or are called through
/// pointers.
pub const CALL_STACK: u32 = 16 << 10;

/// How much is done to make the machine code fast.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Only what correct machine code needs: no optional pass runs.
    O0,
    /// Everything.
    #[default]
    O2,
}

/// How to compile.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Compile only kernels with these names; all of them where the list is empty.
    pub kernels: Vec<String>,
    /// Which passes run. The results of a program do not depend on it.
    pub level: Level,
    /// Check the representation after each pass, as builds with debug assertions always do. A pass that breaks it is an
    /// error of kind [`ErrorKind::Internal`].
    pub verify: bool,
}

/// A PTX text of a program that consists of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Input<'a> {
    /// What messages call it.
    pub name: &'a str,
    /// The text.
    pub text: &'a str,
}

/// Compiles a PTX module by itself. What it only declares may be defined elsewhere: variables become relocations with a
/// name, and kernels that call functions which are not there are refused.
///
/// Kernels that ask for what is not supported are listed in [`Module::refused`]; if no kernel is left, that is an error.
/// Bad input of any kind is an error, never a panic; time and memory stay proportional to the size of the expanded
/// program, which is limited.
pub fn compile(ptx: &str, options: &Options) -> Result<Module, Errors> {
    compile_observed(ptx, options, &mut |_, _| {})
}

/// [`compile`], where `observer` is shown each function after each pass: the pass's name and what it left.
pub fn compile_observed(ptx: &str, options: &Options, observer: &mut dyn FnMut(&'static str, &ir::Func)) -> Result<Module, Errors> {
    let mut program = ptx::Program::default();
    program.add("", ptx)?;
    let request = passes::lower::Request { kernels: &options.kernels, units: 1, closed: false };
    let watch = &mut Watch { verify: options.verify || cfg!(debug_assertions), observer };
    assemble(&program.link()?, &request, vec![], options, watch)
}

/// Compiles a whole program: PTX modules that use each other's functions and variables (by the rules that
/// `ptx/link.rs` states), and libraries of which it takes what no module defines; the first library that has a name
/// counts, and `libraries` is asked for them only if something is missing. What is used and defined nowhere is an error.
///
/// Otherwise as [`compile`].
pub fn link<'l>(inputs: &[Input<'_>], libraries: &dyn Fn() -> Vec<&'l Library>, options: &Options) -> Result<Module, Errors> {
    // Outlives the program, which borrows from it.
    let mut slices: Vec<String> = vec![];
    let mut program = ptx::Program::default();
    for input in inputs {
        program.add(input.name, input.text)?;
    }
    let undefined = program.undefined();
    let libraries = if undefined.is_empty() { vec![] } else { libraries() };
    let imports: Vec<String> = undefined.iter().filter(|n| libraries.iter().any(|l| l.has(n))).map(|n| (*n).to_owned()).collect();
    let mut left = undefined;
    for library in libraries {
        slices.extend(library.take(&left));
        left.retain(|name| !library.has(name));
    }
    for slice in &slices {
        program.add("the device library", slice)?;
    }
    let request = passes::lower::Request { kernels: &options.kernels, units: inputs.len(), closed: true };
    let watch = &mut Watch { verify: options.verify || cfg!(debug_assertions), observer: &mut |_, _| {} };
    assemble(&program.link()?, &request, imports, options, watch)
}

/// From the syntax tree to the module.
fn assemble(
    ast: &ptx::ast::Module<'_>,
    request: &passes::lower::Request<'_>,
    imports: Vec<String>,
    options: &Options,
    watch: &mut Watch<'_>,
) -> Result<Module, Errors> {
    let unit = passes::lower::run(ast, request)?;
    let module = Module {
        data: unit.data,
        data_align: unit.data_align,
        refused: unit.refused,
        symbols: unit.symbols,
        relocations: unit.relocations,
        imports,
        ..Module::default()
    };
    let mut linker = Linker { module, files: HashMap::new(), names: unit.files, calls: vec![], addresses: vec![], entries: vec![] };
    let (mut vregs, mut sregs) = (0, 0);
    for func in unit.functions {
        let (name, addrs, locs) = (func.name.clone(), func.addrs.clone(), func.locs.clone());
        let code = function(func, options.level, watch)?;
        vregs = vregs.max(code.vregs);
        sregs = sregs.max(code.sregs);
        let entry = linker.place(&code, &addrs, &locs)?;
        linker.entries.push(entry);
        linker.module.functions.push(Function { name, entry });
    }
    for (mut kernel, func) in unit.kernels {
        let (addrs, locs) = (func.addrs.clone(), func.locs.clone());
        let code = function(func, options.level, watch)?;
        kernel.entry = linker.place(&code, &addrs, &locs)?;
        kernel.size = code.bytes.len() as u32;
        kernel.vregs = code.vregs;
        kernel.sregs = code.sregs;
        kernel.local_bytes = code.local_bytes;
        if code.has_calls {
            kernel.vregs = kernel.vregs.max(vregs);
            kernel.sregs = kernel.sregs.max(sregs);
            kernel.uses_stack = true;
        }
        linker.module.kernels.push(kernel);
    }
    Ok(linker.finish(&unit.data_functions))
}

/// Compiles one lowered function: the list of passes.
pub fn function(mut func: ir::Func, level: Level, watch: &mut Watch<'_>) -> Result<ix::Code, Error> {
    watch.after("lower", &func, Holds::Nothing)?;
    if level > Level::O0 {
        passes::promote::run(&mut func);
    } else {
        passes::promote::keep_all(&mut func);
    }
    watch.after("promote", &func, Holds::Nothing)?;
    if level > Level::O0 {
        passes::rotate::run(&mut func);
        watch.after("rotate", &func, Holds::Nothing)?;
    }
    passes::normalize(&mut func);
    watch.after("normalize", &func, Holds::Shape)?;
    passes::ssa::run(&mut func)?;
    watch.after("ssa", &func, Holds::Ssa)?;
    if level > Level::O0 {
        passes::optimise(&mut func, watch)?;
    }
    let loops = cfg::order(&mut func);
    watch.after("order", &func, Holds::Ssa)?;
    passes::uniform::run(&mut func, &loops);
    watch.after("uniform", &func, Holds::Banks)?;
    ix::compile(func, &loops, level, watch)
}

/// Puts functions behind one another and lets them refer to each other.
struct Linker {
    module: Module,
    /// Numbers of files by their PTX number, as far as lines mention them.
    files: HashMap<u32, u32>,
    names: HashMap<u32, String>,
    /// Calls: offset of the instruction and number of the function.
    calls: Vec<(u32, u32)>,
    /// Addresses of functions in the code: offset, number, what is added.
    addresses: Vec<(u32, u32, i64)>,
    /// Entries of called functions.
    entries: Vec<u32>,
}

impl Linker {
    /// Appends a function's code to the module; gives its entry.
    fn place(&mut self, code: &ix::Code, addrs: &[(ir::AddrTarget, i64)], locs: &[(u32, u32)]) -> Result<u32, Error> {
        let base = self.module.code.len();
        if base + code.bytes.len() > MAX_CODE {
            return Err(Error::new(ErrorKind::Limit, format!("the machine code has more than {MAX_CODE} bytes")));
        }
        let base = base as u32;
        self.module.code.extend(&code.bytes);
        for &(offset, addr) in &code.relocations {
            let (target, addend) = &addrs[addr as usize];
            let target = match target {
                ir::AddrTarget::Data => Target::Section(Section::Data),
                ir::AddrTarget::External(name) => Target::External(name.clone()),
                ir::AddrTarget::Function(number) => {
                    self.addresses.push((base + offset, *number, *addend));
                    continue;
                }
            };
            let offset = u64::from(base + offset);
            self.module.relocations.push(Relocation { section: Section::Code, offset, target, addend: *addend });
        }
        let size = ix_hw::isa::INST_SIZE as u32;
        self.calls.extend(code.calls.iter().map(|(at, number)| (base + at * size, *number)));
        for &(offset, loc) in &code.lines {
            let (number, line) = locs[loc as usize];
            if number == 0 {
                continue;
            }
            let file = *self.files.entry(number).or_insert_with(|| {
                self.module.files.push(self.names.get(&number).cloned().unwrap_or_default());
                self.module.files.len() as u32 - 1
            });
            self.module.lines.push((base + offset, file, line));
        }
        Ok(base)
    }

    /// Fills in where functions are.
    fn finish(mut self, data: &[(u64, u32, i64)]) -> Module {
        for &(at, number) in &self.calls {
            let distance = self.entries[number as usize].wrapping_sub(at);
            let imm = at as usize + 8;
            self.module.code[imm..imm + 4].copy_from_slice(&distance.to_le_bytes());
        }
        let code = self.addresses.iter().map(|&(at, number, addend)| (Section::Code, u64::from(at), number, addend));
        let data = data.iter().map(|&(at, number, addend)| (Section::Data, at, number, addend));
        for (section, offset, number, addend) in code.chain(data) {
            let addend = addend.wrapping_add(i64::from(self.entries[number as usize]));
            let target = Target::Section(Section::Code);
            self.module.relocations.push(Relocation { section, offset, target, addend });
        }
        self.module
    }
}
