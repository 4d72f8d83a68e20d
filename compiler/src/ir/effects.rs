// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What instructions do besides computing a result from their operands.
//!
//! Passes that drop, move or join instructions ask here, and nowhere else, what an operation does; so an operation that
//! they have never heard of is treated as its row in this file says, and by its class if it has none: with all effects
//! that instructions of the class may have.

use super::{Inst, Src};
use ix_hw::isa::{mods, Class, Imm, Op, Sreg};

/// A set of effects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Effects(u8);

impl Effects {
    /// None: the result depends on the operands only.
    pub const NONE: Effects = Effects(0);
    /// Reads memory that may change while the kernel runs.
    pub const READS: Effects = Effects(1);
    /// Writes memory.
    pub const WRITES: Effects = Effects(2);
    /// Memory may be different behind it because of what other threads do, and accesses do not move across it.
    pub const ORDERS: Effects = Effects(4);
    /// Depends on which lanes run it together: it stays under the control flow that it is under.
    pub const CONVERGENT: Effects = Effects(8);
    /// May stop the program: it must not run where it would not have run.
    pub const FAULTS: Effects = Effects(16);
    /// Gives another result when it runs again.
    pub const VARIES: Effects = Effects(32);
    /// Must run even if nobody reads its results.
    pub const STAYS: Effects = Effects(64);
    /// All of them.
    pub const ALL: Effects = Effects(127);

    /// Both sets.
    pub const fn and(self, other: Effects) -> Effects {
        Effects(self.0 | other.0)
    }

    /// Whether any effect is in both sets.
    pub const fn any(self, other: Effects) -> bool {
        self.0 & other.0 != 0
    }
}

/// Parts of memory that do not overlap, as a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spaces(pub u8);

impl Spaces {
    /// Number of parts.
    pub const COUNT: usize = 3;
    /// None.
    pub const NONE: Spaces = Spaces(0);
    /// Global memory.
    pub const GLOBAL: Spaces = Spaces(1);
    /// The block's shared memory.
    pub const SHARED: Spaces = Spaces(2);
    /// The thread's local memory.
    pub const LOCAL: Spaces = Spaces(4);
    /// What other threads see as well.
    pub const COMMON: Spaces = Spaces(3);
    /// All.
    pub const ALL: Spaces = Spaces(7);

    /// Those that an address of this space (a value of the `space` modifier) may lie in.
    pub const fn of(space: u16) -> Spaces {
        match space {
            mods::space::GLOBAL => Spaces::GLOBAL,
            mods::space::SHARED => Spaces::SHARED,
            mods::space::LOCAL => Spaces::LOCAL,
            mods::space::PARAM => Spaces::NONE,
            _ => Spaces::ALL,
        }
    }

    /// Whether any is in both sets.
    pub const fn any(self, other: Spaces) -> bool {
        self.0 & other.0 != 0
    }

    /// Both sets.
    pub const fn and(self, other: Spaces) -> Spaces {
        Spaces(self.0 | other.0)
    }

    /// Whether part `i`, below [`Spaces::COUNT`], is in the set.
    pub const fn has(self, i: usize) -> bool {
        self.0 >> i & 1 != 0
    }
}

impl Inst {
    /// What it does.
    pub fn effects(&self) -> Effects {
        use Effects as E;
        let desc = self.op.desc();
        let ordered = |weak: u16| if self.mods.get(&mods::ORDER) == weak { E::NONE } else { E::ORDERS.and(E::STAYS) };
        match self.op {
            Op::Mov if self.src[0] == Src::Exec => E::CONVERGENT.and(E::VARIES),
            Op::Rdsr => {
                let varies = [Sreg::Clock, Sreg::GlobalTimer, Sreg::Pc].iter().any(|s| *s as u16 == self.mods.get(&mods::SREG));
                if varies {
                    E::VARIES
                } else {
                    E::NONE
                }
            }
            // A parameter block does not change. An address that is not a constant may lie outside of it.
            Op::Ld if self.mods.get(&mods::SPACE) == mods::space::PARAM => match self.src[0] {
                Src::Imm(_) => E::NONE,
                _ => E::FAULTS,
            },
            Op::Ld => E::READS.and(E::FAULTS).and(ordered(mods::order::WEAK)),
            Op::St => E::WRITES.and(E::FAULTS).and(E::STAYS).and(ordered(mods::order::WEAK)),
            // Programs that build locks from atomics without naming an order expect this.
            Op::Atom | Op::Cas | Op::Red => E::READS.and(E::WRITES).and(E::FAULTS).and(E::STAYS).and(E::ORDERS).and(E::VARIES),
            // The lanes give each other's rows their addresses.
            Op::Ldm => E::READS.and(E::FAULTS).and(E::CONVERGENT),
            Op::Stm => E::WRITES.and(E::FAULTS).and(E::CONVERGENT).and(E::STAYS),
            Op::Fence => E::ORDERS.and(E::STAYS),
            Op::ReadFirst | Op::ReadLane => E::CONVERGENT,
            Op::Shfl | Op::Vote | Op::Match | Op::Redux => E::CONVERGENT.and(E::ORDERS).and(E::STAYS),
            Op::Nop => E::STAYS,
            _ => match desc.class {
                Class::Alu | Class::Transcendental => E::NONE,
                // Fragments of a matrix lie in registers of all lanes.
                Class::Tensor if desc.imm != Imm::Displacement => E::CONVERGENT,
                _ => E::ALL,
            },
        }
    }

    /// Parts of memory that may be different behind the instruction from what they were before.
    pub fn clobbers(&self) -> Spaces {
        let effects = self.effects();
        let mut spaces = Spaces::NONE;
        if effects.any(Effects::ORDERS) {
            spaces = Spaces::COMMON;
        }
        if effects.any(Effects::WRITES) {
            let own = match self.op.desc().imm {
                Imm::Displacement => Spaces::of(self.mods.get(&mods::SPACE)),
                _ => Spaces::ALL,
            };
            spaces = spaces.and(own);
        }
        spaces
    }

    /// Whether it must stay even if nobody reads its results.
    pub fn has_effect(&self) -> bool {
        self.effects().any(Effects::STAYS)
    }

    /// Whether its result depends on its operands only, so that equal instructions have equal results.
    pub fn is_pure(&self) -> bool {
        let impure = Effects::READS.and(Effects::WRITES).and(Effects::CONVERGENT).and(Effects::VARIES).and(Effects::STAYS);
        self.guard.is_none() && !self.effects().any(impure)
    }

    /// Whether it may run where it would not have run: it only computes.
    pub fn is_speculable(&self) -> bool {
        self.is_pure() && !self.effects().any(Effects::FAULTS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ir::Val;
    use ix_hw::isa::{ops::OPS, Mods, Type};

    fn load(space: u16, order: u16, address: Src) -> Inst {
        let mut ld = Inst::with(Op::Ld, Type::B32, Val(0), &[address]);
        ld.mods = Mods::NONE.with(&mods::SPACE, space).with(&mods::ORDER, order);
        ld
    }

    #[test]
    fn only_arithmetic_is_without_effects() {
        for desc in OPS {
            let inst = Inst::new(desc.op, Type::B32);
            let arithmetic = matches!(desc.class, Class::Alu | Class::Transcendental);
            assert_eq!(inst.effects() == Effects::NONE, arithmetic, "{}", desc.name);
        }
    }

    #[test]
    fn control_and_barriers_have_all_effects() {
        for op in [Op::Bar, Op::BarRed, Op::Call, Op::Trap, Op::Exit] {
            let inst = Inst::new(op, Type::None);
            assert_eq!((inst.effects(), inst.clobbers()), (Effects::ALL, Spaces::ALL), "{op:?}");
        }
    }

    #[test]
    fn loads_are_pure_from_parameters_only() {
        use mods::{order, space};
        let at = Src::Val(Val(1));
        assert!(load(space::PARAM, order::WEAK, at).is_pure());
        assert!(!load(space::PARAM, order::WEAK, at).is_speculable());
        assert!(load(space::PARAM, order::WEAK, Src::Imm(8)).is_speculable());
        for space in [space::GENERIC, space::GLOBAL, space::SHARED, space::LOCAL] {
            assert!(!load(space, order::WEAK, at).is_pure());
        }
        assert!(!load(space::GLOBAL, order::WEAK, at).has_effect());
        assert!(load(space::GLOBAL, order::VOLATILE, at).has_effect());
        assert_eq!(load(space::GLOBAL, order::VOLATILE, at).clobbers(), Spaces::COMMON);
    }

    #[test]
    fn stores_change_their_space() {
        let mut st = Inst::new(Op::St, Type::B32);
        for (space, spaces) in
            [(mods::space::GLOBAL, Spaces::GLOBAL), (mods::space::LOCAL, Spaces::LOCAL), (mods::space::GENERIC, Spaces::ALL)]
        {
            st.mods = Mods::NONE.with(&mods::SPACE, space);
            assert_eq!(st.clobbers(), spaces);
        }
    }

    #[test]
    fn the_clock_is_not_read_twice_at_once() {
        let mut rdsr = Inst::new(Op::Rdsr, Type::B64);
        rdsr.mods = Mods::NONE.with(&mods::SREG, Sreg::Clock as u16);
        assert!(!rdsr.is_pure());
        rdsr.mods = Mods::NONE.with(&mods::SREG, Sreg::TidX as u16);
        assert!(rdsr.is_pure());
    }
}
