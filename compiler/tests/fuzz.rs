// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Mutated kernels must not make the parser panic or hang; what it accepts must print to an equal module.
//!
//! `IX_FUZZ_ITERS` sets the number of mutants (default 20000), `IX_FUZZ_SEED` where the random numbers begin.

use ix_compiler::ptx::{lexer, parse, source::Source};
use std::path::Path;
use std::time::{Duration, Instant};

/// The xorshift64* generator.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: usize) -> usize {
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

fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ptx");
    let mut paths = Vec::new();
    for tool in ["clang", "tinygrad", "triton"] {
        paths.extend(std::fs::read_dir(root.join(tool)).unwrap().map(|entry| entry.unwrap().path()));
    }
    paths.sort();
    // Small kernels show more for the time than large ones.
    paths.iter().map(|path| std::fs::read_to_string(path).unwrap()).filter(|text| text.len() < 16 << 10).collect()
}

/// The tokens of a text.
fn tokens(text: &str) -> Vec<String> {
    let source = Source::new(text).unwrap();
    let mut errors = Vec::new();
    lexer::tokens(&source, &mut errors).iter().map(|t| source.slice(t.span()).to_owned()).collect()
}

/// One mutation of a list of tokens.
fn mutate_tokens(tokens: &mut Vec<String>, other: &[String], random: &mut Random) {
    if tokens.is_empty() {
        return;
    }
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
        3 => tokens[at] = DICTIONARY[random.below(DICTIONARY.len())].to_owned(),
        4 => tokens.insert(at, DICTIONARY[random.below(DICTIONARY.len())].to_owned()),
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
fn mutate_bytes(text: &str, random: &mut Random) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..1 + random.below(4) {
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

#[test]
fn mutants_do_not_break_the_parser() {
    let number = |name: &str, default: u64| std::env::var(name).ok().map_or(default, |v| v.parse().expect(name));
    let (iterations, seed) = (number("IX_FUZZ_ITERS", 20_000), number("IX_FUZZ_SEED", 0x1234_5678_9abc_def1));
    println!("IX_FUZZ_SEED={seed} IX_FUZZ_ITERS={iterations}");
    let corpus = corpus();
    let token_lists: Vec<Vec<String>> = corpus.iter().map(|text| tokens(text)).collect();
    let mut random = Random(seed | 1);
    let mut accepted = 0;
    for iteration in 0..iterations {
        let pick = random.below(corpus.len());
        let text = if random.below(3) == 0 {
            mutate_bytes(&corpus[pick], &mut random)
        } else {
            let mut tokens = token_lists[pick].clone();
            let other = random.below(corpus.len());
            for _ in 0..1 + random.below(2) * random.below(4) {
                mutate_tokens(&mut tokens, &token_lists[other], &mut random);
            }
            tokens.join(" ")
        };
        let start = Instant::now();
        let outcome = std::panic::catch_unwind(|| match parse(&text) {
            Ok(module) => {
                let printed = module.to_string();
                let again = parse(&printed).unwrap_or_else(|errors| panic!("what was printed does not parse:\n{errors}"));
                assert_eq!(again, module, "what was printed is another module");
                true
            }
            Err(errors) => {
                assert!(!errors.to_string().is_empty());
                false
            }
        });
        match outcome {
            Ok(was_accepted) => accepted += u64::from(was_accepted),
            Err(_) => {
                let path = std::env::temp_dir().join("ix-fuzz-mutant.ptx");
                std::fs::write(&path, &text).unwrap();
                panic!("mutant {iteration} of seed {seed} breaks the parser; it is in {}", path.display());
            }
        }
        assert!(start.elapsed() < Duration::from_secs(10), "mutant {iteration} of seed {seed} takes {:?}", start.elapsed());
    }
    println!("{accepted} of {iterations} mutants accepted");
    assert!(accepted > 0 && accepted < iterations);
}
