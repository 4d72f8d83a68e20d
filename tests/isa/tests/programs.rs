// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Control flow, barriers, exchange between lanes, memory and faults: whole programs.

use ix_isa_tests::machine::Interpreter;
use ix_isa_tests::{case_files, program, run_files};

#[test]
fn programs_on_the_interpreter_do_what_their_files_say() {
    let files = case_files("programs");
    assert!(!files.is_empty());
    let failures = run_files(&files, |text| program::run(text, &Interpreter));
    assert!(failures.is_empty(), "{} of {} files fail:\n{}", failures.len(), files.len(), failures.join("\n"));
}
