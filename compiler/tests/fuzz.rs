// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Mutated kernels must not make the parser panic or hang; what it accepts must print to an equal module.
//!
//! `IX_FUZZ_ITERS` sets the number of mutants (default 20000), `IX_FUZZ_SEED` where the random numbers begin.

mod mutate;

use ix_compiler::ptx::parse;
use mutate::{mutate_bytes, mutate_tokens, tokens, Random};
use std::path::Path;
use std::time::{Duration, Instant};

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
                let path = std::env::temp_dir().join(format!("ix-fuzz-mutant-{}.ptx", std::process::id()));
                std::fs::write(&path, &text).unwrap();
                panic!("mutant {iteration} of seed {seed} breaks the parser; it is in {}", path.display());
            }
        }
        assert!(start.elapsed() < Duration::from_secs(10), "mutant {iteration} of seed {seed} takes {:?}", start.elapsed());
    }
    println!("{accepted} of {iterations} mutants accepted");
    assert!(accepted > 0 && accepted < iterations);
}
