// SPDX-License-Identifier: GPL-2.0

//! Queues: rings that clients fill by themselves.
//!
//! A *queue* has a ring in an address space, a slot in its client's doorbell page, and a status
//! record in memory that only the device and the driver write. The driver is needed to create and
//! destroy it, to kick it when the device says that it sleeps, and to tell what became of it; it
//! never sees the packets.
//!
//! A queue *stops* on its first fault and stays so until it is destroyed. A queue that was
//! destroyed, or whose device is wedged or gone, counts as stopped for those who still wait for it.

use kernel::{
    bindings, drm, new_mutex,
    prelude::*,
    sync::{
        atomic::{Acquire, AtomicFlag, Release},
        Arc, Mutex,
    },
};

use crate::{
    client::{Client, DrmFile},
    device::Gpu,
    driver::IxDevice,
    hw::{
        doorbell,
        fault::{self, FaultRecord},
        mmu,
        packet::{self, Opcode},
        regs,
    },
    mmap, uapi,
};

/// A queue.
#[pin_data]
pub(crate) struct Queue {
    /// Its id on the device and for the client.
    pub(crate) id: u32,
    /// Its slot in the client's doorbell page.
    pub(crate) doorbell_slot: u32,
    /// Id of its address space, which the client keeps while it has the queue. It is no reference:
    /// the device has one of the queue, and must not keep buffer objects longer than their files.
    pub(crate) vm: u32,
    /// What stopped it.
    #[pin]
    pub(crate) fault: Mutex<Option<FaultRecord>>,
    destroyed: AtomicFlag,
}

/// What a client wants of a new queue.
pub(crate) struct Wish {
    pub(crate) ring_va: u64,
    pub(crate) ring_log2: u32,
    pub(crate) priority: u32,
    pub(crate) timeout_ms: u32,
}

/// Time in ns that kernels, and copies and fills, ran.
#[derive(Clone, Copy, Default)]
pub(crate) struct Busy {
    pub(crate) compute: u64,
    pub(crate) copy: u64,
}

impl Busy {
    /// Adds what another queue ran. The numbers come from the device, so they may be anything.
    pub(crate) fn add(&mut self, other: Self) {
        self.compute = self.compute.saturating_add(other.compute);
        self.copy = self.copy.saturating_add(other.copy);
    }
}

impl Queue {
    /// Creates a queue. ENOSPC: the device has no more. EINVAL: the device finds the ring wrong.
    pub(crate) fn new(
        gpu: &Gpu<'_>,
        vm: u32,
        page: u32,
        doorbell_slot: u32,
        wish: &Wish,
    ) -> Result<Arc<Self>> {
        let (id, queue) = {
            let mut queues = gpu.queues.lock();
            let index = queues.iter().position(|q| q.is_none()).ok_or(ENOSPC)?;
            let id = index as u32 + 1;
            let queue = Arc::pin_init(
                pin_init!(Self {
                    id,
                    doorbell_slot,
                    vm,
                    fault <- new_mutex!(None),
                    destroyed: AtomicFlag::new(false),
                }),
                GFP_KERNEL,
            )?;
            queues[index] = Some(queue.clone());
            (id, queue)
        };
        gpu.clear_status(id);
        let created = gpu.order(packet::QueueCreate {
            header: packet::header(Opcode::QueueCreate, 0),
            queue: id,
            vm,
            ring_va: wish.ring_va,
            ring_log2: wish.ring_log2,
            priority: wish.priority,
            doorbell_page: page,
            doorbell_slot,
            status_pa: gpu.status_address(id),
            timeout_ms: wish.timeout_ms,
            ..packet::QueueCreate::ZERO
        });
        if let Err(e) = created {
            gpu.queues.lock()[id as usize - 1] = None;
            return Err(e);
        }
        Ok(queue)
    }

    /// Ends a running kernel, destroys the queue and says how busy it was in all.
    pub(crate) fn destroy(&self, gpu: &Gpu<'_>) -> (Busy, Result) {
        // A kernel that is ended counts up to now.
        let before = self.busy(gpu, &mut None);
        let order = packet::QueueDestroy {
            header: packet::header(Opcode::QueueDestroy, packet::FLAG_INTERRUPT),
            queue: self.id,
            ..packet::QueueDestroy::ZERO
        };
        let result = gpu.insist(&[order.into()]);
        // A fault that it had is told to whoever watches the log before the id is used again.
        gpu.collect_faults();
        let status = gpu.status(self.id);
        self.destroyed.store(true, Release);
        gpu.queues.lock()[self.id as usize - 1] = None;
        gpu.fence_event.wake();
        let busy = Busy {
            compute: before.compute.max(status.busy_compute_ns),
            copy: before.copy.max(status.busy_copy_ns),
        };
        (busy, result)
    }

    /// Whether it takes no more packets.
    pub(crate) fn is_stopped(&self, gpu: &Gpu<'_>) -> bool {
        self.destroyed.load(Acquire)
            || gpu.status(self.id).state == doorbell::state::STOPPED
            || gpu.check().is_err()
    }

    /// How busy it has been up to `now`, device time; a running kernel counts.
    pub(crate) fn busy(&self, gpu: &Gpu<'_>, now: &mut Option<u64>) -> Busy {
        let status = gpu.status(self.id);
        let mut busy = Busy {
            compute: status.busy_compute_ns,
            copy: status.busy_copy_ns,
        };
        if status.running_since_ns != 0 {
            let now = *now.get_or_insert_with(|| gpu.read64(regs::TIME_LO));
            let running = now.saturating_sub(status.running_since_ns);
            busy.compute = busy.compute.saturating_add(running);
        }
        busy
    }
}

fn client(file: &DrmFile) -> &Client {
    file.inner().get_ref()
}

/// DRM_IOCTL_IX_QUEUE_CREATE.
pub(crate) fn create(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_queue_create,
    file: &DrmFile,
) -> Result<u32> {
    if args.flags != 0 || args.pad != 0 || args.priority > uapi::DRM_IX_QUEUE_HIGH {
        return Err(EINVAL);
    }
    if !(packet::RING_LOG2_MIN..=packet::RING_LOG2_MAX).contains(&args.ring_log2) {
        return Err(EINVAL);
    }
    let bytes = (packet::SIZE as u64) << args.ring_log2;
    let end = args.ring_va.checked_add(bytes).ok_or(EINVAL)?;
    if args.ring_va % packet::RING_ALIGN != 0
        || args.ring_va < mmu::VA_START
        || end > gpu.caps.va_end
    {
        return Err(EINVAL);
    }
    gpu.check()?;
    // SAFETY: Has no preconditions.
    let nice = || unsafe { bindings::capable(bindings::CAP_SYS_NICE as c_int) };
    if args.priority == uapi::DRM_IX_QUEUE_HIGH && !nice() {
        return Err(EPERM);
    }
    let wish = Wish {
        ring_va: args.ring_va,
        ring_log2: args.ring_log2,
        priority: args.priority,
        timeout_ms: args.timeout_ms,
    };
    let queue = client(file).create_queue(gpu, args.vm_id, &wish)?;
    args.queue_id = queue.id;
    args.doorbell_slot = queue.doorbell_slot;
    args.doorbell_offset = mmap::DOORBELL_OFFSET;
    Ok(0)
}

/// DRM_IOCTL_IX_QUEUE_DESTROY.
pub(crate) fn destroy(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_queue_destroy,
    file: &DrmFile,
) -> Result<u32> {
    if args.pad != 0 {
        return Err(EINVAL);
    }
    client(file).destroy_queue(gpu, args.queue_id)?;
    Ok(0)
}

/// DRM_IOCTL_IX_QUEUE_KICK.
pub(crate) fn kick(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_queue_kick,
    file: &DrmFile,
) -> Result<u32> {
    if args.pad != 0 {
        return Err(EINVAL);
    }
    let queue = client(file).queue(args.queue_id)?;
    gpu.check()?;
    gpu.write(regs::KICK, queue.id);
    Ok(0)
}

/// DRM_IOCTL_IX_QUEUE_STATE.
pub(crate) fn state(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_queue_state,
    file: &DrmFile,
) -> Result<u32> {
    let queue = client(file).queue(args.queue_id)?;
    // A dead device is a state as well: its queues have stopped.
    let _ = gpu.check_alive();
    let status = gpu.status(queue.id);
    let stopped = queue.is_stopped(gpu);
    let fault = if stopped {
        queue.fault_record(gpu, status.fault)
    } else {
        FaultRecord::ZERO
    };
    let busy = queue.busy(gpu, &mut None);
    *args = uapi::drm_ix_queue_state {
        queue_id: args.queue_id,
        state: if stopped {
            uapi::DRM_IX_QUEUE_STOPPED
        } else {
            uapi::DRM_IX_QUEUE_RUNNING
        },
        busy_compute_ns: busy.compute,
        busy_copy_ns: busy.copy,
        completed: status.completed,
        fault: to_uapi(&fault),
    };
    Ok(0)
}

impl Queue {
    /// What stopped it. When the device has lost the record, at least the kind is known.
    fn fault_record(&self, gpu: &Gpu<'_>, kind: u32) -> FaultRecord {
        if self.fault.lock().is_none() {
            // The interrupt may be under way still.
            gpu.collect_faults();
        }
        self.fault.lock().unwrap_or(FaultRecord {
            kind,
            queue: self.id,
            vm: self.vm,
            access: fault::access::NONE,
            ..FaultRecord::ZERO
        })
    }
}

fn to_uapi(record: &FaultRecord) -> uapi::drm_ix_fault {
    uapi::drm_ix_fault {
        kind: record.kind,
        unit: record.unit,
        queue: record.queue,
        vm: record.vm,
        access: record.access,
        size: record.size,
        va: record.va,
        pc: record.pc,
        packet: record.packet,
        tag: record.tag,
        block: record.block,
        thread: record.thread,
        detail: record.detail,
        lanes: record.lanes,
        time_ns: record.time_ns,
        reserved: record.reserved,
    }
}
