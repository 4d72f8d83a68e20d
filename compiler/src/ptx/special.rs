// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Special registers: `%tid.x`, `%laneid`, `%clock64`, ...

use super::words::{words, Component};
use std::fmt;

words! {
    /// The names of special registers, without the `%` (PTX ISA, "Special Registers").
    pub enum SpecialReg {
        Tid = "tid", Ntid = "ntid", Ctaid = "ctaid", Nctaid = "nctaid",
        Laneid = "laneid", Warpid = "warpid", Nwarpid = "nwarpid", Smid = "smid", Nsmid = "nsmid", Gridid = "gridid",
        LanemaskEq = "lanemask_eq", LanemaskLe = "lanemask_le", LanemaskLt = "lanemask_lt",
        LanemaskGe = "lanemask_ge", LanemaskGt = "lanemask_gt",
        Clock = "clock", ClockHi = "clock_hi", Clock64 = "clock64",
        Globaltimer = "globaltimer", GlobaltimerLo = "globaltimer_lo", GlobaltimerHi = "globaltimer_hi",
        DynamicSmemSize = "dynamic_smem_size", TotalSmemSize = "total_smem_size", AggrSmemSize = "aggr_smem_size",
        ReservedSmemOffsetBegin = "reserved_smem_offset_begin", ReservedSmemOffsetEnd = "reserved_smem_offset_end",
        ReservedSmemOffsetCap = "reserved_smem_offset_cap",
        IsExplicitCluster = "is_explicit_cluster", Clusterid = "clusterid", Nclusterid = "nclusterid",
        ClusterCtaid = "cluster_ctaid", ClusterNctaid = "cluster_nctaid", ClusterCtarank = "cluster_ctarank",
        ClusterNctarank = "cluster_nctarank",
        Envreg = "envreg", Pm = "pm", Pm0_64 = "pm0_64", Pm1_64 = "pm1_64", Pm2_64 = "pm2_64", Pm3_64 = "pm3_64",
        Pm4_64 = "pm4_64", Pm5_64 = "pm5_64", Pm6_64 = "pm6_64", Pm7_64 = "pm7_64", CurrentGraphExec = "current_graph_exec",
    }
}

impl SpecialReg {
    /// Whether it is a vector of `.x .y .z .w`.
    pub const fn is_vector(self) -> bool {
        use SpecialReg::*;
        matches!(self, Tid | Ntid | Ctaid | Nctaid | Clusterid | Nclusterid | ClusterCtaid | ClusterNctaid)
    }

    /// Whether it holds a predicate.
    pub const fn is_predicate(self) -> bool {
        matches!(self, SpecialReg::IsExplicitCluster)
    }

    /// How many numbered registers share the name, or 0 where it takes no number.
    const fn numbered(self) -> u8 {
        match self {
            SpecialReg::Envreg => 32,
            SpecialReg::Pm => 8,
            _ => 0,
        }
    }
}

/// A special register as an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Special {
    /// Which one.
    pub reg: SpecialReg,
    /// Number, of `%envreg0` to `%envreg31` and `%pm0` to `%pm7`; otherwise 0.
    pub index: u8,
    /// `.x`, `.y`, `.z` or `.w`; always there on a vector, unless the whole vector is moved.
    pub component: Option<Component>,
}

impl Special {
    /// Whether it stands for all components of a vector at once.
    pub const fn is_whole_vector(&self) -> bool {
        self.reg.is_vector() && self.component.is_none()
    }

    /// The special register spelled `name`, `%` included, as yet without a component.
    pub fn from_name(name: &str) -> Option<Self> {
        let word = name.strip_prefix('%')?;
        if let Some(reg) = SpecialReg::from_word(word).filter(|r| r.numbered() == 0) {
            return Some(Self { reg, index: 0, component: None });
        }
        let digits = word.len() - word.bytes().rev().take_while(u8::is_ascii_digit).count();
        let reg = SpecialReg::from_word(&word[..digits])?;
        let index: u8 = word[digits..].parse().ok()?;
        (index < reg.numbered()).then_some(Self { reg, index, component: None })
    }
}

impl fmt::Display for Special {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "%{}", self.reg)?;
        if self.reg.numbered() > 0 {
            write!(f, "{}", self.index)?;
        }
        if let Some(component) = self.component {
            write!(f, ".{component}")?;
        }
        Ok(())
    }
}
