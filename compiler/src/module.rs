// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the compiler hands to the runtime.
//!
//! The runtime places the *code section* and the *data section* in the address space, applies
//! the relocations to both, copies them to the device, and launches kernels by name.

use crate::error::Errors;
use std::collections::HashSet;

/// A compiled module, position-independent until its relocations are applied.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Module {
    /// Machine code of all functions, 16 bytes an instruction.
    pub code: Vec<u8>,
    /// Initial contents of the data section: `.global` and `.const` variables, with zeros where
    /// nothing else is said.
    pub data: Vec<u8>,
    /// Alignment of the data section in bytes, a power of two.
    pub data_align: u64,
    /// Kernels by name, in order of the text.
    pub kernels: Vec<Kernel>,
    /// Kernels that this compiler does not do, with the reasons. A module is refused as a whole only if nothing of it
    /// can be compiled, or if it is wrong.
    pub refused: Vec<Refusal>,
    /// Device functions with code of their own: those that are called through pointers or call themselves.
    pub functions: Vec<Function>,
    /// Variables of the data section that have a name.
    pub symbols: Vec<Symbol>,
    /// Places to fill in when the sections have been placed.
    pub relocations: Vec<Relocation>,
    /// For each instruction address in `code`, in ascending order and only where it changes: byte
    /// offset, index in `files`, line (from `.loc`).
    pub lines: Vec<(u32, u32, u32)>,
    /// Names of source files from `.file`.
    pub files: Vec<String>,
    /// What it takes from the device library: names of functions, in alphabetical order.
    pub imports: Vec<String>,
}

/// A kernel: a function that can be launched.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Kernel {
    /// Name in the text.
    pub name: String,
    /// Byte offset of the first instruction in the code section.
    pub entry: u32,
    /// Bytes of the function's own code, from `entry`.
    pub size: u32,
    /// Parameters in order.
    pub params: Vec<Param>,
    /// Bytes of the parameter block.
    pub param_size: u32,
    /// Vector registers used by it and all that it can call.
    pub vregs: u16,
    /// Scalar registers used, likewise.
    pub sregs: u16,
    /// Bytes of static shared memory. Dynamic shared memory starts here, rounded up to 16.
    pub shared_bytes: u32,
    /// Bytes of local memory of a thread for its own variables and spills.
    pub local_bytes: u32,
    /// Whether it calls functions that have frames, for which a thread needs a stack behind its own local memory.
    pub uses_stack: bool,
    /// `.maxntid`, if given: largest block, and the product of its dimensions binds.
    pub max_block: Option<[u32; 3]>,
    /// `.reqntid`, if given: the only block dimensions allowed.
    pub required_block: Option<[u32; 3]>,
}

impl Module {
    /// Names of kernels, also refused ones, and variables.
    fn names(&self) -> impl Iterator<Item = &str> {
        let kernels = self.kernels.iter().map(|k| &k.name).chain(self.refused.iter().map(|r| &r.name));
        kernels.chain(self.symbols.iter().map(|s| &s.name)).map(String::as_str)
    }

    /// Puts another module behind this one, which then has the kernels and variables of both. Nothing of one refers to
    /// the other. Fails with the name of a kernel or variable that both have.
    pub fn append(&mut self, other: Module) -> Result<(), String> {
        let own: HashSet<&str> = self.names().collect();
        if let Some(name) = other.names().find(|name| own.contains(name)) {
            return Err(name.to_owned());
        }
        let code = self.code.len() as u32;
        let data = (self.data.len() as u64).next_multiple_of(other.data_align.max(1));
        self.code.extend(other.code);
        if !other.data.is_empty() {
            self.data.resize(data as usize, 0);
            self.data.extend(other.data);
        }
        self.data_align = self.data_align.max(other.data_align);
        self.kernels.extend(other.kernels.into_iter().map(|k| Kernel { entry: k.entry + code, ..k }));
        self.refused.extend(other.refused);
        self.functions.extend(other.functions.into_iter().map(|f| Function { entry: f.entry + code, ..f }));
        self.symbols.extend(other.symbols.into_iter().map(|s| Symbol { offset: s.offset + data, ..s }));
        let base = |section: Section| match section {
            Section::Code => u64::from(code),
            Section::Data => data,
        };
        self.relocations.extend(other.relocations.into_iter().map(|r| Relocation {
            offset: r.offset + base(r.section),
            addend: match r.target {
                Target::Section(section) => r.addend.wrapping_add_unsigned(base(section)),
                Target::External(_) => r.addend,
            },
            ..r
        }));
        let files = self.files.len() as u32;
        // What follows has no line until its first.
        self.lines.extend(other.lines.into_iter().map(|(offset, file, line)| (offset + code, file + files, line)));
        self.files.extend(other.files);
        self.imports.extend(other.imports);
        self.imports.sort_unstable();
        self.imports.dedup();
        Ok(())
    }
}

impl Kernel {
    /// Bytes of local memory of a thread with a stack of `stack` bytes, if the kernel uses one.
    pub fn local_bytes_with(&self, stack: u32) -> u32 {
        if self.uses_stack {
            self.local_bytes.next_multiple_of(16).saturating_add(stack)
        } else {
            self.local_bytes
        }
    }
}

/// A kernel that is not in the module although it is in the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Name in the text.
    pub name: String,
    /// What it asks for that is not supported, and where.
    pub errors: Errors,
}

/// A parameter of a kernel.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Param {
    /// Offset in the parameter block.
    pub offset: u32,
    /// Size in bytes.
    pub size: u32,
    /// Alignment in bytes.
    pub align: u32,
}

/// A device function.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Function {
    /// Name in the text.
    pub name: String,
    /// Byte offset of the first instruction in the code section.
    pub entry: u32,
}

/// A variable in the data section.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Symbol {
    /// Name in the text.
    pub name: String,
    /// Byte offset in the data section.
    pub offset: u64,
    /// Size in bytes.
    pub size: u64,
    /// Whether it is `.const`.
    pub constant: bool,
}

/// Sections of a module.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// The machine code.
    Code,
    /// The variables.
    Data,
}

/// What a relocation refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// Start of a section of this module.
    Section(Section),
    /// A symbol that another module or the runtime defines.
    External(String),
}

/// Eight bytes at `offset` of `section` are to become the address of `target` plus `addend`.
/// In the code section these are the immediate of a `mov.b64`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Relocation {
    /// Section that is changed.
    pub section: Section,
    /// Byte offset in it.
    pub offset: u64,
    /// What it refers to.
    pub target: Target,
    /// Added to the address.
    pub addend: i64,
}
