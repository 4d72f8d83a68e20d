// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What each instruction does.
//!
//! [`select`] gives the function that executes an instruction. Most come from a *lane function*:
//! the meaning of one operation for one type in a single lane, from which [`map`] makes the
//! function for all lanes of a warp and the one for scalar registers.

mod atomic;
mod bits;
mod comm;
mod compare;
mod control;
mod convert;
mod float;
mod half;
mod int;
mod map;
mod masks;
mod math;
mod memory;
mod rounding;
mod rows;
mod tensor;

use ix_hw::fault::access;
use ix_hw::isa::{Inst, Op, Operand, EXEC};

use super::block::Arrival;
use super::code::{Decoded, Kind, Source};
use super::launch::Launch;
use super::Fault;

/// Lanes of a warp.
pub(super) const LANES: usize = 32;

/// A vector register: the halves of each lane's 64 bits are apart because most operations have
/// 32-bit operands, and then take half the time.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(64))]
pub(super) struct VReg {
    pub lo: [u32; LANES],
    pub hi: [u32; LANES],
}

impl VReg {
    pub const ZERO: VReg = VReg { lo: [0; LANES], hi: [0; LANES] };

    /// The same value in all lanes.
    #[inline(always)]
    pub fn splat(value: u64) -> VReg {
        VReg { lo: [value as u32; LANES], hi: [(value >> 32) as u32; LANES] }
    }

    /// Copies the active lanes of another.
    #[inline(always)]
    pub fn blend(&mut self, from: &VReg, active: u32) {
        for lane in 0..LANES {
            let on = active >> lane & 1 != 0;
            self.lo[lane] = if on { from.lo[lane] } else { self.lo[lane] };
            self.hi[lane] = if on { from.hi[lane] } else { self.hi[lane] };
        }
    }

    /// The value in a lane below 32.
    #[inline(always)]
    pub fn get(&self, lane: usize) -> u64 {
        u64::from(self.lo[lane]) | u64::from(self.hi[lane]) << 32
    }

    /// Sets the value in a lane below 32.
    #[inline(always)]
    pub fn set(&mut self, lane: usize, value: u64) {
        self.lo[lane] = value as u32;
        self.hi[lane] = (value >> 32) as u32;
    }
}

/// What a warp does after an instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    /// Goes on with the next instruction.
    Next,
    /// Goes on at `state.pc`.
    Jump,
    /// Goes on with the next instruction in another turn.
    Sleep,
    /// Arrives at the barrier in `arrival`; the next instruction comes in another turn.
    Barrier,
    /// All lanes have ended.
    End,
    /// There is no instruction here.
    Undecoded,
    /// The fault is in `fault`.
    Fault,
}

/// Executes an instruction. Unsafe because it may use processor features: [`select`] gives only
/// functions that the processor can run.
pub(super) type Run = unsafe fn(&mut Warp<'_>, &Decoded) -> Flow;

/// Where a reducing barrier puts its result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reduction {
    /// A value of `bar_op`.
    pub op: u16,
    pub vector: bool,
    pub d: u8,
    pub lanes: u32,
}

/// What a warp keeps from turn to turn, besides vector registers.
#[derive(Debug)]
pub(super) struct State {
    pub s: [u64; 256],
    /// Mask registers, the last being exec.
    pub m: [u32; 32],
    /// Lanes that have not ended.
    pub alive: u32,
    /// Address of the next instruction.
    pub pc: u64,
    /// Return addresses.
    pub stack: Vec<u64>,
    /// Device time at which a sleeping warp wakes; 0 when it does not sleep.
    pub wake: u64,
    /// What the barrier that the warp waits at shall give it.
    pub reduction: Option<Reduction>,
}

impl Default for State {
    fn default() -> State {
        State { s: [0; 256], m: [0; 32], alive: 0, pc: 0, stack: Vec::new(), wake: 0, reduction: None }
    }
}

impl State {
    /// The state at the start of a warp with these lanes.
    pub fn reset(&mut self, pc: u64, lanes: u32) {
        self.s.fill(0);
        self.m.fill(0);
        self.m[usize::from(EXEC)] = lanes;
        self.alive = lanes;
        self.pc = pc;
        self.stack.clear();
        self.wake = 0;
        self.reduction = None;
    }
}

/// A warp during its turn.
pub(super) struct Warp<'a> {
    pub v: &'a mut [VReg; 256],
    pub state: &'a mut State,
    pub shared: &'a mut [u8],
    /// Local memory of all threads of the block, one after the other.
    pub local: &'a mut [u8],
    /// Bytes of it of one thread.
    pub local_bytes: usize,
    pub launch: &'a Launch,
    pub block: [u32; 3],
    pub sm: u32,
    /// Number of the warp in the block.
    pub warp: u32,
    /// Index of the instruction that is being executed.
    pub at: usize,
    /// Instructions executed in this turn.
    pub executed: u64,
    pub arrival: Option<Arrival>,
    pub fault: Option<Fault>,
}

impl Warp<'_> {
    /// Executes until the turn ends, and adds the jumps made to `jumps`.
    pub fn run(&mut self, turn: u32, jumps: &mut u32) -> Flow {
        let launch = self.launch;
        let code = launch.code();
        let decoded = code.decoded();
        let Some(mut at) = code.index(self.state.pc) else {
            return self.fetch_fault(self.state.pc);
        };
        // Where the straight line that is being executed began.
        let mut from = at;
        loop {
            let Some(inst) = decoded.get(at) else {
                return self.fetch_fault(code.pc(at));
            };
            self.at = at;
            // SAFETY: `select` chose the function for this processor.
            let flow = unsafe { (inst.run)(self, inst) };
            at += 1;
            if flow == Flow::Next {
                continue;
            }
            self.executed += (at - from) as u64;
            match flow {
                Flow::Next => {}
                Flow::Jump => {
                    *jumps += 1;
                    if *jumps >= turn {
                        return Flow::Jump;
                    }
                    match code.index(self.state.pc) {
                        Some(target) => {
                            at = target;
                            from = target;
                        }
                        None => return self.fetch_fault(self.state.pc),
                    }
                }
                Flow::Undecoded => return self.fetch_fault(code.pc(self.at)),
                Flow::Fault | Flow::End => return flow,
                Flow::Sleep | Flow::Barrier => {
                    self.state.pc = code.pc(at);
                    return flow;
                }
            }
        }
    }

    /// Address of the instruction that is being executed.
    pub fn pc(&self) -> u64 {
        self.launch.code().pc(self.at)
    }

    /// Lanes in exec.
    #[inline(always)]
    pub fn exec(&self) -> u32 {
        self.state.m[usize::from(EXEC)]
    }

    /// Lanes that take part in an instruction.
    #[inline(always)]
    pub fn active(&self, inst: &Decoded) -> u32 {
        self.exec() & (self.state.m[usize::from(inst.guard & 31)] ^ inst.flip)
    }

    /// Writes a mask register.
    pub fn set_mask(&mut self, m: u8, value: u32) {
        self.state.m[usize::from(m & 31)] = if m == EXEC { value & self.state.alive } else { value };
    }

    /// Value of a source that is the same in all lanes.
    #[inline(always)]
    pub fn uniform(&self, source: Source, imm: u64) -> u64 {
        match source.kind {
            Kind::S => self.state.s[usize::from(source.n)],
            Kind::I => imm,
            Kind::M => self.state.m[usize::from(source.n & 31)].into(),
            Kind::V | Kind::None => 0,
        }
    }

    /// Writes the active lanes of a vector register.
    #[inline(always)]
    pub fn write(&mut self, d: u8, out: &VReg, active: u32) {
        let d = &mut self.v[usize::from(d)];
        if active == !0 {
            *d = *out;
        } else {
            d.blend(out, active);
        }
    }

    /// Writes the active bits of the second destination, if there is one.
    pub fn write_second(&mut self, inst: &Decoded, bits: u32, active: u32) {
        if let Some(d2) = inst.d2 {
            let old = self.state.m[usize::from(d2 & 31)];
            self.set_mask(d2, (old & !active) | (bits & active));
        }
    }

    fn fetch_fault(&mut self, pc: u64) -> Flow {
        let (kind, access) = self.launch.code().fetch_fault(pc);
        let size = if access == access::FETCH { ix_hw::isa::INST_SIZE as u32 } else { 0 };
        let va = if access == access::FETCH { pc } else { 0 };
        self.fault_at(pc, kind, access, size, va, self.exec())
    }

    /// Ends in a fault of the instruction that is being executed, in `lanes`.
    pub fn fault(&mut self, kind: u32, access: u32, size: u32, va: u64, lanes: u32) -> Flow {
        self.fault_at(self.pc(), kind, access, size, va, lanes)
    }

    #[cold]
    fn fault_at(&mut self, pc: u64, kind: u32, access: u32, size: u32, va: u64, lanes: u32) -> Flow {
        let lane = if lanes == 0 { 0 } else { lanes.trailing_zeros() };
        self.fault = Some(Fault {
            kind,
            access,
            size,
            va,
            pc,
            block: self.block,
            thread: self.launch.thread_index(self.warp * 32 + lane),
            detail: self.launch.code().first_bits(pc),
            lanes,
        });
        Flow::Fault
    }
}

/// The function that executes an instruction that [`Inst::check`] accepts; `None` if there is
/// no such operation on this chip.
pub(super) fn select(inst: &Inst) -> Option<Run> {
    let masks = matches!(inst.d, Some(Operand::M(_)));
    match inst.op {
        Op::Nop | Op::Bra | Op::BraM | Op::BraS | Op::BraR | Op::Call | Op::CallR | Op::Ret => control::select(inst),
        Op::Exit | Op::Trap | Op::Brkpt | Op::Nanosleep => control::select(inst),
        Op::Mov | Op::Sel | Op::Addc | Op::Subc | Op::Rdsr => masks::select(inst),
        Op::And | Op::Or | Op::Xor | Op::Andn | Op::Not if masks => masks::select(inst),
        Op::And | Op::Or | Op::Xor | Op::Andn | Op::Not | Op::Cnot | Op::Shl | Op::Shr | Op::Shf => bits::select(inst),
        Op::Pack | Op::Popc | Op::Clz | Op::Brev | Op::Bfind | Op::Bfe | Op::Bfi | Op::Prmt | Op::Lop3 => bits::select(inst),
        Op::Add | Op::Sub | Op::Min | Op::Max | Op::Abs | Op::Neg if inst.ty.is_float() => float::select(inst),
        Op::Add | Op::Sub | Op::Min | Op::Max | Op::Abs | Op::Neg | Op::Mul | Op::Mad => int::select(inst),
        Op::Div | Op::Rem | Op::Sad | Op::Dp4a | Op::Dp2a => int::select(inst),
        Op::Fmul | Op::Fma | Op::Fdiv | Op::Copysign | Op::Rcp | Op::Sqrt => float::select(inst),
        Op::Rsqrt | Op::Sin | Op::Cos | Op::Ex2 | Op::Lg2 | Op::Tanh => math::select(inst),
        Op::Cvt => convert::select(inst),
        Op::Setp | Op::Testp => compare::select(inst),
        Op::Ld | Op::St | Op::Atom | Op::Cas | Op::Red | Op::Fence | Op::Isspacep => memory::select(inst),
        Op::ReadLane | Op::ReadFirst | Op::WriteLane | Op::Shfl | Op::Vote | Op::Match | Op::Redux => comm::select(inst),
        Op::Bar | Op::BarArrive | Op::BarRed => comm::select(inst),
        Op::Mma | Op::Transpose | Op::Ldm | Op::Stm => tensor::select(inst),
    }
}
