// SPDX-License-Identifier: Apache-2.0 OR MIT
//! User objects: things of the program that live as long as graphs need them.
//!
//! A *user object* counts references, of the program and of graphs. When the last one goes, the
//! program's function for its end is called, on a thread of its own: as CUDA says, on none that
//! the program may be waiting with.

use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use std::ffi::c_void;
use std::sync::{Arc, Mutex};

/// User objects that have handles.
pub static OBJECTS: Table<UserObject> = Table::new(Of::UserObject, "user object");

/// The function that ends an object.
pub type Destroy = unsafe extern "C" fn(*mut c_void);

/// A user object: see the module's text.
#[derive(Debug)]
pub struct UserObject {
    count: Mutex<u64>,
    data: usize,
    destroy: Destroy,
    handle: Mutex<Option<u64>>,
}

impl UserObject {
    /// An object with so many references, all the program's, and its handle.
    pub fn create(data: *mut c_void, destroy: Destroy, count: u32) -> Result<u64> {
        let object = Arc::new(UserObject { count: Mutex::new(count.into()), data: data as usize, destroy, handle: Mutex::default() });
        let handle = OBJECTS.insert(Arc::clone(&object))?;
        *lock(&object.handle) = Some(handle);
        Ok(handle)
    }

    /// Takes references.
    pub fn retain(&self, count: u32) {
        *lock(&self.count) += u64::from(count);
    }

    /// Gives references back; the last one ends the object.
    pub fn release(&self, count: u32) -> Result<()> {
        let mut left = lock(&self.count);
        *left = left
            .checked_sub(count.into())
            .ok_or_else(|| Error::invalid(format!("{count} references are given back and there are {left}")))?;
        if *left > 0 {
            return Ok(());
        }
        drop(left);
        if let Some(handle) = lock(&self.handle).take() {
            // It has been removed only if the program made the handle up.
            let _ = OBJECTS.remove(handle);
        }
        let (destroy, data) = (self.destroy, self.data);
        let end = move || {
            // SAFETY: the program gave the function for this datum, and it is called once.
            crate::host::call(|| unsafe { destroy(data as *mut c_void) });
        };
        std::thread::Builder::new()
            .name("ixrt-object".into())
            .spawn(end)
            .map(drop)
            .map_err(|e| Error::new(Code::OPERATING_SYSTEM, format!("starting a thread to end a user object: {e}")))
    }
}
