// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The few functions of the runtime's C interface that the benchmarks call,
//! with errors as values.

use anyhow::{bail, Context as _, Result};
use ixrt::api;
use ixrt::api::types::*;
use std::ffi::{c_void, CStr, CString};
use std::path::Path;
use std::ptr;

fn check(result: IXresult, what: &str) -> Result<()> {
    if result == IXresult::SUCCESS {
        return Ok(());
    }
    let mut message = ptr::null();
    // SAFETY: the pointer is to a live variable.
    unsafe { api::ixGetLastErrorMessage(&mut message) };
    if message.is_null() {
        bail!("{what} failed: {result:?}");
    }
    // SAFETY: the runtime gives a text that ends in a NUL and lives until this
    // thread's next failing call.
    let message = unsafe { CStr::from_ptr(message) };
    bail!("{what}: {}", message.to_string_lossy())
}

/// The first device, with a context on it that is current.
pub struct Gpu(IXcontext);

impl Gpu {
    /// Opens it.
    pub fn open() -> Result<Gpu> {
        let mut context = IXcontext::default();
        // SAFETY: the pointer is to a live variable.
        unsafe {
            check(api::ixInit(0), "ixInit")?;
            check(api::ixCtxCreate(&mut context, 0, IXdevice(0)), "ixCtxCreate")?;
        }
        Ok(Gpu(context))
    }

    /// The device's name.
    pub fn name(&self) -> Result<String> {
        let mut name = [0u8; 128];
        // SAFETY: the buffer has the length that is passed.
        check(unsafe { api::ixDeviceGetName(name.as_mut_ptr().cast(), name.len() as i32, IXdevice(0)) }, "ixDeviceGetName")?;
        Ok(CStr::from_bytes_until_nul(&name)?.to_string_lossy().into_owned())
    }

    /// Waits for everything.
    pub fn wait(&self) -> Result<()> {
        // SAFETY: no arguments.
        check(unsafe { api::ixCtxSynchronize() }, "ixCtxSynchronize")
    }

    /// Loads the kernel `name` from `<dir>/<name>.ptx`.
    pub fn kernel(&self, dir: &Path, name: &str) -> Result<Kernel> {
        let path = dir.join(name).with_extension("ptx");
        let text = std::fs::read(&path).with_context(|| format!("read {}", path.display()))?;
        let text = CString::new(text).with_context(|| format!("{} contains a NUL", path.display()))?;
        let entry = CString::new(name)?;
        let (mut module, mut function) = (IXmodule::default(), IXfunction::default());
        // SAFETY: the texts end in a NUL; the results go to live variables.
        unsafe {
            check(api::ixModuleLoadData(&mut module, text.as_ptr().cast()), name)?;
            check(api::ixModuleGetFunction(&mut function, module, entry.as_ptr()), name)?;
        }
        Ok(Kernel(function))
    }

    /// Takes device memory for `count` floats.
    pub fn floats(&self, count: usize) -> Result<Floats> {
        let mut address = IXdeviceptr::default();
        // SAFETY: the pointer is to a live variable.
        check(unsafe { api::ixMemAlloc(&mut address, count * size_of::<f32>()) }, "ixMemAlloc")?;
        Ok(Floats { address, count })
    }
}

impl Drop for Gpu {
    fn drop(&mut self) {
        // SAFETY: the context was created by `open` and ends here only.
        unsafe { api::ixCtxDestroy(self.0) };
    }
}

/// A kernel.
pub struct Kernel(IXfunction);

impl Kernel {
    /// Launches it in the default stream. `arguments` point to the values that
    /// the kernel takes, in order.
    ///
    /// # Safety
    /// Each pointer is to a value of the parameter's type, and the kernel stays
    /// within the memory that the values name.
    pub unsafe fn launch(&self, grid: [u32; 2], block: [u32; 2], arguments: &[*const c_void]) -> Result<()> {
        let mut arguments: Vec<*mut c_void> = arguments.iter().map(|argument| argument.cast_mut()).collect();
        let ([grid_x, grid_y], [block_x, block_y]) = (grid, block);
        // SAFETY: as this function's caller promises; the runtime only reads.
        let result = unsafe {
            api::ixLaunchKernel(
                self.0,
                grid_x,
                grid_y,
                1,
                block_x,
                block_y,
                1,
                0,
                IXstream::default(),
                arguments.as_mut_ptr(),
                ptr::null_mut(),
            )
        };
        check(result, "ixLaunchKernel")
    }
}

/// A stream that keeps no order with the default one.
pub struct Stream(IXstream);

impl Stream {
    /// Makes one.
    pub fn new() -> Result<Stream> {
        let mut stream = IXstream::default();
        // SAFETY: the pointer is to a live variable.
        check(unsafe { api::ixStreamCreate(&mut stream, IX_STREAM_NON_BLOCKING) }, "ixStreamCreate")?;
        Ok(Stream(stream))
    }

    /// Waits for its work.
    pub fn wait(&self) -> Result<()> {
        // SAFETY: no pointers.
        check(unsafe { api::ixStreamSynchronize(self.0) }, "ixStreamSynchronize")
    }

    /// Launches one thread of a kernel.
    ///
    /// # Safety
    /// As for [`Kernel::launch`].
    pub unsafe fn launch(&self, kernel: &Kernel, arguments: &mut [*mut c_void]) -> Result<()> {
        // SAFETY: as this function's caller promises.
        let result = unsafe { api::ixLaunchKernel(kernel.0, 1, 1, 1, 1, 1, 1, 0, self.0, arguments.as_mut_ptr(), ptr::null_mut()) };
        check(result, "ixLaunchKernel")
    }

    /// What `work` gives the stream, as a graph.
    pub fn capture(&self, work: impl FnOnce() -> Result<()>) -> Result<Graph> {
        let (mut graph, mut exec) = (IXgraph::default(), IXgraphExec::default());
        // SAFETY: the pointers are to live variables.
        unsafe {
            check(api::ixStreamBeginCapture(self.0, IX_STREAM_CAPTURE_MODE_RELAXED), "ixStreamBeginCapture")?;
            work()?;
            check(api::ixStreamEndCapture(self.0, &mut graph), "ixStreamEndCapture")?;
            check(api::ixGraphInstantiate(&mut exec, graph, 0), "ixGraphInstantiate")?;
            check(api::ixGraphDestroy(graph), "ixGraphDestroy")?;
        }
        Ok(Graph(exec))
    }

    /// Runs a graph.
    pub fn run(&self, graph: &Graph) -> Result<()> {
        // SAFETY: no pointers.
        check(unsafe { api::ixGraphLaunch(graph.0, self.0) }, "ixGraphLaunch")
    }
}

/// A graph that can run.
pub struct Graph(IXgraphExec);

/// Floats in device memory.
pub struct Floats {
    address: IXdeviceptr,
    count: usize,
}

impl Floats {
    /// Where they are, as kernels take it.
    pub fn address(&self) -> &IXdeviceptr {
        &self.address
    }

    /// Copies all of them from the host.
    pub fn write(&self, from: &[f32]) -> Result<()> {
        anyhow::ensure!(from.len() == self.count, "{} floats for {}", from.len(), self.count);
        // SAFETY: both sides have as many bytes as are copied.
        check(unsafe { api::ixMemcpyHtoD(self.address, from.as_ptr().cast(), size_of_val(from)) }, "ixMemcpyHtoD")
    }

    /// Copies all of them to the host.
    pub fn read(&self, to: &mut [f32]) -> Result<()> {
        anyhow::ensure!(to.len() == self.count, "{} floats for {}", to.len(), self.count);
        // SAFETY: both sides have as many bytes as are copied.
        check(unsafe { api::ixMemcpyDtoH(to.as_mut_ptr().cast(), self.address, size_of_val(to)) }, "ixMemcpyDtoH")
    }

    /// Copies all of them to other device memory; wait for the end.
    pub fn copy_to(&self, to: &Floats) -> Result<()> {
        anyhow::ensure!(to.count == self.count, "{} floats for {}", to.count, self.count);
        // SAFETY: both sides have as many bytes as are copied.
        check(unsafe { api::ixMemcpyDtoD(to.address, self.address, self.count * size_of::<f32>()) }, "ixMemcpyDtoD")
    }
}

impl Drop for Floats {
    fn drop(&mut self) {
        // SAFETY: the address was allocated by `floats` and is freed here only.
        unsafe { api::ixMemFree(self.address) };
    }
}
