// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Mutations of PTX texts, by token and by byte, for tests and fuzzers.
//!
//! A *mutant* is a text of which some tokens have gone, were doubled, exchanged or taken from the vocabulary. Most
//! mutants are wrong in one place and right elsewhere, which is where a compiler's errors are.

use ix_compiler::ptx::{lexer, opcode::Opcode, source::Source, special::SpecialReg, words};
use std::sync::OnceLock;

/// The xorshift64* generator.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    pub fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n.max(1)
    }
}

/// Words that matter to the grammar, whether or not the kernels have them.
const DICTIONARY: &[&str] = &[
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ",",
    ";",
    ":",
    "@",
    "@!",
    "|",
    "!",
    "-",
    "+",
    "~",
    "?",
    "<",
    ">",
    "=",
    "_",
    "0",
    "1U",
    "-1",
    "0x7fffffffffffffff",
    "18446744073709551615",
    "0f7FC00000",
    "0d0000000000000001",
    "1.5e+300",
    "%tid.x",
    "%clock64",
    "WARP_SZ",
    ".reg",
    ".param",
    ".local",
    ".shared",
    ".global",
    ".const",
    ".align",
    ".ptr",
    ".entry",
    ".func",
    ".visible",
    ".extern",
    ".loc",
    ".file",
    ".section",
    ".pragma",
    ".branchtargets",
    ".callprototype",
    ".calltargets",
    ".alias",
    ".maxntid",
    ".attribute",
    "(.managed)",
    ".v2",
    ".v4",
    ".b8",
    ".b32",
    ".u64",
    ".f32",
    ".f64",
    ".pred",
    "call",
    "call.uni",
    "brx.idx",
    "mov.b64",
    "setp.lt.s32",
    "cvt.rn.f32.s32",
    "ld.global.v4.f32",
    "atom.global.cas.b32",
    "mma.sync.aligned",
    "tex.2d.v4.f32.f32",
    "vadd4",
    "generic(",
    "0xff00(",
    "%r<10>",
    "%r<4294967295>",
    "\"text\"",
    "// comment\n",
    "/* comment */",
    ".version",
    ".target",
];

/// Bytes that begin or end something.
const PUNCTUATION: &[u8] = b" \n\t.;,:{}[]()%$_!@|+-0123456789\"/*";

/// The tokens of a text.
pub fn tokens(text: &str) -> Vec<String> {
    let source = Source::new(text).unwrap();
    let mut errors = Vec::new();
    lexer::tokens(&source, &mut errors).iter().map(|t| source.slice(t.span()).to_owned()).collect()
}

/// [`DICTIONARY`], and every name that the front end knows: opcodes, types, modifiers, special registers.
fn vocabulary() -> &'static [String] {
    static WORDS: OnceLock<Vec<String>> = OnceLock::new();
    WORDS.get_or_init(|| {
        fn dotted<T: std::fmt::Display>(list: &[T]) -> impl Iterator<Item = String> + '_ {
            list.iter().map(|word| format!(".{word}"))
        }
        let mut all: Vec<String> = DICTIONARY.iter().map(|w| (*w).to_owned()).collect();
        all.extend(Opcode::TABLE.iter().map(|row| row.name.to_owned()));
        all.extend(SpecialReg::ALL.iter().map(|r| format!("%{r}")));
        all.extend(dotted(words::Type::ALL));
        all.extend(dotted(words::Space::ALL));
        all.extend(dotted(words::Rounding::ALL));
        all.extend(dotted(words::Half::ALL));
        all.extend(dotted(words::Cmp::ALL));
        all.extend(dotted(words::BoolOp::ALL));
        all.extend(dotted(words::AtomicOp::ALL));
        all.extend(dotted(words::Scope::ALL));
        all.extend(dotted(words::Semantics::ALL));
        all.extend(dotted(words::VectorWidth::ALL));
        all.extend(dotted(words::ShflMode::ALL));
        all.extend(dotted(words::VoteMode::ALL));
        all.extend(dotted(words::Layout::ALL));
        all.extend(dotted(words::Flag::ALL));
        all
    })
}

/// One mutation of a list of tokens.
pub fn mutate_tokens(tokens: &mut Vec<String>, other: &[String], random: &mut Random) {
    if tokens.is_empty() {
        return;
    }
    let words = vocabulary();
    let at = random.below(tokens.len());
    let length = 1 + random.below(8);
    let end = (at + length).min(tokens.len());
    match random.below(12) {
        0 => drop(tokens.drain(at..end)),
        1 => {
            let copy = tokens[at..end].to_vec();
            let to = random.below(tokens.len());
            tokens.splice(to..to, copy);
        }
        2 => {
            let to = random.below(tokens.len());
            tokens.swap(at, to);
        }
        3 => tokens[at] = words[random.below(words.len())].clone(),
        4 => tokens.insert(at, words[random.below(words.len())].clone()),
        5 => tokens[at] = tokens[random.below(tokens.len())].clone(),
        6 => {
            let from = random.below(other.len());
            let to = (from + 20).min(other.len());
            tokens.splice(at..end, other[from..to].iter().cloned());
        }
        7 => tokens.truncate(at.max(1)),
        // One of the same sort: this is most likely to stay right.
        _ => {
            let sort = |token: &String| token.bytes().next().map(|b| if b.is_ascii_digit() { b'0' } else { b });
            let alike: Vec<&String> = tokens.iter().filter(|t| sort(t) == sort(&tokens[at])).collect();
            tokens[at] = alike[random.below(alike.len())].clone();
        }
    }
}

/// One mutation of bytes; what is no longer UTF-8 is replaced.
pub fn mutate_bytes(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = random.below(bytes.len());
        match random.below(4) {
            0 => bytes[at] ^= 1 << random.below(8),
            1 => bytes.insert(at, (random.next() >> 40) as u8),
            2 => drop(bytes.remove(at)),
            _ => bytes[at] = PUNCTUATION[random.below(PUNCTUATION.len())],
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
