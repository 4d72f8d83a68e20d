// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The representation as text. For humans: nothing reads it back.

use super::*;
use std::fmt::{Display, Formatter, Result};

impl Display for Src {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        match self {
            Src::None => write!(f, "-"),
            Src::Val(v) => write!(f, "%{}", v.0),
            Src::Imm(i) => write!(f, "{i:#x}"),
            Src::Addr(a) => write!(f, "addr{}", a.0),
            Src::Exec => write!(f, "exec"),
            Src::Frame => write!(f, "frame"),
            Src::Top => write!(f, "top"),
        }
    }
}

impl Func {
    fn name_of(&self, v: Val) -> String {
        let info = self.vals[v.index()];
        let bank = match info.bank {
            Bank::V => 'v',
            Bank::S => 's',
            Bank::M => 'm',
        };
        format!("%{}{bank}{}", v.0, if info.pred { "p" } else { "" })
    }

    fn write_inst(&self, inst: &Inst, f: &mut Formatter<'_>) -> Result {
        write!(f, "    ")?;
        if let Some(guard) = inst.guard {
            write!(f, "@{}%{} ", if guard.negate { "!" } else { "" }, guard.pred.0)?;
        }
        let names: Vec<_> = inst.defs().map(|v| self.name_of(v)).collect();
        if !names.is_empty() {
            write!(f, "{} = ", names.join(", "))?;
        }
        let desc = inst.op.desc();
        write!(f, "{}.{}", desc.name, inst.ty.name())?;
        for field in desc.mods {
            let value = inst.mods.get(field);
            match field.values.get(usize::from(value)) {
                Some(&"") => {}
                Some(name) => write!(f, ".{name}")?,
                None => write!(f, ".{value}")?,
            }
        }
        for src in inst.src.iter().filter(|s| **s != Src::None) {
            write!(f, " {src}")?;
        }
        if inst.disp != 0 {
            write!(f, " {:+}", inst.disp)?;
        }
        if inst.old != Src::None {
            write!(f, " else {}", inst.old)?;
        }
        writeln!(f)
    }
}

impl Display for Func {
    fn fmt(&self, f: &mut Formatter<'_>) -> Result {
        writeln!(f, "func {} (local {} bytes)", self.name, self.local_bytes)?;
        for (i, block) in self.blocks.iter().enumerate() {
            writeln!(f, "b{i}:")?;
            for phi in &block.phis {
                write!(f, "    {} = phi", self.name_of(phi.dst))?;
                for (pred, src) in &phi.args {
                    write!(f, " b{}:{src}", pred.0)?;
                }
                writeln!(f)?;
            }
            for inst in &block.insts {
                self.write_inst(inst, f)?;
            }
            match block.term {
                Term::Jump(b) => writeln!(f, "    jump b{}", b.0)?,
                Term::Branch { cond, then, els } => writeln!(f, "    branch {cond} b{} else b{}", then.0, els.0)?,
                Term::Exit => writeln!(f, "    exit")?,
                Term::Ret => writeln!(f, "    ret")?,
            }
        }
        Ok(())
    }
}
