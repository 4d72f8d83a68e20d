// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Programs as text: the instructions of [`ix_hw::isa::text`], one a line, with labels.
//!
//! A line `name:` defines a label; a branch may name one instead of a distance. `.word N` is eight
//! raw bytes, so that programs can contain what is not an instruction.

use std::collections::HashMap;

use ix_hw::isa::{Inst, INST_SIZE};

/// A program and the addresses of its labels.
#[derive(Debug, Clone, Default)]
pub struct Program {
    /// Machine code.
    pub bytes: Vec<u8>,
    /// Offsets of labels.
    pub labels: HashMap<String, u64>,
}

fn strip(line: &str) -> &str {
    line.split('#').next().unwrap_or("").trim()
}

/// Assembles a program.
pub fn assemble(text: &str) -> Result<Program, String> {
    let mut program = Program::default();
    let mut offset = 0;
    for line in text.lines().map(strip).filter(|l| !l.is_empty()) {
        if let Some(label) = line.strip_suffix(':') {
            program.labels.insert(label.to_owned(), offset);
        } else {
            offset += if line.starts_with(".word") { 8 } else { INST_SIZE };
        }
    }
    for line in text.lines().map(strip).filter(|l| !l.is_empty() && !l.ends_with(':')) {
        let at = program.bytes.len() as u64;
        if let Some(number) = line.strip_prefix(".word") {
            let number = ix_hw::isa::text::parse_number(number.trim()).ok_or_else(|| format!("bad number in `{line}`"))?;
            program.bytes.extend((number as u64).to_le_bytes());
            continue;
        }
        let mut resolved = line.to_owned();
        if let Some(word) = line.rsplit([' ', ',']).next() {
            if let Some(target) = program.labels.get(word) {
                let distance = target.wrapping_sub(at) as i64;
                resolved = format!("{}{distance:+}", &line[..line.len() - word.len()]);
            }
        }
        let inst = Inst::parse(&resolved).map_err(|e| format!("`{line}`: {e}"))?;
        let bytes = inst.to_bytes().map_err(|e| format!("`{line}`: {e}"))?;
        program.bytes.extend(bytes);
    }
    Ok(program)
}
