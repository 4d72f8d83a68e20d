// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The hardware contract's structures as bytes, and back.

use ix_hw::dispatch::Descriptor;
use ix_hw::fault::FaultRecord;
use ix_hw::layout::Layout;
use ix_hw::packet;

/// A structure of the contract: integers only, no padding.
///
/// # Safety
/// Any bytes are a valid value, and every byte of a value is initialised.
pub unsafe trait Plain: Copy + 'static {
    /// Its description.
    const LAYOUT: &'static Layout;
}

macro_rules! plain {
    ($($ty:ty),+ $(,)?) => { $(
        // SAFETY: `layout!` admits integers and arrays of them only, and proves at compile time
        // that they leave no holes.
        unsafe impl Plain for $ty {
            const LAYOUT: &'static Layout = &<$ty>::LAYOUT;
        }
    )+ };
}
plain!(
    Descriptor,
    FaultRecord,
    packet::Plain,
    packet::Dispatch,
    packet::Copy,
    packet::Fill,
    packet::Signal,
    packet::Wait,
    packet::VmCreate,
    packet::VmDestroy,
    packet::Invalidate,
    packet::QueueCreate,
    packet::QueueDestroy,
    packet::PhysCopy,
    packet::PhysFill,
    packet::QueueStatus,
);

/// The structure at the start of `bytes`, which are at least as many as it has.
pub fn decode<T: Plain>(bytes: &[u8]) -> T {
    assert!(bytes.len() >= size_of::<T>());
    // SAFETY: long enough, any bytes are a value, and the read needs no alignment.
    unsafe { bytes.as_ptr().cast::<T>().read_unaligned() }
}

/// The bytes of `value`.
pub fn encode<T: Plain>(value: &T) -> &[u8] {
    // SAFETY: all bytes of the value are initialised.
    unsafe { std::slice::from_raw_parts((&raw const *value).cast(), size_of::<T>()) }
}

/// Whether all fields of `layout` whose name begins with `reserved` are zero in `bytes`.
pub fn reserved_is_zero(layout: &Layout, bytes: &[u8]) -> bool {
    layout
        .fields
        .iter()
        .filter(|field| field.name.starts_with("reserved"))
        .all(|field| bytes[field.offset..field.offset + field.size].iter().all(|&b| b == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn structures_survive_the_way_through_bytes() {
        let packet = packet::Signal { header: 4, va: 0x1000, value: 7, ..packet::Signal::ZERO };
        let bytes = encode(&packet);
        assert_eq!(bytes.len(), packet::SIZE);
        assert_eq!(bytes[8..16], 0x1000u64.to_le_bytes());
        assert_eq!(decode::<packet::Signal>(bytes), packet);
    }

    #[test]
    fn reserved_fields_are_checked_and_others_are_not() {
        let mut packet = packet::Signal { header: 4, value: u64::MAX, ..packet::Signal::ZERO };
        assert!(reserved_is_zero(<packet::Signal as Plain>::LAYOUT, encode(&packet)));
        packet.reserved[3] = 1 << 63;
        assert!(!reserved_is_zero(<packet::Signal as Plain>::LAYOUT, encode(&packet)));
    }
}
