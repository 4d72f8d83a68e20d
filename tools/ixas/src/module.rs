// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiled modules as programs: what the compiler knows of its code, for the disassembler.

use crate::program::{Line, Program, Symbol};
use ix_compiler::Module;

impl From<&Module> for Program {
    /// The module's code as the compiler left it, with kernels as entries and called functions as labels.
    /// Addresses that are filled in when the module is placed are zero.
    fn from(module: &Module) -> Program {
        let kernels = module.kernels.iter().map(|k| (&k.name, k.entry, true));
        let functions = module.functions.iter().map(|f| (&f.name, f.entry, false));
        let mut symbols: Vec<_> =
            kernels.chain(functions).map(|(name, offset, entry)| Symbol { name: name.clone(), offset, entry }).collect();
        symbols.sort_by_key(|s| s.offset);
        let lines = module.lines.iter().map(|&(offset, file, line)| Line { offset, file, line }).collect();
        Program { code: module.code.clone(), symbols, lines, files: module.files.clone() }
    }
}
