// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Loads and stores of all lanes together.
//!
//! A *row* is the neighbouring words that the lanes of a full warp access: it is copied in one
//! piece. Lanes that access any words of one space are accessed in one loop. All functions here do
//! the access only if nothing is wrong with it, and else say so: then it is made, or made again,
//! lane by lane.

use ix_hw::isa::mods::space;

use super::comm::lanes;
use super::memory::{extend, place, space_of, Place};
use super::{VReg, Warp, LANES};
use crate::engine::code::{Decoded, Kind};

/// Whether the addresses of all lanes are those of neighbouring words of `size` bytes, aligned.
#[inline(always)]
fn neighbours(addresses: &VReg, size: u32) -> bool {
    let (lo, hi) = (addresses.lo[0], addresses.hi[0]);
    let mut different = lo & (size - 1);
    different |= u32::from(lo > u32::MAX - (LANES as u32 - 1) * size);
    for lane in 0..LANES {
        different |= addresses.lo[lane] ^ lo.wrapping_add(lane as u32 * size);
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

/// Loads all lanes in one piece if their places are neighbours or the same; otherwise, and if
/// there is a fault, does nothing and says so.
#[inline(always)]
pub(super) fn load_row(warp: &mut Warp, inst: &Decoded, addresses: &VReg, out: &mut VReg, size: usize) -> bool {
    let first = place(space_of(inst), addresses.get(0));
    if inst.src[0].kind != Kind::V || same(addresses) {
        // Of local memory each lane has its own.
        if matches!(first, Place::Local(_)) || warp.check(first, size as u32).is_err() {
            return false;
        }
        let Ok(value) = warp.load_place(first, 0, size as u32) else { return false };
        *out = VReg::splat(extend(value, inst.ty));
        return true;
    }
    if !neighbours(addresses, size as u32) {
        return false;
    }
    if let (4, Place::Global(va)) = (size, first) {
        if !warp.launch.window().read_words(va, &mut out.lo) {
            return false;
        }
        if inst.ty.is_signed() {
            out.hi = out.lo.map(|x| ((x as i32) >> 31) as u32);
        }
        return true;
    }
    let mut row = [0; 8 * LANES];
    let row = &mut row[..size * LANES];
    let read = match first {
        Place::Global(va) => warp.launch.window().read_row(va, row).is_ok(),
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
        value[..size].copy_from_slice(&row[size * lane..size * (lane + 1)]);
        out.set(lane, u64::from_le_bytes(value));
    }
    if inst.ty.is_signed() {
        for lane in 0..LANES {
            out.set(lane, extend(out.get(lane), inst.ty));
        }
    }
    true
}

/// Stores all lanes in one piece if their places are neighbours; otherwise, and if there is a
/// fault, says so, having stored at most some of it.
#[inline(always)]
pub(super) fn store_row(warp: &mut Warp, inst: &Decoded, addresses: &VReg, values: &VReg, size: usize) -> bool {
    if !neighbours(addresses, size as u32) {
        return false;
    }
    if let (4, Place::Global(va)) = (size, place(space_of(inst), addresses.get(0))) {
        return warp.launch.window().write_words(va, &values.lo);
    }
    let mut row = [0; 8 * LANES];
    let row = &mut row[..size * LANES];
    for lane in 0..LANES {
        row[size * lane..size * (lane + 1)].copy_from_slice(&values.get(lane).to_le_bytes()[..size]);
    }
    match place(space_of(inst), addresses.get(0)) {
        Place::Global(va) => warp.launch.window().write_row(va, row).is_ok(),
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

/// The space that all active lanes' addresses are in, if it is one.
#[inline(always)]
fn common_space(inst: &Decoded, addresses: &VReg, active: u32) -> Option<u16> {
    let space = space_of(inst);
    if space != space::GENERIC {
        return Some(space);
    }
    let hi = addresses.hi[active.trailing_zeros() as usize & 31];
    let mut different = 0;
    for lane in 0..LANES {
        different |= if active >> lane & 1 != 0 { addresses.hi[lane] ^ hi } else { 0 };
    }
    match place(space, u64::from(hi) << 32) {
        _ if different != 0 => None,
        Place::Shared(_) => Some(space::SHARED),
        Place::Local(_) => Some(space::LOCAL),
        _ => Some(space::GLOBAL),
    }
}

/// Whether the addresses of all active lanes are multiples of `size` and, with `size` bytes from
/// there, below `limit` in their lower 32 bits.
#[inline(always)]
fn fit(addresses: &VReg, active: u32, limit: usize, size: usize) -> bool {
    let last = limit as u64 as i64 - size as i64;
    let mut bad = false;
    for lane in 0..LANES {
        let at = addresses.lo[lane];
        let on = active >> lane & 1 != 0;
        bad |= on & ((at as usize & (size - 1) != 0) | (i64::from(at) > last));
    }
    !bad
}

impl Warp<'_> {
    /// Memory of the shared or local space: its bytes for this warp, those between the starts of
    /// two lanes' memory, and those of one lane.
    fn lane_memory(&mut self, space: u16) -> Option<(&mut [u8], usize, usize)> {
        match space {
            space::SHARED => {
                let len = self.shared.len();
                Some((&mut *self.shared, 0, len))
            }
            space::LOCAL => {
                let first = self.warp as usize * LANES * self.local_bytes;
                Some((self.local.get_mut(first..)?, self.local_bytes, self.local_bytes))
            }
            _ => None,
        }
    }
}

/// Loads lanes with any addresses, if all are in the same space and right; else says so.
#[inline(always)]
pub(super) fn load_lanes(warp: &mut Warp, inst: &Decoded, addresses: &VReg, active: u32, out: &mut VReg, size: usize) -> bool {
    let Some(space) = common_space(inst, addresses, active) else { return false };
    if space == space::GLOBAL {
        if !fit(addresses, active, 1 << 33, size) {
            return false;
        }
        let va: [u64; LANES] = std::array::from_fn(|lane| addresses.get(lane));
        let window = warp.launch.window();
        match size {
            4 => {
                if !window.gather(&va, active, &mut out.lo) {
                    return false;
                }
            }
            8 => {
                let mut words = [0u64; LANES];
                if !window.gather(&va, active, &mut words) {
                    return false;
                }
                for (lane, word) in words.iter().enumerate() {
                    out.set(lane, *word);
                }
            }
            _ => return false,
        }
    } else {
        let Some((bytes, apart, limit)) = warp.lane_memory(space) else { return false };
        if !fit(addresses, active, limit, size) {
            return false;
        }
        for lane in lanes(active) {
            let at = lane * apart + addresses.lo[lane] as usize;
            let mut value = [0; 8];
            if let Some(bytes) = bytes.get(at..at + size) {
                value[..size].copy_from_slice(bytes);
            }
            out.set(lane, u64::from_le_bytes(value));
        }
    }
    if inst.ty.is_signed() {
        for lane in 0..LANES {
            out.set(lane, extend(out.get(lane), inst.ty));
        }
    }
    true
}

/// Stores lanes likewise, one after another; if there is a fault, some may have been stored.
#[inline(always)]
pub(super) fn store_lanes(warp: &mut Warp, inst: &Decoded, addresses: &VReg, active: u32, values: &VReg, size: usize) -> bool {
    let Some(space) = common_space(inst, addresses, active) else { return false };
    if space == space::GLOBAL {
        if !fit(addresses, active, 1 << 33, size) {
            return false;
        }
        let va: [u64; LANES] = std::array::from_fn(|lane| addresses.get(lane));
        let window = warp.launch.window();
        return match size {
            4 => window.scatter(&va, active, &values.lo),
            8 => window.scatter(&va, active, &std::array::from_fn(|lane| values.get(lane))),
            _ => false,
        };
    }
    let Some((bytes, apart, limit)) = warp.lane_memory(space) else { return false };
    if !fit(addresses, active, limit, size) {
        return false;
    }
    for lane in lanes(active) {
        let at = lane * apart + addresses.lo[lane] as usize;
        if let Some(bytes) = bytes.get_mut(at..at + size) {
            bytes.copy_from_slice(&values.get(lane).to_le_bytes()[..size]);
        }
    }
    true
}
