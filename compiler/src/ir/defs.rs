// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Copies of some values' definitions, for passes that look from a use back at what made it.
//!
//! An instruction is large, and a function has several times as many values as a pass notes; so the table by value holds
//! indices only.

use super::{Inst, Val};

/// No instruction.
const NONE: u32 = u32::MAX;

/// Definitions by value.
#[derive(Debug, Clone, Default)]
pub struct Defs {
    index: Vec<u32>,
    insts: Vec<Inst>,
}

impl Defs {
    /// No definitions, of so many values.
    pub fn new(values: usize) -> Defs {
        Defs { index: vec![NONE; values], insts: vec![] }
    }

    /// Notes the instruction as the definition of its results. Values may have been added to the function.
    pub fn note(&mut self, inst: &Inst) {
        let mut noted = false;
        for v in inst.defs() {
            if v.index() >= self.index.len() {
                self.index.resize(v.index() + 1, NONE);
            }
            self.index[v.index()] = self.insts.len() as u32;
            noted = true;
        }
        if noted {
            self.insts.push(*inst);
        }
    }

    /// Forgets the definition of a value.
    pub fn forget(&mut self, v: Val) {
        if let Some(index) = self.index.get_mut(v.index()) {
            *index = NONE;
        }
    }

    /// The definition of a value, if it has been noted.
    pub fn get(&self, v: Val) -> Option<&Inst> {
        self.index.get(v.index()).and_then(|i| self.insts.get(*i as usize))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ix_hw::isa::{Op, Type};

    #[test]
    fn only_what_was_noted_is_found() {
        let mut defs = Defs::new(2);
        let add = Inst::with(Op::Add, Type::U32, Val(5), &[]);
        defs.note(&add);
        assert_eq!(defs.get(Val(5)), Some(&add));
        assert_eq!((defs.get(Val(0)), defs.get(Val(9))), (None, None));
        defs.forget(Val(5));
        assert_eq!(defs.get(Val(5)), None);
    }
}
