// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Program files: assembly, a launch, and what must come out.
//!
//! ```text
//! launch block=64,1,1 grid=2,1,1 shared=256 dynamic=0 local=16 vregs=16 sregs=16
//! param 0x102000000000 7           64-bit words of the parameter block (DATA is the data's address)
//! data 0: u32 1 2 3                words at an offset of the data before the launch
//! expect 0: u32 1 2 3              words at an offset of the data afterwards
//! expect 64: u32 5 x 32            32 words of 5
//! fault PAGE pc=label va=0x... lanes=0x... thread=1,0,0 block=0,0,0 access=1 size=4
//! code:
//! ...
//! ```
//! Only the fields of a fault that the file names are compared. Without `fault` the launch must end
//! well. Sections before `code:` may be in any order; the rest of the file is assembly.

use ix_hw::dispatch::Descriptor;
use ix_hw::fault::KINDS;
use ix_hw::isa::text::parse_number;

use crate::assembly::{assemble, Program};
use crate::machine::{Engine, Machine, Outcome, CODE_VA, DATA_VA};

/// Jumps that a program may make.
const FUEL: u64 = 20_000_000;

fn number(word: &str) -> Result<u64, String> {
    if word == "DATA" {
        return Ok(DATA_VA);
    }
    if let Some(offset) = word.strip_prefix("DATA+") {
        return Ok(DATA_VA.wrapping_add(number(offset)?));
    }
    parse_number(word).map(|v| v as u64).ok_or_else(|| format!("bad number `{word}`"))
}

fn triple(text: &str) -> Result<[u32; 3], String> {
    let mut all = [1; 3];
    for (slot, word) in all.iter_mut().zip(text.split(',')) {
        *slot = number(word)? as u32;
    }
    Ok(all)
}

/// `offset: type words`, as offset and bytes.
fn words(text: &str) -> Result<(u64, Vec<u8>), String> {
    let (offset, rest) = text.split_once(':').ok_or("a `:` is missing")?;
    let mut list = rest.split_whitespace();
    let size = match list.next() {
        Some("u8") => 1,
        Some("u16") => 2,
        Some("u32") => 4,
        Some("u64") => 8,
        other => return Err(format!("bad word type {other:?}")),
    };
    let mut bytes = Vec::new();
    let mut list = list.peekable();
    while let Some(word) = list.next() {
        let value = if let Some(float) = word.strip_prefix("f:") {
            let value: f32 = float.parse().map_err(|_| format!("bad float `{float}`"))?;
            value.to_bits().into()
        } else {
            number(word)?
        };
        let mut count = 1;
        if list.peek() == Some(&"x") {
            list.next();
            count = number(list.next().ok_or("a count is missing")?)?;
        }
        for _ in 0..count {
            bytes.extend(&value.to_le_bytes()[..size]);
        }
    }
    Ok((number(offset.trim())?, bytes))
}

fn check_fault(wanted: &str, outcome: Outcome, program: &Program) -> Result<(), String> {
    let mut fields = wanted.split_whitespace();
    let name = fields.next().unwrap_or("");
    let Outcome::Fault(fault) = outcome else { return Err(format!("{outcome:?} instead of a fault {name}")) };
    let kind = KINDS.iter().find(|k| k.0 == fault.kind).map_or("?", |k| k.1);
    if kind != name {
        return Err(format!("fault {kind} instead of {name}: {fault:x?}"));
    }
    for field in fields {
        let (field, value) = field.split_once('=').ok_or_else(|| format!("bad field `{field}`"))?;
        let ok = match field {
            "pc" => {
                let offset = match program.labels.get(value) {
                    Some(offset) => *offset,
                    None => number(value)?,
                };
                fault.pc == CODE_VA.wrapping_add(offset)
            }
            "va" => fault.va == number(value)?,
            "lanes" => u64::from(fault.lanes) == number(value)?,
            "access" => u64::from(fault.access) == number(value)?,
            "size" => u64::from(fault.size) == number(value)?,
            "detail" => u64::from(fault.detail) == number(value)?,
            "thread" => fault.thread == triple(value)?,
            "block" => fault.block == triple(value)?,
            _ => return Err(format!("no field `{field}`")),
        };
        if !ok {
            return Err(format!("fault has not {field}={value}: {fault:x?}"));
        }
    }
    Ok(())
}

/// Runs a program file.
pub fn run(text: &str, engine: &dyn Engine) -> Result<(), String> {
    let (head, code) = text.split_once("code:").ok_or("`code:` is missing")?;
    let program = assemble(code)?;
    let mut descriptor = Descriptor { grid: [1; 3], block: [32, 1, 1], vregs: 32, sregs: 32, ..Descriptor::ZERO };
    let mut param = Vec::new();
    let mut data = Vec::new();
    let mut expected = Vec::new();
    let mut fault = None;
    for line in head.lines().map(|l| l.split('#').next().unwrap_or("").trim()).filter(|l| !l.is_empty()) {
        let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
        match word {
            "launch" => {
                for field in rest.split_whitespace() {
                    let (name, value) = field.split_once('=').ok_or_else(|| format!("bad field `{field}`"))?;
                    match name {
                        "block" => descriptor.block = triple(value)?,
                        "grid" => descriptor.grid = triple(value)?,
                        "shared" => descriptor.shared_bytes = number(value)? as u32,
                        "dynamic" => descriptor.dynamic_shared_bytes = number(value)? as u32,
                        "local" => descriptor.local_bytes = number(value)? as u32,
                        "vregs" => descriptor.vregs = number(value)? as u16,
                        "sregs" => descriptor.sregs = number(value)? as u16,
                        "grid_id" => descriptor.grid_id = number(value)?,
                        "env" => descriptor.env_va = number(value)?,
                        _ => return Err(format!("no field `{name}`")),
                    }
                }
            }
            "param" => {
                for word in rest.split_whitespace() {
                    param.extend(number(word)?.to_le_bytes());
                }
            }
            "data" => data.push(words(rest)?),
            "expect" => expected.push(words(rest)?),
            "fault" => fault = Some(rest),
            _ => return Err(format!("unknown word `{word}`")),
        }
    }
    let machine = Machine::new(1 << 20).map_err(|e| e.to_string())?;
    for (offset, bytes) in &data {
        machine.write(*offset, bytes);
    }
    let launch = machine.launch(&program.bytes, &param, descriptor)?;
    let outcome = engine.run(&launch, FUEL);
    match fault {
        Some(wanted) => check_fault(wanted, outcome, &program)?,
        None if outcome != Outcome::Done => return Err(format!("{outcome:x?}")),
        None => {}
    }
    for (offset, bytes) in &expected {
        let got = machine.read(*offset, bytes.len());
        if let Some(at) = (0..bytes.len()).find(|i| bytes[*i] != got[*i]) {
            let from = at / 8 * 8;
            let to = (from + 8).min(bytes.len());
            return Err(format!("data at {:#x}: {:x?} instead of {:x?}", offset + from as u64, &got[from..to], &bytes[from..to]));
        }
    }
    Ok(())
}
