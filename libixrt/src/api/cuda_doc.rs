// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes `docs/cuda-api.md` from the table.

use super::header::cuda_names;
use super::table::{self, Section, SECTIONS};
use std::collections::BTreeMap;
use std::fmt::Write;

const TOP: &str = "\
<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->
<!-- Generated from the tables in libixrt/src/api by `cargo run -p ixrt --example interface`; do not edit. -->
# The CUDA driver interface

Which functions of the CUDA driver interface the library has. They are found in `libcuda.so.1`,
which is another name of `libixrt.so`, by their own names and through `cuGetProcAddress`.
";

const COUNTING: &str = "
What is counted is names of CUDA's documentation: versions (`_v2`, ...) and variants for per-thread
default streams (`_ptsz`, `_ptds`) of a function are not counted apart. A function counts as
working when it does what CUDA documents for a device like these, with the differences stated. That
can be to refuse: access to a peer cannot be enabled where there is none. All others of the interface are there as symbols: they return
`CUDA_ERROR_NOT_SUPPORTED` (801), and each says so once on standard error, which `IXRT_QUIET=1`
silences.

*Since* is the version of the driver interface that introduced the function. Symbols without a
version suffix take the parameters of the suffixed ones where these differ only in the width of
addresses and sizes.
";

/// A documented function.
#[derive(Debug, Default)]
struct Row {
    since: i32,
    works: bool,
    differs: Vec<String>,
}

/// The documented functions of a section.
fn rows(section: &Section) -> BTreeMap<&'static str, Row> {
    let mut rows: BTreeMap<&'static str, Row> = BTreeMap::new();
    let mut add = |symbol: &table::Symbol, works: bool| {
        let row = rows.entry(symbol.documented()).or_insert_with(|| Row { since: symbol.since, ..Row::default() });
        row.since = row.since.min(symbol.since);
        row.works |= works;
    };
    for symbol in section.absent.iter().copied().flatten() {
        add(symbol, false);
    }
    for symbol in section.functions.iter().flat_map(|f| f.cuda) {
        add(symbol, true);
    }
    for function in section.functions {
        let differs: Vec<_> = function.doc.split("Differs:").skip(1).map(|d| d.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        if let Some(first) = function.cuda.first() {
            let row = rows.entry(first.documented()).or_default();
            row.differs.extend(differs.iter().map(|d| cuda_names(d)).filter(|d| !d.is_empty()));
        }
    }
    rows
}

/// Number of documented functions that work, and of all.
pub fn count() -> (usize, usize) {
    let all: Vec<Row> = SECTIONS.iter().flat_map(rows).map(|(_, row)| row).collect();
    (all.iter().filter(|r| r.works).count(), all.len())
}

/// The text of the table.
pub fn cuda_doc() -> String {
    let mut out = TOP.to_string();
    let (working, all) = count();
    let symbols = table::symbols().count();
    let _ = writeln!(out, "\n**{working} of {all} functions work**; with versions and variants {symbols} symbols are exported.");
    out.push_str(COUNTING);
    for section in SECTIONS {
        let rows = rows(section);
        let (works, all) = (rows.values().filter(|r| r.works).count(), rows.len());
        if all == 0 {
            continue;
        }
        let _ =
            writeln!(out, "\n## {} ({works} of {all})\n\n| function | since | status | differences |\n|---|---|---|---|", section.title);
        for (name, row) in rows {
            let since = format!("{}.{}", row.since / 1000, row.since % 1000 / 10);
            let status = if row.works { "works" } else { "not supported" };
            let _ = writeln!(out, "| `{name}` | {since} | {status} | {} |", row.differs.join(" "));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    /// So many functions work at least. It rises with the table, and does not fall.
    const WORKING: usize = 351;

    #[test]
    fn number_of_working_functions_does_not_fall() {
        let (working, _) = count();
        assert!(working >= WORKING, "{working} functions work; {WORKING} did");
    }

    #[test]
    fn documentation_is_current() {
        let kept = include_str!("../../../docs/cuda-api.md");
        assert!(kept == cuda_doc(), "docs/cuda-api.md is stale: cargo run -p ixrt --example interface");
    }
}
