// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Speed of the engine, in warp instructions a second, on one thread.
//!
//! Each kernel is a loop of a kind that real kernels have; what is counted is the instructions of
//! its body and its three of loop control. Time is that of the thread on its processor, so that
//! other work on the machine does not count.

use std::time::Duration;

use criterion::{criterion_group, criterion_main, Criterion, Throughput};
use ix_hw::dispatch::Descriptor;
use ix_isa_tests::assembly::assemble;
use ix_isa_tests::machine::{Engine, Interpreter, Machine, Outcome, DATA_VA};

const TURNS: u64 = 1000;
const WARPS: u64 = 8;

/// The prologue of all kernels: v1 is the address of the thread's word in the first row of data,
/// s3 the address of the data, v8 and v9 numbers.
const PROLOGUE: &str = "
    ld.b64.param s3, [s9]
    rdsr.b32.tid_x v0
    mad.u32.wide v1, v0, 4, s3
    cvt.f32.u32 v8, v0, s9
    mov.b32 v9, 0x3f800001
    mov.b32 v10, 0
    mov.b32 v11, 0
    mov.b32 v12, 0
    mov.b32 v13, 0
    mov.b32 s1, 0
loop:
";
const EPILOGUE: &str = "
    add.u32 s1, s1, 1
    setp.u32.lt s2, s1, 1000
    bra_s.nz s2, loop
    st.b32.global [v1], v10
    exit
";

const KERNELS: &[(&str, &str)] = &[
    (
        "fma.f32",
        "fma.f32 v10, v8, v9, v10
         fma.f32 v11, v8, v9, v11
         fma.f32 v12, v8, v9, v12
         fma.f32 v13, v8, v9, v13",
    ),
    (
        "fma.f64",
        "fma.f64 v10, v8, v9, v10
         fma.f64 v11, v8, v9, v11
         fma.f64 v12, v8, v9, v12
         fma.f64 v13, v8, v9, v13",
    ),
    (
        "fma.f16x2",
        "fma.f16x2 v10, v8, v9, v10
         fma.f16x2 v11, v8, v9, v11
         fma.f16x2 v12, v8, v9, v12
         fma.f16x2 v13, v8, v9, v13",
    ),
    (
        "integers",
        "mad.u32.lo v10, v0, v9, v10
         xor.b32 v11, v10, v0
         shr.u32 v12, v11, 3
         add.u64 v13, v13, v12",
    ),
    (
        "global words in a row",
        "ld.f32.global v11, [v1]
         ld.f32.global v12, [v1+1024]
         fma.f32 v12, v11, v9, v12
         st.f32.global [v1+2048], v12",
    ),
    (
        "global words apart",
        "mad.u32.wide v5, v0, 260, s3
         ld.f32.global v11, [v5]
         fma.f32 v12, v11, v9, v12",
    ),
    (
        "shared words, row and column",
        "ld.f32.shared v11, [v0]
         ld.f32.shared v12, [s9+64]
         fma.f32 v10, v11, v12, v10",
    ),
    (
        "divergent arms",
        "and.b32 v4, v10, 1
         setp.b32.ne m1, v4, 0
         @m1 mad.u32.lo v10, v10, 3, v9
         @!m1 shr.u32 v10, v10, 1",
    ),
    ("matrices of f16", "mma.f32.f16 v10, v8, v9, v10"),
    ("matrices of tf32", "mma.f32.tf32 v10, v8, v9, v10"),
    ("matrices of f16, f16 sums", "mma.f16.f16 v10, v8, v9, v10"),
    ("matrices of e4m3", "mma.f32.e4m3 v10, v8, v9, v10"),
    ("matrices of s8", "mma.s32.s8 v10, v8, v9, v10"),
    ("matrices of s4", "mma.s32.s4 v10, v8, v9, v10"),
    ("matrices of bits", "mma.s32.b1_xor v10, v8, v9, v10"),
    ("matrices of f64", "mma.f64.f64 v10, v8, v9, v10"),
    (
        "rows of matrices in shared memory",
        "shl.b32 v5, v0, 4
         ldm.b16.shared.tile:0 v10, [v5]
         ldm.b16.shared.tile:1.trans v11, [v5]",
    ),
    ("words joined", "pack.b64 v10, v8, v9"),
    ("sine", "sin.f32 v10, v8"),
    ("exponential", "ex2.f32 v10, v8"),
];

/// Time that this thread has run.
fn thread_time() -> Duration {
    let mut time = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the call writes to a valid timespec.
    unsafe { libc::clock_gettime(libc::CLOCK_THREAD_CPUTIME_ID, &mut time) };
    Duration::new(time.tv_sec as u64, time.tv_nsec as u32)
}

fn kernels(c: &mut Criterion) {
    let machine = Machine::new(1 << 20).expect("memory for the benchmark");
    let mut group = c.benchmark_group("warp instructions");
    group.sample_size(10).warm_up_time(Duration::from_millis(200)).measurement_time(Duration::from_secs(1));
    for (name, body) in KERNELS {
        // Offsets in shared memory are bytes: the thread's number times 4.
        let scale = if body.contains("[v0]") { "    shl.b32 v0, v0, 2\n" } else { "" };
        let program = format!("{}{body}{EPILOGUE}", PROLOGUE.replace("loop:\n", &format!("{scale}loop:\n")));
        let program = assemble(&program).expect("the kernels are correct");
        let descriptor =
            Descriptor { grid: [1; 3], block: [WARPS as u32 * 32, 1, 1], vregs: 16, sregs: 16, shared_bytes: 4096, ..Descriptor::ZERO };
        let launch = machine.launch(&program.bytes, &DATA_VA.to_le_bytes(), descriptor).expect("the launch is legal");
        group.throughput(Throughput::Elements(TURNS * WARPS * (body.lines().count() as u64 + 3)));
        group.bench_function(*name, |b| {
            b.iter_custom(|turns| {
                let start = thread_time();
                for _ in 0..turns {
                    assert_eq!(Interpreter.run(&launch, 1 << 40), Outcome::Done);
                }
                thread_time() - start
            })
        });
    }
    group.finish();
}

#[allow(missing_docs)] // The macro defines a function without.
mod entry {
    use super::*;
    criterion_group!(benches, kernels);
}
use entry::benches;
criterion_main!(benches);
