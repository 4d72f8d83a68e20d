// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Every form of every instruction that acts in each lane by itself, against the reference.

use ix_hw::isa::ops::OPS;
use ix_hw::isa::{Class, Op, Type};
use ix_isa_tests::machine::Interpreter;
use ix_isa_tests::{case_files, iterations, operation, run_files};

#[test]
fn operations_on_the_interpreter_equal_the_reference() {
    run(iterations(200));
}

#[test]
#[ignore = "long"]
fn operations_on_many_values_equal_the_reference() {
    run(iterations(20_000));
}

fn run(random: usize) {
    let files = case_files("operations");
    assert!(!files.is_empty());
    let failures = run_files(&files, |text| operation::run(text, &Interpreter, random));
    assert!(failures.is_empty(), "{} of {} files fail:\n{}", failures.len(), files.len(), failures.join("\n"));
}

#[test]
fn every_operation_and_type_has_a_file() {
    let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/operations");
    for desc in OPS {
        // These are about more than their own lane: programs test them.
        let elsewhere = matches!(desc.class, Class::Memory | Class::Communication | Class::Control)
            || matches!(desc.op, Op::Rdsr | Op::Isspacep | Op::Nop);
        for ty in Type::ALL.iter().filter(|t| desc.takes(**t) && !elsewhere) {
            let file = dir.join(desc.name).join(format!("{}.ix", ty.name()));
            assert!(file.exists(), "{} is missing", file.display());
        }
    }
}
