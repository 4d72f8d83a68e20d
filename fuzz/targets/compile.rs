// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Any bytes as PTX, compiled at both levels with every check between passes: machine code that decodes, or errors
//! that are not the compiler's own.
#![no_main]

mod common;

use ix_compiler::{compile, ErrorKind, Level, Options};
use ix_hw::isa::Inst;
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for level in [Level::O0, Level::O2] {
        match compile(&text, &Options { level, verify: true, ..Options::default() }) {
            Ok(module) => {
                for bytes in module.code.chunks(16) {
                    let inst = bytes.try_into().ok().map(Inst::from_bytes);
                    assert!(matches!(inst, Some(Ok(_))), "{inst:?}");
                }
            }
            Err(errors) => {
                if let Some(e) = errors.iter().find(|e| e.kind == ErrorKind::Internal) {
                    panic!("{level:?}: {e}");
                }
                assert!(!errors.to_string().is_empty());
            }
        }
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, seed: u32| { common::mutate(data, size, max, seed) });
