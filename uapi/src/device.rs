// SPDX-License-Identifier: Apache-2.0 OR MIT
//! An open render node: a *client* of the driver. One method for each ioctl.

use std::fs::{File, OpenOptions};
use std::os::fd::{AsFd, BorrowedFd};
use std::path::{Path, PathBuf};

use crate::abi::*;
use crate::error::Error;
use crate::ioctl::{self, DrmGemClose, DrmVersion, DRM_IOCTL_GEM_CLOSE, DRM_IOCTL_VERSION};
use crate::mapping::{self, Mapping};
use crate::nodes::DRIVER;

/// Bytes of a page: the granule of buffer objects and of VM_BIND, and the size of a doorbell page.
pub const PAGE_SIZE: usize = 4096;

/// An open render node of an IX device.
#[derive(Debug)]
pub struct Device {
    file: File,
    path: PathBuf,
}

/// What DRM_IOCTL_VERSION tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriverVersion {
    /// Name of the driver.
    pub name: String,
    /// Its version: major, minor, patch level.
    pub version: [i32; 3],
    /// Its description.
    pub description: String,
}

/// A new buffer object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bo {
    /// GEM handle.
    pub handle: u32,
    /// Bytes, a multiple of [`PAGE_SIZE`].
    pub size: u64,
}

/// What a new queue is like; see [`drm_ix_queue_create`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueConfig {
    /// Address space of the ring and of all addresses in its packets.
    pub vm: u32,
    /// `DRM_IX_QUEUE_LOW`, `_NORMAL` or `_HIGH`.
    pub priority: u32,
    /// Address of the ring, a multiple of [`PAGE_SIZE`].
    pub ring_va: u64,
    /// log2 of the number of packets in the ring.
    pub ring_log2: u32,
    /// Milliseconds that one kernel may run; 0: no limit.
    pub timeout_ms: u32,
}

/// A new queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: u32,
    /// Its slot in the client's doorbell page.
    pub doorbell_slot: u32,
    /// Where [`Device::map_doorbells`] finds that page; the same for all queues of a client.
    pub doorbell_offset: u64,
}

/// How a VM_BIND ended.
#[derive(Debug)]
pub struct BindOutcome {
    /// Operations that took effect, from the first.
    pub completed: usize,
    /// Why the one after them failed; `None` when all took effect.
    pub error: Option<Error>,
}

/// How a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WaitOutcome {
    /// The fences have their values; of a wait for any, the index of one that has.
    Satisfied(usize),
    /// The time has passed.
    TimedOut,
    /// The queue of the entry with this index stopped.
    Stopped(usize),
}

impl Device {
    /// Opens a render node and makes sure that the driver is `ix` with this major version of the ABI.
    pub fn open(path: impl Into<PathBuf>) -> Result<Device, Error> {
        let path = path.into();
        let file = OpenOptions::new().read(true).write(true).open(&path).map_err(|source| Error::Open { path: path.clone(), source })?;
        let device = Device { file, path };
        let driver = device.version()?.name;
        if driver != DRIVER {
            return Err(Error::NotIx { path: device.path, driver });
        }
        let found = device.query_device()?.uabi_version;
        if found >> 16 != DRM_IX_VERSION_MAJOR {
            return Err(Error::Abi { path: device.path, found });
        }
        Ok(device)
    }

    /// The node.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Name and version of the driver.
    pub fn version(&self) -> Result<DriverVersion, Error> {
        let mut name = [0u8; 64];
        let mut description = [0u8; 128];
        let mut v = DrmVersion {
            major: 0,
            minor: 0,
            patch: 0,
            name_len: name.len(),
            name: name.as_mut_ptr(),
            date_len: 0,
            date: std::ptr::null_mut(),
            desc_len: description.len(),
            desc: description.as_mut_ptr(),
        };
        // SAFETY: the pointers are to buffers of the lengths beside them; none for the date.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_VERSION", DRM_IOCTL_VERSION, &mut v) }?;
        let text = |bytes: &[u8], length: usize| String::from_utf8_lossy(&bytes[..length.min(bytes.len())]).into_owned();
        Ok(DriverVersion {
            name: text(&name, v.name_len),
            version: [v.major, v.minor, v.patch],
            description: text(&description, v.desc_len),
        })
    }

    /// DRM_IOCTL_IX_QUERY.
    ///
    /// # Safety
    /// `kind` must be the query that fills a `T`, and all bytes are valid for a `T`.
    unsafe fn query<T: Default>(&self, kind: u32) -> Result<T, Error> {
        let mut answer = T::default();
        let mut argument = drm_ix_query { r#type: kind, size: size_of::<T>() as u32, pointer: std::ptr::from_mut(&mut answer) as u64 };
        // SAFETY: the pointer is to a live T of the size beside it.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_QUERY", DRM_IOCTL_IX_QUERY, &mut argument) }?;
        Ok(answer)
    }

    /// What does not change while the device is there.
    pub fn query_device(&self) -> Result<drm_ix_query_device, Error> {
        // SAFETY: this query fills this structure of integers.
        unsafe { self.query(DRM_IX_QUERY_DEVICE) }
    }

    /// Use of memory.
    pub fn query_memory(&self) -> Result<drm_ix_query_memory, Error> {
        // SAFETY: this query fills this structure of integers.
        unsafe { self.query(DRM_IX_QUERY_MEMORY) }
    }

    /// What the device measures.
    pub fn query_sensors(&self) -> Result<drm_ix_query_sensors, Error> {
        // SAFETY: this query fills this structure of integers.
        unsafe { self.query(DRM_IX_QUERY_SENSORS) }
    }

    /// Creates a zeroed buffer object of at least `size` bytes; `placement` is `DRM_IX_BO_VRAM` or
    /// `DRM_IX_BO_SYSTEM`.
    pub fn bo_create(&self, size: u64, placement: u32) -> Result<Bo, Error> {
        let mut argument = drm_ix_bo_create { size, placement, ..Default::default() };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_BO_CREATE", DRM_IOCTL_IX_BO_CREATE, &mut argument) }?;
        Ok(Bo { handle: argument.handle, size: argument.size })
    }

    /// Gives up a handle. The object lives on while it is mapped somewhere.
    pub fn bo_close(&self, handle: u32) -> Result<(), Error> {
        let mut argument = DrmGemClose { handle, pad: 0 };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_GEM_CLOSE", DRM_IOCTL_GEM_CLOSE, &mut argument) }
    }

    /// Maps the first `size` bytes of a buffer object into the process.
    pub fn bo_map(&self, handle: u32, size: usize) -> Result<Mapping, Error> {
        let mut argument = drm_ix_bo_mmap_offset { handle, ..Default::default() };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_BO_MMAP_OFFSET", DRM_IOCTL_IX_BO_MMAP_OFFSET, &mut argument) }?;
        Mapping::new(self.as_fd(), argument.offset, size, "a buffer object")
    }

    /// Maps the first `size` bytes of a buffer object at `address`, in the place of what is mapped
    /// there. The caller unmaps it.
    ///
    /// # Safety
    /// The range belongs to the caller, and nothing uses what is mapped there.
    pub unsafe fn bo_map_at(&self, handle: u32, size: usize, address: *mut u8) -> Result<(), Error> {
        let mut argument = drm_ix_bo_mmap_offset { handle, ..Default::default() };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_BO_MMAP_OFFSET", DRM_IOCTL_IX_BO_MMAP_OFFSET, &mut argument) }?;
        // SAFETY: the caller owns the range.
        unsafe { mapping::map_at(self.as_fd(), argument.offset, size, address, "a buffer object") }
    }

    /// Creates an address space and returns its id.
    pub fn vm_create(&self) -> Result<u32, Error> {
        let mut argument = drm_ix_vm_create::default();
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_VM_CREATE", DRM_IOCTL_IX_VM_CREATE, &mut argument) }?;
        Ok(argument.vm_id)
    }

    /// Destroys an address space.
    pub fn vm_destroy(&self, vm_id: u32) -> Result<(), Error> {
        let mut argument = drm_ix_vm_destroy { vm_id, pad: 0 };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_VM_DESTROY", DRM_IOCTL_IX_VM_DESTROY, &mut argument) }
    }

    /// Maps and unmaps buffer objects in an address space, in order; at most 4096 operations.
    pub fn vm_bind(&self, vm_id: u32, operations: &[drm_ix_vm_bind_op]) -> BindOutcome {
        let mut argument = drm_ix_vm_bind { vm_id, flags: 0, ops: array(operations) };
        // SAFETY: the array is live and only read.
        let result = unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_VM_BIND", DRM_IOCTL_IX_VM_BIND, &mut argument) };
        match result {
            Ok(()) => BindOutcome { completed: operations.len(), error: None },
            Err(error) => {
                // A call that was refused as a whole leaves the count as it was.
                let completed = Some(argument.ops.count as usize).filter(|n| *n < operations.len()).unwrap_or(0);
                BindOutcome { completed, error: Some(error) }
            }
        }
    }

    /// Creates a queue.
    pub fn queue_create(&self, config: &QueueConfig) -> Result<Queue, Error> {
        let mut argument = drm_ix_queue_create {
            vm_id: config.vm,
            priority: config.priority,
            ring_va: config.ring_va,
            ring_log2: config.ring_log2,
            timeout_ms: config.timeout_ms,
            ..Default::default()
        };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_QUEUE_CREATE", DRM_IOCTL_IX_QUEUE_CREATE, &mut argument) }?;
        Ok(Queue { id: argument.queue_id, doorbell_slot: argument.doorbell_slot, doorbell_offset: argument.doorbell_offset })
    }

    /// Maps the client's doorbell page, at the offset that [`queue_create`](Self::queue_create) gave.
    pub fn map_doorbells(&self, doorbell_offset: u64) -> Result<Mapping, Error> {
        Mapping::new(self.as_fd(), doorbell_offset, PAGE_SIZE, "the doorbell page")
    }

    /// Destroys a queue and ends its running kernel.
    pub fn queue_destroy(&self, queue_id: u32) -> Result<(), Error> {
        let mut argument = drm_ix_queue_destroy { queue_id, pad: 0 };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_QUEUE_DESTROY", DRM_IOCTL_IX_QUEUE_DESTROY, &mut argument) }
    }

    /// Wakes a queue that sleeps.
    pub fn queue_kick(&self, queue_id: u32) -> Result<(), Error> {
        let mut argument = drm_ix_queue_kick { queue_id, pad: 0 };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_QUEUE_KICK", DRM_IOCTL_IX_QUEUE_KICK, &mut argument) }
    }

    /// State, use and fault of a queue.
    pub fn queue_state(&self, queue_id: u32) -> Result<drm_ix_queue_state, Error> {
        let mut argument = drm_ix_queue_state { queue_id, ..Default::default() };
        // SAFETY: the argument has no pointers.
        unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_QUEUE_STATE", DRM_IOCTL_IX_QUEUE_STATE, &mut argument) }?;
        Ok(argument)
    }

    /// Sleeps until user fences have their values: all of them, or any one. `deadline_ns` is an
    /// absolute CLOCK_MONOTONIC time; 0 only looks.
    pub fn wait(&self, entries: &[drm_ix_wait_entry], all: bool, deadline_ns: i64) -> Result<WaitOutcome, Error> {
        let flags = if all { DRM_IX_WAIT_ALL } else { 0 };
        let mut argument = drm_ix_wait { entries: array(entries), timeout_ns: deadline_ns, flags, index: 0 };
        // SAFETY: the array is live and only read.
        let result = unsafe { ioctl::call(self.as_fd(), "DRM_IOCTL_IX_WAIT", DRM_IOCTL_IX_WAIT, &mut argument) };
        let index = argument.index as usize;
        match result {
            Ok(()) => Ok(WaitOutcome::Satisfied(index)),
            Err(e) if e.errno() == Some(libc::ETIME) => Ok(WaitOutcome::TimedOut),
            Err(e) if e.errno() == Some(libc::EIO) => Ok(WaitOutcome::Stopped(index)),
            Err(e) => Err(e),
        }
    }
}

impl AsFd for Device {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.file.as_fd()
    }
}

fn array<T>(elements: &[T]) -> drm_ix_array {
    // More elements than 32 bits count are more than any ioctl takes: let it refuse the largest.
    let count = u32::try_from(elements.len()).unwrap_or(u32::MAX);
    drm_ix_array { stride: size_of::<T>() as u32, count, array: elements.as_ptr() as u64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_node_error_names_the_path() {
        let error = Device::open("/nonexistent/renderD128").unwrap_err();
        assert!(error.to_string().starts_with("cannot open /nonexistent/renderD128: "), "{error}");
        assert_eq!(error.errno(), Some(libc::ENOENT));
    }

    #[test]
    fn file_that_is_no_drm_node_error_names_the_ioctl() {
        let error = Device::open("/dev/null").unwrap_err();
        assert!(error.to_string().starts_with("DRM_IOCTL_VERSION: "), "{error}");
        assert_eq!(error.errno(), Some(libc::ENOTTY));
    }
}
