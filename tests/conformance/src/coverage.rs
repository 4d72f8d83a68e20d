// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Which forms that compilers write have a kernel.
//!
//! `compiler/tests/ptx/forms.tsv` lists every form met in thousands of kernels. Each must be one that a case is evidence
//! for, or a *gap*: a line of `gaps.txt` with an instruction that is refused.

use std::collections::HashSet;

use crate::case::Case;
use crate::lanes::HEADER;

/// A form that is not supported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// Its name.
    pub form: String,
    /// A module with it.
    pub ptx: String,
}

/// Forms in a listing of compilers' output: the second column.
pub fn forms_met(listing: &str) -> Vec<&str> {
    listing.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').nth(1)).collect()
}

/// The lines of `gaps.txt`: a form, and its operands as far as it has any.
pub fn gaps(text: &str) -> Vec<Gap> {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
    lines
        .map(|line| {
            let form = line.split_whitespace().next().unwrap_or_default();
            let registers = ".reg .b16 %h<9>; .reg .b32 %r<40>; .reg .b64 %rd<9>; .reg .f32 %f<40>; .reg .pred %p<9>;";
            Gap {
                form: form.into(),
                ptx: format!(
                    "{HEADER}.visible .entry k()\n{{\n    .shared .align 16 .b8 cell[64];\n    {registers}\n    {line};\n    ret;\n}}\n"
                ),
            }
        })
        .collect()
}

/// Forms that are met and neither covered nor gaps.
pub fn missing<'f>(met: &[&'f str], cases: &[Case], gaps: &[Gap]) -> Vec<&'f str> {
    let covered: HashSet<&str> = cases.iter().flat_map(|c| c.forms.iter().map(String::as_str)).collect();
    let known: HashSet<&str> = gaps.iter().map(|g| g.form.as_str()).collect();
    met.iter().copied().filter(|f| !covered.contains(f) && !known.contains(f)).collect()
}
