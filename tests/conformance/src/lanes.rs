// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Programs of forms that act in each thread by itself.
//!
//! Every form is run in several *settings*, so that all kinds of operands and both execution units are reached:
//!
//! | kernel | setting |
//! |---|---|
//! | `lanes` | each thread loads its own *tuple* of sources and executes the form, and once more under a guard that holds in some lanes; where it does not, the destination must keep its value |
//! | `uniform` | all threads of a block load the same tuple |
//! | `immediate` | one source is a number in the instruction |
//! | `constant` | all are, so that a compiler can compute the result |
//! | `lenient` | registers are declared with other types of the same width, as assemblers permit |
//!
//! Tuples are edge values in all combinations (or many random ones of them) and random values.

use std::fmt::Write as _;
use std::rc::Rc;

use ix_isa_tests::random::Random;
use ix_isa_tests::values;

use crate::case::{word, Arg, Buffers, Effort, Launch, Program};
use crate::expect::{describe, Expect};
use crate::form::{Form, Operand, Role};
use crate::meaning::eval;
use crate::types::{Kind, Type};

/// Threads of a block.
const BLOCK: usize = 128;
/// Tuples of the uniform setting.
const UNIFORM: usize = 24;
/// Numbers for each source of the immediate setting, and tuples of the constant one.
const NUMBERS: usize = 3;
/// What destinations hold where a guard is false.
const POISON: u64 = 0x5eed_beef_dead_c0de;
/// Differences that are printed.
const PRINTED: usize = 3;

/// The sources of a thread, as bits of registers.
type Tuple = Vec<u64>;

/// What every module opens with.
pub const HEADER: &str = ".version 8.6\n.target sm_100\n.address_size 64\n";

/// The program of a form.
pub fn program(form: &Form, effort: Effort) -> Result<Program, String> {
    let tuples = tuples(form, effort);
    if eval(form, &tuples[0]).is_none() {
        return Err(format!("no meaning of `{}` is written down", form.name));
    }
    let mut ptx = HEADER.to_owned();
    let mut launches = vec![lanes(form, &tuples, &mut ptx), uniform(form, &tuples, &mut ptx), lenient(form, &tuples, &mut ptx)];
    launches.extend(immediate(form, &tuples, &mut ptx));
    launches.extend(constant(form, &tuples, &mut ptx));
    Ok(Program { ptx, launches })
}

/// Values of a source.
fn edges(operand: Operand) -> Vec<u64> {
    let ty = operand.ty;
    match operand.role {
        Role::Constant(n) => return vec![n.into()],
        Role::Amount => return values::edges(values::Role::Amount),
        Role::Selector => return vec![0, 1, 2, 3, 0x3210, 0x7654, 0x0123, 0x4567, 0xfedc, 0xba98, 0x8888, 0xffff, 0x5410, 0xffff_3210],
        Role::Value => {}
    }
    if ty == Type::PRED {
        return vec![0, 1];
    }
    if matches!(ty.kind, Kind::E4m3 | Kind::E5m2) {
        return (0..512).map(|i| (i & 255) | (((i * 7 + i / 256) % 256) << 8)).collect();
    }
    let parts = values::edges(values::Role::Value(ty.element_in_hardware()));
    let n = parts.len();
    match ty.count {
        1 => parts,
        _ => (0..2 * n).map(|i| parts[(i * 7 + i / n) % n] << ty.width | parts[i % n]).collect(),
    }
}

fn random(operand: Operand, r: &mut Random) -> u64 {
    let ty = operand.ty;
    match operand.role {
        Role::Constant(n) => return n.into(),
        Role::Amount => return values::random(values::Role::Amount, r) & 0xffff_ffff,
        Role::Selector => return r.bits() & 0xffff_ffff,
        Role::Value => {}
    }
    match ty.kind {
        Kind::Pred => r.below(2),
        Kind::E4m3 | Kind::E5m2 => r.bits() & 0xffff,
        _ => (0..ty.count).fold(0, |all, i| {
            let part = values::random(values::Role::Value(ty.element_in_hardware()), r);
            all | ty.element().truncate(part) << (i * ty.width)
        }),
    }
}

/// Tuples of sources; their number is a multiple of the block's threads.
fn tuples(form: &Form, effort: Effort) -> Vec<Tuple> {
    let mut r = Random::new(effort.seed, &form.title());
    let lists: Vec<Vec<u64>> = form.src.iter().map(|s| edges(*s)).collect();
    let combinations = lists.iter().map(Vec::len).try_fold(1usize, |n, len| n.checked_mul(len)).unwrap_or(usize::MAX);
    let mut all: Vec<Tuple> = vec![];
    if combinations <= effort.edges {
        for mut n in 0..combinations {
            all.push(
                lists
                    .iter()
                    .map(|list| {
                        let value = list[n % list.len()];
                        n /= list.len();
                        value
                    })
                    .collect(),
            );
        }
    } else {
        all.extend((0..effort.edges).map(|_| lists.iter().map(|list| list[r.below(list.len() as u64) as usize]).collect()));
    }
    let wanted = (all.len() + effort.random).next_multiple_of(BLOCK);
    while all.len() < wanted {
        let mut tuple: Tuple = form.src.iter().map(|s| random(*s, &mut r)).collect();
        if r.below(4) == 0 {
            let i = r.below(tuple.len() as u64) as usize;
            tuple[i] = lists[i][r.below(lists[i].len() as u64) as usize];
        }
        // Sources that are equal are rare otherwise.
        if r.below(16) == 0 && tuple.len() > 1 && form.src[0] == form.src[1] {
            tuple[1] = tuple[0];
        }
        all.push(tuple);
    }
    // Bits of the register beyond the type, which the instruction must not read.
    for tuple in &mut all {
        for (value, source) in tuple.iter_mut().zip(&form.src) {
            let (used, register) = (source.ty.bits(), source.ty.register_bits());
            *value = source.ty.truncate(*value);
            if used < register && source.ty != Type::PRED {
                *value |= r.bits() << used & (u64::MAX >> (64 - register));
            }
        }
    }
    all
}

/// Writes a kernel.
struct Writer<'f> {
    form: &'f Form,
    text: String,
    /// Result slots that have been stored.
    slots: usize,
}

impl<'f> Writer<'f> {
    /// Begins a kernel whose threads find the inputs and outputs of their own, or of their block, at `%in` and `%out`.
    fn new(form: &'f Form, entry: &str, per_thread: usize, slots: usize) -> Writer<'f> {
        let mut w = Writer { form, text: String::new(), slots: 0 };
        w.line(&format!(".visible .entry {entry}(.param .u64 in, .param .u64 out)\n{{"));
        w.line("    .reg .b32 %i, %j, %t;\n    .reg .b64 %in, %out, %w;\n    .reg .pred %g, %q;");
        let register = |ty: Type| if entry == "lenient" { other_register(ty) } else { ty.register().into() };
        for (i, source) in form.src.iter().enumerate() {
            w.line(&format!("    .reg .{} %a{i};", register(source.ty)));
        }
        for (i, ty) in form.dst.iter().enumerate() {
            w.line(&format!("    .reg .{} %d{i};", register(*ty)));
        }
        w.line("    ld.param.u64 %in, [in];\n    ld.param.u64 %out, [out];");
        w.line("    mov.u32 %i, %ctaid.x;\n    mov.u32 %j, %ntid.x;\n    mov.u32 %t, %tid.x;\n    mad.lo.u32 %j, %i, %j, %t;");
        w.line(&format!("    mad.wide.u32 %in, {}, {per_thread}, %in;", if entry == "uniform" { "%i" } else { "%j" }));
        w.line(&format!("    mad.wide.u32 %out, %j, {}, %out;", 8 * slots));
        w
    }
    fn line(&mut self, line: &str) {
        self.text += line;
        self.text.push('\n');
    }
    /// Loads the sources.
    fn load(&mut self) {
        for (i, source) in self.form.src.iter().enumerate() {
            match source.ty {
                Type::PRED => self.line(&format!("    ld.global.b32 %t, [%in+{}];\n    setp.ne.b32 %a{i}, %t, 0;", 8 * i)),
                ty => self.line(&format!("    ld.global.b{} %a{i}, [%in+{}];", ty.register_bits(), 8 * i)),
            }
        }
    }
    /// Executes the form; `number` gives the text of a source that is not in its register.
    fn execute(&mut self, guard: &str, number: impl Fn(usize) -> Option<String>) {
        let destinations: Vec<String> = (0..self.form.dst.len()).map(|i| format!("%d{i}")).collect();
        let mut line = format!("    {guard}{} {}", self.form.name, destinations.join("|"));
        for (i, source) in self.form.src.iter().enumerate() {
            let text = match source.role {
                Role::Constant(n) => format!("{n:#x}"),
                _ => number(i).unwrap_or_else(|| format!("%a{i}")),
            };
            let _ = write!(line, ", {text}");
        }
        self.line(&(line + ";"));
    }
    /// Stores the destinations.
    fn store(&mut self) {
        for (i, ty) in self.form.dst.iter().enumerate() {
            let at = 8 * self.slots;
            match *ty {
                Type::PRED => self.line(&format!("    selp.b32 %t, 1, 0, %d{i};\n    st.global.b32 [%out+{at}], %t;")),
                ty => self.line(&format!("    st.global.b{} [%out+{at}], %d{i};", ty.register_bits())),
            }
            self.slots += 1;
        }
    }
    fn end(mut self) -> String {
        self.line("    ret;\n}");
        self.text
    }
}

/// A register's type that is not the instruction's own, but agrees with it as far as assemblers ask.
fn other_register(ty: Type) -> String {
    let bits = ty.register_bits();
    match ty.kind {
        Kind::Pred => "pred".into(),
        Kind::Unsigned => format!("s{bits}"),
        Kind::Signed => format!("u{bits}"),
        Kind::Bits if ty.count == 1 && bits > 16 => format!("f{bits}"),
        _ => format!("b{bits}"),
    }
}

/// A source as a number in the instruction, where PTX has a notation for it.
fn literal(ty: Type, bits: u64) -> Option<String> {
    Some(match (ty.kind, ty.width) {
        _ if ty.count > 1 => return None,
        (Kind::Float, 32) => format!("0f{:08x}", bits & 0xffff_ffff),
        (Kind::Float, 64) => format!("0d{bits:016x}"),
        (Kind::Signed, _) => ty.number(bits).to_string(),
        (Kind::Unsigned | Kind::Bits, _) => format!("{:#x}", ty.truncate(bits)),
        _ => return None,
    })
}

/// What one instruction in one thread must have given.
struct Result1 {
    tuple: Rc<Tuple>,
    /// What destinations hold; `None` if a guard was false there.
    expected: Option<Vec<Expect>>,
    /// What a predicate held before.
    before: u64,
    setting: &'static str,
}

/// Compares all results with what is expected; `results` are in the order of threads and then of instructions.
fn check(form: &Form, results: &[Result1], out: &[u8], stride: usize) -> Result<(), String> {
    let (mut wrong, mut text) = (0usize, String::new());
    let per_thread = stride / form.dst.len();
    for (n, result) in results.iter().enumerate() {
        for (i, ty) in form.dst.iter().enumerate() {
            let got = word(out, 8, n * form.dst.len() + i);
            let kept = match *ty {
                Type::PRED => result.before,
                ty => POISON & (u64::MAX >> (64 - ty.register_bits())),
            };
            let kept = Expect::Bits(kept);
            let expected = result.expected.as_ref().map_or(&kept, |e| &e[i]);
            if expected.accepts(got) {
                continue;
            }
            wrong += 1;
            if wrong > PRINTED {
                continue;
            }
            let thread = n / per_thread;
            let _ = writeln!(text, "  {} ({}), thread {thread} (lane {}):", form.name, result.setting, thread % 32);
            for (source, value) in form.src.iter().zip(result.tuple.iter()) {
                let _ = writeln!(text, "    source      {} {}", source.ty, describe(source.ty, *value));
            }
            let number = match expected {
                Expect::Bits(bits) => describe(*ty, *bits),
                other => other.to_string(),
            };
            let _ = writeln!(text, "    expected    {ty} {number}\n    got         {ty} {}", describe(*ty, got));
        }
    }
    match wrong {
        0 => Ok(()),
        _ => Err(format!("{text}  {wrong} wrong of {}", results.len())),
    }
}

fn expected(form: &Form, tuple: &[u64]) -> Option<Vec<Expect>> {
    // `program` has asked before whether the meaning is known.
    Some(eval(form, tuple).unwrap_or_default())
}

/// A launch of a kernel with inputs and one output for each result.
fn launch(form: &Form, entry: &str, blocks: usize, block: usize, inputs: &[u64], results: Vec<Result1>, stride: usize) -> Launch {
    let args = vec![Arg::words(inputs), Arg::words(&vec![0; results.len() * form.dst.len()])];
    let form = form.clone();
    let check = move |buffers: &Buffers| check(&form, &results, &buffers[1], stride);
    Launch::new(entry, blocks as u32, block as u32, args, Box::new(check))
}

fn lanes(form: &Form, tuples: &[Tuple], ptx: &mut String) -> Launch {
    let (sources, slots) = (form.src.len(), 2 * form.dst.len());
    let mut w = Writer::new(form, "lanes", 8 * (sources + 1), slots);
    w.load();
    w.execute("", |_| None);
    w.store();
    // The last word of the inputs has the guard and what predicates hold before.
    w.line(&format!("    ld.global.b32 %t, [%in+{}];", 8 * sources));
    w.line("    and.b32 %j, %t, 1;\n    setp.ne.b32 %g, %j, 0;\n    and.b32 %j, %t, 2;\n    setp.ne.b32 %q, %j, 0;");
    for (i, ty) in form.dst.iter().enumerate() {
        match *ty {
            Type::PRED => w.line(&format!("    mov.pred %d{i}, %q;")),
            ty => {
                let bits = ty.register_bits();
                w.line(&format!("    mov.b{bits} %d{i}, {:#x};", POISON & (u64::MAX >> (64 - bits))));
            }
        }
    }
    w.execute("@%g ", |_| None);
    w.store();
    *ptx += &w.end();

    let mut r = Random::new(sources as u64, &form.name);
    let (mut inputs, mut results) = (vec![], vec![]);
    for tuple in tuples {
        let guard = r.below(4);
        inputs.extend(tuple.iter().chain([&guard]));
        let tuple = Rc::new(tuple.clone());
        let result = expected(form, &tuple);
        let guarded = if guard & 1 != 0 { result.clone() } else { None };
        results.push(Result1 { tuple: tuple.clone(), expected: result, before: 0, setting: "all lanes" });
        results.push(Result1 { tuple, expected: guarded, before: guard >> 1, setting: "under a guard" });
    }
    launch(form, "lanes", tuples.len() / BLOCK, BLOCK, &inputs, results, slots)
}

fn uniform(form: &Form, tuples: &[Tuple], ptx: &mut String) -> Launch {
    let mut w = Writer::new(form, "uniform", 8 * form.src.len(), form.dst.len());
    w.load();
    w.execute("", |_| None);
    w.store();
    *ptx += &w.end();

    let few: Vec<&Tuple> = tuples.iter().step_by((tuples.len() / UNIFORM).max(1)).collect();
    let inputs: Vec<u64> = few.iter().flat_map(|t| t.iter().copied()).collect();
    let mut results = vec![];
    for tuple in &few {
        let tuple = Rc::new((*tuple).clone());
        let result = expected(form, &tuple);
        results.extend((0..32).map(|_| Result1 { tuple: tuple.clone(), expected: result.clone(), before: 0, setting: "uniform sources" }));
    }
    launch(form, "uniform", few.len(), 32, &inputs, results, form.dst.len())
}

fn lenient(form: &Form, tuples: &[Tuple], ptx: &mut String) -> Launch {
    let mut w = Writer::new(form, "lenient", 8 * form.src.len(), form.dst.len());
    w.load();
    w.execute("", |_| None);
    w.store();
    *ptx += &w.end();

    let few: Vec<&Tuple> = tuples.iter().step_by(tuples.len() / BLOCK).take(BLOCK).collect();
    let inputs: Vec<u64> = few.iter().flat_map(|t| t.iter().copied()).collect();
    let results = few.into_iter().map(|tuple| {
        let tuple = Rc::new(tuple.clone());
        Result1 { expected: expected(form, &tuple), tuple, before: 0, setting: "registers of other types" }
    });
    launch(form, "lenient", 1, BLOCK, &inputs, results.collect(), form.dst.len())
}

fn immediate(form: &Form, tuples: &[Tuple], ptx: &mut String) -> Option<Launch> {
    let mut numbers = vec![];
    for (i, source) in form.src.iter().enumerate().filter(|(_, s)| !matches!(s.role, Role::Constant(_))) {
        for n in 0..NUMBERS {
            let value = tuples[(n * 37 + 11 + i) % tuples.len()][i];
            if let Some(text) = literal(source.ty, value) {
                numbers.push((i, source.ty.truncate(value), text));
            }
        }
    }
    if numbers.is_empty() {
        return None;
    }
    let slots = numbers.len() * form.dst.len();
    let mut w = Writer::new(form, "immediate", 8 * form.src.len(), slots);
    w.load();
    for (i, _, text) in &numbers {
        w.execute("", |k| (k == *i).then(|| text.clone()));
        w.store();
    }
    *ptx += &w.end();

    let few = &tuples[..BLOCK];
    let inputs: Vec<u64> = few.iter().flat_map(|t| t.iter().copied()).collect();
    let mut results = vec![];
    for tuple in few {
        for (i, value, _) in &numbers {
            let mut tuple = tuple.clone();
            tuple[*i] = *value;
            let expected = expected(form, &tuple);
            results.push(Result1 { tuple: Rc::new(tuple), expected, before: 0, setting: "one source is a number" });
        }
    }
    Some(launch(form, "immediate", 1, BLOCK, &inputs, results, slots))
}

fn constant(form: &Form, tuples: &[Tuple], ptx: &mut String) -> Option<Launch> {
    let mut all = vec![];
    for n in 0..2 * NUMBERS {
        let tuple = &tuples[(n * 53 + 7) % tuples.len()];
        let texts: Option<Vec<String>> = form.src.iter().zip(tuple).map(|(s, v)| literal(s.ty, *v)).collect();
        all.push((tuple.clone(), texts?));
    }
    let slots = all.len() * form.dst.len();
    let mut w = Writer::new(form, "constant", 0, slots);
    for (_, texts) in &all {
        w.execute("", |i| Some(texts[i].clone()));
        w.store();
    }
    *ptx += &w.end();

    let results: Vec<Result1> = (0..32)
        .flat_map(|_| &all)
        .map(|(tuple, _)| {
            let tuple: Tuple = tuple.iter().zip(&form.src).map(|(v, s)| s.ty.truncate(*v)).collect();
            let expected = expected(form, &tuple);
            Result1 { tuple: Rc::new(tuple), expected, before: 0, setting: "all sources are numbers" }
        })
        .collect();
    Some(launch(form, "constant", 1, 32, &[0], results, slots))
}
