// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Variables and operands: where names lie, and what instructions read and write.

use super::func::{Lower, Place};
use super::MAX_SPACE;
use crate::error::{Error, ErrorKind};
use crate::ir::{AddrId, AddrTarget, Slot, Src, Val};
use crate::ptx::ast::{self, Operand, RegId, VarId};
use crate::ptx::source::Span;
use crate::ptx::special::Special;
use crate::ptx::words::{Component, Space, Type as PtxType};
use ix_hw::isa::{Mods, Op, Sreg, Type};

type Result<T> = std::result::Result<T, Error>;

impl Lower<'_, '_> {
    // Variables.

    pub fn allocate(&mut self, var: VarId) -> Result<Place> {
        let variable = self.ast.var(var);
        // Slots begin at 16 bytes so that none touches another one's words.
        let align = u64::from(variable.alignment().max(16));
        let offset = self.local_bytes.next_multiple_of(align);
        self.local_bytes = offset + variable.bytes();
        if self.local_bytes > MAX_SPACE {
            return Err(self.ast.error(ErrorKind::Limit, variable.span, "the local variables do not fit"));
        }
        self.out.slots.push(Slot { offset: offset as u32, size: variable.bytes() as u32, escapes: false });
        Ok(Place::Local(offset as u32))
    }

    /// Where a variable of the parameter or local space lies.
    pub fn place(&mut self, var: VarId) -> Result<Place> {
        if let Some(place) = self.frame().places.get(&var) {
            return Ok(*place);
        }
        let place = self.allocate(var)?;
        self.frame_mut().places.insert(var, place);
        Ok(place)
    }

    /// Notes that the address of the variable is taken, so that accesses to it may come from anywhere.
    fn escapes(&mut self, var: VarId) -> Result<()> {
        if matches!(self.ast.var(var).space, Space::Local | Space::Param | Space::ParamEntry | Space::ParamFunc) {
            if let Place::Local(offset) = self.place(var)? {
                if let Ok(i) = self.out.slots.binary_search_by_key(&offset, |s| s.offset) {
                    self.out.slots[i].escapes = true;
                }
            }
        }
        Ok(())
    }

    /// The address of a symbol in its own space.
    pub fn symbol(&mut self, symbol: ast::Symbol, offset: i64) -> Result<Src> {
        let var = match symbol {
            ast::Symbol::Var(var) => var,
            ast::Symbol::Func(id) => {
                let number = self.callee(id)?;
                return Ok(self.addr(AddrTarget::Function(number), offset));
            }
        };
        let var = self.ast.resolve_var(var);
        let variable = self.ast.var(var);
        match variable.space {
            Space::Shared | Space::SharedCta | Space::SharedCluster if variable.is_unsized() && self.is_function => {
                // Dynamic shared memory is what a block has behind the variables of the kernel, whichever that is.
                let total = self.sreg(Sreg::TotalSmemSize, Type::B32);
                let dynamic = self.sreg(Sreg::DynamicSmemSize, Type::B32);
                let start = self.op(Op::Sub, Type::U32, &[total, dynamic]);
                Ok(if offset == 0 { start } else { self.op(Op::Add, Type::U64, &[start, Src::Imm(offset)]) })
            }
            Space::Shared | Space::SharedCta | Space::SharedCluster => {
                let base = self.shared.offsets.get(&var).copied().unwrap_or(0);
                Ok(Src::Imm(i64::from(base).wrapping_add(offset)))
            }
            Space::Local | Space::Param | Space::ParamEntry | Space::ParamFunc => {
                let place = self.place(var)?;
                let (Place::Local(base) | Place::Param(base)) = place;
                let offset = Src::Imm(i64::from(base).wrapping_add(offset));
                match (place, self.local_base()) {
                    (Place::Local(_), Src::Frame) => Ok(self.op(Op::Add, Type::U64, &[Src::Frame, offset])),
                    _ => Ok(offset),
                }
            }
            _ => {
                let Some((target, base)) = self.data.place(var) else {
                    return self.unsupported(format_args!("a variable in `.{}` space", variable.space));
                };
                let (target, base) = (target.clone(), *base);
                if matches!(target, AddrTarget::External(_)) && self.closed {
                    return Err(self.unresolved(variable.name, variable.span));
                }
                Ok(self.addr(target, base.wrapping_add(offset)))
            }
        }
    }

    /// The error for a name that is declared at `span` and not defined.
    pub fn unresolved(&self, name: &str, span: Span) -> Error {
        let at = self.ast.source.place(span);
        match self.closed {
            true => self.error(ErrorKind::Invalid, format!("`{name}` is declared in {at} and defined nowhere")),
            false => self.error(ErrorKind::Unsupported, format!("`{name}` is declared in {at} and not defined in this module")),
        }
    }

    /// An address that is known when the module has been placed.
    fn addr(&mut self, target: AddrTarget, addend: i64) -> Src {
        let key = (target, addend);
        let next = AddrId(self.out.addrs.len() as u32);
        let id = *self.addrs.entry(key.clone()).or_insert(next);
        if id == next {
            self.out.addrs.push(key);
        }
        Src::Addr(id)
    }

    /// What offsets of local variables are added to.
    pub fn local_base(&self) -> Src {
        if self.is_function {
            Src::Frame
        } else {
            Src::Imm(0)
        }
    }

    // Operands.

    /// The value of a register; of a component of a vector register.
    pub fn reg(&mut self, reg: RegId, component: Option<Component>) -> Val {
        let part = component.map_or(0, |c| c as u32);
        if let Some(first) = self.frame().regs[reg.index()] {
            return Val(first.0 + part);
        }
        let register = self.function().reg(reg);
        // 128 bits are two values.
        let count = register.vector.map_or(1, |v| v.count()).max(if register.ty == PtxType::B128 { 2 } else { 1 });
        let pred = register.ty == PtxType::Pred;
        let first = Val(self.out.vals.len() as u32);
        for _ in 0..count {
            let v = if pred { self.out.new_pred() } else { self.out.new_data() };
            self.mark_register(v);
        }
        self.frame_mut().regs[reg.index()] = Some(first);
        Val(first.0 + part.min(count - 1))
    }

    /// The register that an instruction writes.
    pub fn dst(&mut self, operand: &Operand) -> Result<Val> {
        match operand {
            Operand::Reg(reg) => Ok(self.reg(*reg, None)),
            Operand::Component(reg, c) => Ok(self.reg(*reg, Some(*c))),
            Operand::Sink => Ok(self.temp()),
            _ => Err(self.error(ErrorKind::Invalid, "the result must go to a register")),
        }
    }

    /// The predicate that an instruction writes.
    pub fn dst_pred(&mut self, operand: &Operand) -> Result<Val> {
        match operand {
            Operand::Sink => Ok(self.temp_pred()),
            _ => self.dst(operand),
        }
    }

    /// A result that may come with a second one: `d|p`.
    pub fn dst_pair(&mut self, operand: &Operand, first_is_pred: bool) -> Result<(Val, Option<Val>)> {
        let (first, second) = match operand {
            Operand::Pair(pair) => (&pair.0, Some(&pair.1)),
            other => (other, None),
        };
        let first = if first_is_pred { self.dst_pred(first)? } else { self.dst(first)? };
        let second = match second {
            None | Some(Operand::Sink) => None,
            Some(p) => Some(self.dst_pred(p)?),
        };
        Ok((first, second))
    }

    /// The elements of a vector operand, of a vector register its components; or the operand itself.
    pub fn elements(&self, operand: &Operand) -> Result<Vec<Operand>> {
        const COMPONENTS: [Component; 4] = [Component::X, Component::Y, Component::Z, Component::W];
        Ok(match operand {
            Operand::Vector(list) => list.clone(),
            Operand::Reg(reg) => match self.function().reg(*reg).vector {
                None => vec![operand.clone()],
                Some(vector) if vector.count() <= 4 => {
                    COMPONENTS[..vector.count() as usize].iter().map(|c| Operand::Component(*reg, *c)).collect()
                }
                Some(vector) => return self.unsupported(format_args!("a register of type `.{vector}`")),
            },
            Operand::Special(special) if special.is_whole_vector() => {
                COMPONENTS.iter().map(|c| Operand::Special(Special { component: Some(*c), ..*special })).collect()
            }
            other => vec![other.clone()],
        })
    }

    /// The low and the high half of a register of 128 bits.
    pub fn halves(&mut self, reg: RegId) -> Result<[Val; 2]> {
        if self.function().reg(reg).vector.is_some() {
            return self.unsupported("a vector of 128-bit registers");
        }
        let low = self.reg(reg, None);
        Ok([low, Val(low.0 + 1)])
    }

    /// The value of a source operand of this type.
    pub fn value(&mut self, operand: &Operand, ty: PtxType) -> Result<Src> {
        match operand {
            Operand::Reg(reg) => Ok(Src::Val(self.reg(*reg, None))),
            Operand::Component(reg, c) => Ok(Src::Val(self.reg(*reg, Some(*c)))),
            Operand::Imm(imm) => {
                let bits = imm.bits(ty);
                // As a register would hold it.
                let unused = 64 - ty.bits().clamp(8, 64);
                let bits = if ty.is_signed() { (bits << unused) as i64 >> unused } else { (bits << unused >> unused) as i64 };
                Ok(Src::Imm(bits))
            }
            Operand::Special(special) => self.special(*special),
            Operand::Symbol(symbol, offset) => {
                if let ast::Symbol::Var(var) = symbol {
                    self.escapes(*var)?;
                }
                self.symbol(*symbol, *offset)
            }
            _ => Err(self.error(ErrorKind::Invalid, "a register or number is needed here")),
        }
    }

    /// A predicate as source operand.
    pub fn pred(&mut self, operand: &Operand) -> Result<Src> {
        match operand {
            Operand::Reg(reg) => Ok(Src::Val(self.reg(*reg, None))),
            Operand::Not(reg) => {
                let p = Src::Val(self.reg(*reg, None));
                Ok(self.pred_op(Op::Not, Type::B32, Mods::NONE, &[p]))
            }
            Operand::Imm(imm) => Ok(Src::Imm(i64::from(imm.bits(PtxType::B64) != 0))),
            Operand::Special(special) => self.special(*special),
            _ => Err(self.error(ErrorKind::Invalid, "a predicate is needed here")),
        }
    }

    /// The operand with this number, or an error.
    pub fn operand<'o>(&self, inst: &'o ast::Instruction<'_>, n: usize) -> Result<&'o Operand> {
        match inst.operands.get(n) {
            Some(operand) => Ok(operand),
            None => Err(self.error(ErrorKind::Invalid, format!("operand {} is missing", n + 1))),
        }
    }

    /// The type with this number, or an error.
    pub fn ty(&self, inst: &ast::Instruction<'_>, n: usize) -> Result<PtxType> {
        match inst.type_at(n) {
            Some(ty) => Ok(ty),
            None => Err(self.error(ErrorKind::Invalid, "the instruction has no type")),
        }
    }

    /// The hardware's name of a type, or an error.
    pub fn hw(&self, ty: PtxType) -> Result<Type> {
        match super::hw_type(ty) {
            Some(ty) => Ok(ty),
            None => self.unsupported(format_args!("type `.{ty}`")),
        }
    }
}
