// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The types of the C interface, a file for each subject.
//!
//! `types!` declares them once for Rust and for C. Each type knows how C declares something of it
//! ([`CType`]), so that the headers can be written from the tables. Handles and enumerations are
//! numbers wrapped for the type checker's sake: any value may come from a program, and each use
//! checks it. Layouts are those of the CUDA driver interface's structures with the same names.

use crate::trace::value::{named, Show, Value};
use std::ffi::{c_char, c_float, c_int, c_short, c_uint, c_ulonglong, c_ushort, c_void};

/// How C declares something: what stands before its name and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declarator {
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

impl Declarator {
    fn named(name: &str) -> Declarator {
        Declarator { before: name.into(), after: String::new() }
    }

    /// The declaration of `name`.
    pub fn declare(&self, name: &str) -> String {
        let space = if self.before.ends_with('*') { "" } else { " " };
        format!("{}{space}{name}{}", self.before, self.after)
    }
}

/// A type that C can declare.
pub trait CType {
    /// How.
    fn declarator() -> Declarator;
}

macro_rules! spelled {
    ($($ty:ty => $c:literal),+ $(,)?) => { $(
        impl CType for $ty {
            fn declarator() -> Declarator {
                Declarator::named($c)
            }
        }
    )+ };
}

spelled! {
    c_char => "char", u8 => "unsigned char", c_short => "short", c_ushort => "unsigned short", c_uint => "unsigned int", c_int => "int",
    usize => "size_t", c_ulonglong => "unsigned long long", c_float => "float", f64 => "double", c_void => "void",
    IXdevice => "IXdevice", IXdeviceptr => "IXdeviceptr",
    IXmemGenericAllocationHandle => "IXmemGenericAllocationHandle", IXresult => "IXresult",
}

impl<T: CType> CType for *mut T {
    fn declarator() -> Declarator {
        let to = T::declarator();
        let space = if to.before.ends_with('*') { "" } else { " " };
        Declarator { before: format!("{}{space}*", to.before), after: to.after }
    }
}

impl<T: CType> CType for *const T {
    fn declarator() -> Declarator {
        let to = T::declarator();
        let before = if to.before.ends_with('*') { format!("{}const *", to.before) } else { format!("const {} *", to.before) };
        Declarator { before, after: to.after }
    }
}

impl<T: CType, const N: usize> CType for [T; N] {
    fn declarator() -> Declarator {
        let of = T::declarator();
        Declarator { before: of.before, after: format!("[{N}]{}", of.after) }
    }
}

/// A device: its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct IXdevice(pub c_int);

/// An address in device memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct IXdeviceptr(pub u64);

/// Memory that a program created, whatever addresses it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[repr(transparent)]
pub struct IXmemGenericAllocationHandle(pub u64);

/// An error code.
pub type IXresult = crate::error::Code;

impl Show for IXdevice {
    fn show(&self, _: bool) -> Value {
        Value::Integer(self.0.into())
    }
}

impl Show for IXdeviceptr {
    fn show(&self, _: bool) -> Value {
        Value::Address(self.0)
    }
}

impl Show for IXmemGenericAllocationHandle {
    fn show(&self, _: bool) -> Value {
        Value::Address(self.0)
    }
}

impl Show for IXresult {
    fn show(&self, _: bool) -> Value {
        self.cuda_name().map_or(Value::Integer(self.0.into()), |name| Value::Name(name.to_string_lossy().into_owned()))
    }
}

/// An enumeration as the header shows it.
#[derive(Debug)]
pub struct Enumeration {
    /// Name of the type.
    pub name: &'static str,
    /// What it enumerates.
    pub doc: &'static str,
    /// Name, number and meaning.
    pub values: &'static [(&'static str, i32, &'static str)],
}

/// A structure or union as the header shows it.
#[derive(Debug)]
pub struct Structure {
    /// `struct` or `union`.
    pub kind: &'static str,
    /// Name of the type.
    pub name: &'static str,
    /// What it is.
    pub doc: &'static str,
    /// Type and name of each field. One named `anonymous` is a union that stands there without a name.
    pub fields: fn() -> Vec<(Declarator, &'static str)>,
}

/// The type of a function that programs give to the library.
#[derive(Debug)]
pub struct Callback {
    /// Name of the type.
    pub name: &'static str,
    /// What it is for.
    pub doc: &'static str,
    /// What it returns, in C.
    pub returns: fn() -> Declarator,
    /// Type and name of each parameter.
    pub parameters: fn() -> Vec<(Declarator, &'static str)>,
}

/// The types of a subject.
#[derive(Debug)]
pub struct Types {
    /// Name and meaning of handle types.
    pub handles: &'static [(&'static str, &'static str)],
    /// Enumerations.
    pub enumerations: &'static [Enumeration],
    /// Name, value and meaning of flags.
    pub flags: &'static [(&'static str, u32, &'static str)],
    /// Structures and unions, each after those that it contains.
    pub structures: &'static [Structure],
    /// Types of functions.
    pub callbacks: &'static [Callback],
}

/// How a structure or a union is shown: which field of a union counts is known elsewhere.
macro_rules! show_fields {
    (struct $name:ident $($field:ident)+) => {
        impl Show for $name {
            fn show(&self, written: bool) -> Value { Value::Fields(vec![$( (stringify!($field), self.$field.show(written)) ),+]) }
        }
    };
    (union $name:ident $($field:ident)+) => {
        impl Show for $name {
            fn show(&self, _: bool) -> Value { Value::Opaque(size_of::<$name>()) }
        }
    };
}

macro_rules! types {
    ($subject:ident
        handles { $( $(#[doc = $hdoc:literal])+ $handle:ident; )* }
        enumerations { $( $(#[doc = $edoc:literal])+ $enum:ident { $( $(#[doc = $vdoc:literal])+ $value:ident = $number:literal; )+ } )* }
        flags { $( $(#[doc = $fdoc:literal])+ $flag:ident = $bits:literal; )* }
        structures { $( $(#[doc = $sdoc:literal])+ $kind:ident $struct:ident { $($field:ident: $fty:ty),+ $(,)? } )* }
        callbacks { $( $(#[doc = $cdoc:literal])+ $callback:ident($($arg:ident: $aty:ty),*) -> $ret:ty; )* }
    ) => {
        #[allow(unused_imports, reason = "not every subject uses all of them")]
        use super::*;
        $(
            $(#[doc = $hdoc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            #[repr(transparent)]
            pub struct $handle(pub usize);
            impl CType for $handle {
                fn declarator() -> Declarator { Declarator::named(stringify!($handle)) }
            }
            impl Show for $handle {
                fn show(&self, _: bool) -> Value { Value::Address(self.0 as u64) }
            }
        )*
        $(
            $(#[doc = $edoc])+
            #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
            #[repr(transparent)]
            #[allow(non_camel_case_types, reason = "the names of the C interface")]
            pub struct $enum(pub c_int);
            impl CType for $enum {
                fn declarator() -> Declarator { Declarator::named(stringify!($enum)) }
            }
            impl Show for $enum {
                fn show(&self, _: bool) -> Value { named(self.0, &[$( ($number, stringify!($value)) ),+]) }
            }
            $( $(#[doc = $vdoc])+ pub const $value: $enum = $enum($number); )+
        )*
        $( $(#[doc = $fdoc])+ pub const $flag: u32 = $bits; )*
        $(
            $(#[doc = $sdoc])+
            #[derive(Clone, Copy)]
            #[repr(C)]
            #[allow(non_snake_case, non_camel_case_types, missing_docs, reason = "the names of the C structure, whose text tells of the fields")]
            pub $kind $struct { $( pub $field: $fty ),+ }
            impl CType for $struct {
                fn declarator() -> Declarator { Declarator::named(stringify!($struct)) }
            }
            show_fields! { $kind $struct $($field)+ }
            impl Default for $struct {
                /// All bytes zero.
                fn default() -> Self {
                    // SAFETY: fields are numbers, pointers, optional functions and structures and
                    // arrays of them, for all of which zero is a value.
                    unsafe { std::mem::zeroed() }
                }
            }
        )*
        $(
            $(#[doc = $cdoc])+
            #[derive(Debug, Clone, Copy)]
            #[repr(transparent)]
            #[allow(non_camel_case_types, reason = "the names of the C interface")]
            pub struct $callback(pub Option<unsafe extern "C" fn($($aty),*) -> $ret>);
            impl CType for $callback {
                fn declarator() -> Declarator { Declarator::named(stringify!($callback)) }
            }
            impl Show for $callback {
                fn show(&self, _: bool) -> Value { Value::Address(self.0.map_or(0, |function| function as usize as u64)) }
            }
        )*
        #[doc = concat!("Types of the subject ", stringify!($subject), ".")]
        pub const $subject: Types = Types {
            handles: &[$((stringify!($handle), concat!($($hdoc, "\n"),+))),*],
            enumerations: &[$( Enumeration {
                name: stringify!($enum),
                doc: concat!($($edoc, "\n"),+),
                values: &[$( (stringify!($value), $number, concat!($($vdoc, "\n"),+)) ),+],
            } ),*],
            flags: &[$((stringify!($flag), $bits, concat!($($fdoc, "\n"),+))),*],
            structures: &[$( Structure {
                kind: stringify!($kind),
                name: stringify!($struct),
                doc: concat!($($sdoc, "\n"),+),
                fields: || vec![$((<$fty as CType>::declarator(), stringify!($field))),+],
            } ),*],
            callbacks: &[$( Callback {
                name: stringify!($callback),
                doc: concat!($($cdoc, "\n"),+),
                returns: || <$ret as CType>::declarator(),
                parameters: || vec![$((<$aty as CType>::declarator(), stringify!($arg))),*],
            } ),*],
        };
    };
}

impl CType for () {
    fn declarator() -> Declarator {
        Declarator::named("void")
    }
}

mod contexts;
mod copies;
mod devices;
mod diagnostics;
mod entry_points;
mod events;
mod graphs;
mod launches;
mod limits;
mod linker;
mod memory;
mod modules;
mod streams;

pub use contexts::*;
pub use copies::*;
pub use devices::*;
pub use diagnostics::*;
pub use entry_points::*;
pub use events::*;
pub use graphs::*;
pub use launches::*;
pub use limits::*;
pub use linker::*;
pub use memory::*;
pub use modules::*;
pub use streams::*;

/// The types of all subjects, each after those that its structures contain.
pub const TYPES: &[Types] = &[
    DEVICES_TYPES,
    CONTEXTS_TYPES,
    MEMORY_TYPES,
    COPIES_TYPES,
    MODULES_TYPES,
    STREAMS_TYPES,
    EVENTS_TYPES,
    LAUNCHES_TYPES,
    LIMITS_TYPES,
    LINKER_TYPES,
    GRAPHS_TYPES,
    ENTRY_POINTS_TYPES,
    DIAGNOSTICS_TYPES,
];
