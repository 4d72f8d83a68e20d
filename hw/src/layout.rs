// SPDX-License-Identifier: Apache-2.0 OR MIT
//! How a structure in memory is described.
//!
//! A *layout* is a little-endian structure of fixed size that driver or client and device share.
//! `layout!` declares it once: the `#[repr(C)]` type, a compile-time check of every offset, and
//! a table of [`Field`]s from which documentation and fuzzers work. All fields are integers and
//! there is no implicit padding, so any bytes are a valid value.

/// One field of a layout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Name of the field.
    pub name: &'static str,
    /// Offset in bytes from the start of the structure.
    pub offset: usize,
    /// Size in bytes.
    pub size: usize,
    /// Meaning, units and range.
    pub doc: &'static str,
}

/// A structure shared with the device, with its fields in order of their offsets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Layout {
    /// Name of the structure.
    pub name: &'static str,
    /// Size in bytes.
    pub size: usize,
    /// Meaning of the whole.
    pub doc: &'static str,
    /// Fields; they cover the structure without holes.
    pub fields: &'static [Field],
}

/// Declares a structure shared with the device: see the module's documentation.
macro_rules! layout {
    (
        $(#[doc = $doc:literal])+
        pub struct $name:ident, $size:literal bytes {
            $( $(#[doc = $fdoc:literal])+ $off:literal $field:ident : $ty:ty, )+
        }
    ) => {
        $(#[doc = $doc])+
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(C)]
        pub struct $name {
            $( $(#[doc = $fdoc])+ pub $field: $ty, )+
        }
        impl $name {
            /// The description of this structure.
            pub const LAYOUT: super::layout::Layout = super::layout::Layout {
                name: stringify!($name),
                size: $size,
                doc: concat!($($doc, "\n"),+),
                fields: &[$( super::layout::Field {
                    name: stringify!($field),
                    offset: $off,
                    size: core::mem::size_of::<$ty>(),
                    doc: concat!($($fdoc, "\n"),+),
                } ),+],
            };
            /// All bytes zero.
            pub const ZERO: Self = Self { $( $field: <$ty as super::layout::Zero>::ZERO, )+ };
        }
        impl Default for $name {
            fn default() -> Self { Self::ZERO }
        }
        const _: () = {
            assert!(core::mem::size_of::<$name>() == $size);
            $( assert!(core::mem::offset_of!($name, $field) == $off); )+
            assert!($name::LAYOUT.is_dense());
        };
    };
}

/// Types with a value of which all bytes are zero.
pub trait Zero {
    /// That value.
    const ZERO: Self;
}
impl Zero for u8 {
    const ZERO: Self = 0;
}
impl Zero for u16 {
    const ZERO: Self = 0;
}
impl Zero for u32 {
    const ZERO: Self = 0;
}
impl Zero for u64 {
    const ZERO: Self = 0;
}
impl<T: Zero + Copy, const N: usize> Zero for [T; N] {
    const ZERO: Self = [T::ZERO; N];
}

impl Layout {
    /// Whether the fields follow one another without holes and end at the size.
    pub const fn is_dense(&self) -> bool {
        let mut at = 0;
        let mut i = 0;
        while i < self.fields.len() {
            if self.fields[i].offset != at {
                return false;
            }
            at += self.fields[i].size;
            i += 1;
        }
        at == self.size
    }
}
