// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random packets: the chip stays alive, and whoever behaves is served.

use crate::driver::{nop, signal, until, Driver, Link, VA};
use ix_device::silicon::bytes;
use ix_hw::packet::{self, status, Opcode};
use ix_hw::regs as r;
use std::sync::atomic::Ordering;

/// Numbers that look random, the same for the same seed (xorshift64*).
struct Random(u64);

impl Random {
    fn from_environment() -> Random {
        let seed = std::env::var("IX_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x1db3_55aa_9e37_79b9);
        println!("IX_SEED={seed}");
        Random(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 11) % n
    }

    /// Values that packets have: small, addresses, sizes, or anything.
    fn value(&mut self) -> u64 {
        match self.below(6) {
            0 => self.below(4),
            1 => VA + self.below(0x4000),
            2 => VA + 8 * self.below(0x400),
            3 => 1 << self.below(64),
            4 => self.below(0x2000),
            _ => self.next(),
        }
    }

    /// A packet of `opcode` whose fields are random, its reserved ones mostly zero.
    fn packet(&mut self, opcode: Opcode) -> packet::Plain {
        let layout = opcode.layout();
        let mut raw = [0; packet::SIZE];
        for field in layout.fields {
            if field.name.starts_with("reserved") && self.below(50) != 0 {
                continue;
            }
            let value = self.value().to_le_bytes();
            let len = field.size.min(8);
            raw[field.offset..field.offset + len].copy_from_slice(&value[..len]);
        }
        let flags = if self.below(8) == 0 { self.next() as u8 } else { self.next() as u8 & opcode.flags() };
        raw[..4].copy_from_slice(&packet::header(opcode, flags).to_le_bytes());
        if self.below(40) == 0 {
            raw[self.below(4) as usize] = self.next() as u8;
        }
        bytes::decode(&raw)
    }
}

#[test]
fn random_user_packets_harm_only_their_queue() {
    let mut random = Random::from_environment();
    let mut driver = Driver::local();
    let (bad_space, good_space) = (driver.space(1), driver.space(2));
    driver.memory(&bad_space, VA, 4);
    let data = driver.memory(&good_space, VA, 1);
    let mut good = driver.queue(&good_space, 2);
    let mut faults = 0;
    for round in 0..150u64 {
        let mut bad = driver.queue(&bad_space, 1);
        for _ in 0..1 + random.below(30) {
            let opcode = Opcode::ALL[random.below(7) as usize];
            let packet = random.packet(opcode);
            driver.push(&mut bad, &packet);
        }
        driver.submit(&bad);
        driver.run(&mut good, &signal(VA, round));
        driver.finish(&good);
        assert_eq!(driver.word(data).load(Ordering::Acquire), round);
        assert_eq!(driver.destroy_queue(1), status::OK, "round {round}");
        while driver.link.read32(r::FAULT_COUNT) > 0 {
            assert_eq!(driver.take_fault().queue, 1);
            faults += 1;
        }
    }
    assert!(faults > 50, "most random packets fault: {faults}");
}

#[test]
fn random_admin_packets_leave_the_ring_running() {
    let mut random = Random::from_environment();
    let mut driver = Driver::local();
    let admin: Vec<Opcode> = Opcode::ALL.iter().copied().filter(|op| *op as u8 >= 0x80).collect();
    for _ in 0..1500 {
        let opcode = admin[random.below(admin.len() as u64) as usize];
        let mut packet = random.packet(opcode);
        packet.reserved[0] = status::PENDING;
        // Physical fills and copies would overwrite the ring itself, which is the driver's right.
        if matches!(opcode, Opcode::PhysCopy | Opcode::PhysFill) {
            packet.reserved[3] |= 0x8000_0000;
            packet.reserved[1] |= 0x8000_0000;
        }
        driver.admin(&packet);
    }
    assert_eq!(driver.admin(&nop()), status::OK);
    driver.link.write32(r::CONTROL, r::CONTROL_RESET.put(1));
    until("reset", || r::STATUS_READY.get(driver.link.read32(r::STATUS)) == 1);
}
