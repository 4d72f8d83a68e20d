// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Atomic operations.
//!
//! In global memory they are atomic for all threads of the host and for the client. Shared and
//! local memory belong to the block, whose warps run on one thread.

use ix_hw::fault::access;
use ix_hw::isa::mods::{self as m, atom, Mods};
use ix_hw::isa::Type;

use super::float::{extreme, Float};
use super::half::{Bfloat16, Binary16, Format, Half, Halves, Pair};
use super::memory::{extend, Place};
use super::{Flow, VReg, Warp};
use crate::engine::code::{Decoded, Kind};
use crate::engine::guard::{PageFault, Window, Word};

/// A word that atomic operations work on.
pub(super) trait AtomicWord: Word {
    const BYTES: u32;
    fn of(value: u64) -> Self;
    fn value(self) -> u64;
}
macro_rules! atomic_word {
    ($($t:ty),+) => { $(
        impl AtomicWord for $t {
            const BYTES: u32 = size_of::<$t>() as u32;
            fn of(value: u64) -> Self { value as $t }
            fn value(self) -> u64 { self.into() }
        }
    )+ };
}
atomic_word!(u16, u32, u64);

/// The new value of memory that holds `old`.
fn updated(op: u16, ty: Type, old: u64, b: u64) -> u64 {
    fn float<T: Float + Into<f64>>(op: u16, a: T, b: T) -> T {
        match op {
            atom::ADD => a.add(b, m::round::RN).canonical(),
            _ => extreme(Mods::NONE, a, b, op == atom::MAX),
        }
    }
    fn halves<T: Halves>(op: u16, a: u32, b: u32) -> u64 {
        let one = |a: Half<T::F>, b: Half<T::F>| match op {
            atom::ADD => Half::nearest(super::rounding::add_odd(a.wide(), b.wide())),
            _ => Half::nearest(extreme(Mods::NONE, T::F::widen(a.bits), T::F::widen(b.bits), op == atom::MAX).into()),
        };
        let ([a0, a1], [b0, b1]) = (T::get(a, 0).parts(), T::get(b, 0).parts());
        let result = T::join([one(a0, b0), one(a1, b1)]);
        result.put().0.into()
    }
    let (a32, b32) = (old as u32, b as u32);
    match ty {
        Type::F16 => return halves::<Half<Binary16>>(op, a32, b32),
        Type::BF16 => return halves::<Half<Bfloat16>>(op, a32, b32),
        Type::F16x2 => return halves::<Pair<Binary16>>(op, a32, b32),
        Type::BF16x2 => return halves::<Pair<Bfloat16>>(op, a32, b32),
        Type::F32 => return float(op, f32::from_bits(a32), f32::from_bits(b32)).to_bits().into(),
        Type::F64 => return float(op, f64::from_bits(old), f64::from_bits(b)).to_bits(),
        _ => {}
    }
    let (old, b) = if ty.bits() == 64 { (old, b) } else { (u64::from(a32), u64::from(b32)) };
    let smaller = match ty {
        Type::S32 => (a32 as i32) < b32 as i32,
        Type::S64 => (old as i64) < b as i64,
        _ => old < b,
    };
    match op {
        atom::ADD => old.wrapping_add(b),
        atom::MIN => {
            if smaller {
                old
            } else {
                b
            }
        }
        atom::MAX => {
            if smaller {
                b
            } else {
                old
            }
        }
        atom::AND => old & b,
        atom::OR => old | b,
        atom::XOR => old ^ b,
        atom::EXCH => b,
        atom::INC => {
            if old >= b {
                0
            } else {
                old.wrapping_add(1)
            }
        }
        _ => {
            if old == 0 || old > b {
                b
            } else {
                old.wrapping_sub(1)
            }
        }
    }
}

/// An atomic operation in global memory; gives the old value.
fn atomic_global<W: AtomicWord>(window: &Window, va: u64, inst: &Decoded, b: u64, c: u64) -> Result<u64, PageFault> {
    let op = Mods(inst.mods).get(&m::ATOM);
    let old = match op {
        _ if inst.is_cas() => window.compare_exchange(va, W::of(b), W::of(c))?,
        atom::EXCH => window.swap(va, W::of(b))?,
        atom::ADD if inst.ty.is_int() => window.fetch_add(va, W::of(b))?,
        _ => {
            // The first exchange also finds pages that may be read only.
            let mut old = window.load::<W>(va)?;
            loop {
                let new = W::of(updated(op, inst.ty, old.value(), b));
                let seen = window.compare_exchange(va, old, new)?;
                if seen.value() == old.value() {
                    break old;
                }
                old = seen;
            }
        }
    };
    Ok(old.value())
}

/// An atomic operation in every lane.
pub(super) fn run<W: AtomicWord>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let once = inst.atomic_once();
    let exec = warp.exec();
    let active = if once { exec & exec.wrapping_neg() } else { warp.active(inst) };
    if active == 0 {
        return Flow::Next;
    }
    let addresses = warp.addresses(inst);
    let value = |warp: &Warp, i: usize, lane: usize| {
        let source = inst.src[i];
        match source.kind {
            Kind::V => warp.v[usize::from(source.n)].get(lane),
            _ => warp.uniform(source, 0),
        }
    };
    let op = Mods(inst.mods).get(&m::ATOM);
    let mut out = VReg::ZERO;
    let flow = warp.each(inst, access::ATOMIC, &addresses, active, |warp, lane, place| {
        let (b, c) = (value(warp, 1, lane), value(warp, 2, lane));
        let old = match place {
            Place::Global(va) => atomic_global::<W>(warp.launch.window(), va, inst, b, c)?,
            _ => {
                let old = warp.load_place(place, lane, W::BYTES)?;
                let new = if !inst.is_cas() {
                    updated(op, inst.ty, old, b)
                } else if old == W::of(b).value() {
                    c
                } else {
                    old
                };
                warp.store_place(place, lane, W::BYTES, new)?;
                old
            }
        };
        out.set(lane, extend(old, inst.ty));
        Ok(())
    });
    if flow == Flow::Next {
        match inst.d_kind {
            Kind::V => warp.write(inst.d, &out, active),
            Kind::S => warp.state.s[usize::from(inst.d)] = out.get(active.trailing_zeros() as usize & 31),
            _ => {}
        }
    }
    flow
}

impl Decoded {
    fn is_cas(&self) -> bool {
        self.src[2].kind != Kind::None
    }
    /// Whether the instruction acts once, not in each lane.
    fn atomic_once(&self) -> bool {
        self.d_kind != Kind::V && self.src.iter().all(|s| s.kind != Kind::V)
    }
}
