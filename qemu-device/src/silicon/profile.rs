// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Profiles: what a particular chip of the family is.
//!
//! A profile is a TOML file with a value for every capability register; the ones in `profiles/`
//! are compiled in and known by name.

use serde::Deserialize;
use std::path::Path;

/// Names and texts of the profiles that are compiled in; the first is the default.
pub const BUILT_IN: &[(&str, &str)] =
    &[("g1", include_str!("../../profiles/g1.toml")), ("g1-mini", include_str!("../../profiles/g1-mini.toml"))];

/// Why a profile cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("profile {name}: {source} (built-in profiles: {})", built_in_names())]
    Read {
        /// What was asked for.
        name: String,
        /// Why it cannot be read.
        source: std::io::Error,
    },
    /// The text is not a profile.
    #[error("profile {name}: {message}")]
    Parse {
        /// What was asked for.
        name: String,
        /// Where and why.
        message: String,
    },
    /// A value makes no chip.
    #[error("profile {name}: {field} = {value} is not in {range}")]
    Range {
        /// What was asked for.
        name: String,
        /// Name of the value.
        field: &'static str,
        /// The value.
        value: u64,
        /// What is allowed.
        range: &'static str,
    },
}

fn built_in_names() -> String {
    BUILT_IN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

/// Precisions that the units support.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // The names are those of the CAP_PRECISION fields.
pub struct Precision {
    pub f64: bool,
    pub f16: bool,
    pub bf16: bool,
    pub tf32: bool,
    pub i8: bool,
    pub i4: bool,
    pub fp8: bool,
}

/// A chip. The fields are the capability registers of [`ix_hw::regs`] and in their units.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // See ix_hw::regs.
pub struct Profile {
    pub name: String,
    pub sm_count: u32,
    pub warps_per_sm: u32,
    pub blocks_per_sm: u32,
    pub threads_per_block: u32,
    pub shared_per_sm: u32,
    pub shared_per_block: u32,
    pub regs_per_sm: u32,
    pub local_per_thread: u32,
    pub vram_bytes: u64,
    pub va_bits: u32,
    pub vm_count: u32,
    pub queue_count: u32,
    pub core_clock_khz: u32,
    pub mem_clock_khz: u32,
    pub mem_bus_bits: u32,
    pub mem_kind: String,
    pub copy_engines: u32,
    pub links: u32,
    pub l2_bytes: u32,
    pub power_idle_mw: u32,
    pub power_limit_mw: u32,
    pub temp_limit_mc: u32,
    pub precision: Precision,
}

impl Profile {
    /// The built-in profile of this name, or the one in the file of this name.
    pub fn load(name: &str) -> Result<Profile, Error> {
        if let Some((_, text)) = BUILT_IN.iter().find(|(n, _)| *n == name) {
            return Profile::parse(name, text);
        }
        let text = std::fs::read_to_string(Path::new(name)).map_err(|source| Error::Read { name: name.into(), source })?;
        Profile::parse(name, &text)
    }

    /// The profile in `text`; `name` is for messages.
    pub fn parse(name: &str, text: &str) -> Result<Profile, Error> {
        let profile: Profile = toml::from_str(text).map_err(|e| Error::Parse { name: name.into(), message: e.to_string() })?;
        profile.check(name)?;
        Ok(profile)
    }

    /// The default profile.
    pub fn standard() -> Profile {
        let (name, text) = BUILT_IN[0];
        Profile::parse(name, text).expect("the tests parse every built-in profile")
    }

    /// Whether a chip can be made of it. Call it after changing a value.
    pub fn check(&self, name: &str) -> Result<(), Error> {
        let all: &[(&'static str, u64, u64, u64, &'static str)] = &[
            ("sm_count", self.sm_count.into(), 1, 1024, "1 to 1024"),
            ("warps_per_sm", self.warps_per_sm.into(), 1, 1024, "1 to 1024"),
            ("blocks_per_sm", self.blocks_per_sm.into(), 1, 1024, "1 to 1024"),
            ("threads_per_block", self.threads_per_block.into(), 32, 1024, "32 to 1024"),
            ("shared_per_sm", self.shared_per_sm.into(), 1024, 1 << 24, "1 KiB to 16 MiB"),
            ("shared_per_block", self.shared_per_block.into(), 1024, self.shared_per_sm.into(), "1 KiB to shared_per_sm"),
            ("regs_per_sm", self.regs_per_sm.into(), 1 << 12, 1 << 24, "4096 to 16777216"),
            ("local_per_thread", self.local_per_thread.into(), 0, 1 << 20, "0 to 1 MiB"),
            ("vram_bytes", self.vram_bytes, 16 << 20, 1 << 40, "16 MiB to 1 TiB"),
            ("va_bits", self.va_bits.into(), 38, 44, "38 to 44"),
            ("vm_count", self.vm_count.into(), 1, 1024, "1 to 1024"),
            ("queue_count", self.queue_count.into(), 1, 4096, "1 to 4096"),
            ("copy_engines", self.copy_engines.into(), 1, 16, "1 to 16"),
            ("power_idle_mw", self.power_idle_mw.into(), 0, self.power_limit_mw.into(), "0 to power_limit_mw"),
        ];
        for &(field, value, low, high, range) in all {
            if !(low..=high).contains(&value) {
                return Err(Error::Range { name: name.into(), field, value, range });
            }
        }
        // The BAR that maps VRAM whole has a power of two as its size.
        if !self.vram_bytes.is_power_of_two() {
            return Err(Error::Range { name: name.into(), field: "vram_bytes", value: self.vram_bytes, range: "the powers of two" });
        }
        if self.name.is_empty() || self.name.len() > 63 {
            let value = self.name.len() as u64;
            return Err(Error::Range { name: name.into(), field: "length of name", value, range: "1 to 63" });
        }
        if self.mem_kind_number().is_none() {
            let message = format!("mem_kind {:?} is none of {:?}", self.mem_kind, ix_hw::regs::MEM_KINDS);
            return Err(Error::Parse { name: name.into(), message });
        }
        Ok(())
    }

    /// CAP_MEM_KIND.
    pub fn mem_kind_number(&self) -> Option<u32> {
        ix_hw::regs::MEM_KINDS.iter().position(|&kind| kind == self.mem_kind).map(|i| i as u32)
    }

    /// CAP_PRECISION.
    pub fn precision_bits(&self) -> u32 {
        use ix_hw::regs as r;
        let p = &self.precision;
        [
            (p.f64, r::CAP_F64),
            (p.f16, r::CAP_F16),
            (p.bf16, r::CAP_BF16),
            (p.tf32, r::CAP_TF32),
            (p.i8, r::CAP_I8),
            (p.i4, r::CAP_I4),
            (p.fp8, r::CAP_FP8),
        ]
        .iter()
        .filter(|(has, _)| *has)
        .fold(0, |bits, (_, field)| bits | field.mask())
    }
}

/// The number in `text`, which may end in K, M, G or T for powers of 1024.
pub fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let (digits, shift) = match text.chars().last()?.to_ascii_uppercase() {
        'K' => (&text[..text.len() - 1], 10),
        'M' => (&text[..text.len() - 1], 20),
        'G' => (&text[..text.len() - 1], 30),
        'T' => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    digits.parse::<u64>().ok()?.checked_mul(1 << shift)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_profiles_are_valid() {
        for (name, text) in BUILT_IN {
            Profile::parse(name, text).unwrap();
        }
        assert_eq!(Profile::standard().sm_count, 16);
    }

    #[test]
    fn bad_profiles_are_refused_with_the_reason() {
        let good = BUILT_IN[0].1;
        let fails = |text: String| Profile::parse("p", &text).unwrap_err().to_string();
        assert!(fails(good.replace("sm_count = 16", "sm_count = 0")).contains("sm_count = 0 is not in 1 to 1024"));
        assert!(fails(good.replace("HBM2e", "core")).contains("mem_kind \"core\""));
        assert!(fails(good.replace("vram_bytes", "vram")).contains("vram"));
        assert!(fails(good.replace("4294967296", "4294967297")).contains("powers of two"));
        let error = Profile::load("/nowhere/at.toml").unwrap_err().to_string();
        assert!(error.contains("/nowhere/at.toml") && error.contains("g1"), "{error}");
    }

    #[test]
    fn sizes_take_binary_suffixes() {
        assert_eq!(parse_size("4G"), Some(4 << 30));
        assert_eq!(parse_size("512m"), Some(512 << 20));
        assert_eq!(parse_size("4096"), Some(4096));
        assert_eq!(parse_size("x"), None);
        assert_eq!(parse_size(""), None);
        assert_eq!(parse_size("99999999999999T"), None);
    }
}
