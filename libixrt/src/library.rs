// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Libraries: code for all contexts.
//!
//! A *library* is compiled once and placed in a context when something of it is first needed
//! there: it is then a module of that context. A *library kernel* names a kernel of it; in a
//! context it stands for the function of that context's module. What is set for a library kernel
//! on a device holds for its functions there, present and future.

use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use crate::module::{Function, Module, FUNCTIONS, MODULES};
use ix_compiler::module::Kernel;
use std::collections::HashMap;
use std::ffi::CString;
use std::sync::{Arc, Mutex, Weak};

/// Libraries that have handles.
pub static LIBRARIES: Table<Library> = Table::new(Of::Library, "library");
/// Library kernels that have handles.
pub static KERNELS: Table<LibraryKernel> = Table::new(Of::LibraryKernel, "kernel of a library");

/// A library: see the module's text.
#[derive(Debug)]
pub struct Library {
    compiled: ix_compiler::module::Module,
    /// Handles of its modules by the id of their context.
    modules: Mutex<HashMap<u64, (Weak<Context>, u64)>>,
    /// Handles of its kernels by name.
    kernels: Mutex<HashMap<String, u64>>,
}

/// A kernel of a library.
#[derive(Debug)]
pub struct LibraryKernel {
    /// Handle of the library.
    pub library: u64,
    /// Its name for C.
    pub name: CString,
    code: Weak<Library>,
    /// What was set for its functions, by number of the device.
    settings: Mutex<HashMap<usize, Settings>>,
    /// Handles of its functions, by the contexts' ids.
    functions: Mutex<HashMap<u64, u64>>,
}

/// What can be set for a function.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Settings {
    /// See [`Function::max_dynamic_shared`].
    pub max_dynamic_shared: Option<i32>,
    /// See [`Function::carveout`].
    pub carveout: Option<i32>,
    /// See [`Function::cache_config`].
    pub cache_config: Option<u32>,
}

impl Settings {
    fn apply(&self, function: &Function) {
        use std::sync::atomic::Ordering::Relaxed;
        self.max_dynamic_shared.inspect(|v| function.max_dynamic_shared.store(*v, Relaxed));
        self.carveout.inspect(|v| function.carveout.store(*v, Relaxed));
        self.cache_config.inspect(|v| function.cache_config.store(*v, Relaxed));
    }
}

impl Library {
    /// Compiles an image.
    pub fn load(image: &[u8]) -> Result<Arc<Library>> {
        let compiled = Module::compile(image)?;
        Ok(Arc::new(Library { compiled, modules: Mutex::default(), kernels: Mutex::default() }))
    }

    /// What the compiler says of its kernels.
    pub fn kernels(&self) -> &[Kernel] {
        &self.compiled.kernels
    }

    /// Handle of its module in a context, placed there now if it was not.
    pub fn module(&self, context: &Arc<Context>) -> Result<u64> {
        let mut modules = lock(&self.modules);
        if let Some((_, handle)) = modules.get(&context.id) {
            return Ok(*handle);
        }
        let handle = Module::place(context, self.compiled.clone())?.register(context)?;
        modules.retain(|_, (context, _)| context.strong_count() > 0);
        modules.insert(context.id, (Arc::downgrade(context), handle));
        Ok(handle)
    }

    /// Handle of its kernel `name`; the same for each call. `handle` is its own.
    pub fn kernel(self: &Arc<Library>, handle: u64, name: &str) -> Result<u64> {
        if !self.compiled.kernels.iter().any(|k| k.name == name) {
            return Err(Error::new(Code::NOT_FOUND, format!("the library has no kernel `{name}`")));
        }
        let mut kernels = lock(&self.kernels);
        if let Some(kernel) = kernels.get(name) {
            return Ok(*kernel);
        }
        let kernel = KERNELS.insert(Arc::new(LibraryKernel {
            library: handle,
            name: CString::new(name).unwrap_or_default(),
            code: Arc::downgrade(self),
            settings: Mutex::default(),
            functions: Mutex::default(),
        }))?;
        kernels.insert(name.into(), kernel);
        Ok(kernel)
    }

    /// Unloads it from all contexts, once their work has completed.
    pub fn unload(&self) {
        for (_, kernel) in lock(&self.kernels).drain() {
            // Nobody else removes them.
            let _ = KERNELS.remove(kernel);
        }
        for (_, (context, handle)) in lock(&self.modules).drain() {
            let Some(context) = context.upgrade() else { continue };
            // A failed context still lets go of its modules.
            let _ = context.synchronize();
            context.disown(handle);
            if let Ok(module) = MODULES.remove(handle) {
                Module::forget_functions(&module);
            }
        }
    }
}

impl LibraryKernel {
    fn code(&self) -> Result<Arc<Library>> {
        self.code.upgrade().ok_or(Error::new(Code::INVALID_HANDLE, "the kernel's library was unloaded"))
    }

    /// What the compiler says of it.
    pub fn kernel(&self) -> Result<Kernel> {
        let code = self.code()?;
        let kernel = code.kernels().iter().find(|k| k.name.as_bytes() == self.name.as_bytes());
        kernel.cloned().ok_or(Error::new(Code::UNKNOWN, "a library lost a kernel"))
    }

    /// Handle of its function in a context.
    pub fn function(&self, context: &Arc<Context>) -> Result<u64> {
        let mut functions = lock(&self.functions);
        if let Some(handle) = functions.get(&context.id) {
            return Ok(*handle);
        }
        let module = MODULES.get(self.code()?.module(context)?)?;
        let handle = module.function(&self.name.to_string_lossy())?;
        if let Some(settings) = lock(&self.settings).get(&context.device.ordinal) {
            settings.apply(&*FUNCTIONS.get(handle)?);
        }
        functions.insert(context.id, handle);
        Ok(handle)
    }

    /// Changes what is set on a device.
    pub fn set(&self, device: usize, change: impl FnOnce(&mut Settings)) -> Result<()> {
        let settings = {
            let mut all = lock(&self.settings);
            let settings = all.entry(device).or_default();
            change(settings);
            *settings
        };
        let code = self.code()?;
        let modules: Vec<_> = lock(&code.modules).values().cloned().collect();
        for (context, module) in modules {
            if context.upgrade().is_some_and(|c| c.device.ordinal == device) {
                let Ok(module) = MODULES.get(module) else { continue };
                settings.apply(&*FUNCTIONS.get(module.function(&self.name.to_string_lossy())?)?);
            }
        }
        Ok(())
    }

    /// What is set on a device.
    pub fn settings(&self, device: usize) -> Settings {
        lock(&self.settings).get(&device).copied().unwrap_or_default()
    }
}
