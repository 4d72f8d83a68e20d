// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Instructions, decoded once.
//!
//! [`Code`] is a snapshot of a module's instructions, each with the function that executes it
//! already chosen. Decoding never fails: what is not a legal instruction, names a register that
//! the descriptor does not declare, or lies on a page that cannot be read becomes an instruction
//! that faults when a warp reaches it.

use std::fmt;

use ix_hw::dispatch::{self, Descriptor};
use ix_hw::fault::{access, kind};
use ix_hw::isa::{mods, ops, Imm, Inst, Op, Operand, Type, INST_SIZE};
use ix_hw::mmu::PAGE_SIZE;

use super::exec::{self, Flow, Run};
use super::guard::Window;

/// Kind of a source in its decoded form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// There is none.
    None,
    /// Vector register.
    V,
    /// Scalar register.
    S,
    /// Mask register.
    M,
    /// The immediate.
    I,
}

/// A source in its decoded form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Source {
    pub kind: Kind,
    pub n: u8,
}

/// An instruction in its decoded form.
#[derive(Clone, Copy)]
pub(super) struct Decoded {
    /// Executes it.
    pub run: Run,
    /// Immediate operand as a register would hold it, displacement or address of the target.
    pub imm: u64,
    /// Sources a, b, c, e.
    pub src: [Source; 4],
    /// Kind of the destination.
    pub d_kind: Kind,
    /// Number of the destination.
    pub d: u8,
    /// Second destination.
    pub d2: Option<u8>,
    /// Guard: lanes take part whose bit in this mask register, xor `flip`, is set.
    pub guard: u8,
    /// All ones when the guard is negated.
    pub flip: u32,
    /// Modifiers.
    pub mods: u16,
    /// Type.
    pub ty: Type,
}

/// A snapshot of the instructions of a module, decoded for a number of registers.
pub struct Code {
    va: u64,
    vregs: u16,
    sregs: u16,
    bytes: Vec<u8>,
    /// Pages of `bytes` (counted from the page of `va`) that could not be read.
    missing: Vec<bool>,
    decoded: Vec<Decoded>,
}

impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Code {{ va: {:#x}, {} instructions, {} v, {} s }}", self.va, self.decoded.len(), self.vregs, self.sregs)
    }
}

/// The parts of the range `va .. va + size` that lie on one page each: address and length.
fn pages(va: u64, size: u64) -> impl Iterator<Item = (u64, usize)> {
    let end = va.saturating_add(size);
    let mut at = va;
    std::iter::from_fn(move || {
        let len = (PAGE_SIZE - at % PAGE_SIZE).min(end - at);
        let part = (at, len as usize);
        at += len;
        (len != 0).then_some(part)
    })
}

impl Code {
    /// Reads and decodes the instructions that `descriptor` names. Of a range beyond what a
    /// descriptor may have, nothing is read.
    pub fn load(window: &Window, descriptor: &Descriptor) -> Code {
        let va = descriptor.code_va;
        let size = if descriptor.code_size > dispatch::CODE_MAX { 0 } else { descriptor.code_size & !(INST_SIZE - 1) };
        let mut bytes = vec![0; size as usize];
        let mut missing = Vec::new();
        for (at, len) in pages(va, size) {
            let offset = (at - va) as usize;
            missing.push(window.read(at, &mut bytes[offset..offset + len]).is_err());
        }
        let (vregs, sregs) = (descriptor.vregs, descriptor.sregs);
        let mut code = Code { va, vregs, sregs, bytes, missing, decoded: Vec::new() };
        code.decoded = code
            .bytes
            .chunks_exact(INST_SIZE as usize)
            .enumerate()
            .map(|(i, bytes)| {
                let pc = va + i as u64 * INST_SIZE;
                if code.is_missing(pc) {
                    return Decoded::NOTHING;
                }
                let word = |at: usize| u64::from_le_bytes(std::array::from_fn(|i| bytes[at + i]));
                match Inst::decode([word(0), word(8)]) {
                    Ok(inst) => decode(&inst, pc, vregs, sregs),
                    Err(_) => Decoded::NOTHING,
                }
            })
            .collect();
        code
    }

    /// Whether this code was loaded for the same range and registers.
    pub fn is_for(&self, d: &Descriptor) -> bool {
        self.va == d.code_va && self.bytes.len() as u64 == d.code_size && self.vregs == d.vregs && self.sregs == d.sregs
    }

    /// Whether memory still holds what was loaded. Together with [`Code::is_for`] this says
    /// whether a cached value may be used again.
    pub fn is_current(&self, window: &Window) -> bool {
        let mut page = [0; PAGE_SIZE as usize];
        pages(self.va, self.bytes.len() as u64).zip(&self.missing).all(|((at, len), missing)| {
            let offset = (at - self.va) as usize;
            match window.read(at, &mut page[..len]) {
                Ok(()) => !missing && page[..len] == self.bytes[offset..offset + len],
                Err(_) => *missing,
            }
        })
    }

    /// First address.
    pub fn va(&self) -> u64 {
        self.va
    }

    pub(super) fn decoded(&self) -> &[Decoded] {
        &self.decoded
    }

    /// Address of the instruction at `index`.
    pub(super) fn pc(&self, index: usize) -> u64 {
        self.va.wrapping_add(index as u64 * INST_SIZE)
    }

    /// Index of the instruction at `pc`.
    pub(super) fn index(&self, pc: u64) -> Option<usize> {
        let offset = pc.wrapping_sub(self.va);
        (offset < self.bytes.len() as u64 && offset % INST_SIZE == 0).then_some((offset / INST_SIZE) as usize)
    }

    /// The first 32 bits of the instruction at `pc`.
    pub(super) fn first_bits(&self, pc: u64) -> u32 {
        let Some(at) = self.index(pc).map(|i| i * INST_SIZE as usize) else { return 0 };
        u32::from_le_bytes(std::array::from_fn(|i| self.bytes[at + i]))
    }

    fn is_missing(&self, pc: u64) -> bool {
        let page = (pc / PAGE_SIZE).wrapping_sub(self.va / PAGE_SIZE) as usize;
        self.missing.get(page).copied().unwrap_or(false)
    }

    /// Kind and access of the fault of a warp that reaches `pc` and finds no instruction.
    pub(super) fn fetch_fault(&self, pc: u64) -> (u32, u32) {
        if self.is_missing(pc) && self.index(pc).is_some() {
            (kind::PAGE, access::FETCH)
        } else if self.index(pc).is_some() {
            (kind::ILLEGAL_INSTRUCTION, access::NONE)
        } else {
            (kind::ILLEGAL_INSTRUCTION, access::FETCH)
        }
    }
}

impl Decoded {
    /// What stands where there is no instruction.
    const NOTHING: Decoded = Decoded {
        run: nothing,
        imm: 0,
        src: [Source { kind: Kind::None, n: 0 }; 4],
        d_kind: Kind::None,
        d: 0,
        d2: None,
        guard: ix_hw::isa::EXEC,
        flip: 0,
        mods: 0,
        ty: Type::None,
    };
}

/// Executes what is no instruction.
///
/// # Safety
/// None needed; the type of instructions is that of functions that need processor features.
unsafe fn nothing(_: &mut exec::Warp, _: &Decoded) -> Flow {
    Flow::Undecoded
}

fn decode(inst: &Inst, pc: u64, vregs: u16, sregs: u16) -> Decoded {
    let within = |o: &Operand| match o {
        Operand::V(n) => u16::from(*n) < vregs,
        Operand::S(n) => u16::from(*n) < sregs,
        Operand::M(_) | Operand::I => true,
    };
    if !inst.src.iter().flatten().chain(inst.d.iter()).all(within) {
        return Decoded::NOTHING;
    }
    let Some(run) = exec::select(inst) else { return Decoded::NOTHING };
    let split = |o: Option<Operand>| match o {
        None => (Kind::None, 0),
        Some(Operand::V(n)) => (Kind::V, n),
        Some(Operand::S(n)) => (Kind::S, n),
        Some(Operand::M(n)) => (Kind::M, n),
        Some(Operand::I) => (Kind::I, 0),
    };
    let (d_kind, d) = split(inst.d);
    Decoded {
        run,
        imm: immediate(inst, pc),
        src: inst.src.map(|o| {
            let (kind, n) = split(o);
            Source { kind, n }
        }),
        d_kind,
        d,
        d2: inst.d2,
        guard: inst.guard.mask,
        flip: if inst.guard.negate { !0 } else { 0 },
        mods: inst.mods.0,
        ty: inst.ty,
    }
}

/// The immediate as a register would hold it; the address of a branch target.
fn immediate(inst: &Inst, pc: u64) -> u64 {
    match inst.op.desc().imm {
        Imm::Target => pc.wrapping_add(inst.imm as u64),
        Imm::Displacement => inst.imm as u64,
        Imm::Operand => {
            let ty = if inst.op == Op::Cvt { Type::from_number(inst.mods.get(&mods::FROM) as u8).unwrap_or(Type::None) } else { inst.ty };
            if ty == Type::F64 {
                (inst.imm as u64) << 32
            } else {
                inst.imm as u64
            }
        }
    }
}

const _: () = assert!(ops::OPS.len() < 256);
