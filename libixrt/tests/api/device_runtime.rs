// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What kernels call: printf, assertions, the heap, the math library; and the limits of these.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::process::Command;

const HEADER: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";

/// Prints its thread and an argument, with the result of printf in `out`.
const PRINTS: &str = r#"
.extern .func (.param .b32 r) vprintf(.param .b64 format, .param .b64 arguments);
.global .align 1 .b8 form[25] = {37, 117, 58, 32, 37, 53, 46, 50, 102, 32, 37, 115, 32, 37, 108, 108, 120, 32, 37, 37, 33, 10, 0};
.global .align 1 .b8 word[6] = {104, 101, 108, 108, 111, 0};
.visible .entry prints(.param .u64 out, .param .u64 number) {
    .local .align 8 .b8 list[32];
    .reg .b64 %rd<9>; .reg .b32 %r<9>; .reg .f64 %d<3>;
    ld.param.u64 %rd0, [out]; ld.param.u64 %rd1, [number];
    mov.u32 %r0, %tid.x; cvt.rn.f64.u32 %d0, %r0; mul.f64 %d0, %d0, 0d3FF8000000000000;
    mov.u64 %rd2, list; cvta.local.u64 %rd3, %rd2;
    st.local.u32 [%rd2], %r0; st.local.f64 [%rd2+8], %d0;
    mov.u64 %rd4, word; cvta.global.u64 %rd4, %rd4; st.local.u64 [%rd2+16], %rd4; st.local.u64 [%rd2+24], %rd1;
    mov.u64 %rd5, form; cvta.global.u64 %rd5, %rd5;
    { .param .b64 f; .param .b64 a; .param .b32 r; st.param.b64 [f], %rd5; st.param.b64 [a], %rd3;
      call.uni (r), vprintf, (f, a); ld.param.b32 %r1, [r]; }
    mad.wide.u32 %rd6, %r0, 4, %rd0; st.global.u32 [%rd6], %r1;
    ret;
}
"#;

/// Asserts that its thread is below an argument.
const ASSERTS: &str = r#"
.extern .func __assertfail(.param .b64 m, .param .b64 f, .param .b32 l, .param .b64 n, .param .b64 s);
.global .align 1 .b8 message[6] = {105, 32, 60, 32, 110, 0};
.global .align 1 .b8 file[5] = {97, 46, 99, 117, 0};
.global .align 1 .b8 name[2] = {107, 0};
.visible .entry k(.param .u32 n) {
    .reg .b64 %rd<9>; .reg .b32 %r<9>; .reg .pred %p;
    ld.param.u32 %r0, [n]; mov.u32 %r1, %tid.x; setp.lt.u32 %p, %r1, %r0; @%p bra fine;
    mov.u64 %rd0, message; mov.u64 %rd1, file; mov.u64 %rd2, name;
    { .param .b64 m; .param .b64 f; .param .b32 l; .param .b64 n; .param .b64 s;
      st.param.b64 [m], %rd0; st.param.b64 [f], %rd1; st.param.b32 [l], 33; st.param.b64 [n], %rd2; st.param.b64 [s], 1;
      call.uni __assertfail, (m, f, l, n, s); }
fine:
    ret;
}
"#;

/// `allocate` stores what malloc gives for `bytes` + 16 * thread in `out`; `release` frees it.
const HEAP: &str = r#"
.extern .func (.param .b64 r) malloc(.param .b64 n);
.extern .func free(.param .b64 p);
.visible .entry allocate(.param .u64 out, .param .u64 bytes, .param .u64 more) {
    .reg .b64 %rd<9>; .reg .b32 %r<9>;
    ld.param.u64 %rd0, [out]; ld.param.u64 %rd1, [bytes]; ld.param.u64 %rd5, [more];
    mov.u32 %r0, %tid.x; mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mad.lo.u32 %r0, %r1, %r2, %r0;
    cvt.u64.u32 %rd4, %r0; mad.lo.u64 %rd1, %rd4, %rd5, %rd1;
    { .param .b64 n; .param .b64 r; st.param.b64 [n], %rd1; call.uni (r), malloc, (n); ld.param.b64 %rd2, [r]; }
    mad.wide.u32 %rd3, %r0, 8, %rd0; st.global.u64 [%rd3], %rd2; ret;
}
.visible .entry release(.param .u64 pointers) {
    .reg .b64 %rd<9>; .reg .b32 %r<9>;
    ld.param.u64 %rd0, [pointers];
    mov.u32 %r0, %tid.x; mov.u32 %r1, %ctaid.x; mov.u32 %r2, %ntid.x; mad.lo.u32 %r0, %r1, %r2, %r0;
    mad.wide.u32 %rd3, %r0, 8, %rd0; ld.global.u64 %rd2, [%rd3];
    { .param .b64 p; st.param.b64 [p], %rd2; call.uni free, (p); }
    ret;
}
"#;

/// What a test prints when it runs alone in a child process; `None` in that child.
fn output_of(test: &str) -> Option<(String, String)> {
    const MARK: &str = "IXRT_API_PRINTS";
    if std::env::var(MARK).as_deref() == Ok(test) {
        return None;
    }
    let output = Command::new(std::env::current_exe().unwrap()).args(["--exact", test, "--nocapture"]).env(MARK, test).output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned());
    assert!(output.status.success() && out.contains("1 passed"), "{out}{err}");
    Some((out, err))
}

fn limit(limit: IXlimit) -> usize {
    let mut value = 0;
    // SAFETY: the pointer is valid.
    ok(unsafe { ixCtxGetLimit(&mut value, limit) });
    value
}

fn set_limit(limit: IXlimit, value: usize) -> IXresult {
    // SAFETY: no pointers.
    unsafe { ixCtxSetLimit(limit, value) }
}

fn synchronize() -> IXresult {
    // SAFETY: no pointers.
    unsafe { ixCtxSynchronize() }
}

/// Says where the child is, in the stream that kernels print to.
fn say(text: &str) {
    let text = std::ffi::CString::new(text).unwrap();
    // SAFETY: a string, and the C library's own stream.
    unsafe { libc::printf(c"[%s]\n".as_ptr(), text.as_ptr()) };
}

#[test]
fn printf_comes_at_the_points_of_cuda() {
    let Some((out, _)) = output_of("device_runtime::printf_comes_at_the_points_of_cuda") else {
        let _ctx = Ctx::new();
        let module = module(&format!("{HEADER}{PRINTS}"));
        let prints = function(module, "prints");
        let results = upload(&[7u32; 40]);
        let (first, second) = (stream(0), stream(1));
        ok(launch(prints, 1, 3, NULL, &[results.0, 0xabc_0000_0001]));
        say("launched");
        ok(synchronize());
        say("context");
        ok(launch(prints, 1, 1, first, &[results.0, 2]));
        // SAFETY: no pointers.
        ok(unsafe { ixStreamSynchronize(first) });
        say("stream");
        let event = event(0);
        ok(launch(prints, 1, 1, second, &[results.0, 3]));
        // SAFETY: no pointers.
        unsafe {
            ok(ixEventRecord(event, second));
            ok(ixEventSynchronize(event));
        }
        say("event");
        ok(launch(prints, 1, 1, NULL, &[results.0, 4]));
        assert_eq!(download::<u32>(results, 4), [4, 4, 4, 7]);
        say("copy");
        ok(launch(prints, 1, 1, NULL, &[results.0, 5]));
        // SAFETY: no pointers.
        ok(unsafe { ixModuleUnload(module) });
        say("unload");
        return;
    };
    let lines: Vec<&str> = out.lines().filter(|l| l.starts_with('[') || l.ends_with('!')).collect();
    let line = |thread: u32, number: u64| format!("{thread}: {:5.2} hello {number:x} %!", f64::from(thread) * 1.5);
    let zero = |number| line(0, number);
    let words = |text: &str| format!("[{text}]");
    let mut expected = vec![words("launched")];
    expected.extend((0..3).map(|t| line(t, 0xabc_0000_0001)));
    expected.push(words("context"));
    for (number, text) in [(2, "stream"), (3, "event"), (4, "copy"), (5, "unload")] {
        expected.extend([zero(number), words(text)]);
    }
    assert_eq!(lines, expected);
}

#[test]
fn printf_of_a_context_that_ends_and_of_one_that_fails() {
    let Some((out, _)) = output_of("device_runtime::printf_of_a_context_that_ends_and_of_one_that_fails") else {
        let results;
        {
            let _ctx = Ctx::new();
            results = upload(&[0u32; 4]);
            ok(launch(function(module(&format!("{HEADER}{PRINTS}")), "prints"), 1, 1, NULL, &[results.0, 6]));
        }
        say("destroyed");
        let context = Ctx::new();
        // The results go nowhere: the kernel prints first and then faults.
        ok(launch(function(module(&format!("{HEADER}{PRINTS}")), "prints"), 1, 1, NULL, &[0, 7]));
        assert_eq!(synchronize(), Code::ILLEGAL_ADDRESS);
        say("failed");
        drop(context);
        return;
    };
    let lines: Vec<&str> = out.lines().filter(|l| l.starts_with('[') || l.ends_with('!')).collect();
    assert_eq!(lines, ["0:  0.00 hello 6 %!", "[destroyed]", "0:  0.00 hello 7 %!", "[failed]"]);
}

#[test]
fn records_that_do_not_fit_are_dropped() {
    let Some((out, _)) = output_of("device_runtime::records_that_do_not_fit_are_dropped") else {
        let _ctx = Ctx::new();
        ok(set_limit(IX_LIMIT_PRINTF_FIFO_SIZE, 1));
        assert_eq!(limit(IX_LIMIT_PRINTF_FIFO_SIZE), 4096);
        let module = module(&format!("{HEADER}{PRINTS}"));
        ok(set_limit(IX_LIMIT_PRINTF_FIFO_SIZE, 8192));
        let results = upload(&[0i32; 1024]);
        ok(launch(function(module, "prints"), 1, 1024, NULL, &[results.0, 1]));
        let results: Vec<i32> = download(results, 1024);
        // 16 bytes and four arguments in 32.
        assert_eq!(results.iter().filter(|r| **r == 4).count(), 8192 / 48);
        assert_eq!(results.iter().filter(|r| **r == -1).count(), 1024 - 8192 / 48);
        fails(set_limit(IX_LIMIT_PRINTF_FIFO_SIZE, 1 << 20), Code::INVALID_VALUE, "in use already");
        // The room is there again, many times around.
        let again = upload(&[0i32; 64]);
        for _ in 0..40 {
            ok(launch(function(module, "prints"), 1, 64, NULL, &[again.0, 1]));
            assert_eq!(download::<i32>(again, 64), [4; 64]);
        }
        return;
    };
    assert_eq!(out.lines().filter(|l| l.ends_with("hello 1 %!")).count(), 8192 / 48 + 40 * 64);
}

#[test]
fn failed_assertions_say_where_and_end_the_context() {
    let Some((_, err)) = output_of("device_runtime::failed_assertions_say_where_and_end_the_context") else {
        let _ctx = Ctx::new();
        let k = function(module(&format!("{HEADER}{ASSERTS}")), "k");
        ok(launch(k, 2, 4, NULL, &[4]));
        ok(synchronize());
        ok(launch(k, 1, 4, NULL, &[2]));
        fails(synchronize(), Code::ASSERT, "kernel `k` failed an assertion");
        fails(launch(k, 1, 4, NULL, &[4]), Code::ASSERT, "assertion");
        return;
    };
    let lines: Vec<&str> = err.lines().filter(|l| l.contains("Assertion")).collect();
    let line = |thread| format!("a.cu:33: k: block: [0,0,0], thread: [{thread},0,0] Assertion `i < n` failed.");
    assert_eq!(lines, [line(2), line(3)]);
}

/// Launches `allocate` and gives the addresses.
fn allocate(module: IXmodule, blocks: u32, threads: u32, bytes: u64, more: u64) -> Vec<u64> {
    let n = (blocks * threads) as usize;
    let out = upload(&vec![1u64; n]);
    ok(launch(function(module, "allocate"), blocks, threads, NULL, &[out.0, bytes, more]));
    download(out, n)
}

fn release(module: IXmodule, pointers: &[u64], threads: u32) {
    let list = upload(pointers);
    assert_eq!(pointers.len() as u32 % threads, 0);
    ok(launch(function(module, "release"), pointers.len() as u32 / threads, threads, NULL, &[list.0]));
    ok(synchronize());
}

/// Fails unless all pointers are aligned and no two allocations share a byte.
#[track_caller]
fn disjoint(pointers: &[u64], size: impl Fn(usize) -> u64) {
    let mut ranges: Vec<_> = pointers.iter().enumerate().filter(|(_, p)| **p != 0).map(|(i, p)| (*p, *p + size(i).max(1))).collect();
    ranges.sort_unstable();
    assert!(ranges.iter().all(|r| r.0 % 16 == 0), "{ranges:x?}");
    assert!(ranges.windows(2).all(|w| w[0].1 <= w[1].0), "{ranges:x?}");
}

#[test]
fn heap_serves_all_threads_at_once() {
    let _ctx = Ctx::new();
    let module = module(&format!("{HEADER}{HEAP}"));
    assert_eq!(limit(IX_LIMIT_MALLOC_HEAP_SIZE), 8 << 20);
    for round in 0..3 {
        let small = allocate(module, 8, 256, 0, 1);
        assert!(!small.contains(&0), "round {round}");
        disjoint(&small, |i| i as u64);
        // From another kernel, in another order.
        let mut back = small.clone();
        back.rotate_left(777);
        release(module, &back, 128);
    }
    let large = allocate(module, 1, 64, 3000, 1000);
    disjoint(&large, |i| 3000 + 1000 * i as u64);
    assert!(!large.contains(&0));
    release(module, &large, 64);
    // All of it is free again: one allocation takes the whole heap.
    let whole = allocate(module, 1, 1, 8 << 20, 0);
    assert_ne!(whole[0], 0);
    assert_eq!(allocate(module, 1, 40, 1, 0), [0; 40]);
    release(module, &whole, 1);
    assert_ne!(allocate(module, 1, 1, 1, 0)[0], 0);
}

#[test]
fn full_heap_gives_null_and_wrong_pointers_are_ignored() {
    let _ctx = Ctx::new();
    ok(set_limit(IX_LIMIT_MALLOC_HEAP_SIZE, 64 << 10));
    let module = module(&format!("{HEADER}{HEAP}"));
    fails(set_limit(IX_LIMIT_MALLOC_HEAP_SIZE, 1 << 20), Code::INVALID_VALUE, "in use already");
    // 16 pages of 4 slots.
    let slots = allocate(module, 1, 100, 1000, 0);
    assert_eq!(slots.iter().filter(|p| **p != 0).count(), 64);
    disjoint(&slots, |_| 1000);
    assert_eq!(allocate(module, 1, 1, u64::MAX - 5, 0), [0]);
    let live: Vec<u64> = slots.iter().copied().filter(|p| *p != 0).collect();
    // Null, within an allocation, before and behind the heap, host memory, no address at all, a bit of everything.
    let elsewhere = alloc(4096).0;
    let page = live.iter().min().unwrap() & !4095;
    let wrong = [0, live[0] + 16, live[1] + 512, page - 16, page + (64 << 10), elsewhere, 0x7fff_0000, u64::MAX - 15];
    release(module, &wrong, 8);
    assert_eq!(allocate(module, 1, 4, 16, 0), [0; 4]);
    // One is freed many times at once, and counts once.
    release(module, &[live[7]; 32], 32);
    let again = allocate(module, 1, 32, 900, 0);
    assert_eq!(again.iter().filter(|p| **p != 0).collect::<Vec<_>>(), [&live[7]]);
    release(module, &live, 64);
    let run = allocate(module, 1, 2, 40 << 10, 0);
    assert_eq!(run.iter().filter(|p| **p != 0).count(), 1);
    // Within a run, and twice at its start.
    let start = run[0].max(run[1]);
    release(module, &[start + 4096, start, start, start + 16], 4);
    assert_ne!(allocate(module, 1, 1, 64 << 10, 0), [0]);
}

#[test]
fn limits_are_kept_and_checked() {
    let _ctx = Ctx::new();
    assert_eq!(limit(IX_LIMIT_STACK_SIZE), 16 << 10);
    assert_eq!(limit(IX_LIMIT_PRINTF_FIFO_SIZE), 1 << 20);
    ok(set_limit(IX_LIMIT_STACK_SIZE, 5000));
    assert_eq!(limit(IX_LIMIT_STACK_SIZE), 5008);
    ok(set_limit(IX_LIMIT_STACK_SIZE, 0));
    assert_eq!(limit(IX_LIMIT_STACK_SIZE), 1024);
    // Brought into the device's range.
    ok(set_limit(IX_LIMIT_STACK_SIZE, usize::MAX));
    assert!(limit(IX_LIMIT_STACK_SIZE) >= 64 << 10);
    fails(set_limit(IX_LIMIT_MALLOC_HEAP_SIZE, usize::MAX), Code::OUT_OF_MEMORY, "a heap of");
    fails(set_limit(IX_LIMIT_MALLOC_HEAP_SIZE, 1 << 50), Code::OUT_OF_MEMORY, "a heap of");
    fails(set_limit(IX_LIMIT_PRINTF_FIFO_SIZE, usize::MAX), Code::OUT_OF_MEMORY, "for printf");
    assert_eq!((limit(IX_LIMIT_MALLOC_HEAP_SIZE), limit(IX_LIMIT_PRINTF_FIFO_SIZE)), (8 << 20, 1 << 20));
    fails(set_limit(IX_LIMIT_DEV_RUNTIME_SYNC_DEPTH, 3), Code::UNSUPPORTED_LIMIT, "kernels cannot launch kernels");
    fails(set_limit(IXlimit(77), 3), Code::INVALID_VALUE, "no limit 77");
    let mut value = 0;
    // SAFETY: the pointers are null or valid.
    unsafe {
        fails(ixCtxGetLimit(&mut value, IX_LIMIT_DEV_RUNTIME_PENDING_LAUNCH_COUNT), Code::UNSUPPORTED_LIMIT, "launch");
        fails(ixCtxGetLimit(std::ptr::null_mut(), IX_LIMIT_STACK_SIZE), Code::INVALID_VALUE, "null");
        ok(ixCtxResetPersistingL2Cache());
    }
    assert_eq!(limit(IX_LIMIT_MAX_L2_FETCH_GRANULARITY), 128);
    ok(set_limit(IX_LIMIT_MAX_L2_FETCH_GRANULARITY, 64));
    // Limits are the context's: another one has its own.
    let other = Ctx::new();
    assert_eq!(limit(IX_LIMIT_STACK_SIZE), 16 << 10);
    drop(other);
}

/// Sums n, n - 1, ... 1 with a frame of 512 bytes for each.
const DEEP: &str = ".func (.reg .b32 %y) deep(.reg .b32 %n) { .local .align 8 .b8 room[512]; .reg .b64 %a; .reg .b32 %t; .reg .pred %p;
    mov.u64 %a, room; st.local.u32 [%a], %n; setp.eq.u32 %p, %n, 0; mov.u32 %y, 0; @%p ret;
    sub.u32 %t, %n, 1; call (%y), deep, (%t); ld.local.u32 %t, [%a]; add.u32 %y, %y, %t; ret; }
    .visible .entry k(.param .u64 out, .param .u32 n) { .reg .b64 %a; .reg .b32 %n; ld.param.u64 %a, [out]; ld.param.u32 %n, [n];
    call (%n), deep, (%n); st.global.u32 [%a], %n; ret; }";

#[test]
fn stack_is_as_large_as_the_limit_says() {
    let _ctx = Ctx::new();
    let k = function(module(&format!("{HEADER}{DEEP}")), "k");
    let out = upload(&[0u32]);
    ok(launch(k, 1, 1, NULL, &[out.0, 20]));
    assert_eq!(download::<u32>(out, 1), [210]);
    ok(set_limit(IX_LIMIT_STACK_SIZE, 128 << 10));
    ok(launch(k, 1, 33, NULL, &[out.0, 100]));
    assert_eq!(download::<u32>(out, 1), [100 * 101 / 2]);
    ok(set_limit(IX_LIMIT_STACK_SIZE, 4096));
    ok(launch(k, 1, 1, NULL, &[out.0, 20]));
    fails(synchronize(), Code::HARDWARE_STACK_ERROR, "ran out of its stack of 4096 bytes");
}

#[test]
fn math_functions_come_from_the_library() {
    let _ctx = Ctx::new();
    let text = format!(
        "{HEADER}.extern .func (.param .b32 r) sinf(.param .b32 x);
        .extern .func (.param .b64 r) pow(.param .b64 x, .param .b64 y);
        .extern .func (.param .b64 r) strlen(.param .b64 s);
        .visible .entry k(.param .u64 out) {{ .reg .b64 %a, %n; .reg .f32 %f; .reg .f64 %d;
        ld.param.u64 %a, [out]; ld.global.f32 %f, [%a]; ld.global.f64 %d, [%a+8];
        {{ .param .b32 x; .param .b32 r; st.param.f32 [x], %f; call (r), sinf, (x); ld.param.f32 %f, [r]; }}
        {{ .param .b64 x; .param .b64 y; .param .b64 r; st.param.f64 [x], %d; st.param.f64 [y], 0d4004000000000000;
           call (r), pow, (x, y); ld.param.f64 %d, [r]; }}
        {{ .param .b64 s; .param .b64 r; add.u64 %n, %a, 16; st.param.b64 [s], %n; call (r), strlen, (s); ld.param.b64 %n, [r]; }}
        st.global.f32 [%a], %f; st.global.f64 [%a+8], %d; st.global.u64 [%a+16], %n; ret; }}"
    );
    let k = function(module(&text), "k");
    let buffer = upload(&[0.5f32.to_bits().into(), 3f64.to_bits(), u64::from_le_bytes(*b"strange\0")]);
    ok(launch(k, 1, 1, NULL, &[buffer.0]));
    let found: Vec<u64> = download(buffer, 3);
    assert_eq!(f32::from_bits(found[0] as u32), 0.479_425_54);
    assert!((f64::from_bits(found[1]) - 3f64.powf(2.5)).abs() <= 4e-15);
    assert_eq!(found[2], 7);
}
