// SPDX-License-Identifier: Apache-2.0 OR MIT
//! An engine of the silicon, driven by hand: modules are placed and launches made here.

use ix_compiler::{compile, ErrorKind, Module, Options, Section, Target, CALL_STACK};
use ix_hw::dispatch::Descriptor;
use ix_isa_tests::machine::{Engine, Machine, Outcome, CODE_VA, DATA_VA};

use super::{Backend, LoadError, RunError};
use crate::case::{Arg, Buffers, Launch};

/// Bytes of memory for variables and buffers.
const MEMORY: u64 = 32 << 20;
/// Jumps after which a kernel is taken to be caught in a loop.
const PATIENCE: u64 = 5_000_000;

/// Runs programs on an engine.
pub struct EngineBackend<E> {
    engine: E,
    options: Options,
    machine: Machine,
    module: Module,
    /// First byte behind the module's variables.
    heap: u64,
}

impl<E: Engine> EngineBackend<E> {
    /// Compiles with the options, runs on the engine.
    pub fn new(engine: E, options: Options) -> Result<Self, String> {
        let machine = Machine::new(MEMORY).map_err(|e| e.to_string())?;
        Ok(EngineBackend { engine, options, machine, module: Module::default(), heap: 0 })
    }
}

impl<E: Engine> Backend for EngineBackend<E> {
    fn load(&mut self, ptx: &str) -> Result<(), LoadError> {
        let mut module = compile(ptx, &self.options).map_err(|errors| {
            if errors.iter().all(|e| e.kind == ErrorKind::Unsupported) {
                LoadError::Unsupported(errors.to_string())
            } else {
                LoadError::Failed(errors.to_string())
            }
        })?;
        if let Some(refusal) = module.refused.first() {
            return Err(LoadError::Unsupported(refusal.errors.to_string()));
        }
        for r in &module.relocations {
            let target = match &r.target {
                Target::Section(Section::Code) => CODE_VA,
                Target::Section(Section::Data) => DATA_VA,
                Target::External(name) => return Err(LoadError::Unsupported(format!("{name} is not defined"))),
            };
            let section = if r.section == Section::Code { &mut module.code } else { &mut module.data };
            let at = r.offset as usize;
            section[at..at + 8].copy_from_slice(&target.wrapping_add(r.addend as u64).to_le_bytes());
        }
        self.machine.write(0, &module.data);
        self.heap = (module.data.len() as u64).next_multiple_of(256);
        self.module = module;
        Ok(())
    }

    fn run(&mut self, launch: &Launch) -> Result<Buffers, RunError> {
        let kernel = self.module.kernels.iter().find(|k| k.name == launch.entry);
        let kernel = kernel.ok_or_else(|| format!("no kernel {}", launch.entry))?;
        let mut params = vec![];
        let mut buffers = vec![];
        let mut at = self.heap;
        for (arg, param) in launch.args.iter().zip(&kernel.params) {
            params.resize(param.offset as usize, 0);
            match arg {
                Arg::Value(bytes) => params.extend(bytes),
                Arg::Buffer(bytes) => {
                    params.extend((DATA_VA + at).to_le_bytes());
                    self.machine.write(at, bytes);
                    buffers.push((at, bytes.len()));
                    at = (at + bytes.len() as u64).next_multiple_of(256) + 256;
                }
            }
        }
        if launch.args.len() != kernel.params.len() || params.len() != kernel.param_size as usize {
            return Err(format!("the arguments do not fit the parameters of {}", launch.entry).into());
        }
        if at > self.machine.data_size() {
            return Err(String::from("the buffers do not fit the machine's memory").into());
        }
        let shared = match launch.dynamic_shared {
            0 => kernel.shared_bytes,
            n => kernel.shared_bytes.next_multiple_of(16) + n,
        };
        let descriptor = Descriptor {
            entry_va: kernel.entry.into(),
            grid: launch.grid,
            block: launch.block,
            shared_bytes: shared,
            dynamic_shared_bytes: launch.dynamic_shared,
            local_bytes: kernel.local_bytes_with(CALL_STACK),
            vregs: kernel.vregs,
            sregs: kernel.sregs,
            ..Descriptor::ZERO
        };
        let prepared = self.machine.launch(&self.module.code, &params, descriptor)?;
        match self.engine.run(&prepared, PATIENCE) {
            Outcome::Done => {}
            Outcome::OutOfFuel => return Err(String::from("the kernel does not end").into()),
            Outcome::Fault(fault) => return Err(RunError::Stopped(format!("fault: {fault:?}"))),
        }
        Ok(buffers.into_iter().map(|(at, len)| self.machine.read(at, len)).collect())
    }
}
