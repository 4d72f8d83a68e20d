// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A PCI configuration space: built once, then read and written by the client.
//!
//! Every byte has a value and a mask of the bits that software may change. Two writes mean more
//! than storage, because they are how resets reach a device on this bus: the *function-level
//! reset* bit of the PCI Express device control register, and the return from power state D3hot
//! to D0. Offsets and bits are those of the PCI Local Bus 3.0, PCI Power Management 1.2 and PCI
//! Express 4.0 specifications.

/// Bytes of a PCI Express configuration space.
pub const SIZE: usize = 4096;

const COMMAND: usize = 0x04;
const STATUS: usize = 0x06;
const BARS: usize = 0x10;
const CAPABILITIES: usize = 0x34;
const FIRST_CAPABILITY: usize = 0x40;

const CAP_POWER: u8 = 0x01;
const CAP_EXPRESS: u8 = 0x10;
const CAP_MSIX: u8 = 0x11;

const EXPRESS_DEVCTL: usize = 8;
const DEVCTL_FLR: u16 = 1 << 15;
const POWER_CONTROL: usize = 4;

/// What a write asks of the device, beyond storage.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Nothing.
    None,
    /// A function-level reset.
    FunctionReset,
    /// The device left D3hot, which resets it.
    PowerReset,
}

/// Who the device is.
#[derive(Debug, Clone, Copy)]
pub struct Identity {
    /// Vendor id, also of the subsystem.
    pub vendor: u16,
    /// Device id, also of the subsystem.
    pub device: u16,
    /// Class, subclass and programming interface, 24 bits.
    pub class: u32,
    /// Revision.
    pub revision: u8,
}

/// Builds a [`ConfigSpace`]. Capabilities are laid out in the order of the calls.
#[derive(Debug)]
pub struct Builder {
    space: ConfigSpace,
    /// Where the pointer to the next capability is stored.
    link: usize,
    /// Where the next capability goes.
    next: usize,
}

impl Builder {
    /// A type 0 header without BARs and capabilities.
    pub fn new(identity: Identity) -> Builder {
        let mut space = ConfigSpace { bytes: vec![0; SIZE], mask: vec![0; SIZE], initial: Vec::new(), devctl: None, pmcsr: None };
        space.put16(0x00, identity.vendor);
        space.put16(0x02, identity.device);
        space.bytes[0x08] = identity.revision;
        space.bytes[0x09..0x0c].copy_from_slice(&identity.class.to_le_bytes()[..3]);
        space.put16(0x2c, identity.vendor);
        space.put16(0x2e, identity.device);
        // Memory, bus master, parity, SERR, INTx disable.
        space.mask16(COMMAND, 0x0546);
        space.mask[0x0c] = 0xff; // cache line size
        space.mask[0x3c] = 0xff; // interrupt line
        Builder { space, link: CAPABILITIES, next: FIRST_CAPABILITY }
    }

    /// A 64-bit memory BAR that takes the slots `index` and `index + 1`. `size` is a power of two
    /// and at least 4096.
    pub fn bar64(mut self, index: u32, size: u64, prefetchable: bool) -> Builder {
        assert!(size.is_power_of_two() && size >= 4096 && index < 5);
        let at = BARS + 4 * index as usize;
        self.space.bytes[at] = 0b0100 | u8::from(prefetchable) << 3;
        self.space.mask[at..at + 8].copy_from_slice(&(!(size - 1)).to_le_bytes());
        self
    }

    /// A 32-bit memory BAR, not prefetchable. `size` is a power of two and at least 4096.
    pub fn bar32(mut self, index: u32, size: u32) -> Builder {
        assert!(size.is_power_of_two() && size >= 4096 && index < 6);
        let at = BARS + 4 * index as usize;
        self.space.mask[at..at + 4].copy_from_slice(&(!(size - 1)).to_le_bytes());
        self
    }

    /// Power management with D0 and D3hot; the way back to D0 resets the device.
    pub fn power_management(mut self) -> Builder {
        let at = self.capability(CAP_POWER, 8);
        self.space.put16(at + 2, 0x0003); // version 1.2
        self.space.mask16(at + POWER_CONTROL, 0x0003); // power state
        self.space.pmcsr = Some(at + POWER_CONTROL);
        self
    }

    /// A PCI Express endpoint with function-level reset. `speed` is the link's generation, 1 to
    /// 5; `width` its number of lanes.
    pub fn express(mut self, speed: u8, width: u8) -> Builder {
        let at = self.capability(CAP_EXPRESS, 0x3c);
        let link = u16::from(speed) | u16::from(width) << 4;
        self.space.put16(at + 2, 0x0002); // version 2, endpoint
        self.space.put32(at + 4, 1 << 28 | 1 << 15); // FLR, role-based error reporting
        self.space.put16(at + EXPRESS_DEVCTL, 0x2810); // power-on value of the specification
        self.space.mask16(at + EXPRESS_DEVCTL, 0x7fff);
        self.space.put32(at + 0x0c, u32::from(link));
        self.space.mask16(at + 0x10, 0x0fcb); // link control
        self.space.put16(at + 0x12, link);
        self.space.put32(at + 0x2c, ((1u32 << speed) - 1) << 1); // supported speeds
        self.space.put16(at + 0x30, u16::from(speed)); // target speed
        self.space.devctl = Some(at + EXPRESS_DEVCTL);
        self
    }

    /// MSI-X with `vectors` vectors, table and pending bits in BAR `bar` at these offsets.
    pub fn msix(mut self, vectors: u16, bar: u8, table: u32, pending: u32) -> Builder {
        assert!((1..=2048).contains(&vectors) && bar < 6 && (table | pending) % 8 == 0);
        let at = self.capability(CAP_MSIX, 12);
        self.space.put16(at + 2, vectors - 1);
        self.space.mask16(at + 2, 0xc000); // enable, mask all
        self.space.put32(at + 4, table | u32::from(bar));
        self.space.put32(at + 8, pending | u32::from(bar));
        self
    }

    fn capability(&mut self, id: u8, size: usize) -> usize {
        let at = self.next;
        assert!(at + size <= 256, "capabilities exceed the configuration space");
        self.space.bytes[at] = id;
        self.space.bytes[self.link] = at as u8;
        self.space.bytes[STATUS] |= 1 << 4; // has capabilities
        self.link = at + 1;
        self.next = (at + size).next_multiple_of(4);
        at
    }

    /// The finished space.
    pub fn build(mut self) -> ConfigSpace {
        self.space.initial = self.space.bytes.clone();
        self.space
    }
}

/// The configuration space of one function.
#[derive(Debug, Clone)]
pub struct ConfigSpace {
    bytes: Vec<u8>,
    mask: Vec<u8>,
    initial: Vec<u8>,
    devctl: Option<usize>,
    pmcsr: Option<usize>,
}

impl ConfigSpace {
    /// Copies from `offset` on into `data`; bytes beyond the end are 0.
    pub fn read(&self, offset: u64, data: &mut [u8]) {
        for (i, byte) in data.iter_mut().enumerate() {
            let at = usize::try_from(offset).ok().and_then(|o| o.checked_add(i));
            *byte = at.and_then(|at| self.bytes.get(at)).copied().unwrap_or(0);
        }
    }

    /// Stores the writable bits of `data` and says what else the write means. After a reset the
    /// space has its power-on contents again.
    pub fn write(&mut self, offset: u64, data: &[u8]) -> Effect {
        let power_before = self.power_state();
        let mut wants_reset = false;
        for (i, &byte) in data.iter().enumerate() {
            let Some(at) = usize::try_from(offset).ok().and_then(|o| o.checked_add(i)) else {
                break;
            };
            let Some(&mask) = self.mask.get(at) else {
                break;
            };
            self.bytes[at] = self.bytes[at] & !mask | byte & mask;
            let flr = (DEVCTL_FLR >> 8) as u8;
            wants_reset |= self.devctl.is_some_and(|d| d + 1 == at) && byte & flr != 0;
        }
        let effect = if wants_reset {
            Effect::FunctionReset
        } else if power_before == 3 && self.power_state() == 0 {
            Effect::PowerReset
        } else {
            return Effect::None;
        };
        self.reset();
        effect
    }

    /// Returns to the power-on contents.
    pub fn reset(&mut self) {
        self.bytes.copy_from_slice(&self.initial);
    }

    fn power_state(&self) -> u8 {
        self.pmcsr.map_or(0, |at| self.bytes[at] & 3)
    }

    fn put16(&mut self, at: usize, value: u16) {
        self.bytes[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }

    fn put32(&mut self, at: usize, value: u32) {
        self.bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }

    fn mask16(&mut self, at: usize, value: u16) {
        self.mask[at..at + 2].copy_from_slice(&value.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn space() -> ConfigSpace {
        Builder::new(Identity { vendor: 0x1234, device: 0x6978, class: 0x12_0000, revision: 1 })
            .bar64(0, 2 << 20, false)
            .bar64(2, 4 << 30, true)
            .bar64(4, 4096, false)
            .power_management()
            .express(4, 16)
            .msix(2, 4, 0, 0x800)
            .build()
    }

    fn read32(space: &ConfigSpace, at: u64) -> u32 {
        let mut bytes = [0; 4];
        space.read(at, &mut bytes);
        u32::from_le_bytes(bytes)
    }

    /// Offset of the capability `id`, found as a driver finds it.
    fn find(space: &ConfigSpace, id: u8) -> u64 {
        let mut at = read32(space, 0x34) as u8;
        while at != 0 {
            let word = read32(space, at.into());
            if word as u8 == id {
                return at.into();
            }
            at = (word >> 8) as u8;
        }
        panic!("no capability {id:#x}");
    }

    #[test]
    fn identity_and_class_are_where_pci_wants_them() {
        let space = space();
        assert_eq!(read32(&space, 0), 0x6978_1234);
        assert_eq!(read32(&space, 8), 0x1200_0001);
        assert_eq!(read32(&space, 0x2c), 0x6978_1234);
    }

    #[test]
    fn writing_ones_to_a_bar_reads_back_its_size() {
        let mut space = space();
        space.write(0x10, &[0xff; 24]);
        let bar = |i: u64| u64::from(read32(&space, 0x10 + 8 * i)) | u64::from(read32(&space, 0x14 + 8 * i)) << 32;
        assert_eq!(!(bar(0) & !0xf) + 1, 2 << 20);
        assert_eq!(!(bar(1) & !0xf) + 1, 4 << 30);
        assert_eq!(!(bar(2) & !0xf) + 1, 4096);
        assert_eq!([bar(0) & 0xf, bar(1) & 0xf, bar(2) & 0xf], [4, 0xc, 4]);
    }

    #[test]
    fn read_only_bits_stay() {
        let mut space = space();
        assert_eq!(space.write(0, &[0xff; 4]), Effect::None);
        assert_eq!(read32(&space, 0), 0x6978_1234);
    }

    #[test]
    fn function_reset_bit_resets_and_reads_zero() {
        let mut space = space();
        let at = find(&space, CAP_EXPRESS) + 8;
        space.write(4, &[6, 0]);
        assert_eq!(space.write(at, &[0x10, 0x28]), Effect::None);
        assert_eq!(space.write(at, &[0x10, 0xa8]), Effect::FunctionReset);
        assert_eq!(read32(&space, at) & 0xffff, 0x2810);
        assert_eq!(read32(&space, 4) & 0xffff, 0);
    }

    #[test]
    fn leaving_d3hot_resets() {
        let mut space = space();
        let at = find(&space, CAP_POWER) + 4;
        assert_eq!(space.write(at, &[3, 0]), Effect::None);
        assert_eq!(space.write(at, &[3, 0]), Effect::None);
        assert_eq!(space.write(at, &[0, 0]), Effect::PowerReset);
        assert_eq!(space.write(at, &[0, 0]), Effect::None);
    }

    #[test]
    fn accesses_beyond_the_end_are_harmless() {
        let mut space = space();
        let mut bytes = [1; 8];
        space.read(4092, &mut bytes);
        assert_eq!(bytes, [0; 8]);
        space.read(u64::MAX - 2, &mut bytes);
        assert_eq!(space.write(u64::MAX - 2, &bytes), Effect::None);
        assert_eq!(space.write(4094, &bytes), Effect::None);
    }

    #[test]
    fn msix_capability_names_table_and_pending_bits() {
        let space = space();
        let at = find(&space, CAP_MSIX);
        assert_eq!(read32(&space, at) >> 16, 1);
        assert_eq!(read32(&space, at + 4), 4);
        assert_eq!(read32(&space, at + 8), 0x804);
    }
}
