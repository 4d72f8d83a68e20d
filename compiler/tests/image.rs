// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Modules as bytes: what is written comes back, what is damaged is refused with a reason.

use ix_compiler::image::{image_length, ImageError, HEADER, MAGIC, VERSION};
use ix_compiler::module::{Kernel, Module, Param, Relocation, Section, Symbol, Target};
use ix_compiler::{compile, Options};
use std::path::Path;

/// A module that has something of everything.
fn rich() -> Module {
    let text = r#"
.version 7.8
.target sm_80
.address_size 64
.file 1 "rich.cu"
.const .f32 numbers[5] = {1.0, 2.0};
.extern .global .u32 elsewhere;
.global .b8 zeros[1000];
.func (.reg .u32 %r) twice(.reg .u32 %x) { add.u32 %r, %x, %x; ret; }
.global .u64 pointers[3] = {numbers+4, 0, twice};
.visible .entry k(.param .u64 out, .param .u8 small) .maxntid 64, 2
{
    .reg .u64 %rd<4>; .reg .u32 %r<4>;
    .loc 1 7 0
    ld.param.u64 %rd0, [out];
    mov.u64 %rd1, twice;
    mov.u64 %rd2, elsewhere;
    mov.u32 %r0, 3;
proto: .callprototype (.reg .u32 _) _ (.reg .u32 _);
    call (%r1), %rd1, (%r0), proto;
    .loc 1 9 0
    st.global.u32 [%rd0], %r1;
    st.global.u64 [%rd0+8], %rd2;
    ret;
}
.visible .entry bad(.param .u64 t) { .reg .b64 %rd; .reg .b32 %r; ld.param.u64 %rd, [t]; txq.width.b32 %r, [%rd]; ret; }
.visible .entry bounded() .reqntid 32 { ret; }
"#;
    let module = compile(text, &Options::default()).unwrap_or_else(|e| panic!("{e}"));
    let counts = [module.kernels.len(), module.refused.len(), module.relocations.len(), module.symbols.len(), module.files.len()];
    assert_eq!(counts, [2, 1, 5, 3, 1]);
    module
}

#[test]
fn every_module_of_the_corpus_comes_back() {
    let mut modules = vec![("rich".to_owned(), rich()), ("empty".to_owned(), Module::default())];
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut folders = vec![root.join("ptx"), root.join("exec/cases")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "ptx") {
                if let Ok(module) = compile(&std::fs::read_to_string(&path).unwrap(), &Options::default()) {
                    modules.push((path.display().to_string(), module));
                }
            }
        }
    }
    assert!(modules.len() > 100);
    for (name, module) in modules {
        let bytes = module.to_bytes();
        assert_eq!(bytes.first_chunk::<HEADER>().map(image_length), Some(Ok(bytes.len() as u64)), "{name}");
        let back = Module::from_bytes(&bytes).unwrap_or_else(|e| panic!("{name}: {e}"));
        assert!(back == module, "{name}");
        assert_eq!(back.to_bytes(), bytes, "{name}");
    }
}

#[test]
fn zeros_at_the_end_of_the_data_are_not_stored() {
    let mut module = Module { data: vec![0; 1 << 20], data_align: 16, ..Module::default() };
    module.data[5] = 7;
    let bytes = module.to_bytes();
    assert!(bytes.len() < 300, "{} bytes", bytes.len());
    assert_eq!(Module::from_bytes(&bytes).unwrap(), module);
}

#[test]
fn truncated_and_extended_images_are_refused() {
    let bytes = rich().to_bytes();
    for length in 0..bytes.len() {
        let error = Module::from_bytes(&bytes[..length]).expect_err("a truncated image");
        match length {
            0..8 => assert_eq!(error, ImageError::NotAnImage),
            8..HEADER => assert_eq!(error, ImageError::Length { expected: HEADER as u64, found: length as u64 }),
            _ => assert_eq!(error, ImageError::Length { expected: bytes.len() as u64, found: length as u64 }),
        }
    }
    let longer = [&bytes[..], &[0]].concat();
    assert_eq!(Module::from_bytes(&longer), Err(ImageError::Length { expected: bytes.len() as u64, found: bytes.len() as u64 + 1 }));
}

#[test]
fn every_flipped_bit_is_found() {
    let bytes = rich().to_bytes();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(Module::from_bytes(&damaged).is_err(), "bit {bit}");
    }
}

#[test]
fn other_versions_and_other_files_are_told_apart() {
    let mut bytes = rich().to_bytes();
    bytes[8..12].copy_from_slice(&(VERSION + 1).to_le_bytes());
    let error = Module::from_bytes(&bytes).unwrap_err();
    assert_eq!(error, ImageError::Version { found: VERSION + 1 });
    assert!(error.to_string().contains("compile it again"), "{error}");
    for other in [&b"\x7fELF\x02\x01\x01"[..], b".version 7.8\n.target sm_80\n.address_size 64\n", b"", &MAGIC[..7]] {
        assert_eq!(Module::from_bytes(other), Err(ImageError::NotAnImage));
    }
}

/// Puts the checksum right again.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    // An image of one byte less or more would have another length in the header.
    let length = bytes.len() as u64;
    bytes[16..24].copy_from_slice(&length.to_le_bytes());
    let step = |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15).rotate_left(29);
    let payload = &bytes[HEADER..];
    let mut sum = 0x0123_4567_89ab_cdef;
    for chunk in payload.chunks_exact(8) {
        sum = step(sum, u64::from_le_bytes(chunk.try_into().unwrap()));
    }
    let rest = payload.chunks_exact(8).remainder();
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    let sum = step(step(sum, u64::from_le_bytes(last)), payload.len() as u64);
    bytes[24..32].copy_from_slice(&sum.to_le_bytes());
    bytes
}

#[test]
fn sealed_nonsense_is_refused_or_sound() {
    const SEED: u64 = 11;
    let bytes = rich().to_bytes();
    assert!(Module::from_bytes(&sealed(bytes.clone())).is_ok());
    let mut state = SEED;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize
    };
    let mut refused = 0;
    for round in 0..20_000 {
        let mut damaged = bytes.clone();
        for _ in 0..1 + next() % 3 {
            let at = HEADER + next() % (damaged.len() - HEADER);
            damaged[at] = [0, 1, 0x7f, 0x80, 0xff, next() as u8][next() % 6];
        }
        if next() % 4 == 0 {
            damaged.truncate(HEADER + next() % (damaged.len() - HEADER));
        }
        match Module::from_bytes(&sealed(damaged)) {
            Err(_) => refused += 1,
            Ok(module) => check(&module, round),
        }
    }
    assert!(refused > 5_000, "{refused} of 20000 refused, seed {SEED}");
}

/// What the runtime relies on.
fn check(module: &Module, round: usize) {
    let (code, data) = (module.code.len() as u64, module.data.len() as u64);
    for k in &module.kernels {
        assert!(u64::from(k.entry) + u64::from(k.size) <= code && k.entry % 16 == 0, "round {round}");
        assert!(k.params.iter().all(|p| p.offset + p.size <= k.param_size), "round {round}");
    }
    assert!(module.symbols.iter().all(|s| s.offset + s.size <= data), "round {round}");
    for r in &module.relocations {
        assert!(r.offset + 8 <= if r.section == Section::Code { code } else { data }, "round {round}");
    }
}

#[test]
fn contradictions_are_refused() {
    let code = vec![0; 32];
    let kernel = |k: Kernel| Module { code: code.clone(), kernels: vec![k], ..Module::default() };
    let relocation = |section, offset| Module {
        code: code.clone(),
        relocations: vec![Relocation { section, offset, target: Target::External("x".into()), addend: 0 }],
        ..Module::default()
    };
    let cases = [
        (Module { code: vec![0; 17], ..Module::default() }, "whole instructions"),
        (Module { data: vec![1], data_align: 3, ..Module::default() }, "power of two"),
        (kernel(Kernel { entry: 32, ..Kernel::default() }), "outside of the code"),
        (kernel(Kernel { entry: 8, ..Kernel::default() }), "outside of the code"),
        (kernel(Kernel { size: 48, ..Kernel::default() }), "runs out of the code"),
        (kernel(Kernel { param_size: 4, params: vec![Param { offset: 1, size: 4, align: 4 }], ..Kernel::default() }), "parameter"),
        (relocation(Section::Code, 25), "relocation outside"),
        (relocation(Section::Data, 0), "relocation outside"),
        (relocation(Section::Code, u64::MAX), "relocation outside"),
        (Module { symbols: vec![Symbol { size: u64::MAX, offset: 2, ..Symbol::default() }], ..Module::default() }, "variable outside"),
        (Module { lines: vec![(0, 0, 1)], ..Module::default() }, "source lines"),
        (Module { lines: vec![(16, 0, 1), (0, 0, 2)], files: vec!["a".into()], ..Module::default() }, "source lines"),
    ];
    for (module, words) in cases {
        let error = Module::from_bytes(&module.to_bytes()).expect_err(words).to_string();
        assert!(error.contains(words), "{error:?} should say {words:?}");
    }
}

#[test]
fn no_more_than_a_page_is_asked_for_as_alignment() {
    let module = |data_align| Module { data: vec![1], data_align, ..Module::default() };
    assert_eq!(Module::from_bytes(&module(4096).to_bytes()).unwrap(), module(4096));
    for align in [8192, 1 << 40, 1 << 63] {
        let error = Module::from_bytes(&module(align).to_bytes()).unwrap_err();
        assert!(error.to_string().contains("alignment of more than a page"), "{error}");
    }
    let text = ".version 7.8\n.target sm_80\n.address_size 64\n.global .align 8192 .b8 big[4];\n.visible .entry k() { ret; }\n";
    let errors = compile(text, &Options::default()).unwrap_err();
    assert!(errors.to_string().contains("aligned to more than 4096"), "{errors}");
}
