// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The ways to a device.
//!
//! A *backend* gives access to one device: *buffer objects* (BO) in device or system memory,
//! bindings of them to GPU addresses in the one address space that this process has on the device,
//! and *queues* with their doorbell slots. Everything above it (pools, rings, packets, streams,
//! events, modules) is the same for all backends and knows the hardware contract only.
//!
//! - [`drm`]: the kernel driver's render node.
//! - [`direct`]: straight on the silicon over its vfio-user socket; the process is then its own
//!   driver.

pub mod direct;
pub mod drm;
#[cfg(test)]
pub mod mock;

use crate::doorbell::Words;
use crate::error::{Code, Error, Result};
use ix_hw::doorbell::QueueSlot;
use ix_hw::fault::FaultRecord;
use std::ffi::CStr;
use std::fmt::Debug;
use std::sync::atomic::{fence, AtomicU32, AtomicU64, Ordering};
use std::sync::Arc;
use std::time::Duration;

/// Where a buffer object lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placement {
    /// Device memory.
    Vram,
    /// System memory, mapped cached on the CPU.
    System,
}

/// A buffer object of a backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bo {
    /// The backend's name for it.
    pub id: u64,
    /// Bytes, a multiple of the page size.
    pub size: u64,
}

/// What does not change while the device is there; see the capability registers for meanings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the fields are named as the capability registers, which are documented")]
pub struct DeviceInfo {
    pub name: String,
    pub uuid: [u8; 16],
    pub pci: [u32; 4],
    pub sm_count: u32,
    pub warp_size: u32,
    pub warps_per_sm: u32,
    pub blocks_per_sm: u32,
    pub threads_per_block: u32,
    pub shared_per_sm: u32,
    pub shared_per_block: u32,
    pub regs_per_sm: u32,
    pub local_per_thread: u32,
    pub core_clock_khz: u32,
    pub mem_clock_khz: u32,
    pub mem_bus_bits: u32,
    pub copy_engines: u32,
    pub l2_bytes: u32,
    pub vram_bytes: u64,
    /// First address that cannot be bound.
    pub va_end: u64,
}

/// What a new queue is like.
#[derive(Debug, Clone, Copy)]
pub struct QueueConfig {
    /// GPU address of the ring.
    pub ring_va: u64,
    /// log2 of the number of packets in the ring.
    pub ring_log2: u32,
    /// 0 low, 1 normal, 2 high.
    pub priority: u32,
    /// Milliseconds that one kernel may run; 0: no limit.
    pub timeout_ms: u32,
}

/// A queue: its id and its slot in a mapped doorbell page.
#[derive(Debug, Clone, Copy)]
pub struct Queue {
    /// The backend's id for it.
    pub id: u32,
    slot: *mut QueueSlot,
}

// SAFETY: the slot is shared memory that stays mapped as long as the backend, and is accessed
// through atomics only.
unsafe impl Send for Queue {}
// SAFETY: as above.
unsafe impl Sync for Queue {}

impl Queue {
    /// # Safety
    /// `slot` is valid and aligned for as long as the queue is used.
    pub unsafe fn new(id: u32, slot: *mut QueueSlot) -> Queue {
        Queue { id, slot }
    }

    /// Packets written.
    pub fn wptr(&self) -> &AtomicU64 {
        // SAFETY: valid and aligned by `new`; everybody accesses it by atomics.
        unsafe { AtomicU64::from_ptr(&raw mut (*self.slot).wptr) }
    }
    /// Packets fetched.
    pub fn rptr(&self) -> &AtomicU64 {
        // SAFETY: as in `wptr`.
        unsafe { AtomicU64::from_ptr(&raw mut (*self.slot).rptr) }
    }
    /// Packets completed: all their effects are visible.
    pub fn completed(&self) -> &AtomicU64 {
        // SAFETY: as in `wptr`.
        unsafe { AtomicU64::from_ptr(&raw mut (*self.slot).completed) }
    }
    /// Whether the device sleeps and wants a kick.
    pub fn needs_kick(&self) -> &AtomicU32 {
        // SAFETY: as in `wptr`.
        unsafe { AtomicU32::from_ptr(&raw mut (*self.slot).needs_kick) }
    }
    /// See [`ix_hw::doorbell::state`].
    pub fn state(&self) -> &AtomicU32 {
        // SAFETY: as in `wptr`.
        unsafe { AtomicU32::from_ptr(&raw mut (*self.slot).state) }
    }
    /// The kind of the fault that stopped the queue.
    pub fn fault_kind(&self) -> &AtomicU32 {
        // SAFETY: as in `wptr`.
        unsafe { AtomicU32::from_ptr(&raw mut (*self.slot).fault) }
    }
}

impl Words for Queue {
    fn store_wptr(&self, written: u64) {
        self.wptr().store(written, Ordering::Release);
    }
    fn load_rptr(&self) -> u64 {
        self.rptr().load(Ordering::Acquire)
    }
    fn load_needs_kick(&self) -> bool {
        self.needs_kick().load(Ordering::Relaxed) != 0
    }
    fn fence(&self) {
        fence(Ordering::SeqCst);
    }
}

/// A 64-bit word in a system BO that the device stores on completion.
#[derive(Debug, Clone, Copy)]
pub struct Fence<'a> {
    /// The word.
    pub word: &'a AtomicU64,
    /// The BO it lies in.
    pub bo: Bo,
    /// Its offset there.
    pub offset: u64,
    /// It is awaited to be at least this.
    pub value: u64,
    /// Queue that stores it.
    pub queue: &'a Queue,
}

/// Use of device memory in bytes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct MemoryUse {
    /// All that programs can use.
    pub total: u64,
    /// What is free.
    pub free: u64,
}

/// One device and this process's address space on it. Methods may be called from any thread.
pub trait Backend: Debug + Send + Sync {
    /// Its name in `IXRT_BACKEND`.
    fn name(&self) -> &'static CStr;

    /// What does not change.
    fn info(&self) -> &DeviceInfo;

    /// Fails with [`Code::DEVICE_UNAVAILABLE`] once the device is known to be gone. Costs a load.
    fn check(&self) -> Result<()>;

    /// Use of device memory.
    fn memory(&self) -> Result<MemoryUse>;

    /// Creates a buffer object of at least `size` bytes. System memory is zeroed.
    fn bo_create(&self, placement: Placement, size: u64) -> Result<Bo>;

    /// Destroys a buffer object that is bound nowhere; CPU mappings made by [`Backend::map_at`]
    /// must be gone too.
    fn bo_destroy(&self, bo: Bo);

    /// Maps a system BO into the process at `va`, replacing a reservation of [`crate::va`].
    ///
    /// # Safety
    /// The range is reserved by the caller and nothing uses it.
    unsafe fn map_at(&self, bo: Bo, va: u64) -> Result<()>;

    /// Where the CPU sees a BO in device memory, if it does so at full speed.
    fn vram_pointer(&self, bo: Bo) -> Option<*mut u8>;

    /// Binds a whole BO at `va`. On return the device sees it there.
    fn bind(&self, bo: Bo, va: u64) -> Result<()>;

    /// Unbinds a range. On return the device does not access the memory any more.
    fn unbind(&self, va: u64, size: u64) -> Result<()>;

    /// Creates a queue.
    fn queue_create(&self, config: &QueueConfig) -> Result<Queue>;

    /// Destroys a queue, ending its running kernel. On return the device touches nothing of it.
    fn queue_destroy(&self, queue: Queue) -> Result<()>;

    /// Wakes a queue whose slot asks for it.
    fn kick(&self, queue: &Queue) -> Result<()>;

    /// Sleeps until the fence is satisfied, its queue stops, something else happens that deserves
    /// a look, or `limit` has passed. The caller looks again.
    fn sleep(&self, fence: &Fence<'_>, limit: Duration) -> Result<()>;

    /// What stopped a queue, when it did.
    fn fault(&self, queue: &Queue) -> Result<Option<FaultRecord>>;
}

/// Finds the devices: what `IXRT_BACKEND` says, by default the kernel driver's if there are any,
/// else a private one.
pub fn open_all() -> Result<Vec<Arc<dyn Backend>>> {
    let choice = std::env::var_os("IXRT_BACKEND").filter(|c| !c.is_empty());
    match choice.as_deref().map(|c| c.to_str()) {
        None => match drm::open_all() {
            Ok(devices) if devices.is_empty() => direct::open_all(),
            other => other,
        },
        Some(Some("drm")) => match drm::open_all()? {
            devices if devices.is_empty() => {
                Err(Error::new(Code::NO_DEVICE, "there is no render node of the driver `ix` in /dev/dri; is the module loaded?"))
            }
            devices => Ok(devices),
        },
        Some(Some("direct")) => direct::open_all(),
        Some(Some("vulkan")) => {
            Err(Error::new(Code::NOT_SUPPORTED, "this library was built without the Vulkan backend; set IXRT_BACKEND to drm or direct"))
        }
        Some(_) => Err(Error::new(
            Code::NO_DEVICE,
            format!("IXRT_BACKEND is {:?}; it must be drm or direct, or unset", choice.as_deref().unwrap_or_default()),
        )),
    }
}
