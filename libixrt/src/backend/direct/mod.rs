// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Straight on the silicon: the process is its own driver.
//!
//! The runtime starts a private `ix-device`, or connects to one that listens at a socket, and
//! brings the chip up through the same registers and rings as the kernel driver does. Device
//! memory is the chip's memory BAR, mapped whole, so the CPU reaches it at full speed. System
//! memory is one file of memory that the device maps once; pieces of it are given out and taken
//! back without a message.
//!
//! - [`process`]: the process behind the socket.
//! - [`chip`]: registers, admin ring, faults.
//! - [`tables`]: page tables.

mod chip;
mod process;
mod tables;

use super::{Backend, Bo, DeviceInfo, Fence, MemoryUse, Placement, Queue, QueueConfig};
use crate::error::{Code, Error, Result};
use crate::ranges::Ranges;
use chip::{Chip, BUS_BASE};
use ix_hw::doorbell::{state, SLOTS};
use ix_hw::fault::FaultRecord;
use ix_hw::mmu::{PAGE_2M, PAGE_64K, PAGE_SIZE, PHYS_SYSTEM};
use ix_hw::packet::{self, Opcode};
use ix_hw::{pci, regs};
use ix_vfio_user::client::Client;
use ix_vfio_user::event::EventFd;
use std::collections::BTreeSet;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{fence, AtomicU32, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};
use std::time::Duration;
use tables::Tables;

/// The address space of this process; the device has no other client.
const VM: u32 = 1;

/// Free memory and the page tables, which are in it.
#[derive(Debug)]
struct Memory {
    vram: Ranges,
    system: Ranges,
    tables: Tables,
}

/// Ids and doorbell slots in use.
#[derive(Debug)]
struct Queues {
    used: BTreeSet<u32>,
    count: u32,
}

/// Who sleeps. One sleeper at a time, the *watcher*, waits for the device's events; the others
/// wait for it to report.
#[derive(Debug, Default)]
struct Sleepers {
    watched: bool,
    /// Rises with every event.
    events: u64,
}

/// A device driven by this process.
#[derive(Debug)]
pub struct Direct {
    chip: Chip,
    info: DeviceInfo,
    memory: Mutex<Memory>,
    queues: Mutex<Queues>,
    sleepers: Mutex<Sleepers>,
    woken: Condvar,
    /// Faults and the admin ring.
    event_irq: EventFd,
    /// SIGNAL packets.
    fence_irq: EventFd,
    /// The socket once more, to notice the end of the device while sleeping.
    hangup: UnixStream,
    /// Process id of a private device.
    pid: Option<u32>,
}

/// Devices at the sockets in `IXRT_DEVICE_SOCKET` (separated by colons), else one private device.
pub fn open_all() -> Result<Vec<Arc<dyn Backend>>> {
    match std::env::var_os("IXRT_DEVICE_SOCKET").filter(|v| !v.is_empty()) {
        Some(paths) => std::env::split_paths(&paths)
            .map(|path| {
                let stream = UnixStream::connect(&path)
                    .map_err(|e| Error::new(Code::NO_DEVICE, format!("connecting to the device at {}: {e}", path.display())))?;
                Direct::open(stream, None, Arc::default()).map(|d| Arc::new(d) as Arc<dyn Backend>)
            })
            .collect(),
        None => {
            let lost = Arc::default();
            let (stream, pid) = process::start(&lost)?;
            match Direct::open(stream, Some(pid), Arc::clone(&lost)) {
                Ok(device) => Ok(vec![Arc::new(device)]),
                // A device that ended says why better than its socket does.
                Err(error) => Err(lost.final_error(Code::NO_DEVICE).unwrap_or(error)),
            }
        }
    }
}

impl Direct {
    fn open(stream: UnixStream, pid: Option<u32>, lost: Arc<process::Lost>) -> Result<Direct> {
        let hangup = stream.try_clone().map_err(|e| Error::system("duplicating the device's socket", e))?;
        let client = Client::new(stream).map_err(|e| Error::new(Code::NO_DEVICE, format!("talking to the device: {e}")))?;
        let chip = Chip::bring_up(client, physical_memory(), lost)?;
        let info = chip.info()?;
        let (_, queue_count) = chip.limits()?;
        let mut vram = Ranges::new(0, info.vram_bytes / PAGE_SIZE * PAGE_SIZE);
        let mut system = Ranges::new(0, chip.system.size());
        system.take(Chip::ADMIN_BYTES, PAGE_SIZE);
        // SAFETY: the mapping is of all device memory and lives in the same value as the tables.
        let tables = unsafe { Tables::new(chip.vram.as_ptr(), &mut vram) }?;
        chip.admin(
            "create an address space",
            &packet::VmCreate { header: packet::header(Opcode::VmCreate, 0), vm: VM, root: tables.root(), ..Default::default() },
        )?;
        let event = || EventFd::new().map_err(|e| Error::system("creating an event descriptor", e));
        let (event_irq, fence_irq) = (event()?, event()?);
        // In the order of their vectors.
        const _: () = assert!(pci::IRQ_EVENT == 0 && pci::IRQ_FENCE == 1);
        chip.client().enable_vectors(0, &[&event_irq, &fence_irq]).map_err(|e| chip.bus_error(e))?;
        Ok(Direct {
            chip,
            info,
            memory: Mutex::new(Memory { vram, system, tables }),
            queues: Mutex::new(Queues { used: BTreeSet::new(), count: queue_count }),
            sleepers: Mutex::default(),
            woken: Condvar::new(),
            event_irq,
            fence_irq,
            hangup,
            pid,
        })
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.memory.lock().unwrap_or_else(|e| e.into_inner())
    }

    fn invalidate(&self, va: u64, size: u64) -> Result<()> {
        self.chip.admin(
            "invalidate addresses",
            &packet::Invalidate { header: packet::header(Opcode::Invalidate, 0), vm: VM, va, size, ..Default::default() },
        )
    }

    /// Doorbell page and slot of a queue: each id has its own.
    fn place(id: u32) -> (u32, u32) {
        // Slot 0 of a page is the client's, and page 0 the driver's.
        let per_page = SLOTS - 1;
        (1 + (id - 1) / per_page, 1 + (id - 1) % per_page)
    }

    /// The word that says that somebody waits for an interrupt of a queue.
    fn armed(&self, queue: &Queue) -> Result<&AtomicU32> {
        let (page, _) = Direct::place(queue.id);
        let offset = u64::from(page) * pci::DOORBELL_PAGE_SIZE;
        self.chip.doorbells.atomic_u32(offset).ok_or(Error::new(Code::UNKNOWN, "no such doorbell page"))
    }

    /// Waits for an event of the device, or its end.
    fn watch(&self, limit: Duration) -> Result<()> {
        let descriptors = [self.event_irq.as_fd(), self.fence_irq.as_fd(), self.hangup.as_fd()];
        let mut polls = descriptors.map(|fd: BorrowedFd<'_>| libc::pollfd { fd: fd.as_raw_fd(), events: libc::POLLIN, revents: 0 });
        // Replies come on the same socket and are read by whoever sent the command: only its end counts.
        polls[2].events = libc::POLLRDHUP;
        let spec = libc::timespec { tv_sec: limit.as_secs() as i64, tv_nsec: limit.subsec_nanos().into() };
        // SAFETY: the array and the structure are valid; no signal mask is given.
        let n = unsafe { libc::ppoll(polls.as_mut_ptr(), polls.len() as libc::nfds_t, &spec, std::ptr::null()) };
        if n < 0 {
            let error = std::io::Error::last_os_error();
            return if error.kind() == std::io::ErrorKind::Interrupted {
                Ok(())
            } else {
                Err(Error::system("waiting for the device", error))
            };
        }
        if polls[2].revents != 0 {
            let lost = self.chip.set_lost("it closed its socket");
            // The thread that waits for a private device's process knows more.
            return Err(self.pid.and_then(|_| self.chip.lost().final_error(lost.code)).unwrap_or(lost));
        }
        for (poll, event) in polls.iter().zip([&self.event_irq, &self.fence_irq]) {
            if poll.revents != 0 {
                event.wait(Some(Duration::ZERO)).map_err(|e| Error::system("reading an event descriptor", e))?;
            }
        }
        Ok(())
    }
}

impl Backend for Direct {
    fn name(&self) -> &'static std::ffi::CStr {
        c"direct"
    }

    fn info(&self) -> &DeviceInfo {
        &self.info
    }

    fn check(&self) -> Result<()> {
        self.chip.check()
    }

    fn memory(&self) -> Result<MemoryUse> {
        Ok(MemoryUse { total: self.info.vram_bytes, free: self.memory().vram.free_bytes() })
    }

    fn bo_create(&self, placement: Placement, size: u64) -> Result<Bo> {
        self.check()?;
        let size = size.checked_next_multiple_of(PAGE_SIZE).unwrap_or(u64::MAX);
        let align = [PAGE_2M, PAGE_64K].into_iter().find(|page| size >= *page).unwrap_or(PAGE_SIZE);
        let mut memory = self.memory();
        let (free, what) = match placement {
            Placement::Vram => (&mut memory.vram, "device"),
            Placement::System => (&mut memory.system, "system"),
        };
        let Some(offset) = free.take(size, align) else {
            let left = free.free_bytes();
            return Err(Error::new(
                Code::OUT_OF_MEMORY,
                format!("no {size} consecutive bytes of {what} memory are free, of {left} in all"),
            ));
        };
        let id = match placement {
            Placement::Vram => offset,
            Placement::System => Chip::system_address(offset),
        };
        Ok(Bo { id, size })
    }

    fn bo_destroy(&self, bo: Bo) {
        if bo.id & PHYS_SYSTEM == 0 {
            return self.memory().vram.give(bo.id, bo.size);
        }
        let offset = (bo.id & !PHYS_SYSTEM) - BUS_BASE;
        if let Some(start) = self.chip.system.map().at(offset, bo.size) {
            // Back to the system; read again, it is zero.
            // SAFETY: the range is a part of the mapping that nobody uses any more.
            unsafe { libc::madvise(start.cast(), bo.size as usize, libc::MADV_REMOVE) };
        }
        self.memory().system.give(offset, bo.size);
    }

    unsafe fn map_at(&self, bo: Bo, va: u64) -> Result<()> {
        let offset = (bo.id & !PHYS_SYSTEM) - BUS_BASE;
        let (protection, flags) = (libc::PROT_READ | libc::PROT_WRITE, libc::MAP_SHARED | libc::MAP_FIXED);
        let fd = self.chip.system.as_fd().as_raw_fd();
        // SAFETY: the caller owns the reserved range; the file is as long as the BO needs.
        let at = unsafe { libc::mmap(va as *mut _, bo.size as usize, protection, flags, fd, offset as libc::off_t) };
        if at == libc::MAP_FAILED {
            return Err(Error::system("mapping system memory", std::io::Error::last_os_error()));
        }
        Ok(())
    }

    fn vram_pointer(&self, bo: Bo) -> Option<*mut u8> {
        (bo.id & PHYS_SYSTEM == 0).then(|| self.chip.vram.at(bo.id, bo.size)).flatten()
    }

    fn bind(&self, bo: Bo, va: u64) -> Result<()> {
        let mut guard = self.memory();
        let Memory { vram, tables, .. } = &mut *guard;
        let mut stale = Vec::new();
        let mapped = tables.map(vram, va, bo.id, bo.size, &mut stale);
        if mapped.is_err() {
            tables.unmap(va, bo.size);
        }
        let seen = self.invalidate(va, bo.size);
        if seen.is_ok() {
            tables.reuse(stale);
        }
        mapped.and(seen)
    }

    fn unbind(&self, va: u64, size: u64) -> Result<()> {
        self.memory().tables.unmap(va, size);
        self.invalidate(va, size)
    }

    fn queue_create(&self, config: &QueueConfig) -> Result<Queue> {
        let mut queues = self.queues.lock().unwrap_or_else(|e| e.into_inner());
        let slots = (pci::DOORBELL_PAGES - 1) * (SLOTS - 1);
        let Some(id) = (1..=queues.count.min(slots)).find(|id| !queues.used.contains(id)) else {
            return Err(Error::new(Code::OUT_OF_MEMORY, format!("all {} queues of the device are in use", queues.count)));
        };
        let (doorbell_page, doorbell_slot) = Direct::place(id);
        let slot = self.chip.slot(doorbell_page, doorbell_slot)?;
        self.chip.admin(
            "create a queue",
            &packet::QueueCreate {
                header: packet::header(Opcode::QueueCreate, 0),
                queue: id,
                vm: VM,
                ring_va: config.ring_va,
                ring_log2: config.ring_log2,
                priority: config.priority,
                doorbell_page,
                doorbell_slot,
                timeout_ms: config.timeout_ms,
                ..Default::default()
            },
        )?;
        queues.used.insert(id);
        // SAFETY: the slot lies in the mapped doorbell pages, which live as long as `self`.
        Ok(unsafe { Queue::new(id, slot) })
    }

    fn queue_destroy(&self, queue: Queue) -> Result<()> {
        let mut queues = self.queues.lock().unwrap_or_else(|e| e.into_inner());
        self.chip.admin(
            "destroy a queue",
            &packet::QueueDestroy { header: packet::header(Opcode::QueueDestroy, 0), queue: queue.id, ..Default::default() },
        )?;
        if queue.state().load(Ordering::Relaxed) == state::STOPPED {
            // Its record may still be in the device, where it would be taken for the next queue's.
            self.chip.fault(queue.id)?;
        }
        self.chip.forget_fault(queue.id);
        queues.used.remove(&queue.id);
        Ok(())
    }

    fn kick(&self, queue: &Queue) -> Result<()> {
        self.chip.write(regs::KICK, queue.id)
    }

    fn sleep(&self, awaited: &Fence<'_>, limit: Duration) -> Result<()> {
        self.check()?;
        let armed = self.armed(awaited.queue)?;
        let mut sleepers = self.sleepers.lock().unwrap_or_else(|e| e.into_inner());
        let events = sleepers.events;
        armed.store(1, Ordering::Relaxed);
        fence(Ordering::SeqCst);
        if awaited.word.load(Ordering::Acquire) >= awaited.value || awaited.queue.state().load(Ordering::Acquire) != state::RUNNING {
            return Ok(());
        }
        if sleepers.watched {
            let same = |s: &mut Sleepers| s.watched && s.events == events;
            drop(self.woken.wait_timeout_while(sleepers, limit, same));
            return Ok(());
        }
        sleepers.watched = true;
        drop(sleepers);
        let result = self.watch(limit);
        let mut sleepers = self.sleepers.lock().unwrap_or_else(|e| e.into_inner());
        sleepers.watched = false;
        sleepers.events += 1;
        self.woken.notify_all();
        result
    }

    fn fault(&self, queue: &Queue) -> Result<Option<FaultRecord>> {
        if queue.state().load(Ordering::Acquire) != state::STOPPED {
            return Ok(None);
        }
        let record = self.chip.fault(queue.id)?;
        let kind = queue.fault_kind().load(Ordering::Relaxed);
        // Of a full record queue the device drops the newest; the slot still has the kind.
        Ok(Some(record.unwrap_or(FaultRecord { kind, queue: queue.id, ..Default::default() })))
    }
}

/// Bytes of memory of the machine, in large pages: the size of what could ever be shared.
fn physical_memory() -> u64 {
    // SAFETY: sysconf takes no pointers.
    let (pages, size) = unsafe { (libc::sysconf(libc::_SC_PHYS_PAGES), libc::sysconf(libc::_SC_PAGESIZE)) };
    let bytes = u64::try_from(pages).unwrap_or(0) * u64::try_from(size).unwrap_or(0);
    bytes.max(1 << 30) / PAGE_2M * PAGE_2M
}
