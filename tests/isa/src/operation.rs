// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Operation files: one instruction and type, all its forms, on many values.
//!
//! ```text
//! # add.s32                        comment
//! form add.s32                     an instruction without operands
//! form add.s32.sat
//! case add.s32.sat 0x7fffffff 1 = 0x7fffffff
//! exhaustive                       all values of an 8- or 16-bit first source
//! ```
//! Each form runs in *arrangements*: all sources in vector registers, one of them in a scalar
//! register or an immediate, all in scalar registers. Sources are the edge values of their types in
//! all combinations (of three or more, in many), and random ones; bits beyond a type hold garbage.
//! A `case` states sources and result; both the engine and the reference must agree with it.
//!
//! The program for a form loads a *tuple* of sources, executes the instruction, executes it again
//! under a guard that holds in every second lane, and stores the results.

use std::fmt::Write as _;

use ix_hw::dispatch::Descriptor;
use ix_hw::isa::text::parse_number;
use ix_hw::isa::{EncodeError, Inst, Kinds, Op, Operand, Type};

use crate::assembly::assemble;
use crate::machine::{Engine, Machine, Outcome, DATA_VA};
use crate::random::Random;
use crate::reference::{eval, matches};
use crate::values::{edges, random, roles, Role};

/// Bytes of a tuple: four sources, result, second result, result under the guard, and nothing.
const STRIDE: usize = 64;
/// Threads of a block where each thread has its own tuple.
const THREADS: usize = 256;
/// What the destination holds where the guard does not.
const POISON: u64 = 0x5eed_beef_dead_c0de;
/// Tuples of arrangements other than that with all sources in vector registers.
const FEW: usize = 150;

/// A test file about an operation.
#[derive(Debug, Default)]
struct File {
    forms: Vec<Inst>,
    cases: Vec<(Inst, Vec<u64>, u64)>,
    exhaustive: bool,
}

/// The instruction that an operation's name with modifiers stands for, with registers in place of
/// operands: vector registers where they are allowed.
fn template(mnemonic: &str) -> Result<Inst, String> {
    let name = mnemonic.split('.').next().unwrap_or("");
    let desc = Op::from_name(name).ok_or_else(|| format!("no operation `{name}`"))?.desc();
    let mut text = format!("{mnemonic} {}", if desc.d.allows(Kinds::V) { "v20" } else { "m8" });
    if desc.d2 {
        text += "|m3";
    }
    for (i, kinds) in desc.src.iter().enumerate().filter(|(_, k)| k.exists()) {
        // A mask where there may be one instead of a vector: sel, addc.
        let vector = kinds.allows(Kinds::V);
        let _ = if vector { write!(text, ", v{}", 10 + i) } else { write!(text, ", m{}", 10 + i) };
    }
    Inst::parse(&text).map_err(|e| format!("`{text}`: {e}"))
}

fn parse(text: &str) -> Result<File, String> {
    let mut file = File::default();
    for (number, line) in text.lines().enumerate() {
        let line = line.split('#').next().unwrap_or("").trim();
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        let at = |e: String| format!("line {}: {e}", number + 1);
        match word {
            "" => {}
            "form" => file.forms.push(template(rest.trim()).map_err(at)?),
            "exhaustive" => file.exhaustive = true,
            "case" => {
                let (left, result) = rest.split_once('=').ok_or_else(|| at("a case needs `=`".into()))?;
                let mut words = left.split_whitespace();
                let inst = template(words.next().unwrap_or("")).map_err(at)?;
                let value = |w: &str| parse_number(w).map(|v| v as u64).ok_or_else(|| at(format!("bad number `{w}`")));
                let sources = words.map(value).collect::<Result<_, _>>()?;
                file.cases.push((inst, sources, value(result.trim())?));
            }
            _ => return Err(at(format!("unknown word `{word}`"))),
        }
    }
    if file.forms.is_empty() && file.cases.is_empty() {
        return Err("nothing to test".into());
    }
    Ok(file)
}

/// A set of sources.
type Tuple = [u64; 4];

/// Tests all forms of a file, each with the edge values and `random` random tuples of sources.
pub fn run(text: &str, engine: &dyn Engine, random: usize) -> Result<(), String> {
    let file = parse(text)?;
    let machine = Machine::new(16 << 20).map_err(|e| e.to_string())?;
    for form in &file.forms {
        let tuples = tuples(form, random, file.exhaustive);
        test_form(form, &tuples, &machine, engine).map_err(|e| format!("{e} (seed {})", crate::seed()))?;
    }
    for (form, sources, result) in &file.cases {
        let mut tuple = [0; 4];
        tuple[..sources.len().min(4)].copy_from_slice(&sources[..sources.len().min(4)]);
        let expected = eval(form, tuple).ok_or("the reference does not know the instruction")?;
        if !matches(expected.value, *result) {
            return Err(format!("{form}: of {tuple:x?} the reference gives {:x?}, the case says {result:#x}", expected.value));
        }
        let got = execute(form, &[tuple], &machine, engine, true)?;
        if got[0].value != *result {
            return Err(format!("{form}: of {tuple:x?} {} gives {:#x}, the case says {result:#x}", engine.name(), got[0].value));
        }
    }
    Ok(())
}

fn tuples(form: &Inst, count: usize, exhaustive: bool) -> Vec<Tuple> {
    let mut r = Random::new(crate::seed(), &form.to_string());
    let roles = roles(form);
    let used: Vec<usize> = (0..4).filter(|i| form.src[*i].is_some()).collect();
    let values = roles.map(edges);
    let mut all = Vec::new();
    if let (true, Role::Value(ty)) = (exhaustive, roles[0]) {
        if matches!(ty.bits(), 8 | 16) {
            all.extend((0..1u64 << ty.bits()).map(|a| [a, 0, 0, 0]));
        }
    }
    let combinations: usize = used.iter().map(|i| values[*i].len()).product();
    // All combinations if there are not too many, else as many random ones of edge values.
    const MANY: usize = 4500;
    if combinations <= MANY {
        for n in 0..combinations {
            let mut n = n;
            let mut tuple = [0; 4];
            for i in &used {
                tuple[*i] = values[*i][n % values[*i].len()];
                n /= values[*i].len();
            }
            all.push(tuple);
        }
    } else {
        all.extend((0..MANY).map(|_| std::array::from_fn(|i| values[i][r.below(values[i].len() as u64) as usize])));
    }
    for n in 0..count {
        let mut tuple = [0; 4];
        for i in &used {
            // Mostly all random; sometimes with one edge value.
            let edge = n % 4 == 3 && r.below(2) == 0;
            tuple[*i] = if edge { values[*i][r.below(values[*i].len() as u64) as usize] } else { random(roles[*i], &mut r) };
        }
        all.push(tuple);
    }
    // Bits that the type does not read.
    for tuple in &mut all {
        for i in 0..4 {
            let width = match roles[i] {
                Role::Value(ty) => ty.bits(),
                Role::Amount => 32,
                Role::Bit | Role::Ignored => 64,
            };
            if width < 64 {
                tuple[i] = (tuple[i] & ((1 << width) - 1)) | r.bits() << width;
            }
        }
    }
    all
}

/// What a lane stored.
#[derive(Debug, Clone, Copy)]
struct Got {
    value: u64,
    second: u64,
    guarded: u64,
}

fn test_form(form: &Inst, tuples: &[Tuple], machine: &Machine, engine: &dyn Engine) -> Result<(), String> {
    let check = |inst: &Inst, tuples: &[Tuple], threads: bool| -> Result<(), String> {
        let got = execute(inst, tuples, machine, engine, threads)?;
        for (n, (tuple, got)) in tuples.iter().zip(&got).enumerate() {
            let expected = eval(inst, *tuple).ok_or("the reference does not know the instruction")?;
            let fail = |what: &str, value: u64| {
                Err(format!("{inst}: of {tuple:#x?} {} gives {what} {value:#x}, expected {expected:x?}", engine.name()))
            };
            if !matches(expected.value, got.value) {
                return fail("", got.value);
            }
            if inst.d2.is_some() && got.second != u64::from(expected.second) {
                return fail("second result", got.second);
            }
            if !threads || inst.d2.is_some() {
                continue;
            }
            let is_mask = matches!(inst.d, Some(Operand::M(_)));
            let off = if is_mask { 0 } else { POISON };
            if n % 2 == 1 && !matches(expected.value, got.guarded) {
                return fail("under a guard that holds", got.guarded);
            }
            if n % 2 == 0 && got.guarded != off {
                return fail("under a guard that does not hold", got.guarded);
            }
        }
        Ok(())
    };
    check(form, tuples, true)?;
    // A spread of the tuples for the other arrangements.
    let few: Vec<Tuple> = tuples.iter().step_by((tuples.len() / FEW).max(1)).copied().collect();
    let used: Vec<usize> = (0..4).filter(|i| form.src[*i].is_some()).collect();
    let legal = |inst: &Inst| match inst.check() {
        Ok(()) => Ok(true),
        Err(EncodeError::Operand(_) | EncodeError::VectorSource | EncodeError::TwoImmediates) => Ok(false),
        Err(e) => Err(format!("{inst}: {e}")),
    };
    for &i in &used {
        let mut inst = *form;
        inst.src[i] = Some(Operand::S(10 + i as u8));
        if legal(&inst)? {
            check(&inst, &few, false)?;
        }
        inst.src[i] = Some(Operand::I);
        for n in 0..4 {
            let value = few[(n * 37 + 11) % few.len()][i];
            // What the 32 bits stand for.
            let (imm, meaning) = match roles(form)[i] {
                _ if form.op == Op::Mov && form.ty == Type::B64 => (value as i64, value),
                Role::Value(Type::F64) => ((value >> 32) as i32 as i64, value >> 32 << 32),
                _ => (value as i32 as i64, value as i32 as i64 as u64),
            };
            inst.imm = imm;
            if legal(&inst)? {
                let tuples: Vec<Tuple> = few
                    .iter()
                    .map(|t| {
                        let mut t = *t;
                        t[i] = meaning;
                        t
                    })
                    .collect();
                check(&inst, &tuples, true)?;
            }
        }
    }
    let mut inst = *form;
    inst.d = Some(Operand::S(20));
    inst.d2 = None;
    for &i in &used {
        inst.src[i] = Some(Operand::S(10 + i as u8));
    }
    if legal(&inst)? {
        check(&inst, &few, false)?;
    }
    Ok(())
}

/// Runs an instruction on every tuple: one tuple a thread, or one a block whose lanes all have
/// the same (for scalar sources).
fn execute(inst: &Inst, tuples: &[Tuple], machine: &Machine, engine: &dyn Engine, threads: bool) -> Result<Vec<Got>, String> {
    let capacity = machine.data_size() as usize / STRIDE / THREADS * THREADS;
    let mut all = Vec::new();
    let program = assemble(&program(inst, threads)).map_err(|e| format!("{inst}: {e}"))?;
    for part in tuples.chunks(capacity) {
        let mut memory = vec![0u8; part.len() * STRIDE];
        for (bytes, tuple) in memory.chunks_exact_mut(STRIDE).zip(part) {
            for (bytes, value) in bytes.chunks_exact_mut(8).zip(tuple) {
                bytes.copy_from_slice(&value.to_le_bytes());
            }
        }
        machine.write(0, &memory);
        let per_block = if threads { THREADS } else { 1 };
        let descriptor = Descriptor {
            grid: [part.len().div_ceil(per_block) as u32, 1, 1],
            block: [if threads { THREADS as u32 } else { 32 }, 1, 1],
            vregs: 32,
            sregs: 32,
            ..Descriptor::ZERO
        };
        let launch = machine.launch(&program.bytes, &DATA_VA.to_le_bytes(), descriptor)?;
        match engine.run(&launch, 1_000_000) {
            Outcome::Done => {}
            outcome => return Err(format!("{inst}: {outcome:x?}")),
        }
        let memory = machine.read(0, part.len() * STRIDE);
        all.extend(memory.chunks_exact(STRIDE).map(|bytes| {
            let word = |i: usize| u64::from_le_bytes(std::array::from_fn(|k| bytes[8 * i + k]));
            Got { value: word(4), second: word(5), guarded: word(6) }
        }));
    }
    Ok(all)
}

fn program(inst: &Inst, threads: bool) -> String {
    let mut text = String::new();
    let mut line = |l: String| {
        text += &l;
        text.push('\n');
    };
    line("rdsr.b32.ctaid_x s0".into());
    line("ld.b64.param s3, [s9]".into());
    if threads {
        line("rdsr.b32.tid_x v0".into());
        line(format!("mul.u32.lo s1, s0, {THREADS}"));
        line("add.u32 v0, v0, s1".into());
        line(format!("mad.u32.wide v1, v0, {STRIDE}, s3"));
        for i in 0..4 {
            line(format!("ld.b64.global v{}, [v1+{}]", 10 + i, 8 * i));
        }
    } else {
        line(format!("mad.u32.wide s5, s0, {STRIDE}, s3"));
        for i in 0..4 {
            line(format!("ld.b64.global s{}, [s5+{}]", 10 + i, 8 * i));
            line(format!("mov.b64 v{0}, s{0}", 10 + i));
        }
    }
    for (i, source) in inst.src.iter().enumerate() {
        if matches!(source, Some(Operand::M(_))) {
            line(format!("setp.b32.ne m{0}, v{0}, 0", 10 + i));
        }
    }
    line(format!("mov.b64 v20, {POISON:#x}"));
    line(inst.to_string());
    line("mov.b64 v21, 1".into());
    let collect = |d: &str, mask: &str| format!("sel.b64 {d}, v21, 0, {mask}");
    if inst.d2.is_some() {
        line(collect("v24", "m3"));
    }
    match inst.d {
        Some(Operand::S(_)) => line("mov.b64 v20, s20".into()),
        Some(Operand::M(_)) => line(collect("v20", "m8")),
        _ => {}
    }
    if threads {
        let mut guarded = *inst;
        guarded.guard = ix_hw::isa::Guard { mask: 6, negate: false };
        guarded.d = match inst.d {
            Some(Operand::M(_)) => Some(Operand::M(7)),
            _ => Some(Operand::V(22)),
        };
        line("and.b32 v2, v0, 1".into());
        line("setp.b32.ne m6, v2, 0".into());
        line(format!("mov.b64 v22, {POISON:#x}"));
        line(guarded.to_string());
        if matches!(inst.d, Some(Operand::M(_))) {
            line(collect("v22", "m7"));
        }
        line("st.b64.global [v1+32], v20".into());
        line("st.b64.global [v1+40], v24".into());
        line("st.b64.global [v1+48], v22".into());
    } else {
        line("st.b64.global [s5+32], v20".into());
        line("st.b64.global [s5+40], v24".into());
    }
    line("exit".into());
    text
}
