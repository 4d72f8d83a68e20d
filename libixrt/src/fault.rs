// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What a fault record means to a program.
//!
//! The record's kind decides the error code, and the rest becomes a sentence: kernel, what it did
//! to which address, instruction and source line, block and thread.

use crate::context::Context;
use crate::error::{Code, Error};
use crate::memory::allocations;
use crate::module::FUNCTIONS;
use ix_hw::fault::{access, kind, unit, FaultRecord, KINDS};
use std::fmt::Write;

/// The error that a fault makes of its context.
pub fn explain(record: &FaultRecord, context: &Context) -> Error {
    let asserted = record.kind == kind::TRAP && context.device_runtime.failed_assertions() > 0;
    let stack = is_of_stack(record).then(|| context.device_runtime.stack());
    explain_with(record, asserted, stack)
}

/// Whether this is an access beyond the memory of a thread with a stack.
fn is_of_stack(record: &FaultRecord) -> bool {
    let Ok(function) = FUNCTIONS.get(record.tag) else { return false };
    record.kind == kind::LOCAL_RANGE && function.kernel.uses_stack && record.va >= u64::from(function.kernel.local_bytes)
}

fn explain_with(record: &FaultRecord, asserted: bool, stack: Option<u32>) -> Error {
    let code = match record.kind {
        kind::TRAP if asserted => Code::ASSERT,
        kind::LOCAL_RANGE if stack.is_some() => Code::HARDWARE_STACK_ERROR,
        kind::PAGE => Code::ILLEGAL_ADDRESS,
        kind::MISALIGNED => Code::MISALIGNED_ADDRESS,
        kind::SHARED_RANGE | kind::LOCAL_RANGE | kind::PARAM_RANGE => Code::INVALID_ADDRESS_SPACE,
        kind::ILLEGAL_INSTRUCTION if record.access == access::FETCH => Code::INVALID_PC,
        kind::ILLEGAL_INSTRUCTION => Code::ILLEGAL_INSTRUCTION,
        kind::CALL_DEPTH => Code::HARDWARE_STACK_ERROR,
        kind::TIMEOUT => Code::LAUNCH_TIMEOUT,
        _ => Code::LAUNCH_FAILED,
    };
    Error::new(code, describe(record, asserted, stack))
}

fn describe(record: &FaultRecord, asserted: bool, stack: Option<u32>) -> String {
    let function = FUNCTIONS.get(record.tag).ok();
    let who = match (&function, record.unit) {
        (_, unit::COPY) => "a copy or fill".to_string(),
        (Some(function), _) => format!("kernel `{}`", function.kernel.name),
        (None, unit::SM) => "a kernel of an unloaded module".to_string(),
        (None, _) => "a queue".to_string(),
    };
    let what = match (record.access, record.unit) {
        (access::READ, _) => "read",
        (access::WRITE, _) => "wrote",
        (access::ATOMIC, _) => "did an atomic operation on",
        (access::FETCH, _) => "fetched an instruction from",
        _ => "accessed",
    };
    let va = record.va;
    let bytes = if record.size == 0 { String::new() } else { format!(" {} bytes at", record.size) };
    let address = format!("{what}{bytes} address {va:#x}");
    let mut text = match record.kind {
        kind::PAGE => format!("{who} {address}, {}", neighbourhood(va)),
        kind::MISALIGNED => format!("{who} {address}, which is not aligned to the size of the access"),
        kind::SHARED_RANGE => format!("{who} {address} of shared memory, outside of what the block has"),
        kind::LOCAL_RANGE if stack.is_some() => {
            let size = stack.unwrap_or(0);
            format!("{who} ran out of its stack of {size} bytes (see IX_LIMIT_STACK_SIZE)")
        }
        kind::LOCAL_RANGE => format!("{who} {address} of local memory, outside of what the thread has"),
        kind::PARAM_RANGE => format!("{who} {address} of its parameters, outside of what it was launched with"),
        kind::ILLEGAL_INSTRUCTION if record.access == access::FETCH => format!("{who} ran out of its code, to address {va:#x}"),
        kind::ILLEGAL_INSTRUCTION => format!("{who} met an instruction that the device does not know ({:#010x})", record.detail),
        kind::TRAP if asserted => format!("{who} failed an assertion"),
        kind::TRAP => format!("{who} executed a trap instruction"),
        kind::BREAKPOINT => format!("{who} executed a breakpoint with no debugger there"),
        kind::CALL_DEPTH => format!("{who} nested calls too deeply, or returned without a call"),
        kind::BARRIER => format!("{who} waited at a barrier that can never complete"),
        kind::TIMEOUT => format!("{who} ran longer than it may"),
        other => {
            let meaning = KINDS.iter().find(|(number, ..)| *number == other).map_or("an unknown fault", |(_, _, doc)| doc.trim());
            format!("{who} stopped: {} (fault {other}, packet {})", meaning.trim_end_matches('.'), record.packet)
        }
    };
    if record.unit == unit::SM {
        let _ = write!(text, "; at PC {:#x}", record.pc);
        if let Some(function) = &function {
            let entry = function.code.va() + u64::from(function.kernel.entry);
            let _ = match record.pc.checked_sub(entry).filter(|offset| *offset < function.kernel.size.into()) {
                Some(offset) => write!(text, " ({}+{offset:#x})", function.kernel.name),
                None => write!(text, " (module+{:#x})", record.pc.wrapping_sub(function.code.va())),
            };
            if let Some((file, line)) = function.code.line(record.pc) {
                let _ = write!(text, ", {file}:{line}");
            }
        }
        let ([bx, by, bz], [tx, ty, tz]) = (record.block, record.thread);
        let _ = write!(text, ", block ({bx}, {by}, {bz}), thread ({tx}, {ty}, {tz})");
    }
    text
}

/// Where an address lies relative to what the program holds.
fn neighbourhood(va: u64) -> String {
    if va < ix_hw::mmu::VA_START {
        return "which is no address of device memory (a null pointer, a host pointer, or an uninitialised one)".into();
    }
    match allocations::before(va) {
        Some((start, size)) if va - start < size => "which is mapped without permission for that".into(),
        Some((start, size)) if va - (start + size) < 1 << 20 => {
            let past = match va - (start + size) {
                0 => "just".to_string(),
                n => format!("{n} bytes"),
            };
            format!("which is not mapped; it is {past} past the end of the allocation at {start:#x} of {size} bytes")
        }
        _ => "which is not mapped".into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_fault_says_where() {
        let record = FaultRecord {
            kind: kind::PAGE,
            unit: unit::SM,
            access: access::WRITE,
            size: 4,
            va: 0x10,
            pc: 0x10_0000_0040,
            block: [1, 2, 3],
            thread: [4, 5, 6],
            ..FaultRecord::ZERO
        };
        let error = explain_with(&record, false, None);
        assert_eq!(error.code, Code::ILLEGAL_ADDRESS);
        assert_eq!(
            error.message,
            "a kernel of an unloaded module wrote 4 bytes at address 0x10, which is no address of device memory (a null pointer, \
             a host pointer, or an uninitialised one); at PC 0x1000000040, block (1, 2, 3), thread (4, 5, 6)"
        );
    }

    #[test]
    fn every_kind_has_a_code_of_its_own_family() {
        let code = |kind| explain_with(&FaultRecord { kind, ..FaultRecord::ZERO }, false, None).code.0;
        let found: Vec<_> = KINDS.iter().map(|(number, name, _)| (*name, code(*number))).collect();
        let expected = [
            ("NONE", 719),
            ("PAGE", 700),
            ("MISALIGNED", 716),
            ("SHARED_RANGE", 717),
            ("LOCAL_RANGE", 717),
            ("PARAM_RANGE", 717),
            ("ILLEGAL_INSTRUCTION", 715),
            ("TRAP", 719),
            ("BREAKPOINT", 719),
            ("CALL_DEPTH", 714),
            ("BARRIER", 719),
            ("TIMEOUT", 702),
            ("BAD_PACKET", 719),
            ("BAD_DESCRIPTOR", 719),
            ("BAD_RING", 719),
        ];
        assert_eq!(found, expected);
    }
}
