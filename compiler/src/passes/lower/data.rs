// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The data section: `.global` and `.const` variables with their initial contents.

use super::call::Callees;
use super::is_shared;
use crate::error::{Error, ErrorKind};
use crate::ir::AddrTarget;
use crate::module::{Relocation, Section, Symbol, Target};
use crate::ptx::ast::{self, Init, Variable};
use crate::ptx::words::{Linkage, Space, Type};
use std::collections::HashMap;
use std::ops::Range;

/// Bytes that a data section may have.
const MAX_BYTES: u64 = 1 << 30;

/// The data section.
pub struct Data {
    /// Initial contents.
    pub bytes: Vec<u8>,
    /// Alignment, a power of two.
    pub align: u64,
    /// Variables.
    pub symbols: Vec<Symbol>,
    /// Addresses in the contents.
    pub relocations: Vec<Relocation>,
    /// Addresses of functions in the contents: offset, number, what is added.
    pub functions: Vec<(u64, u32, i64)>,
    places: HashMap<ast::VarId, (AddrTarget, i64)>,
}

impl Data {
    /// Places all variables and writes their contents.
    pub(super) fn layout(ast: &ast::Module<'_>, callees: &mut Callees, errors: &mut Vec<Error>) -> Data {
        let mut data = Data { bytes: vec![], align: 16, symbols: vec![], relocations: vec![], functions: vec![], places: HashMap::new() };
        let in_data = |v: &Variable<'_>| matches!(v.space, Space::Global | Space::Const);
        let mut size = 0u64;
        for (i, variable) in ast.variables.iter().enumerate().filter(|(_, v)| in_data(v)) {
            let id = ast::VarId(i as u32);
            if variable.linkage == Some(Linkage::Extern) {
                data.places.insert(id, (AddrTarget::External(variable.name.to_owned()), 0));
                continue;
            }
            let count = match &variable.init {
                Some(Init::List(list)) if variable.is_unsized() => list.len() as u64,
                _ => 1,
            };
            let bytes = if variable.is_unsized() {
                variable.dims[1..].iter().fold(variable.element_bytes(), |n, &d| n.saturating_mul(d)).saturating_mul(count)
            } else {
                variable.bytes()
            };
            let align = u64::from(variable.alignment().max(1));
            let offset = size.next_multiple_of(align);
            size = offset.saturating_add(bytes);
            if size > MAX_BYTES {
                errors.push(ast.error(ErrorKind::Limit, variable.span, "the variables take more than 1 GiB"));
                return data;
            }
            data.align = data.align.max(align);
            data.places.insert(id, (AddrTarget::Data, offset as i64));
            data.symbols.push(Symbol { name: variable.name.to_owned(), offset, size: bytes, constant: variable.space == Space::Const });
        }
        data.bytes = vec![0; size as usize];
        for (i, variable) in ast.variables.iter().enumerate().filter(|(_, v)| in_data(v)) {
            let Some((AddrTarget::Data, offset)) = data.places.get(&ast::VarId(i as u32)).cloned() else { continue };
            if let Some(init) = &variable.init {
                if let Err(reason) = data.init(ast, callees, variable, init, offset as u64) {
                    errors.push(ast.error(reason.0, variable.span, reason.1));
                }
            }
        }
        data
    }

    /// Address of a `.global` or `.const` variable.
    pub fn place(&self, var: ast::VarId) -> Option<&(AddrTarget, i64)> {
        self.places.get(&var)
    }

    fn init(
        &mut self,
        ast: &ast::Module<'_>,
        callees: &mut Callees,
        variable: &Variable<'_>,
        init: &Init,
        offset: u64,
    ) -> Result<(), (ErrorKind, String)> {
        // Strides of the levels of braces: dimensions, then the components of a vector.
        let mut strides = vec![];
        let mut stride = u64::from(variable.ty.bytes());
        let components = variable.vector.map(|v| u64::from(v.count()));
        for &dim in components.iter().chain(variable.dims.iter().rev()) {
            strides.push(stride);
            stride = stride.saturating_mul(dim);
        }
        strides.reverse();
        let end = offset + if variable.is_unsized() { self.bytes.len() as u64 - offset } else { variable.bytes() };
        self.write(ast, callees, variable.ty, init, &strides, offset..end)
    }

    fn write(
        &mut self,
        ast: &ast::Module<'_>,
        callees: &mut Callees,
        ty: Type,
        init: &Init,
        strides: &[u64],
        at: Range<u64>,
    ) -> Result<(), (ErrorKind, String)> {
        let width = u64::from(ty.bytes());
        let Range { start: offset, end } = at;
        match init {
            Init::List(list) => {
                let (stride, inner) = strides.split_first().map_or((width, strides), |(s, inner)| (*s, inner));
                let mut at = offset;
                for item in list {
                    // A list without inner braces fills the elements one after the other.
                    let step = if matches!(item, Init::List(_)) { stride } else { *strides.last().unwrap_or(&width) };
                    self.write(ast, callees, ty, item, inner, at..end)?;
                    at += step;
                }
                Ok(())
            }
            Init::Imm(imm) => {
                if offset + width > end {
                    return Err((ErrorKind::Invalid, "more initial values than elements".into()));
                }
                let bits = imm.bits(ty);
                let at = offset as usize;
                let bytes = bits.to_le_bytes();
                let n = bytes.len().min(width as usize);
                self.bytes[at..at + n].copy_from_slice(&bytes[..n]);
                Ok(())
            }
            Init::Address(address) => {
                if offset + width > end {
                    return Err((ErrorKind::Invalid, "more initial values than elements".into()));
                }
                if address.mask.is_some() || width != 8 {
                    return Err((ErrorKind::Unsupported, "part of an address as initial value".into()));
                }
                let var = match address.symbol {
                    ast::Symbol::Var(var) => var,
                    ast::Symbol::Func(id) => {
                        let id = ast.func(id).definition.unwrap_or(id);
                        if ast.func(id).body.is_none() || ast.func(id).is_entry {
                            let reason = format!("the address of `{}`, which is no function of this module", ast.func(id).name);
                            return Err((ErrorKind::Unsupported, reason));
                        }
                        self.functions.push((offset, callees.number(id), address.offset));
                        return Ok(());
                    }
                };
                let space = ast.var(var).space;
                let Some((target, base)) = self.places.get(&var) else {
                    let what = if is_shared(space) { "shared" } else { "local" };
                    return Err((ErrorKind::Unsupported, format!("the address of a {what} variable as initial value")));
                };
                let target = match target {
                    AddrTarget::External(name) => Target::External(name.clone()),
                    _ => Target::Section(Section::Data),
                };
                let addend = base.wrapping_add(address.offset);
                self.relocations.push(Relocation { section: Section::Data, offset, target, addend });
                Ok(())
            }
        }
    }
}
