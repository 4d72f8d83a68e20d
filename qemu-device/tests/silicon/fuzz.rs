// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random packets: the chip stays alive, and whoever behaves is served.

use crate::driver::{nop, signal, until, Driver, Link, VA};
use crate::kernels::Bench;
use ix_device::silicon::bytes;
use ix_hw::isa::ops::OPS;
use ix_hw::isa::sample::sample;
use ix_hw::isa::{Imm, Operand};
use ix_hw::packet::{self, status, Opcode};
use ix_hw::regs as r;
use std::sync::atomic::Ordering;

/// Numbers that look random, the same for the same seed (xorshift64*).
struct Random(u64);

impl Random {
    fn from_environment() -> Random {
        let seed = std::env::var("IX_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x1db3_55aa_9e37_79b9);
        println!("IX_FUZZ_SEED={seed}");
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

fn random_user_packets(rounds: u64) {
    let mut random = Random::from_environment();
    let mut driver = Driver::local();
    let (bad_space, good_space) = (driver.space(1), driver.space(2));
    driver.memory(&bad_space, VA, 4);
    let data = driver.memory(&good_space, VA, 1);
    let mut good = driver.queue(&good_space, 2);
    let mut faults = 0;
    for round in 0..rounds {
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
    assert!(faults > rounds / 3, "most random packets fault: {faults}");
}

#[test]
fn random_user_packets_harm_only_their_queue() {
    random_user_packets(150);
}

#[test]
#[ignore = "long"]
fn many_random_user_packets_harm_only_their_queue() {
    random_user_packets(50_000);
}

fn random_admin_packets(count: u64) {
    let mut random = Random::from_environment();
    let mut driver = Driver::local();
    let admin: Vec<Opcode> = Opcode::ALL.iter().copied().filter(|op| *op as u8 >= 0x80).collect();
    for _ in 0..count {
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

#[test]
fn random_admin_packets_leave_the_ring_running() {
    random_admin_packets(1500);
}

#[test]
#[ignore = "long"]
fn many_random_admin_packets_leave_the_ring_running() {
    random_admin_packets(1_000_000);
}

/// Kernels of random legal instructions, with some jumps that stay in the code and some addresses
/// that lead to memory, so that they do not all end at once.
fn random_kernels(count: u64) {
    let mut random = Random::from_environment();
    let mut bench = Bench::new();
    let good_space = bench.driver.space(2);
    let good_word = bench.driver.memory(&good_space, VA, 1);
    let mut good = bench.driver.queue(&good_space, 2);
    let (mut completed, mut faulted) = (0, 0);
    for round in 0..count {
        // The argument, an address, in the lower registers of both kinds.
        let mut code = String::from("ld.b64.param s1, [s0+0]\nmov.b64 v1, s1\nrdsr.b32.laneid v2\nadd.u64 v2, v2, s1\n");
        let length = 8 + random.below(56);
        while (code.lines().count() as u64) < length {
            let op = OPS[random.below(OPS.len() as u64) as usize].op;
            let Some(mut inst) = sample(op, &mut || random.next()) else { continue };
            match op.desc().imm {
                Imm::Target => inst.imm = 16 * (random.below(length) as i64 - code.lines().count() as i64),
                Imm::Displacement => inst.imm = random.below(64) as i64 * 4,
                Imm::Operand => {}
            }
            for operand in inst.src.iter_mut().chain([&mut inst.d]).flatten() {
                // Few registers, so that values meet.
                match operand {
                    Operand::V(n) | Operand::S(n) => *n %= 8,
                    _ => {}
                }
            }
            if inst.check().is_ok() {
                code += &format!("{inst}\n");
            }
        }
        code += "exit\n";
        bench.assemble(0, &code);
        let mut queue = bench.driver.queue_with(&bench.space, 1, |packet| packet.timeout_ms = 20);
        let mut descriptor = bench.descriptor(0, 1 + random.below(4) as u32, 1 + random.below(100) as u32, VA);
        descriptor.code_size = 16 * (length + 1);
        descriptor.shared_bytes = 1024;
        descriptor.local_bytes = 64;
        let packet = bench.packet(&descriptor, 0);
        bench.driver.run(&mut queue, &packet);
        bench.driver.run(&mut good, &signal(VA, round + 1));
        until("the end of a random kernel", || bench.driver.completed(&queue) == 1 || bench.driver.state(&queue).0 != 1);
        if bench.driver.completed(&queue) == 1 {
            completed += 1;
        } else {
            let record = bench.driver.take_fault();
            assert_eq!((record.queue, record.vm), (1, 1), "{code}");
            faulted += 1;
        }
        bench.driver.finish(&good);
        assert_eq!(bench.driver.word(good_word).load(Ordering::Acquire), round + 1);
        assert_eq!(bench.driver.destroy_queue(1), status::OK);
        assert_eq!(bench.driver.link.read32(r::FAULT_COUNT), 0);
    }
    assert!(completed > count / 50 && faulted > count / 50, "{completed} completed, {faulted} faulted");
}

#[test]
fn random_kernels_harm_only_their_queue() {
    random_kernels(150);
}

#[test]
#[ignore = "long"]
fn many_random_kernels_harm_only_their_queue() {
    random_kernels(20_000);
}
