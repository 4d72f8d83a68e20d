// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Structures of the hardware contract as bytes.

use ix_hw::dispatch::Descriptor;
use ix_hw::fault::FaultRecord;
use ix_hw::packet;

/// A structure of integers without padding, of which every byte pattern is a value.
///
/// # Safety
/// The type is `repr(C)`, has integer fields (or arrays of them) only, and no padding.
pub unsafe trait Plain: Copy + 'static {
    /// Its bytes.
    fn bytes(&self) -> &[u8] {
        // SAFETY: all bytes are initialised, as there is no padding.
        unsafe { std::slice::from_raw_parts(std::ptr::from_ref(self).cast(), size_of::<Self>()) }
    }
}

/// A packet of a ring.
pub trait Packet: Plain {
    /// The packet without its type.
    fn raw(&self) -> Raw {
        let mut bytes = [0; packet::SIZE];
        bytes.copy_from_slice(self.bytes());
        Raw(bytes)
    }
}

/// A packet whose type is not known any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(C, align(64))]
pub struct Raw(pub [u8; packet::SIZE]);

macro_rules! packets {
    ($($name:ident)+) => { $(
        // SAFETY: declared by `layout!`, which checks that there is no padding.
        unsafe impl Plain for packet::$name {}
        impl Packet for packet::$name {}
        const _: () = assert!(size_of::<packet::$name>() == packet::SIZE);
    )+ };
}

packets! { Plain Dispatch Copy Fill Signal Wait VmCreate VmDestroy Invalidate QueueCreate QueueDestroy }

// SAFETY: declared by `layout!`, which checks that there is no padding.
unsafe impl Plain for Descriptor {}

/// The fault record with these bytes.
pub fn fault_record(bytes: [u8; size_of::<FaultRecord>()]) -> FaultRecord {
    // SAFETY: `layout!` makes a structure of integers without padding: any bytes are a value.
    unsafe { std::mem::transmute(bytes) }
}
