// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The interface for Rust programs.
//!
//! Objects free what they own when they are dropped, errors are [`Result`]s, and each object
//! belongs to its [`Context`], which it keeps alive. No context is ever left current on a thread:
//! a call makes its own current and restores what was there, so objects may be used from any
//! thread and beside the C interface.
//!
//! What stays the caller's word is what a kernel does with memory: see [`Function::launch`].
//!
//! ```no_run
//! use ixrt::safe::{Context, Device, Grid};
//! # fn main() -> ixrt::error::Result<()> {
//! let context = Context::new(Device::get(0)?)?;
//! let module = context.load(&std::fs::read_to_string("scale.ptx").unwrap_or_default())?;
//! let scale = module.function("scale")?;
//! let stream = context.stream()?;
//! let x = context.upload(&[1.0f32, 2.0, 3.0])?;
//! // SAFETY: `scale` takes a pointer, a factor and a count, and stays within the count.
//! unsafe { scale.launch(&stream, Grid::of(3, 128), &[&x, &2.0f32, &3u32])? };
//! assert_eq!(x.download()?, [2.0, 4.0, 6.0]);
//! # Ok(())
//! # }
//! ```

use crate::api::types::*;
use crate::api::*;
use crate::error::{last_message, Code, Error, Result};
use std::ffi::{c_void, CStr, CString};
use std::marker::PhantomData;
use std::ptr::{null_mut, NonNull};
use std::sync::Arc;

fn check(code: IXresult) -> Result<()> {
    if code == Code::SUCCESS {
        return Ok(());
    }
    // SAFETY: the message is a C string of this thread, which keeps it until its next failed call.
    let message = unsafe { CStr::from_ptr(last_message()) };
    Err(Error::new(code, message.to_string_lossy().into_owned()))
}

fn c_string(text: &str, what: &str) -> Result<CString> {
    CString::new(text).map_err(|_| Error::invalid(format!("{what} contains a NUL")))
}

/// A device.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device(IXdevice);

impl Device {
    /// How many there are.
    pub fn count() -> Result<usize> {
        let mut count = 0;
        // SAFETY: the pointer is valid.
        unsafe {
            check(ixInit(0))?;
            check(ixDeviceGetCount(&mut count))?;
        }
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// The one with a number, from 0.
    pub fn get(ordinal: usize) -> Result<Device> {
        let mut device = IXdevice(0);
        // SAFETY: the pointer is valid.
        unsafe {
            check(ixInit(0))?;
            check(ixDeviceGet(&mut device, i32::try_from(ordinal).unwrap_or(i32::MAX)))?;
        }
        Ok(Device(device))
    }

    /// Its name.
    pub fn name(self) -> Result<String> {
        let mut name = [0; 256];
        // SAFETY: the pointer is valid for so many bytes, and the function ends them with a NUL.
        unsafe {
            check(ixDeviceGetName(name.as_mut_ptr(), name.len() as i32, self.0))?;
            Ok(CStr::from_ptr(name.as_ptr()).to_string_lossy().into_owned())
        }
    }

    /// Bytes of its memory.
    pub fn total_memory(self) -> Result<usize> {
        let mut bytes = 0;
        // SAFETY: the pointer is valid.
        check(unsafe { ixDeviceTotalMem(&mut bytes, self.0) })?;
        Ok(bytes)
    }

    /// One of its attributes.
    pub fn attribute(self, attribute: IXdevice_attribute) -> Result<i32> {
        let mut value = 0;
        // SAFETY: the pointer is valid.
        check(unsafe { ixDeviceGetAttribute(&mut value, attribute, self.0) })?;
        Ok(value)
    }
}

/// A context's handle, destroyed with its last user.
#[derive(Debug)]
struct Owner(IXcontext);

impl Owner {
    /// Runs `f` with the context current.
    fn within<R>(&self, f: impl FnOnce() -> Result<R>) -> Result<R> {
        // SAFETY: the handle is that of a live context; the pointer is valid.
        unsafe {
            check(ixCtxPushCurrent(self.0))?;
            let result = f();
            check(ixCtxPopCurrent(&mut IXcontext::default()))?;
            result
        }
    }

    /// Runs the end of an object, of whose failure nobody can be told.
    fn end(&self, f: impl FnOnce() -> IXresult) {
        let _ = self.within(|| check(f()));
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        // SAFETY: the handle is that of a context that nobody uses any more.
        let _ = unsafe { ixCtxDestroy(self.0) };
    }
}

/// A context: streams, modules and memory on a device, apart from those of others.
#[derive(Debug, Clone)]
pub struct Context(Arc<Owner>);

impl Context {
    /// A new one.
    pub fn new(device: Device) -> Result<Context> {
        let mut context = IXcontext::default();
        // SAFETY: the pointers are valid.
        unsafe {
            check(ixCtxCreate(&mut context, 0, device.0))?;
            let owner = Arc::new(Owner(context));
            // Creation made it current.
            check(ixCtxPopCurrent(&mut IXcontext::default()))?;
            Ok(Context(owner))
        }
    }

    /// Waits for all its work, and reports what went wrong.
    pub fn synchronize(&self) -> Result<()> {
        // SAFETY: no pointers.
        self.0.within(|| check(unsafe { ixCtxSynchronize() }))
    }

    /// A stream that keeps order with copies.
    pub fn stream(&self) -> Result<Stream> {
        let mut handle = IXstream::default();
        // SAFETY: the pointer is valid.
        self.0.within(|| check(unsafe { ixStreamCreate(&mut handle, 0) }))?;
        Ok(Stream { owner: Arc::clone(&self.0), handle })
    }

    /// An event with timing.
    pub fn event(&self) -> Result<Event> {
        let mut handle = IXevent::default();
        // SAFETY: the pointer is valid.
        self.0.within(|| check(unsafe { ixEventCreate(&mut handle, 0) }))?;
        Ok(Event { owner: Arc::clone(&self.0), handle })
    }

    /// Compiles and loads PTX text.
    pub fn load(&self, ptx: &str) -> Result<Module> {
        let text = c_string(ptx, "the module's text")?;
        let mut handle = IXmodule::default();
        // SAFETY: the pointers are valid, the text ends with a NUL.
        self.0.within(|| check(unsafe { ixModuleLoadData(&mut handle, text.as_ptr().cast()) }))?;
        Ok(Module(Arc::new(Loaded { owner: Arc::clone(&self.0), handle })))
    }

    /// Memory for `len` elements, all of whose bytes are zero.
    pub fn zeros<T: Element>(&self, len: usize) -> Result<DeviceBuffer<T>> {
        let buffer = self.take(len)?;
        let bytes = buffer.bytes();
        if bytes > 0 {
            // SAFETY: the memory has so many bytes.
            self.0.within(|| check(unsafe { ixMemsetD8(buffer.address, 0, bytes) }))?;
        }
        Ok(buffer)
    }

    /// Memory with a copy of `data`.
    pub fn upload<T: Element>(&self, data: &[T]) -> Result<DeviceBuffer<T>> {
        let mut buffer = self.take(data.len())?;
        buffer.write(data)?;
        Ok(buffer)
    }

    fn take<T: Element>(&self, len: usize) -> Result<DeviceBuffer<T>> {
        let mut address = IXdeviceptr(0);
        let bytes = len.checked_mul(size_of::<T>()).ok_or_else(|| Error::invalid("a buffer of more bytes than can be counted"))?;
        if bytes > 0 {
            // SAFETY: the pointer is valid.
            self.0.within(|| check(unsafe { ixMemAlloc(&mut address, bytes) }))?;
        }
        Ok(DeviceBuffer { owner: Arc::clone(&self.0), address, len, element: PhantomData })
    }
}

/// Work in order.
#[derive(Debug)]
pub struct Stream {
    owner: Arc<Owner>,
    handle: IXstream,
}

impl Stream {
    /// Waits for all its work.
    pub fn synchronize(&self) -> Result<()> {
        // SAFETY: the handle is live.
        self.owner.within(|| check(unsafe { ixStreamSynchronize(self.handle) }))
    }

    /// Makes later work wait for an event.
    pub fn wait(&self, event: &Event) -> Result<()> {
        // SAFETY: the handles are live.
        self.owner.within(|| check(unsafe { ixStreamWaitEvent(self.handle, event.handle, 0) }))
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // SAFETY: nobody uses the handle any more.
        self.owner.end(|| unsafe { ixStreamDestroy(self.handle) });
    }
}

/// A point in a stream.
#[derive(Debug)]
pub struct Event {
    owner: Arc<Owner>,
    handle: IXevent,
}

impl Event {
    /// Puts it behind what `stream` has been given so far.
    pub fn record(&self, stream: &Stream) -> Result<()> {
        // SAFETY: the handles are live.
        self.owner.within(|| check(unsafe { ixEventRecord(self.handle, stream.handle) }))
    }

    /// Waits until it has happened.
    pub fn synchronize(&self) -> Result<()> {
        // SAFETY: the handle is live.
        self.owner.within(|| check(unsafe { ixEventSynchronize(self.handle) }))
    }

    /// Milliseconds from it to `end`, by the device's clock; both must have happened.
    pub fn elapsed_ms(&self, end: &Event) -> Result<f32> {
        let mut ms = 0.0;
        // SAFETY: the handles are live, the pointer is valid.
        self.owner.within(|| check(unsafe { ixEventElapsedTime(&mut ms, self.handle, end.handle) }))?;
        Ok(ms)
    }
}

impl Drop for Event {
    fn drop(&mut self) {
        // SAFETY: nobody uses the handle any more.
        self.owner.end(|| unsafe { ixEventDestroy(self.handle) });
    }
}

#[derive(Debug)]
struct Loaded {
    owner: Arc<Owner>,
    handle: IXmodule,
}

impl Drop for Loaded {
    fn drop(&mut self) {
        // SAFETY: nobody uses the handle any more.
        self.owner.end(|| unsafe { ixModuleUnload(self.handle) });
    }
}

/// A loaded module.
#[derive(Debug, Clone)]
pub struct Module(Arc<Loaded>);

impl Module {
    /// One of its kernels.
    pub fn function(&self, name: &str) -> Result<Function> {
        let text = c_string(name, "the kernel's name")?;
        let owner = &self.0.owner;
        let mut handle = IXfunction::default();
        // SAFETY: the pointers are valid, the name ends with a NUL.
        owner.within(|| check(unsafe { ixModuleGetFunction(&mut handle, self.0.handle, text.as_ptr()) }))?;
        let mut sizes = Vec::new();
        loop {
            let (mut offset, mut bytes) = (0, 0);
            // SAFETY: the pointers are valid. The function fails behind the last parameter.
            if owner.within(|| check(unsafe { ixFuncGetParamInfo(handle, sizes.len(), &mut offset, &mut bytes) })).is_err() {
                break;
            }
            sizes.push(bytes);
        }
        Ok(Function { module: self.clone(), handle, name: name.into(), sizes })
    }
}

/// The shape of a launch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Grid {
    /// Blocks.
    pub blocks: [u32; 3],
    /// Threads of a block.
    pub threads: [u32; 3],
    /// Bytes of dynamic shared memory of a block.
    pub shared: u32,
}

impl Grid {
    /// At least `items` threads in a row, `threads` a block.
    pub fn of(items: u32, threads: u32) -> Grid {
        Grid { blocks: [items.div_ceil(threads.max(1)), 1, 1], threads: [threads, 1, 1], shared: 0 }
    }
}

/// A kernel.
#[derive(Debug, Clone)]
pub struct Function {
    module: Module,
    handle: IXfunction,
    name: String,
    sizes: Vec<usize>,
}

impl Function {
    /// Launches it in a stream. The arguments must be as many as its parameters, and each as large.
    ///
    /// # Safety
    /// Within what its arguments give it, the kernel accesses memory in bounds, and with no one
    /// else accessing it against its expectation. Buffers it uses live until the work has completed
    /// (dropping one waits for that).
    pub unsafe fn launch(&self, stream: &Stream, grid: Grid, arguments: &[&dyn Argument]) -> Result<()> {
        if arguments.len() != self.sizes.len() {
            return Err(Error::invalid(format!("`{}` takes {} arguments and was given {}", self.name, self.sizes.len(), arguments.len())));
        }
        for (i, (argument, size)) in arguments.iter().zip(&self.sizes).enumerate() {
            if argument.size() != *size {
                return Err(Error::invalid(format!("`{}`: argument {i} has {} bytes, not {size}", self.name, argument.size())));
            }
        }
        let mut pointers: Vec<*mut c_void> = arguments.iter().map(|argument| argument.bytes().as_ptr()).collect();
        let ([bx, by, bz], [tx, ty, tz]) = (grid.blocks, grid.threads);
        let list = pointers.as_mut_ptr();
        // SAFETY: the handles are live, and each pointer is to as many bytes as its parameter has.
        // What the kernel does is the caller's word.
        let launch = || unsafe { ixLaunchKernel(self.handle, bx, by, bz, tx, ty, tz, grid.shared, stream.handle, list, null_mut()) };
        self.module.0.owner.within(|| check(launch()))
    }
}

/// Something that a kernel's parameter can be: a number, or a buffer, which stands for its address.
pub trait Argument {
    /// Its bytes, valid as long as `self`.
    fn bytes(&self) -> NonNull<c_void>;
    /// How many.
    fn size(&self) -> usize;
}

/// Plain data.
///
/// # Safety
/// Every pattern of bits is a value, and there is no padding.
pub unsafe trait Element: Copy {}

macro_rules! elements {
    ($($ty:ty),+) => { $(
        // SAFETY: numbers.
        unsafe impl Element for $ty {}
        impl Argument for $ty {
            fn bytes(&self) -> NonNull<c_void> {
                NonNull::from(self).cast()
            }
            fn size(&self) -> usize {
                size_of::<$ty>()
            }
        }
    )+ };
}

elements!(u8, i8, u16, i16, u32, i32, u64, i64, f32, f64);

/// Device memory for elements of a type.
#[derive(Debug)]
pub struct DeviceBuffer<T: Element> {
    owner: Arc<Owner>,
    address: IXdeviceptr,
    len: usize,
    element: PhantomData<T>,
}

impl<T: Element> DeviceBuffer<T> {
    /// Elements.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Its address on the device.
    pub fn address(&self) -> u64 {
        self.address.0
    }

    fn bytes(&self) -> usize {
        self.len * size_of::<T>()
    }

    /// Fills it with `data`, which has as many elements, after the work before it.
    pub fn write(&mut self, data: &[T]) -> Result<()> {
        if data.len() != self.len {
            return Err(Error::invalid(format!("{} elements for a buffer of {}", data.len(), self.len)));
        }
        if self.is_empty() {
            return Ok(());
        }
        // SAFETY: both have so many bytes.
        self.owner.within(|| check(unsafe { ixMemcpyHtoD(self.address, data.as_ptr().cast(), self.bytes()) }))
    }

    /// A copy of its elements, after the work before it.
    pub fn download(&self) -> Result<Vec<T>> {
        let mut data = Vec::<T>::with_capacity(self.len);
        if !self.is_empty() {
            // SAFETY: both have so many bytes.
            self.owner.within(|| check(unsafe { ixMemcpyDtoH(data.as_mut_ptr().cast(), self.address, self.bytes()) }))?;
        }
        // SAFETY: the elements were copied, and every pattern of bits is one.
        unsafe { data.set_len(self.len) };
        Ok(data)
    }
}

impl<T: Element> Argument for DeviceBuffer<T> {
    fn bytes(&self) -> NonNull<c_void> {
        NonNull::from(&self.address).cast()
    }

    fn size(&self) -> usize {
        size_of::<IXdeviceptr>()
    }
}

impl<T: Element> Drop for DeviceBuffer<T> {
    fn drop(&mut self) {
        // SAFETY: nobody uses the memory any more; the function waits for the work that does.
        self.owner.end(|| unsafe { ixMemFree(self.address) });
    }
}
