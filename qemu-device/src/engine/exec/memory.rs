// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Loads, stores and atomic operations.
//!
//! A *place* is an address after its space has been found: in global memory (the window), in the
//! block's shared memory, in the local memory of the lane's thread, or in the parameter block.
//! Before a lane accesses anything, all lanes' places are found and checked for alignment and
//! range; page faults show only in the access itself. Every lane tries its access, so that the
//! fault names all lanes that cannot.
//!
//! That is the way for faults and for what is rare. Lanes whose places are of one space are accessed
//! faster ([`rows`](super::rows)); if that does not succeed, they are accessed again in this way.

use std::sync::atomic::{fence, Ordering};

use ix_hw::fault::{access, kind};
use ix_hw::isa::mods::{self as m, order, space, Mods};
use ix_hw::isa::{Inst, Op, Type};
use ix_hw::mmu;

use super::atomic;
use super::comm::lanes;
use super::map::for_processor;
use super::rows::{load_lanes, load_row, store_lanes, store_row};
use super::{Flow, Run, VReg, Warp, LANES};
use crate::engine::code::{Decoded, Kind};
use crate::engine::guard::PageFault;

pub(super) fn select(inst: &Inst) -> Option<Run> {
    let scalar = inst.is_scalar();
    Some(match inst.op {
        Op::Ld if scalar => load_scalar,
        Op::Ld => match inst.ty.bytes() {
            1 => run_load::<Bytes<1>>(),
            2 => run_load::<Bytes<2>>(),
            4 => run_load::<Bytes<4>>(),
            _ => run_load::<Bytes<8>>(),
        },
        Op::St if scalar => store_scalar,
        Op::St => match inst.ty.bytes() {
            1 => run_store::<Bytes<1>>(),
            2 => run_store::<Bytes<2>>(),
            4 => run_store::<Bytes<4>>(),
            _ => run_store::<Bytes<8>>(),
        },
        Op::Fence => fence_all,
        Op::Isspacep => is_space,
        Op::Atom | Op::Red | Op::Cas => match inst.ty.bytes() {
            2 => atomic::run::<u16>,
            4 => atomic::run::<u32>,
            _ => atomic::run::<u64>,
        },
        _ => return None,
    })
}

/// Where an access goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Place {
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
pub(super) struct Bad {
    pub kind: u32,
    pub va: u64,
}

impl From<PageFault> for Bad {
    fn from(fault: PageFault) -> Bad {
        Bad { kind: kind::PAGE, va: fault.va }
    }
}

/// Faults of the lanes of an instruction.
#[derive(Debug, Default)]
pub(super) struct Faults {
    pub first: Option<Bad>,
    pub lanes: u32,
}

impl Faults {
    pub fn add(&mut self, lane: usize, bad: Bad) {
        self.first.get_or_insert(bad);
        self.lanes |= 1 << lane;
    }
}

/// The place of an address. In the spaces other than generic and global only 32 bits count.
#[inline(always)]
pub(super) fn place(space: u16, address: u64) -> Place {
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

pub(super) fn space_of(inst: &Decoded) -> u16 {
    Mods(inst.mods).get(&m::SPACE)
}

impl Warp<'_> {
    /// Addresses of all lanes: source a plus displacement.
    #[inline(always)]
    pub(super) fn addresses(&self, inst: &Decoded) -> VReg {
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
    pub(super) fn check(&self, place: Place, size: u32) -> Result<(), Bad> {
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
    pub(super) fn load_place(&mut self, place: Place, lane: usize, size: u32) -> Result<u64, Bad> {
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
    pub(super) fn store_place(&mut self, place: Place, lane: usize, size: u32, value: u64) -> Result<(), Bad> {
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
    pub(super) fn each(
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

/// A loaded value extended by its type.
#[inline(always)]
pub(super) fn extend(value: u64, ty: Type) -> u64 {
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

/// A width of accesses.
pub(in crate::engine) trait Width {
    /// Bytes.
    const SIZE: usize;
}
struct Bytes<const N: usize>;
impl<const N: usize> Width for Bytes<N> {
    const SIZE: usize = N;
}

for_processor!(
    /// Loads into vector registers.
    run_load = load of Width
);
for_processor!(
    /// Stores with a vector address or value.
    run_store = store of Width
);

#[inline(always)]
fn load<W: Width>(warp: &mut Warp, inst: &Decoded) -> Flow {
    let active = warp.active(inst);
    if active == 0 {
        return Flow::Next;
    }
    order_before(inst);
    let addresses = warp.addresses(inst);
    let mut out = VReg::ZERO;
    if (active == !0 && load_row(warp, inst, &addresses, &mut out, W::SIZE))
        || load_lanes(warp, inst, &addresses, active, &mut out, W::SIZE)
    {
        warp.write(inst.d, &out, active);
        return Flow::Next;
    }
    let flow = warp.each(inst, access::READ, &addresses, active, |warp, lane, place| {
        let value = warp.load_place(place, lane, W::SIZE as u32)?;
        out.set(lane, extend(value, inst.ty));
        Ok(())
    });
    if flow == Flow::Next {
        warp.write(inst.d, &out, active);
    }
    flow
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

#[inline(always)]
fn store<W: Width>(warp: &mut Warp, inst: &Decoded) -> Flow {
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
    let flow = if (active == !0 && store_row(warp, inst, &addresses, &values, W::SIZE))
        || store_lanes(warp, inst, &addresses, active, &values, W::SIZE)
    {
        Flow::Next
    } else {
        warp.each(inst, access::WRITE, &addresses, active, |warp, lane, place| {
            warp.store_place(place, lane, W::SIZE as u32, values.get(lane))
        })
    };
    order_before(inst);
    flow
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
