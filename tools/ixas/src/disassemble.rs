// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The disassembler.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use ix_hw::isa::{Imm, Inst, INST_SIZE};

use crate::program::{Line, Program};
use crate::sources::Sources;

/// What a listing shows besides the instructions.
#[derive(Debug, Clone, Copy, Default)]
pub struct Listing<'a> {
    /// Offset of each instruction, as a comment.
    pub offsets: bool,
    /// Both words of each instruction, as a comment.
    pub words: bool,
    /// Names and source lines; the code in it is not looked at.
    pub program: Option<&'a Program>,
    /// Text of the program's source files: their lines stand in the listing as comments.
    pub sources: Option<&'a Sources>,
}

/// Code as text that [`assemble`](crate::assemble()) takes. Branch targets become labels; 16 bytes
/// that are no instruction become `.u64` data with the reason as a comment; an incomplete end
/// becomes `.byte` data.
pub fn disassemble(code: &[u8], listing: &Listing<'_>) -> String {
    let chunks = code.chunks_exact(INST_SIZE as usize);
    let tail = chunks.remainder();
    let words: Vec<[u64; 2]> = chunks.map(|c| [0, 8].map(|at| u64::from_le_bytes(std::array::from_fn(|i| c[at + i])))).collect();
    let decoded: Vec<_> = words.iter().map(|w| Inst::decode(*w)).collect();
    let names = names(&decoded, listing);
    let mut lines = listing.program.map_or(&[][..], |p| &p.lines);
    let mut out = String::new();
    for (i, (inst, [w0, w1])) in decoded.iter().zip(&words).enumerate() {
        let offset = i as u64 * INST_SIZE;
        heading(&mut out, offset, &names, &mut lines, listing);
        let mut comments = Vec::new();
        if listing.offsets {
            comments.push(format!("{offset:#06x}"));
        }
        if listing.words {
            comments.push(format!("{w0:016x} {w1:016x}"));
        }
        let text = match inst {
            Ok(inst) => text(inst, offset, &names),
            Err(reason) => {
                comments.push(reason.to_string());
                format!(".u64 {w0:#018x}, {w1:#018x}")
            }
        };
        if comments.is_empty() {
            let _ = writeln!(out, "    {text}");
        } else {
            let _ = writeln!(out, "    {text:<48} // {}", comments.join("  "));
        }
    }
    let end = words.len() as u64 * INST_SIZE;
    heading(&mut out, end, &names, &mut lines, listing);
    if !tail.is_empty() {
        let bytes: Vec<_> = tail.iter().map(|b| format!("{b:#04x}")).collect();
        let _ = writeln!(out, "    .byte {}", bytes.join(", "));
    }
    out
}

/// Names by offset, each with whether a kernel starts there.
type Names = BTreeMap<u64, Vec<(String, bool)>>;

/// Given symbols, and made-up labels for branch targets that have none.
fn names(decoded: &[Result<Inst, ix_hw::isa::DecodeError>], listing: &Listing<'_>) -> Names {
    let end = decoded.len() as u64 * INST_SIZE;
    let mut names = Names::new();
    let mut taken = BTreeSet::new();
    for symbol in listing.program.iter().flat_map(|p| &p.symbols) {
        let offset = u64::from(symbol.offset);
        if offset % INST_SIZE == 0 && offset <= end && taken.insert(symbol.name.as_str()) {
            names.entry(offset).or_default().push((symbol.name.clone(), symbol.entry));
        }
    }
    for (i, inst) in decoded.iter().enumerate() {
        let Some(target) = inst.as_ref().ok().and_then(|inst| target(inst, i as u64 * INST_SIZE)) else { continue };
        if target <= end && !names.contains_key(&target) {
            let mut name = format!("L{target:04x}");
            while taken.contains(name.as_str()) {
                name.insert(0, '_');
            }
            names.insert(target, vec![(name, false)]);
        }
    }
    names
}

/// Offset that an instruction at `offset` branches to, where it is one in the code or before it.
fn target(inst: &Inst, offset: u64) -> Option<u64> {
    (inst.op.desc().imm == Imm::Target).then(|| offset.checked_add_signed(inst.imm)).flatten()
}

fn text(inst: &Inst, offset: u64, names: &Names) -> String {
    let text = inst.to_string();
    let name = target(inst, offset).and_then(|t| names.get(&t)).and_then(|n| n.first());
    match (name, text.rsplit_once(' ')) {
        // The distance is the last word.
        (Some((name, _)), Some((before, _))) => format!("{before} {name}"),
        _ => text,
    }
}

/// Entries, labels and source line before the instruction at `offset`. `lines` are those not yet shown.
fn heading(out: &mut String, offset: u64, names: &Names, lines: &mut &[Line], listing: &Listing<'_>) {
    for (name, entry) in names.get(&offset).into_iter().flatten() {
        let _ = if *entry { writeln!(out, ".entry {name}") } else { writeln!(out, "{name}:") };
    }
    while let Some((line, rest)) = lines.split_first().filter(|(l, _)| u64::from(l.offset) <= offset) {
        *lines = rest;
        // Line 0 says that the code comes from no line in particular.
        if u64::from(line.offset) != offset || line.line == 0 {
            continue;
        }
        let file = listing.program.and_then(|p| p.files.get(line.file as usize)).filter(|f| !f.contains(['"', '\n', '\r']));
        let _ = match file {
            Some(file) => writeln!(out, "    .line {} \"{file}\"", line.line),
            None => writeln!(out, "    .line {}", line.line),
        };
        if let Some(text) = file.and_then(|file| listing.sources?.line(file, line.line)) {
            let text: String = text.chars().map(|c| if c.is_control() && c != '\t' { ' ' } else { c }).collect();
            let _ = writeln!(out, "    // {:>4} | {}", line.line, text.trim_end());
        }
    }
}
