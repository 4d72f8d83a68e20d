// SPDX-License-Identifier: GPL-2.0

//! The device: its registers, memory and state while the driver is bound to it.
//!
//! [`Gpu`] lives from probe to unbind. It owns the mappings of the BARs, the admin ring
//! ([`crate::admin`]), the allocator of device memory and the tables of ids; clients hold ids and
//! memory but never the device itself, so they may outlive it. Every path to it from a client goes
//! through the DRM core's registration guard, and is closed before [`Gpu`] goes.
//!
//! The device is *gone* once unbinding has begun: it has been reset and runs nothing, and every
//! request gives ENODEV. It is *wedged* when it did not answer in time or said that only a reset
//! helps: it has been reset as well, and every request gives EIO until the driver is bound anew.

use kernel::{
    bindings,
    device::Bound,
    dma::Coherent,
    id_pool::IdPool,
    io::Io,
    new_mutex,
    pci::{self, Bar},
    prelude::*,
    sync::{
        atomic::{Acquire, Atomic, AtomicFlag, Relaxed},
        barrier::{self, mb},
        Arc, Mutex,
    },
};

use crate::{
    admin::AdminRing,
    event::{self, Event},
    fault::FaultLog,
    hw::{
        doorbell, mmu,
        packet::QueueStatus,
        pci as hw_pci,
        regs::{self, *},
    },
    query,
    queue::Queue,
    uapi,
    vram::{Usage, Vram},
    window::Window,
};

/// How long the device may take to become ready after a reset.
const RESET_TIMEOUT_NS: i64 = 2_000_000_000;
/// How often a status record is read at most when the device keeps changing it.
const STATUS_TRIES: u32 = 4;
/// Most queues and address spaces that the driver's tables are made for.
const MAX_IDS: u32 = 1 << 16;

/// What the registers say once and for all.
pub(crate) struct Caps {
    /// ID_VERSION.
    pub(crate) version: u32,
    /// Bytes of device memory.
    pub(crate) vram: u64,
    /// First address past the implemented ones.
    pub(crate) va_end: u64,
    /// Number of address spaces.
    pub(crate) vms: u32,
    /// Number of user queues.
    pub(crate) queues: u32,
}

/// The device while the driver is bound to it.
#[pin_data(PinnedDrop)]
pub(crate) struct Gpu<'a> {
    pub(crate) pdev: &'a pci::Device<Bound>,
    regs: Bar<'a>,
    /// Held while a pair of registers is read.
    #[pin]
    latch: Mutex<()>,
    /// Device memory as the CPU sees it.
    pub(crate) window: Window<'a>,
    pub(crate) caps: Caps,
    /// What QUERY tells of the device.
    pub(crate) description: uapi::drm_ix_query_device,
    /// Allocator of device memory.
    pub(crate) vram: Vram,
    /// Bytes in all buffer objects.
    pub(crate) usage: Arc<Usage>,
    /// Most bytes of system memory in buffer objects.
    pub(crate) system_limit: u64,
    #[pin]
    pub(crate) admin: Mutex<AdminRing>,
    /// Status records of all queues, by id less one.
    status: Coherent<[u64]>,
    /// Queues by id less one.
    #[pin]
    pub(crate) queues: Mutex<KVVec<Option<Arc<Queue>>>>,
    /// Ids of address spaces, less one.
    #[pin]
    vm_ids: Mutex<IdPool>,
    /// Doorbell pages, less one.
    #[pin]
    doorbell_pages: Mutex<IdPool>,
    /// Admin packets completed.
    #[pin]
    pub(crate) admin_event: Event,
    /// A user fence may have been signalled, or a queue stopped.
    #[pin]
    pub(crate) fence_event: Event,
    #[pin]
    pub(crate) faults: Mutex<FaultLog>,
    /// Faults since the driver was bound.
    pub(crate) fault_count: Atomic<u32>,
    pub(crate) gone: AtomicFlag,
    pub(crate) wedged: AtomicFlag,
}

impl<'a> Gpu<'a> {
    /// Identifies and resets the device behind `pdev`, whose memory space is enabled. ENODEV: it
    /// is not a device that this driver knows.
    pub(crate) fn new(pdev: &'a pci::Device<Bound>) -> Result<Arc<Self>> {
        let regs = pdev.iomap_region(hw_pci::BAR_REGS, c"ix registers")?;
        let window = Window::new(pdev)?;
        if (regs.size() as u64) < hw_pci::DOORBELL_END {
            dev_err!(pdev, "register BAR is too small: {} bytes\n", regs.size());
            return Err(ENODEV);
        }
        let read = |reg: u32| regs.try_read32(reg as usize).unwrap_or(!0);

        let (magic, version) = (read(ID_MAGIC), read(ID_VERSION));
        if magic != regs::MAGIC {
            dev_err!(pdev, "no IX device: magic {magic:#x}\n");
            return Err(ENODEV);
        }
        if ID_VERSION_MAJOR.get(version) != regs::VERSION_MAJOR {
            dev_err!(
                pdev,
                "hardware contract {}.{}, but this driver knows {}\n",
                ID_VERSION_MAJOR.get(version),
                ID_VERSION_MINOR.get(version),
                regs::VERSION_MAJOR
            );
            return Err(ENODEV);
        }
        let caps = Caps {
            version,
            vram: u64::from(read(CAP_VRAM_LO)) | u64::from(read(CAP_VRAM_HI)) << 32,
            va_end: 1 << read(CAP_VA_BITS).min(63),
            vms: read(CAP_VM_COUNT),
            queues: read(CAP_QUEUE_COUNT),
        };
        let sane = caps.vram >= mmu::PAGE_2M
            && caps.vram % mmu::PAGE_SIZE == 0
            && caps.vram <= window.size() as u64
            && caps.va_end > mmu::VA_START
            && caps.va_end <= 1 << mmu::level_shift(mmu::LEVELS)
            && (1..=MAX_IDS).contains(&caps.vms)
            && (1..=MAX_IDS).contains(&caps.queues);
        if !sane {
            dev_err!(
                pdev,
                "capabilities out of range: {} bytes of memory (BAR {}), addresses to {:#x}, {} address spaces, {} queues\n",
                caps.vram,
                window.size(),
                caps.va_end,
                caps.vms,
                caps.queues
            );
            return Err(ENODEV);
        }

        let description = query::describe(pdev, &caps, &read);
        let mut queues = KVVec::with_capacity(caps.queues as usize, GFP_KERNEL)?;
        for _ in 0..caps.queues {
            queues.push_within_capacity(None).map_err(|_| ENOMEM)?;
        }
        let vm_ids = IdPool::with_capacity(caps.vms as usize, GFP_KERNEL)?;
        let pages = IdPool::with_capacity(hw_pci::DOORBELL_PAGES as usize - 1, GFP_KERNEL)?;
        let status = Coherent::zeroed_slice(
            pdev.as_ref(),
            caps.queues as usize * Self::STATUS_WORDS,
            GFP_KERNEL,
        )?;
        let ring = AdminRing::new(pdev)?;
        let vram = Vram::new(caps.vram)?;
        let usage = Arc::new(Usage::new(), GFP_KERNEL)?;

        let gpu = Arc::pin_init(
            try_pin_init!(Self {
                pdev,
                regs,
                latch <- new_mutex!(()),
                window,
                caps,
                description,
                vram,
                usage,
                system_limit: system_limit(),
                admin <- new_mutex!(ring),
                status,
                queues <- new_mutex!(queues),
                vm_ids <- new_mutex!(vm_ids),
                doorbell_pages <- new_mutex!(pages),
                admin_event <- Event::new(),
                fence_event <- Event::new(),
                faults <- new_mutex!(FaultLog::new()),
                fault_count: Atomic::new(0),
                gone: AtomicFlag::new(false),
                wedged: AtomicFlag::new(false),
            }),
            GFP_KERNEL,
        )?;
        if let Err(e) = gpu.reset() {
            dev_err!(
                pdev,
                "does not become ready: status {:#x}\n",
                gpu.read(STATUS)
            );
            return Err(e);
        }
        Ok(gpu)
    }

    /// Reads a register.
    pub(crate) fn read(&self, reg: u32) -> u32 {
        // The BAR was found large enough for all registers; a device that has died reads so too.
        self.regs.try_read32(reg as usize).unwrap_or(!0)
    }

    /// Reads the pair of registers of which `lo` is the low half.
    pub(crate) fn read64(&self, lo: u32) -> u64 {
        // Reading the low half latches the high one, so it must come first, and nobody else may
        // read the pair in between.
        let _latch = self.latch.lock();
        let low = self.read(lo);
        u64::from(low) | u64::from(self.read(lo + 4)) << 32
    }

    /// Writes a register.
    pub(crate) fn write(&self, reg: u32, value: u32) {
        let _ = self.regs.try_write32(value, reg as usize);
    }

    /// Offset in the register BAR of `field` in a slot of a doorbell page.
    fn doorbell(page: u32, slot: u32, field: usize) -> usize {
        (hw_pci::DOORBELL_OFFSET + u64::from(page) * hw_pci::DOORBELL_PAGE_SIZE) as usize
            + slot as usize * doorbell::SLOT_SIZE as usize
            + field
    }

    /// Stores a write pointer in a doorbell slot and tells whether the device wants a kick.
    pub(crate) fn ring_doorbell(&self, page: u32, slot: u32, wptr: u64) -> bool {
        let at = |field| Self::doorbell(page, slot, field);
        mb(barrier::Write);
        let _ = self
            .regs
            .try_write64(wptr, at(core::mem::offset_of!(doorbell::QueueSlot, wptr)));
        mb(barrier::Full);
        let wanted = at(core::mem::offset_of!(doorbell::QueueSlot, needs_kick));
        self.regs.try_read32(wanted) == Ok(1)
    }

    /// Asks the device to raise an interrupt for the next fence signalled by the owner of a
    /// doorbell page. Memory read afterwards is as new as the request.
    pub(crate) fn arm_interrupt(&self, page: u32) {
        let armed = core::mem::offset_of!(doorbell::ClientSlot, irq_armed);
        let _ = self.regs.try_write32(1, Self::doorbell(page, 0, armed));
        mb(barrier::Full);
    }

    /// Page frame of a doorbell page.
    pub(crate) fn doorbell_pfn(&self, page: u32) -> Result<usize> {
        let start = self.pdev.resource_start(hw_pci::BAR_REGS)?;
        Ok((start as usize + Self::doorbell(page, 0, 0)) >> bindings::PAGE_SHIFT)
    }

    const STATUS_WORDS: usize = core::mem::size_of::<QueueStatus>() / 8;

    fn status_word(&self, queue: u32, word: usize) -> *mut u64 {
        let index = (queue as usize - 1) * Self::STATUS_WORDS + word;
        assert!(queue >= 1 && index < self.status.len());
        // CAST: A pointer to the first element of the slice.
        // The index was just checked, so this stays inside of the allocation.
        self.status.as_mut_ptr().cast::<u64>().wrapping_add(index)
    }

    /// Bus address of a queue's status record.
    pub(crate) fn status_address(&self, queue: u32) -> u64 {
        let record = (queue as usize - 1) * Self::STATUS_WORDS * 8;
        (self.status.dma_address() + record as u64) | mmu::PHYS_SYSTEM
    }

    /// A queue's status record as it is now. It is read again when the device has updated it
    /// meanwhile, so that time does not run backwards when a kernel ends.
    pub(crate) fn status(&self, queue: u32) -> QueueStatus {
        let word = |field: usize| {
            let at = self.status_word(queue, field / 8);
            // SAFETY: In bounds and aligned; the device may write it at any time, so volatile.
            unsafe { at.read_volatile() }
        };
        let mut tries = 0;
        loop {
            let updated_ns = word(core::mem::offset_of!(QueueStatus, updated_ns));
            let state = word(core::mem::offset_of!(QueueStatus, state));
            let status = QueueStatus {
                busy_compute_ns: word(core::mem::offset_of!(QueueStatus, busy_compute_ns)),
                busy_copy_ns: word(core::mem::offset_of!(QueueStatus, busy_copy_ns)),
                completed: word(core::mem::offset_of!(QueueStatus, completed)),
                state: state as u32,
                fault: (state >> 32) as u32,
                updated_ns,
                running_since_ns: word(core::mem::offset_of!(QueueStatus, running_since_ns)),
                ..QueueStatus::ZERO
            };
            tries += 1;
            let same = word(core::mem::offset_of!(QueueStatus, updated_ns)) == updated_ns;
            if same || tries == STATUS_TRIES {
                return status;
            }
        }
    }

    /// Zeroes the status record of a queue that the device does not know yet.
    pub(crate) fn clear_status(&self, queue: u32) {
        for word in 0..Self::STATUS_WORDS {
            // SAFETY: In bounds and aligned.
            unsafe { self.status_word(queue, word).write_volatile(0) };
        }
    }

    /// An id for a new address space. ENOSPC: all are in use.
    pub(crate) fn take_vm_id(&self) -> Result<u32> {
        take_id(&self.vm_ids, self.caps.vms)
    }

    /// Gives the id of an address space back.
    pub(crate) fn release_vm_id(&self, id: u32) {
        self.vm_ids.lock().release_id(id as usize - 1);
    }

    /// A doorbell page for a client. ENOSPC: all are in use.
    pub(crate) fn take_doorbell_page(&self) -> Result<u32> {
        take_id(&self.doorbell_pages, hw_pci::DOORBELL_PAGES - 1)
    }

    /// Gives a doorbell page back; the next client finds it zeroed.
    pub(crate) fn release_doorbell_page(&self, page: u32) {
        for word in (0..hw_pci::DOORBELL_PAGE_SIZE as usize).step_by(8) {
            let _ = self.regs.try_write64(0, Self::doorbell(page, 0, word));
        }
        self.doorbell_pages.lock().release_id(page as usize - 1);
    }

    /// Fails with ENODEV when the device is gone and with EIO when it is wedged.
    pub(crate) fn check(&self) -> Result {
        if self.gone.load(Acquire) {
            Err(ENODEV)
        } else if self.wedged.load(Acquire) {
            Err(EIO)
        } else {
            Ok(())
        }
    }

    /// Whether the device answers and its admin ring runs, which it does not after a reset by
    /// somebody else either.
    pub(crate) fn is_alive(&self) -> bool {
        let status = self.read(STATUS);
        status != !0 && STATUS_WEDGED.get(status) == 0 && STATUS_ADMIN.get(status) == 1
    }

    /// Resets the device and waits until it is ready. EIO: it does not become so.
    fn reset(&self) -> Result {
        self.write(CONTROL, CONTROL_RESET.put(1));
        let deadline = event::now() + RESET_TIMEOUT_NS;
        loop {
            let status = self.read(STATUS);
            // All ones is how a device reads that has died.
            let dead = status == !0;
            if !dead && STATUS_READY.get(status) == 1 && STATUS_ADMIN.get(status) == 0 {
                return Ok(());
            }
            if dead || event::now() > deadline {
                return Err(EIO);
            }
            kernel::time::delay::fsleep(kernel::time::Delta::from_millis(1));
        }
    }

    /// Resets the device, and where it does not answer takes its access to memory away. Whatever
    /// happens, it touches no memory of the driver's or of clients' afterwards.
    pub(crate) fn stop(&self) {
        if self.reset().is_err() {
            let pdev = core::ptr::from_ref(self.pdev).cast_mut().cast();
            // SAFETY: `pci::Device` is a transparent wrapper of `struct pci_dev`, valid while we
            // borrow it.
            unsafe { bindings::pci_clear_master(pdev) };
        }
    }

    /// Number of faults since the driver was bound.
    pub(crate) fn faults_seen(&self) -> u32 {
        self.fault_count.load(Relaxed)
    }
}

#[pinned_drop]
impl PinnedDrop for Gpu<'_> {
    fn drop(self: Pin<&mut Self>) {
        self.shut_down();
        dev_info!(
            self.pdev,
            "unbound: {} bytes of VRAM in buffer objects, {} in page tables, {} bytes of system memory\n",
            self.usage.vram(),
            self.vram.reserved(),
            self.usage.system()
        );
    }
}

fn take_id(pool: &Mutex<IdPool>, count: u32) -> Result<u32> {
    let mut pool = pool.lock();
    match pool.find_unused_id(0) {
        // The pool may be larger than asked for.
        Some(id) if id.as_u32() < count => Ok(id.acquire() as u32 + 1),
        _ => Err(ENOSPC),
    }
}

/// Half of the machine's memory: buffer objects are pinned, so clients must not get all of it.
fn system_limit() -> u64 {
    let mut info = bindings::sysinfo::default();
    // SAFETY: `info` is valid for writes.
    unsafe { bindings::si_meminfo(&mut info) };
    (info.totalram as u64).saturating_mul(u64::from(info.mem_unit)) / 2
}
