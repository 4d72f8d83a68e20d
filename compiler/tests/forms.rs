// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Every form of every instruction, in a kernel of its own: which compile. With `IX_LIST_REFUSED` set, those of the
//! opcode table that do not are listed with their reasons.
//!
//! A *form* here is an instruction's name with its modifiers and types, such as `ld.global.v4.f32`. Operands that fit
//! it are made from the pattern in the opcode table.

use ix_compiler::ptx::opcode::{modifier_from_word, Classes, Form, Opcode};
use ix_compiler::ptx::words::*;
use ix_compiler::{compile, ErrorKind, Options};
use std::path::Path;

/// Registers that operands are taken from, by width.
const REGISTERS: &str = "
    .reg .pred %p<32>; .reg .b16 %h<64>; .reg .b32 %r<64>; .reg .b64 %d<64>; .reg .b128 %q<64>;
    .shared .align 16 .b8 sh[256]; .local .align 16 .b8 lo[256];";

/// Makes operands for one instruction.
struct Operands {
    next: usize,
    types: Vec<Type>,
    vector: usize,
    space: Option<Space>,
}

impl Operands {
    fn register(&mut self, bits: u32) -> String {
        self.next += 1;
        let file = match bits {
            0 | 1 => 'p',
            2..=16 => 'h',
            17..=32 => 'r',
            33..=64 => 'd',
            _ => 'q',
        };
        format!("%{file}{}", self.next)
    }

    fn width(&self, mark: u8) -> u32 {
        let bits = |n: usize| self.types.get(n).map_or(32, |t| t.bits());
        match mark {
            b'2' | b'>' => bits(1),
            b'w' => bits(0) * 2,
            b'b' | b'*' => 32,
            b'l' => 64,
            _ => bits(0),
        }
    }

    fn address(&self) -> &'static str {
        match self.space {
            Some(Space::Shared | Space::SharedCta | Space::SharedCluster) => "[sh]",
            Some(Space::Local) => "[lo]",
            Some(Space::Const) => "[cc]",
            Some(Space::Param | Space::ParamEntry) => "[arg]",
            Some(Space::ParamFunc) => "[pf]",
            _ => "[%d0]",
        }
    }

    /// The operands of a pattern word; `None` where this test knows none.
    fn operand(&mut self, word: &str) -> Option<String> {
        let (letter, mark) = (word.as_bytes()[0], word.as_bytes().get(1).copied().unwrap_or(b' '));
        let pred = self.types.first() == Some(&Type::Pred);
        let bits = if pred && matches!(letter, b'd' | b'a') && mark == b' ' { 1 } else { self.width(mark) };
        Some(match letter {
            b'D' | b'A' if self.vector > 1 => {
                let all: Vec<_> = (0..self.vector).map(|_| self.register(bits)).collect();
                format!("{{{}}}", all.join(", "))
            }
            b'd' | b'D' | b'a' | b'A' | b'S' if pred && mark == b' ' => self.register(1),
            b'd' | b'D' | b'a' | b'A' | b'S' => self.register(bits),
            b'p' | b'P' | b'q' => self.register(1),
            b'x' => self.register(32),
            b'm' => self.address().into(),
            b'l' => "label".into(),
            _ => return None,
        })
    }
}

/// The text of the instruction with operands that fit `form`, optional ones only if `all`.
fn instruction(name: &str, modifiers: &[&str], form: &Form, all: bool) -> Option<String> {
    let types: Vec<Type> = modifiers.iter().filter_map(|m| Type::from_word(m)).collect();
    let vector = modifiers.iter().find_map(|m| VectorWidth::from_word(m)).map_or(1, |v| v.count() as usize);
    let space = modifiers.iter().find_map(|m| Space::from_word(m));
    let mut operands = Operands { next: 0, types, vector, space };
    let mut text = format!("{name}{}", modifiers.iter().map(|m| format!(".{m}")).collect::<String>());
    let mut optional = false;
    for (i, word) in form.operands.split_ascii_whitespace().enumerate() {
        optional |= word.starts_with('?');
        if optional && !all {
            break;
        }
        text += if i == 0 { " " } else { ", " };
        // Numbers where only they are allowed.
        text += &match (name, i) {
            ("lop3", 4) => "0x96".into(),
            ("cp.async", 2) => "16".into(),
            ("cp.async.wait_group", 0) | ("pmevent", 0) | ("pmevent.mask", 0) => "1".into(),
            _ => operands.operand(word.trim_start_matches('?'))?,
        };
    }
    Some(text + ";")
}

/// A module with one kernel around the instruction.
fn module(instruction: &str) -> String {
    format!(
        ".version 8.7\n.target sm_120a\n.address_size 64\n.const .align 16 .b8 cc[64];\n.func callee() {{ ret; }}\n\
         .entry k(.param .align 16 .b8 arg[64]) {{ {REGISTERS}\n .param .align 16 .b8 pf[64]; \n {instruction}\nlabel: ret; }}"
    )
}

/// Whether the instruction compiles; else why not.
fn check(instruction: &str) -> Result<(), (ErrorKind, String)> {
    match compile(&module(instruction), &Options::default()) {
        Ok(_) => Ok(()),
        Err(errors) => {
            let first = errors.first();
            Err((first.kind, first.reason.clone()))
        }
    }
}

/// Opcode, its name and the modifiers of a full form.
fn split(full: &str) -> (Opcode, &str, Vec<&str>) {
    let (op, length) = Opcode::from_prefix(full).unwrap_or_else(|| panic!("{full}"));
    let words = full[length..].split('.').filter(|w| !w.is_empty()).collect();
    (op, &full[..length], words)
}

/// The forms of the opcode that these modifiers fit.
fn fitting(op: Opcode, words: &[&str]) -> Vec<&'static Form> {
    let modifiers: Vec<_> = words.iter().filter_map(|w| modifier_from_word(w, op.classes())).collect();
    let present = Classes(modifiers.iter().fold(0, |all, m| all | m.class().0));
    let types: Vec<Type> = words.iter().filter_map(|w| Type::from_word(w)).collect();
    let fits = |f: &&Form| {
        present.contains(f.required)
            && f.required.union(f.optional).contains(present)
            && f.types.len() == types.len()
            && f.types.iter().zip(&types).all(|(set, ty)| set.contains(*ty))
    };
    op.info().forms.iter().filter(fits).collect()
}

/// Beginnings of forms that are refused: those of later architectures' matrix units, asynchronous copies and barriers in
/// memory, and the video instructions.
const REFUSED: &[&str] = &["elect.", "mbarrier.", "tcgen05.", "vsub.", "wgmma."];

/// Operands of forms whose number of registers depends on shapes.
fn matrix_operands(full: &str) -> Option<&'static str> {
    Some(match full {
        "ldmatrix.sync.aligned.m8n8.x1.shared.b16" => "{%r0}, [sh]",
        _ if full.starts_with("ldmatrix.sync.aligned.m8n8.x4") => "{%r0, %r1, %r2, %r3}, [sh]",
        "stmatrix.sync.aligned.m8n8.x1.shared.b16" => "[sh], {%r0}",
        "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16" => "{%r0, %r1}, {%r2, %r3, %r4, %r5}, {%r6, %r7}, {%r0, %r1}",
        "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16" => "{%r0, %r1}, {%r2, %r3}, {%r6}, {%r0, %r1}",
        "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32" => "{%r0, %r1, %r2, %r3}, {%r4, %r5}, {%r6}, {%r0, %r1, %r2, %r3}",
        _ if full.starts_with("mma.sync.aligned.m16n8k") => "{%r0, %r1, %r2, %r3}, {%r4, %r5, %r6, %r7}, {%r8, %r9}, {%r0, %r1, %r2, %r3}",
        _ => return None,
    })
}

/// Every full form that compilers were seen to write compiles, but for those that are named above.
#[test]
fn forms_in_the_wild_compile() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx/forms.tsv");
    let (mut compiled, mut refused, mut kernels) = (0, 0, 0);
    for line in std::fs::read_to_string(path).unwrap().lines().filter(|l| !l.starts_with('#')) {
        let (count, full) = line.split_once('\t').unwrap();
        let (op, name, words) = split(full);
        let texts: Vec<String> = match full {
            "call" | "call.uni" => vec![format!("{full} callee, ();")],
            // Two numbers become one value.
            _ if full.starts_with("cvt.") && full.ends_with("x2.f32") => vec![format!("{full} %r1, %r2, %r3;")],
            // Arguments of calls; a kernel's own parameters cannot be written.
            _ if full.starts_with("st.param") => {
                let fitting = fitting(op, &words).into_iter().filter_map(|f| instruction(name, &words, f, false));
                fitting.map(|text| text.replace("[arg]", "[pf]")).collect()
            }
            _ if op.is_generic() => vec![format!("{full};")],
            _ => match matrix_operands(full) {
                Some(operands) => vec![format!("{full} {operands};")],
                None => fitting(op, &words).into_iter().filter_map(|f| instruction(name, &words, f, false)).collect(),
            },
        };
        assert!(!texts.is_empty(), "{full}: no operands");
        for text in texts {
            match check(&text) {
                Ok(()) => {
                    assert!(!REFUSED.iter().any(|r| full.starts_with(r)), "{text} is no longer refused");
                    compiled += 1;
                    kernels += count.parse::<u64>().unwrap();
                }
                Err((kind, reason)) => {
                    assert_eq!(kind, ErrorKind::Unsupported, "{text} {reason}");
                    assert!(REFUSED.iter().any(|r| full.starts_with(r)), "{text} {reason}");
                    refused += 1;
                }
            }
        }
    }
    println!("{compiled} forms compile, met {kernels} times; {refused} are refused");
    assert!(compiled >= 625, "{compiled}");
}

/// The words of a class of modifiers.
fn members(class: u64) -> Vec<String> {
    let mut words: Vec<String> = vec![];
    let class = Classes(class);
    macro_rules! all {
        ($($v:ident),*) => {$( for w in $v::ALL { if modifier_from_word(w.word(), class).is_some_and(|m| !m.class().is_empty()) { words.push(w.word().into()); } } )*};
    }
    all!(
        Space,
        Rounding,
        Half,
        Cmp,
        BoolOp,
        AtomicOp,
        Scope,
        Level,
        Semantics,
        VectorWidth,
        CacheOp,
        CacheHint,
        ShflMode,
        VoteMode,
        ShfDirection,
        ClampMode,
        PrmtMode,
        TestpOp,
        Flag
    );
    words.sort();
    words.dedup();
    words
}

/// Any combination of modifiers and types that the table accepts compiles or is refused for a reason, and none makes an
/// instruction that the hardware does not have.
#[test]
fn no_form_contradicts_the_hardware() {
    let list = std::env::var_os("IX_LIST_REFUSED").is_some();
    let (mut n, mut refused) = (0, 0);
    for info in Opcode::TABLE.iter().filter(|i| !i.forms.is_empty()) {
        if ["mma", "wmma", "ldmatrix", "stmatrix", "movmatrix"].iter().any(|m| info.name.starts_with(m)) {
            continue;
        }
        for form in info.forms {
            let classes = |set: u64| (0..64).map(|b| 1u64 << b).filter(move |b| set & b != 0);
            let mut bases: Vec<Vec<String>> = vec![vec![]];
            for class in classes(form.required.0) {
                bases = bases.iter().flat_map(|base| members(class).into_iter().map(move |m| [base.clone(), vec![m]].concat())).collect();
            }
            let mut options: Vec<Option<String>> = vec![None];
            for class in classes(form.optional.0) {
                options.extend(members(class).into_iter().map(Some));
            }
            let mut types: Vec<Vec<String>> = vec![vec![]];
            for set in form.types {
                let set: Vec<Type> = Type::ALL.iter().copied().filter(|t| set.contains(*t)).collect();
                types =
                    types.iter().flat_map(|base| set.iter().map(move |t| [base.clone(), vec![t.word().to_string()]].concat())).collect();
            }
            for base in &bases {
                for option in &options {
                    for types in &types {
                        let words: Vec<&str> = base.iter().chain(option).chain(types).map(|s| s.as_str()).collect();
                        for all in [false, true] {
                            if all && !form.operands.contains('?') {
                                continue;
                            }
                            n += 1;
                            match instruction(info.name, &words, form, all) {
                                None => assert!(["call", "brx.idx"].contains(&info.name), "{} {words:?}: no operands", info.name),
                                Some(text) => {
                                    if let Err((kind, reason)) = check(&text) {
                                        assert!(kind != ErrorKind::Internal, "{text} {reason}");
                                        refused += 1;
                                        if list {
                                            println!("{text} {kind:?} {reason}");
                                        }
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
    println!("{n} forms, {refused} refused");
}
