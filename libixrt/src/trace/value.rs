// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Arguments as people read them.
//!
//! What a pointer points at belongs to the program, which may have got it wrong; a trace must not
//! make that worse. So it is read through the kernel, which fails where a load would crash.

use std::ffi::{c_char, c_float, c_int, c_short, c_uint, c_ulonglong, c_ushort, c_void};
use std::fmt;
use std::mem::MaybeUninit;
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::sync::{Mutex, OnceLock, PoisonError};

/// Elements of an array, and characters of a text, that are shown.
const SHOWN: usize = 64;

/// An argument, or a part of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A number.
    Integer(i128),
    /// A number with a fraction.
    Real(f64),
    /// An address or a handle.
    Address(u64),
    /// A pointer, and what it points at if that is known.
    Pointer(u64, Option<Box<Value>>),
    /// A text.
    Text(String),
    /// A constant with a name.
    Name(String),
    /// Elements of an array.
    List(Vec<Value>),
    /// Fields of a structure.
    Fields(Vec<(&'static str, Value)>),
    /// Something that cannot be read without knowing more: so many bytes.
    Opaque(usize),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Integer(n) => write!(f, "{n}"),
            Value::Real(x) => write!(f, "{x}"),
            Value::Address(0) | Value::Pointer(0, _) => f.write_str("null"),
            Value::Address(address) | Value::Pointer(address, None) => write!(f, "{address:#x}"),
            Value::Pointer(address, Some(target)) => write!(f, "{address:#x} -> {target}"),
            Value::Text(text) => f.write_str(&quote(text)),
            Value::Name(name) => f.write_str(name),
            Value::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Value::to_string).collect();
                write!(f, "[{}]", elements.join(", "))
            }
            Value::Fields(fields) => {
                let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{name} = {value}")).collect();
                write!(f, "{{{}}}", fields.join(", "))
            }
            Value::Opaque(bytes) => write!(f, "<{bytes} bytes>"),
        }
    }
}

impl Value {
    /// As JSON. Addresses are strings, for numbers there are exact to 53 bits only.
    pub fn json(&self) -> String {
        match self {
            Value::Integer(n) if n.unsigned_abs() < 1 << 53 => n.to_string(),
            Value::Integer(n) => format!("\"{n}\""),
            Value::Real(x) if x.is_finite() => x.to_string(),
            Value::Real(_) | Value::Address(0) | Value::Pointer(0, _) => "null".into(),
            Value::Address(address) | Value::Pointer(address, None) => format!("\"{address:#x}\""),
            Value::Pointer(address, Some(target)) => format!("{{\"pointer\":\"{address:#x}\",\"value\":{}}}", target.json()),
            Value::Text(text) | Value::Name(text) => quote(text),
            Value::List(elements) => {
                let elements: Vec<String> = elements.iter().map(Value::json).collect();
                format!("[{}]", elements.join(","))
            }
            Value::Fields(fields) => {
                let fields: Vec<String> = fields.iter().map(|(name, value)| format!("{}:{}", quote(name), value.json())).collect();
                format!("{{{}}}", fields.join(","))
            }
            Value::Opaque(bytes) => format!("\"<{bytes} bytes>\""),
        }
    }
}

/// A text in quotes, as JSON has it.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\t' => quoted.push_str("\\t"),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", c as u32)),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// A type of the C interface that can be shown.
pub trait Show {
    /// Its value. `written`: the call has succeeded, so what it was to store is there.
    fn show(&self, written: bool) -> Value;

    /// What is at an address, as one of these; `None` if it cannot be told.
    fn at(address: u64) -> Option<Value>
    where
        Self: Sized,
    {
        let mut target = MaybeUninit::<Self>::uninit();
        if !read(address, target.as_mut_ptr().cast(), size_of::<Self>()) {
            return None;
        }
        // SAFETY: all bytes were written, and types of the C interface have no invalid values.
        let target = unsafe { target.assume_init() };
        Some(target.show(true))
    }
}

/// Copies memory of this process; false if it is not all there.
///
/// It goes through a pipe: the kernel refuses to write what is not mapped. `process_vm_readv` does
/// this in one step, but kernels and containers may lack it.
fn read(address: u64, to: *mut u8, bytes: usize) -> bool {
    static PIPE: OnceLock<Option<Mutex<[OwnedFd; 2]>>> = OnceLock::new();
    let pipe = PIPE.get_or_init(|| {
        let mut ends = [-1; 2];
        // SAFETY: the array has room for both descriptors, which are ours if the call succeeds.
        unsafe {
            let made = libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC | libc::O_NONBLOCK) == 0;
            made.then(|| Mutex::new(ends.map(|fd| OwnedFd::from_raw_fd(fd))))
        }
    });
    let Some(pipe) = pipe else { return false };
    let ends = pipe.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: the kernel checks the address; `to` is valid for `bytes` by the callers, and as much
    // is read as was written.
    unsafe {
        let written = libc::write(ends[1].as_raw_fd(), address as *const c_void, bytes);
        written > 0 && libc::read(ends[0].as_raw_fd(), to.cast(), written as usize) == written && written as usize == bytes
    }
}

/// The C string at an address, or as much of it as is shown.
fn text(address: u64) -> Option<Value> {
    let mut bytes = Vec::new();
    while bytes.len() < SHOWN {
        let mut byte = 0;
        if !read(address + bytes.len() as u64, &mut byte, 1) {
            return None;
        }
        if byte == 0 {
            return Some(Value::Text(String::from_utf8_lossy(&bytes).into_owned()));
        }
        bytes.push(byte);
    }
    Some(Value::Text(String::from_utf8_lossy(&bytes).into_owned() + "..."))
}

macro_rules! integers {
    ($($ty:ty),+) => { $(
        impl Show for $ty {
            fn show(&self, _: bool) -> Value {
                Value::Integer(*self as i128)
            }
        }
    )+ };
}

integers!(u8, c_short, c_ushort, c_uint, c_int, usize, c_ulonglong);

impl Show for c_char {
    fn show(&self, _: bool) -> Value {
        Value::Integer(i128::from(*self))
    }

    fn at(address: u64) -> Option<Value> {
        text(address)
    }
}

impl Show for c_float {
    fn show(&self, _: bool) -> Value {
        Value::Real(f64::from(*self))
    }
}

impl Show for f64 {
    fn show(&self, _: bool) -> Value {
        Value::Real(*self)
    }
}

impl Show for c_void {
    fn show(&self, _: bool) -> Value {
        Value::Opaque(0)
    }

    fn at(_: u64) -> Option<Value> {
        None
    }
}

impl<T: Show> Show for *const T {
    fn show(&self, _: bool) -> Value {
        let address = *self as u64;
        Value::Pointer(address, if address == 0 { None } else { T::at(address).map(Box::new) })
    }
}

impl<T: Show> Show for *mut T {
    fn show(&self, written: bool) -> Value {
        let address = *self as u64;
        Value::Pointer(address, if address == 0 || !written { None } else { T::at(address).map(Box::new) })
    }
}

impl<T: Show, const N: usize> Show for [T; N] {
    fn show(&self, written: bool) -> Value {
        Value::List(self.iter().take(SHOWN).map(|element| element.show(written)).collect())
    }
}

/// The value of an enumeration by its names; the name as the CUDA interface has it is the one
/// that programs know.
pub fn named(number: c_int, names: &[(c_int, &str)]) -> Value {
    match names.iter().find(|(n, _)| *n == number) {
        Some((_, name)) => Value::Name(crate::api::cuda_names(name)),
        None => Value::Integer(number.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_show_what_they_point_at() {
        let number: c_int = -7;
        let shown = (&number as *const c_int).show(false);
        assert_eq!(shown, Value::Pointer(&number as *const _ as u64, Some(Box::new(Value::Integer(-7)))));
        let name = c"add\"one";
        assert!(name.as_ptr().show(false).to_string().ends_with(" -> \"add\\\"one\""));
        let long = std::ffi::CString::new("x".repeat(500)).unwrap();
        assert!(long.as_ptr().show(false).to_string().ends_with("xxx...\""));
    }

    #[test]
    fn pointers_to_results_are_followed_after_success_only() {
        let mut result: usize = 3;
        let pointer: *mut usize = &mut result;
        assert!(pointer.show(true).to_string().ends_with(" -> 3"));
        assert_eq!(pointer.show(false), Value::Pointer(pointer as u64, None));
    }

    #[test]
    fn bad_pointers_do_no_harm() {
        assert_eq!((16 as *const c_int).show(true), Value::Pointer(16, None));
        assert_eq!((16 as *const c_char).show(true), Value::Pointer(16, None));
        assert_eq!(std::ptr::null::<c_int>().show(true).to_string(), "null");
    }

    #[test]
    fn json_is_valid_for_all_values() {
        let value = Value::Fields(vec![
            ("a", Value::List(vec![Value::Integer(1), Value::Integer(1 << 60)])),
            ("b", Value::Text("q\"\u{1}\n".into())),
            ("c", Value::Real(f64::NAN)),
            ("d", Value::Address(0)),
        ]);
        assert_eq!(value.json(), r#"{"a":[1,"1152921504606846976"],"b":"q\"\u0001\n","c":null,"d":null}"#);
    }
}
