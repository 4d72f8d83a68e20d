// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The register page range of BAR 0: see [`ix_hw::regs`].

use super::bytes;
use super::chip::Chip;
use super::sensors::Reading;
use ix_hw::fault::FaultRecord;
use ix_hw::regs::{self as r, Access, Register};
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

/// What register accesses keep between them.
#[derive(Debug, Default)]
pub struct RegisterState {
    admin_lo: u32,
    admin_hi: u32,
    admin_log2: u32,
    /// High halves of counters, latched when the low half is read.
    time_hi: u32,
    energy_hi: u32,
    compute_hi: u32,
    copy_hi: u32,
}

/// The register that contains `offset`, and which word of it.
fn find(offset: u32) -> Option<(&'static Register, u32)> {
    let at = r::ALL.partition_point(|register| register.offset <= offset).checked_sub(1)?;
    let register = &r::ALL[at];
    let word = (offset - register.offset) / 4;
    (word < register.count).then_some((register, word))
}

/// The `n`th 32-bit word of `bytes`, padded with zeros.
fn word_of(bytes: &[u8], n: u32) -> u32 {
    let at = 4 * n as usize;
    let mut word = [0; 4];
    for (to, from) in word.iter_mut().zip(bytes.get(at..).unwrap_or(&[])) {
        *to = *from;
    }
    u32::from_le_bytes(word)
}

impl Chip {
    /// Reads from the registers. Accesses that are not allowed give all ones.
    pub fn read_registers(&self, offset: u64, data: &mut [u8]) {
        match data.len() {
            4 if offset % 4 == 0 => data.copy_from_slice(&self.read_register(offset).to_le_bytes()),
            8 if offset % 8 == 0 => {
                let low = u64::from(self.read_register(offset));
                let high = u64::from(self.read_register(offset + 4));
                data.copy_from_slice(&(low | high << 32).to_le_bytes());
            }
            _ => data.fill(0xff),
        }
    }

    /// Writes to the registers. Accesses that are not allowed do nothing.
    pub fn write_registers(&self, offset: u64, data: &[u8]) {
        let aligned = matches!(data.len(), 4 | 8) && offset % data.len() as u64 == 0;
        for (i, word) in data.chunks_exact(4).enumerate().filter(|_| aligned) {
            let value = word.try_into().map_or(0, u32::from_le_bytes);
            self.write_register(offset + 4 * i as u64, value);
        }
    }

    /// Reads the 32-bit register at `offset`.
    pub fn read_register(&self, offset: u64) -> u32 {
        let Some((register, word)) = u32::try_from(offset).ok().and_then(find) else { return 0 };
        if register.access == Access::Wo {
            return 0;
        }
        let p = &self.shared.profile;
        let now = self.shared.clock.now();
        let counter = |value: u64, high: fn(&mut RegisterState) -> &mut u32| {
            *high(&mut lock(&self.registers)) = (value >> 32) as u32;
            value as u32
        };
        let state = || lock(&self.registers);
        match register.offset {
            r::ID_MAGIC => r::MAGIC,
            r::ID_VERSION => r::ID_VERSION_MAJOR.put(r::VERSION_MAJOR) | r::ID_VERSION_MINOR.put(r::VERSION_MINOR),
            r::STATUS => {
                r::STATUS_READY.put(self.ready.load(Ordering::SeqCst).into())
                    | r::STATUS_ADMIN.put(self.admin.is_running().into())
                    | r::STATUS_WEDGED.put(self.admin.is_wedged().into())
            }
            r::CAP_SM_COUNT => p.sm_count,
            r::CAP_WARP_SIZE => 32,
            r::CAP_WARPS_PER_SM => p.warps_per_sm,
            r::CAP_BLOCKS_PER_SM => p.blocks_per_sm,
            r::CAP_THREADS_PER_BLOCK => p.threads_per_block,
            r::CAP_SHARED_PER_SM => p.shared_per_sm,
            r::CAP_SHARED_PER_BLOCK => p.shared_per_block,
            r::CAP_REGS_PER_SM => p.regs_per_sm,
            r::CAP_VRAM_LO => p.vram_bytes as u32,
            r::CAP_VRAM_HI => (p.vram_bytes >> 32) as u32,
            r::CAP_VA_BITS => p.va_bits,
            r::CAP_VM_COUNT => p.vm_count,
            r::CAP_QUEUE_COUNT => p.queue_count,
            r::CAP_CORE_CLOCK => p.core_clock_khz,
            r::CAP_MEM_CLOCK => p.mem_clock_khz,
            r::CAP_MEM_BUS => p.mem_bus_bits,
            r::CAP_MEM_KIND => p.mem_kind_number().unwrap_or(0),
            r::CAP_PRECISION => p.precision_bits(),
            r::CAP_COPY_ENGINES => p.copy_engines,
            r::CAP_LINKS => p.links,
            r::CAP_L2 => p.l2_bytes,
            r::CAP_POWER_LIMIT => p.power_limit_mw,
            r::CAP_LOCAL_PER_THREAD => p.local_per_thread,
            r::CAP_TEMP_LIMIT => p.temp_limit_mc,
            r::CAP_NAME => word_of(p.name.as_bytes(), word),
            r::CAP_UUID => word_of(&self.uuid, word),
            r::CAP_SERIAL => word_of(self.serial.as_bytes(), word),
            r::ADMIN_RING_LO => state().admin_lo,
            r::ADMIN_RING_HI => state().admin_hi,
            r::ADMIN_RING_LOG2 => state().admin_log2,
            r::ADMIN_ENABLE => self.admin.is_running().into(),
            r::INTR_STATUS => self.shared.events.causes(),
            r::FAULT_COUNT => self.shared.events.count(),
            r::FAULT_LOST => self.shared.events.lost(),
            r::FAULT_RECORD => {
                let record: FaultRecord = self.shared.events.oldest();
                word_of(bytes::encode(&record), word)
            }
            r::TIME_LO => counter(now, |s| &mut s.time_hi),
            r::TIME_HI => state().time_hi,
            r::SENSOR_TEMP => self.sense(now).temp_mc,
            r::SENSOR_POWER => self.sense(now).power_mw,
            r::SENSOR_CORE_CLOCK => self.sense(now).core_clock_khz,
            r::SENSOR_MEM_CLOCK => self.sense(now).mem_clock_khz,
            r::SENSOR_FAN => u32::MAX,
            r::SENSOR_ENERGY_LO => counter(self.sense(now).energy_mj, |s| &mut s.energy_hi),
            r::SENSOR_ENERGY_HI => state().energy_hi,
            r::BUSY_COMPUTE_LO => counter(self.shared.compute.total(now), |s| &mut s.compute_hi),
            r::BUSY_COMPUTE_HI => state().compute_hi,
            r::BUSY_COPY_LO => counter(self.shared.copy.total(now), |s| &mut s.copy_hi),
            r::BUSY_COPY_HI => state().copy_hi,
            _ => 0,
        }
    }

    /// Writes the 32-bit register at `offset`.
    pub fn write_register(&self, offset: u64, value: u32) {
        let Some((register, _)) = u32::try_from(offset).ok().and_then(find) else { return };
        match register.offset {
            r::CONTROL if r::CONTROL_RESET.get(value) != 0 => self.reset(),
            r::ADMIN_RING_LO => lock(&self.registers).admin_lo = value,
            r::ADMIN_RING_HI => lock(&self.registers).admin_hi = value,
            r::ADMIN_RING_LOG2 => lock(&self.registers).admin_log2 = value,
            r::ADMIN_ENABLE => {
                let state = lock(&self.registers);
                let address = u64::from(state.admin_hi) << 32 | u64::from(state.admin_lo);
                let ring = (value & 1 != 0).then_some((address, state.admin_log2));
                drop(state);
                self.admin.set_ring(ring);
            }
            r::KICK if value == 0 => self.admin.kick(),
            r::KICK => self.command.kick(value),
            r::INTR_STATUS => self.shared.events.clear_causes(value),
            r::FAULT_POP if value & 1 != 0 => self.shared.events.pop(),
            _ => {}
        }
    }

    fn sense(&self, now: u64) -> Reading {
        self.sensors.read(now, self.shared.compute.total(now), self.shared.copy.total(now))
    }

    pub(super) fn reset_registers(&self) {
        *lock(&self.registers) = RegisterState::default();
    }
}

fn lock(state: &Mutex<RegisterState>) -> std::sync::MutexGuard<'_, RegisterState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_find_their_register_and_word() {
        assert_eq!(find(r::ID_MAGIC).map(|(reg, w)| (reg.name, w)), Some(("ID_MAGIC", 0)));
        assert_eq!(find(r::CAP_NAME + 60).map(|(reg, w)| (reg.name, w)), Some(("CAP_NAME", 15)));
        assert_eq!(find(r::CAP_UUID).map(|(reg, w)| (reg.name, w)), Some(("CAP_UUID", 0)));
        assert!(find(r::KICK + 4).is_none());
        assert!(find(0xfffc).is_none());
    }

    #[test]
    fn words_are_padded_with_zeros() {
        assert_eq!(word_of(b"IX G1", 0), u32::from_le_bytes(*b"IX G"));
        assert_eq!(word_of(b"IX G1", 1), u32::from(b'1'));
        assert_eq!(word_of(b"IX G1", 2), 0);
    }
}
