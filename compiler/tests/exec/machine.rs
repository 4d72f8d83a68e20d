// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Runs compiled kernels on the interpreter: one address space with code, data, parameters and a heap.

use std::cell::Cell;
use std::os::fd::{AsFd, FromRawFd, OwnedFd};
use std::sync::Arc;
use std::time::Instant;

use ix_compiler::{Kernel, Module, Section, Target, CALL_STACK};
use ix_device::engine::{Block, Clock, Code, Launch, Limits, Progress, Window};
use ix_hw::dispatch::Descriptor;

/// Where things lie.
const CODE: u64 = 0x10_0000_0000;
const CODE_SIZE: u64 = 16 << 20;
const DATA: u64 = CODE + CODE_SIZE;
const DATA_SIZE: u64 = 4 << 20;
const PARAM: u64 = DATA + DATA_SIZE;
const PARAM_SIZE: u64 = 64 << 10;
/// First address of buffers.
pub const HEAP: u64 = PARAM + PARAM_SIZE;
const HEAP_SIZE: u64 = 32 << 20;
/// Jumps after which a kernel is taken to be caught in a loop.
const PATIENCE: u32 = 2_000_000;

/// Shape of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    pub grid: [u32; 3],
    pub block: [u32; 3],
    pub dynamic_shared: u32,
}

impl Shape {
    pub fn linear(grid: u32, block: u32) -> Shape {
        Shape { grid: [grid, 1, 1], block: [block, 1, 1], dynamic_shared: 0 }
    }
}

/// An address space.
pub struct Machine {
    window: Arc<Window>,
    used: u64,
    /// Instructions that warps have executed in all launches.
    executed: Cell<u64>,
}

impl Machine {
    pub fn new() -> Machine {
        let size = CODE_SIZE + DATA_SIZE + PARAM_SIZE + HEAP_SIZE;
        // SAFETY: a plain system call with a string that lives long enough.
        let raw = unsafe { libc::memfd_create(c"machine".as_ptr(), libc::MFD_CLOEXEC) };
        assert!(raw >= 0, "memfd_create failed");
        // SAFETY: the descriptor has just been made and is nobody else's.
        let file = unsafe { OwnedFd::from_raw_fd(raw) };
        // SAFETY: the descriptor is open.
        assert_eq!(unsafe { libc::ftruncate(raw, size as libc::off_t) }, 0);
        let window = Window::reserve(40).unwrap();
        window.map(CODE, size, file.as_fd(), 0, true).unwrap();
        Machine { window: Arc::new(window), used: 0, executed: Cell::new(0) }
    }

    /// Instructions that warps have executed so far.
    pub fn executed(&self) -> u64 {
        self.executed.get()
    }

    /// Forgets all buffers.
    pub fn reset(&mut self) {
        self.used = 0;
    }

    /// A new buffer with these contents, aligned to 256 bytes, and at least as much untouched space behind it.
    pub fn buffer(&mut self, contents: &[u8]) -> u64 {
        let va = HEAP + self.used;
        self.used = (self.used + contents.len() as u64).next_multiple_of(256) + 256;
        assert!(self.used <= HEAP_SIZE, "the test's buffers do not fit");
        self.window.write(va, contents).unwrap();
        va
    }

    pub fn write(&self, va: u64, contents: &[u8]) {
        self.window.write(va, contents).unwrap();
    }

    pub fn read(&self, va: u64, len: usize) -> Vec<u8> {
        let mut bytes = vec![0; len];
        self.window.read(va, &mut bytes).unwrap();
        bytes
    }

    /// Places the module as a runtime would.
    pub fn load(&self, module: &Module) {
        assert!(module.code.len() as u64 <= CODE_SIZE && module.data.len() as u64 <= DATA_SIZE);
        let (mut code, mut data) = (module.code.clone(), module.data.clone());
        for r in &module.relocations {
            let target = match &r.target {
                Target::Section(Section::Code) => CODE,
                Target::Section(Section::Data) => DATA,
                Target::External(name) => panic!("{name} is not defined"),
            };
            let section = if r.section == Section::Code { &mut code } else { &mut data };
            let at = r.offset as usize;
            section[at..at + 8].copy_from_slice(&target.wrapping_add(r.addend as u64).to_le_bytes());
        }
        self.window.write(CODE, &code).unwrap();
        self.window.write(DATA, &data).unwrap();
    }

    /// Runs a kernel of the module that was loaded; a fault or an endless loop is an error.
    pub fn run(&self, module: &Module, name: &str, shape: Shape, params: &[u8]) -> Result<(), String> {
        let kernel = module.kernels.iter().find(|k| k.name == name).unwrap_or_else(|| panic!("no kernel {name}"));
        assert_eq!(params.len(), kernel.param_size as usize, "size of the parameter block of {name}");
        self.launch(module, kernel, shape, params, PATIENCE)
    }

    /// Runs a kernel of the module that was loaded. More than `patience` jumps of a block are an error.
    pub fn launch(&self, module: &Module, kernel: &Kernel, shape: Shape, params: &[u8], patience: u32) -> Result<(), String> {
        self.window.write(PARAM, params).unwrap();
        let shared = match shape.dynamic_shared {
            0 => kernel.shared_bytes,
            n => kernel.shared_bytes.next_multiple_of(16) + n,
        };
        let descriptor = Descriptor {
            entry_va: CODE + u64::from(kernel.entry),
            param_va: PARAM,
            param_size: kernel.param_size,
            grid: shape.grid,
            block: shape.block,
            shared_bytes: shared,
            dynamic_shared_bytes: shape.dynamic_shared,
            local_bytes: kernel.local_bytes_with(CALL_STACK),
            vregs: kernel.vregs,
            sregs: kernel.sregs,
            code_va: CODE,
            code_size: module.code.len() as u64,
            ..Descriptor::ZERO
        };
        let limits = Limits { threads_per_block: 1024, shared_per_block: 1 << 20, local_per_thread: 1 << 20, sm_count: 1 };
        let clock = Clock { epoch: Instant::now(), core_khz: 1_000_000 };
        let code = Arc::new(Code::load(&self.window, &descriptor));
        let launch = Launch::new(descriptor, self.window.clone(), code, clock, &limits).map_err(|e| e.to_string())?;
        let mut block = Block::new();
        let mut result = Ok(());
        for n in 0..launch.blocks() {
            block.start(&launch, launch.block_index(n), 0);
            result = match block.run(&launch, patience) {
                Ok(Progress::Done) => continue,
                Ok(_) => Err("the kernel does not end".into()),
                Err(fault) => Err(format!("fault kind {}: {fault:?}", fault.kind)),
            };
            break;
        }
        self.executed.set(self.executed.get() + block.executed());
        result
    }
}

/// A parameter block in the making.
#[derive(Debug, Clone, Default)]
pub struct Params(pub Vec<u8>);

impl Params {
    /// Appends a value at its natural alignment.
    pub fn push(&mut self, bytes: &[u8]) -> &mut Params {
        let at = self.0.len().next_multiple_of(bytes.len().max(1));
        self.0.resize(at, 0);
        self.0.extend(bytes);
        self
    }
}
