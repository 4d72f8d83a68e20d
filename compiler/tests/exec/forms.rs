// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Rarely used instructions on many operands, against plain code that shares nothing with the compiler.
//!
//! A *trial* is one PTX statement over fixed register names: `%a0..%a3` (32 bits), `%d0..%d3` (64 bits) and `%h0..%h3`
//! (16 bits) hold the same four inputs of 64 bits, cut to their width. What is written to `%x` (32 bits), `%y` (64
//! bits), `%z` (16 bits), `%p` and `%q` (predicates) is put together to the 64 bits of output that [`Out`] describes.

use crate::machine::{Machine, Params, Shape};
use ix_compiler::{compile, Options};

/// Threads of a block.
const THREADS: usize = 128;

/// A small generator (xorshift64*).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Random {
        Random(seed | 1)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }
}

/// Which registers make up the output.
#[derive(Debug, Clone, Copy)]
enum Out {
    /// `%x`, zero-extended, and bits 32 and 33 from `%p` and `%q`.
    X,
    /// `%y`.
    Y,
    /// `%z`, zero-extended.
    Z,
    /// `%p` and `%q` in bits 0 and 1.
    P,
}

fn kernel(statement: &str, out: Out) -> String {
    let result = match out {
        Out::X => {
            "cvt.u64.u32 %o, %x; selp.b64 %t, 0x100000000, 0, %p; or.b64 %o, %o, %t; selp.b64 %t, 0x200000000, 0, %q; or.b64 %o, %o, %t;"
        }
        Out::Y => "mov.b64 %o, %y;",
        Out::Z => "cvt.u64.u16 %o, %z;",
        Out::P => "selp.b64 %o, 1, 0, %p; selp.b64 %t, 2, 0, %q; or.b64 %o, %o, %t;",
    };
    let mut inputs = String::new();
    for i in 0..4 {
        inputs += &format!("ld.global.b64 %d{i}, [%in+{}]; cvt.u32.u64 %a{i}, %d{i}; cvt.u16.u64 %h{i}, %d{i};\n", i * 8);
    }
    format!(
        ".version 8.7\n.target sm_100a\n.address_size 64\n.visible .entry k(.param .u64 in, .param .u64 out) {{
    .reg .b32 %a<4>, %x, %me; .reg .b64 %d<4>, %y, %in, %out, %o, %t; .reg .b16 %h<4>, %z; .reg .pred %p, %q;
    ld.param.u64 %in, [in]; ld.param.u64 %out, [out];
    mov.u32 %me, %tid.x; mad.wide.u32 %in, %me, 32, %in; mad.wide.u32 %out, %me, 8, %out;
    {inputs}
    mov.b32 %x, 0; mov.b64 %y, 0; mov.b16 %z, 0; setp.ne.b32 %p, %me, %me; setp.ne.b32 %q, %me, %me;
    {statement}
    {result}
    st.global.b64 [%out], %o; ret;
}}"
    )
}

/// Runs the statement on tuples of inputs; gives the outputs.
fn outputs(statement: &str, out: Out, inputs: &[[u64; 4]]) -> Vec<u64> {
    run(&kernel(statement, out), statement, inputs).unwrap_or_else(|e| panic!("{statement}: {e}"))
}

/// Runs a kernel around a statement on tuples of inputs; gives the outputs, or the fault.
fn run(ptx: &str, statement: &str, inputs: &[[u64; 4]]) -> Result<Vec<u64>, String> {
    let module = compile(ptx, &Options::default()).unwrap_or_else(|e| panic!("{statement}\n{e}"));
    let mut machine = Machine::new();
    let mut results = vec![];
    for chunk in inputs.chunks(THREADS) {
        machine.reset();
        let bytes: Vec<u8> = chunk.iter().flatten().flat_map(|v| v.to_le_bytes()).collect();
        let from = machine.buffer(&bytes);
        let to = machine.buffer(&vec![0; chunk.len() * 8]);
        machine.load(&module);
        let mut params = Params::default();
        params.push(&from.to_le_bytes()).push(&to.to_le_bytes());
        machine.run(&module, "k", Shape::linear(1, chunk.len() as u32), &params.0)?;
        let bytes = machine.read(to, chunk.len() * 8);
        results.extend(bytes.chunks(8).map(|b| u64::from_le_bytes(b.try_into().unwrap())));
    }
    Ok(results)
}

/// Compares the statement with `expected` on tuples of inputs; if it is a single instruction, also under a guard that
/// holds in every second thread.
fn check(statement: &str, out: Out, inputs: &[[u64; 4]], expected: impl Fn([u64; 4]) -> u64) {
    for (input, got) in inputs.iter().zip(outputs(statement, out, inputs)) {
        let want = expected(*input);
        assert_eq!(got, want, "{statement} of {input:x?} gives {got:#x} instead of {want:#x}");
    }
    if statement.matches(';').count() > 1 {
        return;
    }
    let guarded = format!(".reg .pred %g; and.b32 %me, %me, 1; setp.ne.b32 %g, %me, 0; @%g {statement}");
    for (n, (input, got)) in inputs.iter().zip(outputs(&guarded, out, inputs)).enumerate() {
        let want = if n % 2 == 1 { expected(*input) } else { 0 };
        assert_eq!(got, want, "{guarded} of {input:x?} gives {got:#x} instead of {want:#x} in thread {n}");
    }
}

/// Tuples of which each number is an edge of integers or random, and many are small.
fn integers(count: usize) -> Vec<[u64; 4]> {
    let mut r = Random::new(0x1d_c0de);
    let edges = [0, 1, 2, 5, 15, 16, 17, 30, 31, 32, 33, 63, 64, 255, 256, 0x7fff, 0x8000, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
    let mut number = || match r.bits() >> 62 {
        0 => edges[(r.bits() >> 32) as usize % edges.len()],
        1 => r.bits() % 70,
        2 => (r.bits() % 70).wrapping_neg(),
        _ => r.bits(),
    };
    (0..count).map(|_| [number(), number(), number(), number()]).collect()
}

/// Bits of numbers of all magnitudes of binary32 and below, in both halves.
fn floats(count: usize) -> Vec<[u64; 4]> {
    let mut r = Random::new(0xf10a7);
    let edges: [u32; 16] = [
        0,
        0x8000_0000,
        0x3f80_0000,
        0xbf80_0000,
        1,
        0x8000_0001,
        0x007f_ffff,
        0x0080_0000,
        0x7f7f_ffff,
        0x7f80_0000,
        0xff80_0000,
        0x7fc0_0000,
        0xffff_ffff,
        0x3f00_0000,
        0x3eaa_aaab,
        0xc2c8_0000,
    ];
    let mut word = || match r.bits() >> 61 {
        0 | 1 => edges[(r.bits() >> 32) as usize % edges.len()],
        // Near 1.
        2..=5 => (r.bits() >> 32) as u32 & 0x807f_ffff | (124 + (r.bits() >> 40) as u32 % 6) << 23,
        _ => (r.bits() >> 32) as u32,
    };
    let mut number = || u64::from(word()) | u64::from(word()) << 32;
    (0..count).map(|_| [number(), number(), number(), number()]).collect()
}

const MANY: usize = 2048;

#[test]
fn fns_finds_the_nth_set_bit() {
    check("fns.b32 %x, %a0, %a1, %a2;", Out::X, &integers(8192), |[mask, base, offset, _]| {
        // As the PTX ISA writes it.
        let (mask, base, offset) = (mask as u32, base as u32 as i32, offset as u32 as i32);
        let bit = |at: i32| (0..32).contains(&at) && mask >> at & 1 != 0;
        if offset == 0 {
            return if bit(base) { base as u64 } else { 0xffff_ffff };
        }
        let (mut at, mut count) = (i64::from(base), i64::from(offset).abs() - 1);
        while (0..32).contains(&at) {
            if bit(at as i32) {
                if count == 0 {
                    return at as u64;
                }
                count -= 1;
            }
            at += if offset > 0 { 1 } else { -1 };
        }
        0xffff_ffff
    });
}

#[test]
fn szext_and_bmsk_follow_the_tables() {
    for (mode, clamp) in [("clamp", true), ("wrap", false)] {
        for signed in [false, true] {
            let ty = if signed { "s32" } else { "u32" };
            check(&format!("szext.{mode}.{ty} %x, %a0, %a1;"), Out::X, &integers(MANY), |[a, b, ..]| {
                let (a, b) = (a as u32, b as u32);
                let length = if clamp { b.min(32) } else { b % 32 };
                let kept = u64::from(a) & ((1u64 << length) - 1);
                let negative = signed && length > 0 && kept >> (length - 1) & 1 != 0;
                u64::from(if negative { kept as u32 | (!0u64 << length) as u32 } else { kept as u32 })
            });
        }
        check(&format!("bmsk.{mode}.b32 %x, %a0, %a1;"), Out::X, &integers(MANY), |[a, b, ..]| {
            let (a, b) = (a as u32, b as u32);
            let (from, length) = if clamp { (a.min(64), b.min(64)) } else { (a % 32, b % 32) };
            (0..32u32).filter(|i| *i >= from && *i < from + length).map(|i| 1u64 << i).sum()
        });
    }
}

#[test]
fn lop3_combines_its_predicate() {
    for (name, combine) in [("and", (|a, b| a && b) as fn(bool, bool) -> bool), ("or", |a, b| a || b), ("xor", |a, b| a != b)] {
        let text = format!("setp.ne.b32 %q, %a3, 5; lop3.{name}.b32 %x|%p, %a0, %a1, %a2, 0x96, %q;");
        check(&text, Out::X, &integers(MANY), |[a, b, c, d]| {
            let (value, other) = ((a ^ b ^ c) as u32, d as u32 != 5);
            u64::from(value) | u64::from(combine(value != 0, other)) << 32 | u64::from(other) << 33
        });
    }
    // The predicate alone, and negated.
    check("setp.eq.b32 %q, %a3, 5; lop3.or.b32 _|%p, %a0, %a1, %a2, 0x80, !%q;", Out::P, &integers(MANY), |[a, b, c, d]| {
        let other = d as u32 != 5;
        u64::from((a & b & c) as u32 != 0 || other) | u64::from(!other) << 1
    });
}

#[test]
fn packed_integers_are_computed_half_by_half() {
    let halves = |f: fn(u16, u16) -> u16| {
        move |[a, b, ..]: [u64; 4]| u64::from(f(a as u16, b as u16)) | u64::from(f((a >> 16) as u16, (b >> 16) as u16)) << 16
    };
    check("add.u16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(u16::wrapping_add));
    check("add.s16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(u16::wrapping_add));
    check("min.u16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(u16::min));
    check("max.u16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(u16::max));
    check("min.s16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(|a, b| (a as i16).min(b as i16) as u16));
    check("max.s16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(|a, b| (a as i16).max(b as i16) as u16));
    check("min.relu.s16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(|a, b| (a as i16).min(b as i16).max(0) as u16));
    check("max.relu.s16x2 %x, %a0, %a1;", Out::X, &integers(MANY), halves(|a, b| (a as i16).max(b as i16).max(0) as u16));
    check("min.relu.s32 %x, %a0, %a1;", Out::X, &integers(MANY), |[a, b, ..]| (a as i32).min(b as i32).max(0) as u64);
}

/// The NaN that results have, for every NaN.
fn canonical(x: f32) -> u32 {
    if x.is_nan() {
        0x7fff_ffff
    } else {
        x.to_bits()
    }
}

fn flush(x: f32) -> f32 {
    if x.is_subnormal() {
        0f32.copysign(x)
    } else {
        x
    }
}

#[test]
fn packed_floats_are_computed_half_by_half() {
    let part = |x: u64, i: u32| f32::from_bits((x >> (32 * i)) as u32);
    let both = |f: &dyn Fn(u32) -> f32| u64::from(canonical(f(0))) | u64::from(canonical(f(1))) << 32;
    let inputs = floats(MANY);
    check("add.f32x2 %y, %d0, %d1;", Out::Y, &inputs, |[a, b, ..]| both(&|i| part(a, i) + part(b, i)));
    check("sub.rn.f32x2 %y, %d0, %d1;", Out::Y, &inputs, |[a, b, ..]| both(&|i| part(a, i) - part(b, i)));
    check("mul.f32x2 %y, %d0, %d1;", Out::Y, &inputs, |[a, b, ..]| both(&|i| part(a, i) * part(b, i)));
    check("fma.rn.f32x2 %y, %d0, %d1, %d2;", Out::Y, &inputs, |[a, b, c, _]| both(&|i| part(a, i).mul_add(part(b, i), part(c, i))));
    check("add.ftz.f32x2 %y, %d0, %d1;", Out::Y, &inputs, |[a, b, ..]| both(&|i| flush(flush(part(a, i)) + flush(part(b, i)))));
    // The destination is also a source.
    check("mov.b64 %y, %d0; mul.f32x2 %y, %y, %y;", Out::Y, &inputs, |[a, ..]| both(&|i| part(a, i) * part(a, i)));
}

/// binary16 to binary32, by its definition.
fn half(bits: u16) -> f32 {
    let sign = if bits & 0x8000 != 0 { -1.0 } else { 1.0 };
    let (exponent, fraction) = (i32::from(bits >> 10 & 31), f32::from(bits & 0x3ff) / 1024.0);
    sign * match exponent {
        0 => fraction * 2f32.powi(-14),
        31 if fraction == 0.0 => f32::INFINITY,
        31 => f32::NAN,
        _ => (1.0 + fraction) * 2f32.powi(exponent - 15),
    }
}

fn bfloat(bits: u16) -> f32 {
    f32::from_bits(u32::from(bits) << 16)
}

#[test]
fn mixed_precision_widens_first() {
    let single = |x: u64| f32::from_bits(x as u32);
    for (ty, wide) in [("f16", half as fn(u16) -> f32), ("bf16", bfloat)] {
        let inputs = floats(MANY);
        check(&format!("add.f32.{ty} %x, %h0, %a1;"), Out::X, &inputs, |[a, b, ..]| canonical(wide(a as u16) + single(b)).into());
        check(&format!("sub.f32.{ty} %x, %h0, %a1;"), Out::X, &inputs, |[a, b, ..]| canonical(wide(a as u16) - single(b)).into());
        check(&format!("fma.rn.f32.{ty} %x, %h0, %h1, %a2;"), Out::X, &inputs, |[a, b, c, _]| {
            canonical(wide(a as u16).mul_add(wide(b as u16), single(c))).into()
        });
    }
}

/// min or max as IEEE 754-2019 has it for numbers: a NaN loses, and -0 is below +0.
fn extreme(a: f32, b: f32, larger: bool) -> f32 {
    match (a.is_nan(), b.is_nan()) {
        (true, _) => b,
        (_, true) => a,
        _ if (a.to_bits() == b.to_bits() || a == b) && a.is_sign_negative() == larger => b,
        _ if a == b => a,
        _ if (a < b) != larger => a,
        _ => b,
    }
}

#[test]
fn extremes_of_three() {
    let single = |x: u64| f32::from_bits(x as u32);
    for (name, larger) in [("min", false), ("max", true)] {
        let three = |[a, b, c, _]: [u64; 4]| [single(a), single(b), single(c)];
        let of = |[a, b, c]: [f32; 3]| extreme(extreme(a, b, larger), c, larger);
        check(&format!("{name}.f32 %x, %a0, %a1, %a2;"), Out::X, &floats(MANY), |t| canonical(of(three(t))).into());
        check(&format!("{name}.NaN.f32 %x, %a0, %a1, %a2;"), Out::X, &floats(MANY), |t| {
            let numbers = three(t);
            u64::from(if numbers.iter().any(|x| x.is_nan()) { 0x7fff_ffff } else { canonical(of(numbers)) })
        });
        check(&format!("{name}.abs.f32 %x, %a0, %a1, %a2;"), Out::X, &floats(MANY), |t| canonical(of(three(t).map(f32::abs))).into());
    }
}

#[test]
fn packed_comparisons_give_both_halves() {
    let inputs = floats(MANY);
    let tests = |a: u64, b: u64| {
        let of = |i: u32| half((a >> (16 * i)) as u16) < half((b >> (16 * i)) as u16);
        [of(0), of(1)]
    };
    check("setp.lt.f16x2 %p|%q, %a0, %a1;", Out::P, &inputs, |[a, b, ..]| {
        let [low, high] = tests(a, b);
        u64::from(low) | u64::from(high) << 1
    });
    check("setp.ne.b32 %p, %a2, 1; setp.lt.xor.f16x2 %p|%q, %a0, %a1, %p;", Out::P, &inputs, |[a, b, c, _]| {
        let other = c as u32 != 1;
        let [low, high] = tests(a, b).map(|t| t != other);
        u64::from(low) | u64::from(high) << 1
    });
    let set = |one: u64| {
        move |[a, b, ..]: [u64; 4]| {
            let [low, high] = tests(a, b);
            (if low { one } else { 0 }) | (if high { one << 16 } else { 0 })
        }
    };
    check("set.lt.f16x2.f16x2 %x, %a0, %a1;", Out::X, &inputs, set(0x3c00));
    check("set.lt.u32.f16x2 %x, %a0, %a1;", Out::X, &inputs, set(0xffff));
    check("set.geu.bf16x2.bf16x2 %x, %a0, %a1;", Out::X, &inputs, |[a, b, ..]| {
        let of = |i: u32| {
            let (a, b) = (bfloat((a >> (16 * i)) as u16), bfloat((b >> (16 * i)) as u16));
            a >= b || a.is_nan() || b.is_nan()
        };
        (if of(0) { 0x3f80 } else { 0 }) | (if of(1) { 0x3f80 << 16 } else { 0 })
    });
}

/// The 8-bit float nearest to a number, found among all of them; what is too large becomes the largest.
fn eight(x: f32, e5: bool) -> u64 {
    let value = |bits: u64| {
        let (fraction_bits, bias) = if e5 { (2, 15) } else { (3, 7) };
        let exponent = (bits >> fraction_bits) as i32;
        let fraction = (bits & ((1 << fraction_bits) - 1)) as f64 / (1 << fraction_bits) as f64;
        if exponent == 0 {
            fraction * 2f64.powi(1 - bias)
        } else {
            (1.0 + fraction) * 2f64.powi(exponent - bias)
        }
    };
    if x.is_nan() {
        return 0x7f;
    }
    let finite = 0..if e5 { 0x7c } else { 0x7f };
    let x64 = f64::from(x.abs()).min(1e9);
    let near = |bits: u64| (value(bits) - x64).abs();
    let best = finite.min_by(|a, b| near(*a).total_cmp(&near(*b)).then((a & 1).cmp(&(b & 1)))).unwrap();
    best | u64::from(x.is_sign_negative()) << 7
}

#[test]
fn eight_bit_floats_convert_both_ways() {
    let single = |x: u64| f32::from_bits(x as u32);
    for (name, e5) in [("e4m3x2", false), ("e5m2x2", true)] {
        let inputs = floats(MANY);
        check(&format!("cvt.rn.satfinite.{name}.f32 %z, %a0, %a1;"), Out::Z, &inputs, |[a, b, ..]| {
            eight(single(a), e5) << 8 | eight(single(b), e5)
        });
        check(&format!("cvt.rn.satfinite.relu.{name}.f32 %z, %a0, %a1;"), Out::Z, &inputs, |[a, b, ..]| {
            let relu = |x: f32| if x <= 0.0 { 0 } else { eight(x, e5) };
            relu(single(a)) << 8 | relu(single(b))
        });
        check(&format!("cvt.rn.satfinite.{name}.f16x2 %z, %a0;"), Out::Z, &inputs, |[a, ..]| {
            eight(half((a >> 16) as u16), e5) << 8 | eight(half(a as u16), e5)
        });
        // Back again, all of them: what a number becomes is the number.
        let all: Vec<[u64; 4]> = (0..0x1_0000).step_by(7).map(|i| [i, 0, 0, 0]).collect();
        check(&format!("cvt.rn.f16x2.{name} %x, %h0; cvt.rn.satfinite.{name}.f16x2 %z, %x;"), Out::Z, &all, |[a, ..]| {
            let finite = |x: u64| match (e5, x & 0x7f) {
                (true, 0x7c) => x - 1,
                (true, 0x7d..) | (false, 0x7f) => 0x7f,
                _ => x,
            };
            finite(a >> 8) << 8 | finite(a & 0xff)
        });
    }
    let known = [[0x7ec0, 0, 0, 0], [0xb801, 0, 0, 0]];
    check("cvt.rn.f16x2.e4m3x2 %x, %h0;", Out::X, &known, |[a, ..]| if a == 0x7ec0 { 0x5f00_c000 } else { 0xbc00_1800 });
}

#[test]
fn narrow_conversions_saturate_to_finite_numbers() {
    let single = |x: u64| f32::from_bits(x as u32);
    let inputs = floats(MANY);
    // The upper half of the binary32, rounded to even.
    let bf16 = |x: f32| {
        let bits = x.to_bits();
        let rounded = bits.wrapping_add(0x7fff + (bits >> 16 & 1)) >> 16;
        match rounded & 0x7fff {
            _ if x.is_nan() => 0x7fff,
            0x7f80 => rounded - 1,
            _ => rounded,
        }
    };
    check("cvt.rn.satfinite.bf16.f32 %z, %a0;", Out::Z, &inputs, |[a, ..]| bf16(single(a)).into());
    check("cvt.rn.satfinite.bf16x2.f32 %x, %a0, %a1;", Out::X, &inputs, |[a, b, ..]| {
        u64::from(bf16(single(a))) << 16 | u64::from(bf16(single(b)))
    });
    let tf32 = |x: f32, away: bool, finite: bool| {
        let bits = x.to_bits();
        let rounded = if away { bits.wrapping_add(0x1000) & !0x1fff } else { bits & !0x1fff };
        match rounded & 0x7fff_ffff {
            _ if x.is_nan() => 0x7fff_ffff,
            0x7f80_0000 if finite => rounded - 0x2000,
            _ => rounded,
        }
    };
    check("cvt.rna.tf32.f32 %x, %a0;", Out::X, &inputs, |[a, ..]| tf32(single(a), true, false).into());
    check("cvt.rna.satfinite.tf32.f32 %x, %a0;", Out::X, &inputs, |[a, ..]| tf32(single(a), true, true).into());
    check("cvt.rz.tf32.f32 %x, %a0;", Out::X, &inputs, |[a, ..]| tf32(single(a), false, false).into());
}

#[test]
fn nan_to_integer_depends_on_the_widths() {
    let nan = [[0x7ff8_0000_7fc0_7e00, 0, 0, 0], [0xfff8_0000_ffc0_fe00, 0, 0, 0]];
    check("cvt.rzi.s32.f32 %x, %a0;", Out::X, &nan, |_| 0);
    check("cvt.rni.u32.f16 %x, %h0;", Out::X, &nan, |_| 0);
    check("cvt.rzi.s32.f64 %x, %d0;", Out::X, &nan, |_| 0x8000_0000);
    check("cvt.rzi.u32.f64 %x, %d0;", Out::X, &nan, |_| 0x8000_0000);
    check("cvt.rzi.s64.f32 %y, %a0;", Out::Y, &nan, |_| 1 << 63);
    check("cvt.rzi.u64.f64 %y, %d0;", Out::Y, &nan, |_| 1 << 63);
    check("cvt.rzi.s16.f64 %z, %d0;", Out::Z, &nan, |_| 0x8000);
}

#[test]
fn cvt_pack_clamps_and_packs() {
    let inputs = integers(MANY);
    let clamp = |x: u64, low: i32, high: i32| (x as u32 as i32).clamp(low, high) as u64;
    check("cvt.pack.sat.u16.s32 %x, %a0, %a1;", Out::X, &inputs, |[a, b, ..]| clamp(a, 0, 0xffff) << 16 | clamp(b, 0, 0xffff));
    check("cvt.pack.sat.s16.s32 %x, %a0, %a1;", Out::X, &inputs, |[a, b, ..]| {
        (clamp(a, -0x8000, 0x7fff) & 0xffff) << 16 | clamp(b, -0x8000, 0x7fff) & 0xffff
    });
    check("cvt.pack.sat.s8.s32.b32 %x, %a0, %a1, %a2;", Out::X, &inputs, |[a, b, c, _]| {
        (c & 0xffff) << 16 | (clamp(a, -128, 127) & 0xff) << 8 | clamp(b, -128, 127) & 0xff
    });
    check("cvt.pack.sat.u4.s32.b32 %x, %a0, %a1, %a2;", Out::X, &inputs, |[a, b, c, _]| {
        (c & 0xff_ffff) << 8 | clamp(a, 0, 15) << 4 | clamp(b, 0, 15)
    });
}

#[test]
fn flushed_exponentials_and_reciprocals() {
    // 2^-130 is subnormal in bf16.
    let inputs = [[0xc302_c302, 0, 0, 0], [0x4000_bf80, 0, 0, 0]];
    check("ex2.approx.ftz.bf16x2 %x, %a0;", Out::X, &inputs, |[a, ..]| if a == 0xc302_c302 { 0 } else { 0x4080_3f00 });
    check("ex2.approx.ftz.bf16 %z, %h0;", Out::Z, &inputs, |[a, ..]| if a == 0xc302_c302 { 0 } else { 0x3f00 });
    let subnormal = [[1, 0, 0, 0], [0x8000_0000_0000_0001, 0, 0, 0], [0x7fe0_0000_0000_0000, 0, 0, 0], [0x4000_0000_0000_0000, 0, 0, 0]];
    check("rcp.approx.ftz.f64 %y, %d0;", Out::Y, &subnormal, |[a, ..]| match a {
        1 => f64::INFINITY.to_bits(),
        0x8000_0000_0000_0001 => f64::NEG_INFINITY.to_bits(),
        0x7fe0_0000_0000_0000 => 0,
        _ => 0.5f64.to_bits(),
    });
}

#[test]
fn redux_of_floats_is_an_extreme_of_the_warp() {
    let inputs = floats(256);
    for (name, larger) in [("min", false), ("max", true)] {
        for (modifier, abs, nan) in [("", false, false), (".abs", true, false), (".NaN", false, true), (".abs.NaN", true, true)] {
            let text = format!("redux.sync.{name}{modifier}.f32 %x, %a0, -1;");
            let got = outputs(&text, Out::X, &inputs);
            for (warp, results) in inputs.chunks(32).zip(got.chunks(32)) {
                let numbers: Vec<f32> = warp.iter().map(|t| f32::from_bits(t[0] as u32)).map(|x| if abs { x.abs() } else { x }).collect();
                let found = numbers.iter().copied().reduce(|a, b| extreme(a, b, larger)).unwrap();
                let want = if nan && numbers.iter().any(|x| x.is_nan()) { 0x7fff_ffff } else { canonical(found) };
                assert!(results.iter().all(|r| *r == u64::from(want)), "{text}: {:#x} instead of {want:#x}", results[0]);
            }
        }
    }
    // Only NaNs.
    let nans = vec![[0xffc0_0000; 4]; 32];
    check("redux.sync.min.f32 %x, %a0, -1;", Out::X, &nans, |_| 0x7fff_ffff);
    check("redux.sync.max.f32 %x, %a0, -1;", Out::X, &nans, |_| 0x7fff_ffff);
}

#[test]
fn wide_registers_and_vector_registers_move_whole() {
    let inputs = integers(64);
    let text = ".reg .b128 %w, %v; .local .align 16 .b8 at[32]; mov.b128 %w, {%d0, %d1}; st.local.b128 [at+16], %w;
        ld.local.b128 %v, [at+16]; mov.b128 {%d2, %d3}, %v; xor.b64 %y, %d2, %d3;";
    check(text, Out::Y, &inputs, |[a, b, ..]| a ^ b);
    let text = ".reg .v4 .b32 %v; .local .align 16 .b8 at[16]; st.local.v2.b64 [at], {%d0, %d1}; ld.local.v4.b32 %v, [at];
        st.local.v4.b32 [at], %v; add.u32 %x, %v.y, %v.a; ld.local.b32 %a0, [at+4]; sub.u32 %x, %x, %a0; add.u32 %x, %x, %v.r;";
    check(text, Out::X, &inputs, |[a, b, ..]| u64::from(((b >> 32) as u32).wrapping_add(a as u32)));
    let text = ".reg .v2 .b32 %v; mov.b64 %v, %d0; mov.b64 %y, {%v.y, %v.x}; .reg .v4 .b32 %u; mov.v4.u32 %u, %tid;
        cvt.u64.u32 %d1, %u.w; add.u64 %y, %y, %d1; mov.b64 %v, %y; mov.b64 %y, %v;";
    check(text, Out::Y, &inputs, |[a, ..]| a.rotate_left(32));
}

#[test]
fn elements_of_arrays_are_addresses() {
    let text = ".shared .u32 w[4]; st.shared.u32 w[3-1], %a0; ld.shared.u32 %x, w[2]; mov.u32 %a1, w[2]; ld.shared.u32 %a2, [%a1];
        setp.eq.u32 %p, %a2, %x;";
    check(text, Out::X, &[[5, 0, 0, 0]], |_| 5 | 1 << 32);
}

#[test]
fn memory_from_the_stack_is_given_back() {
    let inputs = integers(96);
    // As much as the thread says: the second piece lies behind the first, and where the first began again after that.
    let text = "and.b64 %d1, %d0, 63; stacksave.u64 %y; alloca.u64 %d2, %d1, 16; alloca.u64 %d3, 32; st.local.b64 [%d3+24], %d0;
        sub.u64 %in, %d3, %d2; stackrestore.u64 %y; alloca.u32 %a0, 8; cvt.u64.u32 %o, %a0; sub.u64 %o, %o, %y;
        ld.local.b64 %y, [%d3+24]; xor.b64 %y, %y, %d0; add.u64 %y, %y, %in; shl.b64 %o, %o, 32; or.b64 %y, %y, %o;";
    check(text, Out::Y, &inputs, |[a, ..]| (a & 63).next_multiple_of(8));
    // A function that is expanded several times over takes no more than once.
    let text = ".reg .b32 %n; mov.b32 %n, 0; again: call (%y), taker, (%d0); xor.b64 %y, %y, %d0; add.u32 %n, %n, 1;
        setp.lt.u32 %p, %n, 100; @%p bra again; setp.eq.u32 %p, %n, 0;";
    let taker = ".func (.reg .b64 %r) taker (.reg .b64 %v) { .reg .b64 %p; alloca.u64 %p, 4096; st.local.b64 [%p+4088], %v;
        ld.local.b64 %r, [%p+4088]; ret; }\n.visible .entry";
    let ptx = kernel(text, Out::Y).replace(".visible .entry", taker);
    assert!(run(&ptx, text, &inputs).is_ok_and(|values| values.iter().all(|v| *v == 0)));
    // More than there is stops the kernel.
    let ptx = kernel("alloca.u64 %y, 16384; alloca.u64 %y, 1;", Out::Y);
    let fault = run(&ptx, "alloca", &inputs[..1]).unwrap_err();
    assert!(fault.starts_with(&format!("fault kind {}:", ix_hw::fault::kind::TRAP)), "{fault}");
}

#[test]
fn cp_async_may_ignore_its_source() {
    let text = ".shared .align 16 .b8 sh[16]; mov.b32 %x, 0x77; st.shared.b32 [sh], %x; setp.eq.b32 %p, %a0, 5;
        cp.async.ca.shared.global [sh], [%in], 4, !%p; cp.async.wait_all; ld.shared.b32 %x, [sh];";
    check(text, Out::X, &[[5, 0, 0, 0]], |_| 5 | 1 << 32);
    check(text, Out::X, &[[6, 0, 0, 0]], |_| 0);
}

#[test]
fn vector_atomics_act_on_each_element() {
    let inputs = integers(1);
    let text = "mov.b32 %x, 0x3f800000; st.global.v4.b32 [%in], {%x, %x, %x, %x}; mov.b32 %a3, 0x3c003c00;
        .reg .f32 %f<8>; mov.f32 %f0, 0f40000000; mov.f32 %f1, 0f40400000;
        atom.global.v2.f32.add {%f0, %f2}, [%in+8], {%f0, %f1};
        red.global.add.noftz.v2.f16x2 [%in], {%a3, %a3}; ld.global.v2.b32 {%a0, %a1}, [%in]; setp.eq.b32 %p, %a0, 0x41c03c00;
        setp.eq.b32 %q, %a1, 0x41c03c00;
        add.f32 %f2, %f0, %f2; ld.global.v2.f32 {%f4, %f5}, [%in+8]; add.f32 %f4, %f4, %f5; mul.f32 %x, %f2, %f4;";
    // (1 + 1) * ((1 + 2) + (1 + 3)); and 1.875 + 1.0 of binary16, twice.
    check(text, Out::X, &inputs, |_| u64::from(14f32.to_bits()) | 3 << 32);
}

#[test]
fn clusters_have_one_block() {
    let inputs = integers(32);
    let text = "mov.u32 %x, %cluster_nctarank; mov.u32 %a0, %cluster_ctarank; add.u32 %x, %x, %a0; mov.u32 %a0, %nclusterid.x;
        add.u32 %x, %x, %a0; mov.u32 %a0, %cluster_nctaid.z; add.u32 %x, %x, %a0; mov.pred %p, %is_explicit_cluster;
        .shared .b32 word; mov.u32 %a0, word; mapa.shared::cluster.u32 %a1, %a0, 0; setp.eq.u32 %q, %a0, %a1;
        getctarank.shared::cluster.u32 %a2, %a1; add.u32 %x, %x, %a2; fence.acq_rel.cluster; fence.proxy.alias;
        discard.global.L2 [%in], 128; applypriority.global.L2::evict_normal [%in], 128;
        createpolicy.fractional.L2::evict_last.L2::evict_unchanged.b64 %d0, 0.5; createpolicy.cvt.L2.b64 %d1, %d0;
        ld.global.L1::no_allocate.L2::cache_hint.L2::128B.b32 %a3, [%in], %d0; griddepcontrol.wait;";
    check(text, Out::X, &inputs, |_| 3 | 1 << 33);
}
