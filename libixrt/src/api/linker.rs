// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Bodies of the linker's functions.

use super::modules::with_jit_options;
use super::out::{check_null, put, put_text, text};
use super::types::*;
use crate::error::{Code, Error, Result};
use crate::linker::{Link, LINKS};
use crate::{context, device, fat_binary};
use ix_compiler::{image, Level, Options};
use std::collections::HashMap;
use std::ffi::{c_char, c_int, c_uint, c_void, OsStr};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// A log that the program wants of a link: its buffer, and where it finds how much of it was written.
#[derive(Debug, Clone, Copy)]
struct Log {
    buffer: usize,
    bytes: usize,
    written: usize,
}

/// What the program wants back of a link, in memory that it keeps as long as the link.
#[derive(Debug, Default)]
struct Outputs {
    info: Option<Log>,
    errors: Option<Log>,
    /// Where the time goes.
    wall: Option<usize>,
    seconds: f32,
    /// What went wrong so far.
    messages: String,
}

/// By handle.
static OUTPUTS: Mutex<Option<HashMap<u64, Outputs>>> = Mutex::new(None);

fn with_outputs<R>(f: impl FnOnce(&mut HashMap<u64, Outputs>) -> R) -> R {
    f(OUTPUTS.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert_with(HashMap::new))
}

impl Outputs {
    /// # Safety
    /// The program has kept what it gave to ixLinkCreate.
    unsafe fn write(&self) {
        for (log, text) in [(self.info, ""), (self.errors, &self.messages[..])] {
            let Some(Log { buffer, bytes, written }) = log else { continue };
            let room = bytes.min(c_int::MAX as usize);
            // SAFETY: as the caller says.
            unsafe {
                let done = put_text(buffer as *mut c_char, room as c_int, text, "log buffer");
                let count = if done.is_ok() { text.len().min(room - 1) + 1 } else { 0 };
                (written as *mut *mut c_void).write(count as *mut c_void);
            }
        }
        if let Some(wall) = self.wall {
            // SAFETY: as the caller says.
            unsafe { (wall as *mut *mut c_void).write((self.seconds * 1e3).to_bits() as usize as *mut c_void) };
        }
    }
}

/// Runs a step of a link; what goes wrong is written to the link's log, too.
///
/// # Safety
/// The program has kept the options of the link, as ixLinkCreate tells it to.
unsafe fn step(handle: u64, run: impl FnOnce() -> Result<()>) -> Result<()> {
    let start = Instant::now();
    let result = run();
    with_outputs(|all| {
        let Some(outputs) = all.get_mut(&handle) else { return };
        outputs.seconds += start.elapsed().as_secs_f32();
        if let Err(error) = &result {
            outputs.messages.push_str(&error.message);
            outputs.messages.push('\n');
        }
        // SAFETY: as the caller says.
        unsafe { outputs.write() };
    });
    result
}

pub unsafe fn create(count: c_uint, options: *mut IXjit_option, values: *mut *mut c_void, out: *mut IXlinkState) -> Result<()> {
    check_null(out, "state")?;
    context::current()?;
    if count != 0 && (options.is_null() || values.is_null()) {
        return Err(Error::invalid("options or values is null"));
    }
    let mut how = Options::default();
    // Place and value of an option.
    let find = |option: IXjit_option| {
        (0..count as usize).find_map(|i| {
            // SAFETY: both lists have `count` elements, as the caller says.
            let (at, value) = unsafe { (*options.add(i), values.add(i)) };
            // SAFETY: as above.
            (at == option).then(|| (value as usize, unsafe { *value } as usize))
        })
    };
    if let Some((_, level)) = find(IX_JIT_OPTIMIZATION_LEVEL) {
        how.level = match level {
            0 => Level::O0,
            1..=4 => Level::O2,
            other => return Err(Error::invalid(format!("the optimisation level {other}; it must be 0 to 4"))),
        };
    }
    let log = |buffer, size| {
        let ((_, buffer), (written, bytes)) = (find(buffer)?, find(size)?);
        (buffer != 0 && bytes != 0).then_some(Log { buffer, bytes, written })
    };
    let outputs = Outputs {
        info: log(IX_JIT_INFO_LOG_BUFFER, IX_JIT_INFO_LOG_BUFFER_SIZE_BYTES),
        errors: log(IX_JIT_ERROR_LOG_BUFFER, IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES),
        wall: find(IX_JIT_WALL_TIME).map(|(at, _)| at),
        ..Outputs::default()
    };
    let handle = LINKS.insert(Arc::new(Link::new(how)))?;
    with_outputs(|all| all.insert(handle, outputs));
    // SAFETY: as the caller says.
    unsafe { put(out, IXlinkState(handle as usize), "state") }
}

/// Adds an input of this type.
fn add(link: &Link, r#type: IXjitInputType, name: &str, bytes: &[u8]) -> Result<()> {
    match r#type {
        // What comes after a NUL is padding.
        IX_JIT_INPUT_PTX => link.add_text(name, bytes.split(|b| *b == 0).next().unwrap_or_default()),
        IX_JIT_INPUT_CUBIN | IX_JIT_INPUT_OBJECT if bytes.starts_with(&image::MAGIC) => link.add_image(name, bytes),
        IX_JIT_INPUT_FATBINARY if fat_binary::starts(bytes) => link.add_text(name, &fat_binary::choose(bytes)?),
        IX_JIT_INPUT_CUBIN | IX_JIT_INPUT_OBJECT | IX_JIT_INPUT_FATBINARY | IX_JIT_INPUT_LIBRARY => Err(Error::new(
            Code::NO_BINARY_FOR_GPU,
            "the input has no code for this device: PTX, fat binaries with PTX, and what ixLinkComplete gave can be linked",
        )),
        IX_JIT_INPUT_NVVM => Err(Error::new(Code::NOT_SUPPORTED, "intermediate code of compilers cannot be linked; PTX can")),
        IXjitInputType(other) => Err(Error::invalid(format!("there is no type of inputs {other}"))),
    }
}

/// The name that a caller gives an input; null is none.
///
/// # Safety
/// `name` is null or a C string.
unsafe fn name_of(name: *const c_char) -> Result<String> {
    if name.is_null() {
        return Ok(String::new());
    }
    // SAFETY: as the caller says.
    Ok(unsafe { text(name, "name") }?.to_string_lossy().into_owned())
}

#[allow(clippy::too_many_arguments, reason = "the parameters of the C function")]
pub unsafe fn add_data(
    state: IXlinkState,
    r#type: IXjitInputType,
    data: *mut c_void,
    bytes: usize,
    name: *const c_char,
    count: c_uint,
    options: *mut IXjit_option,
    values: *mut *mut c_void,
) -> Result<()> {
    device::all()?;
    let handle = state.0 as u64;
    let link = LINKS.get(handle)?;
    if data.is_null() || bytes == 0 || bytes > isize::MAX as usize {
        return Err(Error::invalid("data is null, or has no bytes or too many"));
    }
    // SAFETY: as the caller says.
    unsafe {
        let name = name_of(name)?;
        let bytes = std::slice::from_raw_parts(data.cast::<u8>(), bytes);
        step(handle, || with_jit_options(count, options, values, || add(&link, r#type, &name, bytes)))
    }
}

pub unsafe fn add_file(
    state: IXlinkState,
    r#type: IXjitInputType,
    path: *const c_char,
    count: c_uint,
    options: *mut IXjit_option,
    values: *mut *mut c_void,
) -> Result<()> {
    device::all()?;
    let handle = state.0 as u64;
    let link = LINKS.get(handle)?;
    // SAFETY: as the caller says.
    let path = Path::new(OsStr::from_bytes(unsafe { text(path, "path") }?.to_bytes()));
    let bytes = std::fs::read(path).map_err(|e| {
        let code = if e.kind() == std::io::ErrorKind::NotFound { Code::FILE_NOT_FOUND } else { Code::OPERATING_SYSTEM };
        Error::new(code, format!("reading {}: {e}", path.display()))
    })?;
    // SAFETY: as the caller says.
    unsafe { step(handle, || with_jit_options(count, options, values, || add(&link, r#type, &path.to_string_lossy(), &bytes))) }
}

pub unsafe fn complete(state: IXlinkState, image: *mut *mut c_void, bytes: *mut usize) -> Result<()> {
    device::all()?;
    check_null(image, "image")?;
    let handle = state.0 as u64;
    let link = LINKS.get(handle)?;
    let mut made = None;
    // SAFETY: as the caller says.
    unsafe {
        step(handle, || {
            made = Some(link.complete()?);
            Ok(())
        })?;
    }
    let Some(made) = made else { return Err(Error::new(Code::UNKNOWN, "the link is complete and has no image")) };
    // SAFETY: as the caller says. The link keeps the image.
    unsafe {
        put(image, made.as_ptr().cast_mut().cast(), "image")?;
        if !bytes.is_null() {
            put(bytes, made.len(), "bytes")?;
        }
    }
    Ok(())
}

pub unsafe fn destroy(state: IXlinkState) -> Result<()> {
    device::all()?;
    let handle = state.0 as u64;
    LINKS.remove(handle)?;
    with_outputs(|all| all.remove(&handle));
    Ok(())
}

/// Length of the link's image that begins at `start`; `None` if none does.
///
/// # Safety
/// `start` is valid for reading up to the first byte that differs from the magic, and if none does, for a header.
pub unsafe fn image_at<'a>(start: *const u8) -> Result<Option<&'a [u8]>> {
    for (i, byte) in image::MAGIC.iter().enumerate() {
        // SAFETY: all bytes before were those of the magic.
        if unsafe { *start.add(i) } != *byte {
            return Ok(None);
        }
    }
    // SAFETY: an image begins with its header.
    let header = unsafe { &*start.cast::<[u8; image::HEADER]>() };
    let damaged = |e: image::ImageError| Error::new(Code::INVALID_IMAGE, e.to_string());
    let length = image::image_length(header).map_err(damaged)?;
    let length = c_int::try_from(length).map_err(|_| Error::new(Code::INVALID_IMAGE, format!("an image of {length} bytes")))?;
    // SAFETY: the header says how long the image is.
    Ok(Some(unsafe { std::slice::from_raw_parts(start, length as usize) }))
}
