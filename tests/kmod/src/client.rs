// SPDX-License-Identifier: Apache-2.0 OR MIT
//! A client of the driver, with as much of a runtime as the cases need: buffers at addresses,
//! queues that take packets, kernels as assembly text.

use std::cell::Cell;
use std::os::fd::{AsFd, AsRawFd};
use std::sync::atomic::{fence, Ordering};

use ix_hw::dispatch::Descriptor;
use ix_hw::doorbell::QueueSlot;
use ix_hw::isa::Inst;
use ix_hw::packet::{self, Opcode};
use ix_uapi::abi::*;
use ix_uapi::{Bo, Device, Mapping, Queue, QueueConfig, WaitOutcome};

use crate::check::{Context, Outcome};

/// Time that anything which should happen soon may take.
pub const SOON_MS: u64 = 20_000;

/// CLOCK_MONOTONIC in ns.
pub fn now_ns() -> i64 {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: `time` is valid for writes.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut time) };
    time.tv_sec * 1_000_000_000 + time.tv_nsec
}

/// The time in so many ms.
pub fn in_ms(ms: u64) -> i64 {
    now_ns() + ms as i64 * 1_000_000
}

/// Calls an ioctl once and returns its error number, 0 for success.
pub fn raw<T>(device: &Device, number: u64, argument: &mut T) -> i32 {
    // SAFETY: the cases pass the type that belongs to the number; pointers in it may be bad, which
    // the kernel must find out.
    let rc = unsafe { libc::ioctl(device.as_fd().as_raw_fd(), number as _, std::ptr::from_mut(argument)) };
    if rc == -1 {
        std::io::Error::last_os_error().raw_os_error().unwrap_or(-1)
    } else {
        0
    }
}

/// Opens the first device.
pub fn open() -> Outcome<Device> {
    let nodes = ix_uapi::render_nodes().or_fail("render nodes")?;
    let node = nodes.first().ok_or("no render node of an IX device")?;
    Device::open(&node.path).or_fail("open")
}

/// A client with one address space.
pub struct Client {
    pub device: Device,
    pub vm: u32,
    next_va: Cell<u64>,
}

/// A buffer object that process and device have mapped.
pub struct Buffer {
    pub bo: Bo,
    pub map: Mapping,
    pub va: u64,
}

impl Client {
    pub fn new() -> Outcome<Client> {
        Client::on(open()?)
    }

    pub fn on(device: Device) -> Outcome<Client> {
        let vm = device.vm_create().or_fail("VM_CREATE")?;
        Ok(Client { device, vm, next_va: Cell::new(ix_hw::mmu::VA_START) })
    }

    /// A range of addresses that nothing has used, aligned to 2 MiB.
    pub fn addresses(&self, size: u64) -> u64 {
        let va = self.next_va.get();
        // A large page stays free behind it.
        self.next_va.set(va + size.next_multiple_of(2 << 20) + (2 << 20));
        va
    }

    pub fn bind(&self, ops: &[drm_ix_vm_bind_op]) -> Outcome {
        match self.device.vm_bind(self.vm, ops).error {
            Some(e) => Err(format!("VM_BIND: {e}")),
            None => Ok(()),
        }
    }

    pub fn buffer(&self, size: u64, placement: u32) -> Outcome<Buffer> {
        let bo = self.device.bo_create(size, placement).or_fail("BO_CREATE")?;
        let map = self.device.bo_map(bo.handle, bo.size as usize).or_fail("mmap")?;
        let va = self.addresses(bo.size);
        self.bind(&[map_op(bo.handle, 0, va, bo.size)])?;
        Ok(Buffer { bo, map, va })
    }

    pub fn vram(&self, size: u64) -> Outcome<Buffer> {
        self.buffer(size, DRM_IX_BO_VRAM)
    }

    pub fn system(&self, size: u64) -> Outcome<Buffer> {
        self.buffer(size, DRM_IX_BO_SYSTEM)
    }

    /// A queue whose kernels may run `timeout_ms`, 0: for ever.
    pub fn stream(&self, timeout_ms: u32) -> Outcome<Stream<'_>> {
        Stream::new(self, timeout_ms)
    }

    /// Machine code in a buffer of its own.
    pub fn code(&self, text: &str) -> Outcome<Code> {
        let mut bytes = Vec::new();
        for line in text.lines().map(str::trim).filter(|l| !l.is_empty()) {
            let inst = Inst::parse(line).map_err(|e| format!("{line}: {e}"))?;
            bytes.extend(inst.to_bytes().map_err(|e| format!("{line}: {e}"))?);
        }
        let buffer = self.vram(bytes.len() as u64)?;
        buffer.map.write(0, &bytes);
        Ok(Code { buffer, size: bytes.len() as u64 })
    }
}

/// The operation that maps a range.
pub fn map_op(handle: u32, bo_offset: u64, va: u64, size: u64) -> drm_ix_vm_bind_op {
    drm_ix_vm_bind_op { op: DRM_IX_VM_BIND_MAP, handle, bo_offset, va, size, ..Default::default() }
}

/// The operation that unmaps a range.
pub fn unmap_op(va: u64, size: u64) -> drm_ix_vm_bind_op {
    drm_ix_vm_bind_op { op: DRM_IX_VM_BIND_UNMAP, va, size, ..Default::default() }
}

/// Machine code.
pub struct Code {
    pub buffer: Buffer,
    pub size: u64,
}

/// A queue with its ring and a fence.
pub struct Stream<'c> {
    client: &'c Client,
    pub queue: Queue,
    ring: Buffer,
    doorbells: Mapping,
    written: u64,
    pub fence: Buffer,
    value: u64,
}

const RING_LOG2: u32 = 8;

fn bytes_of<T: Copy>(value: &T) -> &[u8] {
    // SAFETY: used for the hardware's layouts only, which have no padding.
    unsafe { std::slice::from_raw_parts(std::ptr::from_ref(value).cast(), size_of::<T>()) }
}

impl<'c> Stream<'c> {
    fn new(client: &'c Client, timeout_ms: u32) -> Outcome<Stream<'c>> {
        let ring = client.system((packet::SIZE as u64) << RING_LOG2)?;
        let fence = client.system(4096)?;
        let config = QueueConfig { vm: client.vm, priority: DRM_IX_QUEUE_NORMAL, ring_va: ring.va, ring_log2: RING_LOG2, timeout_ms };
        let queue = client.device.queue_create(&config).or_fail("QUEUE_CREATE")?;
        let doorbells = client.device.map_doorbells(queue.doorbell_offset).or_fail("mmap of doorbells")?;
        Ok(Stream { client, queue, ring, doorbells, written: 0, fence, value: 0 })
    }

    fn slot(&self, field: usize) -> usize {
        self.queue.doorbell_slot as usize * ix_hw::doorbell::SLOT_SIZE as usize + field
    }

    /// Writes a packet, 64 bytes of one of the hardware's layouts. Waits while the ring is full.
    pub fn push<P: Copy>(&mut self, packet: &P) -> Outcome {
        assert_eq!(size_of::<P>(), packet::SIZE);
        let rptr = self.doorbells.atomic_u64(self.slot(std::mem::offset_of!(QueueSlot, rptr)));
        let full = |written: u64| written - rptr.load(Ordering::Acquire) >= 1 << RING_LOG2;
        if full(self.written) {
            self.ring_doorbell()?;
            let deadline = in_ms(SOON_MS);
            while full(self.written) {
                if now_ns() > deadline {
                    return Err("the ring stays full".into());
                }
                std::thread::yield_now();
            }
        }
        let entry = self.written % (1 << RING_LOG2);
        self.ring.map.write(entry as usize * packet::SIZE, bytes_of(packet));
        self.written += 1;
        Ok(())
    }

    /// Tells the device of the packets, and the driver if the device sleeps.
    pub fn ring_doorbell(&self) -> Outcome {
        let wptr = self.doorbells.atomic_u64(self.slot(std::mem::offset_of!(QueueSlot, wptr)));
        wptr.store(self.written, Ordering::Release);
        fence(Ordering::SeqCst);
        let asleep = self.doorbells.atomic_u32(self.slot(std::mem::offset_of!(QueueSlot, needs_kick)));
        if asleep.load(Ordering::Acquire) == 1 {
            self.client.device.queue_kick(self.queue.id).or_fail("QUEUE_KICK")?;
        }
        Ok(())
    }

    /// Signals the fence after all that was pushed.
    pub fn signal(&mut self) -> Outcome {
        self.value += 1;
        let signal = packet::Signal {
            header: packet::header(Opcode::Signal, packet::FLAG_INTERRUPT),
            va: self.fence.va,
            value: self.value,
            ..packet::Signal::ZERO
        };
        self.push(&signal)?;
        self.ring_doorbell()
    }

    /// The entry that waits for the last signal.
    pub fn entry(&self) -> drm_ix_wait_entry {
        drm_ix_wait_entry {
            handle: self.fence.bo.handle,
            op: DRM_IX_WAIT_GE,
            value: self.value,
            queue_id: self.queue.id,
            ..Default::default()
        }
    }

    pub fn wait(&self) -> Outcome<WaitOutcome> {
        self.client.device.wait(&[self.entry()], false, in_ms(SOON_MS)).or_fail("WAIT")
    }

    /// Waits until all that was pushed has completed.
    pub fn finish(&mut self) -> Outcome {
        self.signal()?;
        match self.wait()? {
            WaitOutcome::Satisfied(0) => Ok(()),
            other => Err(format!("{other:?} instead of a signalled fence; {:?}", self.state()?)),
        }
    }

    /// Waits until the queue has stopped on a fault.
    pub fn finish_stopped(&mut self) -> Outcome<drm_ix_fault> {
        self.signal()?;
        match self.wait()? {
            WaitOutcome::Stopped(0) => {}
            other => return Err(format!("{other:?} instead of a stopped queue")),
        }
        let state = self.state()?;
        if state.state != DRM_IX_QUEUE_STOPPED {
            return Err(format!("the wait said stopped, the state says {}", state.state));
        }
        Ok(state.fault)
    }

    pub fn state(&self) -> Outcome<drm_ix_queue_state> {
        self.client.device.queue_state(self.queue.id).or_fail("QUEUE_STATE")
    }

    pub fn fill(&mut self, va: u64, words: u64, value: u64) -> Outcome {
        self.push(&packet::Fill {
            header: packet::header(Opcode::Fill, 0),
            rows: 1,
            dst_va: va,
            width: words,
            value,
            element: 8,
            ..packet::Fill::ZERO
        })
    }

    pub fn copy(&mut self, dst_va: u64, src_va: u64, width: u64) -> Outcome {
        self.push(&packet::Copy { header: packet::header(Opcode::Copy, 0), rows: 1, src_va, dst_va, width, ..packet::Copy::ZERO })
    }

    /// Runs `code` on one thread. The descriptor stays in `room` until the queue has finished.
    pub fn launch(&mut self, code: &Code, room: &Buffer, grid: [u32; 3]) -> Outcome {
        let descriptor = Descriptor {
            entry_va: code.buffer.va,
            code_va: code.buffer.va,
            code_size: code.size,
            grid,
            block: [1; 3],
            vregs: 8,
            sregs: 16,
            tag: 0x7a6,
            ..Descriptor::ZERO
        };
        room.map.write(0, bytes_of(&descriptor));
        self.push(&packet::Dispatch { header: packet::header(Opcode::Dispatch, 0), descriptor_va: room.va, ..packet::Dispatch::ZERO })
    }

    /// Makes the queue wait for a value that nobody stores, and signal after it.
    pub fn hold(&mut self) -> Outcome {
        let value = u64::MAX;
        self.push(&packet::Wait { header: packet::header(Opcode::Wait, 0), va: self.fence.va + 64, value, ..packet::Wait::ZERO })?;
        self.signal()
    }

    /// Runs a kernel that never ends. The code and descriptor are in the buffers that come back.
    pub fn launch_endless(&mut self) -> Outcome<(Code, Buffer)> {
        let code = self.client.code("bra +0")?;
        let room = self.client.vram(4096)?;
        self.launch(&code, &room, [1; 3])?;
        self.signal()?;
        Ok((code, room))
    }
}
