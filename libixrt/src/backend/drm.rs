// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The kernel driver's render node as a backend.
//!
//! The kernel does the work: BOs, bindings, queues and waiting are an ioctl each. One open file
//! and one address space serve the whole process.

use super::{Backend, Bo, DeviceInfo, Fence, MemoryUse, Placement, Queue, QueueConfig};
use crate::error::{Code, Error, Result};
use ix_hw::doorbell::{QueueSlot, SLOTS, SLOT_SIZE};
use ix_hw::fault::FaultRecord;
use ix_uapi::abi;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// A render node.
#[derive(Debug)]
pub struct Drm {
    device: ix_uapi::Device,
    info: DeviceInfo,
    vm: u32,
    doorbells: OnceLock<ix_uapi::Mapping>,
    lost: AtomicBool,
}

/// Opens all render nodes of the driver.
pub fn open_all() -> Result<Vec<Arc<dyn Backend>>> {
    let nodes = ix_uapi::render_nodes().map_err(|e| Error::new(Code::OPERATING_SYSTEM, e.to_string()))?;
    nodes.into_iter().map(|node| Drm::open(node.path).map(|d| Arc::new(d) as Arc<dyn Backend>)).collect()
}

impl Drm {
    fn open(path: std::path::PathBuf) -> Result<Drm> {
        let failed = |e: ix_uapi::Error| Error::new(Code::NO_DEVICE, e.to_string());
        let device = ix_uapi::Device::open(path).map_err(failed)?;
        let q = device.query_device().map_err(failed)?;
        let vm = device.vm_create().map_err(failed)?;
        let name_end = q.name.iter().position(|b| *b == 0).unwrap_or(q.name.len());
        let info = DeviceInfo {
            name: String::from_utf8_lossy(&q.name[..name_end]).into_owned(),
            uuid: q.uuid,
            pci: [q.pci_domain, q.pci_bus, q.pci_device, q.pci_function],
            sm_count: q.sm_count,
            warp_size: q.warp_size,
            warps_per_sm: q.warps_per_sm,
            blocks_per_sm: q.blocks_per_sm,
            threads_per_block: q.threads_per_block,
            shared_per_sm: q.shared_per_sm,
            shared_per_block: q.shared_per_block,
            regs_per_sm: q.regs_per_sm,
            local_per_thread: q.local_per_thread,
            core_clock_khz: q.core_clock_khz,
            mem_clock_khz: q.mem_clock_khz,
            mem_bus_bits: q.mem_bus_bits,
            copy_engines: q.copy_engines,
            l2_bytes: q.l2_bytes,
            vram_bytes: q.vram_bytes,
            va_end: q.va_end,
        };
        Ok(Drm { device, info, vm, doorbells: OnceLock::new(), lost: AtomicBool::new(false) })
    }

    /// Turns a failed ioctl into the program's error.
    fn failed(&self, error: ix_uapi::Error) -> Error {
        match error.errno() {
            Some(libc::ENODEV) => {
                self.lost.store(true, Ordering::Relaxed);
                self.gone()
            }
            Some(libc::ENOMEM | libc::ENOSPC) => Error::new(Code::OUT_OF_MEMORY, error.to_string()),
            Some(libc::EIO) => Error::new(Code::DEVICE_UNAVAILABLE, format!("the device does not answer: {error}")),
            _ => Error::new(Code::OPERATING_SYSTEM, error.to_string()),
        }
    }

    fn gone(&self) -> Error {
        Error::new(Code::DEVICE_UNAVAILABLE, format!("the device of {} is gone", self.device.path().display()))
    }

    fn bind_one(&self, operation: abi::drm_ix_vm_bind_op) -> Result<()> {
        match self.device.vm_bind(self.vm, &[operation]).error {
            None => Ok(()),
            Some(error) => Err(self.failed(error)),
        }
    }
}

impl Backend for Drm {
    fn name(&self) -> &'static std::ffi::CStr {
        c"drm"
    }

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn check(&self) -> Result<()> {
        if self.lost.load(Ordering::Relaxed) {
            return Err(self.gone());
        }
        Ok(())
    }

    fn memory(&self) -> Result<MemoryUse> {
        let m = self.device.query_memory().map_err(|e| self.failed(e))?;
        Ok(MemoryUse { total: m.vram_total, free: m.vram_total.saturating_sub(m.vram_used + m.vram_reserved) })
    }

    fn bo_create(&self, placement: Placement, size: u64) -> Result<Bo> {
        let placement = match placement {
            Placement::Vram => abi::DRM_IX_BO_VRAM,
            Placement::System => abi::DRM_IX_BO_SYSTEM,
        };
        let bo = self.device.bo_create(size, placement).map_err(|e| self.failed(e))?;
        Ok(Bo { id: bo.handle.into(), size: bo.size })
    }

    fn bo_destroy(&self, bo: Bo) {
        // The only failure is a device that is gone, and then the file's end frees everything.
        let _ = self.device.bo_close(bo.id as u32);
    }

    unsafe fn map_at(&self, bo: Bo, va: u64) -> Result<()> {
        // SAFETY: by the contract of this method.
        unsafe { self.device.bo_map_at(bo.id as u32, bo.size as usize, va as *mut u8) }.map_err(|e| self.failed(e))
    }

    fn vram_pointer(&self, _bo: Bo) -> Option<*mut u8> {
        // Through the BAR the CPU is no faster than the copy engine with a copy to system memory.
        None
    }

    fn bind(&self, bo: Bo, va: u64) -> Result<()> {
        self.bind_one(abi::drm_ix_vm_bind_op { op: abi::DRM_IX_VM_BIND_MAP, handle: bo.id as u32, va, size: bo.size, ..Default::default() })
    }

    fn unbind(&self, va: u64, size: u64) -> Result<()> {
        self.bind_one(abi::drm_ix_vm_bind_op { op: abi::DRM_IX_VM_BIND_UNMAP, va, size, ..Default::default() })
    }

    fn queue_create(&self, config: &QueueConfig) -> Result<Queue> {
        let create = |priority| {
            self.device.queue_create(&ix_uapi::QueueConfig {
                vm: self.vm,
                priority,
                ring_va: config.ring_va,
                ring_log2: config.ring_log2,
                timeout_ms: config.timeout_ms,
            })
        };
        let queue = match create(config.priority) {
            // Priorities above normal are a privilege (CAP_SYS_NICE); a stream's are a hint.
            Err(e) if e.errno() == Some(libc::EPERM) && config.priority > abi::DRM_IX_QUEUE_NORMAL => create(abi::DRM_IX_QUEUE_NORMAL),
            other => other,
        }
        .map_err(|e| self.failed(e))?;
        let page = match self.doorbells.get() {
            Some(page) => page,
            None => {
                let page = self.device.map_doorbells(queue.doorbell_offset).map_err(|e| self.failed(e))?;
                self.doorbells.get_or_init(|| page)
            }
        };
        if queue.doorbell_slot >= SLOTS {
            let _ = self.device.queue_destroy(queue.id);
            return Err(Error::new(Code::UNKNOWN, format!("the driver gave doorbell slot {}", queue.doorbell_slot)));
        }
        let offset = u64::from(queue.doorbell_slot) * SLOT_SIZE;
        // SAFETY: the page has SLOTS slots and stays mapped as long as `self`, which outlives its queues.
        Ok(unsafe { Queue::new(queue.id, page.as_ptr().add(offset as usize).cast::<QueueSlot>()) })
    }

    fn queue_destroy(&self, queue: Queue) -> Result<()> {
        self.device.queue_destroy(queue.id).map_err(|e| self.failed(e))
    }

    fn kick(&self, queue: &Queue) -> Result<()> {
        self.device.queue_kick(queue.id).map_err(|e| self.failed(e))
    }

    fn sleep(&self, fence: &Fence<'_>, limit: Duration) -> Result<()> {
        let entry = abi::drm_ix_wait_entry {
            handle: fence.bo.id as u32,
            op: abi::DRM_IX_WAIT_GE,
            offset: fence.offset,
            value: fence.value,
            queue_id: fence.queue.id,
            pad: 0,
        };
        let mut now = libc::timespec { tv_sec: 0, tv_nsec: 0 };
        // SAFETY: the structure is valid for writing.
        unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut now) };
        let deadline = now.tv_sec * 1_000_000_000 + now.tv_nsec + limit.as_nanos() as i64;
        self.device.wait(&[entry], true, deadline).map(|_| ()).map_err(|e| self.failed(e))
    }

    fn fault(&self, queue: &Queue) -> Result<Option<FaultRecord>> {
        let state = self.device.queue_state(queue.id).map_err(|e| self.failed(e))?;
        if state.state != abi::DRM_IX_QUEUE_STOPPED {
            return Ok(None);
        }
        let f = state.fault;
        Ok(Some(FaultRecord {
            kind: f.kind,
            unit: f.unit,
            queue: f.queue,
            vm: f.vm,
            access: f.access,
            size: f.size,
            va: f.va,
            pc: f.pc,
            packet: f.packet,
            tag: f.tag,
            block: f.block,
            thread: f.thread,
            detail: f.detail,
            lanes: f.lanes,
            time_ns: f.time_ns,
            reserved: f.reserved,
        }))
    }
}
