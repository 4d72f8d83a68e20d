// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Every kernel on every back end, and whether every form has a kernel.

use std::collections::HashSet;
use std::process::Command;

use ix_compiler::ptx::opcode::Opcode;
use ix_compiler::{compile, ErrorKind, Options};
use ix_conformance::backend::{Backend, Kind, LoadError, RunError, KINDS};
use ix_conformance::case::{Buffers, Case, Effort, Launch};
use ix_conformance::coverage::{forms_met, gaps, missing};
use ix_conformance::run::{failures, run_all, run_program, Verdict};
use ix_conformance::suite;

const GAPS: &str = include_str!("../gaps.txt");
const FORMS: &str = include_str!("../../../compiler/tests/ptx/forms.tsv");
/// Fewer kernels than this would mean that files were not found.
const AT_LEAST: usize = 6500;

fn cases() -> Vec<Case> {
    suite::cases().unwrap_or_else(|e| panic!("{e}"))
}

fn run(effort: Effort) {
    let cases = cases();
    let kinds: Vec<&Kind> = KINDS.iter().collect();
    let verdicts = run_all(&cases, &kinds, effort);
    let failures = failures(&cases, &kinds, &verdicts, effort);
    let names: Vec<&str> = kinds.iter().map(|k| k.name).collect();
    println!("{} kernels on {}, seed {}", cases.len(), names.join(", "), effort.seed);
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n\n"));
}

#[test]
fn every_kernel_gives_what_the_isa_says_on_every_back_end() {
    run(Effort::QUICK);
}

#[test]
#[ignore = "long"]
fn every_kernel_gives_what_the_isa_says_on_many_more_values() {
    run(Effort::LONG);
}

#[test]
fn the_interpreter_needs_no_vector_instructions() {
    // The choice holds for a process, so it is another one.
    let output = Command::new(env!("CARGO_BIN_EXE_ix-conformance"))
        .args(["run", "--backend", "interpreter"])
        .env("IX_SIMD", "0")
        .output()
        .expect("the suite's program starts");
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "with IX_SIMD=0: {text}");
}

#[test]
fn every_form_that_compilers_write_has_a_kernel_or_is_refused() {
    let (cases, gaps, met) = (cases(), gaps(GAPS), forms_met(FORMS));
    assert!(met.len() > 600, "{} forms met", met.len());
    let missing = missing(&met, &cases, &gaps);
    assert!(missing.is_empty(), "{} forms have neither a kernel nor a line in gaps.txt: {missing:#?}", missing.len());
    for gap in &gaps {
        let errors = match compile(&gap.ptx, &Options::default()) {
            Ok(module) if module.refused.is_empty() => {
                panic!("{} is supported now, so its line in gaps.txt makes room for a kernel", gap.form)
            }
            Ok(mut module) => module.refused.remove(0).errors,
            Err(errors) => errors,
        };
        assert!(errors.iter().all(|e| e.kind == ErrorKind::Unsupported), "{} is refused for another reason:\n{errors}", gap.form);
    }
    println!("{} kernels; {} forms met in the wild, {} of them gaps", cases.len(), met.len(), gaps.len());
}

/// Instructions of clusters and of the cache's policies, of which a program can see nothing here.
const EXEMPT: &[&str] = &["discard", "mapa", "getctarank", "createpolicy.fractional", "createpolicy.range", "createpolicy.cvt"];

#[test]
fn every_instruction_of_the_compilers_table_has_a_kernel() {
    let cases = cases();
    let covered =
        |name: &str| cases.iter().flat_map(|c| &c.forms).any(|f| f.strip_prefix(name).is_some_and(|r| r.is_empty() || r.starts_with('.')));
    // Those without operands are kept as text and refused.
    let supported = Opcode::TABLE.iter().filter(|o| !o.forms.is_empty()).map(|o| o.name);
    let missing: Vec<&str> = supported.filter(|name| !covered(name) && !EXEMPT.contains(name)).collect();
    assert!(missing.is_empty(), "no kernel for {missing:?}");
}

#[test]
fn names_are_unique_and_kernels_many() {
    let cases = cases();
    let mut seen = HashSet::new();
    for case in &cases {
        assert!(seen.insert(&case.name), "two kernels are called {}", case.name);
    }
    assert!(cases.len() >= AT_LEAST, "only {} kernels", cases.len());
}

/// A back end whose results are wrong in one bit.
struct Wrong(Box<dyn Backend>);

impl Backend for Wrong {
    fn load(&mut self, ptx: &str) -> Result<(), LoadError> {
        self.0.load(ptx)
    }
    fn run(&mut self, launch: &Launch) -> Result<Buffers, RunError> {
        let mut buffers = self.0.run(launch)?;
        for byte in buffers.iter_mut().skip(1).flat_map(|b| b.first_mut()) {
            *byte ^= 1;
        }
        Ok(buffers)
    }
}

#[test]
fn a_wrong_bit_is_found_and_described() {
    let mut backend = Wrong((KINDS[0].make)().expect("the interpreter can be made"));
    let cases = cases();
    for name in ["add.sat.s32", "cvt.rni.s16.f32", "setp.lt.f64", "ld.shared.v2.u32", "st.global.u8"] {
        let case = cases.iter().find(|c| c.name == name).unwrap_or_else(|| panic!("no kernel {name}"));
        let program = (case.make)(Effort::QUICK).expect("a program");
        let Verdict::Failed(why) = run_program(&program, &mut backend) else { panic!("{name}: the wrong bit is not found") };
        for word in ["expected", "got", "thread 0", "0x"] {
            assert!(why.contains(word), "{name}: `{word}` is missing in:\n{why}");
        }
    }
}
