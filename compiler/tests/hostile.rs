// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Texts made to cost time or memory: the parser's work is proportional to their size.

use ix_compiler::ptx::parse;
use std::time::{Duration, Instant};

const HEADER: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";

/// Parses and gives the time per byte of text.
fn cost(text: &str) -> Duration {
    let start = Instant::now();
    drop(parse(text));
    start.elapsed() / text.len() as u32
}

/// A text of about `size` bytes: `before`, as many of the `n`-th pieces as fit, `after`.
fn repeat(size: usize, before: &str, piece: impl Fn(usize) -> String, after: &str) -> String {
    let mut text = format!("{HEADER}{before}");
    for n in 0.. {
        if text.len() >= size {
            break;
        }
        text += &piece(n);
    }
    text + after
}

#[test]
fn cost_is_linear_whatever_the_text() {
    type Maker = fn(usize) -> String;
    let makers: &[(&str, Maker)] = &[
        ("prototypes on one line", |n| repeat(n, "", |i| format!(".func f{i}();"), "")),
        ("prototypes of one function", |n| repeat(n, "", |_| ".func f();".into(), "")),
        ("definitions after prototypes", |n| repeat(n, "", |i| format!(".func f{i}(); .func f{i}() {{ ret; }}"), "")),
        ("extern declarations of one variable", |n| repeat(n, "", |_| ".extern .global .b32 x;".into(), "")),
        ("labels", |n| repeat(n, ".entry k() {", |i| format!("L{i}: bra L{i};"), "}")),
        ("sibling blocks", |n| repeat(n, ".entry k() {", |_| "{ L: bra L; }".into(), "}")),
        ("blocks in the deepest block", |n| {
            repeat(n, &format!(".entry k() {}", "{".repeat(60)), |_| "{ L: bra L; }".into(), &"}".repeat(60))
        }),
        ("registers", |n| repeat(n, ".entry k() { .reg .b32 %r<99999999>;", |i| format!("mov.b32 %r{i}, {i};"), "}")),
        ("registers seen from the deepest block", |n| {
            repeat(
                n,
                &format!(".entry k() {{ .reg .b32 %r0123456789<9>; {}", "{ .reg .b32 %q<9>;".repeat(60)),
                |_| "mov.b32 %r01234567898, 1;".into(),
                &"}".repeat(61),
            )
        }),
        ("modifiers of one instruction", |n| repeat(n, ".entry k() {", |_| "wgmma".to_owned() + &".x".repeat(4000) + ";", "}")),
        ("operands of one instruction", |n| repeat(n, ".entry k() {", |_| "tex".to_owned() + &" 1,".repeat(4000) + "1;", "}")),
        ("initialisers", |n| repeat(n, ".global .b8 x[] = {", |_| "1,".into(), "1};")),
        ("nested initialisers", |n| repeat(n, ".global .b8 x[][1] = {", |_| "{1},".into(), "{1}};")),
        ("one constant expression", |n| repeat(n, ".entry k() { .reg .b32 r; mov.b32 r, 0", |_| "+1".into(), "; }")),
        ("blanks", |n| repeat(n, "", |_| " ".repeat(1000), "")),
        ("comments that end at once", |n| repeat(n, "", |_| "/**/".into(), "")),
        ("open comments", |n| repeat(n, "/*", |_| "/*".into(), "")),
        ("unknown instructions", |n| repeat(n, ".entry k() {", |_| "frob;".into(), "}")),
        ("broken items", |n| repeat(n, "", |_| ".entry {".into(), "")),
        ("debug data", |n| repeat(n, ".section .debug {", |_| ".b8 1\n".into(), "}")),
        ("files", |n| repeat(n, "", |i| format!(".file {i} \"x\"\n"), "")),
    ];
    for (name, maker) in makers {
        // Warm the allocator and the caches first.
        cost(&maker(20_000));
        let small = cost(&maker(60_000));
        let large = cost(&maker(960_000));
        println!("{name}: {small:?} and {large:?} a byte");
        // Sixteen times the text; quadratic work would make a byte sixteen times as expensive.
        let allowed = (small * 6).max(Duration::from_nanos(400));
        assert!(large <= allowed, "{name}: {small:?} a byte in a small text, {large:?} in a large one");
    }
}
