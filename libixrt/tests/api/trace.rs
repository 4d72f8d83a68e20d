// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Traces and timelines, each of a process of its own.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;
use std::path::PathBuf;
use std::ptr::null_mut;

fn file(name: &str) -> PathBuf {
    std::env::temp_dir().join(format!("ixrt-trace-{name}-{}", std::process::id()))
}

/// What the child processes do: ends by `exit`, with a context alive.
fn work() -> ! {
    let context = Ctx::new();
    let x = upload(&[1u32; 1000]);
    let double = function(module(KERNELS), "vector_add");
    for _ in 0..3 {
        ok(launch(double, 4, 256, NULL, &[x.0, x.0, x.0, 1000]));
    }
    let y = alloc(4000);
    // SAFETY: the pointers are valid or null.
    unsafe {
        ok(ixMemcpyDtoD(y, x, 4000));
        let mut address = IXdeviceptr(0);
        assert_eq!(cuMemAlloc_v2(&mut address, 4096), Code::SUCCESS);
        assert_eq!(cuMemAlloc_v2(null_mut(), 4096), Code::INVALID_VALUE);
        let mut count = 0;
        assert_eq!(cuDeviceGetCount(&mut count), Code::SUCCESS);
    }
    assert_eq!(download::<u32>(y, 1000), [8; 1000]);
    std::mem::forget(context);
    println!("1 passed");
    std::process::exit(0)
}

/// Runs [`work`] in a child and returns the file that `variable` had it write; `None` in the child.
fn output_of(test: &str, variable: &str, environment: &[(&str, &str)]) -> Option<String> {
    let path = file(&test.replace("::", "-"));
    let mut all = environment.to_vec();
    let name = path.to_str().unwrap();
    all.push((variable, name));
    if in_child(test, &all) {
        work();
    }
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    Some(text)
}

#[test]
fn text_trace_has_calls_with_arguments_results_and_reasons() {
    let Some(text) = output_of("trace::text_trace_has_calls_with_arguments_results_and_reasons", "IXRT_TRACE_FILE", &[("IXRT_TRACE", "1")])
    else {
        return;
    };
    let line = |words: &str| text.lines().find(|line| line.contains(words)).unwrap_or_else(|| panic!("no {words} in\n{text}"));
    assert!(line(" ixInit(").contains("ixInit(flags = 0) = IX_SUCCESS, "), "{text}");
    assert!(line(" cuDeviceGetCount(").contains(" -> 1) = CUDA_SUCCESS"), "{text}");
    let alloc = line(" cuMemAlloc_v2(address = 0x");
    assert!(alloc.contains(" -> 0x") && alloc.contains(", bytes = 4096) = CUDA_SUCCESS, "), "{alloc}");
    let failed = line(" cuMemAlloc_v2(address = null");
    assert!(failed.contains("= CUDA_ERROR_INVALID_VALUE, ") && failed.contains(" us: cuMemAlloc_v2: "), "{failed}");
    assert!(line(" ixModuleGetFunction(").contains(" -> \"vector_add\""), "{text}");
    assert_eq!(text.matches(" ixLaunchKernel(").count(), 3);
    assert!(line(" ixLaunchKernel(").contains("grid_x = 4, grid_y = 1, grid_z = 1, block_x = 256"), "{text}");
}

#[test]
fn json_trace_has_an_object_a_line() {
    let Some(text) = output_of("trace::json_trace_has_an_object_a_line", "IXRT_TRACE_FILE", &[("IXRT_TRACE", "json")]) else { return };
    for line in text.lines() {
        let object: serde_json::Value = serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
        assert!(object["duration_us"].as_f64().unwrap() >= 0.0 && object["thread"].as_i64().unwrap() > 0, "{line}");
        if object["call"] == "cuMemAlloc_v2" && object["code"] == 0 {
            assert_eq!(object["arguments"]["bytes"], 4096);
            assert!(object["arguments"]["address"]["value"].as_str().unwrap().starts_with("0x"), "{line}");
        }
    }
    assert!(text.contains("\"call\":\"ixLaunchKernel\""));
}

#[test]
fn timeline_has_calls_and_what_the_device_did() {
    let Some(text) = output_of("trace::timeline_has_calls_and_what_the_device_did", "IXRT_TIMELINE", &[]) else { return };
    let events: serde_json::Value = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
    let events = events.as_array().unwrap();
    let named = |name: &str| -> Vec<&serde_json::Value> { events.iter().filter(|e| e["name"] == name && e["ph"] == "X").collect() };
    let (launches, kernels) = (named("ixLaunchKernel"), named("vector_add"));
    assert_eq!((launches.len(), kernels.len()), (3, 3), "{text}");
    let number = |event: &serde_json::Value, key: &str| event[key].as_f64().unwrap();
    let mut last_end = 0.0;
    for (launch, kernel) in launches.iter().zip(&kernels) {
        assert_ne!(launch["pid"], kernel["pid"]);
        assert!(number(kernel, "ts") >= number(launch, "ts"), "begins before it is launched: {launch} {kernel}");
        assert!(number(kernel, "dur") > 0.0 && number(kernel, "ts") >= last_end - 0.002, "{kernels:?}");
        last_end = number(kernel, "ts") + number(kernel, "dur");
    }
    let copies = named("ixMemcpyDtoD");
    assert_eq!(copies.len(), 2, "the call and its work: {copies:?}");
    assert!(events.iter().any(|e| e["name"] == "process_name" && e["args"]["name"] == "device 0"));
}

#[test]
fn unusable_request_is_told_and_does_no_harm() {
    const TEST: &str = "trace::unusable_request_is_told_and_does_no_harm";
    let environment = [("IXRT_TRACE", "1"), ("IXRT_TRACE_FILE", "/no/such/folder/file"), ("IXRT_TIMELINE", "/no/such/folder/file")];
    let Some(text) = child_output(TEST, &environment) else {
        let _context = Ctx::new();
        assert_eq!(download::<u32>(upload(&[7u32; 4]), 4), [7; 4]);
        return;
    };
    for variable in ["IXRT_TRACE_FILE", "IXRT_TIMELINE"] {
        assert!(text.contains(&format!("libixrt: {variable}: ")), "{text}");
    }
}
