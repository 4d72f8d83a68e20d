// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Several texts as one program.
//!
//! The *units* of a program have been parsed into one tree, each with names of its own. Here a declaration in one unit
//! gets the definition that another unit has for it, by the rules of PTX ISA, section 10.6 (linking directives):
//!
//! - A `.visible` definition is *strong*: a program has at most one of a name.
//! - Of `.weak` definitions of a name, the strong one counts if there is one, else the first.
//! - `.common` variables of a name are one variable, as large as the largest of them, unless there is another definition.
//! - What has no linkage is the unit's own. Kernels have names for the whole program in any case.
//!
//! Definitions that do not count become declarations of the one that does ([`ast::Function::definition`]), so that
//! whoever mentions one of them means that one. Declaration and definition must agree in kind, and in the number and
//! sizes of parameters; an array may be declared without its size.

use super::ast::{self, FuncId, Module, Param, VarId};
use super::source::Span;
use super::words::{Linkage, Space};
use crate::error::{Error, ErrorKind};
use std::collections::HashMap;

/// What a name of the program stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Symbol {
    Var(VarId),
    Func(FuncId),
}

/// How much a definition counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Common,
    Weak,
    Strong,
}

/// Whether a variable takes part in linking: shared arrays without a size are a launch's dynamic shared memory.
fn is_global(var: &ast::Variable<'_>) -> bool {
    let shared = matches!(var.space, Space::Shared | Space::SharedCta | Space::SharedCluster) && !var.is_unsized();
    var.owner.is_none() && (matches!(var.space, Space::Global | Space::Const) || shared)
}

/// Functions and variables that are declared and have no definition.
fn declared<'a, 'm>(module: &'m Module<'a>) -> impl Iterator<Item = (&'a str, Symbol)> + 'm {
    let undefined = |f: &ast::Function<'_>| f.body.is_none() && f.definition.is_none();
    let functions = module.functions.iter().enumerate().filter(move |(_, f)| undefined(f));
    let functions = functions.map(|(i, f)| (f.name, Symbol::Func(FuncId(i as u32))));
    let is_extern = |v: &ast::Variable<'_>| is_global(v) && v.linkage == Some(Linkage::Extern) && v.definition.is_none();
    let variables = module.variables.iter().enumerate().filter(move |(_, v)| is_extern(v));
    functions.chain(variables.map(|(i, v)| (v.name, Symbol::Var(VarId(i as u32)))))
}

/// Names that units declare and none defines.
pub(super) fn undefined<'a>(module: &Module<'a>) -> Vec<&'a str> {
    let (defined, _) = definitions(module);
    let mut names: Vec<&str> = declared(module).map(|(name, _)| name).filter(|name| !defined.contains_key(name)).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Resolves declarations; gives what contradicts.
pub(super) fn run(module: &mut Module<'_>) -> Vec<Error> {
    let (defined, duplicates) = definitions(module);
    let mut errors = vec![];
    let mut resolved = vec![];
    for (name, first, second) in duplicates {
        let linker = Linker { module, name };
        match linker.is_kept(first, second) {
            Ok(()) => {
                // The one that counts is known by now, and it is not always one of these two.
                let winner = defined[name];
                resolved.extend([first, second].into_iter().filter(|s| *s != winner).map(|s| (s, winner)));
                errors.extend([first, second].into_iter().filter_map(|s| linker.mismatch(s, winner)));
            }
            Err(error) => errors.push(error),
        }
    }
    for (name, symbol) in declared(module) {
        let Some(&definition) = defined.get(name) else { continue };
        match (Linker { module, name }).mismatch(symbol, definition) {
            Some(error) => errors.push(error),
            None => resolved.push((symbol, definition)),
        }
    }
    for (symbol, definition) in resolved {
        match (symbol, definition) {
            (Symbol::Var(var), Symbol::Var(definition)) => module.variables[var.index()].definition = Some(definition),
            (Symbol::Func(func), Symbol::Func(definition)) => {
                // A name that an alias defines stands for what the alias stands for.
                let definition = module.resolve_func(definition);
                module.functions[func.index()].definition = Some(definition);
            }
            _ => {}
        }
    }
    // Prototypes and aliases of a unit stand for its own definition, which may have become a declaration.
    for i in 0..module.functions.len() {
        if let Some(definition) = module.functions[i].definition {
            module.functions[i].definition = Some(module.resolve_func(definition));
        }
    }
    for i in 0..module.variables.len() {
        if let Some(definition) = module.variables[i].definition {
            module.variables[i].definition = Some(module.resolve_var(definition));
        }
    }
    errors
}

/// Definitions of one name, the first before the second in the order of the program.
type Duplicate<'a> = (&'a str, Symbol, Symbol);

/// The definition that counts for each name of the program, and those that there are besides.
fn definitions<'a>(module: &Module<'a>) -> (HashMap<&'a str, Symbol>, Vec<Duplicate<'a>>) {
    let mut defined: HashMap<&str, Symbol> = HashMap::new();
    let mut duplicates = vec![];
    let variables = module.variables.iter().enumerate().filter(|(_, v)| is_global(v) && v.definition.is_none());
    let variables = variables.filter(|(_, v)| v.linkage.is_some_and(|l| l != Linkage::Extern));
    let variables = variables.map(|(i, v)| (v.name, Symbol::Var(VarId(i as u32))));
    let is_alias = |f: &ast::Function<'_>| f.definition.is_some_and(|d| module.func(d).name != f.name);
    let functions = module.functions.iter().enumerate().filter(|(_, f)| f.body.is_some() && f.definition.is_none() || is_alias(f));
    let functions = functions.filter(|(_, f)| f.is_entry || matches!(f.linkage, Some(Linkage::Visible | Linkage::Weak)));
    for (name, symbol) in variables.chain(functions.map(|(i, f)| (f.name, Symbol::Func(FuncId(i as u32))))) {
        let Some(before) = defined.insert(name, symbol) else { continue };
        let linker = Linker { module, name };
        let better = match linker.rank(symbol).cmp(&linker.rank(before)) {
            std::cmp::Ordering::Equal => linker.rank(symbol) == Rank::Common && linker.bytes(symbol) > linker.bytes(before),
            order => order.is_gt(),
        };
        if !better {
            defined.insert(name, before);
        }
        duplicates.push((name, before, symbol));
    }
    (defined, duplicates)
}

struct Linker<'m, 'a> {
    module: &'m Module<'a>,
    name: &'a str,
}

impl Linker<'_, '_> {
    fn span(&self, symbol: Symbol) -> Span {
        match symbol {
            Symbol::Var(var) => self.module.var(var).span,
            Symbol::Func(func) => self.module.func(func).span,
        }
    }

    fn place(&self, symbol: Symbol) -> String {
        self.module.source.place(self.span(symbol))
    }

    fn rank(&self, symbol: Symbol) -> Rank {
        let linkage = match symbol {
            Symbol::Var(var) => self.module.var(var).linkage,
            Symbol::Func(func) => self.module.func(func).linkage,
        };
        match linkage {
            Some(Linkage::Weak) => Rank::Weak,
            Some(Linkage::Common) => Rank::Common,
            _ => Rank::Strong,
        }
    }

    fn bytes(&self, symbol: Symbol) -> u64 {
        match symbol {
            Symbol::Var(var) => self.module.var(var).bytes(),
            Symbol::Func(_) => 0,
        }
    }

    /// Whether a program may have both definitions.
    fn is_kept(&self, first: Symbol, second: Symbol) -> Result<(), Error> {
        if self.rank(first) != Rank::Strong || self.rank(second) != Rank::Strong {
            return Ok(());
        }
        let reason = format!("`{}` is already defined in {}", self.name, self.place(first));
        Err(self.module.error(ErrorKind::Invalid, self.span(second), reason))
    }

    /// What is wrong with taking `definition` for `symbol`.
    fn mismatch(&self, symbol: Symbol, definition: Symbol) -> Option<Error> {
        let at = self.place(definition);
        let what = match (symbol, definition) {
            (Symbol::Func(func), Symbol::Func(definition)) => {
                let (func, definition) = (self.module.func(func), self.module.func(definition));
                if func.is_entry != definition.is_entry {
                    format!("is a kernel here or in {at}, and a function in the other place")
                } else if self.shape(func) != self.shape(definition) {
                    format!("has other parameters than in {at}")
                } else {
                    return None;
                }
            }
            (Symbol::Var(var), Symbol::Var(definition)) => {
                let (var, definition) = (self.module.var(var), self.module.var(definition));
                // Commons are as large as the largest, and an array may leave its size open.
                let both_common = [var, definition].iter().all(|v| v.linkage == Some(Linkage::Common));
                if var.space != definition.space {
                    format!("is in `.{}`, and in `.{}` in {at}", var.space, definition.space)
                } else if !both_common && var.bytes() > definition.bytes() {
                    format!("has {} bytes, and {} in {at}", var.bytes(), definition.bytes())
                } else {
                    return None;
                }
            }
            (Symbol::Func(_), _) => format!("is a function, and a variable in {at}"),
            (Symbol::Var(_), _) => format!("is a variable, and a function in {at}"),
        };
        Some(self.module.error(ErrorKind::Invalid, self.span(symbol), format!("`{}` {what}", self.name)))
    }

    /// For each result, then for each parameter: whether it is a register, and its bytes.
    fn shape(&self, function: &ast::Function<'_>) -> [Vec<Option<u64>>; 2] {
        let list = |params: &[Param]| {
            let bytes = params.iter().map(|p| match p {
                Param::Var(var) => Some(self.module.var(*var).bytes()),
                Param::Reg(_) => None,
            });
            bytes.collect()
        };
        [list(&function.returns), list(&function.params)]
    }
}
