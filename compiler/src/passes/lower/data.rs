// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The data section: `.global` and `.const` variables with their initial contents.
//!
//! Variables that are declared here and defined in another unit of the program lie where their definition does. Static
//! variables of several units may have one name; the module's list of symbols then has one of them, and prefers one
//! that other units see.

use super::call::Callees;
use super::{is_shared, Request};
use crate::error::{Error, ErrorKind};
use crate::image::MAX_ALIGN;
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
    closed: bool,
    /// Single bytes of addresses: where they stand.
    bytes_of: Vec<AddressByte>,
}

/// One byte of an address in an initialiser, as `0xff00(symbol)` gives.
struct AddressByte {
    offset: u64,
    /// Which byte.
    byte: u32,
    address: Address,
}

/// What an initialiser points at.
#[derive(Debug, Clone, PartialEq)]
enum Address {
    Target(Target, i64),
    Function(u32, i64),
}

impl Data {
    /// Places all variables and writes their contents.
    pub(super) fn layout(ast: &ast::Module<'_>, request: &Request<'_>, callees: &mut Callees, errors: &mut Vec<Error>) -> Data {
        let mut data = Data {
            bytes: vec![],
            align: 16,
            symbols: vec![],
            relocations: vec![],
            functions: vec![],
            places: HashMap::new(),
            closed: request.closed,
            bytes_of: vec![],
        };
        // Where a name stands among the symbols, and whether other units see it.
        let mut named: HashMap<&str, (usize, bool)> = HashMap::new();
        let in_data = |v: &Variable<'_>| matches!(v.space, Space::Global | Space::Const);
        let mut size = 0u64;
        for (i, variable) in ast.variables.iter().enumerate().filter(|(_, v)| in_data(v)) {
            let id = ast::VarId(i as u32);
            if variable.definition.is_some() {
                continue;
            }
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
            if align > MAX_ALIGN {
                errors.push(ast.error(ErrorKind::Limit, variable.span, format!("a variable aligned to more than {MAX_ALIGN} bytes")));
                return data;
            }
            let offset = size.next_multiple_of(align);
            size = offset.saturating_add(bytes);
            if size > MAX_BYTES {
                errors.push(ast.error(ErrorKind::Limit, variable.span, "the variables take more than 1 GiB"));
                return data;
            }
            data.align = data.align.max(align);
            data.places.insert(id, (AddrTarget::Data, offset as i64));
            if ast.source.unit(variable.span) >= request.units {
                continue;
            }
            let symbol = Symbol { name: variable.name.to_owned(), offset, size: bytes, constant: variable.space == Space::Const };
            match named.get(variable.name).copied() {
                None => {
                    named.insert(variable.name, (data.symbols.len(), variable.linkage.is_some()));
                    data.symbols.push(symbol);
                }
                Some((at, false)) if variable.linkage.is_some() => {
                    named.insert(variable.name, (at, true));
                    data.symbols[at] = symbol;
                }
                Some(_) => {}
            }
        }
        for (i, variable) in ast.variables.iter().enumerate().filter(|(_, v)| in_data(v)) {
            if let Some(place) = variable.definition.and_then(|d| data.places.get(&d)) {
                data.places.insert(ast::VarId(i as u32), place.clone());
            }
        }
        data.bytes = vec![0; size as usize];
        for (i, variable) in ast.variables.iter().enumerate().filter(|(_, v)| in_data(v) && v.definition.is_none()) {
            let Some((AddrTarget::Data, offset)) = data.places.get(&ast::VarId(i as u32)).cloned() else { continue };
            if let Some(init) = &variable.init {
                if let Err(reason) = data.init(ast, callees, variable, init, offset as u64) {
                    errors.push(ast.error(reason.0, variable.span, reason.1));
                }
                if let Err(reason) = data.join_bytes() {
                    errors.push(ast.error(ErrorKind::Unsupported, variable.span, reason));
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
                let points_at = self.address(ast, callees, address)?;
                match address.mask {
                    Some(mask) => self.bytes_of.push(AddressByte { offset, byte: mask.trailing_zeros() / 8, address: points_at }),
                    None if width == 8 => self.relocate(offset, points_at),
                    None => return Err((ErrorKind::Unsupported, "part of an address as initial value".into())),
                }
                Ok(())
            }
        }
    }

    /// What an address in an initialiser is.
    fn address(&self, ast: &ast::Module<'_>, callees: &mut Callees, address: &ast::InitAddress) -> Result<Address, (ErrorKind, String)> {
        let undefined = |name: &str, span| {
            let reason = format!("`{name}` is declared in {} and defined nowhere", ast.source.place(span));
            Err((if self.closed { ErrorKind::Invalid } else { ErrorKind::Unsupported }, reason))
        };
        let var = match address.symbol {
            ast::Symbol::Var(var) => var,
            ast::Symbol::Func(id) => {
                let id = ast.resolve_func(id);
                let function = ast.func(id);
                if function.body.is_none() {
                    return undefined(function.name, function.span);
                }
                if function.is_entry {
                    let reason = format!("the address of the kernel `{}` as initial value", function.name);
                    return Err((ErrorKind::Unsupported, reason));
                }
                return Ok(Address::Function(callees.number(id), address.offset));
            }
        };
        let variable = ast.var(var);
        let Some((target, base)) = self.places.get(&var) else {
            let what = if is_shared(variable.space) { "shared" } else { "local" };
            return Err((ErrorKind::Unsupported, format!("the address of a {what} variable as initial value")));
        };
        let target = match target {
            AddrTarget::External(_) if self.closed => return undefined(variable.name, variable.span),
            AddrTarget::External(name) => Target::External(name.clone()),
            _ => Target::Section(Section::Data),
        };
        Ok(Address::Target(target, base.wrapping_add(address.offset)))
    }

    /// Makes the 8 bytes at `offset` an address.
    fn relocate(&mut self, offset: u64, address: Address) {
        match address {
            Address::Target(target, addend) => self.relocations.push(Relocation { section: Section::Data, offset, target, addend }),
            Address::Function(number, addend) => self.functions.push((offset, number, addend)),
        }
    }

    /// Makes addresses of their bytes: all eight must be there, in order.
    fn join_bytes(&mut self) -> Result<(), String> {
        let bytes = std::mem::take(&mut self.bytes_of);
        for eight in bytes.chunks(8) {
            let first = &eight[0];
            let fits =
                |(i, b): (usize, &AddressByte)| b.byte == i as u32 && b.offset == first.offset + i as u64 && b.address == first.address;
            if eight.len() != 8 || !eight.iter().enumerate().all(fits) {
                return Err("some bytes of an address as initial value; all eight in order are needed".into());
            }
            self.relocate(first.offset, first.address.clone());
        }
        Ok(())
    }
}
