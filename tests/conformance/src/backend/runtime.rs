// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The runtime: modules and launches by the calls that programs use.

use std::ffi::{c_char, c_void, CStr, CString};
use std::ptr::null_mut;
use std::sync::Once;

use ixrt::api::types::{IXcontext, IXdevice, IXdeviceptr, IXfunction, IXmodule, IXresult, IXstream};
use ixrt::api::{
    ixCtxCreate, ixCtxDestroy, ixCtxSynchronize, ixGetLastErrorMessage, ixInit, ixLaunchKernel, ixMemAlloc, ixMemFree, ixMemcpyDtoH,
    ixMemcpyHtoD, ixModuleGetFunction, ixModuleLoadData, ixModuleUnload,
};
use ixrt::error::Code;

use super::{Backend, LoadError, RunError};
use crate::case::{Arg, Buffers, Launch};

/// Runs programs through the runtime, in a context of its own that is current in the thread that made it.
pub struct RuntimeBackend {
    context: IXcontext,
    module: Option<IXmodule>,
}

/// The message of a call that failed.
fn ok(result: IXresult) -> Result<(), String> {
    if result == Code::SUCCESS {
        return Ok(());
    }
    let mut text: *const c_char = null_mut();
    // SAFETY: the pointer is valid for writing; the text is a C string that lives until the next call that fails.
    let message = unsafe {
        match ixGetLastErrorMessage(&mut text) {
            Code::SUCCESS if !text.is_null() => CStr::from_ptr(text).to_string_lossy().into_owned(),
            _ => String::new(),
        }
    };
    Err(format!("{result:?}: {message}"))
}

/// Device memory that is freed when it goes out of scope.
struct Memory(IXdeviceptr);

impl Memory {
    fn with(contents: &[u8]) -> Result<Memory, String> {
        let mut address = IXdeviceptr(0);
        // SAFETY: the pointer is valid.
        ok(unsafe { ixMemAlloc(&mut address, contents.len().max(1)) })?;
        let memory = Memory(address);
        // SAFETY: the slice is valid.
        ok(unsafe { ixMemcpyHtoD(address, contents.as_ptr().cast(), contents.len()) })?;
        Ok(memory)
    }
    fn read(&self, bytes: usize) -> Result<Vec<u8>, String> {
        let mut contents = vec![0u8; bytes];
        // SAFETY: the vector has room.
        ok(unsafe { ixMemcpyDtoH(contents.as_mut_ptr().cast(), self.0, bytes) })?;
        Ok(contents)
    }
}

impl Drop for Memory {
    fn drop(&mut self) {
        // SAFETY: the address is that of an allocation. An error has been seen by the call that caused it.
        let _ = unsafe { ixMemFree(self.0) };
    }
}

impl RuntimeBackend {
    /// A context on the first device.
    pub fn new() -> Result<RuntimeBackend, String> {
        // Thousands of modules that are run once are nothing to keep.
        static NO_CACHE: Once = Once::new();
        NO_CACHE.call_once(|| std::env::set_var("IXRT_CACHE", "off"));
        let mut context = IXcontext::default();
        // SAFETY: the pointer is valid.
        unsafe {
            ok(ixInit(0))?;
            ok(ixCtxCreate(&mut context, 0, IXdevice(0)))?;
        }
        Ok(RuntimeBackend { context, module: None })
    }

    fn unload(&mut self) {
        if let Some(module) = self.module.take() {
            // SAFETY: the module is loaded.
            let _ = unsafe { ixModuleUnload(module) };
        }
    }
}

impl Drop for RuntimeBackend {
    fn drop(&mut self) {
        self.unload();
        // SAFETY: the context is ours.
        let _ = unsafe { ixCtxDestroy(self.context) };
    }
}

impl Backend for RuntimeBackend {
    fn load(&mut self, ptx: &str) -> Result<(), LoadError> {
        self.unload();
        let text = CString::new(ptx).map_err(|e| LoadError::Failed(e.to_string()))?;
        let mut module = IXmodule::default();
        // SAFETY: the pointers are valid.
        ok(unsafe { ixModuleLoadData(&mut module, text.as_ptr().cast()) }).map_err(|message| {
            if message.contains("not supported") || message.contains("unresolved") {
                LoadError::Unsupported(message)
            } else {
                LoadError::Failed(message)
            }
        })?;
        self.module = Some(module);
        Ok(())
    }

    fn run(&mut self, launch: &Launch) -> Result<Buffers, RunError> {
        let module = self.module.ok_or_else(|| String::from("no module is loaded"))?;
        let name = CString::new(launch.entry.as_str()).map_err(|e| e.to_string())?;
        let mut function = IXfunction::default();
        // SAFETY: the pointers are valid.
        ok(unsafe { ixModuleGetFunction(&mut function, module, name.as_ptr()) })?;
        let mut values: Vec<Vec<u8>> = vec![];
        let mut buffers = vec![];
        for arg in &launch.args {
            match arg {
                Arg::Value(bytes) => values.push(bytes.clone()),
                Arg::Buffer(bytes) => {
                    let memory = Memory::with(bytes)?;
                    values.push(memory.0 .0.to_le_bytes().into());
                    buffers.push((memory, bytes.len()));
                }
            }
        }
        let mut pointers: Vec<*mut c_void> = values.iter_mut().map(|v| v.as_mut_ptr().cast()).collect();
        let ([gx, gy, gz], [bx, by, bz]) = (launch.grid, launch.block);
        // SAFETY: there is a pointer for each parameter, to as many bytes as it has.
        unsafe {
            ok(ixLaunchKernel(function, gx, gy, gz, bx, by, bz, launch.dynamic_shared, IXstream(0), pointers.as_mut_ptr(), null_mut()))?;
            ok(ixCtxSynchronize()).map_err(RunError::Stopped)?;
        }
        Ok(buffers.iter().map(|(memory, bytes)| memory.read(*bytes)).collect::<Result<_, String>>()?)
    }
}
