// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The messages, byte for byte.
//!
//! A *message* is a 16-byte [`Header`] and a payload that the command defines; numbers are in the
//! host's byte order. The client sends *commands*; the server answers each with a *reply* of the
//! same id, unless the command says that it wants none. An error reply is a header alone. The
//! layouts are those of the vfio-user specification (libvfio-user, `docs/vfio-user.rst`), most of
//! which are structures of Linux's `<linux/vfio.h>`.

/// Declares a structure of the wire format. All fields are integers and there is no padding, so
/// any bytes are a valid value.
macro_rules! wire {
    (
        $(#[$meta:meta])*
        pub struct $name:ident, $size:literal bytes {
            $( $(#[$fmeta:meta])* $field:ident : $ty:ty, )+
        }
    ) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
        #[repr(C)]
        pub struct $name {
            $( $(#[$fmeta])* pub $field: $ty, )+
        }
        impl $name {
            /// Size in bytes on the wire.
            pub const SIZE: usize = $size;

            /// Decodes the start of `bytes`; `None` when there are too few.
            pub fn decode(bytes: &[u8]) -> Option<Self> {
                let mut rest = bytes;
                $(
                    let (head, tail) = rest.split_first_chunk()?;
                    let $field = <$ty>::from_ne_bytes(*head);
                    rest = tail;
                )+
                let _ = rest;
                Some(Self { $($field),+ })
            }

            /// Appends the encoding to `out`.
            pub fn encode(&self, out: &mut Vec<u8>) {
                $( out.extend_from_slice(&self.$field.to_ne_bytes()); )+
            }

            /// The encoding alone.
            pub fn to_vec(&self) -> Vec<u8> {
                let mut out = Vec::with_capacity(Self::SIZE);
                self.encode(&mut out);
                out
            }
        }
        const _: () = {
            assert!(core::mem::size_of::<$name>() == $size);
            assert!($size == 0 $( + core::mem::size_of::<$ty>() )+);
        };
    };
}

/// Major version of the protocol.
pub const VERSION_MAJOR: u16 = 0;
/// Minor version of the protocol. QEMU refuses a higher one.
pub const VERSION_MINOR: u16 = 0;
/// Most bytes that one region access may carry, in both directions.
pub const MAX_TRANSFER: usize = 1 << 20;
/// Most file descriptors in one message.
pub const MAX_FDS: usize = 16;
/// Largest payload that is accepted: a full region write and its fixed part.
pub const MAX_PAYLOAD: usize = MAX_TRANSFER + RegionAccess::SIZE;

macro_rules! commands {
    ($( $(#[doc = $doc:literal])+ $name:ident = $num:literal, $text:literal; )+) => {
        /// What a message asks for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u16)]
        pub enum Command { $( $(#[doc = $doc])+ $name = $num, )+ }
        impl Command {
            /// All commands that have a number.
            pub const ALL: &'static [Command] = &[$(Command::$name),+];
            /// The command with this number.
            pub fn from_number(n: u16) -> Option<Command> {
                match n { $( $num => Some(Command::$name), )+ _ => None }
            }
            /// Name in the specification, less its prefix.
            pub fn name(self) -> &'static str {
                match self { $( Command::$name => $text, )+ }
            }
        }
    };
}

commands! {
    /// Agrees on version and limits; first message of a connection.
    Version = 1, "VERSION";
    /// Announces a range of client memory.
    DmaMap = 2, "DMA_MAP";
    /// Withdraws a range of client memory.
    DmaUnmap = 3, "DMA_UNMAP";
    /// Asks for the numbers of regions and interrupt types.
    DeviceInfo = 4, "DEVICE_GET_INFO";
    /// Asks for size, flags, mapped areas and file descriptor of a region.
    RegionInfo = 5, "DEVICE_GET_REGION_INFO";
    /// Asks for file descriptors that stand for accesses.
    RegionIoFds = 6, "DEVICE_GET_REGION_IO_FDS";
    /// Asks for the number of interrupts of a type.
    IrqInfo = 7, "DEVICE_GET_IRQ_INFO";
    /// Assigns, removes, masks or triggers interrupts.
    SetIrqs = 8, "DEVICE_SET_IRQS";
    /// Reads from a region.
    RegionRead = 9, "REGION_READ";
    /// Writes to a region.
    RegionWrite = 10, "REGION_WRITE";
    /// Server to client: reads client memory.
    DmaRead = 11, "DMA_READ";
    /// Server to client: writes client memory.
    DmaWrite = 12, "DMA_WRITE";
    /// Resets the device.
    Reset = 13, "DEVICE_RESET";
    /// Several writes in one message.
    RegionWriteMulti = 15, "REGION_WRITE_MULTI";
    /// Optional features.
    Feature = 16, "DEVICE_FEATURE";
    /// Migration data from the device.
    MigrationRead = 17, "MIG_DATA_READ";
    /// Migration data to the device.
    MigrationWrite = 18, "MIG_DATA_WRITE";
}

wire! {
    /// First 16 bytes of every message.
    pub struct Header, 16 bytes {
        /// Chosen by who sends a command, repeated in its reply.
        id: u16,
        /// See [`Command`].
        command: u16,
        /// Bytes of the whole message, header included.
        size: u32,
        /// See [`flags`].
        flags: u32,
        /// Error number in an error reply.
        error: u32,
    }
}

/// Bits of [`Header::flags`].
pub mod flags {
    /// The bits that hold the type.
    pub const TYPE: u32 = 0xf;
    /// Type of a command.
    pub const COMMAND: u32 = 0;
    /// Type of a reply.
    pub const REPLY: u32 = 1;
    /// The command wants no reply.
    pub const NO_REPLY: u32 = 1 << 4;
    /// The reply says that the command failed.
    pub const ERROR: u32 = 1 << 5;
}

wire! {
    /// VERSION, both ways; followed by an optional JSON text that ends with a zero byte.
    pub struct Version, 4 bytes {
        /// Major version.
        major: u16,
        /// Minor version.
        minor: u16,
    }
}

wire! {
    /// DMA_MAP; the file descriptor, if any, comes with the message.
    pub struct DmaMap, 32 bytes {
        /// Size of this structure.
        argsz: u32,
        /// See [`dma`].
        flags: u32,
        /// Offset in the file.
        offset: u64,
        /// First bus address.
        address: u64,
        /// Bytes.
        size: u64,
    }
}

/// Bits of [`DmaMap::flags`] and [`DmaUnmap::flags`].
pub mod dma {
    /// The device may read.
    pub const READ: u32 = 1 << 0;
    /// The device may write.
    pub const WRITE: u32 = 1 << 1;
    /// In DMA_UNMAP: every range; address and size are ignored.
    pub const UNMAP_ALL: u32 = 1 << 1;
}

wire! {
    /// DMA_UNMAP and its reply.
    pub struct DmaUnmap, 24 bytes {
        /// Size of this structure.
        argsz: u32,
        /// See [`dma`].
        flags: u32,
        /// First bus address.
        address: u64,
        /// Bytes.
        size: u64,
    }
}

wire! {
    /// DEVICE_GET_INFO and its reply.
    pub struct DeviceInfo, 16 bytes {
        /// Bytes of reply that the sender takes; in the reply, bytes of the full one.
        argsz: u32,
        /// See [`device`].
        flags: u32,
        /// Number of regions.
        regions: u32,
        /// Number of interrupt types.
        irqs: u32,
    }
}

/// Bits of [`DeviceInfo::flags`].
pub mod device {
    /// DEVICE_RESET works.
    pub const RESET: u32 = 1 << 0;
    /// It is a PCI device.
    pub const PCI: u32 = 1 << 1;
}

wire! {
    /// DEVICE_GET_REGION_INFO and its reply, which may be followed by capabilities.
    pub struct RegionInfo, 32 bytes {
        /// Bytes of reply that the sender takes; in the reply, bytes of the full one.
        argsz: u32,
        /// See [`region`].
        flags: u32,
        /// Index of the region.
        index: u32,
        /// Offset of the first capability from the start of this structure, or 0.
        cap_offset: u32,
        /// Bytes of the region.
        size: u64,
        /// Offset in the file descriptor.
        offset: u64,
    }
}

/// Indices of a PCI device's regions and bits of [`RegionInfo::flags`].
pub mod region {
    /// BARs 0 to 5 have the indices 0 to 5.
    pub const BARS: u32 = 6;
    /// The expansion ROM.
    pub const ROM: u32 = 6;
    /// The configuration space.
    pub const CONFIG: u32 = 7;
    /// Legacy VGA.
    pub const VGA: u32 = 8;
    /// Number of regions of a PCI device.
    pub const COUNT: u32 = 9;

    /// Reads work.
    pub const READ: u32 = 1 << 0;
    /// Writes work.
    pub const WRITE: u32 = 1 << 1;
    /// The file descriptor of the reply can be mapped.
    pub const MMAP: u32 = 1 << 2;
    /// Capabilities follow.
    pub const CAPS: u32 = 1 << 3;
}

wire! {
    /// Header of a region's capability.
    pub struct Capability, 8 bytes {
        /// See [`CAP_SPARSE_MMAP`].
        id: u16,
        /// Version of the capability.
        version: u16,
        /// Offset of the next one from the start of the reply's [`RegionInfo`], or 0.
        next: u32,
    }
}

/// Capability: only parts of the region can be mapped. Followed by a [`SparseMmap`].
pub const CAP_SPARSE_MMAP: u16 = 1;

wire! {
    /// Body of CAP_SPARSE_MMAP; followed by that many [`Area`]s.
    pub struct SparseMmap, 8 bytes {
        /// Number of areas.
        areas: u32,
        /// Zero.
        reserved: u32,
    }
}

wire! {
    /// A part of a region that can be mapped.
    pub struct Area, 16 bytes {
        /// Offset in the region.
        offset: u64,
        /// Bytes.
        size: u64,
    }
}

wire! {
    /// DEVICE_GET_IRQ_INFO and its reply.
    pub struct IrqInfo, 16 bytes {
        /// Bytes of reply that the sender takes; in the reply, bytes of the full one.
        argsz: u32,
        /// See [`irq`].
        flags: u32,
        /// Interrupt type.
        index: u32,
        /// Number of interrupts of the type.
        count: u32,
    }
}

wire! {
    /// DEVICE_SET_IRQS; followed by one byte for each interrupt with [`irq::DATA_BOOL`]. Event
    /// file descriptors come with the message.
    pub struct SetIrqs, 20 bytes {
        /// Size of this structure and what follows.
        argsz: u32,
        /// One data bit and one action bit of [`irq`].
        flags: u32,
        /// Interrupt type.
        index: u32,
        /// First interrupt.
        start: u32,
        /// Number of interrupts.
        count: u32,
    }
}

/// Interrupt types of a PCI device and bits of [`IrqInfo::flags`] and [`SetIrqs::flags`].
pub mod irq {
    /// Level interrupts.
    pub const INTX: u32 = 0;
    /// MSI.
    pub const MSI: u32 = 1;
    /// MSI-X.
    pub const MSIX: u32 = 2;
    /// Device errors.
    pub const ERROR: u32 = 3;
    /// The device asks to be released.
    pub const REQUEST: u32 = 4;
    /// Number of types.
    pub const COUNT: u32 = 5;

    /// Information: event file descriptors work.
    pub const INFO_EVENTFD: u32 = 1 << 0;
    /// Information: masking works.
    pub const INFO_MASKABLE: u32 = 1 << 1;

    /// Data: none; the action applies to all named interrupts.
    pub const DATA_NONE: u32 = 1 << 0;
    /// Data: a byte for each interrupt; the action applies where it is not 0.
    pub const DATA_BOOL: u32 = 1 << 1;
    /// Data: event file descriptors; with none the interrupts lose theirs.
    pub const DATA_EVENTFD: u32 = 1 << 2;
    /// Action: mask.
    pub const ACTION_MASK: u32 = 1 << 3;
    /// Action: unmask.
    pub const ACTION_UNMASK: u32 = 1 << 4;
    /// Action: trigger.
    pub const ACTION_TRIGGER: u32 = 1 << 5;
    /// All data bits.
    pub const DATA: u32 = DATA_NONE | DATA_BOOL | DATA_EVENTFD;
    /// All action bits.
    pub const ACTION: u32 = ACTION_MASK | ACTION_UNMASK | ACTION_TRIGGER;
}

wire! {
    /// REGION_READ, REGION_WRITE and their replies; the data of a write and of the reply to a read
    /// follows.
    pub struct RegionAccess, 16 bytes {
        /// Offset in the region.
        offset: u64,
        /// Index of the region.
        region: u32,
        /// Bytes.
        count: u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn header_survives_encoding_and_decoding() {
        let header = Header { id: 0x1234, command: Command::SetIrqs as u16, size: 36, flags: flags::NO_REPLY, error: 7 };
        let bytes = header.to_vec();
        assert_eq!(bytes.len(), 16);
        assert_eq!(bytes[0..2], 0x1234u16.to_ne_bytes());
        assert_eq!(bytes[4..8], 36u32.to_ne_bytes());
        assert_eq!(Header::decode(&bytes), Some(header));
    }

    #[test]
    fn short_input_decodes_to_none() {
        assert_eq!(Header::decode(&[0; 15]), None);
        assert_eq!(DmaMap::decode(&[0; 31]), None);
        assert_eq!(SetIrqs::decode(&[]), None);
    }

    #[test]
    fn command_numbers_round_trip() {
        for &command in Command::ALL {
            assert_eq!(Command::from_number(command as u16), Some(command));
        }
        assert_eq!(Command::from_number(0), None);
        assert_eq!(Command::from_number(14), None);
        assert_eq!(Command::from_number(19), None);
    }
}
