// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Encoding, decoding and text of instructions agree, for every operation.

use ix_hw::isa::{mods, ops::OPS, sample::sample, DecodeError, EncodeError, Inst, Mods, Op, Operand, Type};

/// A small generator (xorshift64*), so that the crate needs no dependency.
fn random(seed: u64) -> impl FnMut() -> u64 {
    let mut state = seed;
    move || {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        state.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 7
    }
}

#[test]
fn every_operation_survives_encoding_and_text() {
    for (i, desc) in OPS.iter().enumerate() {
        let mut random = random(0x1234 + i as u64);
        let mut legal = 0;
        for _ in 0..3000 {
            let Some(inst) = sample(desc.op, &mut random) else { continue };
            legal += 1;
            let words = inst.encode().unwrap();
            assert_eq!(Inst::decode(words), Ok(inst), "{inst}");
            let text = inst.to_string();
            assert_eq!(Inst::parse(&text), Ok(inst), "{text}");
        }
        assert!(legal > 100, "{}: only {legal} legal samples", desc.name);
    }
}

#[test]
fn decoding_corrupted_words_never_accepts_what_encodes_differently() {
    let mut random = random(99);
    let mut accepted = 0;
    for _ in 0..300_000 {
        let desc = &OPS[random() as usize % OPS.len()];
        let Some(inst) = sample(desc.op, &mut random) else { continue };
        let mut words = inst.encode().unwrap();
        for _ in 0..1 + random() % 3 {
            words[random() as usize % 2] ^= 1 << (random() % 64);
        }
        if let Ok(inst) = Inst::decode(words) {
            accepted += 1;
            assert_eq!(inst.encode(), Ok(words), "{inst}");
        }
    }
    assert!(accepted > 10_000, "{accepted}");
}

#[test]
fn operations_are_sorted_unique_and_their_fields_disjoint() {
    for pair in OPS.windows(2) {
        assert!((pair[0].op as u16) < pair[1].op as u16);
    }
    for desc in OPS {
        assert_eq!(OPS.iter().filter(|d| d.name == desc.name).count(), 1, "{}", desc.name);
        assert_eq!(desc.op.desc(), desc);
        let mut seen = 0;
        for field in desc.mods {
            assert_eq!(seen & field.mask(), 0, "{}: {}", desc.name, field.name);
            seen |= field.mask();
            assert!(field.count() <= 1 << field.width);
            for value in field.values.iter().filter(|v| !v.is_empty()) {
                let owners = desc.mods.iter().filter(|f| f.values.contains(value)).count();
                assert_eq!(owners, 1, "{}: `{value}` is ambiguous", desc.name);
            }
        }
    }
}

#[test]
fn known_encodings_stay() {
    let add = Inst::parse("@!m3 add.s32.sat v1, s2, 5").unwrap();
    assert_eq!(add.encode(), Ok([0x0000_0201_0d23_2c20 | 3 << 26, 0x0000_0010_0000_0005]));
    let load = Inst::parse("ld.f32.global v7, [v2-4]").unwrap();
    assert_eq!(load.mods, Mods::NONE.with(&mods::SPACE, mods::space::GLOBAL));
    assert_eq!(load.imm, -4);
    let product = Inst::parse("mma.s32.khalf.sat.u8_s8 v1, v2, v3, v4").unwrap();
    assert_eq!(product.encode(), Ok([0x0403_0201_001f_2cb0, 0x0818 << 32]));
    let wide = Inst::parse("mov.b64 s9, 0x123456789abcdef0").unwrap();
    assert_eq!(wide.encode().unwrap()[1], 0x1234_5678_9abc_def0);
}

#[test]
fn illegal_instructions_are_refused_with_the_reason() {
    let mut inst = Inst::new(Op::Add, Type::B8);
    assert_eq!(inst.encode(), Err(EncodeError::Type));
    inst.ty = Type::S32;
    assert_eq!(inst.encode(), Err(EncodeError::Operand(0)));
    inst.d = Some(Operand::S(1));
    inst.src = [Some(Operand::V(0)), Some(Operand::I), None, None];
    assert_eq!(inst.encode(), Err(EncodeError::VectorSource));
    inst.src = [Some(Operand::I), Some(Operand::I), None, None];
    assert_eq!(inst.encode(), Err(EncodeError::TwoImmediates));
    assert!(matches!(Inst::parse("rdsr.b32.tid_x s1"), Err(ix_hw::isa::text::ParseError::Illegal(EncodeError::Operand(0)))));
    for text in
        ["mma.f32.u8", "mma.s32.f16", "mma.f16.bf16", "mma.f32.f16.sat", "mma.f32.f16.rz", "mma.f64.f64.khalf", "mma.s32.b1_and.sat"]
    {
        let text = format!("{text} v1, v2, v3, v4");
        assert!(matches!(Inst::parse(&text), Err(ix_hw::isa::text::ParseError::Illegal(EncodeError::Modifier))), "{text}");
    }
    assert_eq!(Inst::decode([0x3ff, 0]), Err(DecodeError::Operation(0x3ff)));
}
