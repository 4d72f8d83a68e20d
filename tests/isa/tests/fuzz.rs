// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Any bytes as code and any contents of registers end in an outcome: no panic, no access outside
//! the address space, no endless run.

use ix_hw::dispatch::Descriptor;
use ix_hw::isa::ops::OPS;
use ix_hw::isa::{sample::sample, Class, Inst, Op, Operand};
use ix_isa_tests::machine::{Engine, Interpreter, Machine, Outcome, CODE_VA, DATA_VA};
use ix_isa_tests::random::Random;
use ix_isa_tests::{iterations, seed};

const VREGS: u16 = 12;
const SREGS: u16 = 12;

/// Registers with numbers that are declared, mostly.
fn tame(mut inst: Inst, r: &mut Random) -> Inst {
    let mut fit = |o: Operand| match o {
        Operand::V(n) if r.below(500) != 0 => Operand::V(n % VREGS as u8),
        Operand::S(n) if r.below(500) != 0 => Operand::S(n % SREGS as u8),
        o => o,
    };
    inst.d = inst.d.map(&mut fit);
    for source in &mut inst.src {
        *source = source.map(&mut fit);
    }
    inst
}

fn random_instruction(r: &mut Random, length: usize, at: usize) -> Inst {
    loop {
        let op = OPS[r.below(OPS.len() as u64) as usize].op;
        // What ends or repeats programs is rarer, so that they get somewhere.
        if matches!(op, Op::Exit | Op::Trap | Op::Brkpt | Op::Ret | Op::BraR | Op::CallR | Op::Nanosleep) && r.below(8) != 0 {
            continue;
        }
        let mut bits = || r.bits();
        let Some(inst) = sample(op, &mut bits) else { continue };
        let mut inst = tame(inst, r);
        match op.desc().imm {
            ix_hw::isa::Imm::Target if r.below(20) != 0 => inst.imm = (r.below(length as u64) as i64 - at as i64) * 16,
            ix_hw::isa::Imm::Displacement if r.below(4) != 0 => inst.imm = r.below(64) as i64 * 8,
            _ => {}
        }
        if inst.check().is_ok() {
            return inst;
        }
    }
}

/// Sets registers to numbers that make sense as addresses, lane numbers and floats.
fn prologue(r: &mut Random) -> Vec<Inst> {
    let mut list = Vec::new();
    let mut add = |text: String| list.push(Inst::parse(&text).unwrap_or_else(|e| panic!("{text}: {e}")));
    add("rdsr.b32.tid_x v0".into());
    add(format!("mov.b64 s1, {DATA_VA:#x}"));
    add("mad.u32.wide v1, v0, 8, s1".into());
    add("mov.b64 s2, 0x100000000".into());
    add("mov.b64 s3, 0x200000000".into());
    add(format!("mov.b64 s4, {CODE_VA:#x}"));
    add(format!("mov.b64 v2, {:#x}", r.bits()));
    add("cvt.f32.u32 v3, v0, s0".into());
    add("cvt.f64.f32 v4, v3, s0".into());
    add("shl.b32 v5, v0, 2".into());
    list
}

fn run(machine: &Machine, code: &[u8], r: &mut Random) -> Outcome {
    let descriptor = Descriptor {
        grid: [1 + r.below(2) as u32, 1, 1],
        block: [1 + r.below(70) as u32, 1 + r.below(2) as u32, 1],
        shared_bytes: r.below(3) as u32 * 100,
        local_bytes: r.below(3) as u32 * 50,
        vregs: VREGS,
        sregs: SREGS,
        ..Descriptor::ZERO
    };
    let launch = machine.launch(code, &[1, 2, 3, 4, 5, 6, 7, 8], descriptor).expect("the descriptor is legal");
    Interpreter.run(&launch, 1_000)
}

#[test]
fn random_programs_end() {
    random_programs(iterations(2000));
}

#[test]
#[ignore = "long"]
fn many_random_programs_end() {
    random_programs(iterations(200_000));
}

#[test]
fn random_bytes_as_code_end() {
    random_bytes(iterations(2000));
}

#[test]
#[ignore = "long"]
fn many_random_bytes_as_code_end() {
    random_bytes(iterations(200_000));
}

#[test]
fn every_operation_runs_on_any_registers() {
    every_operation(iterations(60));
}

#[test]
#[ignore = "long"]
fn every_operation_runs_on_any_registers_often() {
    every_operation(iterations(20_000));
}

fn random_programs(count: usize) {
    let machine = Machine::new(64 << 10).unwrap();
    let mut outcomes = [0; 3];
    let mut classes = [0u64; 6];
    for n in 0..count {
        let mut r = Random::new(seed() + n as u64, "programs");
        let mut list = prologue(&mut r);
        let length = list.len() + 4 + r.below(40) as usize;
        while list.len() < length {
            let inst = random_instruction(&mut r, length, list.len());
            classes[match inst.op.desc().class {
                Class::Alu => 0,
                Class::Transcendental => 1,
                Class::Tensor => 2,
                Class::Memory => 3,
                Class::Communication => 4,
                Class::Control => 5,
            }] += 1;
            list.push(inst);
        }
        list.push(Inst::parse("exit").unwrap());
        let code: Vec<u8> = list.iter().flat_map(|i| i.to_bytes().unwrap()).collect();
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&machine, &code, &mut r)));
        let Ok(outcome) = outcome else {
            let text: Vec<String> = list.iter().map(|i| i.to_string()).collect();
            panic!("seed {} program {n}:\n{}", seed(), text.join("\n"));
        };
        outcomes[match outcome {
            Outcome::Done => 0,
            Outcome::Fault(_) => 1,
            Outcome::OutOfFuel => 2,
        }] += 1;
    }
    // The programs are not all of one kind.
    assert!(count < 1000 || (outcomes[0] > 20 && outcomes[1] > 100), "{outcomes:?} {classes:?}");
}

fn random_bytes(count: usize) {
    let machine = Machine::new(64 << 10).unwrap();
    for n in 0..count {
        let mut r = Random::new(seed() + n as u64, "bytes");
        let mut code: Vec<u8> = prologue(&mut r).iter().flat_map(|i| i.to_bytes().unwrap()).collect();
        let length = code.len() / 16 + 8;
        while code.len() < length * 16 {
            let inst = random_instruction(&mut r, length, code.len() / 16);
            code.extend(inst.to_bytes().unwrap());
        }
        for _ in 0..r.below(6) {
            let at = r.below(code.len() as u64) as usize;
            code[at] ^= 1 << r.below(8);
        }
        if n % 8 == 0 {
            code.iter_mut().for_each(|b| *b = r.bits() as u8);
        }
        let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&machine, &code, &mut r)));
        assert!(outcome.is_ok(), "seed {} bytes {n}: {code:x?}", seed());
    }
}

fn every_operation(count: usize) {
    let machine = Machine::new(64 << 10).unwrap();
    for desc in OPS {
        let mut r = Random::new(seed(), desc.name);
        for _ in 0..count {
            let mut list = prologue(&mut r);
            for v in 0..VREGS {
                list.push(Inst::parse(&format!("mov.b64 v{v}, {:#x}", r.bits() >> r.below(64))).unwrap());
                list.push(Inst::parse(&format!("mov.b64 s{v}, {:#x}", r.bits() >> r.below(64))).unwrap());
            }
            let at = list.len();
            let inst = loop {
                let mut bits = || r.bits();
                if let Some(inst) = sample(desc.op, &mut bits).map(|i| tame(i, &mut r)).filter(|i| i.check().is_ok()) {
                    break inst;
                }
            };
            list.push(inst);
            list.push(Inst::parse("exit").unwrap());
            let code: Vec<u8> = list.iter().flat_map(|i| i.to_bytes().unwrap()).collect();
            let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(&machine, &code, &mut r)));
            assert!(outcome.is_ok(), "seed {}: {}", seed(), list[at]);
        }
    }
}
