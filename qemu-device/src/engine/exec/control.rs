// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Branches, calls, ends.

use ix_hw::fault::{access, kind, CALL_DEPTH_MAX};
use ix_hw::isa::mods::{self as m, branch_mask, branch_scalar};
use ix_hw::isa::{Inst, Op, EXEC, INST_SIZE};

use super::{Flow, Run, Warp};
use crate::engine::code::Decoded;

/// Longest sleep in ns.
const SLEEP_MAX: u64 = 1_000_000;

pub(super) fn select(inst: &Inst) -> Option<Run> {
    Some(match inst.op {
        Op::Nop => nop,
        Op::Bra => jump,
        Op::BraM => match inst.mods.get(&m::BRANCH_MASK) {
            branch_mask::ANY => jump_mask::<{ branch_mask::ANY }>,
            branch_mask::NONE => jump_mask::<{ branch_mask::NONE }>,
            _ => jump_mask::<{ branch_mask::ALL }>,
        },
        Op::BraS => match inst.mods.get(&m::BRANCH_SCALAR) {
            branch_scalar::NZ => jump_scalar::<true>,
            _ => jump_scalar::<false>,
        },
        Op::BraR => jump_register,
        Op::Call => call,
        Op::CallR => call_register,
        Op::Ret => ret,
        Op::Exit => exit,
        Op::Trap => trap::<{ kind::TRAP }>,
        Op::Brkpt => trap::<{ kind::BREAKPOINT }>,
        Op::Nanosleep => nanosleep,
        _ => return None,
    })
}

fn nop(_: &mut Warp, _: &Decoded) -> Flow {
    Flow::Next
}

fn jump(warp: &mut Warp, inst: &Decoded) -> Flow {
    warp.state.pc = inst.imm;
    Flow::Jump
}

fn jump_mask<const WHEN: u16>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let mask = warp.state.m[usize::from(inst.src[0].n & 31)];
    let exec = warp.exec();
    let taken = match WHEN {
        branch_mask::ANY => mask & exec != 0,
        branch_mask::NONE => mask & exec == 0,
        _ => exec & !mask == 0,
    };
    if taken {
        jump(warp, inst)
    } else {
        Flow::Next
    }
}

fn jump_scalar<const NZ: bool>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let value = warp.uniform(inst.src[0], inst.imm) as u32;
    if (value != 0) == NZ {
        jump(warp, inst)
    } else {
        Flow::Next
    }
}

fn jump_register(warp: &mut Warp, inst: &Decoded) -> Flow {
    warp.state.pc = warp.uniform(inst.src[0], inst.imm);
    Flow::Jump
}

fn push(warp: &mut Warp, target: u64) -> Flow {
    if warp.state.stack.len() >= CALL_DEPTH_MAX {
        return warp.fault(kind::CALL_DEPTH, access::NONE, 0, 0, warp.exec());
    }
    let next = warp.pc().wrapping_add(INST_SIZE);
    warp.state.stack.push(next);
    warp.state.pc = target;
    Flow::Jump
}

fn call(warp: &mut Warp, inst: &Decoded) -> Flow {
    push(warp, inst.imm)
}

fn call_register(warp: &mut Warp, inst: &Decoded) -> Flow {
    let target = warp.uniform(inst.src[0], inst.imm);
    push(warp, target)
}

fn ret(warp: &mut Warp, _: &Decoded) -> Flow {
    match warp.state.stack.pop() {
        Some(pc) => {
            warp.state.pc = pc;
            Flow::Jump
        }
        None => warp.fault(kind::CALL_DEPTH, access::NONE, 0, 0, warp.exec()),
    }
}

fn exit(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    warp.state.alive &= !active;
    let exec = warp.exec();
    warp.set_mask(EXEC, exec);
    if warp.state.alive == 0 {
        Flow::End
    } else {
        Flow::Next
    }
}

fn trap<const KIND: u32>(warp: &mut Warp, inst: &Decoded) -> Flow {
    match warp.active(inst) {
        0 => Flow::Next,
        lanes => warp.fault(KIND, access::NONE, 0, 0, lanes),
    }
}

fn nanosleep(warp: &mut Warp, inst: &Decoded) -> Flow {
    let time = (warp.uniform(inst.src[0], inst.imm) & 0xffff_ffff).min(SLEEP_MAX);
    // 0 stands for a warp that is awake.
    warp.state.wake = if time == 0 { 0 } else { (warp.launch.clock().time_ns() + time).max(1) };
    Flow::Sleep
}
