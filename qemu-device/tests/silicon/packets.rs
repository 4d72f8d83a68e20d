// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Packets of user queues that do what they should, and the doorbell protocol.

use crate::driver::{copy, fill, nop, signal, until, wait, Driver, Link, VA};
use ix_hw::doorbell::QueueSlot;
use ix_hw::packet::{self, compare, header, status, Opcode, FLAG_INTERRUPT, FLAG_OVERLAP, FLAG_TIMESTAMP};
use ix_hw::pci::{IRQ_EVENT, IRQ_FENCE};
use ix_hw::regs as r;
use std::mem::offset_of;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[test]
fn copies_and_fills_move_rows() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 4);
    let mut queue = driver.queue(&space, 1);
    let source: Vec<u8> = (0..200).collect();
    driver.write(data, &source);
    driver.run(&mut queue, &copy(VA + 0x1000, VA, 200));
    let rows = packet::Copy { rows: 3, src_pitch: 50, dst_pitch: 100, ..copy(VA + 0x2000, VA + 0x1000, 10) };
    driver.run(&mut queue, &rows);
    let filled = packet::Fill { rows: 2, pitch: 16, ..fill(VA + 0x3000, 4, 0xffff_ffff_1234_5678, 2) };
    driver.run(&mut queue, &filled);
    driver.run(&mut queue, &copy(VA + 0x3100, VA, 0));
    driver.finish(&queue);
    assert_eq!(driver.read(data + 0x1000, 200), source);
    for row in 0..3 {
        assert_eq!(driver.read(data + 0x2000 + 100 * row as u64, 11)[..10], source[50 * row..50 * row + 10]);
        assert_eq!(driver.read(data + 0x2000 + 100 * row as u64 + 10, 1), [0]);
    }
    let word = 0x1234_5678u32.to_le_bytes();
    let row = [word, word, [0; 4], [0; 4]].concat();
    assert_eq!(driver.read(data + 0x3000, 32), [row.clone(), row].concat());
}

#[test]
fn large_transfers_go_through_the_copy_engines() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 4096);
    let mut queue = driver.queue(&space, 1);
    let half = 8 << 20;
    driver.push(&mut queue, &fill(VA, 8, 0x0102_0304_0506_0708, half / 8));
    driver.push(&mut queue, &copy(VA + half, VA, half));
    driver.push(&mut queue, &signal(VA, 99));
    driver.submit(&queue);
    driver.finish(&queue);
    assert_eq!(driver.word(data).load(Ordering::Acquire), 99);
    assert_eq!(driver.word(data + half).load(Ordering::Acquire), 0x0102_0304_0506_0708);
    assert_eq!(driver.word(data + 2 * half - 8).load(Ordering::Acquire), 0x0102_0304_0506_0708);
    assert!(driver.link.read32(r::BUSY_COPY_LO) > 0);
}

#[test]
fn ring_wraps_and_entries_are_reused() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    for i in 0..1000u64 {
        let rptr = driver.slot_long(queue.page, queue.slot, offset_of!(QueueSlot, rptr));
        until("space in the ring", || queue.wptr - rptr.load(Ordering::Acquire) < 1 << queue.log2);
        driver.run(&mut queue, &signal(VA, i));
    }
    driver.finish(&queue);
    assert_eq!(driver.word(data).load(Ordering::Acquire), 999);
    assert_eq!(driver.completed(&queue), 1000);
}

#[test]
fn queue_waits_for_another() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut first = driver.queue(&space, 1);
    let mut second = driver.queue(&space, 2);
    driver.push(&mut first, &wait(VA, 5));
    driver.push(&mut first, &signal(VA + 8, 1));
    driver.submit(&first);
    driver.run(&mut second, &signal(VA, 4));
    driver.finish(&second);
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!(driver.word(data + 8).load(Ordering::Acquire), 0);
    driver.run(&mut second, &signal(VA, 6));
    driver.finish(&first);
    assert_eq!(driver.word(data + 8).load(Ordering::Acquire), 1);
}

#[test]
fn every_comparison_of_wait_holds_and_releases() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    let high = 7 << 32;
    let cases = [
        (compare::GE, 10, 9, u64::MAX),
        (compare::EQ, 10, 11, 10),
        (compare::NE, 10, 10, 9),
        (compare::AND, 0b110, 0b1001, 0b0100),
        (compare::GE_CYCLIC, 2, u64::MAX, 3),
        (compare::GE_CYCLIC, u64::MAX, u64::MAX - 1, 0),
        (compare::NOR, !0xf, 0xf, 0xe),
        // The high half is not looked at.
        (compare::WORD | compare::GE, 10, high | 9, high | 10),
        (compare::WORD | compare::EQ, 10, high | 11, high | 10),
        (compare::WORD | compare::NE, 10, high | 10, high),
        (compare::WORD | compare::AND, 1, high, high | 1),
        (compare::WORD | compare::GE_CYCLIC, 2, high | 0xffff_ffff, high | 3),
        (compare::WORD | compare::NOR, 0xffff_fff0, high | 0xf, high | 0xe),
    ];
    for (compare, value, holds, releases) in cases {
        driver.word(data).store(holds, Ordering::SeqCst);
        driver.run(&mut queue, &packet::Wait { compare, ..wait(VA, value) });
        std::thread::sleep(Duration::from_millis(3));
        assert_eq!(driver.completed(&queue), queue.wptr - 1, "{compare}");
        driver.word(data).store(releases, Ordering::SeqCst);
        driver.finish(&queue);
    }
}

#[test]
fn timestamps_come_from_the_device_clock() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    let stamp = |va| packet::Signal { header: header(Opcode::Signal, FLAG_TIMESTAMP), timestamp_va: va, ..signal(0, 0) };
    driver.push(&mut queue, &stamp(VA));
    driver.push(&mut queue, &stamp(VA + 8));
    driver.submit(&queue);
    driver.finish(&queue);
    let now = u64::from(driver.link.read32(r::TIME_LO)) | u64::from(driver.link.read32(r::TIME_HI)) << 32;
    let (a, b) = (driver.word(data).load(Ordering::Acquire), driver.word(data + 8).load(Ordering::Acquire));
    assert!(0 < a && a <= b && b <= now, "{a} {b} {now}");
}

#[test]
fn interrupt_comes_only_when_armed() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    let (event, fence) = (driver.link.watch(IRQ_EVENT), driver.link.watch(IRQ_FENCE));
    let ring = packet::Signal { header: header(Opcode::Signal, FLAG_INTERRUPT), ..signal(VA, 1) };
    driver.run(&mut queue, &ring);
    driver.finish(&queue);
    assert_eq!(fence.wait(Some(Duration::from_millis(2))).unwrap(), 0);
    driver.slot_word(queue.page, 0, 0).store(1, Ordering::SeqCst);
    driver.run(&mut queue, &ring);
    assert_eq!(fence.wait(Some(Duration::from_secs(5))).unwrap(), 1);
    assert_eq!(driver.slot_word(queue.page, 0, 0).load(Ordering::SeqCst), 0);
    assert_eq!(event.wait(Some(Duration::ZERO)).unwrap(), 0);
}

#[test]
fn overlapping_packets_pass_a_long_one() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 8192);
    let mut queue = driver.queue(&space, 1);
    let half = 16 << 20;
    driver.push(&mut queue, &copy(VA + half, VA, half));
    let overlap = header(Opcode::Signal, FLAG_OVERLAP);
    driver.push(&mut queue, &packet::Signal { header: overlap, ..signal(VA, 1) });
    driver.push(&mut queue, &signal(VA + 8, 2));
    driver.submit(&queue);
    until("the overlapping signal", || driver.word(data).load(Ordering::Acquire) == 1);
    driver.finish(&queue);
    assert_eq!(driver.word(data + 8).load(Ordering::Acquire), 2);
}

#[test]
fn idle_queue_asks_for_a_kick_and_wakes_on_it() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    let needs_kick = |driver: &Driver<_>, queue: &crate::driver::ClientQueue| {
        driver.slot_word(queue.page, queue.slot, offset_of!(QueueSlot, needs_kick)).load(Ordering::SeqCst)
    };
    for i in 1..20 {
        until("sleep", || needs_kick(&driver, &queue) == 1);
        driver.push(&mut queue, &signal(VA, i));
        assert!(driver.submit(&queue), "an idle queue needs a kick");
        driver.finish(&queue);
        assert_eq!(driver.word(data).load(Ordering::Acquire), i);
    }
}

#[test]
fn submissions_at_any_moment_are_never_lost() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    // Around the time at which the command processor goes to sleep.
    for i in 0..300u64 {
        std::thread::sleep(Duration::from_micros(150 + i));
        driver.run(&mut queue, &signal(VA, i));
        driver.finish(&queue);
    }
}

#[test]
fn queue_can_be_destroyed_while_it_waits_or_copies() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 8192);
    for work in 0..2 {
        let mut queue = driver.queue(&space, 5);
        match work {
            0 => driver.run(&mut queue, &wait(VA, 1)),
            _ => driver.run(&mut queue, &packet::Copy { rows: u32::MAX, src_pitch: 1 << 20, ..copy(VA + (16 << 20), VA, 1 << 20) }),
        }
        driver.run(&mut queue, &signal(VA + 8, 7));
        std::thread::sleep(Duration::from_millis(2));
        assert_eq!(driver.destroy_queue(5), status::OK);
        assert_eq!(driver.state(&queue), (0, 0));
        assert_eq!(driver.word(data + 8).load(Ordering::Acquire), 0);
    }
}

#[test]
fn status_record_follows_the_queue() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    for _ in 0..3 {
        driver.run(&mut queue, &nop());
    }
    driver.run(&mut queue, &fill(VA, 1, 1, 4096));
    until("status record", || driver.word(queue.status + 0x10).load(Ordering::Acquire) == 4);
    assert!(driver.word(queue.status + 0x08).load(Ordering::Acquire) > 0);
    assert_eq!(driver.word(queue.status + 0x18).load(Ordering::Acquire), 1);
}
