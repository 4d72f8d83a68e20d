// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Any bytes as a compiled module: refused with a reason, or equal to what it is written as again.
#![no_main]

use ix_compiler::image::{HEADER, MAGIC};
use ix_compiler::{compile, Module, Options};
use libfuzzer_sys::{fuzz_mutator, fuzz_target};

fuzz_target!(|data: &[u8]| {
    // PTX in the corpus is compiled first, so that the seeds of the other targets serve here.
    if let Some(module) = std::str::from_utf8(data).ok().and_then(|text| compile(text, &Options::default()).ok()) {
        let image = module.to_bytes();
        assert!(Module::from_bytes(&image).is_ok_and(|again| again == module));
        return;
    }
    match Module::from_bytes(data) {
        // Zeros at the end of the data are only counted in an image; writing looks at each.
        Ok(module) if module.data.len() > 16 << 20 => {}
        Ok(module) => assert_eq!(module.to_bytes(), data),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

fuzz_mutator!(|data: &mut [u8], size: usize, max: usize, _seed: u32| {
    // A module where there is none yet; else damage behind the header, under a checksum that fits.
    if !data[..size].starts_with(&MAGIC) {
        let compiled = std::str::from_utf8(&data[..size]).ok().and_then(|text| compile(text, &Options::default()).ok());
        let image = compiled.map(|m| m.to_bytes()).filter(|i| i.len() <= max.min(data.len()));
        if let Some(image) = image {
            data[..image.len()].copy_from_slice(&image);
            return image.len();
        }
        return libfuzzer_sys::fuzzer_mutate(data, size, max);
    }
    let new = libfuzzer_sys::fuzzer_mutate(data, size, max);
    if new > HEADER {
        ix_compiler::image::seal(&mut data[..new]);
    }
    new
});
