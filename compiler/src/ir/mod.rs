// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The intermediate representation.
//!
//! A [`Func`] is a graph of [`Block`]s of [`Inst`]s as one *thread* sees it. Instructions are those of the hardware
//! ([`ix_hw::isa::Op`], type, modifiers) with *values* in place of registers, so that what an operation means is
//! defined in one place only. A value holds 64 bits, extended as the hardware extends results, or it is a
//! *predicate*: one bit. After lowering a value is a variable with any number of definitions; after `passes::ssa`
//! it has one, and joins are [`Phi`]s.
//!
//! A value lives in a *bank* ([`Bank`]): vector registers where threads of a warp may differ, scalar registers where
//! they cannot, mask registers for predicates that differ. `passes::uniform` decides.
//!
//! | file | subject |
//! |---|---|
//! | `cfg` | predecessors, dominators, loops, and the order of blocks |
//! | `defs` | definitions by value, for passes that look back |
//! | `effects` | what instructions do besides computing |
//! | `hash` | hash tables for small keys |
//! | `print` | the representation as text, for humans |
//! | `verify` | what must hold between passes |

pub mod cfg;
pub mod defs;
pub mod effects;
pub mod hash;
mod print;
pub mod verify;

use ix_hw::isa::{Mods, Op, Type};

macro_rules! ids {
    ($($(#[$meta:meta])* $name:ident),*) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(pub u32);
        impl $name {
            /// The index, for tables.
            pub const fn index(self) -> usize {
                self.0 as usize
            }
        }
    )*};
}

ids! {
    /// A value: index into [`Func::vals`].
    Val,
    /// A block: index into [`Func::blocks`].
    BlockId,
    /// An address that relocation fills in: index into [`Func::addrs`].
    AddrId
}

/// A source operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Src {
    /// The operand is absent.
    None,
    /// A value.
    Val(Val),
    /// The 64 bits that a register with this content would hold. For predicates 0 or 1.
    Imm(i64),
    /// An address that is known when the module has been placed.
    Addr(AddrId),
    /// The mask of active lanes.
    Exec,
    /// Address in local memory of this function's frame, in a scalar register.
    Frame,
    /// Address in local memory of the frames of functions that this one calls, in a scalar register.
    Top,
}

impl Src {
    /// The value, if it is one.
    pub const fn val(self) -> Option<Val> {
        match self {
            Src::Val(v) => Some(v),
            _ => None,
        }
    }
    /// The constant, if it is one.
    pub const fn imm(self) -> Option<i64> {
        match self {
            Src::Imm(i) => Some(i),
            _ => None,
        }
    }
}

/// Register file of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Bank {
    /// Vector registers.
    V,
    /// Scalar registers.
    S,
    /// Mask registers.
    M,
}

/// What is known of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ValInfo {
    /// Whether it is a predicate.
    pub pred: bool,
    /// Where it lives; meaningful after `passes::uniform`.
    pub bank: Bank,
}

/// The lanes in which an instruction acts, besides those that are active.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Guard {
    /// A predicate.
    pub pred: Val,
    /// Whether the instruction acts where the predicate is false.
    pub negate: bool,
}

/// An instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Inst {
    /// Operation.
    pub op: Op,
    /// Type.
    pub ty: Type,
    /// Modifiers.
    pub mods: Mods,
    /// Result.
    pub dst: Option<Val>,
    /// Second result, a predicate.
    pub dst2: Option<Val>,
    /// Sources.
    pub src: [Src; 4],
    /// Displacement of a memory operation; the number of the function of a call.
    pub disp: i32,
    /// Bytes of which the address of a memory operation, displacement included, is known to be a multiple; 0 if that is
    /// only the access's own size.
    pub align: u8,
    /// Guard, on memory operations only.
    pub guard: Option<Guard>,
    /// With a guard and a result: what the result is where the guard is false.
    pub old: Src,
    /// The result must differ between threads as far as the register file goes: it goes to a vector register.
    pub vector: bool,
    /// Index in [`Func::locs`].
    pub loc: u32,
}

impl Inst {
    /// An instruction without result and sources.
    pub const fn new(op: Op, ty: Type) -> Inst {
        Inst {
            op,
            ty,
            mods: Mods::NONE,
            dst: None,
            dst2: None,
            src: [Src::None; 4],
            disp: 0,
            align: 0,
            guard: None,
            old: Src::None,
            vector: false,
            loc: 0,
        }
    }

    /// `dst = op.ty src`.
    pub fn with(op: Op, ty: Type, dst: Val, src: &[Src]) -> Inst {
        let mut inst = Inst::new(op, ty);
        inst.dst = Some(dst);
        inst.src[..src.len()].copy_from_slice(src);
        inst
    }

    /// Calls `f` on every value that is read.
    pub fn for_each_use(&self, mut f: impl FnMut(Val)) {
        for src in self.src {
            if let Src::Val(v) = src {
                f(v);
            }
        }
        if let Some(guard) = self.guard {
            f(guard.pred);
        }
        if let Src::Val(v) = self.old {
            f(v);
        }
    }

    /// Calls `f` on every operand that is read and may be replaced by any other operand.
    pub fn for_each_src_mut(&mut self, mut f: impl FnMut(&mut Src)) {
        for src in &mut self.src {
            f(src);
        }
        f(&mut self.old);
    }

    /// The results.
    pub fn defs(&self) -> impl Iterator<Item = Val> {
        [self.dst, self.dst2].into_iter().flatten()
    }
}

/// A join: the value of the predecessor that control came from.
#[derive(Debug, Clone, PartialEq)]
pub struct Phi {
    /// Result.
    pub dst: Val,
    /// Predecessor and what it brings.
    pub args: Vec<(BlockId, Src)>,
}

/// How a block ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Term {
    /// To a block.
    Jump(BlockId),
    /// To `then` where the predicate is true (false, with `negate`), else to `els`.
    Branch {
        /// A predicate; a constant only before `passes::simplify`.
        cond: Src,
        /// Taken where it is true.
        then: BlockId,
        /// Taken where it is false.
        els: BlockId,
    },
    /// The thread ends.
    Exit,
    /// Returns to the caller.
    Ret,
}

impl Term {
    /// Successors, the preferred next one first; two equal ones count once.
    pub fn succs(&self) -> impl DoubleEndedIterator<Item = BlockId> + Clone {
        let (a, b) = match *self {
            Term::Jump(b) => (Some(b), None),
            Term::Branch { then, els, .. } => (Some(els), Some(then).filter(|t| *t != els)),
            Term::Exit | Term::Ret => (None, None),
        };
        a.into_iter().chain(b)
    }

    /// Calls `f` on every successor.
    pub fn for_each_succ_mut(&mut self, mut f: impl FnMut(&mut BlockId)) {
        match self {
            Term::Jump(b) => f(b),
            Term::Branch { then, els, .. } => {
                f(then);
                f(els);
            }
            Term::Exit | Term::Ret => {}
        }
    }

    /// The predicate of a branch.
    pub fn cond(&self) -> Src {
        match *self {
            Term::Branch { cond, .. } => cond,
            _ => Src::None,
        }
    }
}

/// A basic block.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    /// Joins.
    pub phis: Vec<Phi>,
    /// Instructions.
    pub insts: Vec<Inst>,
    /// End.
    pub term: Term,
    /// Source line of the end: index in [`Func::locs`].
    pub loc: u32,
}

/// What an address refers to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum AddrTarget {
    /// The data section of the module.
    Data,
    /// The code of a function of the module, by its number among those that are called.
    Function(u32),
    /// A symbol defined elsewhere.
    External(String),
}

/// A variable in local memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Offset in local memory.
    pub offset: u32,
    /// Size in bytes.
    pub size: u32,
    /// Whether its address is taken: otherwise all accesses to it have constant addresses.
    pub escapes: bool,
}

/// A kernel with what is expanded in it, or a function that is called.
#[derive(Debug, Clone, PartialEq)]
pub struct Func {
    /// Name, for messages.
    pub name: String,
    /// Blocks; the first one is the entry, which has no predecessor.
    pub blocks: Vec<Block>,
    /// Values.
    pub vals: Vec<ValInfo>,
    /// Addresses.
    pub addrs: Vec<(AddrTarget, i64)>,
    /// Source lines by `.file` number and line; the first is (0, 0): unknown.
    pub locs: Vec<(u32, u32)>,
    /// Variables in local memory, by ascending offset.
    pub slots: Vec<Slot>,
    /// Bytes of local memory of a thread; meaningful after `passes::promote`.
    pub local_bytes: u32,
}

impl Func {
    /// The entry block.
    pub const ENTRY: BlockId = BlockId(0);

    /// A function with an empty entry block.
    pub fn new(name: impl Into<String>) -> Func {
        let mut func =
            Func { name: name.into(), blocks: vec![], vals: vec![], addrs: vec![], locs: vec![(0, 0)], slots: vec![], local_bytes: 0 };
        func.new_block();
        func
    }

    /// A new empty block that ends the thread.
    pub fn new_block(&mut self) -> BlockId {
        self.blocks.push(Block { phis: vec![], insts: vec![], term: Term::Exit, loc: 0 });
        BlockId(self.blocks.len() as u32 - 1)
    }

    /// A new value of 64 bits.
    pub fn new_data(&mut self) -> Val {
        self.new_val(ValInfo { pred: false, bank: Bank::V })
    }

    /// A new predicate.
    pub fn new_pred(&mut self) -> Val {
        self.new_val(ValInfo { pred: true, bank: Bank::M })
    }

    /// A new value like this.
    pub fn new_val(&mut self, info: ValInfo) -> Val {
        self.vals.push(info);
        Val(self.vals.len() as u32 - 1)
    }

    /// The block.
    pub fn block(&self, b: BlockId) -> &Block {
        &self.blocks[b.index()]
    }

    /// The block, to change it.
    pub fn block_mut(&mut self, b: BlockId) -> &mut Block {
        &mut self.blocks[b.index()]
    }

    /// Bank of a value.
    pub fn bank(&self, v: Val) -> Bank {
        self.vals[v.index()].bank
    }

    /// Ids of all blocks.
    pub fn block_ids(&self) -> impl DoubleEndedIterator<Item = BlockId> {
        (0..self.blocks.len() as u32).map(BlockId)
    }

    /// Number of instructions.
    pub fn inst_count(&self) -> usize {
        self.blocks.iter().map(|b| b.insts.len() + 1).sum()
    }
}
