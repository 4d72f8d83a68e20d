// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Every form of every instruction that acts in each lane by itself or on matrices, against the reference.

use ix_hw::isa::ops::OPS;
use ix_hw::isa::{Class, Op, Type};
use ix_isa_tests::machine::Interpreter;
use ix_isa_tests::{case_files, iterations, matrix, operation, run_files};

#[test]
fn operations_on_the_interpreter_equal_the_reference() {
    run(iterations(200));
}

#[test]
#[ignore = "long"]
fn operations_on_many_values_equal_the_reference() {
    run(iterations(1_000_000));
}

fn run(random: usize) {
    let files = case_files("operations");
    assert!(!files.is_empty());
    let failures = run_files(&files, |text| operation::run(text, &Interpreter, random));
    assert!(failures.is_empty(), "{} of {} files fail:\n{}", failures.len(), files.len(), failures.join("\n"));
}

#[test]
fn matrices_on_the_interpreter_equal_the_reference() {
    run_matrices(iterations(40));
}

/// An `mma` has 64 results: a million of each form (of f64 half as many, in twice as many forms).
#[test]
#[ignore = "long"]
fn many_matrices_equal_the_reference() {
    run_matrices(iterations(16_000));
}

fn run_matrices(count: usize) {
    let forms = matrix::forms();
    assert_eq!(forms.len(), 69);
    std::thread::scope(|scope| {
        for part in forms.chunks(forms.len().div_ceil(4)) {
            scope.spawn(|| part.iter().for_each(|form| matrix::run(form, count, &Interpreter).unwrap_or_else(|e| panic!("{e}"))));
        }
    });
}

#[test]
fn every_operation_and_type_has_a_file() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/operations");
    for desc in OPS {
        // These are about more than their own lane: programs test them, and `matrix`.
        let elsewhere = matches!(desc.class, Class::Memory | Class::Communication | Class::Control | Class::Tensor)
            || matches!(desc.op, Op::Rdsr | Op::Isspacep | Op::Nop);
        for ty in Type::ALL.iter().filter(|t| desc.takes(**t) && !elsewhere) {
            let file = dir.join(desc.name).join(format!("{}.ix", ty.name()));
            assert!(file.exists(), "{} is missing", file.display());
        }
    }
}
