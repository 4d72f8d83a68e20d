// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Loads, stores and atomic operations.
//!
//! A *place* is an address after its space has been found: in global memory (the window), in the
//! block's shared memory, in the local memory of the lane's thread, or in the parameter block.
//! Before a lane accesses anything, all lanes' places are found and checked for alignment and
//! range; page faults show only in the access itself. Every lane tries its access, so that the
//! fault names all lanes that cannot.
//!
//! A warp whose lanes access neighbouring words of one space does so in one piece.

use std::sync::atomic::{fence, Ordering};

use ix_hw::fault::{access, kind};
use ix_hw::isa::mods::{self as m, atom, order, space, Mods};
use ix_hw::isa::{Inst, Op, Type};
use ix_hw::mmu;

use super::comm::lanes;
use super::float::{extreme, Float};
use super::half::{Bfloat16, Binary16, Format, Half, Halves, Pair};
use super::{Flow, Run, VReg, Warp, LANES};
use crate::engine::code::{Decoded, Kind};
use crate::engine::guard::{PageFault, Window, Word};

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let scalar = inst.is_scalar();
    Some(match inst.op {
        Op::Ld if scalar => load_scalar,
        Op::Ld => match inst.ty.bytes() {
            1 => load::<1>,
            2 => load::<2>,
            4 => load::<4>,
            _ => load::<8>,
        },
        Op::St if scalar => store_scalar,
        Op::St => match inst.ty.bytes() {
            1 => store::<1>,
            2 => store::<2>,
            4 => store::<4>,
            _ => store::<8>,
        },
        Op::Fence => fence_all,
        Op::Isspacep => is_space,
        Op::Atom | Op::Red | Op::Cas => match inst.ty.bytes() {
            2 => atomic::<u16>,
            4 => atomic::<u32>,
            _ => atomic::<u64>,
        },
        _ => return None,
    })
}

/// Where an access goes.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// GPU address.
    Global(u64),
    /// Offset in the block's shared memory.
    Shared(u32),
    /// Offset in the thread's local memory.
    Local(u32),
    /// Offset in the parameter block.
    Param(u32),
}

/// Why a lane cannot access.
#[derive(Debug, Clone, Copy)]
struct Bad {
    kind: u32,
    va: u64,
}

impl From<PageFault> for Bad {
    fn from(fault: PageFault) -> Bad {
        Bad { kind: kind::PAGE, va: fault.va }
    }
}

/// Faults of the lanes of an instruction.
#[derive(Debug, Default)]
struct Faults {
    first: Option<Bad>,
    lanes: u32,
}

impl Faults {
    fn add(&mut self, lane: usize, bad: Bad) {
        self.first.get_or_insert(bad);
        self.lanes |= 1 << lane;
    }
}

/// The place of an address. In the spaces other than generic and global only 32 bits count.
#[inline(always)]
fn place(space: u16, address: u64) -> Place {
    match space {
        space::GENERIC => {
            if address.wrapping_sub(mmu::SHARED_BASE) < mmu::WINDOW_SIZE {
                Place::Shared(address as u32)
            } else if address.wrapping_sub(mmu::LOCAL_BASE) < mmu::WINDOW_SIZE {
                Place::Local(address as u32)
            } else {
                Place::Global(address)
            }
        }
        space::SHARED => Place::Shared(address as u32),
        space::LOCAL => Place::Local(address as u32),
        space::PARAM => Place::Param(address as u32),
        _ => Place::Global(address),
    }
}
const _: () = assert!(mmu::SHARED_BASE as u32 == 0 && mmu::LOCAL_BASE as u32 == 0 && mmu::WINDOW_SIZE == 1 << 32);

fn space_of(inst: &Decoded) -> u16 {
    Mods(inst.mods).get(&m::SPACE)
}

impl Warp<'_> {
    /// Addresses of all lanes: source a plus displacement.
    #[inline(always)]
    fn addresses(&self, inst: &Decoded) -> VReg {
        let mut out = match inst.src[0].kind {
            Kind::V => self.v[usize::from(inst.src[0].n)],
            _ => VReg::splat(self.uniform(inst.src[0], 0)),
        };
        let (lo, hi) = (inst.imm as u32, (inst.imm >> 32) as u32);
        for lane in 0..LANES {
            out.lo[lane] = out.lo[lane].wrapping_add(lo);
            out.hi[lane] = out.hi[lane].wrapping_add(hi).wrapping_add(u32::from(out.lo[lane] < lo));
        }
        out
    }

    /// Checks what can be known before the access.
    fn check(&self, place: Place, size: u32) -> Result<(), Bad> {
        let (va, limit, kind) = match place {
            Place::Global(va) => (va, u64::MAX, kind::PAGE),
            Place::Shared(at) => (at.into(), self.shared.len() as u64, kind::SHARED_RANGE),
            Place::Local(at) => (at.into(), self.local_bytes as u64, kind::LOCAL_RANGE),
            Place::Param(at) => (at.into(), self.launch.descriptor().param_size.into(), kind::PARAM_RANGE),
        };
        if va % u64::from(size) != 0 {
            Err(Bad { kind: kind::MISALIGNED, va })
        } else if va > limit.saturating_sub(size.into()) || limit < size.into() {
            Err(Bad { kind, va })
        } else {
            Ok(())
        }
    }

    /// The bytes of a shared or local place, if they are in range; none for other places.
    #[inline(always)]
    fn bytes(&mut self, place: Place, lane: usize, size: usize) -> Option<&mut [u8]> {
        match place {
            Place::Shared(at) => self.shared.get_mut(at as usize..)?.get_mut(..size),
            Place::Local(at) => {
                let thread = self.warp as usize * LANES + lane;
                let own = self.local.get_mut(thread * self.local_bytes..)?.get_mut(..self.local_bytes)?;
                own.get_mut(at as usize..)?.get_mut(..size)
            }
            Place::Global(_) | Place::Param(_) => None,
        }
    }

    /// The value at a checked place.
    fn load_place(&mut self, place: Place, lane: usize, size: u32) -> Result<u64, Bad> {
        let va = match place {
            Place::Global(va) => va,
            Place::Param(at) => self.launch.descriptor().param_va.wrapping_add(at.into()),
            Place::Shared(_) | Place::Local(_) => {
                let mut value = [0; 8];
                if let Some(bytes) = self.bytes(place, lane, size as usize) {
                    value[..size as usize].copy_from_slice(bytes);
                }
                return Ok(u64::from_le_bytes(value));
            }
        };
        let window = self.launch.window();
        Ok(match size {
            1 => window.load::<u8>(va)?.into(),
            2 => window.load::<u16>(va)?.into(),
            4 => window.load::<u32>(va)?.into(),
            _ => window.load::<u64>(va)?,
        })
    }

    /// Stores at a checked place.
    fn store_place(&mut self, place: Place, lane: usize, size: u32, value: u64) -> Result<(), Bad> {
        let Place::Global(va) = place else {
            if let Some(bytes) = self.bytes(place, lane, size as usize) {
                bytes.copy_from_slice(&value.to_le_bytes()[..size as usize]);
            }
            return Ok(());
        };
        let window = self.launch.window();
        match size {
            1 => window.store(va, value as u8)?,
            2 => window.store(va, value as u16)?,
            4 => window.store(va, value as u32)?,
            _ => window.store(va, value)?,
        }
        Ok(())
    }

    /// Checks the places of the active lanes, then has `f` access each.
    fn each(
        &mut self,
        inst: &Decoded,
        how: u32,
        addresses: &VReg,
        active: u32,
        mut f: impl FnMut(&mut Self, usize, Place) -> Result<(), Bad>,
    ) -> Flow {
        let size = inst.ty.bytes();
        let space = space_of(inst);
        let mut faults = Faults::default();
        for lane in lanes(active) {
            if let Err(bad) = self.check(place(space, addresses.get(lane)), size) {
                faults.add(lane, bad);
            }
        }
        if faults.first.is_none() {
            for lane in lanes(active) {
                if let Err(bad) = f(self, lane, place(space, addresses.get(lane))) {
                    faults.add(lane, bad);
                }
            }
        }
        match faults.first {
            None => Flow::Next,
            Some(bad) => self.fault(bad.kind, how, size, bad.va, faults.lanes),
        }
    }
}

/// Whether the addresses of all lanes are those of neighbouring words of `SIZE` bytes, aligned.
#[inline(always)]
fn neighbours<const SIZE: u32>(addresses: &VReg) -> bool {
    let (lo, hi) = (addresses.lo[0], addresses.hi[0]);
    let mut different = lo & (SIZE - 1);
    different |= u32::from(lo > u32::MAX - (LANES as u32 - 1) * SIZE);
    for lane in 0..LANES {
        different |= addresses.lo[lane] ^ lo.wrapping_add(lane as u32 * SIZE);
        different |= addresses.hi[lane] ^ hi;
    }
    different == 0
}

/// Whether all lanes have the same address.
#[inline(always)]
fn same(addresses: &VReg) -> bool {
    let mut different = 0;
    for lane in 0..LANES {
        different |= (addresses.lo[lane] ^ addresses.lo[0]) | (addresses.hi[lane] ^ addresses.hi[0]);
    }
    different == 0
}

/// A loaded value extended by its type.
#[inline(always)]
fn extend(value: u64, ty: Type) -> u64 {
    match ty {
        Type::S8 => value as i8 as u64,
        Type::S16 => value as i16 as u64,
        Type::S32 => value as i32 as u64,
        _ => value,
    }
}

/// Orders sequentially consistent accesses; the host's order is enough for all weaker ones.
fn order_before(inst: &Decoded) {
    if Mods(inst.mods).get(&m::ORDER) == order::SC {
        fence(Ordering::SeqCst);
    }
}

fn load<const SIZE: usize>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    if active == 0 {
        return Flow::Next;
    }
    order_before(inst);
    let addresses = warp.addresses(inst);
    let mut out = VReg::ZERO;
    if active == !0 && load_row::<SIZE>(warp, inst, &addresses, &mut out) {
        warp.v[usize::from(inst.d)] = out;
        return Flow::Next;
    }
    let flow = warp.each(inst, access::READ, &addresses, active, |warp, lane, place| {
        let value = warp.load_place(place, lane, SIZE as u32)?;
        out.set(lane, extend(value, inst.ty));
        Ok(())
    });
    if flow == Flow::Next {
        warp.write(inst.d, &out, active);
    }
    flow
}

/// Loads all lanes in one piece if their places are neighbours or the same; otherwise, and if
/// there is a fault, does nothing and says so.
fn load_row<const SIZE: usize>(warp: &mut Warp, inst: &Decoded, addresses: &VReg, out: &mut VReg) -> bool {
    let first = place(space_of(inst), addresses.get(0));
    if inst.src[0].kind != Kind::V || same(addresses) {
        // Of local memory each lane has its own.
        if matches!(first, Place::Local(_)) || warp.check(first, SIZE as u32).is_err() {
            return false;
        }
        let Ok(value) = warp.load_place(first, 0, SIZE as u32) else { return false };
        *out = VReg::splat(extend(value, inst.ty));
        return true;
    }
    let neighbours = match SIZE {
        1 => neighbours::<1>(addresses),
        2 => neighbours::<2>(addresses),
        4 => neighbours::<4>(addresses),
        _ => neighbours::<8>(addresses),
    };
    if !neighbours {
        return false;
    }
    let mut row = [0; 8 * LANES];
    let row = &mut row[..SIZE * LANES];
    let read = match first {
        Place::Global(va) => warp.launch.window().read(va, row).is_ok(),
        Place::Shared(at) => match warp.shared.get(at as usize..).and_then(|s| s.get(..row.len())) {
            Some(bytes) => {
                row.copy_from_slice(bytes);
                true
            }
            None => false,
        },
        Place::Local(_) | Place::Param(_) => false,
    };
    if !read {
        return false;
    }
    for lane in 0..LANES {
        let mut value = [0; 8];
        value[..SIZE].copy_from_slice(&row[SIZE * lane..SIZE * (lane + 1)]);
        out.set(lane, u64::from_le_bytes(value));
    }
    if inst.ty.is_signed() {
        for lane in 0..LANES {
            out.set(lane, extend(out.get(lane), inst.ty));
        }
    }
    true
}

fn load_scalar(warp: &mut Warp, inst: &Decoded) -> Flow {
    let exec = warp.exec();
    if exec == 0 {
        return Flow::Next;
    }
    order_before(inst);
    let address = warp.uniform(inst.src[0], 0).wrapping_add(inst.imm);
    let lane = exec.trailing_zeros() as usize;
    let size = inst.ty.bytes();
    let place = place(space_of(inst), address);
    match warp.check(place, size).and_then(|()| warp.load_place(place, lane, size)) {
        Ok(value) => {
            warp.state.s[usize::from(inst.d)] = extend(value, inst.ty);
            Flow::Next
        }
        Err(bad) => warp.fault(bad.kind, access::READ, size, bad.va, 1 << lane),
    }
}

fn store<const SIZE: usize>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    if active == 0 {
        return Flow::Next;
    }
    let addresses = warp.addresses(inst);
    let source = inst.src[1];
    let values = match source.kind {
        Kind::V => warp.v[usize::from(source.n)],
        _ => VReg::splat(warp.uniform(source, inst.imm)),
    };
    let flow = if active == !0 && store_row::<SIZE>(warp, inst, &addresses, &values) {
        Flow::Next
    } else {
        warp.each(inst, access::WRITE, &addresses, active, |warp, lane, place| warp.store_place(place, lane, SIZE as u32, values.get(lane)))
    };
    order_before(inst);
    flow
}

/// Stores all lanes in one piece if their places are neighbours; otherwise, and if there is a
/// fault, says so, having stored at most some of it.
fn store_row<const SIZE: usize>(warp: &mut Warp, inst: &Decoded, addresses: &VReg, values: &VReg) -> bool {
    let neighbours = match SIZE {
        1 => neighbours::<1>(addresses),
        2 => neighbours::<2>(addresses),
        4 => neighbours::<4>(addresses),
        _ => neighbours::<8>(addresses),
    };
    if !neighbours {
        return false;
    }
    let mut row = [0; 8 * LANES];
    let row = &mut row[..SIZE * LANES];
    for lane in 0..LANES {
        row[SIZE * lane..SIZE * (lane + 1)].copy_from_slice(&values.get(lane).to_le_bytes()[..SIZE]);
    }
    match place(space_of(inst), addresses.get(0)) {
        Place::Global(va) => warp.launch.window().write(va, row).is_ok(),
        Place::Shared(at) => match warp.shared.get_mut(at as usize..).and_then(|s| s.get_mut(..row.len())) {
            Some(bytes) => {
                bytes.copy_from_slice(row);
                true
            }
            None => false,
        },
        Place::Local(_) | Place::Param(_) => false,
    }
}

fn store_scalar(warp: &mut Warp, inst: &Decoded) -> Flow {
    let exec = warp.exec();
    if exec == 0 {
        return Flow::Next;
    }
    let address = warp.uniform(inst.src[0], 0).wrapping_add(inst.imm);
    let value = warp.uniform(inst.src[1], 0);
    let lane = exec.trailing_zeros() as usize;
    let size = inst.ty.bytes();
    let place = place(space_of(inst), address);
    let result = warp.check(place, size).and_then(|()| warp.store_place(place, lane, size, value));
    order_before(inst);
    match result {
        Ok(()) => Flow::Next,
        Err(bad) => warp.fault(bad.kind, access::WRITE, size, bad.va, 1 << lane),
    }
}

/// A word that atomic operations work on.
trait AtomicWord: Word {
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

fn atomic<W: AtomicWord>(warp: &mut Warp, inst: &Decoded) -> Flow {
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

fn fence_all(_: &mut Warp, _: &Decoded) -> Flow {
    fence(Ordering::SeqCst);
    Flow::Next
}

fn is_space(warp: &mut Warp, inst: &Decoded) -> Flow {
    let (param, size) = (warp.launch.descriptor().param_va, u64::from(warp.launch.descriptor().param_size));
    let test = |address: u64| {
        let place = place(space::GENERIC, address);
        match space_of(inst) {
            space::SHARED => matches!(place, Place::Shared(_)),
            space::LOCAL => matches!(place, Place::Local(_)),
            space::PARAM => address.wrapping_sub(param) < size,
            _ => matches!(place, Place::Global(_)),
        }
    };
    if inst.d_kind == Kind::S {
        let value = test(warp.uniform(inst.src[0], 0));
        warp.state.s[usize::from(inst.d)] = value.into();
        return Flow::Next;
    }
    let active = warp.active(inst);
    let addresses = match inst.src[0].kind {
        Kind::V => warp.v[usize::from(inst.src[0].n)],
        _ => VReg::splat(warp.uniform(inst.src[0], 0)),
    };
    let bits = (0..LANES).fold(0, |bits, lane| bits | u32::from(test(addresses.get(lane))) << lane);
    let old = warp.state.m[usize::from(inst.d & 31)];
    warp.set_mask(inst.d, (old & !active) | (bits & active));
    Flow::Next
}
