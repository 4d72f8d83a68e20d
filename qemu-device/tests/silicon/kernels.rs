// SPDX-License-Identifier: Apache-2.0 OR MIT
//! DISPATCH packets: grids that run, that fault, that never end.

use crate::driver::{copy, signal, until, ClientQueue, Driver, Link, Local, Space, VA};
use ix_device::silicon::bytes;
use ix_hw::dispatch::{Descriptor, FLAG_COOPERATIVE};
use ix_hw::doorbell::{state, QueueSlot};
use ix_hw::fault::{access, kind, unit, FaultRecord};
use ix_hw::isa::Inst;
use ix_hw::packet::{self, header, status, Opcode, FLAG_OVERLAP};
use ix_hw::regs as r;
use std::mem::offset_of;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Where things lie in the address space of a [`Bench`].
pub const CODE: u64 = VA + (16 << 20);
const ARGUMENTS: u64 = VA + (17 << 20);
const TAG: u64 = 0x1234_5678_9abc_def0;

pub struct Bench {
    pub driver: Driver<Local>,
    pub space: Space,
    /// Physical addresses of 16 pages at VA, one at CODE, one at ARGUMENTS.
    pub data: u64,
    pub code: u64,
    arguments: u64,
    /// Slots of the argument page that are in use.
    used: u64,
}

impl Bench {
    pub fn new() -> Bench {
        let mut driver = Driver::local();
        let space = driver.space(1);
        let data = driver.memory(&space, VA, 16);
        let code = driver.memory(&space, CODE, 1);
        let arguments = driver.memory(&space, ARGUMENTS, 1);
        Bench { driver, space, data, code, arguments, used: 0 }
    }

    pub fn assemble(&self, offset: u64, text: &str) {
        let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        for (i, line) in lines.enumerate() {
            let inst = Inst::parse(line).unwrap_or_else(|e| panic!("{line}: {e}"));
            self.driver.write(self.code + offset + 16 * i as u64, &inst.to_bytes().unwrap());
        }
    }

    /// A descriptor for the code at `offset` with one 64-bit argument.
    pub fn descriptor(&mut self, offset: u64, grid: u32, block: u32, argument: u64) -> Descriptor {
        self.used += 1;
        let at = 256 * (self.used % 16);
        self.driver.write(self.arguments + at + 128, &argument.to_le_bytes());
        Descriptor {
            entry_va: CODE + offset,
            param_va: ARGUMENTS + at + 128,
            param_size: 8,
            grid: [grid, 1, 1],
            block: [block, 1, 1],
            vregs: 8,
            sregs: 8,
            tag: TAG,
            code_va: CODE,
            code_size: 4096,
            ..Descriptor::ZERO
        }
    }

    /// The packet that launches `descriptor`, which must be the latest of [`Bench::descriptor`].
    pub fn packet(&mut self, descriptor: &Descriptor, flags: u8) -> packet::Dispatch {
        let at = 256 * (self.used % 16);
        self.driver.write(self.arguments + at, bytes::encode(descriptor));
        packet::Dispatch { header: header(Opcode::Dispatch, flags), descriptor_va: ARGUMENTS + at, ..packet::Dispatch::ZERO }
    }

    fn launch(&mut self, queue: &mut ClientQueue, offset: u64, grid: u32, block: u32, argument: u64) {
        let descriptor = self.descriptor(offset, grid, block, argument);
        let packet = self.packet(&descriptor, 0);
        self.driver.run(queue, &packet);
    }

    fn word(&self, offset: u64) -> u64 {
        self.driver.word(self.data + offset).load(Ordering::Acquire)
    }
}

/// argument[i] = i, for every thread i of the grid.
const INDEX: &str = "
    rdsr.b32.ctaid_x s0
    rdsr.b32.ntid_x s1
    mul.u32.lo s0, s0, s1
    rdsr.b32.tid_x v0
    add.u32 v0, v0, s0
    mul.u32.wide v1, v0, 4
    ld.b64.param s2, [s7+0]
    add.u64 v1, v1, s2
    st.b32.global [v1+0], v0
    exit
";

/// Adds 1 to argument[1], then spins until argument[0] is not 0.
const SPIN: &str = "
    ld.b64.param s2, [s7+0]
    mov.b32 s1, 1
    red.u32.global.add [s2+8], s1
    ld.b32.global.relaxed s0, [s2+0]
    bra_s.z s0, -16
    exit
";

/// Stores 1 to argument[0].
const RELEASE: &str = "
    ld.b64.param s2, [s7+0]
    mov.b32 s1, 1
    st.b32.global.release [s2+0], s1
    exit
";

#[test]
fn every_thread_of_every_block_runs_once() {
    let mut bench = Bench::new();
    bench.assemble(0, INDEX);
    let mut queue = bench.driver.queue(&bench.space, 1);
    for (grid, block) in [(1, 1), (37, 70), (3, 1024), (500, 32)] {
        bench.driver.write(bench.data, &vec![0xff; 0x10000]);
        bench.launch(&mut queue, 0, grid, block, VA);
        bench.driver.finish(&queue);
        let words = bench.driver.read(bench.data, 4 * (grid * block) as usize + 4);
        let words: Vec<u32> = words.chunks_exact(4).map(|w| u32::from_le_bytes(w.try_into().unwrap())).collect();
        let (end, all) = words.split_last().unwrap();
        assert!(all.iter().enumerate().all(|(i, &w)| w == i as u32), "{grid} blocks of {block}");
        assert_eq!(*end, u32::MAX);
    }
    let busy = u64::from(bench.driver.link.read32(r::BUSY_COMPUTE_LO));
    assert!(busy > 0);
    until("status record", || bench.driver.word(queue.status).load(Ordering::Acquire) > 0);
}

#[test]
fn packets_after_a_kernel_see_its_stores() {
    let mut bench = Bench::new();
    bench.assemble(0, INDEX);
    let mut queue = bench.driver.queue(&bench.space, 1);
    let descriptor = bench.descriptor(0, 64, 128, VA);
    let kernel = bench.packet(&descriptor, 0);
    bench.driver.push(&mut queue, &kernel);
    bench.driver.push(&mut queue, &copy(VA + 0x8000, VA, 0x8000));
    bench.driver.push(&mut queue, &signal(VA, u64::MAX));
    bench.driver.submit(&queue);
    bench.driver.finish(&queue);
    let words = bench.driver.read(bench.data + 0x8000, 0x8000);
    assert!(words.chunks_exact(4).enumerate().all(|(i, w)| w == (i as u32).to_le_bytes()));
}

#[test]
fn changed_code_takes_effect_at_the_next_launch() {
    let mut bench = Bench::new();
    let mut queue = bench.driver.queue(&bench.space, 1);
    for value in 1..20u64 {
        bench.assemble(0, &format!("ld.b64.param s2, [s7+0]\nmov.b64 s1, {value}\nst.b64.global [s2+0], s1\nexit"));
        bench.launch(&mut queue, 0, 1, 1, VA);
        bench.driver.finish(&queue);
        assert_eq!(bench.word(0), value);
    }
}

#[test]
fn page_fault_of_a_lane_is_reported_precisely_and_stops_one_queue() {
    let mut bench = Bench::new();
    bench.assemble(0, INDEX);
    let mut queue = bench.driver.queue(&bench.space, 1);
    let mut other = bench.driver.queue(&bench.space, 2);
    // Thread 64 of the grid is the first whose word lies beyond the memory.
    bench.launch(&mut queue, 0, 8, 48, VA + 0x10000 - 256);
    let record = bench.driver.take_fault();
    let expected = FaultRecord {
        kind: kind::PAGE,
        unit: unit::SM,
        queue: 1,
        vm: 1,
        access: access::WRITE,
        size: 4,
        pc: CODE + 8 * 16,
        tag: TAG,
        // Blocks run side by side: which one faults first is open, where in it is not.
        va: record.va,
        block: record.block,
        thread: record.thread,
        lanes: record.lanes,
        detail: record.detail,
        time_ns: record.time_ns,
        ..FaultRecord::ZERO
    };
    assert_eq!(record, expected);
    assert!(record.block[0] >= 1);
    let index = u64::from(record.block[0] * 48 + record.thread[0]);
    assert_eq!(record.va, VA + 0x10000 - 256 + 4 * index);
    assert_eq!(bench.driver.state(&queue), (state::STOPPED, kind::PAGE));
    bench.launch(&mut other, 0, 2, 32, VA);
    bench.driver.finish(&other);
    assert_eq!(bench.word(8), 3 << 32 | 2);
}

#[test]
fn instructions_that_end_a_kernel_say_so() {
    let cases = [
        ("trap", kind::TRAP, 0),
        ("brkpt", kind::BREAKPOINT, 0),
        ("nop\nbra_r s0", kind::ILLEGAL_INSTRUCTION, 1),
        ("mov.b64 s0, 0x1000000003\nld.b32.global s1, [s0+0]\nexit", kind::MISALIGNED, 1),
        ("ret", kind::CALL_DEPTH, 0),
    ];
    for (text, kind, at) in cases {
        let mut bench = Bench::new();
        bench.assemble(0, text);
        let mut queue = bench.driver.queue(&bench.space, 1);
        bench.launch(&mut queue, 0, 4, 64, VA);
        let record = bench.driver.take_fault();
        assert_eq!((record.kind, record.unit, record.tag), (kind, unit::SM, TAG), "{text}");
        if kind != kind::ILLEGAL_INSTRUCTION {
            assert_eq!(record.pc, CODE + 16 * at, "{text}");
        }
        assert_eq!(bench.driver.link.read32(r::FAULT_COUNT), 0, "one fault, however many blocks met it");
    }
}

#[test]
fn absurd_descriptors_are_refused() {
    type Change = fn(&mut Descriptor);
    let cases: [Change; 14] = [
        |d| d.grid = [0, 1, 1],
        |d| d.grid = [u32::MAX; 3],
        |d| d.grid[2] = 65536,
        |d| d.block = [1025, 1, 1],
        |d| d.block = [64, 64, 64],
        |d| d.block[0] = 0,
        |d| d.shared_bytes = u32::MAX,
        |d| d.local_bytes = u32::MAX,
        |d| d.param_size = 32768,
        |d| d.entry_va += 8,
        |d| d.vregs = 257,
        |d| d.flags = 2,
        |d| d.code_size = 1 << 47,
        |d| d.reserved[1] = 1,
    ];
    for (i, change) in cases.iter().enumerate() {
        let mut bench = Bench::new();
        bench.assemble(0, "exit");
        let mut queue = bench.driver.queue(&bench.space, 1);
        let mut descriptor = bench.descriptor(0, 1, 1, VA);
        change(&mut descriptor);
        let packet = bench.packet(&descriptor, 0);
        bench.driver.run(&mut queue, &packet);
        let record = bench.driver.take_fault();
        assert_eq!((record.kind, record.unit, record.tag), (kind::BAD_DESCRIPTOR, unit::COMMAND, TAG), "case {i}");
    }
    let mut bench = Bench::new();
    for (va, expected) in [(ARGUMENTS + 8, kind::MISALIGNED), (VA + (1 << 36), kind::PAGE)] {
        let mut queue = bench.driver.queue(&bench.space, 1);
        let packet = packet::Dispatch { header: header(Opcode::Dispatch, 0), descriptor_va: va, ..packet::Dispatch::ZERO };
        bench.driver.run(&mut queue, &packet);
        assert_eq!(bench.driver.take_fault().kind, expected);
        bench.driver.destroy_queue(1);
    }
}

#[test]
fn largest_grid_is_stopped_by_its_destruction() {
    let mut bench = Bench::new();
    bench.assemble(0, "exit");
    let mut queue = bench.driver.queue(&bench.space, 1);
    let mut descriptor = bench.descriptor(0, 1, 1, VA);
    descriptor.grid = ix_hw::dispatch::GRID_MAX;
    let packet = bench.packet(&descriptor, 0);
    bench.driver.run(&mut queue, &packet);
    std::thread::sleep(Duration::from_millis(5));
    assert_eq!(bench.driver.completed(&queue), 0);
    assert_eq!(bench.driver.destroy_queue(1), status::OK);
}

#[test]
fn endless_kernel_keeps_nobody_from_running() {
    let mut bench = Bench::new();
    bench.assemble(0, SPIN);
    bench.assemble(0x800, INDEX);
    let mut endless = bench.driver.queue(&bench.space, 1);
    let mut other = bench.driver.queue(&bench.space, 2);
    bench.launch(&mut endless, 0, 64, 32, VA + 0x8000);
    until("the kernel's start", || bench.word(0x8008) != 0);
    for _ in 0..5 {
        bench.launch(&mut other, 0x800, 8, 256, VA);
        bench.driver.finish(&other);
    }
    assert_eq!(bench.word(0x1ff8), 2047 << 32 | 2046);
    assert_eq!(bench.driver.completed(&endless), 0);
    until("status record", || bench.driver.word(endless.status + 0x28).load(Ordering::Acquire) > 0);
    let since = bench.driver.word(endless.status + 0x28).load(Ordering::Acquire);
    assert_eq!(bench.driver.destroy_queue(1), status::OK);
    let [busy, updated, running] = [0, 0x20, 0x28].map(|at| bench.driver.word(endless.status + at).load(Ordering::Acquire));
    assert_eq!(running, 0);
    assert!(busy > 0 && since + busy <= updated, "{since} {busy} {updated}");
    bench.launch(&mut other, 0x800, 8, 256, VA);
    bench.driver.finish(&other);
    assert_eq!(bench.driver.link.read32(r::FAULT_COUNT), 0);
}

#[test]
fn kernel_beyond_its_time_is_stopped() {
    let mut bench = Bench::new();
    bench.assemble(0, SPIN);
    let mut queue = bench.driver.queue_with(&bench.space, 1, |packet| packet.timeout_ms = 20);
    bench.launch(&mut queue, 0, 4, 32, VA);
    let record = bench.driver.take_fault();
    assert_eq!((record.kind, record.tag, record.queue), (kind::TIMEOUT, TAG, 1));
    // One that is quick enough is not.
    bench.driver.destroy_queue(1);
    bench.assemble(0x800, INDEX);
    let mut queue = bench.driver.queue_with(&bench.space, 1, |packet| packet.timeout_ms = 1000);
    bench.launch(&mut queue, 0x800, 4, 32, VA);
    bench.driver.finish(&queue);
}

#[test]
fn overlapping_kernels_run_side_by_side() {
    let mut bench = Bench::new();
    bench.assemble(0, SPIN);
    bench.assemble(0x800, RELEASE);
    let mut queue = bench.driver.queue(&bench.space, 1);
    let descriptor = bench.descriptor(0, 4, 32, VA);
    let first = bench.packet(&descriptor, 0);
    bench.driver.push(&mut queue, &first);
    let descriptor = bench.descriptor(0x800, 1, 1, VA);
    let second = bench.packet(&descriptor, FLAG_OVERLAP);
    bench.driver.push(&mut queue, &second);
    bench.driver.push(&mut queue, &signal(VA + 0x20, 5));
    bench.driver.submit(&queue);
    bench.driver.finish(&queue);
    assert_eq!(bench.word(0x20), 5);
}

#[test]
fn cooperative_blocks_wait_for_one_another() {
    let mut bench = Bench::new();
    // Every block arrives, and spins until all have.
    bench.assemble(
        0,
        "
        ld.b64.param s2, [s7+0]
        mov.b32 s1, 1
        red.u32.global.add [s2+0], s1
        rdsr.b32.nctaid_x s3
        ld.b32.global.relaxed s0, [s2+0]
        setp.u32.lt s4, s0, s3
        bra_s.nz s4, -32
        red.u32.global.add [s2+8], s1
        exit
        ",
    );
    let mut queue = bench.driver.queue(&bench.space, 1);
    let mut descriptor = bench.descriptor(0, 50, 32, VA);
    descriptor.flags = FLAG_COOPERATIVE;
    let packet = bench.packet(&descriptor, 0);
    bench.driver.run(&mut queue, &packet);
    bench.driver.finish(&queue);
    assert_eq!(bench.word(8), 50);

    descriptor.grid = [65, 1, 1];
    let packet = bench.packet(&descriptor, 0);
    bench.driver.run(&mut queue, &packet);
    assert_eq!(bench.driver.take_fault().kind, kind::BAD_DESCRIPTOR, "two SMs hold 32 blocks each");
}

#[test]
fn cooperative_kernels_of_two_queues_take_turns() {
    let mut bench = Bench::new();
    bench.assemble(0, SPIN);
    let mut queues = [bench.driver.queue(&bench.space, 1), bench.driver.queue(&bench.space, 2)];
    for (i, queue) in queues.iter_mut().enumerate() {
        let mut descriptor = bench.descriptor(0, 40, 32, VA + 64 * i as u64);
        descriptor.flags = FLAG_COOPERATIVE;
        let packet = bench.packet(&descriptor, 0);
        bench.driver.run(queue, &packet);
    }
    for i in 0..2 {
        until("all blocks of one kernel", || bench.word(64 * i + 8) == 40);
        if i == 0 {
            std::thread::sleep(Duration::from_millis(5));
            assert_eq!(bench.word(72), 0);
        }
        bench.driver.word(bench.data + 64 * i).store(1, Ordering::Release);
        bench.driver.finish(&queues[i as usize]);
    }
}

#[test]
fn kernels_beyond_the_resident_ones_wait_for_them() {
    let mut bench = Bench::new();
    bench.assemble(0, SPIN);
    let mut queues: Vec<_> = (1..=3).map(|id| bench.driver.queue(&bench.space, id)).collect();
    // Many more kernels than a worker keeps, all waiting for the same word.
    for i in 0..150 {
        let descriptor = bench.descriptor(0, 2, 32, VA);
        let packet = bench.packet(&descriptor, FLAG_OVERLAP);
        bench.driver.run(&mut queues[i % 3], &packet);
        // The descriptor's place is used again soon.
        let rptr =
            |queue: &ClientQueue| bench.driver.slot_long(queue.page, queue.slot, offset_of!(QueueSlot, rptr)).load(Ordering::Acquire);
        until("the fetch", || rptr(&queues[i % 3]) == queues[i % 3].wptr);
    }
    until("the first kernels", || bench.word(8) >= 100);
    bench.driver.word(bench.data).store(1, Ordering::Release);
    queues.iter().for_each(|queue| bench.driver.finish(queue));
    assert_eq!(bench.word(8), 300);
}

#[test]
fn chip_can_be_reset_and_dropped_with_endless_kernels() {
    let mut bench = Bench::new();
    bench.assemble(0, SPIN);
    for _ in 0..3 {
        let mut queue = bench.driver.queue(&bench.space, 1);
        bench.launch(&mut queue, 0, 1000, 64, VA);
        until("the kernel's start", || bench.word(8) != 0);
        bench.driver.link.write32(r::CONTROL, r::CONTROL_RESET.put(1));
        assert_eq!(bench.driver.link.read32(r::STATUS), r::STATUS_READY.put(1));
        bench = Bench::new();
        bench.assemble(0, SPIN);
    }
    let mut queue = bench.driver.queue(&bench.space, 1);
    bench.launch(&mut queue, 0, 1000, 64, VA);
    until("the kernel's start", || bench.word(8) != 0);
}
