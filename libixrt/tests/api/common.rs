// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What the tests share: short forms of the calls that must succeed.

use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_char, c_void, CStr, CString};
use std::process::Command;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};

/// The message of this thread's last failed call.
pub fn message() -> String {
    let mut text: *const c_char = null_mut();
    // SAFETY: the pointer is valid for writing; the text is a C string.
    unsafe {
        assert_eq!(ixGetLastErrorMessage(&mut text), Code::SUCCESS);
        CStr::from_ptr(text).to_string_lossy().into_owned()
    }
}

/// Fails with the message unless a call succeeded.
#[track_caller]
pub fn ok(result: IXresult) {
    assert!(result == Code::SUCCESS, "{result:?}: {}", message());
}

/// Fails unless a call failed with `code` and a message with `words` in it.
#[track_caller]
pub fn fails(result: IXresult, code: Code, words: &str) {
    assert_eq!(result, code, "{}", message());
    let message = message();
    assert!(message.contains(words), "{message:?} should say {words:?}");
}

/// A context that is current until it is dropped.
pub struct Ctx(pub IXcontext);

impl Ctx {
    pub fn new() -> Ctx {
        let mut context = IXcontext::default();
        // SAFETY: the pointer is valid.
        unsafe {
            ok(ixInit(0));
            ok(ixCtxCreate(&mut context, 0, IXdevice(0)));
        }
        Ctx(context)
    }
}

impl Drop for Ctx {
    fn drop(&mut self) {
        // SAFETY: no pointers.
        let result = unsafe { ixCtxDestroy(self.0) };
        if !std::thread::panicking() {
            ok(result);
        }
    }
}

/// Device memory.
pub fn alloc(bytes: usize) -> IXdeviceptr {
    let mut address = IXdeviceptr(0);
    // SAFETY: the pointer is valid.
    ok(unsafe { ixMemAlloc(&mut address, bytes) });
    address
}

/// Device memory with the contents of a slice.
pub fn upload<T: Copy>(data: &[T]) -> IXdeviceptr {
    let address = alloc(size_of_val(data));
    // SAFETY: the slice is valid.
    ok(unsafe { ixMemcpyHtoD(address, data.as_ptr().cast(), size_of_val(data)) });
    address
}

/// Copies a slice to device memory.
pub fn upload_to<T: Copy>(address: IXdeviceptr, data: &[T]) -> IXresult {
    // SAFETY: the slice is valid.
    unsafe { ixMemcpyHtoD(address, data.as_ptr().cast(), size_of_val(data)) }
}

/// The first `n` elements of device memory.
pub fn download<T: Copy + Default>(address: IXdeviceptr, n: usize) -> Vec<T> {
    let mut data = vec![T::default(); n];
    // SAFETY: the vector has room.
    ok(unsafe { ixMemcpyDtoH(data.as_mut_ptr().cast(), address, n * size_of::<T>()) });
    data
}

/// A module from PTX text.
pub fn module(ptx: &str) -> IXmodule {
    let text = CString::new(ptx).unwrap();
    let mut module = IXmodule::default();
    // SAFETY: the pointers are valid.
    ok(unsafe { ixModuleLoadData(&mut module, text.as_ptr().cast()) });
    module
}

/// A kernel of a module.
pub fn function(module: IXmodule, name: &str) -> IXfunction {
    let name = CString::new(name).unwrap();
    let mut function = IXfunction::default();
    // SAFETY: the pointers are valid.
    ok(unsafe { ixModuleGetFunction(&mut function, module, name.as_ptr()) });
    function
}

/// A stream.
pub fn stream(flags: u32) -> IXstream {
    let mut stream = IXstream::default();
    // SAFETY: the pointer is valid.
    ok(unsafe { ixStreamCreate(&mut stream, flags) });
    stream
}

/// An event.
pub fn event(flags: u32) -> IXevent {
    let mut event = IXevent::default();
    // SAFETY: the pointer is valid.
    ok(unsafe { ixEventCreate(&mut event, flags) });
    event
}

/// Launches with arguments of up to 8 bytes, each given by its bytes.
pub fn launch(function: IXfunction, grid: u32, block: u32, stream: IXstream, arguments: &[u64]) -> IXresult {
    let mut pointers: Vec<*mut c_void> = arguments.iter().map(|a| std::ptr::from_ref(a).cast_mut().cast()).collect();
    // SAFETY: each pointer is to 8 bytes, and no parameter of the tests' kernels is larger.
    unsafe { ixLaunchKernel(function, grid, 1, 1, block, 1, 1, 0, stream, pointers.as_mut_ptr(), null_mut()) }
}

/// The null stream.
pub const NULL: IXstream = IXstream(0);

/// The kernels of the tests.
pub const KERNELS: &str = include_str!("kernels.ptx");

/// Runs one test alone in a child process with an environment; true in that child.
pub fn in_child(test: &str, environment: &[(&str, &str)]) -> bool {
    child_output(test, environment).is_none()
}

/// Runs one test alone in a child process with an environment, and gives what it printed; `None` in that child.
pub fn child_output(test: &str, environment: &[(&str, &str)]) -> Option<String> {
    const MARK: &str = "IXRT_API_CHILD";
    if std::env::var(MARK).as_deref() == Ok(test) {
        return None;
    }
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture", "--include-ignored"])
        .env(MARK, test)
        .envs(environment.iter().copied())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && text.contains("1 passed"), "{text}");
    Some(text.into_owned())
}

/// Free device memory, once it is at least `least` or a minute has passed: other tests and processes
/// may use the device too, for some time.
pub fn free_memory(least: usize) -> usize {
    let (mut free, mut total) = (0, 0);
    for _ in 0..600 {
        // SAFETY: the pointers are valid.
        ok(unsafe { ixMemGetInfo(&mut free, &mut total) });
        if free >= least {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    free
}

/// Whether this process drives the device itself.
pub fn backend_is_direct() -> bool {
    let mut name = std::ptr::null();
    // SAFETY: the pointer is valid; the name is a C string.
    unsafe {
        ok(ixInit(0));
        ok(ixGetBackendName(&mut name));
        CStr::from_ptr(name) == c"direct"
    }
}

/// Counts at `data`.
pub unsafe extern "C" fn add_one(data: *mut c_void) {
    // SAFETY: the tests give a counter.
    unsafe { AtomicU32::from_ptr(data.cast()) }.fetch_add(1, Ordering::SeqCst);
}

/// Numbers that repeat for a seed.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) % n
    }
}

/// The seed of random tests, which `IX_FUZZ_SEED` overrides.
pub fn seed() -> u64 {
    let seed = std::env::var("IX_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(1);
    println!("IX_FUZZ_SEED={seed}");
    seed
}

/// A word of pinned memory on which a kernel waits.
pub struct Flag(pub *mut c_void);

impl Flag {
    pub fn new() -> Flag {
        let mut p = null_mut();
        // SAFETY: the pointer is valid; pinned memory has 4 bytes.
        unsafe {
            ok(ixMemAllocHost(&mut p, 4));
            p.cast::<u32>().write(0);
        }
        Flag(p)
    }

    pub fn address(&self) -> u64 {
        self.0 as u64
    }

    pub fn raise(&self) {
        // SAFETY: the memory is pinned for the life of the test, and shared with the device.
        unsafe { AtomicU32::from_ptr(self.0.cast()) }.store(1, Ordering::Release);
    }
}
