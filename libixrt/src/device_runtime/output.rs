// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Taking out of the ring what kernels have printed.
//!
//! A *record* is a word with its size and, in the upper half, its kind, which is stored when all else is there; what
//! follows depends on the kind (`device/ixdevice.cu` writes them). The host may take records out while kernels add
//! others: it clears what it has read before it gives the room back, so that the next record there begins as 0.
//!
//! The ring can be overwritten by a kernel gone wild, so nothing in a record is believed: sizes are checked, and a ring
//! that makes no sense is emptied. Formats and strings are read at addresses in device memory; what is none there is
//! printed as such.

use super::environment::{DeviceRuntime, Ring};
use super::format;
use crate::context::Context;
use crate::copy::{self, Extent, Side};
use crate::handle::lock;
use crate::memory::allocations;
use crate::stream::{Stream, NON_BLOCKING};
use std::ffi::{c_int, c_void};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, MutexGuard, PoisonError};

/// Kinds of records.
mod kind {
    pub const PRINTF: u32 = 1;
    pub const ASSERT: u32 = 2;
    pub const PADDING: u32 = 3;
}

/// Characters of a format or string that are printed.
const STRING_MAX: usize = 1 << 16;
/// Bytes of text that are kept before they are written.
const CHUNK: usize = 64 << 10;

/// Data of a module as it was loaded, for formats that the CPU cannot read where they are.
#[derive(Debug)]
pub(super) struct Image {
    va: u64,
    bytes: Arc<[u8]>,
}

extern "C" {
    static stdout: *mut libc::FILE;
    static stderr: *mut libc::FILE;
}

/// Where text goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum To {
    Output,
    Error,
}

/// Writes to a stream of the C library, as the program itself does, so that the order is that of the calls.
fn write(to: To, text: &[u8]) {
    if text.is_empty() {
        return;
    }
    // SAFETY: the C library's streams are there as long as the process, and lock themselves.
    unsafe {
        let stream = if to == To::Output { stdout } else { stderr };
        // A closed stream gets nothing; there is nobody to tell.
        libc::fwrite(text.as_ptr().cast(), 1, text.len(), stream);
        libc::fflush(stream);
    }
}

impl DeviceRuntime {
    /// Keeps the data of a module that prints.
    pub fn keep_image(&self, va: u64, bytes: &[u8]) {
        self.images.write().unwrap_or_else(PoisonError::into_inner).push(Image { va, bytes: bytes.into() });
    }

    /// Forgets it.
    pub fn forget_image(&self, va: u64) {
        self.images.write().unwrap_or_else(PoisonError::into_inner).retain(|i| i.va != va);
    }

    /// Prints what kernels have printed so far.
    pub fn flush(&self, context: &Context) {
        if let Some(ring) = self.waiting() {
            self.take_out(context, ring, lock(&self.taking));
        }
    }

    /// Likewise, unless somebody is at it: that may be the caller, whom a string made wait for a kernel that failed.
    pub fn flush_unless_busy(&self, context: &Context) {
        if let (Some(ring), Ok(one)) = (self.waiting(), self.taking.try_lock()) {
            self.take_out(context, ring, one);
        }
    }

    /// The ring, if there is something in it.
    fn waiting(&self) -> Option<Ring<'_>> {
        self.ring().filter(|ring| ring.written.load(Ordering::Relaxed) != ring.taken.load(Ordering::Relaxed))
    }

    /// Ends what it has of the device's; the context is going.
    pub fn end(&self) {
        if let Some(reader) = self.reader.get() {
            reader.end();
        }
    }

    fn take_out(&self, context: &Context, ring: Ring<'_>, _one: MutexGuard<'_, ()>) {
        let mut text = vec![];
        let mut taken = ring.taken.load(Ordering::Relaxed);
        while taken != ring.written.load(Ordering::Acquire) {
            let offset = taken % ring.capacity;
            let room = (ring.capacity - offset).min(ring.written.load(Ordering::Acquire).wrapping_sub(taken));
            // SAFETY: the ring is mapped system memory of `capacity` bytes, and the offset a multiple of 8 below that.
            let head = unsafe { AtomicU64::from_ptr((ring.va + offset) as *mut u64) }.load(Ordering::Acquire);
            let (kind, size) = ((head >> 32) as u32, head & 0xffff_ffff);
            if kind == 0 {
                // Reserved, and not written yet.
                break;
            }
            if size < 8 || size % 8 != 0 || size > room || room > ring.capacity {
                text.extend(b"<the buffer of printf was overwritten; what was in it is lost>\n");
                // SAFETY: as above, for the whole ring.
                unsafe { std::ptr::write_bytes(ring.va as *mut u8, 0, ring.capacity as usize) };
                ring.taken.store(ring.written.load(Ordering::Acquire), Ordering::Release);
                break;
            }
            let mut record = vec![0u8; size as usize - 8];
            // SAFETY: the record lies in the ring, is complete, and is the host's until it gives the room back.
            unsafe {
                std::ptr::copy_nonoverlapping((ring.va + offset + 8) as *const u8, record.as_mut_ptr(), record.len());
                std::ptr::write_bytes((ring.va + offset) as *mut u8, 0, size as usize);
            }
            taken += size;
            ring.taken.store(taken, Ordering::Release);
            match kind {
                kind::PRINTF => self.print(context, &record, &mut text),
                kind::ASSERT => {
                    write(To::Output, &std::mem::take(&mut text));
                    write(To::Error, &assertion(&record));
                }
                kind::PADDING => {}
                _ => text.extend(b"<an unknown record in the buffer of printf>\n"),
            }
            if text.len() >= CHUNK {
                write(To::Output, &std::mem::take(&mut text));
            }
        }
        write(To::Output, &text);
    }

    fn print(&self, context: &Context, record: &[u8], text: &mut Vec<u8>) {
        let Some((address, arguments)) = record.split_first_chunk::<8>() else { return };
        let address = u64::from_le_bytes(*address);
        match self.string(context, address, STRING_MAX) {
            Some(form) => format::print(&form, arguments, &mut |va, most| self.string(context, va, most.min(STRING_MAX)), text),
            None => text.extend(format!("<printf with a format at {address:#x}, which cannot be read>\n").into_bytes()),
        }
    }

    /// The string at an address of device memory, without its NUL; cut to `most` bytes.
    pub(crate) fn string(&self, context: &Context, va: u64, most: usize) -> Option<Vec<u8>> {
        let mut string = vec![];
        let mut piece = 128;
        loop {
            let Some(bytes) = self.read(context, va + string.len() as u64, piece.min(most - string.len())) else {
                // Memory that ends before the string does.
                return (!string.is_empty()).then_some(string);
            };
            if let Some(end) = bytes.iter().position(|b| *b == 0) {
                string.extend(&bytes[..end]);
                return Some(string);
            }
            string.extend(bytes);
            if string.len() >= most {
                return Some(string);
            }
            piece *= 2;
        }
    }

    /// Up to `n` bytes, at least one of them, from an address of device memory on.
    fn read(&self, context: &Context, va: u64, n: usize) -> Option<Vec<u8>> {
        if n == 0 {
            return Some(vec![]);
        }
        for image in self.images.read().unwrap_or_else(PoisonError::into_inner).iter() {
            let offset = va.checked_sub(image.va).and_then(|o| usize::try_from(o).ok());
            if let Some(rest) = offset.and_then(|o| image.bytes.get(o..)).filter(|rest| !rest.is_empty()) {
                return Some(rest[..n.min(rest.len())].to_vec());
            }
        }
        let allocation = allocations::at(va).filter(|a| a.device == context.device.ordinal)?;
        let n = n.min(usize::try_from(allocation.rest(va)).unwrap_or(usize::MAX));
        let mut bytes = vec![0; n];
        let from = if allocation.host { Some(va as *mut u8) } else { allocation.block.mapped.cpu(va) };
        if let Some(from) = from {
            // SAFETY: the allocation has so many bytes from there on, and stays while it is held here.
            unsafe { std::ptr::copy_nonoverlapping(from, bytes.as_mut_ptr(), n) };
            return Some(bytes);
        }
        self.copy_out(context, va, &mut bytes).ok()?;
        Some(bytes)
    }

    /// Copies device memory by the device, in a stream of its own: the program's may wait for one another.
    fn copy_out(&self, context: &Context, va: u64, bytes: &mut [u8]) -> crate::error::Result<()> {
        context.check()?;
        let reader = match self.reader.get() {
            Some(reader) => reader,
            None => {
                let owner = context.this.upgrade().ok_or(crate::error::Error::invalid("the context is going"))?;
                let stream = Arc::new(Stream::new(&owner, NON_BLOCKING, 0, false)?);
                self.reader.get_or_init(|| stream)
            }
        };
        let extent = Extent::linear(bytes.len() as u64);
        let to = Side::any(bytes.as_mut_ptr() as u64, extent.width, extent)?;
        let from = Side::device(va, extent.width, extent)?;
        // SAFETY: `bytes` is valid for its length.
        unsafe { copy::copy(context, reader, to, from, extent, true) }
    }
}

/// The line that CUDA prints for a failed assertion.
fn assertion(record: &[u8]) -> Vec<u8> {
    let word = |i: usize| record.get(4 * i..).and_then(|r| r.first_chunk()).map_or(0, |b| u32::from_le_bytes(*b));
    let mut strings = record.get(32..).unwrap_or_default().split(|b| *b == 0).map(String::from_utf8_lossy);
    let mut string = || strings.next().unwrap_or_default();
    let (file, function, message) = (string(), string(), string());
    let line = word(0);
    let [bx, by, bz, tx, ty, tz] = [1, 2, 3, 4, 5, 6].map(word);
    format!("{file}:{line}: {function}: block: [{bx},{by},{bz}], thread: [{tx},{ty},{tz}] Assertion `{message}` failed.\n").into_bytes()
}

/// What `snprintf` makes of a value; the format has one conversion that takes it.
pub(super) fn snprintf(format: &std::ffi::CStr, value: Value<'_>, out: &mut Vec<u8>) {
    let mut buffer = vec![0u8; 128];
    loop {
        let (to, room) = (buffer.as_mut_ptr().cast(), buffer.len());
        // SAFETY: the buffer has `room` bytes, and the format's only conversion is of the value's type.
        let n: c_int = unsafe {
            match value {
                Value::Int(n) => libc::snprintf(to, room, format.as_ptr(), n),
                Value::Long(n) => libc::snprintf(to, room, format.as_ptr(), n),
                Value::Float(x) => libc::snprintf(to, room, format.as_ptr(), x),
                Value::Pointer(p) => libc::snprintf(to, room, format.as_ptr(), p as *const c_void),
                Value::String(s) => libc::snprintf(to, room, format.as_ptr(), s.as_ptr()),
            }
        };
        match usize::try_from(n) {
            Ok(n) if n < room => return out.extend(&buffer[..n]),
            Ok(n) => buffer.resize(n + 1, 0),
            Err(_) => return,
        }
    }
}

/// An argument of a conversion.
#[derive(Debug, Clone, Copy)]
pub(super) enum Value<'a> {
    Int(c_int),
    Long(i64),
    Float(f64),
    Pointer(u64),
    String(&'a std::ffi::CStr),
}
