// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What runs programs: an address space with memory, and engines.

use std::os::fd::AsFd;
use std::sync::Arc;
use std::time::Instant;

use ix_device::engine::{Block, Clock, Code, Fault, Launch, Limits, Progress, Window};
use ix_hw::dispatch::Descriptor;
use ix_vfio_user::memory::SharedMemory;

/// Bits of addresses.
const VA_BITS: u32 = 40;
/// Where programs stand.
pub const CODE_VA: u64 = 0x10_0000_0000;
/// Where parameter blocks stand.
pub const PARAM_VA: u64 = 0x10_1000_0000;
/// Where data stands.
pub const DATA_VA: u64 = 0x10_2000_0000;
/// Limits of launches.
pub const LIMITS: Limits = Limits { threads_per_block: 1024, shared_per_block: 100 << 10, local_per_thread: 64 << 10, sm_count: 4 };
/// Bytes reserved for code; the rest of the memory is for data, with one page for parameters.
const CODE_SIZE: u64 = 1 << 20;
const PARAM_SIZE: u64 = 32 << 10;

/// An address space with a program, parameters and data mapped. The data is writable, the rest
/// is not, and nothing else is mapped.
pub struct Machine {
    window: Arc<Window>,
    memory: SharedMemory,
    data_size: u64,
}

impl Machine {
    /// A machine with `data_size` bytes of data, all zero.
    pub fn new(data_size: u64) -> std::io::Result<Machine> {
        let data_size = data_size.next_multiple_of(4096);
        let file = SharedMemory::new("ix-isa", CODE_SIZE + PARAM_SIZE + data_size)?;
        let window = Window::reserve(VA_BITS)?;
        window.map(CODE_VA, CODE_SIZE, file.as_fd(), 0, false)?;
        window.map(PARAM_VA, PARAM_SIZE, file.as_fd(), CODE_SIZE, false)?;
        window.map(DATA_VA, data_size, file.as_fd(), CODE_SIZE + PARAM_SIZE, true)?;
        Ok(Machine { window: Arc::new(window), memory: file, data_size })
    }

    /// Bytes of data.
    pub fn data_size(&self) -> u64 {
        self.data_size
    }

    /// Writes data from an offset on. What lies beyond the end is dropped.
    pub fn write(&self, offset: u64, bytes: &[u8]) {
        let len = (self.data_size.saturating_sub(offset) as usize).min(bytes.len());
        let written = self.memory.map().write(CODE_SIZE + PARAM_SIZE + offset, &bytes[..len]);
        debug_assert!(written);
    }

    /// Reads data from an offset on; zeros beyond the end.
    pub fn read(&self, offset: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        let inside = (self.data_size.saturating_sub(offset) as usize).min(len);
        let read = self.memory.map().read(CODE_SIZE + PARAM_SIZE + offset, &mut bytes[..inside]);
        debug_assert!(read);
        bytes
    }

    /// Prepares a launch of `code`: the descriptor's addresses and sizes of code and parameters
    /// are filled in; its entry is an offset in the code.
    pub fn launch(&self, code: &[u8], param: &[u8], descriptor: Descriptor) -> Result<Launch, String> {
        if code.len() as u64 > CODE_SIZE || param.len() as u64 > PARAM_SIZE {
            return Err("the program or its parameters are too long".into());
        }
        if !self.memory.map().write(0, code) || !self.memory.map().write(CODE_SIZE, param) {
            return Err("the machine's memory is too small".into());
        }
        let descriptor = Descriptor {
            entry_va: CODE_VA + descriptor.entry_va,
            code_va: CODE_VA,
            code_size: code.len() as u64,
            param_va: PARAM_VA,
            param_size: param.len() as u32,
            ..descriptor
        };
        let code = Arc::new(Code::load(&self.window, &descriptor));
        let clock = Clock { epoch: Instant::now(), core_khz: 1_000_000 };
        Launch::new(descriptor, self.window.clone(), code, clock, &LIMITS).map_err(|e| e.to_string())
    }
}

/// How a launch ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// All blocks are done.
    Done,
    /// One of them faulted.
    Fault(Fault),
    /// It made too many jumps.
    OutOfFuel,
}

/// Something that runs launches.
pub trait Engine: Sync {
    /// Name, for messages.
    fn name(&self) -> &'static str;
    /// Runs all blocks, with at most about `jumps` jumps each.
    fn run(&self, launch: &Launch, jumps: u64) -> Outcome;
}

/// The interpreter of the device.
pub struct Interpreter;

impl Engine for Interpreter {
    fn name(&self) -> &'static str {
        "interpreter"
    }
    fn run(&self, launch: &Launch, jumps: u64) -> Outcome {
        let mut block = Block::new();
        for n in 0..launch.blocks() {
            block.start(launch, launch.block_index(n), (n % u64::from(LIMITS.sm_count)) as u32);
            let mut left = jumps;
            loop {
                let part = left.clamp(1, 10_000) as u32;
                match block.run(launch, part) {
                    Ok(Progress::Done) => break,
                    Ok(Progress::Yielded) if left > 0 => left = left.saturating_sub(part.into()),
                    Ok(_) => return Outcome::OutOfFuel,
                    Err(fault) => return Outcome::Fault(fault),
                }
            }
        }
        Outcome::Done
    }
}
