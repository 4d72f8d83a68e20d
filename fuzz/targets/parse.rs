// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Any bytes as PTX: a module or errors with places, and a module prints to an equal one.
#![no_main]

mod common;

use ix_compiler::ptx::parse;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    match parse(&text) {
        Ok(module) => {
            let printed = module.to_string();
            match parse(&printed) {
                Ok(again) => assert!(again == module, "what was printed is another module:\n{printed}"),
                Err(errors) => panic!("what was printed does not parse:\n{errors}"),
            }
        }
        Err(errors) => assert!(!errors.to_string().is_empty()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| { common::mutate(data, size, max, seed) });
