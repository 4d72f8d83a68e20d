// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Registers, the admin ring, and reset.

use crate::driver::{copy, fill, nop, profile, signal, until, wait, Driver, Link, Local, RW, VA};
use ix_hw::packet::{self, header, status, Opcode, FLAG_INTERRUPT};
use ix_hw::pci::IRQ_EVENT;
use ix_hw::regs as r;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[test]
fn capabilities_are_those_of_the_profile() {
    let driver = Driver::local();
    let p = profile();
    let read = |offset| driver.link.read32(offset);
    assert_eq!(read(r::CAP_SM_COUNT), p.sm_count);
    assert_eq!(read(r::CAP_WARP_SIZE), 32);
    assert_eq!(u64::from(read(r::CAP_VRAM_LO)) | u64::from(read(r::CAP_VRAM_HI)) << 32, p.vram_bytes);
    assert_eq!(read(r::CAP_VA_BITS), 40);
    let name: Vec<u8> = (0..16).flat_map(|i| read(r::CAP_NAME + 4 * i).to_le_bytes()).collect();
    assert_eq!(String::from_utf8(name).unwrap().trim_end_matches('\0'), p.name);
    assert_eq!(ix_hw::regs::MEM_KINDS[read(r::CAP_MEM_KIND) as usize], p.mem_kind);
    assert!(read(r::SENSOR_TEMP) > 20_000 && read(r::SENSOR_TEMP) < 100_000);
    assert_eq!(read(r::SENSOR_FAN), u32::MAX);
    let time = || u64::from(read(r::TIME_LO)) | u64::from(read(r::TIME_HI)) << 32;
    let first = time();
    assert!(time() > first);
}

#[test]
fn odd_register_accesses_are_harmless() {
    let driver = Driver::local();
    let chip = &driver.link.chip;
    for (offset, size) in [(0, 1), (0, 2), (2, 4), (4, 8), (0, 3), (1, 16)] {
        let mut data = vec![0; size];
        chip.read_registers(offset, &mut data);
        assert!(data.iter().all(|&b| b == 0xff), "{offset}+{size}");
        chip.write_registers(offset, &data);
    }
    let mut pair = [0; 8];
    chip.read_registers(0, &mut pair);
    assert_eq!(pair[..4], r::MAGIC.to_le_bytes());
    driver.link.write32(r::ID_MAGIC, 5);
    assert_eq!(driver.link.read32(r::ID_MAGIC), r::MAGIC);
    assert_eq!(driver.link.read32(0xfff0), 0);
    for id in [0, 1, 7, u32::MAX] {
        driver.link.write32(r::KICK, id);
    }
}

#[test]
fn ids_in_use_or_out_of_range_are_refused() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let root = driver.allocate(1);
    let create = |vm| packet::VmCreate { header: header(Opcode::VmCreate, 0), vm, root, ..packet::VmCreate::ZERO };
    for vm in [0, 1, profile().vm_count + 1, u32::MAX] {
        assert_eq!(driver.admin(&create(vm)), status::BAD_ID, "{vm}");
    }
    let bad_root = packet::VmCreate { root: root + 8, ..create(2) };
    assert_eq!(driver.admin(&bad_root), status::BAD_ADDRESS);

    let mut packet = driver.queue_packet(&space, 3, VA);
    type Change = fn(&mut packet::QueueCreate);
    let cases: [(Change, u32); 10] = [
        (|p| p.queue = 0, status::BAD_ID),
        (|p| p.queue = 17, status::BAD_ID),
        (|p| p.vm = 2, status::BAD_ID),
        (|p| p.doorbell_page = 0, status::BAD_ID),
        (|p| p.doorbell_slot = 64, status::BAD_ID),
        (|p| p.ring_log2 = 3, status::BAD_ADDRESS),
        (|p| p.ring_log2 = 60, status::BAD_ADDRESS),
        (|p| p.ring_va = u64::MAX - 4095, status::BAD_ADDRESS),
        (|p| p.status_pa = 1 << 40, status::BAD_ADDRESS),
        (|p| p.priority = 3, status::BAD_PACKET),
    ];
    for (i, (change, expected)) in cases.iter().enumerate() {
        let mut bad = packet;
        change(&mut bad);
        assert_eq!(driver.admin(&bad), *expected, "case {i}");
    }
    assert_eq!(driver.admin(&packet), status::OK);
    assert_eq!(driver.admin(&packet), status::BAD_ID);
    packet.queue = 4;
    assert_eq!(driver.admin(&packet), status::BAD_ID, "the doorbell is taken");

    let destroy = packet::VmDestroy { header: header(Opcode::VmDestroy, 0), vm: 1, ..packet::VmDestroy::ZERO };
    assert_eq!(driver.admin(&destroy), status::BUSY);
    assert_eq!(driver.destroy_queue(3), status::OK);
    assert_eq!(driver.destroy_queue(3), status::BAD_ID);
    assert_eq!(driver.admin(&destroy), status::OK);
    assert_eq!(driver.admin(&destroy), status::BAD_ID);
}

#[test]
fn malformed_admin_packets_get_a_status_and_the_ring_goes_on() {
    let mut driver = Driver::local();
    for bad in [0x7f, 0x8f, 0x0200_0080, 1 << 8 | 0x80, Opcode::Copy as u32] {
        let packet = packet::Plain { header: bad, ..packet::Plain::ZERO };
        assert_eq!(driver.admin(&packet), status::BAD_PACKET, "{bad:#x}");
    }
    let mut packet = packet::VmCreate { header: header(Opcode::VmCreate, 0), vm: 1, ..packet::VmCreate::ZERO };
    packet.reserved[4] = 1;
    assert_eq!(driver.admin(&packet), status::BAD_PACKET);
    assert_eq!(driver.admin(&nop()), status::OK);
}

#[test]
fn admin_packet_raises_the_interrupt_it_asks_for() {
    let mut driver = Driver::local();
    let event = driver.link.watch(IRQ_EVENT);
    assert_eq!(driver.admin(&packet::Plain { header: header(Opcode::Nop, FLAG_INTERRUPT), ..packet::Plain::ZERO }), status::OK);
    assert!(event.wait(Some(Duration::from_secs(5))).unwrap() > 0);
    assert_eq!(driver.link.read32(r::INTR_STATUS), r::INTR_ADMIN.mask());
    driver.link.write32(r::INTR_STATUS, r::INTR_ADMIN.mask());
    assert_eq!(driver.link.read32(r::INTR_STATUS), 0);
}

#[test]
fn physical_copies_and_fills_work_and_are_checked() {
    let mut driver = Driver::local();
    let (a, b) = (driver.allocate(2), driver.allocate(2));
    let fill = packet::PhysFill {
        header: header(Opcode::PhysFill, 0),
        dst: a,
        size: 0x1000,
        value: 0x1122_3344_5566_7788,
        ..packet::PhysFill::ZERO
    };
    assert_eq!(driver.admin(&fill), status::OK);
    let copy = packet::PhysCopy { header: header(Opcode::PhysCopy, 0), src: a, dst: b + 3, size: 0x1001, ..packet::PhysCopy::ZERO };
    assert_eq!(driver.admin(&copy), status::OK);
    assert_eq!(driver.read(b + 3 + 0xff8, 9), [0x88, 0x77, 0x66, 0x55, 0x44, 0x33, 0x22, 0x11, 0]);
    let end = profile().vram_bytes;
    assert_eq!(driver.admin(&packet::PhysFill { dst: end - 8, size: 16, ..fill }), status::BAD_ADDRESS);
    assert_eq!(driver.admin(&packet::PhysFill { dst: a + 4, ..fill }), status::BAD_ADDRESS);
    assert_eq!(driver.admin(&packet::PhysCopy { src: 1 << 63, ..copy }), status::BAD_ADDRESS);
    assert_eq!(driver.admin(&packet::PhysFill { size: !7, ..fill }), status::BAD_ADDRESS);
}

#[test]
fn bad_ring_address_wedges_until_reset() {
    let mut driver = Driver::local();
    for (address, log2) in [(0x1008, 5), (profile().vram_bytes, 5), (0x1000, 3), (0x1000, 13)] {
        driver.link.write32(r::ADMIN_ENABLE, 0);
        driver.link.write32(r::ADMIN_RING_LO, address as u32);
        driver.link.write32(r::ADMIN_RING_HI, (address >> 32) as u32);
        driver.link.write32(r::ADMIN_RING_LOG2, log2);
        driver.link.write32(r::ADMIN_ENABLE, 1);
        let state = driver.link.read32(r::STATUS);
        assert_eq!((r::STATUS_ADMIN.get(state), r::STATUS_WEDGED.get(state)), (0, 1));
        driver.link.write32(r::CONTROL, r::CONTROL_RESET.put(1));
        assert_eq!(driver.link.read32(r::STATUS), r::STATUS_READY.put(1));
    }
    driver.start_admin_ring(0x1000);
    assert_eq!(driver.admin(&nop()), status::OK);
}

#[test]
fn reset_takes_everything_but_vram() {
    let mut driver = Driver::local();
    let space = driver.space(1);
    let data = driver.memory(&space, VA, 1);
    let mut queue = driver.queue(&space, 1);
    // One queue waits for ever, another copies.
    driver.run(&mut queue, &wait(VA, 1));
    let mut other = driver.queue(&space, 2);
    driver.run(&mut other, &fill(VA + 8, 1, 0xee, 16));
    driver.finish(&other);
    driver.run(&mut other, &copy(0, 0, 8));
    driver.take_fault();
    driver.link.write32(r::CONTROL, r::CONTROL_RESET.put(1));
    until("reset", || driver.link.read32(r::STATUS) == r::STATUS_READY.put(1));
    assert_eq!(driver.state(&queue), (0, 0));
    assert_eq!((driver.link.read32(r::FAULT_COUNT), driver.link.read32(r::INTR_STATUS)), (0, 0));
    assert_eq!(driver.read(data + 8, 16), [0xee; 16]);
    // The same ids work again.
    driver.start_admin_ring(0x1000);
    let space = driver.space(1);
    driver.map(&space, VA, data, 0x1000, RW);
    let mut queue = driver.queue(&space, 1);
    driver.run(&mut queue, &signal(VA, 3));
    driver.finish(&queue);
    assert_eq!(driver.word(data).load(Ordering::Acquire), 3);
}

#[test]
fn chips_come_and_go_with_work_under_way() {
    for _ in 0..10 {
        let mut driver = Driver::start(Local::new(profile()));
        let space = driver.space(1);
        driver.memory(&space, VA, 1);
        let mut queue = driver.queue(&space, 1);
        driver.run(&mut queue, &wait(VA, 1));
    }
}
