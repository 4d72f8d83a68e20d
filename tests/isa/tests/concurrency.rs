// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Blocks of one launch on several threads, and launches that are stopped.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use ix_device::engine::{Block, Launch, Progress};
use ix_hw::dispatch::{Descriptor, FLAG_COOPERATIVE};
use ix_isa_tests::assembly::assemble;
use ix_isa_tests::machine::{Machine, DATA_VA};

fn launch(machine: &Machine, text: &str, descriptor: Descriptor) -> Launch {
    let program = assemble(text).unwrap();
    machine.launch(&program.bytes, &DATA_VA.to_le_bytes(), Descriptor { vregs: 16, sregs: 32, ..descriptor }).unwrap()
}

fn word(machine: &Machine, index: u64) -> u32 {
    u32::from_le_bytes(machine.read(index * 4, 4).try_into().unwrap())
}

/// Runs blocks from a common counter on `threads` threads.
fn run_on_threads(launch: &Launch, threads: usize) {
    let next = AtomicU64::new(0);
    std::thread::scope(|scope| {
        for sm in 0..threads {
            let next = &next;
            scope.spawn(move || {
                let mut block = Block::new();
                loop {
                    let n = next.fetch_add(1, Ordering::Relaxed);
                    if n >= launch.blocks() {
                        break;
                    }
                    block.start(launch, launch.block_index(n), sm as u32);
                    while block.run(launch, 1000).unwrap() == Progress::Yielded {}
                }
            });
        }
    });
}

#[test]
fn atomics_of_blocks_on_different_threads_lose_nothing() {
    let machine = Machine::new(4096).unwrap();
    let text = "
        ld.b64.param s3, [s31]
        rdsr.b32.tid_x v0
        mov.b32 v1, 0x3f800000
        mov.b32 s4, 100
    again:
        red.u32.global.add [s3], v0
        red.f32.global.add [s3+4], v1
        red.b32.global.xor [s3+8], v0
        atom.u32.global.inc s6, [s3+12], s3
        sub.u32 s4, s4, 1
        bra_s.nz s4, again
        exit";
    let launch = launch(&machine, text, Descriptor { grid: [16, 1, 1], block: [64, 1, 1], ..Descriptor::ZERO });
    run_on_threads(&launch, 4);
    assert_eq!(word(&machine, 0), 16 * 100 * (0..64).sum::<u32>());
    assert_eq!(f32::from_bits(word(&machine, 1)), (16 * 100 * 64) as f32);
    assert_eq!(word(&machine, 2), 0);
    assert_eq!(word(&machine, 3), 16 * 2 * 100);
}

#[test]
fn lock_between_blocks_on_different_threads_excludes() {
    let machine = Machine::new(4096).unwrap();
    let text = "
        ld.b64.param s3, [s31]
        mov.b32 s7, 1
        mov.b32 s8, 200
    lock:
        cas.b32.global.acquire s4, [s3], s31, s7
        bra_s.nz s4, lock
        ld.u32.global s5, [s3+4]
        add.u32 s5, s5, 1
        st.u32.global [s3+4], s5
        st.u32.global.release [s3], s31
        sub.u32 s8, s8, 1
        bra_s.nz s8, lock
        exit";
    let launch = launch(&machine, text, Descriptor { grid: [8, 1, 1], block: [96, 1, 1], ..Descriptor::ZERO });
    run_on_threads(&launch, 3);
    assert_eq!(word(&machine, 1), 8 * 3 * 200);
}

#[test]
fn blocks_that_wait_for_each_other_take_turns_on_one_thread() {
    let machine = Machine::new(4096).unwrap();
    // Every block adds itself to a counter and waits until all have.
    let text = "
        ld.b64.param s3, [s31]
        mov.b32 s4, 1
        red.u32.global.add [s3], s4
    wait:
        ld.u32.global.acquire s5, [s3]
        setp.u32.ne s6, s5, 6
        bra_s.nz s6, wait
        red.u32.global.add [s3+4], s5
        exit";
    let descriptor = Descriptor { grid: [6, 1, 1], block: [32, 1, 1], flags: FLAG_COOPERATIVE, ..Descriptor::ZERO };
    let launch = launch(&machine, text, descriptor);
    let mut blocks: Vec<Block> = (0..launch.blocks())
        .map(|n| {
            let mut block = Block::new();
            block.start(&launch, launch.block_index(n), 0);
            block
        })
        .collect();
    for turn in 0.. {
        assert!(turn < 100, "the blocks do not get on");
        // A block that is done stays so.
        let progress: Vec<_> = blocks.iter_mut().map(|b| b.run(&launch, 500)).collect();
        if progress.iter().all(|p| *p == Ok(Progress::Done)) {
            break;
        }
    }
    assert_eq!(word(&machine, 1), 36);
}

#[test]
fn sleeping_block_lets_another_of_its_thread_go_on() {
    let machine = Machine::new(4096).unwrap();
    // Block 0 sleeps until block 1 has stored.
    let text = "
        ld.b64.param s3, [s31]
        rdsr.b32.ctaid_x s4
        bra_s.nz s4, second
    wait:
        nanosleep 1000000
        ld.u32.global.acquire s5, [s3]
        bra_s.z s5, wait
        exit
    second:
        st.u32.global.release [s3], s4
        exit";
    let launch = launch(&machine, text, Descriptor { grid: [2, 1, 1], block: [64, 1, 1], ..Descriptor::ZERO });
    let mut blocks = [Block::new(), Block::new()];
    for (n, block) in blocks.iter_mut().enumerate() {
        block.start(&launch, [n as u32, 0, 0], 0);
    }
    assert_eq!(blocks[0].run(&launch, u32::MAX), Ok(Progress::Yielded));
    assert_eq!(blocks[1].run(&launch, u32::MAX), Ok(Progress::Done));
    while blocks[0].run(&launch, u32::MAX).unwrap() == Progress::Yielded {}
}

#[test]
fn stopped_launch_ends_soon_and_stays_stopped() {
    let machine = Machine::new(4096).unwrap();
    let launch = launch(&machine, "here:\nbra here", Descriptor { grid: [1; 3], block: [128, 1, 1], ..Descriptor::ZERO });
    let mut block = Block::new();
    block.start(&launch, [0; 3], 0);
    assert_eq!(block.run(&launch, 10_000), Ok(Progress::Yielded));
    std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(20));
            launch.stop();
        });
        assert_eq!(block.run(&launch, u32::MAX), Ok(Progress::Stopped));
    });
    assert_eq!(block.run(&launch, u32::MAX), Ok(Progress::Stopped));
}

#[test]
fn block_with_nothing_started_is_done() {
    let machine = Machine::new(4096).unwrap();
    let launch = launch(&machine, "exit", Descriptor { grid: [1; 3], block: [1; 3], ..Descriptor::ZERO });
    assert_eq!(Block::new().run(&launch, 1), Ok(Progress::Done));
}

#[test]
fn code_is_current_until_it_changes() {
    use ix_device::engine::{Code, Window};
    use ix_hw::mmu::PAGE_SIZE;
    use ix_vfio_user::memory::SharedMemory;
    use std::os::fd::AsFd;
    let memory = SharedMemory::new("code", 2 * PAGE_SIZE).unwrap();
    let window = Window::reserve(40).unwrap();
    let va = 0x10_0000_0000;
    window.map(va, PAGE_SIZE, memory.as_fd(), 0, false).unwrap();
    let descriptor = Descriptor { code_va: va, code_size: 2 * PAGE_SIZE, vregs: 4, sregs: 4, ..Descriptor::ZERO };
    let code = Code::load(&window, &descriptor);
    assert!(code.is_for(&descriptor) && code.is_current(&window));
    assert!(!code.is_for(&Descriptor { vregs: 5, ..descriptor }));
    assert!(memory.map().write(PAGE_SIZE - 1, &[1]));
    assert!(!code.is_current(&window));
    let code = Code::load(&window, &descriptor);
    assert!(code.is_current(&window));
    // A page that could not be read and now can.
    window.map(va + PAGE_SIZE, PAGE_SIZE, memory.as_fd(), PAGE_SIZE, false).unwrap();
    assert!(!code.is_current(&window));
}
