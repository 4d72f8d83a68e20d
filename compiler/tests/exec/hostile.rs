// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Programs that are made to be hard: they compile, or are refused with an error, in bounded time and stack.

use ix_compiler::{compile, ErrorKind, Options};
use std::fmt::Write;
use std::time::{Duration, Instant};

const HEAD: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";

/// Compiles on a stack of 2 MiB, as a thread of a program has, within some seconds.
fn outcome(text: String) -> Result<usize, ErrorKind> {
    let start = Instant::now();
    let run = move || match compile(&text, &Options::default()) {
        Ok(module) => Ok(module.code.len() / 16),
        Err(errors) => {
            assert_ne!(errors.first().kind, ErrorKind::Internal, "{errors}");
            Err(errors.first().kind)
        }
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).unwrap();
    let result = thread.join().unwrap();
    assert!(start.elapsed() < Duration::from_secs(60), "{:?}", start.elapsed());
    result
}

fn kernel(body: &str) -> String {
    format!("{HEAD}.visible .entry k(.param .u64 out) {{\n.reg .b32 %r<64>; .reg .pred %p<64>; .reg .b64 %o;\nld.param.u64 %o, [out];\n{body}ret;\n}}\n")
}

#[test]
fn calls_that_multiply_are_refused() {
    let mut text = HEAD.to_owned();
    text.push_str(".func f0() { ret; }\n");
    for i in 1..60 {
        let _ = writeln!(text, ".func f{i}() {{ call f{0}, (); call f{0}, (); ret; }}", i - 1);
    }
    text.push_str(".visible .entry k() { call f59, (); ret; }\n");
    assert_eq!(outcome(text), Err(ErrorKind::Limit));
}

#[test]
fn a_chain_of_calls_has_a_limit() {
    let chain = |n: usize| {
        let mut text = format!("{HEAD}.func f0(.reg .u32 %a) {{ add.u32 %a, %a, 1; ret; }}\n");
        for i in 1..n {
            let _ = writeln!(text, ".func f{i}(.reg .u32 %a) {{ call f{}, (%a); ret; }}", i - 1);
        }
        let _ = writeln!(text, ".visible .entry k() {{ .reg .u32 %r; mov.u32 %r, 1; call f{}, (%r); ret; }}", n - 1);
        text
    };
    assert!(outcome(chain(50)).is_ok());
    assert_eq!(outcome(chain(5000)), Err(ErrorKind::Limit));
}

#[test]
fn deeply_nested_conditions_compile() {
    let mut body = "mov.u32 %r0, %tid.x;\n".to_owned();
    let depth = 300;
    for i in 0..depth {
        let _ = writeln!(
            body,
            "setp.gt.u32 %p0, %r0, {i};\n@%p0 bra L{i};\nadd.u32 %r0, %r0, 7;\nst.global.u32 [%o+{}], %r0;\nbar.sync 0;",
            4 * i
        );
    }
    for i in (0..depth).rev() {
        let _ = writeln!(body, "st.volatile.global.u32 [%o], %r0;\nL{i}:");
    }
    assert!(outcome(kernel(&body)).is_ok());
}

#[test]
fn many_conditions_in_a_row_compile() {
    let mut body = "mov.u32 %r0, %tid.x;\n".to_owned();
    for i in 0..6000 {
        let _ = writeln!(body, "setp.gt.u32 %p0, %r0, {i};\n@%p0 bra L{i};\nbar.sync 0;\nadd.u32 %r0, %r0, 7;\nL{i}:");
    }
    body.push_str("st.global.u32 [%o], %r0;\n");
    assert!(outcome(kernel(&body)).is_ok());
}

#[test]
fn a_long_straight_program_compiles() {
    let mut body = "mov.u32 %r0, %tid.x;\n".to_owned();
    for i in 0..100_000 {
        let _ = writeln!(body, "mad.lo.u32 %r{}, %r{}, {i}, %r0;", (i + 1) % 64, i % 64);
    }
    body.push_str("st.global.u32 [%o], %r7;\n");
    assert!(outcome(kernel(&body)).is_ok());
}

#[test]
fn a_wide_switch_compiles() {
    let count = 2000;
    let mut body = "mov.u32 %r0, %tid.x;\nt: .branchtargets ".to_owned();
    let labels: Vec<_> = (0..count).map(|i| format!("L{i}")).collect();
    let _ = writeln!(body, "{};\nbrx.idx %r0, t;", labels.join(", "));
    for i in 0..count {
        let _ = writeln!(body, "L{i}: add.u32 %r1, %r0, {i};\nst.global.u32 [%o+{}], %r1;\nbra end;", 4 * i);
    }
    body.push_str("end:\n");
    assert!(outcome(kernel(&body)).is_ok());
}

#[test]
fn everything_branches_everywhere() {
    for blocks in [200u64, 3000] {
        let mut body = "mov.u32 %r0, %tid.x;\n".to_owned();
        let mut state = 12345u64;
        let mut random = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
            state >> 33
        };
        for i in 0..blocks {
            let (p, target) = (random() % 4, random() % blocks);
            let _ = writeln!(body, "L{i}: add.u32 %r0, %r0, {i};\nsetp.gt.u32 %p{p}, %r0, {i};\n@%p{} bra L{target};", random() % 4);
        }
        match outcome(kernel(&body)) {
            Ok(_) | Err(ErrorKind::Limit) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
}

#[test]
fn many_live_values_are_spilled() {
    let count = 3000;
    let mut body = format!(".reg .b32 %v<{count}>;\n.reg .pred %q<{count}>;\nmov.u32 %r0, %tid.x;\n");
    for i in 0..count {
        let _ = writeln!(body, "ld.global.u32 %v{i}, [%o+{}];\nsetp.gt.u32 %q{i}, %r0, {i};", 4 * i);
    }
    for i in 0..count {
        let _ = writeln!(body, "@%q{i} add.u32 %v{i}, %v{i}, %r0;\nst.global.u32 [%o+{}], %v{i};", 4 * i);
    }
    assert!(outcome(kernel(&body)).is_ok());
}

#[test]
fn variables_beyond_all_memory_are_refused() {
    for space in ["global", "shared", "local", "const"] {
        let text = kernel(&format!(".{space} .align 4 .b8 huge[4000000000];\nmov.u64 %o, huge;\n"));
        assert_eq!(outcome(text), Err(ErrorKind::Limit), "{space}");
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let n = 200_000;
    let nest = |open: &str, inner: &str, close: &str| format!("{}{inner}{}", open.repeat(n), close.repeat(n));
    for (what, body) in [
        ("parentheses", format!("mov.b32 %r0, {};\n", nest("(", "1", ")"))),
        ("signs", format!("mov.b32 %r0, {};\n", nest("-", "1", ""))),
        ("choices", format!("mov.b32 %r0, {};\n", nest("1?", "1", ":1"))),
        ("vectors", format!("mov.b32 {}, %r0;\n", nest("{", "%r0", "}"))),
        ("scopes", nest("{", "", "}")),
        ("initialisers", format!(".global .b8 x = {};\n", nest("{", "1", "}"))),
    ] {
        assert_eq!(outcome(kernel(&body)), Err(ErrorKind::Limit), "{what}");
    }
}

#[test]
fn declarations_cost_nothing_until_they_are_used() {
    let many = |count: usize, line: &dyn Fn(usize) -> String| (0..count).map(line).collect::<String>();
    let registers = many(1000, &|i| format!(".reg .b64 %x{i}_<4000000000>;\n"));
    assert!(outcome(kernel(&registers)).is_ok());
    assert!(outcome(kernel(".local .b8 x[900000000];\nmov.u64 %o, x;\n")).is_ok());
    let globals = |count| many(count, &|i| format!(".global .b8 x{i}[200000000];\n"));
    assert!(outcome(format!("{HEAD}{}.entry k() {{ ret; }}\n", globals(5))).is_ok());
    assert_eq!(outcome(format!("{HEAD}{}.entry k() {{ ret; }}\n", globals(100))), Err(ErrorKind::Limit));
}

#[test]
fn functions_that_all_call_each_other_compile() {
    let n = 1000;
    let mut text = HEAD.to_owned();
    for i in 0..n {
        let _ = writeln!(text, ".func f{i}();");
    }
    for i in 0..n {
        let _ = writeln!(text, ".func f{i}() {{ call f{}; call f{}; ret; }}", (i + 1) % n, (i * 7 + 3) % n);
    }
    text.push_str(".visible .entry k() { call f0; ret; }\n");
    assert!(outcome(text).is_ok());
}

/// Real kernels with lines lost, doubled, moved, or with words of other lines: whatever still parses is compiled, and
/// every pass is verified, as this is a debug build.
#[test]
fn mutants_of_real_kernels_never_break_the_compiler() {
    let number = |name: &str, default| std::env::var(name).ok().and_then(|v| v.parse().ok()).unwrap_or(default);
    let (iterations, mut state): (u64, u64) = (number("IX_FUZZ_ITERS", 400), number("IX_FUZZ_SEED", 1));
    println!("seed {state}");
    state = state.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut below = move |n: usize| {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        (state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % n
    };
    let texts = super::corpus::texts();
    let mut compiled = 0;
    for i in 0..iterations {
        let (name, text) = &texts[below(texts.len())];
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        for _ in 0..1 + below(4) {
            let (a, b) = (below(lines.len()), below(lines.len()));
            match below(5) {
                0 => drop(lines.remove(a)),
                1 => lines.swap(a, b),
                2 => lines[a] = lines[b].clone(),
                3 => {
                    let copy = lines[a].clone();
                    lines.insert(b, copy);
                }
                _ => {
                    // A word of one line in place of one of another.
                    let words: Vec<&str> = lines[a].split(' ').collect();
                    let other: Vec<&str> = lines[b].split(' ').collect();
                    let (at, from) = (below(words.len()), below(other.len()));
                    let mut words: Vec<String> = words.iter().map(|w| (*w).to_owned()).collect();
                    words[at] = other[from].to_owned();
                    lines[a] = words.join(" ");
                }
            }
            if lines.is_empty() {
                break;
            }
        }
        let mutant = lines.join("\n");
        match compile(&mutant, &Options::default()) {
            Ok(_) => compiled += 1,
            Err(errors) => {
                for e in errors.iter() {
                    assert_ne!(e.kind, ErrorKind::Internal, "mutant {i} of {name}: {e}\n{mutant}");
                }
            }
        }
    }
    println!("{compiled} of {iterations} mutants compile");
    assert!(compiled > iterations / 10);
}
