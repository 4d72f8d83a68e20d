// SPDX-License-Identifier: GPL-2.0

//! The admin ring: how the driver gives orders to the device.
//!
//! An *order* is one admin packet: make or destroy an address space or a queue, see changed page
//! tables, fill memory. Orders run one after the other; the device stores the result in the
//! packet itself. The driver waits for each: it looks for a short while, then sleeps until the
//! device raises an interrupt (long orders ask for one) or a slice of time has passed. A device
//! that does not answer in time is wedged: see [`crate::device`].
//!
//! Whoever gets an error from an order may free the memory that the order was about: before an
//! order fails because the device is gone or wedged, the device is *quiesced*, that is, reset.

use kernel::{
    device::Bound,
    dma::Coherent,
    pci,
    prelude::*,
    processor::cpu_relax,
    sync::{
        atomic::{Acquire, Full, Release},
        barrier::{self, dma_mb},
    },
};

use crate::{
    device::Gpu,
    event::{self, Sleep},
    hw::{
        doorbell,
        mmu::PHYS_SYSTEM,
        packet::{self, status, Opcode},
        regs::*,
    },
    vram::Span,
};

/// log2 of the number of packets in the ring.
const LOG2: u32 = 6;
const PACKETS: usize = 1 << LOG2;
const WORDS: usize = packet::SIZE / 8;
const STATUS_WORD: usize = packet::STATUS_OFFSET / 4;

/// How long one order may take.
const TIMEOUT_NS: i64 = 10_000_000_000;
/// How long to look before sleeping: most orders are shorter.
const SPIN_NS: i64 = 100_000;
/// First and longest slice of the sleep for an order that raises no interrupt.
const SLICE_NS: i64 = 50_000;
const SLICE_MAX_NS: i64 = 2_000_000;
/// How often a sleeper asks the device whether it is still alive.
const ALIVE_NS: i64 = 50_000_000;
/// Most bytes that one order fills: far less than the device can in [`TIMEOUT_NS`].
const FILL_MAX: u64 = 64 << 20;
/// Most fills that hold up orders of others.
const FILLS: usize = 4;
/// From this size on a fill asks for an interrupt.
const FILL_LONG: u64 = 1 << 20;

/// An admin packet.
#[derive(Clone, Copy)]
pub(crate) struct Order([u64; WORDS]);

macro_rules! orders {
    ($( $layout:ident ),+) => { $(
        impl From<packet::$layout> for Order {
            fn from(packet: packet::$layout) -> Self {
                // SAFETY: Both are 64 bytes; a layout has no padding, and integers take any bytes.
                Self(unsafe { core::mem::transmute::<packet::$layout, [u64; WORDS]>(packet) })
            }
        }
    )+ };
}
orders!(
    VmCreate,
    VmDestroy,
    Invalidate,
    QueueCreate,
    QueueDestroy,
    PhysFill
);

/// The ring and how far it has been used.
pub(crate) struct AdminRing {
    memory: Coherent<[u64]>,
    written: u64,
    /// Whether the device takes orders. Once it does not, it has been reset and touches nothing.
    enabled: bool,
}

impl AdminRing {
    /// A ring that is not enabled yet.
    pub(crate) fn new(pdev: &pci::Device<Bound>) -> Result<Self> {
        Ok(Self {
            memory: Coherent::zeroed_slice(pdev.as_ref(), PACKETS * WORDS, GFP_KERNEL)?,
            written: 0,
            enabled: false,
        })
    }

    fn packet(&self, number: u64) -> *mut u64 {
        // In bounds: the ring has PACKETS * WORDS words.
        let index = (number as usize % PACKETS) * WORDS;
        self.memory.as_mut_ptr().cast::<u64>().wrapping_add(index)
    }

    fn write(&mut self, order: &Order) {
        let at = self.packet(self.written);
        for (i, word) in order.0.iter().enumerate() {
            // SAFETY: Inside of the ring, see `packet()`. The device reads an entry only after its
            // number has been rung, so nobody else accesses this one.
            unsafe { at.add(i).write_volatile(*word) };
        }
        self.written += 1;
    }

    fn status(&self, number: u64) -> u32 {
        let at = self.packet(number).cast::<u32>();
        // SAFETY: Inside of the ring and aligned; the device writes it, so volatile.
        let value = unsafe { at.add(STATUS_WORD).read_volatile() };
        // What the order changed is read after its status.
        dma_mb(barrier::Read);
        value
    }
}

impl Gpu<'_> {
    /// Starts the admin ring. EIO: the device does not accept it.
    pub(crate) fn enable_admin(&self) -> Result {
        let mut ring = self.admin.lock();
        // From here on the device may access the ring.
        ring.enabled = true;
        let address = ring.memory.dma_address() | PHYS_SYSTEM;
        self.write(ADMIN_RING_LO, address as u32);
        self.write(ADMIN_RING_HI, (address >> 32) as u32);
        self.write(ADMIN_RING_LOG2, LOG2);
        self.write(ADMIN_ENABLE, 1);
        let state = self.read(STATUS);
        if STATUS_ADMIN.get(state) != 1 || STATUS_WEDGED.get(state) != 0 {
            dev_err!(self.pdev, "admin ring is not accepted: status {state:#x}\n");
            self.quiesce(&mut ring);
            return Err(EIO);
        }
        Ok(())
    }

    /// Runs an order. EINVAL: the device finds an argument wrong. EBUSY, ENOSPC: as it says. EIO:
    /// the device is or becomes wedged. ENODEV: it is gone.
    pub(crate) fn order(&self, order: impl Into<Order>) -> Result {
        self.orders(&[order.into()])
    }

    /// Runs orders that take something away from the device. When this returns, with or without an
    /// error, the device does not have it any more: one that refuses is wedged.
    pub(crate) fn insist(&self, orders: &[Order]) -> Result {
        let result = self.orders(orders);
        if result.is_err() && self.check().is_ok() {
            self.wedge(&mut self.admin.lock(), "the device refuses an order");
        }
        result
    }

    /// Runs orders one after the other. The first error is returned; orders that were given to the
    /// device together with the one that failed run still.
    fn orders(&self, orders: &[Order]) -> Result {
        let mut ring = self.admin.lock();
        if let Err(e) = self.check() {
            self.quiesce(&mut ring);
            return Err(e);
        }
        for batch in orders.chunks(PACKETS / 2) {
            let first = ring.written;
            for order in batch {
                ring.write(order);
            }
            if self.ring_doorbell(0, doorbell::ADMIN_SLOT, ring.written) {
                self.write(KICK, 0);
            }
            let mut result = Ok(());
            for number in first..ring.written {
                let status = self.await_order(&mut ring, number)?;
                result = result.and(self.judge(&batch[(number - first) as usize], status));
            }
            result?;
        }
        Ok(())
    }

    /// Waits for an order and returns its status.
    fn await_order(&self, ring: &mut AdminRing, number: u64) -> Result<u32> {
        let start = event::now();
        while event::now() - start < SPIN_NS {
            match ring.status(number) {
                status::PENDING => cpu_relax(),
                status => return Ok(status),
            }
        }
        let sleep = Sleep {
            deadline: start + TIMEOUT_NS,
            slice: SLICE_NS,
            slice_max: SLICE_MAX_NS,
            interruptible: false,
        };
        let mut asked = start;
        let answer = self.admin_event.wait(sleep, || {
            let status = ring.status(number);
            if status != status::PENDING {
                return Some(Some(status));
            }
            if self.check().is_err() {
                // Unbinding has begun and waits for the ring.
                return Some(None);
            }
            if event::now() - asked < ALIVE_NS {
                return None;
            }
            asked = event::now();
            (!self.is_alive()).then_some(None)
        })?;
        match answer {
            Some(Some(status)) => return Ok(status),
            Some(None) => self.wedge(ring, "the device has died or was reset"),
            None => self.wedge(ring, "the device does not answer"),
        }
        self.check()?;
        Err(EIO)
    }

    /// Makes sure that the device runs nothing and touches no memory.
    fn quiesce(&self, ring: &mut AdminRing) {
        if core::mem::replace(&mut ring.enabled, false) {
            self.stop();
        }
    }

    /// Declares the device wedged, unless it is gone, and quiesces it.
    fn wedge(&self, ring: &mut AdminRing, why: &'static str) {
        if !self.gone.load(Acquire) && !self.wedged.xchg(true, Full) {
            dev_err!(
                self.pdev,
                "{why} (status {:#x}): resetting; all queues end, bind the driver anew to go on\n",
                self.read(STATUS)
            );
        }
        self.quiesce(ring);
        self.fence_event.wake();
    }

    /// Like [`Self::check`], but asks the device first, which is slow.
    pub(crate) fn check_alive(&self) -> Result {
        self.check()?;
        if !self.is_alive() {
            self.wedge(&mut self.admin.lock(), "the device has died or was reset");
        }
        self.check()
    }

    /// Makes the device gone: see [`crate::device`]. When this returns, it is quiet.
    pub(crate) fn shut_down(&self) {
        self.gone.store(true, Release);
        self.fence_event.wake();
        self.admin_event.wake();
        self.quiesce(&mut self.admin.lock());
    }

    fn judge(&self, order: &Order, status: u32) -> Result {
        match status {
            status::OK => Ok(()),
            status::BAD_ADDRESS => Err(EINVAL),
            status::NO_RESOURCE => Err(ENOSPC),
            status::BUSY => Err(EBUSY),
            _ => {
                // What clients may get wrong is checked before, so this is a fault of the driver
                // or of the device.
                dev_err!(
                    self.pdev,
                    "admin packet {:#x} failed with status {status}\n",
                    order.0[0] as u8
                );
                Err(EIO)
            }
        }
    }

    /// Zeroes a span.
    pub(crate) fn zero(&self, span: &Span) -> Result {
        let mut orders: KVec<Order> = KVec::new();
        for (mut offset, mut size) in span.blocks() {
            while size > 0 {
                let part = size.min(FILL_MAX);
                let flags = if part >= FILL_LONG {
                    packet::FLAG_INTERRUPT
                } else {
                    0
                };
                let fill = packet::PhysFill {
                    header: packet::header(Opcode::PhysFill, flags),
                    dst: offset,
                    size: part,
                    ..packet::PhysFill::ZERO
                };
                orders.push(fill.into(), GFP_KERNEL)?;
                offset += part;
                size -= part;
            }
        }
        // Others may have the ring in between.
        for batch in orders.chunks(FILLS) {
            self.orders(batch)?;
        }
        Ok(())
    }
}
