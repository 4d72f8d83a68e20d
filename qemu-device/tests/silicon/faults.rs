// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Everything that stops a queue, and that it stops that queue only.

use crate::driver::{copy, fill, nop, signal, until, wait, ClientQueue, Driver, Link, Local, RW, VA};
use ix_device::silicon::bytes::Plain;
use ix_hw::doorbell::{state, QueueSlot};
use ix_hw::fault::{access, kind, unit, FaultRecord};
use ix_hw::mmu::PTE_READ;
use ix_hw::packet::{self, compare, header, status, Opcode, FLAG_INTERRUPT, FLAG_TIMESTAMP};
use ix_hw::pci::IRQ_EVENT;
use ix_hw::regs as r;
use std::mem::offset_of;
use std::sync::atomic::Ordering;
use std::time::Duration;

struct Bench {
    driver: Driver<Local>,
    queue: ClientQueue,
    other: ClientQueue,
}

impl Bench {
    /// Two queues in one address space, with two pages mapped at VA, the second read-only.
    fn new() -> Bench {
        let mut driver = Driver::local();
        let space = driver.space(2);
        driver.memory(&space, VA, 1);
        let page = driver.allocate(1);
        driver.map(&space, VA + 0x1000, page, 0x1000, PTE_READ);
        let queue = driver.queue(&space, 7);
        let other = driver.queue(&space, 8);
        Bench { driver, queue, other }
    }

    /// Runs a packet that must fault after two that do not; returns the record.
    fn fault<P: Plain>(&mut self, packet: &P) -> FaultRecord {
        let event = self.driver.link.watch(IRQ_EVENT);
        self.driver.push(&mut self.queue, &nop());
        self.driver.push(&mut self.queue, &signal(VA, 1));
        self.driver.push(&mut self.queue, packet);
        self.driver.push(&mut self.queue, &signal(VA, 2));
        self.driver.submit(&self.queue);
        assert!(event.wait(Some(Duration::from_secs(5))).unwrap() > 0);
        assert_eq!(self.driver.link.read32(r::INTR_STATUS), r::INTR_FAULT.mask());
        let record = self.driver.take_fault();
        assert_eq!(self.driver.link.read32(r::FAULT_COUNT), 0);
        assert_eq!((record.queue, record.vm), (7, 2));
        assert_eq!(self.driver.state(&self.queue), (state::STOPPED, record.kind));
        assert_eq!(self.driver.completed(&self.queue), 2);
        assert!(record.time_ns > 0);
        until("status record", || self.driver.word(self.queue.status + 0x18).load(Ordering::Acquire) as u32 == state::STOPPED);
        assert_eq!(self.driver.word(self.queue.status + 0x18).load(Ordering::Acquire) >> 32, u64::from(record.kind));
        // The other queue of the same client goes on, and a new one can take the place.
        self.driver.run(&mut self.other, &signal(VA, 3));
        self.driver.finish(&self.other);
        assert_eq!(self.driver.destroy_queue(7), status::OK);
        record
    }
}

#[track_caller]
fn check(record: FaultRecord, expected: FaultRecord) {
    let FaultRecord { queue, vm, time_ns, .. } = record;
    let expected = FaultRecord { packet: 2, queue, vm, time_ns, ..expected };
    assert_eq!(record, expected);
}

#[test]
fn copy_from_unmapped_memory_is_a_page_fault() {
    let record = Bench::new().fault(&copy(VA, VA + 0x1ff8, 16));
    check(record, FaultRecord { kind: kind::PAGE, unit: unit::COPY, access: access::READ, va: VA + 0x2000, ..FaultRecord::ZERO });
}

#[test]
fn large_copy_to_read_only_memory_is_a_page_fault() {
    let record = Bench::new().fault(&fill(VA, 1, 9, 1 << 20));
    check(record, FaultRecord { kind: kind::PAGE, unit: unit::COPY, access: access::WRITE, va: VA + 0x1000, ..FaultRecord::ZERO });
}

#[test]
fn addresses_beyond_the_address_space_are_page_faults() {
    for va in [1 << 40, u64::MAX - 7] {
        let record = Bench::new().fault(&copy(va, VA, 8));
        check(record, FaultRecord { kind: kind::PAGE, unit: unit::COPY, access: access::WRITE, va, ..FaultRecord::ZERO });
    }
    let rows = packet::Copy { rows: u32::MAX, src_pitch: u64::MAX, dst_pitch: 8, ..copy(VA, VA, 8) };
    assert_eq!(Bench::new().fault(&rows).kind, kind::PAGE);
}

#[test]
fn signal_and_wait_fault_at_their_addresses() {
    let record = Bench::new().fault(&signal(VA + 0x1008, 1));
    check(record, FaultRecord { kind: kind::PAGE, access: access::WRITE, va: VA + 0x1008, ..FaultRecord::ZERO });
    let record = Bench::new().fault(&signal(VA + 4, 1));
    check(record, FaultRecord { kind: kind::MISALIGNED, access: access::WRITE, size: 8, va: VA + 4, ..FaultRecord::ZERO });
    let record = Bench::new().fault(&wait(8, 1));
    check(record, FaultRecord { kind: kind::PAGE, access: access::READ, va: 8, ..FaultRecord::ZERO });
    let record = Bench::new().fault(&packet::Wait { compare: compare::WORD, ..wait(VA + 2, 1) });
    check(record, FaultRecord { kind: kind::MISALIGNED, access: access::READ, size: 4, va: VA + 2, ..FaultRecord::ZERO });
    let header = header(Opcode::Signal, FLAG_TIMESTAMP);
    let record = Bench::new().fault(&packet::Signal { header, ..signal(VA, 1) });
    check(record, FaultRecord { kind: kind::PAGE, access: access::WRITE, va: 0, ..FaultRecord::ZERO });
}

#[test]
fn misaligned_fill_is_refused() {
    let record = Bench::new().fault(&fill(VA + 2, 4, 0, 1));
    check(
        record,
        FaultRecord { kind: kind::MISALIGNED, unit: unit::COPY, access: access::WRITE, size: 4, va: VA + 2, ..FaultRecord::ZERO },
    );
}

#[test]
fn malformed_packets_stop_the_queue_with_their_header() {
    let raw = |header| packet::Plain { header, ..packet::Plain::ZERO };
    let mut reserved = nop();
    reserved.reserved[14] = 1;
    let mut cases = vec![raw(0x7f), raw(0x80), raw(0x83), raw(1 << 16), raw(header(Opcode::Wait, 1)), reserved];
    cases.push(raw(header(Opcode::Nop, FLAG_INTERRUPT)));
    for packet in cases {
        let record = Bench::new().fault(&packet);
        check(record, FaultRecord { kind: kind::BAD_PACKET, detail: packet.header, ..FaultRecord::ZERO });
    }
    let record = Bench::new().fault(&packet::Wait { compare: 6, ..wait(VA, 1) });
    assert_eq!(record.kind, kind::BAD_PACKET);
    for bad in [
        packet::Fill { element: 3, ..fill(VA, 1, 0, 1) },
        packet::Fill { rows: 0, ..fill(VA, 1, 0, 1) },
        packet::Fill { rows: 2, pitch: 6, ..fill(VA, 4, 0, 1) },
    ] {
        assert_eq!(Bench::new().fault(&bad).kind, kind::BAD_PACKET);
    }
    for bad in [packet::Copy { rows: 0, ..copy(VA, VA, 8) }, packet::Copy { rows: 2, src_pitch: 7, dst_pitch: 8, ..copy(VA, VA, 8) }] {
        assert_eq!(Bench::new().fault(&bad).kind, kind::BAD_PACKET);
    }
}

#[test]
fn write_pointer_that_runs_away_or_back_is_a_bad_ring() {
    for wptr in [u64::MAX, 65 + 3, 2] {
        let mut bench = Bench::new();
        for _ in 0..3 {
            bench.driver.run(&mut bench.queue, &nop());
        }
        bench.driver.finish(&bench.queue);
        bench.queue.wptr = wptr;
        bench.driver.submit(&bench.queue);
        let record = bench.driver.take_fault();
        assert_eq!((record.kind, record.va, record.packet), (kind::BAD_RING, wptr, 3));
        assert_eq!(bench.driver.state(&bench.queue), (state::STOPPED, kind::BAD_RING));
    }
}

#[test]
fn ring_that_is_not_mapped_is_a_fetch_fault() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let mut queue = driver.queue_with(&space, 1, |packet| packet.ring_va = VA + (8 << 20));
    driver.run(&mut queue, &nop());
    let record = driver.take_fault();
    assert_eq!((record.kind, record.access, record.va), (kind::PAGE, access::FETCH, VA + (8 << 20)));
}

#[test]
fn clients_that_scribble_in_their_doorbells_harm_only_themselves() {
    let mut bench = Bench::new();
    let (page, slot) = (bench.queue.page, bench.queue.slot);
    for field in [offset_of!(QueueSlot, rptr), offset_of!(QueueSlot, completed)] {
        bench.driver.slot_long(page, slot, field).store(u64::MAX, Ordering::SeqCst);
    }
    bench.driver.slot_word(page, slot, offset_of!(QueueSlot, needs_kick)).store(9, Ordering::SeqCst);
    bench.driver.run(&mut bench.queue, &signal(VA, 5));
    bench.driver.link.write32(r::KICK, bench.queue.id);
    bench.driver.run(&mut bench.other, &signal(VA + 8, 5));
    bench.driver.finish(&bench.other);
    bench.driver.finish(&bench.queue);
}

#[test]
fn two_clients_of_which_one_faults() {
    let mut driver = Driver::local();
    let (a, b) = (driver.space(1), driver.space(2));
    let data = driver.memory(&b, VA, 1);
    let (mut bad, mut good) = (driver.queue(&a, 1), driver.queue(&b, 2));
    for i in 0..50 {
        driver.run(&mut good, &signal(VA, i));
        if i == 20 {
            // Mapped in the other address space only.
            driver.run(&mut bad, &copy(VA, VA, 8));
        }
    }
    driver.finish(&good);
    assert_eq!(driver.word(data).load(Ordering::Acquire), 49);
    assert_eq!(driver.take_fault().vm, 1);
}

#[test]
fn unmapped_memory_cannot_be_reached_after_invalidation() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    driver.run(&mut queue, &signal(VA, 1));
    driver.finish(&queue);
    driver.map(&space, VA, 0, 0x1000, 0);
    driver.run(&mut queue, &signal(VA, 2));
    assert_eq!(driver.take_fault().va, VA);
    assert_eq!(driver.word(data).load(Ordering::Acquire), 1);
    driver.destroy_queue(1);
    driver.map(&space, VA, data, 0x1000, RW);
    let mut queue = driver.queue(&space, 1);
    driver.run(&mut queue, &signal(VA, 3));
    driver.finish(&queue);
    assert_eq!(driver.word(data).load(Ordering::Acquire), 3);
}
