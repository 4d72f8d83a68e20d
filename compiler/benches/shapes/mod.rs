// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Kernels of any size, in shapes that are hard on different passes.

use std::fmt::Write;

/// A family of kernels.
pub struct Shape {
    /// Its name.
    pub name: &'static str,
    /// What it is hard on.
    pub about: &'static str,
    /// The text of a kernel of about this many instructions.
    pub kernel: fn(usize) -> String,
}

/// All families.
pub const SHAPES: &[Shape] = &[
    Shape { name: "straight", about: "one block, few live values", kernel: straight },
    Shape { name: "live", about: "one block, an eighth of the values live at a time", kernel: live },
    Shape { name: "blocks", about: "conditions in a row", kernel: blocks },
    Shape { name: "loops", about: "nests of four loops in a row", kernel: loops },
    Shape { name: "deep", about: "one nest of loops, as deep as the square root of the size", kernel: deep },
    Shape { name: "memory", about: "one block of loads and stores", kernel: memory },
];

/// Registers that the bodies use.
const WORDS: usize = 16;

/// A kernel around a body, which finds values in `%r0` to `%r15`, and addresses in `%in` and `%out`.
fn kernel(words: usize, preds: usize, body: &str) -> String {
    let mut text = format!(
        ".version 7.8\n.target sm_80\n.address_size 64\n\
         .visible .entry k(.param .u64 in, .param .u64 out, .param .u32 n) {{\n\
         .reg .b32 %r<{}>;\n.reg .pred %p<{}>;\n.reg .b32 %i<{}>;\n.reg .b32 %x;\n.reg .b64 %in;\n.reg .b64 %out;\n.reg .b64 %at;\n\
         ld.param.u64 %in, [in];\nld.param.u64 %out, [out];\nmov.u32 %x, %tid.x;\nmul.wide.u32 %at, %x, 4096;\n\
         add.s64 %in, %in, %at;\nadd.s64 %out, %out, %at;\n",
        words.max(WORDS),
        preds.max(1),
        preds.max(1)
    );
    for i in 0..WORDS {
        let _ = writeln!(text, "ld.global.u32 %r{i}, [%in+{}];", 4 * i);
    }
    text.push_str(body);
    for i in 0..WORDS {
        let _ = writeln!(text, "st.global.u32 [%out+{}], %r{i};", 4 * i);
    }
    text.push_str("ret;\n}\n");
    text
}

/// An instruction on the registers, a different one for each number.
fn arithmetic(body: &mut String, n: usize) {
    let (d, a, b) = (n % WORDS, (n * 7 + 3) % WORDS, (n * 5 + n / WORDS) % WORDS);
    let _ = match n % 5 {
        0 => writeln!(body, "add.s32 %r{d}, %r{a}, %r{b};"),
        1 => writeln!(body, "xor.b32 %r{d}, %r{a}, %r{b};"),
        2 => writeln!(body, "mad.lo.s32 %r{d}, %r{a}, {}, %r{b};", n % 1000 + 3),
        3 => writeln!(body, "min.s32 %r{d}, %r{a}, %r{b};"),
        _ => writeln!(body, "shl.b32 %r{d}, %r{a}, {};", n % 7),
    };
}

fn straight(n: usize) -> String {
    let mut body = String::new();
    for i in 0..n {
        arithmetic(&mut body, i);
    }
    kernel(WORDS, 0, &body)
}

fn live(n: usize) -> String {
    let mut body = String::new();
    let window = (n / 8).max(1);
    let count = n / 2;
    for i in 0..count {
        let _ = writeln!(body, "mad.lo.s32 %r{}, %r{}, {}, %r{};", WORDS + i, i % WORDS, i + 3, (i + 1) % WORDS);
        if i >= window {
            let _ = writeln!(body, "xor.b32 %r{}, %r{}, %r{};", i % WORDS, i % WORDS, WORDS + i - window);
        }
    }
    for i in count.saturating_sub(window)..count {
        let _ = writeln!(body, "xor.b32 %r{}, %r{}, %r{};", i % WORDS, i % WORDS, WORDS + i);
    }
    kernel(WORDS + count, 0, &body)
}

fn blocks(n: usize) -> String {
    let mut body = String::new();
    let count = n / 12;
    for i in 0..count {
        let _ = writeln!(body, "setp.lt.s32 %p0, %r{}, %r{};\n@%p0 bra E{i};", i % WORDS, (i + 3) % WORDS);
        for j in 0..4 {
            arithmetic(&mut body, 9 * i + j);
        }
        let _ = writeln!(body, "st.global.u32 [%out+{}], %r{};\nbra J{i};\nE{i}:", 64 + i % 64 * 4, i % WORDS);
        for j in 4..8 {
            arithmetic(&mut body, 9 * i + j);
        }
        let _ = writeln!(body, "J{i}:");
    }
    kernel(WORDS, 1, &body)
}

fn nest(body: &mut String, label: &str, depth: usize, first: usize, filling: usize) {
    for d in 0..depth {
        let _ = writeln!(body, "and.b32 %i{d}, %r{}, 3;\n{label}H{d}:", d % WORDS);
        arithmetic(body, first + d);
    }
    for j in 0..filling {
        arithmetic(body, first + j);
    }
    for d in (0..depth).rev() {
        let _ = writeln!(body, "sub.s32 %i{d}, %i{d}, 1;\nsetp.gt.s32 %p{d}, %i{d}, 0;\n@%p{d} bra {label}H{d};");
    }
}

fn loops(n: usize) -> String {
    let mut body = String::new();
    for i in 0..n / 30 {
        nest(&mut body, &format!("N{i}"), 4, i, 10);
    }
    kernel(WORDS, 4, &body)
}

fn deep(n: usize) -> String {
    let mut body = String::new();
    let depth = n.isqrt();
    nest(&mut body, "N", depth, 0, n - 5 * depth.min(n / 5));
    kernel(WORDS, depth, &body)
}

fn memory(n: usize) -> String {
    let mut body = String::new();
    for i in 0..n / 3 {
        let _ = writeln!(body, "ld.global.u32 %r{}, [%in+{}];", i % WORDS, i % 256 * 4);
        arithmetic(&mut body, i);
        let _ = writeln!(body, "st.global.u32 [%out+{}], %r{};", (i * 3) % 256 * 4, (i + 5) % WORDS);
    }
    kernel(WORDS, 0, &body)
}
