// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Every shape and type of `mma`, `wmma`, `ldmatrix`, `stmatrix` and `movmatrix`, once each.
//!
//! A test writes a kernel for the form, puts the matrices' elements where the PTX ISA says that fragments or memory have
//! them, and compares with a product computed element by element in integers. Floats are small multiples of 1/2, so
//! that all sums are exact whatever their order; order and rounding are the business of the instruction-level suite.

use crate::machine::{Machine, Params, Shape};
use ix_compiler::{compile, Level, Options};
use std::fmt::Write as _;

/// A type of elements.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ty {
    F16,
    Bf16,
    Tf32,
    F32,
    F64,
    E4m3,
    E5m2,
    U8,
    S8,
    U4,
    S4,
    B1,
    S32,
}
use Ty::*;

impl Ty {
    fn name(self) -> String {
        format!("{self:?}").to_lowercase()
    }
    fn bits(self) -> usize {
        match self {
            F64 => 64,
            F32 | Tf32 | S32 => 32,
            F16 | Bf16 => 16,
            E4m3 | E5m2 | U8 | S8 => 8,
            U4 | S4 => 4,
            B1 => 1,
        }
    }
    /// Bits of a register of a fragment.
    fn register(self) -> usize {
        if self == F64 {
            64
        } else {
            32
        }
    }
    fn is_float(self) -> bool {
        matches!(self, F16 | Bf16 | Tf32 | F32 | F64 | E4m3 | E5m2)
    }
    /// The number: for floats in halves.
    fn encode(self, value: i64) -> u64 {
        let x = value as f64 / 2.0;
        match self {
            F64 => x.to_bits(),
            F32 | Tf32 => (x as f32).to_bits().into(),
            Bf16 => ((x as f32).to_bits() >> 16).into(),
            F16 | E4m3 | E5m2 => {
                let (fraction, bias) = match self {
                    F16 => (10, 15),
                    E4m3 => (3, 7),
                    _ => (2, 15),
                };
                let sign = u64::from(x < 0.0) << (self.bits() - 1);
                let bits = x.abs().to_bits();
                if x == 0.0 {
                    return 0;
                }
                let dropped = bits & ((1 << (52 - fraction)) - 1);
                assert_eq!(dropped, 0, "{x} is no {self:?}");
                sign | ((bits >> 52) + bias - 1023) << fraction | (bits >> (52 - fraction) & ((1 << fraction) - 1))
            }
            _ => value as u64 & (u64::MAX >> (64 - self.bits())),
        }
    }
    /// A number that the type has.
    fn random(self, r: &mut Random) -> i64 {
        match self {
            F16 | Bf16 | Tf32 | F32 | F64 | E4m3 | E5m2 => r.below(9) as i64 - 4,
            U8 => r.below(256) as i64,
            S8 => r.below(256) as i64 - 128,
            U4 => r.below(16) as i64,
            S4 => r.below(16) as i64 - 8,
            B1 => r.below(2) as i64,
            S32 => r.below(1 << 32) as u32 as i32 as i64,
        }
    }
}

struct Random(u64);
impl Random {
    fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 31) % n
    }
}

/// A matrix of numbers, row by row.
#[derive(Clone, PartialEq, Eq)]
struct Matrix {
    columns: usize,
    numbers: Vec<i64>,
}
impl Matrix {
    fn random(rows: usize, columns: usize, ty: Ty, r: &mut Random) -> Matrix {
        Matrix { columns, numbers: (0..rows * columns).map(|_| ty.random(r)).collect() }
    }
    fn at(&self, row: usize, column: usize) -> i64 {
        self.numbers[row * self.columns + column]
    }
    fn rows(&self) -> usize {
        self.numbers.len() / self.columns
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Op {
    Plain,
    Sat,
    Xor,
    And,
}

/// A * B + C; of floats in halves of halves, brought back to halves.
fn product(a: &Matrix, b: &Matrix, c: &Matrix, d: Ty, op: Op) -> Matrix {
    let numbers = (0..c.rows() * c.columns).map(|i| {
        let (row, column) = (i / c.columns, i % c.columns);
        let pairs = (0..a.columns).map(|k| (a.at(row, k), b.at(k, column)));
        let sum: i64 = match op {
            Op::Xor => pairs.map(|(x, y)| x ^ y).sum(),
            Op::And => pairs.map(|(x, y)| x & y).sum(),
            _ => pairs.map(|(x, y)| x * y).sum(),
        };
        if d.is_float() {
            // All sums of products are quarters: A's numbers are doubled by the caller to make them halves.
            assert_eq!(sum % 2, 0);
            return sum / 2 + c.at(row, column);
        }
        let sum = sum + c.at(row, column);
        match op {
            Op::Sat => sum.clamp(i32::MIN.into(), i32::MAX.into()),
            _ => sum as i32 as i64,
        }
    });
    Matrix { columns: c.columns, numbers: numbers.collect() }
}

/// Elements of a fragment, (row, column) of each in lanes 0 to 31.
type Layout<'f> = &'f dyn Fn(usize, usize) -> (usize, usize);

fn pack(elements: impl Iterator<Item = u64>, bits: usize) -> Vec<u8> {
    let mut bytes = vec![];
    let (mut word, mut filled) = (0u64, 0);
    for e in elements {
        word |= e << filled;
        filled += bits;
        if filled >= 8 {
            bytes.extend(&word.to_le_bytes()[..filled / 8]);
            (word, filled) = (0, 0);
        }
    }
    bytes
}

/// The registers of a fragment, lane by lane.
fn fragment(m: &Matrix, ty: Ty, count: usize, layout: Layout) -> Vec<u8> {
    let elements = (0..32).flat_map(|lane| (0..count).map(move |i| (lane, i)));
    pack(
        elements.map(|(lane, i)| {
            let (row, column) = layout(lane, i);
            ty.encode(m.at(row, column))
        }),
        ty.bits(),
    )
}

fn declare(text: &mut String, name: char, registers: usize, ty: Ty) -> String {
    let kind = if ty.register() == 64 { "f64" } else { "b32" };
    let _ = writeln!(text, ".reg .{kind} %{name}<{registers}>;");
    let list: Vec<String> = (0..registers).map(|i| format!("%{name}{i}")).collect();
    format!("{{{}}}", list.join(","))
}

const HEAD: &str = ".version 8.0\n.target sm_90\n.address_size 64\n";

/// A kernel that does `instruction` on fragments: operands D, A, B, C in place of `$`.
fn fragment_kernel(instruction: &str, registers: [(usize, Ty); 4]) -> String {
    let mut text = format!("{HEAD}.visible .entry k(.param .u64 pa, .param .u64 pb, .param .u64 pc, .param .u64 pd)\n{{\n");
    text += ".reg .b64 %p<4>; .reg .b64 %at; .reg .b32 %lane;\nmov.u32 %lane, %laneid;\n";
    let order = [(1, 'a'), (2, 'b'), (3, 'c'), (0, 'd')];
    let mut operands = [const { String::new() }; 4];
    for (n, (place, name)) in order.into_iter().enumerate() {
        let (count, ty) = registers[place];
        operands[place] = declare(&mut text, name, count, ty);
        let bytes = ty.register() / 8;
        let _ = writeln!(text, "ld.param.u64 %at, [p{name}]; mad.wide.u32 %p{n}, %lane, {}, %at;", bytes * count);
        if place != 0 {
            for i in 0..count {
                let _ = writeln!(text, "ld.global.b{} %{name}{i}, [%p{n}+{}];", bytes * 8, bytes * i);
            }
        }
    }
    let _ = writeln!(text, "{instruction} {};", operands.join(", "));
    for i in 0..registers[0].0 {
        let bytes = registers[0].1.register() / 8;
        let _ = writeln!(text, "st.global.b{} [%p3+{}], %d{i};", bytes * 8, bytes * i);
    }
    text + "ret;\n}\n"
}

/// Runs kernel `k`, compiled at each level, with these buffers and then one for the result, of this size; gives the result.
fn run(text: &str, inputs: &[&[u8]], size: usize, dynamic_shared: u32) -> Vec<u8> {
    let [simple, optimised] = [Level::O0, Level::O2].map(|level| {
        let options = Options { level, ..Options::default() };
        let module = compile(text, &options).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let mut machine = Machine::new();
        let mut params = Params::default();
        for input in inputs {
            params.push(&machine.buffer(input).to_le_bytes());
        }
        let out = machine.buffer(&vec![0xcc; size]);
        params.push(&out.to_le_bytes());
        machine.load(&module);
        let shape = Shape { dynamic_shared, ..Shape::linear(1, 32) };
        machine.run(&module, "k", shape, &params.0).unwrap_or_else(|e| panic!("{e}\n{text}"));
        machine.read(out, size)
    });
    assert!(simple == optimised, "{text}\n{simple:x?}\nat level 0, but at level 2\n{optimised:x?}");
    optimised
}

/// Matrices of which the products of rows and columns are whole halves.
fn matrices([m, n, k]: [usize; 3], [a, b, c]: [Ty; 3], r: &mut Random) -> (Matrix, Matrix, Matrix) {
    let mut left = Matrix::random(m, k, a, r);
    if a.is_float() {
        left.numbers.iter_mut().for_each(|x| *x = *x / 2 * 2);
    }
    (left, Matrix::random(k, n, b, r), Matrix::random(m, n, c, r))
}

/// An `mma` with fragments in the standard layouts: `op` is what stands behind the types.
fn mma(shape: [usize; 3], [d, a, b, c]: [Ty; 4], suffix: &str, op: Op) {
    let [m, n, k] = shape;
    let name = format!("mma.sync.aligned.m{m}n{n}k{k}.row.col.{}.{}.{}.{}{suffix}", d.name(), a.name(), b.name(), c.name());
    let mut r = Random(name.len() as u64 + k as u64);
    let (left, right, old) = matrices(shape, [a, b, c], &mut r);
    // PTX ISA, "Matrix Fragments for mma": registers of A alternate between rows g and g + 8.
    let per_register = a.register() / a.bits();
    let tiles = m / 8;
    let of_a = |lane: usize, i: usize| {
        let (register, within) = (i / per_register, i % per_register);
        let column = lane % 4 * per_register + within + register / tiles * 4 * per_register;
        (lane / 4 + 8 * (register % tiles), column)
    };
    let of_b = |lane: usize, i: usize| {
        let (register, within) = (i / per_register, i % per_register);
        (lane % 4 * per_register + within + register * 4 * per_register, lane / 4)
    };
    let of_c = |lane: usize, i: usize| (lane / 4 + 8 * (i / 2), lane % 4 * 2 + i % 2);
    let [count_a, count_b, count_c] = [m * k / 32, n * k / 32, m * n / 32];
    let registers = |count: usize, ty: Ty| (count * ty.bits() / ty.register(), ty);
    let text = fragment_kernel(&name, [registers(count_c, d), registers(count_a, a), registers(count_b, b), registers(count_c, c)]);
    let inputs = [fragment(&left, a, count_a, &of_a), fragment(&right, b, count_b, &of_b), fragment(&old, c, count_c, &of_c)];
    let want = fragment(&product(&left, &right, &old, d, op), d, count_c, &of_c);
    let got = run(&text, &[&inputs[0], &inputs[1], &inputs[2]], want.len(), 0);
    assert!(got == want, "{name}:\n{got:x?}\ninstead of\n{want:x?}");
}

#[test]
fn mma_of_floats() {
    for k in [8, 16] {
        for (d, c) in [(F32, F32), (F16, F16), (F32, F16), (F16, F32)] {
            mma([16, 8, k], [d, F16, F16, c], "", Op::Plain);
        }
        mma([16, 8, k], [F32, Bf16, Bf16, F32], "", Op::Plain);
    }
    for k in [4, 8] {
        mma([16, 8, k], [F32, Tf32, Tf32, F32], "", Op::Plain);
    }
    for k in [16, 32] {
        for (a, b) in [(E4m3, E4m3), (E4m3, E5m2), (E5m2, E4m3), (E5m2, E5m2)] {
            mma([16, 8, k], [F32, a, b, F32], "", Op::Plain);
            mma([16, 8, k], [F16, a, b, F16], "", Op::Plain);
        }
    }
    for shape in [[8, 8, 4], [16, 8, 4], [16, 8, 8], [16, 8, 16]] {
        mma(shape, [F64; 4], "", Op::Plain);
        mma(shape, [F64; 4], ".rz", Op::Plain);
    }
}

#[test]
fn mma_of_integers() {
    for (types, shapes) in [([U8, S8], [[8, 8, 16], [16, 8, 16], [16, 8, 32]]), ([U4, S4], [[8, 8, 32], [16, 8, 32], [16, 8, 64]])] {
        for shape in shapes {
            for a in types {
                for b in types {
                    mma(shape, [S32, a, b, S32], "", Op::Plain);
                    mma(shape, [S32, a, b, S32], ".satfinite", Op::Sat);
                }
            }
        }
    }
    for shape in [[8, 8, 128], [16, 8, 128], [16, 8, 256]] {
        mma(shape, [S32, B1, B1, S32], ".xor.popc", Op::Xor);
        mma(shape, [S32, B1, B1, S32], ".and.popc", Op::And);
    }
}

#[test]
fn mma_of_f64_rounds_as_it_says() {
    // 1 + 2^-60 in every element.
    for (mode, want) in [("", 1.0f64), (".rn", 1.0), (".rz", 1.0), (".rm", 1.0), (".rp", 1.0f64.next_up())] {
        let name = format!("mma.sync.aligned.m8n8k4.row.col{mode}.f64.f64.f64.f64");
        let text = fragment_kernel(&name, [(2, F64), (1, F64), (1, F64), (2, F64)]);
        let small: Vec<u8> = (0..32).flat_map(|lane| (if lane % 4 == 0 { 2f64.powi(-30) } else { 0.0 }).to_le_bytes()).collect();
        let one: Vec<u8> = (0..64).flat_map(|_| 1f64.to_le_bytes()).collect();
        let got = run(&text, &[&small, &small, &one], 512, 0);
        assert!(got.chunks(8).all(|x| x == want.to_le_bytes()), "{mode}: {got:x?}");
    }
}

/// `mma.m8n8k4` of f16: four products by octets of lanes (PTX ISA, "Matrix Fragments for mma.m8n8k4 with .f16").
#[test]
fn mma_of_octets() {
    for (d, c) in [(F32, F32), (F16, F16), (F32, F16)] {
        for a_row in [true, false] {
            for b_row in [true, false] {
                let layout = |row: bool| if row { "row" } else { "col" };
                let name = format!("mma.sync.aligned.m8n8k4.{}.{}.{}.f16.f16.{}", layout(a_row), layout(b_row), d.name(), c.name());
                let mut r = Random(7);
                // The four products one below the other.
                let all: Vec<_> = (0..4).map(|_| matrices([8, 8, 4], [F16, F16, c], &mut r)).collect();
                let upper = |lane: usize| lane / 16 * 4;
                let of_a = |lane: usize, i: usize| if a_row { (lane % 4 + upper(lane), i) } else { (i + upper(lane), lane % 4) };
                let of_b = |lane: usize, i: usize| if b_row { (lane % 4, i + upper(lane)) } else { (i, lane % 4 + upper(lane)) };
                let of_c = |ty: Ty, lane: usize, i: usize| match ty {
                    F16 => (lane % 4 + upper(lane), i),
                    _ => ((lane & 1) + (i & 2) + upper(lane), (i & 4) + (lane & 2) + (i & 1)),
                };
                let gather = |ty: Ty, count: usize, get: &dyn Fn(usize, usize) -> i64| {
                    let elements = (0..32).flat_map(|lane| (0..count).map(move |i| (lane, i)));
                    pack(elements.map(|(lane, i)| ty.encode(get(lane, i))), ty.bits())
                };
                let octet = |lane: usize| lane / 4 % 4;
                let a = gather(F16, 4, &|lane, i| all[octet(lane)].0.at(of_a(lane, i).0, of_a(lane, i).1));
                let b = gather(F16, 4, &|lane, i| all[octet(lane)].1.at(of_b(lane, i).0, of_b(lane, i).1));
                let old = gather(c, 8, &|lane, i| all[octet(lane)].2.at(of_c(c, lane, i).0, of_c(c, lane, i).1));
                let products: Vec<_> = all.iter().map(|(a, b, c)| product(a, b, c, d, Op::Plain)).collect();
                let want = gather(d, 8, &|lane, i| products[octet(lane)].at(of_c(d, lane, i).0, of_c(d, lane, i).1));
                let registers = |ty: Ty| (8 * ty.bits() / 32, ty);
                let text = fragment_kernel(&name, [registers(d), (2, F16), (2, F16), registers(c)]);
                let got = run(&text, &[&a, &b, &old], want.len(), 0);
                assert!(got == want, "{name}:\n{got:x?}\ninstead of\n{want:x?}");
            }
        }
    }
}

/// How a kernel reaches a matrix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Global,
    GlobalPacked,
    Generic,
    Shared,
}

/// A matrix in memory: lines of `stride` elements, rows if `row`.
fn memory(m: &Matrix, ty: Ty, row: bool, stride: usize) -> Vec<u8> {
    let (lines, length) = if row { (m.rows(), m.columns) } else { (m.columns, m.rows()) };
    let at = |line: usize, place: usize| match place {
        _ if place >= length => 0,
        _ if row => ty.encode(m.at(line, place)),
        _ => ty.encode(m.at(place, line)),
    };
    pack((0..lines).flat_map(|line| (0..stride).map(move |place| at(line, place))), ty.bits())
}

fn wmma(shape: [usize; 3], [d, a, b, c]: [Ty; 4], rows: [bool; 3], way: Way, suffix: &str, op: Op) {
    let [m, n, k] = shape;
    let (left, right, old) = matrices(shape, [a, b, c], &mut Random((m * 3 + k) as u64));
    let want = product(&left, &right, &old, d, op);
    let name = |row: bool| if row { "row" } else { "col" };
    let dims = format!("m{m}n{n}k{k}");
    let space = match way {
        Way::Global | Way::GlobalPacked => ".global",
        Way::Generic => "",
        Way::Shared => ".shared",
    };
    // A line has 16 bytes more than it needs, unless no stride is given.
    let stride = |ty: Ty, row: bool, rows: usize, columns: usize| {
        let length = if row { columns } else { rows };
        if way == Way::GlobalPacked {
            length
        } else {
            length + 128 / ty.bits()
        }
    };
    let strides = [stride(a, rows[0], m, k), stride(b, rows[1], k, n), stride(c, rows[2], m, n), stride(d, rows[2], m, n)];
    let buffers = [
        memory(&left, a, rows[0], strides[0]),
        memory(&right, b, rows[1], strides[1]),
        memory(&old, c, rows[2], strides[2]),
        memory(&want, d, rows[2], strides[3]),
    ];
    let count = |ty: Ty, elements: usize| if ty == F16 { 8 } else { elements * ty.bits() / 32 / ty.register() };
    let sums = |ty: Ty| m * n * ty.bits() / 32 / ty.register();
    let mut text = format!("{HEAD}.extern .shared .align 32 .b8 tiles[];\n");
    text += ".visible .entry k(.param .u64 pa, .param .u64 pb, .param .u64 pc, .param .u64 pd)\n{\n";
    text += ".reg .b64 %p<4>; .reg .b64 %from; .reg .b64 %base; .reg .b32 %lane; .reg .b32 %stride; .reg .b32 %word; .reg .b32 %to; .reg .pred %q;\n";
    let lists = [
        declare(&mut text, 'd', sums(d), d),
        declare(&mut text, 'a', count(a, m * k), a),
        declare(&mut text, 'b', count(b, n * k), b),
        declare(&mut text, 'c', sums(c), c),
    ];
    text += "mov.u32 %lane, %laneid;\n";
    let mut offset = 0;
    for (i, buffer) in buffers.iter().enumerate() {
        let _ = writeln!(text, "ld.param.u64 %p{i}, [p{}];", ['a', 'b', 'c', 'd'][i]);
        if way == Way::Shared {
            let _ = writeln!(text, "mov.u64 %base, tiles; add.u64 %base, %base, {offset};");
            if i < 3 {
                for word in 0..buffer.len().div_ceil(128) {
                    let _ = writeln!(text, "mad.wide.u32 %from, %lane, 4, %p{i}; ld.global.b32 %word, [%from+{}];", word * 128);
                    let _ =
                        writeln!(text, "cvt.u32.u64 %to, %base; mad.lo.u32 %to, %lane, 4, %to; st.shared.b32 [%to+{}], %word;", word * 128);
                }
                let _ = writeln!(text, "mov.b64 %p{i}, %base;");
            }
            offset += buffer.len().next_multiple_of(128);
        }
    }
    text += "bar.sync 0;\n";
    let given = |i: usize, text: &mut String| match (way, i) {
        (Way::GlobalPacked, _) => String::new(),
        // A number, or a register.
        (_, 0) => format!(", {}", strides[i]),
        _ => {
            let _ = writeln!(text, "mov.u32 %stride, {};", strides[i]);
            ", %stride".into()
        }
    };
    for (i, (letter, ty)) in [('a', a), ('b', b), ('c', c)].into_iter().enumerate() {
        let stride = given(i, &mut text);
        let _ = writeln!(
            text,
            "wmma.load.{letter}.sync.aligned.{}.{dims}{space}.{} {}, [%p{i}]{stride};",
            name(rows[i]),
            ty.name(),
            lists[i + 1]
        );
    }
    let types = if a == F16 { format!("{}.{}", d.name(), c.name()) } else { [d, a, b, c].map(Ty::name).join(".") };
    let _ = writeln!(
        text,
        "wmma.mma{}.sync.aligned.{}.{}.{dims}.{types}{} {}, {}, {}, {};",
        if a == B1 { suffix } else { "" },
        name(rows[0]),
        name(rows[1]),
        if a == B1 { "" } else { suffix },
        lists[0],
        lists[1],
        lists[2],
        lists[3]
    );
    // Results go to global memory, reached in either way.
    let out = if way == Way::Generic { "" } else { ".global" };
    let stride = given(3, &mut text);
    let _ = writeln!(text, "wmma.store.d.sync.aligned.{}.{dims}{out}.{} [%p3], {}{stride};\nret;\n}}", name(rows[2]), d.name(), lists[0]);
    let mut got = run(&text, &[&buffers[0], &buffers[1], &buffers[2]], buffers[3].len(), offset as u32);
    // What lies between lines stays as it was.
    let bytes = |elements: usize| elements * d.bits() / 8;
    let length = if rows[2] { n } else { m };
    for line in got.chunks_mut(bytes(strides[3])) {
        assert!(line[bytes(length)..].iter().all(|b| *b == 0xcc));
        line[bytes(length)..].fill(0);
    }
    assert!(got == buffers[3], "{text}\n{got:x?}\ninstead of\n{:x?}", buffers[3]);
}

/// All layouts that the types have, each in one way of reaching memory.
fn wmma_layouts(shape: [usize; 3], types: [Ty; 4], suffix: &str, op: Op) {
    let ways = [Way::Global, Way::Generic, Way::Shared, Way::GlobalPacked];
    for n in 0..8usize {
        let rows = [n & 1 == 0, n & 2 != 0, n & 4 == 0];
        if types[1].bits() < 8 && (!rows[0] || rows[1]) {
            continue;
        }
        wmma(shape, types, rows, ways[(n + shape[0] / 8 + n / 4) % 4], suffix, op);
    }
}

const BIG: [[usize; 3]; 3] = [[16, 16, 16], [32, 8, 16], [8, 32, 16]];

#[test]
fn wmma_of_floats() {
    for shape in BIG {
        for (d, c) in [(F32, F32), (F16, F16), (F32, F16), (F16, F32)] {
            wmma_layouts(shape, [d, F16, F16, c], "", Op::Plain);
        }
        wmma_layouts(shape, [F32, Bf16, Bf16, F32], "", Op::Plain);
    }
    wmma_layouts([16, 16, 8], [F32, Tf32, Tf32, F32], "", Op::Plain);
    wmma_layouts([8, 8, 4], [F64; 4], "", Op::Plain);
    wmma_layouts([8, 8, 4], [F64; 4], ".rp", Op::Plain);
}

#[test]
fn wmma_of_integers() {
    for shape in BIG {
        for ty in [U8, S8] {
            wmma_layouts(shape, [S32, ty, ty, S32], "", Op::Plain);
            wmma_layouts(shape, [S32, ty, ty, S32], ".satfinite", Op::Sat);
        }
    }
    for ty in [U4, S4] {
        wmma_layouts([8, 8, 32], [S32, ty, ty, S32], "", Op::Plain);
        wmma_layouts([8, 8, 32], [S32, ty, ty, S32], ".satfinite", Op::Sat);
    }
    wmma_layouts([8, 8, 128], [S32, B1, B1, S32], ".xor.popc", Op::Xor);
    wmma_layouts([8, 8, 128], [S32, B1, B1, S32], ".and.popc", Op::And);
}

/// Element `i` of 256 in memory: four matrices of 8 by 8.
fn cell(i: usize) -> u16 {
    (i * 257 + 11) as u16
}

fn cells() -> Vec<u8> {
    (0..256).flat_map(|i| cell(i).to_le_bytes()).collect()
}

/// What a lane holds of a matrix in standard layout: row lane / 4, two neighbouring columns.
fn lane_word(lane: usize, get: impl Fn(usize, usize) -> u16) -> u32 {
    let (row, column) = (lane / 4, lane % 4 * 2);
    u32::from(get(row, column)) | u32::from(get(row, column + 1)) << 16
}

#[test]
fn ldmatrix_loads_rows_or_columns() {
    for count in [1, 2, 4] {
        for trans in [false, true] {
            for space in [".shared", ".shared::cta", ""] {
                let suffix = if trans { ".trans" } else { "" };
                let mut text = format!("{HEAD}.visible .entry k(.param .u64 pi, .param .u64 po)\n{{\n");
                text += ".shared .align 16 .b8 rows[512];\n.reg .b64 %i; .reg .b64 %o; .reg .b64 %g; .reg .b32 %l; .reg .b32 %s; .reg .b32 %t; .reg .b32 %w<4>; .reg .b32 %r<4>;\n";
                text += "ld.param.u64 %i, [pi]; ld.param.u64 %o, [po]; mov.u32 %l, %laneid;\n";
                text += "mad.wide.u32 %i, %l, 16, %i; ld.global.v4.b32 {%w0,%w1,%w2,%w3}, [%i];\nmov.u32 %s, rows; mad.lo.u32 %t, %l, 16, %s; st.shared.v4.b32 [%t], {%w0,%w1,%w2,%w3}; bar.sync 0;\n";
                // Row i of a matrix is taken from row 7 - i of the one in memory.
                text += "xor.b32 %t, %l, 7; mad.lo.u32 %t, %t, 16, %s;\n";
                let address = if space.is_empty() {
                    text += "cvt.u64.u32 %g, %t; cvta.shared.u64 %g, %g;\n";
                    "%g"
                } else {
                    "%t"
                };
                let list: Vec<String> = (0..count).map(|i| format!("%r{i}")).collect();
                let _ = writeln!(
                    text,
                    "ldmatrix.sync.aligned.m8n8.x{count}{suffix}{space}.b16 {{{}}}, [{address}];\nmad.wide.u32 %o, %l, {}, %o;",
                    list.join(","),
                    4 * count
                );
                for i in 0..count {
                    let _ = writeln!(text, "st.global.b32 [%o+{}], %r{i};", 4 * i);
                }
                text += "ret;\n}\n";
                let got = run(&text, &[&cells()], 128 * count, 0);
                let want: Vec<u8> = (0..32)
                    .flat_map(|lane| (0..count).map(move |m| (lane, m)))
                    .flat_map(|(lane, m)| {
                        let at = |row: usize, column: usize| cell(64 * m + 8 * (7 - row) + column);
                        lane_word(lane, |row, column| if trans { at(column, row) } else { at(row, column) }).to_le_bytes()
                    })
                    .collect();
                assert!(got == want, "{text}\n{got:x?}\ninstead of\n{want:x?}");
            }
        }
    }
}

#[test]
fn stmatrix_stores_rows_or_columns() {
    for count in [1, 2, 4] {
        for trans in [false, true] {
            let suffix = if trans { ".trans" } else { "" };
            let mut text = format!("{HEAD}.visible .entry k(.param .u64 pi, .param .u64 po)\n{{\n");
            text += ".shared .align 16 .b8 rows[512];\n.reg .b64 %i; .reg .b64 %o; .reg .b32 %l; .reg .b32 %s; .reg .b32 %t; .reg .b32 %w<4>;\n";
            text += "ld.param.u64 %i, [pi]; ld.param.u64 %o, [po]; mov.u32 %l, %laneid;\n";
            text += "mad.wide.u32 %i, %l, 16, %i; ld.global.v4.b32 {%w0,%w1,%w2,%w3}, [%i];\nmov.u32 %s, rows; mad.lo.u32 %t, %l, 16, %s; st.shared.v4.b32 [%t], {0,0,0,0};\n";
            let list: Vec<String> = (0..count).map(|i| format!("%w{i}")).collect();
            let _ = writeln!(text, "stmatrix.sync.aligned.m8n8.x{count}{suffix}.shared.b16 [%t], {{{}}}; bar.sync 0;", list.join(","));
            text += "mad.wide.u32 %o, %l, 16, %o; ld.shared.v4.b32 {%w0,%w1,%w2,%w3}, [%t]; st.global.v4.b32 [%o], {%w0,%w1,%w2,%w3};\nret;\n}\n";
            let got = run(&text, &[&cells()], 512, 0);
            let mut want = vec![0u16; 256];
            for lane in 0..32 {
                for m in 0..count {
                    for half in 0..2 {
                        let (row, column) = (lane / 4, lane % 4 * 2 + half);
                        let (row, column) = if trans { (column, row) } else { (row, column) };
                        want[64 * m + 8 * row + column] = cell(8 * lane + 2 * m + half);
                    }
                }
            }
            let want: Vec<u8> = want.into_iter().flat_map(u16::to_le_bytes).collect();
            assert!(got == want, "{text}\n{got:x?}\ninstead of\n{want:x?}");
        }
    }
}

#[test]
fn movmatrix_transposes() {
    let mut text =
        format!("{HEAD}.visible .entry k(.param .u64 pi, .param .u64 po)\n{{\n.reg .b64 %i; .reg .b64 %o; .reg .b32 %l; .reg .b32 %w;\n");
    text += "ld.param.u64 %i, [pi]; ld.param.u64 %o, [po]; mov.u32 %l, %laneid; mad.wide.u32 %i, %l, 4, %i; mad.wide.u32 %o, %l, 4, %o;\n";
    text += "ld.global.b32 %w, [%i]; movmatrix.sync.aligned.m8n8.trans.b16 %w, %w; st.global.b32 [%o], %w; ret;\n}\n";
    let got = run(&text, &[&cells()], 128, 0);
    let want: Vec<u8> = (0..32).flat_map(|lane| lane_word(lane, |row, column| cell(8 * column + row)).to_le_bytes()).collect();
    assert_eq!(got, want);
}

#[test]
fn what_is_no_matrix_operation_is_refused_with_the_reason() {
    for (instruction, reason) in [
        (
            "mma.sync.aligned.m16n8k32.row.col.f32.f16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%r1,%r2,%r3}, {%r0,%r1}, {%r0,%r1,%r2,%r3}",
            "no shape",
        ),
        (
            "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%r1,%r2,%r3}, {%r0}, {%r0,%r1,%r2,%r3}",
            "has 2 registers, not 4",
        ),
        ("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%l1}, {%r0}, {%r0,%r1,%r2,%r3}", "`%l1` has 64 bits"),
        ("mma.sync.aligned.m16n8k8.col.col.f32.f16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%r1}, {%r0}, {%r0,%r1,%r2,%r3}", "`.row.col`"),
        ("mma.sync.aligned.m16n8k8.row.col.f32.bf16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%r1}, {%r0}, {%r0,%r1,%r2,%r3}", "not multiplied"),
        ("mma.sync.aligned.m16n8k8.row.col.f16.bf16.bf16.f16 {%r0,%r1}, {%r0,%r1}, {%r0}, {%r0,%r1}", "not added up"),
        (
            "mma.sync.aligned.m16n8k8.row.col.satfinite.f32.f16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%r1}, {%r0}, {%r0,%r1,%r2,%r3}",
            "for integers",
        ),
        ("mma.sync.aligned.m16n8k8.row.col.rz.f32.f16.f16.f32 {%r0,%r1,%r2,%r3}, {%r0,%r1}, {%r0}, {%r0,%r1,%r2,%r3}", "for `.f64`"),
        ("wmma.load.a.sync.aligned.col.m8n8k32.global.s4 {%r0}, [%l0]", "in rows"),
        ("wmma.load.a.sync.aligned.row.m16n16k8.global.f16 {%r0,%r1,%r2,%r3}, [%l0]", "no shape"),
        ("ldmatrix.sync.aligned.m8n8.x4.global.b16 {%r0,%r1,%r2,%r3}, [%l0]", "shared memory"),
        ("ldmatrix.sync.aligned.m8n8.x2.shared.b16 {%r0,%r1,%r2,%r3}, [%r0]", "has 2 registers, not 4"),
    ] {
        let text = format!("{HEAD}.visible .entry k()\n{{\n.reg .b32 %r<4>; .reg .b64 %l<2>;\n{instruction};\nret;\n}}\n");
        let errors = compile(&text, &Options::default()).expect_err(instruction);
        assert!(errors.iter().any(|e| e.reason.contains(reason) && e.line() == 7), "{instruction}: {errors}");
    }
}
