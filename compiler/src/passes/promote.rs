// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Turns variables of local memory into values.
//!
//! A *slot* whose address is not taken is accessed at constant offsets only. If any two accesses of it touch either
//! the same bytes or none in common, every such *piece* becomes a variable. Parameters of expanded calls are slots.
//!
//! Before: variables may have any number of definitions. After: the same, and `local_bytes` is known.

use crate::ir::{Func, Inst, Slot, Src, Val};
use ix_hw::isa::{mods, Mods, Op, Type};
use std::collections::HashMap;

/// Leaves all variables in memory.
pub fn keep_all(func: &mut Func) {
    let end = func.slots.iter().map(|s| s.offset + s.size).max().unwrap_or(0);
    func.local_bytes = func.local_bytes.max(end.next_multiple_of(16));
}

/// Runs the pass.
pub fn run(func: &mut Func) {
    // Pieces of each slot: offset and size.
    let mut pieces: Vec<Vec<(u32, u32)>> = vec![vec![]; func.slots.len()];
    let mut whole: Vec<bool> = func.slots.iter().map(|s| !s.escapes).collect();
    for inst in func.blocks.iter().flat_map(|b| &b.insts) {
        let Some((slot, offset, size)) = access(&func.slots, inst) else { continue };
        if inst.guard.is_some() || !matches!(inst.op, Op::Ld | Op::St) || offset + size > func.slots[slot].offset + func.slots[slot].size {
            whole[slot] = false;
        }
        pieces[slot].push((offset, size));
    }
    let mut vars: HashMap<u32, Val> = HashMap::new();
    for (slot, pieces) in pieces.iter_mut().enumerate() {
        pieces.sort_unstable();
        pieces.dedup();
        whole[slot] &= pieces.windows(2).all(|w| w[0].0 + w[0].1 <= w[1].0);
        if whole[slot] {
            for &(offset, _) in pieces.iter() {
                vars.insert(offset, func.new_data());
            }
        } else {
            func.local_bytes = (func.slots[slot].offset + func.slots[slot].size).next_multiple_of(16);
        }
    }
    if vars.is_empty() {
        return;
    }
    let slots = std::mem::take(&mut func.slots);
    for inst in func.blocks.iter_mut().flat_map(|b| &mut b.insts) {
        let Some((slot, offset, _)) = access(&slots, inst).filter(|(slot, ..)| whole[*slot]) else { continue };
        let Some(&var) = vars.get(&offset) else { continue };
        debug_assert!(whole[slot]);
        let loc = inst.loc;
        *inst = match (inst.op, inst.dst) {
            (Op::Ld, Some(dst)) if inst.ty.is_signed() => {
                let mut cvt = Inst::with(Op::Cvt, Type::S64, dst, &[Src::Val(var), Src::Imm(0)]);
                cvt.mods = Mods::NONE.with(&mods::FROM, inst.ty as u16);
                cvt
            }
            (Op::Ld, Some(dst)) => Inst::with(Op::Mov, super::lower::bits_type(inst.ty.bits()), dst, &[Src::Val(var)]),
            _ => Inst::with(Op::Mov, Type::B64, var, &[inst.src[1]]),
        };
        inst.loc = loc;
    }
    func.slots = slots;
}

/// Slot, offset and size of an access to local memory at a constant address.
fn access(slots: &[Slot], inst: &Inst) -> Option<(usize, u32, u32)> {
    if !matches!(inst.op, Op::Ld | Op::St | Op::Atom | Op::Cas | Op::Red) || inst.mods.get(&mods::SPACE) != mods::space::LOCAL {
        return None;
    }
    let base = match inst.src[0] {
        Src::Imm(i) => i,
        Src::Frame => 0,
        _ => return None,
    };
    let offset = u32::try_from(base.wrapping_add(i64::from(inst.disp))).ok()?;
    let slot = slots.partition_point(|s| s.offset <= offset).checked_sub(1)?;
    Some((slot, offset, inst.ty.bytes()))
}
