// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How a graph copies and fills.
//!
//! Between memory that the device reaches, a slice of a box is one packet. Pageable memory is read
//! or written when the node runs, not before: a host function copies between it and the *staging*
//! part of the graph's memory, and packets copy between that and the other side.

use super::node::{self, Space};
use crate::copy::{self, Extent};
use crate::error::{Error, Result};
use crate::packets::{Packet, Raw};
use ix_hw::packet::{self, header, Opcode};

/// A copy that the CPU makes.
#[derive(Debug, Clone, Copy)]
pub struct OnHost {
    to: (u64, u64),
    from: (u64, u64),
    extent: Extent,
}

impl OnHost {
    /// Makes the copy.
    ///
    /// # Safety
    /// The program's memory is valid, as its copy node says.
    pub unsafe fn run(&self) {
        // SAFETY: the program's memory by its word; staging is large enough for all slices.
        unsafe { copy::copy_on_cpu((self.to.0 as *mut u8, self.to.1), (self.from.0 as *const u8, self.from.1), self.extent) };
    }
}

/// A step of a copy.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// By the device.
    Packet(packet::Copy),
    /// By the CPU.
    Host(OnHost),
}

/// A side's slice: its address and pitch; `None` when it is out of the address space.
pub fn slice(side: &node::Side, z: u64, size: [u64; 3]) -> Option<(u64, u64)> {
    let pitch = if side.pitch == 0 { side.offset[0].checked_add(size[0])? } else { side.pitch };
    let height = if side.height == 0 { side.offset[1].checked_add(size[1])? } else { side.height };
    let row = (side.offset[2].checked_add(z)?).checked_mul(height)?.checked_add(side.offset[1])?;
    Some((side.start.checked_add(row.checked_mul(pitch)?)?.checked_add(side.offset[0])?, pitch))
}

/// A side of a copy at an address with a pitch.
pub fn resolve(side: &node::Side, (address, pitch): (u64, u64), extent: Extent) -> Result<copy::Side> {
    match side.space {
        Space::Device => copy::Side::device(address, pitch, extent),
        Space::Host | Space::Unified => copy::Side::any(address, pitch, extent),
    }
}

/// Bytes of staging that a copy needs.
pub fn staging(copy: &node::Copy) -> Result<u64> {
    let pageable = steps(copy, 0)?.iter().any(|step| matches!(step, Step::Host(_)));
    if !pageable {
        return Ok(0);
    }
    let bytes = copy.size.iter().try_fold(1u64, |n, m| n.checked_mul(*m));
    bytes.ok_or_else(|| Error::invalid("the copied box is larger than the address space"))
}

/// The steps of a copy with staging at `staging`.
pub fn steps(copy: &node::Copy, staging: u64) -> Result<Vec<Step>> {
    let [width, rows, slices] = copy.size;
    let (mut before, mut packets, mut after) = (Vec::new(), Vec::new(), Vec::new());
    if width == 0 || rows == 0 {
        return Ok(packets);
    }
    let extent = Extent { width, rows };
    for z in 0..slices {
        let large = || Error::invalid("the copied box is larger than the address space");
        let (to_at, from_at) = (slice(&copy.to, z, copy.size).ok_or_else(large)?, slice(&copy.from, z, copy.size).ok_or_else(large)?);
        if rows > 1 && (to_at.1 < width || from_at.1 < width) {
            return Err(Error::invalid(format!("rows of {width} bytes with pitches of {} and {}", from_at.1, to_at.1)));
        }
        let (to, from) = (resolve(&copy.to, to_at, extent)?, resolve(&copy.from, from_at, extent)?);
        let stage = (staging + z * width * rows, width);
        match (to.is_pageable(), from.is_pageable()) {
            (false, false) => packets.push(Step::Packet(copy::packet(to_at, from_at, extent)?)),
            (true, false) => {
                packets.push(Step::Packet(copy::packet(stage, from_at, extent)?));
                after.push(Step::Host(OnHost { to: to_at, from: stage, extent }));
            }
            (false, true) => {
                before.push(Step::Host(OnHost { to: stage, from: from_at, extent }));
                packets.push(Step::Packet(copy::packet(to_at, stage, extent)?));
            }
            (true, true) => before.push(Step::Host(OnHost { to: to_at, from: from_at, extent })),
        }
    }
    before.append(&mut packets);
    before.append(&mut after);
    Ok(before)
}

/// The packet of a fill, if there is anything to fill.
pub fn fill(fill: &node::Fill) -> Result<Option<packet::Fill>> {
    let shape = copy::Rows { pitch: fill.pitch, width: fill.width, rows: fill.height };
    copy::fill_packet(fill.to, shape, copy::Element { value: fill.value.into(), size: fill.element }).map(|p| p.map(|(packet, _)| packet))
}

/// A packet with further flags.
pub fn with_flags<P: Packet>(packet: &P, opcode: Opcode, flags: u8) -> Raw {
    let mut raw = packet.raw();
    raw.0[..4].copy_from_slice(&header(opcode, flags).to_le_bytes());
    raw
}
