// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Fat binaries: several images of one module.
//!
//! A *fat binary* is a header and *entries*, each of which has a header too and is PTX text, perhaps
//! compressed as an LZ4 block, or machine code. A *wrapper* is what compilers put into a program: a
//! structure that points at a fat binary. Only PTX is of use here; of several texts the one for the
//! newest target that the device has is taken.

use crate::error::{Code, Error, Result};

/// First word of a fat binary and of a wrapper.
const MAGIC: u32 = 0xba55_ed50;
const WRAPPER_MAGIC: u32 = 0x4662_43b1;
/// Bytes of the headers that are looked at.
const HEADER: usize = 16;
const ENTRY_HEADER: usize = 64;
/// Kind of an entry that is PTX.
const KIND_PTX: u16 = 1;
/// Flag of an entry whose payload is an LZ4 block.
const FLAG_COMPRESSED: u64 = 0x2000;
/// Targets up to this one are code for a device of compute capability 8.0.
const NEWEST: u32 = 80;
/// No text is larger.
const TEXT_MAX: usize = 1 << 30;

/// What starts at `image`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Start {
    Binary(*const u8),
    Other,
}

/// # Safety
/// `image` is valid for 4 bytes, and for a whole fat binary or wrapper when its first word says so.
unsafe fn start(image: *const u8) -> Start {
    // SAFETY: as the caller says.
    let word = |at: *const u8| unsafe { at.cast::<u32>().read_unaligned() };
    match word(image) {
        MAGIC => Start::Binary(image),
        WRAPPER_MAGIC => {
            // SAFETY: magic, version, pointer to the fat binary.
            let binary = unsafe { image.add(8).cast::<*const u8>().read_unaligned() };
            if !binary.is_null() && word(binary) == MAGIC {
                Start::Binary(binary)
            } else {
                Start::Other
            }
        }
        _ => Start::Other,
    }
}

/// The PTX text in the fat binary or wrapper at `image`; `None` when there is neither.
///
/// # Safety
/// `image` is not null, and is valid for 4 bytes, and for a whole fat binary or wrapper when its
/// first word says so.
pub unsafe fn ptx(image: *const u8) -> Result<Option<Vec<u8>>> {
    // SAFETY: as the caller says.
    let Start::Binary(binary) = (unsafe { start(image) }) else { return Ok(None) };
    // SAFETY: a fat binary begins with its header.
    let header = unsafe { std::slice::from_raw_parts(binary, HEADER) };
    let (header_size, size) = (u16_at(header, 6), u64_at(header, 8));
    let bytes = usize::try_from(size).ok().and_then(|n| n.checked_add(header_size.into())).filter(|n| *n <= isize::MAX as usize);
    let bytes = bytes.ok_or_else(|| damaged("its length"))?;
    // SAFETY: the header tells how long it is.
    choose(unsafe { std::slice::from_raw_parts(binary, bytes) }).map(Some)
}

/// Whether bytes begin as a fat binary does.
pub fn starts(bytes: &[u8]) -> bool {
    bytes.len() >= HEADER && u32_at(bytes, 0) == MAGIC
}

/// The PTX text in the fat binary `bytes`.
pub fn choose(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut at = usize::from(u16_at(bytes, 6));
    if at < HEADER || at > bytes.len() {
        return Err(damaged("its header"));
    }
    let mut best: Option<(u32, &[u8], &[u8])> = None;
    let mut others = 0;
    while at < bytes.len() {
        let rest = &bytes[at..];
        if rest.len() < ENTRY_HEADER {
            return Err(damaged("the header of an entry"));
        }
        let header_size = u32_at(rest, 4) as usize;
        let payload = usize::try_from(u64_at(rest, 8)).unwrap_or(usize::MAX);
        let end = header_size.checked_add(payload).filter(|end| header_size >= ENTRY_HEADER && *end <= rest.len());
        let end = end.ok_or_else(|| damaged("the length of an entry"))?;
        let target = u32_at(rest, 28);
        if u16_at(rest, 0) != KIND_PTX {
            others += 1;
        } else if target <= NEWEST && best.is_none_or(|(t, ..)| target > t) {
            best = Some((target, &rest[..header_size], &rest[header_size..end]));
        }
        at += end;
    }
    let Some((_, header, payload)) = best else {
        return Err(Error::new(
            Code::NO_BINARY_FOR_GPU,
            format!("the fat binary has no PTX for targets up to sm_{NEWEST}; of machine code for other devices it has {others} entries"),
        ));
    };
    let text = if u64_at(header, 40) & FLAG_COMPRESSED != 0 {
        let compressed = payload.get(..u32_at(header, 16) as usize).ok_or_else(|| damaged("the length of compressed text"))?;
        let size = usize::try_from(u64_at(header, 56)).ok().filter(|n| *n <= TEXT_MAX).ok_or_else(|| damaged("the length of a text"))?;
        unpack(compressed, size).ok_or_else(|| damaged("compressed text"))?
    } else {
        payload.to_vec()
    };
    // Entries are padded, and the text ends in a NUL.
    let end = text.iter().position(|b| *b == 0).unwrap_or(text.len());
    Ok(text[..end].to_vec())
}

/// Unpacks an LZ4 block of `size` bytes: see lz4_Block_format.md of the LZ4 project.
fn unpack(block: &[u8], size: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(size);
    let mut input = block;
    loop {
        let token = byte(&mut input)?;
        let count = length(&mut input, token >> 4)?;
        let (literals, rest) = input.split_at_checked(count)?;
        out.extend_from_slice(literals);
        input = rest;
        if out.len() > size {
            return None;
        }
        // The last sequence has literals only.
        let Some(low) = byte(&mut input) else { break };
        let distance = usize::from(u16::from_le_bytes([low, byte(&mut input)?]));
        let matched = length(&mut input, token & 15)? + 4;
        let from = out.len().checked_sub(distance).filter(|_| distance > 0)?;
        if out.len() + matched > size {
            return None;
        }
        // A match may overlap with what it makes.
        for i in from..from + matched {
            out.push(out[i]);
        }
    }
    (out.len() == size).then_some(out)
}

fn byte(input: &mut &[u8]) -> Option<u8> {
    let (first, rest) = input.split_first()?;
    *input = rest;
    Some(*first)
}

/// A length of four bits that 15 continues.
fn length(input: &mut &[u8], nibble: u8) -> Option<usize> {
    let mut sum = usize::from(nibble);
    if nibble == 15 {
        loop {
            let more = byte(input)?;
            sum += usize::from(more);
            if more != 255 {
                break;
            }
        }
    }
    Some(sum)
}

fn damaged(what: &str) -> Error {
    Error::new(Code::INVALID_IMAGE, format!("the fat binary is damaged: {what}"))
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).map_or(0, |b| u16::from_le_bytes([b[0], b[1]]))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from(u16_at(bytes, at)) | u32::from(u16_at(bytes, at + 2)) << 16
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from(u32_at(bytes, at)) | u64::from(u32_at(bytes, at + 4)) << 32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(kind: u16, target: u32, payload: &[u8], compressed: Option<usize>) -> Vec<u8> {
        let mut entry = vec![0; ENTRY_HEADER];
        let padded = payload.len().next_multiple_of(8);
        entry[0..2].copy_from_slice(&kind.to_le_bytes());
        entry[4..8].copy_from_slice(&(ENTRY_HEADER as u32).to_le_bytes());
        entry[8..16].copy_from_slice(&(padded as u64).to_le_bytes());
        entry[28..32].copy_from_slice(&target.to_le_bytes());
        if let Some(size) = compressed {
            entry[16..20].copy_from_slice(&(payload.len() as u32).to_le_bytes());
            entry[40..48].copy_from_slice(&FLAG_COMPRESSED.to_le_bytes());
            entry[56..64].copy_from_slice(&(size as u64).to_le_bytes());
        }
        entry.extend_from_slice(payload);
        entry.resize(ENTRY_HEADER + padded, 0);
        entry
    }

    fn binary(entries: &[Vec<u8>]) -> Vec<u8> {
        let mut bytes = vec![0; HEADER];
        bytes[0..4].copy_from_slice(&MAGIC.to_le_bytes());
        bytes[4..6].copy_from_slice(&1u16.to_le_bytes());
        bytes[6..8].copy_from_slice(&(HEADER as u16).to_le_bytes());
        let size: usize = entries.iter().map(Vec::len).sum();
        bytes[8..16].copy_from_slice(&(size as u64).to_le_bytes());
        bytes.extend(entries.concat());
        bytes
    }

    #[test]
    fn newest_text_for_the_device_is_taken() {
        let fat = binary(&[
            entry(1, 70, b"old\0", None),
            entry(1, 80, b"right\0", None),
            entry(1, 90, b"new\0", None),
            entry(2, 80, b"code", None),
        ]);
        // SAFETY: the vector is a fat binary.
        assert_eq!(unsafe { ptx(fat.as_ptr()) }.unwrap().unwrap(), b"right");
        let mut wrapper = [0u8; 24];
        wrapper[0..4].copy_from_slice(&WRAPPER_MAGIC.to_le_bytes());
        wrapper[8..16].copy_from_slice(&(fat.as_ptr() as u64).to_le_bytes());
        // SAFETY: the array is a wrapper of it.
        assert_eq!(unsafe { ptx(wrapper.as_ptr()) }.unwrap().unwrap(), b"right");
        // SAFETY: four bytes are there.
        assert_eq!(unsafe { ptx(b".ver".as_ptr()) }, Ok(None));
    }

    #[test]
    fn machine_code_alone_is_refused() {
        let error = choose(&binary(&[entry(2, 80, b"code", None), entry(1, 90, b"new\0", None)])).unwrap_err();
        assert_eq!(error.code, Code::NO_BINARY_FOR_GPU);
    }

    #[test]
    fn compressed_text_is_unpacked() {
        // "abcd", then 8 bytes from 4 back, then "xyzuv".
        let block = [0x44, b'a', b'b', b'c', b'd', 4, 0, 0x50, b'x', b'y', b'z', b'u', b'v'];
        assert_eq!(unpack(&block, 17).unwrap(), b"abcdabcdabcdxyzuv");
        assert_eq!(choose(&binary(&[entry(1, 75, &block, Some(17))])).unwrap(), b"abcdabcdabcdxyzuv");
    }

    #[test]
    fn damage_is_an_error() {
        let block = [0x44, b'a', b'b', b'c', b'd', 4, 0, 0x50, b'x', b'y', b'z', b'u', b'v'];
        for length in 0..block.len() {
            assert_eq!(unpack(&block[..length], 17), None, "{length}");
        }
        assert_eq!(unpack(&[0x14, b'a', 9, 0, 0x00], 9), None, "a match before the start");
        let whole = binary(&[entry(1, 80, b"right text\0", None)]);
        for length in HEADER + 1..whole.len() {
            assert!(choose(&whole[..length]).is_err(), "{length}");
        }
    }
}
