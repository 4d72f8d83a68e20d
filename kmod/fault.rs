// SPDX-License-Identifier: GPL-2.0

//! Faults: what the device says when it stops a queue.
//!
//! The device latches a *record* and raises an interrupt. *Collecting* takes all latched records,
//! gives each to its queue, and tells the kernel log; it is done by the interrupt handler, and by
//! whoever finds a queue stopped before the handler has run. A client can make as many faults as it
//! likes, so the log gets few of them.

use kernel::{
    fmt,
    irq::{self, IrqReturn},
    prelude::*,
    sync::{atomic::Relaxed, Arc},
};

use crate::{
    device::Gpu,
    event,
    hw::{
        fault::{self, FaultRecord, KINDS, RECORDS},
        regs::*,
    },
};

/// Messages in one period.
const MESSAGES: u32 = 10;
const PERIOD_NS: i64 = 5_000_000_000;
const WORDS: usize = core::mem::size_of::<FaultRecord>() / 4;

/// How many messages went to the kernel log of late.
pub(crate) struct FaultLog {
    since: i64,
    printed: u32,
    suppressed: u32,
}

impl FaultLog {
    pub(crate) const fn new() -> Self {
        Self {
            since: 0,
            printed: 0,
            suppressed: 0,
        }
    }

    /// Whether one more message may go to the log, and how many did not before.
    fn admit(&mut self) -> Option<u32> {
        let now = event::now();
        if self.since == 0 || now - self.since > PERIOD_NS {
            self.since = now;
            self.printed = 0;
        }
        if self.printed == MESSAGES {
            self.suppressed += 1;
            return None;
        }
        self.printed += 1;
        Some(core::mem::take(&mut self.suppressed))
    }
}

/// The part of a record that its unit and kind use, as text.
struct Where<'a>(&'a FaultRecord);

impl fmt::Display for Where<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let r = self.0;
        let access = match r.access {
            fault::access::READ => Some("load"),
            fault::access::WRITE => Some("store"),
            fault::access::ATOMIC => Some("atomic"),
            fault::access::FETCH => Some("fetch"),
            _ => None,
        };
        if let Some(access) = access {
            write!(f, ", {access} at {:#x}", r.va)?;
            if r.size != 0 {
                write!(f, " of {} bytes", r.size)?;
            }
        }
        if r.unit == fault::unit::SM {
            let ([bx, by, bz], [tx, ty, tz]) = (r.block, r.thread);
            write!(f, ", pc {:#x}, block ({bx}, {by}, {bz})", r.pc)?;
            write!(f, ", thread ({tx}, {ty}, {tz})")?;
        } else if r.detail != 0 {
            write!(f, ", word {:#x}", r.detail)?;
        }
        Ok(())
    }
}

impl Gpu<'_> {
    /// Takes all records that the device has latched.
    pub(crate) fn collect_faults(&self) {
        let mut log = self.faults.lock();
        // More than RECORDS at once means that they come as fast as they are taken; the interrupt
        // that each raises brings us back.
        for _ in 0..=RECORDS {
            // A device that has died reads as all ones.
            if !(1..=RECORDS as u32).contains(&self.read(FAULT_COUNT)) {
                break;
            }
            let mut words = [0u32; WORDS];
            for (i, word) in words.iter_mut().enumerate() {
                *word = self.read(FAULT_RECORD + 4 * i as u32);
            }
            self.write(FAULT_POP, 1);
            // SAFETY: Both are 128 bytes; a layout has no padding, and integers take any bytes.
            let record = unsafe { core::mem::transmute::<[u32; WORDS], FaultRecord>(words) };
            self.fault_count.fetch_add(1, Relaxed);
            self.attach(&record);
            if let Some(suppressed) = log.admit() {
                self.tell(&record, suppressed);
            }
        }
    }

    fn attach(&self, record: &FaultRecord) {
        let queue = {
            let queues = self.queues.lock();
            let index = (record.queue as usize).wrapping_sub(1);
            queues.get(index).and_then(|q| q.clone())
        };
        if let Some(queue) = queue {
            queue.fault.lock().get_or_insert(*record);
        }
    }

    fn tell(&self, r: &FaultRecord, suppressed: u32) {
        let name = KINDS
            .iter()
            .find(|(number, ..)| *number == r.kind)
            .map_or("unknown", |(_, name, _)| *name);
        if suppressed > 0 {
            dev_err!(self.pdev, "{suppressed} faults not shown\n");
        }
        dev_err!(
            self.pdev,
            "queue {} stopped at packet {}: {name}{}\n",
            r.queue,
            r.packet,
            Where(r)
        );
    }
}

/// Handles IRQ_EVENT, in a thread: reading the causes is slow.
pub(crate) struct EventHandler<'a> {
    pub(crate) gpu: Arc<Gpu<'a>>,
}

impl irq::ThreadedHandler for EventHandler<'_> {
    fn handle_threaded(&self) -> IrqReturn {
        let gpu = &self.gpu;
        let causes = gpu.read(INTR_STATUS);
        if causes == 0 || causes == !0 {
            return IrqReturn::None;
        }
        // Cleared first, so that whatever comes meanwhile raises it again.
        gpu.write(INTR_STATUS, causes);
        if INTR_ADMIN.get(causes) == 1 {
            gpu.admin_event.wake();
        }
        if INTR_FAULT.get(causes) == 1 {
            gpu.collect_faults();
        }
        if INTR_FAULT.get(causes) == 1 || INTR_FENCE.get(causes) == 1 {
            gpu.fence_event.wake();
        }
        if INTR_THERMAL.get(causes) == 1 && gpu.faults.lock().admit().is_some() {
            dev_warn!(
                gpu.pdev,
                "temperature or power limit crossed: {} m°C, {} mW\n",
                gpu.read(SENSOR_TEMP),
                gpu.read(SENSOR_POWER)
            );
        }
        IrqReturn::Handled
    }
}

/// Handles IRQ_FENCE: there is nothing to read.
pub(crate) struct FenceHandler<'a> {
    pub(crate) gpu: Arc<Gpu<'a>>,
}

impl irq::Handler for FenceHandler<'_> {
    fn handle(&self) -> IrqReturn {
        self.gpu.fence_event.wake();
        IrqReturn::Handled
    }
}
