// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Modules, functions, launches.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::ffi::{c_void, CString};
use std::ptr::null_mut;

#[test]
fn vector_add_adds() {
    let _context = Ctx::new();
    let add = function(module(KERNELS), "vector_add");
    for n in [1usize, 31, 1000, 100_003] {
        let a: Vec<f32> = (0..n).map(|i| i as f32 * 0.5).collect();
        let b: Vec<f32> = (0..n).map(|i| 1000.0 - i as f32).collect();
        let (da, db, dc) = (upload(&a), upload(&b), alloc(4 * n));
        ok(launch(add, n.div_ceil(128) as u32, 128, NULL, &[da.0, db.0, dc.0, n as u64]));
        let expected: Vec<f32> = a.iter().zip(&b).map(|(a, b)| a + b).collect();
        assert!(download::<f32>(dc, n) == expected, "{n} elements");
    }
}

#[test]
fn parameters_of_all_sizes_arrive_by_pointers_and_packed() {
    let _context = Ctx::new();
    let sizes = function(module(KERNELS), "sizes");
    let out = upload(&[0f64]);
    let arguments = [200, out.0, 60_000, 4_000_000_000, 0.25f64.to_bits(), u64::from(1.5f32.to_bits())];
    ok(launch(sizes, 1, 1, NULL, &arguments));
    let sum = 200.0 + 60_000.0 + 4_000_000_000.0 + 0.25 + 1.5;
    assert_eq!(download::<f64>(out, 1), [sum]);

    // The layout is that of a C structure: offsets as the parameters' alignments say.
    let (mut offset, mut bytes, mut found) = (0usize, 0usize, Vec::new());
    // SAFETY: the pointers are valid.
    unsafe {
        while ixFuncGetParamInfo(sizes, found.len(), &mut offset, &mut bytes) == Code::SUCCESS {
            found.push((offset, bytes));
        }
    }
    assert_eq!(found, [(0, 1), (8, 8), (16, 2), (20, 4), (24, 8), (32, 4)]);
    let mut packed = [0u8; 36];
    for ((offset, bytes), argument) in found.into_iter().zip(arguments) {
        packed[offset..offset + bytes].copy_from_slice(&argument.to_le_bytes()[..bytes]);
    }
    let mut size = packed.len();
    let mut extra: [*mut c_void; 5] = [
        IX_LAUNCH_PARAM_BUFFER_POINTER as *mut c_void,
        packed.as_mut_ptr().cast(),
        IX_LAUNCH_PARAM_BUFFER_SIZE as *mut c_void,
        (&raw mut size).cast(),
        IX_LAUNCH_PARAM_END as *mut c_void,
    ];
    let run = |extra: *mut *mut c_void| {
        // SAFETY: the list and the buffer are valid.
        unsafe { ixLaunchKernel(sizes, 1, 1, 1, 1, 1, 1, 0, NULL, null_mut(), extra) }
    };
    ok(upload_to(out, &[0f64]));
    ok(run(extra.as_mut_ptr()));
    assert_eq!(download::<f64>(out, 1), [sum]);
    // SAFETY: the variable that the list points at.
    unsafe { (&raw mut size).write_volatile(35) };
    fails(run(extra.as_mut_ptr()), Code::INVALID_VALUE, "takes 36 bytes");
    extra[2] = 17 as *mut c_void;
    fails(run(extra.as_mut_ptr()), Code::INVALID_VALUE, "unknown key");
    extra[2] = IX_LAUNCH_PARAM_END as *mut c_void;
    fails(run(extra.as_mut_ptr()), Code::INVALID_VALUE, "no size");
    fails(run(null_mut()), Code::INVALID_VALUE, "6 arguments");
}

#[test]
fn launch_out_of_bounds_is_refused_before_it_runs() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let empty = function(m, "empty");
    let run = |f: IXfunction, grid: [u32; 3], block: [u32; 3], shared: u32| {
        let ([gx, gy, gz], [bx, by, bz]) = (grid, block);
        // SAFETY: the kernels take no parameters.
        unsafe { ixLaunchKernel(f, gx, gy, gz, bx, by, bz, shared, NULL, null_mut(), null_mut()) }
    };
    ok(run(empty, [1, 1, 1], [1024, 1, 1], 0));
    ok(run(empty, [70_000, 1, 1], [1, 1, 1], 48 << 10));
    for (grid, block) in [
        ([0, 1, 1], [1, 1, 1]),
        ([1, 65_536, 1], [1, 1, 1]),
        ([1 << 31, 1, 1], [1, 1, 1]),
        ([1, 1, 1], [0, 1, 1]),
        ([1, 1, 1], [1025, 1, 1]),
        ([1, 1, 1], [1, 1, 65]),
        ([1, 1, 1], [32, 32, 2]),
    ] {
        assert_eq!(run(empty, grid, block, 0), Code::INVALID_VALUE, "{grid:?} {block:?}");
    }
    fails(run(empty, [1, 1, 1], [1, 1, 1], (48 << 10) + 1), Code::INVALID_VALUE, "dynamic shared memory");
    let exactly = function(m, "exactly_64");
    ok(run(exactly, [1, 1, 1], [64, 1, 1], 0));
    fails(run(exactly, [1, 1, 1], [32, 1, 1], 0), Code::INVALID_VALUE, ".reqntid");
    let most = function(m, "at_most_128");
    ok(run(most, [1, 1, 1], [128, 1, 1], 0));
    fails(run(most, [1, 1, 1], [129, 1, 1], 0), Code::INVALID_VALUE, "it may have 128");
    // SAFETY: no pointers.
    ok(unsafe { ixCtxSynchronize() });
}

#[test]
fn dynamic_shared_memory_is_shared() {
    let _context = Ctx::new();
    let reverse = function(module(KERNELS), "reverse");
    let mut value = 0;
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixFuncGetAttribute(&mut value, IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, reverse));
        assert_eq!(value, 48 << 10);
        let mut optin = 0;
        ok(ixDeviceGetAttribute(&mut optin, IX_DEVICE_ATTRIBUTE_MAX_SHARED_MEMORY_PER_BLOCK_OPTIN, IXdevice(0)));
        ok(ixFuncSetAttribute(reverse, IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, optin));
        assert_eq!(ixFuncSetAttribute(reverse, IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES, optin + 1), Code::INVALID_VALUE);
        assert_eq!(ixFuncSetAttribute(reverse, IX_FUNC_ATTRIBUTE_NUM_REGS, 1), Code::INVALID_VALUE);
        let data: Vec<u32> = (0..256).collect();
        let device = upload(&data);
        let mut p = [(&raw const device.0).cast_mut().cast::<c_void>()];
        ok(ixLaunchKernel(reverse, 1, 1, 1, 256, 1, 1, optin as u32, NULL, p.as_mut_ptr(), null_mut()));
        assert!(download::<u32>(device, 256).into_iter().eq((0..256).rev()));
        ok(ixFuncGetAttribute(&mut value, IX_FUNC_ATTRIBUTE_NUM_REGS, reverse));
        assert!(value > 0);
        assert_eq!(ixFuncGetAttribute(&mut value, IXfunction_attribute(99), reverse), Code::INVALID_VALUE);
    }
}

#[test]
fn variables_have_addresses_and_initial_values() {
    let _context = Ctx::new();
    let m = module(KERNELS);
    let count = function(m, "count");
    let (mut address, mut bytes) = (IXdeviceptr(0), 0usize);
    let out = upload(&[0f32]);
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixModuleGetGlobal(&mut address, &mut bytes, m, c"counters".as_ptr()));
        assert_eq!(bytes, 16);
        assert_eq!(download::<u32>(address, 4), [1, 2, 3, 4]);
        ok(launch(count, 1, 4, NULL, &[10, out.0]));
        assert_eq!(download::<u32>(address, 4), [11, 12, 13, 14]);
        assert_eq!(download::<f32>(out, 1), [2.0]);
        ok(upload_to(address, &[5u32]));
        ok(launch(count, 1, 1, NULL, &[1, out.0]));
        assert_eq!(download::<u32>(address, 2), [6, 12]);
        fails(ixModuleGetGlobal(&mut address, &mut bytes, m, c"nothing".as_ptr()), Code::NOT_FOUND, "`nothing`");
        fails(ixMemFree(address), Code::INVALID_VALUE, "not the start");
    }
}

#[test]
fn modules_load_from_files_and_unload() {
    let _context = Ctx::new();
    let path = std::env::temp_dir().join(format!("ixrt-api-{}.ptx", std::process::id()));
    std::fs::write(&path, KERNELS).unwrap();
    let name = CString::new(path.to_str().unwrap()).unwrap();
    let mut m = IXmodule::default();
    let mut f = IXfunction::default();
    // SAFETY: the pointers are valid.
    unsafe {
        ok(ixModuleLoad(&mut m, name.as_ptr()));
        std::fs::remove_file(path).unwrap();
        fails(ixModuleLoad(&mut m, name.as_ptr()), Code::FILE_NOT_FOUND, "ixrt-api");
        let empty = function(m, "empty");
        assert_eq!(function(m, "empty"), empty);
        fails(ixModuleGetFunction(&mut f, m, c"absent".as_ptr()), Code::NOT_FOUND, "vector_add");
        assert_eq!(ixModuleGetFunction(&mut f, m, std::ptr::null()), Code::INVALID_VALUE);
        ok(launch(empty, 1, 1, NULL, &[]));
        ok(ixModuleUnload(m));
        fails(launch(empty, 1, 1, NULL, &[]), Code::INVALID_HANDLE, "function");
        fails(ixModuleGetFunction(&mut f, m, c"empty".as_ptr()), Code::INVALID_HANDLE, "module");
    }
}

#[test]
fn bad_text_is_refused_with_line_and_column() {
    let _context = Ctx::new();
    let text = CString::new(KERNELS.replace("add.f32 %f3, %f1, %f2;", "add.f32 %f3, %f1, %q7;")).unwrap();
    let line = 1 + KERNELS.lines().position(|l| l.contains("add.f32 %f3")).unwrap();
    let mut m = IXmodule::default();
    let mut log = [0u8; 400];
    let mut options = [IX_JIT_WALL_TIME, IX_JIT_ERROR_LOG_BUFFER, IX_JIT_ERROR_LOG_BUFFER_SIZE_BYTES];
    let mut values: [*mut c_void; 3] = [null_mut(), log.as_mut_ptr().cast(), log.len() as *mut c_void];
    let place = format!("line {line}, column 23");
    // SAFETY: the pointers are valid.
    unsafe {
        fails(ixModuleLoadData(&mut m, text.as_ptr().cast()), Code::INVALID_PTX, &place);
        let result = ixModuleLoadDataEx(&mut m, text.as_ptr().cast(), 3, options.as_mut_ptr(), values.as_mut_ptr());
        assert_eq!(result, Code::INVALID_PTX);
        let written = values[2] as usize;
        let text = std::ffi::CStr::from_bytes_with_nul(&log[..written]).unwrap().to_string_lossy();
        assert!(text.contains(&place) && text.contains("%q7"), "{text}");
        assert!(f32::from_bits(values[0] as u32) >= 0.0);
        fails(ixModuleLoadData(&mut m, c"\x7fELF".as_ptr().cast()), Code::NO_BINARY_FOR_GPU, "PTX");
        assert_eq!(ixModuleLoadData(&mut m, c"\xff\xfe".as_ptr().cast()), Code::INVALID_IMAGE);
        assert_eq!(ixModuleLoadData(&mut m, c"int main() {}".as_ptr().cast()), Code::INVALID_PTX);
        assert_eq!(ixModuleLoadData(&mut m, std::ptr::null()), Code::INVALID_VALUE);
    }
}

#[test]
fn launch_through_another_context_is_refused() {
    let _first = Ctx::new();
    let empty = function(module(KERNELS), "empty");
    let _second = Ctx::new();
    fails(launch(empty, 1, 1, NULL, &[]), Code::INVALID_HANDLE, "another context");
}
