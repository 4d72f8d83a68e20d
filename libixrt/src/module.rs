// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Modules: PTX text made into code in device memory, and the functions in it.
//!
//! Loading compiles the text, gives the code and data sections their places in device memory,
//! fills in the relocations, and copies both there. A kernel's handle is also the *tag* of its
//! launches, by which a fault record finds its way back to the kernel's name.

use crate::context::Context;
use crate::copy;
use crate::device_runtime::Needs;
use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use crate::memory::{allocations, Allocation, Block, Origin};
use ix_compiler::error::{ErrorKind, Errors};
use ix_compiler::module::{Kernel, Module as Compiled, Section, Target};
use ix_hw::dispatch::PARAM_MAX;
use std::collections::HashMap;
use std::ffi::CString;
use std::sync::atomic::{AtomicI32, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, OnceLock, Weak};

/// Modules that have handles.
pub static MODULES: Table<Module> = Table::new(Of::Module, "module");
/// Functions that have handles.
pub static FUNCTIONS: Table<Function> = Table::new(Of::Function, "function");

/// Alignment of the code section.
const CODE_ALIGN: u64 = 4096;

/// A loaded module.
#[derive(Debug)]
pub struct Module {
    /// Its context.
    pub context: Weak<Context>,
    /// Id of its context.
    pub context_id: u64,
    program: Program,
    /// Its handle, once it has one.
    handle: OnceLock<u64>,
    /// Handles of functions, by index in the program's kernels.
    functions: Mutex<HashMap<usize, u64>>,
    /// Start and size of the memory of its variables.
    data: Option<(u64, u64)>,
}

/// What functions share of their module: the code in device memory and what is known of it.
#[derive(Debug)]
pub struct Text {
    block: Block,
    size: u64,
    lines: Vec<(u32, u32, u32)>,
    files: Vec<String>,
    /// What its kernels call.
    pub needs: Needs,
}

#[derive(Debug)]
struct Program {
    code: Option<Arc<Text>>,
    kernels: Vec<Kernel>,
    symbols: Vec<ix_compiler::module::Symbol>,
    refused: Vec<ix_compiler::module::Refusal>,
}

/// A kernel of a loaded module.
#[derive(Debug)]
pub struct Function {
    /// Its context.
    pub context_id: u64,
    /// What the compiler says of it.
    pub kernel: Kernel,
    /// The code it is a part of.
    pub code: Arc<Text>,
    /// Bytes of `.const` data of its module.
    pub const_bytes: u64,
    /// Largest dynamic shared memory that launches may ask for; negative: the usual limit.
    pub max_dynamic_shared: AtomicI32,
    /// Preferred share of shared memory in percent; kept, and without effect.
    pub carveout: AtomicI32,
    /// Preferred cache configuration; kept, and without effect.
    pub cache_config: AtomicU32,
    /// Preferred banks of shared memory; likewise.
    pub banks: AtomicU32,
    /// Its name for C.
    pub name: CString,
    /// Handle of its module.
    pub module: u64,
    /// What is set before a launch in the way of CUDA before version 4.
    pub prepared: Mutex<Prepared>,
}

/// A launch that is put together call by call.
#[derive(Debug, Default)]
pub struct Prepared {
    /// Threads of a block.
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory.
    pub shared_bytes: u32,
    /// The parameter block.
    pub parameters: Vec<u8>,
}

impl Text {
    /// First address.
    pub fn va(&self) -> u64 {
        self.block.va
    }

    /// Bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Source file and line of the instruction at `pc`, if the text said.
    pub fn line(&self, pc: u64) -> Option<(&str, u32)> {
        let offset = u32::try_from(pc.checked_sub(self.va())?).ok()?;
        let after = self.lines.partition_point(|(start, ..)| *start <= offset);
        let (_, file, line) = *self.lines.get(after.checked_sub(1)?)?;
        Some((self.files.get(file as usize)?.as_str(), line)).filter(|_| line != 0)
    }
}

/// What the compiler complained about, as the program's error.
pub fn refused(errors: &Errors) -> Error {
    let code = match errors.first().kind {
        ErrorKind::Version => Code::UNSUPPORTED_PTX_VERSION,
        ErrorKind::Limit => Code::LAUNCH_OUT_OF_RESOURCES,
        ErrorKind::Internal => Code::UNKNOWN,
        ErrorKind::Syntax | ErrorKind::Invalid | ErrorKind::Unsupported => Code::INVALID_PTX,
    };
    Error::new(code, errors.to_string())
}

impl Module {
    /// Compiles and loads a PTX text.
    pub fn load(context: &Arc<Context>, image: &[u8]) -> Result<Arc<Module>> {
        Module::place(context, Module::compile(image)?)
    }

    /// Compiles a PTX text, or reads a module that was compiled before.
    pub fn compile(image: &[u8]) -> Result<Compiled> {
        if image.starts_with(&ix_compiler::image::MAGIC) {
            let compiled = Compiled::from_bytes(image).map_err(|e| Error::new(Code::INVALID_IMAGE, e.to_string()))?;
            return Module::check(compiled);
        }
        match image {
            [0x7f, b'E', b'L', b'F', ..] | [0x50, 0xed, 0x55, 0xba, ..] => {
                return Err(Error::new(
                    Code::NO_BINARY_FOR_GPU,
                    "the image is a binary for another kind of GPU; PTX text and what ixLinkComplete gives can be loaded",
                ));
            }
            _ => {}
        }
        let text = std::str::from_utf8(image).map_err(|e| Error::new(Code::INVALID_IMAGE, format!("the image is not PTX text: {e}")))?;
        let input = ix_compiler::Input { name: "", text };
        Module::check(crate::cache::compile(&[input], &ix_compiler::Options::default()).map_err(|errors| refused(&errors))?)
    }

    /// Checks what a kernel's launches rely on.
    fn check(compiled: Compiled) -> Result<Compiled> {
        let inside = |k: &Kernel| k.params.iter().all(|p| p.offset.checked_add(p.size).is_some_and(|end| end <= k.param_size));
        if let Some(kernel) = compiled.kernels.iter().find(|k| k.param_size > PARAM_MAX || !inside(k)) {
            return Err(Error::new(Code::INVALID_PTX, format!("`{}` has more than {PARAM_MAX} bytes of parameters", kernel.name)));
        }
        Ok(compiled)
    }

    /// Loads what was compiled.
    pub fn place(context: &Arc<Context>, compiled: Compiled) -> Result<Arc<Module>> {
        let heap = &context.device.vram;
        let place = |bytes: &[u8], align: u64| -> Result<Option<Block>> {
            if bytes.is_empty() {
                return Ok(None);
            }
            heap.take(bytes.len() as u64, align).map(Some)
        };
        let code = place(&compiled.code, CODE_ALIGN)?;
        let data = place(&compiled.data, compiled.data_align)?;
        let (mut code_bytes, mut data_bytes) = (compiled.code, compiled.data);
        for relocation in &compiled.relocations {
            let base = match &relocation.target {
                Target::Section(Section::Code) => code.as_ref(),
                Target::Section(Section::Data) => data.as_ref(),
                Target::External(name) => {
                    return Err(Error::new(Code::INVALID_PTX, format!("the symbol `{name}` is declared `.extern` and defined nowhere")));
                }
            };
            let section = match relocation.section {
                Section::Code => &mut code_bytes,
                Section::Data => &mut data_bytes,
            };
            let address = base.map_or(0, |b| b.va).wrapping_add_signed(relocation.addend);
            let start = usize::try_from(relocation.offset).unwrap_or(usize::MAX);
            let Some(place) = start.checked_add(8).and_then(|end| section.get_mut(start..end)) else {
                return Err(Error::new(Code::UNKNOWN, "the compiler made a relocation outside of its section"));
            };
            place.copy_from_slice(&address.to_le_bytes());
        }
        for (block, bytes) in [(&code, &code_bytes), (&data, &data_bytes)] {
            if let Some(block) = block {
                copy::upload(context, block, bytes)?;
            }
        }
        let needs = Needs::of(&compiled.imports);
        context.device_runtime.prepare(context, needs)?;
        if let Some(block) = data.as_ref().filter(|_| needs.printing) {
            context.device_runtime.keep_image(block.va, &data_bytes);
        }
        let data = data.map(|block| {
            let size = block.size;
            (allocations::add(Allocation::from(Origin::Module, block, false, context)), size)
        });
        let code =
            code.map(|block| Arc::new(Text { size: code_bytes.len() as u64, block, lines: compiled.lines, files: compiled.files, needs }));
        Ok(Arc::new(Module {
            context: Arc::downgrade(context),
            context_id: context.id,
            program: Program { code, kernels: compiled.kernels, symbols: compiled.symbols, refused: compiled.refused },
            handle: OnceLock::new(),
            functions: Mutex::default(),
            data,
        }))
    }

    /// Gives it a handle, which goes with its context.
    pub fn register(self: Arc<Module>, context: &Context) -> Result<u64> {
        let handle = MODULES.insert(Arc::clone(&self))?;
        context.own(handle);
        Ok(*self.handle.get_or_init(|| handle))
    }

    /// Names of its kernels, in the order of the text.
    pub fn kernel_names(&self) -> impl Iterator<Item = &str> {
        self.program.kernels.iter().map(|k| k.name.as_str())
    }

    /// Handle of the kernel `name`; the same for each call.
    pub fn function(&self, name: &str) -> Result<u64> {
        let kernels = &self.program.kernels;
        let (Some(index), Some(code)) = (kernels.iter().position(|k| k.name == name), &self.program.code) else {
            if let Some(refusal) = self.program.refused.iter().find(|r| r.name == name) {
                return Err(Error::new(Code::NOT_FOUND, format!("`{name}` is not in the module: {}", refusal.errors)));
            }
            let names: Vec<_> = kernels.iter().map(|k| k.name.as_str()).collect();
            return Err(Error::new(Code::NOT_FOUND, format!("the module has no kernel `{name}`; it has: {}", names.join(", "))));
        };
        let mut functions = lock(&self.functions);
        if let Some(handle) = functions.get(&index) {
            return Ok(*handle);
        }
        let const_bytes = self.program.symbols.iter().filter(|s| s.constant).map(|s| s.size).sum();
        let module = self.handle.get().copied().unwrap_or(0);
        let function = Function::with_code(self.context_id, kernels[index].clone(), Arc::clone(code), const_bytes, module);
        let handle = FUNCTIONS.insert(Arc::new(function))?;
        functions.insert(index, handle);
        Ok(handle)
    }

    /// Address and size of the variable `name`.
    pub fn global(&self, name: &str) -> Result<(u64, u64)> {
        let symbol = self.program.symbols.iter().find(|s| s.name == name);
        match (symbol, &self.data) {
            (Some(symbol), Some((va, _))) => Ok((va + symbol.offset, symbol.size)),
            _ => Err(Error::new(Code::NOT_FOUND, format!("the module has no variable `{name}`"))),
        }
    }

    /// Takes the handles of its functions away.
    pub fn forget_functions(module: &Module) {
        for (_, handle) in lock(&module.functions).drain() {
            // Nobody else removes function handles.
            let _ = FUNCTIONS.remove(handle);
        }
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        if let Some((va, _)) = self.data {
            if let Some(context) = self.context.upgrade() {
                context.device_runtime.forget_image(va);
            }
            drop(allocations::remove(va));
        }
    }
}

/// Largest number of threads in a block of a kernel.
pub fn max_threads(kernel: &Kernel, device_limit: u32) -> u32 {
    let bound = kernel.required_block.or(kernel.max_block);
    let threads = bound.map_or(u64::MAX, |b| b.iter().map(|n| u64::from(*n)).product());
    u32::try_from(threads).unwrap_or(u32::MAX).min(device_limit)
}

impl Function {
    fn with_code(context_id: u64, kernel: Kernel, code: Arc<Text>, const_bytes: u64, module: u64) -> Function {
        Function {
            context_id,
            name: CString::new(kernel.name.as_str()).unwrap_or_default(),
            module,
            banks: AtomicU32::new(0),
            prepared: Mutex::default(),
            kernel,
            code,
            const_bytes,
            max_dynamic_shared: AtomicI32::new(-1),
            carveout: AtomicI32::new(-1),
            cache_config: AtomicU32::new(0),
        }
    }

    /// A kernel without a module.
    #[cfg(test)]
    pub fn new(context_id: u64, kernel: Kernel, code: Block) -> Function {
        let text = Text { size: code.size, block: code, lines: Vec::new(), files: Vec::new(), needs: Needs::default() };
        Function::with_code(context_id, kernel, Arc::new(text), 0, 0)
    }

    /// Largest number of threads in a block of this kernel.
    pub fn max_threads(&self, device_limit: u32) -> u32 {
        max_threads(&self.kernel, device_limit)
    }

    /// Largest number of bytes of dynamic shared memory of a launch.
    pub fn dynamic_shared_limit(&self, usual: u32) -> u32 {
        match u32::try_from(self.max_dynamic_shared.load(Ordering::Relaxed)) {
            Ok(limit) => limit,
            Err(_) => usual.saturating_sub(self.kernel.shared_bytes),
        }
    }
}
