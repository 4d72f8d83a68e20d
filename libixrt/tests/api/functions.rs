// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Functions, libraries, occupancy, and the other ways to launch.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_char, c_int, c_uint, c_void, CStr, CString};
use std::ptr::{null, null_mut};

fn attribute(device_attribute: IXdevice_attribute) -> c_int {
    let mut value = 0;
    // SAFETY: the pointer is valid.
    ok(unsafe { ixDeviceGetAttribute(&mut value, device_attribute, IXdevice(0)) });
    value
}

#[test]
fn functions_know_their_name_module_and_parameters() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let f = function(m, "vector_add");
    // SAFETY: the pointers are valid.
    unsafe {
        let (mut name, mut of, mut count, mut state) = (null::<c_char>(), IXmodule::default(), 0usize, IXfunctionLoadingState(0));
        ok(ixFuncGetName(&mut name, f));
        assert_eq!(CStr::from_ptr(name), c"vector_add");
        ok(ixFuncGetModule(&mut of, f));
        assert_eq!(of, m);
        ok(ixFuncGetParamCount(f, &mut count));
        assert_eq!(count, 4);
        ok(ixFuncIsLoaded(&mut state, f));
        assert_eq!(state, IX_FUNCTION_LOADING_STATE_LOADED);
        ok(ixFuncLoad(f));
        ok(ixFuncSetSharedMemConfig(f, IX_SHARED_MEM_CONFIG_EIGHT_BYTE_BANK_SIZE));
        fails(ixFuncSetSharedMemConfig(f, IXsharedconfig(3)), Code::INVALID_VALUE, "no configuration 3");
        fails(ixFuncGetName(&mut name, IXfunction(12345)), Code::INVALID_HANDLE, "not the handle of a live function");

        let mut functions = 0;
        ok(ixModuleGetFunctionCount(&mut functions, m));
        let mut all = vec![IXfunction::default(); functions as usize + 1];
        ok(ixModuleEnumerateFunctions(all.as_mut_ptr(), functions + 1, m));
        assert!(all[..functions as usize].contains(&f));
        assert_eq!(all[functions as usize], IXfunction(0), "there are no more");
        let mut mode = IXmoduleLoadingMode(0);
        ok(ixModuleGetLoadingMode(&mut mode));
        assert_eq!(mode, IX_MODULE_EAGER_LOADING);
    }
}

fn library(ptx: &str) -> IXlibrary {
    let text = CString::new(ptx).unwrap();
    let mut library = IXlibrary::default();
    // SAFETY: the pointers are valid.
    ok(unsafe { ixLibraryLoadData(&mut library, text.as_ptr().cast(), null_mut(), null_mut(), 0, null_mut(), null_mut(), 0) });
    library
}

#[test]
fn library_kernels_run_in_every_context() {
    // Without any context.
    // SAFETY: no pointers.
    ok(unsafe { ixInit(0) });
    let l = library(KERNELS);
    let mut kernel = IXkernel::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixLibraryGetKernel(&mut kernel, l, c"store".as_ptr()));
        fails(ixLibraryGetKernel(&mut kernel, l, c"nothing".as_ptr()), Code::NOT_FOUND, "no kernel `nothing`");
        let (mut count, mut name, mut of) = (0, null::<c_char>(), IXlibrary::default());
        ok(ixLibraryGetKernelCount(&mut count, l));
        let mut all = vec![IXkernel::default(); count as usize];
        ok(ixLibraryEnumerateKernels(all.as_mut_ptr(), count, l));
        assert!(all.contains(&kernel));
        ok(ixKernelGetName(&mut name, kernel));
        assert_eq!(CStr::from_ptr(name), c"store");
        ok(ixKernelGetLibrary(&mut of, kernel));
        assert_eq!(of, l);
        let (mut parameters, mut offset, mut bytes) = (0, 0, 0);
        ok(ixKernelGetParamCount(kernel, &mut parameters));
        ok(ixKernelGetParamInfo(kernel, 1, &mut offset, &mut bytes));
        assert_eq!((parameters, offset, bytes), (2, 8, 4));
        fails(ixKernelGetParamInfo(kernel, 2, &mut offset, &mut bytes), Code::INVALID_VALUE, "no parameter 2");
        // Set before there is a function, seen by all.
        ok(ixKernelSetAttribute(IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, 50_000, kernel, IXdevice(0)));
        ok(ixKernelSetCacheConfig(kernel, IX_FUNC_CACHE_PREFER_L1, IXdevice(0)));
    }
    for value in [7, 8] {
        let _context = Ctx::new();
        let cell = upload(&[0u32]);
        ok(launch(IXfunction(kernel.0), 1, 1, NULL, &[cell.0, value]));
        assert_eq!(download::<u32>(cell, 1), [value as u32]);
        let (mut f, mut m, mut n) = (IXfunction::default(), IXmodule::default(), 0);
        // SAFETY: the pointers are valid.
        unsafe {
            ok(ixKernelGetFunction(&mut f, kernel));
            ok(ixLibraryGetModule(&mut m, l));
            assert_eq!(function(m, "store"), f);
            ok(ixFuncGetAttribute(&mut n, IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, f));
            assert_eq!(n, 50_000);
            ok(ixKernelGetAttribute(&mut n, IX_FUNC_ATTRIBUTE_MAX_THREADS_PER_BLOCK, kernel, IXdevice(0)));
            assert_eq!(n, 1024);
            let (mut address, mut bytes) = (IXdeviceptr(0), 0);
            ok(ixLibraryGetGlobal(&mut address, &mut bytes, l, c"scale".as_ptr()));
            assert!(address.0 != 0 && bytes > 0);
            fails(ixLibraryGetManaged(&mut address, &mut bytes, l, c"scale".as_ptr()), Code::NOT_FOUND, "no managed variable");
            fails(ixLibraryGetUnifiedFunction(&mut null_mut(), l, c"x".as_ptr()), Code::NOT_FOUND, "no unified function");
        }
    }
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixLibraryUnload(l));
        assert_eq!(ixLibraryUnload(l), Code::INVALID_HANDLE);
        assert_eq!(ixKernelGetName(&mut null(), kernel), Code::INVALID_HANDLE);
        let _context = Ctx::new();
        assert_eq!(launch(IXfunction(kernel.0), 1, 1, NULL, &[0, 0]), Code::INVALID_HANDLE);
    }
}

#[test]
fn library_loads_from_a_file_and_says_what_is_wrong() {
    // SAFETY: no pointers.
    ok(unsafe { ixInit(0) });
    let path = std::env::temp_dir().join(format!("ixrt-library-{}.ptx", std::process::id()));
    std::fs::write(&path, KERNELS).unwrap();
    let c_path = CString::new(path.to_str().unwrap()).unwrap();
    let mut l = IXlibrary::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixLibraryLoadFromFile(&mut l, c_path.as_ptr(), null_mut(), null_mut(), 0, null_mut(), null_mut(), 0));
        ok(ixLibraryUnload(l));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(
            ixLibraryLoadFromFile(&mut l, c_path.as_ptr(), null_mut(), null_mut(), 0, null_mut(), null_mut(), 0),
            Code::FILE_NOT_FOUND
        );
        let mut log = [0u8; 400];
        let mut options = [IX_JIT_ERROR_LOG_BUFFER, IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
        let mut values = [log.as_mut_ptr().cast::<c_void>(), log.len() as *mut c_void];
        let image = c".version 7.0\n.target sm_80\nnonsense";
        let result =
            ixLibraryLoadData(&mut l, image.as_ptr().cast(), options.as_mut_ptr(), values.as_mut_ptr(), 2, null_mut(), null_mut(), 0);
        assert_eq!(result, Code::INVALID_PTX);
        assert!(CStr::from_bytes_until_nul(&log).unwrap().to_string_lossy().contains("nonsense"));
    }
}

#[test]
fn occupancy_fits_the_device() {
    let _context = Ctx::new();
    let f = function(module(KERNELS), "vector_add");
    let (mut blocks, mut grid, mut block, mut bytes) = (0, 0, 0, 0usize);
    let per_sm = attribute(IX_DEVICE_ATTRIBUTE_MAX_THREADS_PER_MULTIPROCESSOR);
    let shared = attribute(IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_MULTIPROCESSOR) as usize;
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixOccupancyMaxActiveBlocksPerMultiprocessor(&mut blocks, f, 128, 0));
        assert!(blocks > 0 && blocks * 128 <= per_sm);
        ok(ixOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&mut blocks, f, 32, shared / 3, 0));
        assert_eq!(blocks, 3);
        ok(ixOccupancyMaxActiveBlocksPerMultiprocessor(&mut blocks, f, 2000, 0));
        assert_eq!(blocks, 0);
        fails(ixOccupancyMaxActiveBlocksPerMultiprocessor(&mut blocks, f, 0, 0), Code::INVALID_VALUE, "0 threads");
        fails(ixOccupancyMaxActiveBlocksPerMultiprocessorWithFlags(&mut blocks, f, 32, 0, 2), Code::INVALID_VALUE, "flags");
        ok(ixOccupancyAvailableDynamicSMemPerBlock(&mut bytes, f, 2, 64));
        ok(ixOccupancyMaxActiveBlocksPerMultiprocessor(&mut blocks, f, 64, bytes));
        assert!(blocks >= 2);
        ok(ixOccupancyMaxPotentialBlockSize(&mut grid, &mut block, f, IXoccupancyB2DSize(None), 0, 0));
        ok(ixOccupancyMaxActiveBlocksPerMultiprocessor(&mut blocks, f, block, 0));
        assert_eq!(grid, blocks * attribute(IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT));
        ok(ixOccupancyMaxPotentialBlockSizeWithFlags(&mut grid, &mut block, f, IXoccupancyB2DSize(None), 0, 64, 0));
        assert!(block <= 64);
        unsafe extern "C" fn kilobyte_a_thread(threads: c_int) -> usize {
            threads as usize * 1024
        }
        ok(ixOccupancyMaxPotentialBlockSize(&mut grid, &mut block, f, IXoccupancyB2DSize(Some(kilobyte_a_thread)), 0, 0));
        assert!(block as usize * 1024 <= shared);
        let at_most = function(module(KERNELS), "at_most_128");
        ok(ixOccupancyMaxPotentialBlockSize(&mut grid, &mut block, at_most, IXoccupancyB2DSize(None), 0, 0));
        assert!(block <= 128);
        let config =
            IXlaunchConfig { blockDimX: 128, blockDimY: 1, blockDimZ: 1, gridDimX: 1, gridDimY: 1, gridDimZ: 1, ..Default::default() };
        ok(ixOccupancyMaxPotentialClusterSize(&mut blocks, f, &config));
        assert_eq!(blocks, 1);
        ok(ixOccupancyMaxActiveClusters(&mut blocks, f, &config));
        assert!(blocks > 0);
    }
}

#[test]
fn launch_attributes_are_heeded_or_refused() {
    let _context = Ctx::new();
    let store = function(module(KERNELS), "store");
    let cell = upload(&[0u32]);
    let one = IXlaunchConfig { blockDimX: 1, blockDimY: 1, blockDimZ: 1, gridDimX: 1, gridDimY: 1, gridDimZ: 1, ..Default::default() };
    let launch = |attributes: &mut [IXlaunchAttribute], value: u32| {
        let config = IXlaunchConfig { attrs: attributes.as_mut_ptr(), numAttrs: attributes.len() as c_uint, ..one };
        let arguments: [*const c_void; 2] = [(&raw const cell).cast(), (&raw const value).cast()];
        // SAFETY: the pointers are valid.
        unsafe { ixLaunchKernelEx(&config, store, arguments.as_ptr().cast_mut().cast(), null_mut()) }
    };
    let with = |id, value| IXlaunchAttribute { id, value, ..Default::default() };
    let cluster = |x| IXlaunchAttributeValue { clusterDim: IXlaunchDimension { x, y: 1, z: 1 } };
    ok(launch(&mut [], 1));
    ok(launch(&mut [with(IX_LAUNCH_ATTRIBUTE_COOPERATIVE, IXlaunchAttributeValue { cooperative: 1 })], 2));
    ok(launch(&mut [with(IX_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION, cluster(1)), with(IX_LAUNCH_ATTRIBUTE_PRIORITY, Default::default())], 3));
    assert_eq!(download::<u32>(cell, 1), [3]);
    fails(launch(&mut [with(IX_LAUNCH_ATTRIBUTE_CLUSTER_DIMENSION, cluster(2))], 4), Code::NOT_SUPPORTED, "clusters of 2");
    fails(launch(&mut [with(IX_LAUNCH_ATTRIBUTE_PROGRAMMATIC_EVENT, Default::default())], 4), Code::NOT_SUPPORTED, "attribute 7");
    fails(launch(&mut [with(IXlaunchAttributeID(99), Default::default())], 4), Code::INVALID_VALUE, "no launch attribute 99");
    // SAFETY: null is refused.
    fails(unsafe { ixLaunchKernelEx(null(), store, null_mut(), null_mut()) }, Code::INVALID_VALUE, "configuration is null");
    assert_eq!(download::<u32>(cell, 1), [3]);
}

/// Every block waits until all have come.
const MEET: &str = "
.version 7.0
.target sm_80
.address_size 64
.visible .entry meet(.param .u64 counter)
{
    .reg .u64 %rd<2>;
    .reg .u32 %r<4>;
    .reg .pred %p<2>;
    ld.param.u64 %rd1, [counter];
    mov.u32 %r1, %nctaid.x;
    atom.global.add.u32 %r2, [%rd1], 1;
wait:
    ld.volatile.global.u32 %r3, [%rd1];
    setp.lt.u32 %p1, %r3, %r1;
    @%p1 bra wait;
    ret;
}
";

#[test]
fn blocks_of_a_cooperative_grid_meet() {
    let _context = Ctx::new();
    let meet = function(module(MEET), "meet");
    let counter = upload(&[0u32]);
    let arguments: [*const c_void; 1] = [(&raw const counter).cast()];
    let launch = |blocks| {
        // SAFETY: the pointers are valid.
        unsafe { ixLaunchCooperativeKernel(meet, blocks, 1, 1, 32, 1, 1, 0, NULL, arguments.as_ptr().cast_mut().cast()) }
    };
    let blocks = 2 * attribute(IX_DEVICE_ATTRIBUTE_MULTIPROCESSOR_COUNT) as u32;
    ok(launch(blocks));
    // Each lane of the one warp adds.
    assert_eq!(download::<u32>(counter, 1), [blocks * 32]);
    fails(launch(1 << 20), Code::COOPERATIVE_LAUNCH_TOO_LARGE, "cooperative grid");
    assert_eq!(attribute(IX_DEVICE_ATTRIBUTE_COOPERATIVE_LAUNCH), 1);
    let s = stream(IX_STREAM_NON_BLOCKING);
    let mut list = [IX_LAUNCH_PARAMS {
        function: meet,
        gridDimX: 1,
        gridDimY: 1,
        gridDimZ: 1,
        blockDimX: 1,
        blockDimY: 1,
        blockDimZ: 1,
        hStream: s,
        kernelParams: arguments.as_ptr().cast_mut().cast(),
        ..Default::default()
    }];
    // SAFETY: the pointers are valid.
    unsafe {
        ok(cuLaunchCooperativeKernelMultiDevice(list.as_mut_ptr(), 1, 0));
        ok(ixStreamSynchronize(s));
        list[0].hStream = NULL;
        fails(cuLaunchCooperativeKernelMultiDevice(list.as_mut_ptr(), 1, 0), Code::INVALID_VALUE, "a stream of its own");
    }
    assert_eq!(download::<u32>(counter, 1), [blocks * 32 + 1]);
}

#[test]
fn launches_as_before_cuda_4_work() {
    let _context = Ctx::new();
    let add = function(module(KERNELS), "vector_add");
    let (a, b, c) = (upload(&[1f32; 100]), upload(&[2f32; 100]), upload(&[0f32; 100]));
    // SAFETY: the pointers are valid.
    unsafe {
        fails(cuLaunch(add), Code::INVALID_VALUE, "a block of 0 threads");
        ok(cuFuncSetBlockShape(add, 64, 1, 1));
        ok(cuFuncSetSharedSize(add, 0));
        for (i, address) in [a, b, c].iter().enumerate() {
            ok(cuParamSetv(add, 8 * i as c_int, (&raw const *address).cast_mut().cast(), 8));
        }
        ok(cuParamSeti(add, 24, 100));
        ok(cuParamSetSize(add, 28));
        ok(cuLaunchGrid(add, 2, 1));
        assert_eq!(download::<f32>(c, 100), [3.0; 100]);
        ok(cuParamSeti(add, 24, 10));
        ok(cuParamSetv(add, 8, (&raw const a).cast_mut().cast(), 8));
        ok(cuLaunchGridAsync(add, 2, 1, NULL));
        assert_eq!(download::<f32>(c, 11)[9..], [2.0, 3.0]);
        fails(cuFuncSetBlockShape(add, 0, 1, 1), Code::INVALID_VALUE, "0 x 1 x 1");
        fails(cuParamSetf(add, -4, 1.0), Code::INVALID_VALUE, "-4");
        assert_eq!(cuLaunchGrid(add, 0, 1), Code::INVALID_VALUE);
    }
}

#[test]
fn log_tells_of_failed_calls() {
    unsafe extern "C" fn listener(data: *mut c_void, level: IXlogLevel, message: *mut c_char, length: usize) {
        // SAFETY: the data is the vector below; the message is a C string.
        let (texts, text) = unsafe { (&*data.cast::<std::sync::Mutex<Vec<String>>>(), CStr::from_ptr(message)) };
        assert_eq!((level, text.count_bytes()), (IX_LOG_LEVEL_ERROR, length));
        texts.lock().unwrap().push(text.to_string_lossy().into_owned());
    }
    let _context = Ctx::new();
    let texts = std::sync::Mutex::new(Vec::new());
    let (mut handle, mut place) = (IXlogsCallbackHandle::default(), 0);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixLogsCurrent(&mut place, 0));
        ok(ixLogsRegisterCallback(IXlogsCallback(Some(listener)), (&raw const texts).cast_mut().cast(), &mut handle));
        assert_eq!(ixMemAlloc(null_mut(), 77), Code::INVALID_VALUE);
        ok(ixLogsUnregisterCallback(handle));
        assert_eq!(ixLogsUnregisterCallback(handle), Code::INVALID_HANDLE);
        assert!(texts.lock().unwrap().contains(&"ixMemAlloc: address is null".to_string()));
        let mut buffer = [0 as c_char; 20_000];
        let mut size = buffer.len();
        ok(ixLogsDumpToMemory(&mut place, buffer.as_mut_ptr(), &mut size, 0));
        let text = CStr::from_ptr(buffer.as_ptr());
        assert_eq!(text.count_bytes() + 1, size);
        assert!(text.to_string_lossy().contains("ixMemAlloc: address is null\n"));
        let path = CString::new(format!("{}/ixrt-log-{}", std::env::temp_dir().display(), std::process::id())).unwrap();
        ok(ixLogsDumpToFile(null_mut(), path.as_ptr(), 0));
        let path = path.to_str().unwrap();
        assert!(std::fs::read_to_string(path).unwrap().contains("ixLogsUnregisterCallback: "));
        std::fs::remove_file(path).unwrap();
        ok(ixProfilerStart());
        ok(ixProfilerStop());
    }
}
