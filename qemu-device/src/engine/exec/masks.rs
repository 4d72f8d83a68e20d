// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions that have mask registers as sources or destinations, moves, and special registers.

use ix_hw::isa::mods::{self as m, Mods};
use ix_hw::isa::{Inst, Op, Operand, Sreg, Type};

use super::int::Halves;
use super::map::{map, with_bits, with_rows, Lane};
use super::{Flow, Run, VReg, Warp, LANES};
use crate::engine::code::{Decoded, Kind};

pub(super) fn select(inst: &Inst) -> Option<Run> {
    if matches!(inst.d, Some(Operand::M(_))) {
        return Some(match inst.op {
            Op::Mov => mask::<MaskMov>,
            Op::And => mask::<MaskAnd>,
            Op::Or => mask::<MaskOr>,
            Op::Xor => mask::<MaskXor>,
            Op::Andn => mask::<MaskAndn>,
            Op::Not => mask::<MaskNot>,
            _ => return None,
        });
    }
    match inst.op {
        Op::Mov if inst.ty == Type::B8 => Some(map!(inst.d; |a: u8| -> u8 { a })),
        Op::Mov if inst.ty == Type::B64 => Some(map!(inst.d; |a: Halves| -> Halves { a })),
        Op::Mov => with_bits!(inst.ty, T => map!(inst.d; |a: T| -> T { a })),
        Op::Sel if matches!(inst.d, Some(Operand::V(_))) => Some(match inst.ty {
            Type::B8 => sel::<u8>,
            Type::B16 => sel::<u16>,
            Type::B32 => sel::<u32>,
            _ => sel::<Halves>,
        }),
        Op::Sel if inst.ty == Type::B8 => Some(map!(inst.d; |a: u8, b: u8, c: u32| -> u8 { if c != 0 { a } else { b } })),
        Op::Sel => with_bits!(inst.ty, T => map!(inst.d; |a: T, b: T, c: u32| -> T { if c != 0 { a } else { b } })),
        Op::Addc if inst.ty == Type::U32 => Some(carry::<u32, false>),
        Op::Addc => Some(carry::<u64, false>),
        Op::Subc if inst.ty == Type::U32 => Some(carry::<u32, true>),
        Op::Subc => Some(carry::<u64, true>),
        Op::Rdsr if matches!(inst.d, Some(Operand::V(_))) => Some(read_special_vector),
        Op::Rdsr => Some(read_special_scalar),
        _ => None,
    }
}

/// A function of two masks.
trait MaskFunction {
    fn f(a: u32, b: u32) -> u32;
}
macro_rules! mask_functions {
    ($($name:ident |$a:ident, $b:ident| $body:expr;)+) => { $(
        struct $name;
        impl MaskFunction for $name {
            #[inline(always)]
            fn f($a: u32, $b: u32) -> u32 { $body }
        }
    )+ };
}
mask_functions! {
    MaskMov |a, _b| a;
    MaskAnd |a, b| a & b;
    MaskOr |a, b| a | b;
    MaskXor |a, b| a ^ b;
    MaskAndn |a, b| a & !b;
    MaskNot |a, _b| !a;
}

fn mask<F: MaskFunction>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let source = |i: usize| warp.uniform(inst.src[i], inst.imm) as u32;
    let value = F::f(source(0), source(1));
    warp.set_mask(inst.d, value);
    Flow::Next
}

/// The bits of a source that chooses lanes: those of a mask; all or none for a scalar.
fn choice(warp: &Warp, inst: &Decoded, i: usize) -> u32 {
    let value = warp.uniform(inst.src[i], inst.imm) as u32;
    match inst.src[i].kind {
        Kind::M => value,
        _ if value != 0 => !0,
        _ => 0,
    }
}

fn sel<T: Lane>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let choice = choice(warp, inst, 2);
    let mut out = VReg::ZERO;
    with_rows!(warp, inst, 2, rows => {
        for lane in 0..LANES {
            let row = if choice >> lane & 1 != 0 { rows[0] } else { rows[1] };
            (out.lo[lane], out.hi[lane]) = T::get(row.lo[lane], row.hi[lane]).put();
        }
    });
    warp.write(inst.d, &out, active);
    Flow::Next
}

/// An unsigned integer with carry.
trait Carry: Lane {
    fn add(self, b: Self, carry: bool) -> (Self, bool);
    fn sub(self, b: Self, borrow: bool) -> (Self, bool);
}
macro_rules! carry {
    ($($t:ty),+) => { $(
        impl Carry for $t {
            #[inline(always)]
            fn add(self, b: Self, carry: bool) -> (Self, bool) {
                let (sum, first) = self.overflowing_add(b);
                let (sum, second) = sum.overflowing_add(carry.into());
                (sum, first | second)
            }
            #[inline(always)]
            fn sub(self, b: Self, borrow: bool) -> (Self, bool) {
                let (difference, first) = self.overflowing_sub(b);
                let (difference, second) = difference.overflowing_sub(borrow.into());
                (difference, first | second)
            }
        }
    )+ };
}
carry!(u32, u64);

fn carry<T: Carry, const SUB: bool>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let carry_in = warp.uniform(inst.src[2], inst.imm) as u32;
    let mut carry_out = 0;
    let mut out = VReg::ZERO;
    with_rows!(warp, inst, 2, rows => {
        for lane in 0..LANES {
            let [a, b] = [rows[0], rows[1]].map(|row| T::get(row.lo[lane], row.hi[lane]));
            let carry = carry_in >> lane & 1 != 0;
            let (value, carry) = if SUB { a.sub(b, carry) } else { a.add(b, carry) };
            (out.lo[lane], out.hi[lane]) = value.put();
            carry_out |= u32::from(carry) << lane;
        }
    });
    warp.write(inst.d, &out, active);
    warp.write_second(inst, carry_out, active);
    Flow::Next
}

fn read_special_scalar(warp: &mut Warp, inst: &Decoded) -> Flow {
    let value = special(warp, inst, 0);
    warp.state.s[usize::from(inst.d)] = value;
    Flow::Next
}

fn read_special_vector(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    let out = if Sreg::is_varying(Mods(inst.mods).get(&m::SREG)) {
        let mut out = VReg::ZERO;
        for lane in 0..LANES {
            out.set(lane, special(warp, inst, lane as u32));
        }
        out
    } else {
        VReg::splat(special(warp, inst, 0))
    };
    warp.write(inst.d, &out, active);
    Flow::Next
}

/// A special register in a lane.
fn special(warp: &Warp, inst: &Decoded, lane: u32) -> u64 {
    let launch = warp.launch;
    let d = launch.descriptor();
    let Some(sreg) = Sreg::ALL.get(usize::from(Mods(inst.mods).get(&m::SREG))) else { return 0 };
    let tid = |axis: usize| launch.thread_index(warp.warp * 32 + lane)[axis].into();
    let bit = 1u32 << (lane & 31);
    let value: u64 = match sreg {
        Sreg::TidX => tid(0),
        Sreg::TidY => tid(1),
        Sreg::TidZ => tid(2),
        Sreg::NtidX => d.block[0].into(),
        Sreg::NtidY => d.block[1].into(),
        Sreg::NtidZ => d.block[2].into(),
        Sreg::CtaidX => warp.block[0].into(),
        Sreg::CtaidY => warp.block[1].into(),
        Sreg::CtaidZ => warp.block[2].into(),
        Sreg::NctaidX => d.grid[0].into(),
        Sreg::NctaidY => d.grid[1].into(),
        Sreg::NctaidZ => d.grid[2].into(),
        Sreg::LaneId => lane.into(),
        Sreg::WarpId => warp.warp.into(),
        Sreg::NwarpId => launch.warps().into(),
        Sreg::SmId => warp.sm.into(),
        Sreg::NsmId => launch.sm_count().into(),
        Sreg::GridId => d.grid_id,
        Sreg::LanemaskEq => bit.into(),
        Sreg::LanemaskLe => (bit | (bit - 1)).into(),
        Sreg::LanemaskLt => (bit - 1).into(),
        Sreg::LanemaskGe => (!(bit - 1)).into(),
        Sreg::LanemaskGt => (!(bit | (bit - 1))).into(),
        Sreg::Clock => launch.clock().cycles(),
        Sreg::GlobalTimer => launch.clock().time_ns(),
        Sreg::DynamicSmemSize => d.dynamic_shared_bytes.into(),
        Sreg::TotalSmemSize => d.shared_bytes.into(),
        Sreg::Param => d.param_va,
        Sreg::Env => d.env_va,
        Sreg::Pc => warp.pc(),
    };
    if inst.ty == Type::B32 {
        value & 0xffff_ffff
    } else {
        value
    }
}
