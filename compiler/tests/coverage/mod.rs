// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What of PTX is supported, found by asking the compiler: the text of `docs/ptx.md`.
//!
//! A *form* here is an instruction with its modifiers and types, such as `add.rn.f32`. The front end's table of
//! opcodes says which forms there are; each is written as an instruction with fitting operands and compiled. What the
//! compiler calls unsupported is not supported; what it calls wrong is no form of PTX (the table is wider than PTX
//! where that harms nobody). Opcodes whose operands the table cannot tell have [`samples`]. Directives and special
//! registers are asked in the same way.

mod samples;

use ix_compiler::ptx::opcode::{modifier_from_word, Classes, Form, OpInfo, Opcode};
use ix_compiler::ptx::special::SpecialReg;
use ix_compiler::ptx::words::{self, Type};
use ix_compiler::{compile, ErrorKind, Options};
use samples::{is_form, Sample, DEVIATIONS, DIRECTIVES, SECTIONS};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Forms that are asked of one row of the table.
const MAX_FORMS: usize = 4000;
/// Unsupported forms of an instruction that are named.
const MAX_NAMED: usize = 12;

/// What the compiler says of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    Yes,
    No,
    /// It is no form.
    Wrong,
}

/// What the compiler says of a module.
fn ask(module: &str) -> Answer {
    match compile(module, &Options::default()) {
        Ok(_) => Answer::Yes,
        Err(errors) if errors.iter().all(|e| matches!(e.kind, ErrorKind::Unsupported | ErrorKind::Version)) => Answer::No,
        Err(errors) => {
            assert!(errors.iter().all(|e| e.kind != ErrorKind::Internal), "{errors}\n{module}");
            Answer::Wrong
        }
    }
}

/// A module whose kernel has these lines.
fn module(body: &str) -> String {
    format!(
        ".version 8.7\n.target sm_100a\n.address_size 64\n.func f() {{ ret; }}\n.visible .entry k(.param .u64 p) {{\n\
         .reg .b16 %h<20>; .reg .b32 %r<20>; .reg .b64 %d<20>; .reg .b128 %q<20>; .reg .pred %p<20>;\n.shared .align 16 .b8 s[64];\n\
         .shared .align 16 .b8 s2[64];\n{body}\nL: ret;\nT: .branchtargets L;\n}}\n"
    )
}

/// All words that modify instructions, in the order of the vocabularies; no shapes.
fn vocabulary() -> Vec<&'static str> {
    fn all<T: Copy>(list: &[T], word: impl Fn(T) -> &'static str) -> Vec<&'static str> {
        list.iter().map(|t| word(*t)).collect()
    }
    [
        all(words::Flag::ALL, words::Flag::word),
        all(words::Space::ALL, words::Space::word),
        all(words::Rounding::ALL, words::Rounding::word),
        all(words::Half::ALL, words::Half::word),
        all(words::Cmp::ALL, words::Cmp::word),
        all(words::VectorWidth::ALL, words::VectorWidth::word),
        all(words::Semantics::ALL, words::Semantics::word),
        all(words::Scope::ALL, words::Scope::word),
        all(words::BoolOp::ALL, words::BoolOp::word),
        all(words::AtomicOp::ALL, words::AtomicOp::word),
        all(words::Level::ALL, words::Level::word),
        all(words::CacheOp::ALL, words::CacheOp::word),
        all(words::CacheHint::ALL, words::CacheHint::word),
        all(words::ShflMode::ALL, words::ShflMode::word),
        all(words::VoteMode::ALL, words::VoteMode::word),
        all(words::ShfDirection::ALL, words::ShfDirection::word),
        all(words::ClampMode::ALL, words::ClampMode::word),
        all(words::PrmtMode::ALL, words::PrmtMode::word),
        all(words::TestpOp::ALL, words::TestpOp::word),
        all(words::Layout::ALL, words::Layout::word),
        all(words::Count::ALL, words::Count::word),
    ]
    .concat()
}

/// The words of each class of a set.
fn words_of(classes: Classes) -> Vec<Vec<&'static str>> {
    let bits = (0..64).map(|i| Classes(1 << i)).filter(|bit| classes.contains(*bit));
    let vocabulary = vocabulary();
    bits.map(|bit| {
        let mut words: Vec<_> = vocabulary.iter().copied().filter(|w| modifier_from_word(w, bit).is_some()).collect();
        words.dedup();
        words
    })
    .collect()
}

/// One of each list, in all ways.
fn product<T: Copy>(lists: &[Vec<T>]) -> Vec<Vec<T>> {
    lists.iter().fold(vec![vec![]], |ways, list| {
        let longer = ways.iter().flat_map(|way| list.iter().map(move |item| [way.as_slice(), &[*item]].concat()));
        longer.take(MAX_FORMS).collect()
    })
}

/// An operand for a word of a pattern: see the text of the table of opcodes.
fn operand(word: &str, number: usize, types: &[Type], vector: Option<u32>) -> String {
    let letter = word.chars().next().unwrap_or(' ');
    let first = types.first().map_or(32, |t| t.bits());
    let second = types.get(1).map_or(first, |t| t.bits());
    let (ty, width) = match word.chars().nth(1) {
        Some('2' | '>') => (types.get(1), second),
        Some('w') => (None, 2 * first),
        Some('b' | '*') => (None, 32),
        Some('l') => (None, 64),
        _ => (types.first(), first),
    };
    let register = |i: usize| match width {
        1 if ty == Some(&Type::Pred) => format!("%p{i}"),
        0..=16 => format!("%h{i}"),
        17..=32 => format!("%r{i}"),
        33..=64 => format!("%d{i}"),
        _ => format!("%q{i}"),
    };
    match (letter, vector) {
        ('D' | 'A', Some(count)) => {
            let parts: Vec<_> = (0..count as usize).map(|i| register(number * 4 + i % 20)).collect();
            format!("{{{}}}", parts.join(", "))
        }
        ('d' | 'D' | 'a' | 'A' | 'S' | 'V', _) => register(number),
        ('p' | 'P', _) => format!("%p{}", number + 4),
        ('q', _) => format!("%p{}", number + 8),
        ('x', _) => format!("%r{number}"),
        ('m', _) => "[%d9]".to_owned(),
        ('l', _) => "L".to_owned(),
        ('t', _) => "T".to_owned(),
        _ => "f".to_owned(),
    }
}

/// The instruction of a form, and what it is called.
fn instruction(info: &OpInfo, form: &Form, modifiers: &[&str], types: &[Type]) -> (String, String) {
    let mut name = info.name.to_owned();
    for word in modifiers.iter().copied().chain(types.iter().map(|t| t.word())) {
        name.push('.');
        name.push_str(word);
    }
    let vector = modifiers.iter().find_map(|w| words::VectorWidth::from_word(w)).map(words::VectorWidth::count);
    let patterns = form.operands.split(' ').filter(|w| !w.is_empty()).take_while(|w| !w.starts_with('?'));
    let operands: Vec<_> = patterns.enumerate().map(|(i, w)| operand(w, i, types, vector)).collect();
    (format!("{name} {};", operands.join(", ")), name)
}

/// Names of forms by the answer.
#[derive(Debug, Default)]
struct Support {
    yes: BTreeSet<String>,
    no: BTreeSet<String>,
}

impl Support {
    fn add(&mut self, answer: Answer, name: &str) {
        match answer {
            Answer::No if !is_form(name) => {}
            Answer::Yes => _ = self.yes.insert(name.to_owned()),
            Answer::No => _ = self.no.insert(name.to_owned()),
            Answer::Wrong => {}
        }
    }

    /// `yes`, `no` or `in part`, and what is not supported.
    fn cells(&self) -> (&'static str, String) {
        let missing: Vec<_> = self.no.difference(&self.yes).map(|n| format!("`{n}`")).collect();
        match (self.yes.is_empty(), missing.is_empty()) {
            (false, true) => ("yes", String::new()),
            (true, _) => ("no", String::new()),
            (false, false) => {
                let more = missing.len().saturating_sub(MAX_NAMED);
                let mut text = missing[..missing.len() - more].join(", ");
                if more > 0 {
                    let _ = write!(text, " and {more} more");
                }
                ("in part", format!("not {text}"))
            }
        }
    }
}

/// Asks for all forms of an instruction.
fn support(info: &OpInfo) -> Support {
    let mut support = Support::default();
    let samples = Sample::of(info.name);
    for sample in &samples {
        let name = sample.split(' ').next().unwrap_or("").trim_end_matches(';');
        let answer = ask(&module(sample));
        assert_ne!(answer, Answer::Wrong, "the sample is wrong: {sample}\n{}", compile(&module(sample), &Options::default()).unwrap_err());
        support.add(answer, name);
    }
    if !samples.is_empty() || info.forms.is_empty() {
        return support;
    }
    for form in info.forms {
        let types = form.types.iter().map(|set| Type::ALL.iter().copied().filter(|t| set.contains(*t)).collect()).collect::<Vec<Vec<_>>>();
        let required = product(&words_of(form.required));
        let types = product(&types);
        let mut right = vec![];
        for modifiers in &required {
            for types in &types {
                let (text, name) = instruction(info, form, modifiers, types);
                let answer = ask(&module(&text));
                support.add(answer, &name);
                if answer == Answer::Yes && !right.iter().any(|(m, t)| m == &modifiers && t == &types) {
                    right.push((modifiers, types));
                }
            }
        }
        // One modifier more: all of a class that some form takes.
        for word in words_of(form.optional).concat() {
            let mut one = Support::default();
            for (modifiers, types) in right.iter().take(64) {
                let with = [modifiers.as_slice(), &[word]].concat();
                let (text, name) = instruction(info, form, &with, types);
                one.add(ask(&module(&text)), &name);
            }
            if one.yes.is_empty() && !one.no.is_empty() && is_form(&format!(".{word}")) {
                support.no.insert(format!(".{word}"));
            }
        }
    }
    support
}

/// The text of the document.
pub fn document() -> String {
    let mut out = String::from(samples::TOP);
    let mut left: BTreeMap<&str, &OpInfo> = BTreeMap::new();
    for info in Opcode::TABLE {
        left.entry(info.name).or_insert(info);
    }
    let mut counts = BTreeMap::new();
    let mut tables = String::new();
    for (section, names) in SECTIONS {
        let _ = write!(tables, "\n## {section}\n\n| instruction | supported | remarks |\n|---|---|---|\n");
        for name in names.split_whitespace() {
            let info = left.remove(name).unwrap_or_else(|| panic!("`{name}` is not in the table of opcodes, or twice in the sections"));
            let (word, missing) = support(info).cells();
            let remark = DEVIATIONS.iter().find(|(n, _)| *n == name).map_or("", |(_, text)| text);
            let remarks: Vec<_> = [remark, &missing].into_iter().filter(|t| !t.is_empty()).map(str::to_owned).collect();
            *counts.entry(word).or_insert(0) += 1;
            let _ = writeln!(tables, "| `{name}` | {word} | {} |", remarks.join("; "));
        }
    }
    assert!(left.is_empty(), "instructions in no section: {:?}", left.keys());
    let count = |word| counts.get(word).copied().unwrap_or(0);
    let _ = writeln!(
        out,
        "\nOf {} instructions {} are supported, {} in part, {} not.",
        counts.values().sum::<i32>(),
        count("yes"),
        count("in part"),
        count("no")
    );
    out += &tables;
    out += "\n## Special registers\n\n| register | supported |\n|---|---|\n";
    for reg in SpecialReg::ALL {
        let number = if matches!(reg, SpecialReg::Envreg | SpecialReg::Pm) { "0" } else { "" };
        let part = if reg.is_vector() { ".x" } else { "" };
        let name = format!("%{reg}{number}{part}");
        let answers = ["mov.u32 %r1", "mov.u64 %d1", "mov.pred %p1"].map(|mov| ask(&module(&format!("{mov}, {name};"))));
        let _ = writeln!(out, "| `%{reg}` | {} |", if answers.contains(&Answer::Yes) { "yes" } else { "no" });
    }
    out += "\n## Directives\n\n| directive | supported | remarks |\n|---|---|---|\n";
    for (name, sample, remark) in DIRECTIVES {
        let text = match sample.strip_prefix('^') {
            Some(body) => module(body),
            None => format!(".version 8.7\n.target sm_100a\n.address_size 64\n{sample}\n"),
        };
        let supported = match ask(&text) {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Wrong => match remark.contains("refused") {
                true => "no",
                false => panic!("the sample of {name} is wrong: {}\n{text}", compile(&text, &Options::default()).unwrap_err()),
            },
        };
        let _ = writeln!(out, "| `{name}` | {supported} | {remark} |");
    }
    out
}
