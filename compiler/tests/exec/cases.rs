// SPDX-License-Identifier: Apache-2.0 OR MIT
//! One PTX file for each feature.
//!
//! Lines that begin with `//!` say what to run:
//!
//! ```text
//! //! launch KERNEL grid X[,Y,Z] block X[,Y,Z] [shared BYTES]
//! //! arg TYPE VALUE            a parameter
//! //! in TYPE VALUES            a buffer; its address is the parameter
//! //! out TYPE VALUES           a buffer of zeros; what the kernel must have written
//! //! inout TYPE VALUES -> VALUES
//! //! fault KIND                the launch must end in this fault
//! ```
//!
//! Values are numbers (`0x..`, floats as decimal fractions, `nan`, `inf`), `N*VALUE` for repetition, `A..B` for a range
//! of integers. Parameters are in the order of the lines. A file may have several launches. In an `out` of floats a
//! result may differ by 2 units in the last place; `exact` after the type demands equality.

use crate::machine::{Machine, Params, Shape};
use ix_compiler::{compile, Level, Options};
use std::path::Path;

struct Expected {
    ty: String,
    exact: bool,
    va: u64,
    bytes: Vec<u8>,
}

fn width(ty: &str) -> usize {
    ty[1..].parse::<usize>().unwrap_or_else(|_| panic!("type {ty}")) / 8
}

fn number(ty: &str, text: &str) -> Vec<u8> {
    let bits: u64 = if ty.starts_with('f') && !text.starts_with("0x") {
        let f: f64 = match text {
            "nan" => f64::NAN,
            other => other.parse().unwrap_or_else(|_| panic!("number {text}")),
        };
        match ty {
            "f64" => f.to_bits(),
            "f32" if f.is_nan() => 0x7fff_ffff,
            "f32" => u64::from((f as f32).to_bits()),
            _ => panic!("write {ty} in hexadecimal"),
        }
    } else if let Some(hex) = text.strip_prefix("0x") {
        u64::from_str_radix(hex, 16).unwrap_or_else(|_| panic!("number {text}"))
    } else {
        text.parse::<i128>().unwrap_or_else(|_| panic!("number {text}")) as u64
    };
    bits.to_le_bytes()[..width(ty)].to_vec()
}

fn values(ty: &str, words: &[&str]) -> Vec<u8> {
    let mut bytes = vec![];
    for word in words {
        if let Some((from, to)) = word.split_once("..") {
            let (from, to): (i64, i64) = (from.parse().unwrap(), to.parse().unwrap());
            for i in from..to {
                let text = if ty.starts_with('f') { format!("{i}.0") } else { i.to_string() };
                bytes.extend(number(ty, &text));
            }
        } else if let Some((count, value)) = word.split_once('*') {
            let value = number(ty, value);
            for _ in 0..count.parse::<usize>().unwrap() {
                bytes.extend(&value);
            }
        } else {
            bytes.extend(number(ty, word));
        }
    }
    bytes
}

fn dims(text: &str) -> [u32; 3] {
    let mut dims = [1; 3];
    for (d, n) in dims.iter_mut().zip(text.split(',')) {
        *d = n.parse().unwrap();
    }
    dims
}

/// Whether two floats of this width are as near as approximations may be.
fn near(ty: &str, got: &[u8], want: &[u8]) -> bool {
    let ordered = |bytes: &[u8]| {
        let mut wide = [0; 8];
        wide[..bytes.len()].copy_from_slice(bytes);
        let bits = u64::from_le_bytes(wide);
        let sign = 1u64 << (bytes.len() * 8 - 1);
        if bits & sign != 0 {
            -((bits ^ sign) as i64)
        } else {
            bits as i64
        }
    };
    ty.starts_with('f') && (ordered(got) - ordered(want)).unsigned_abs() <= 2
}

struct Launch {
    kernel: String,
    shape: Shape,
    params: Params,
    expected: Vec<Expected>,
    fault: Option<u32>,
}

fn run_file(path: &Path, level: Level, machine: &mut Machine) -> usize {
    let text = std::fs::read_to_string(path).unwrap();
    let name = format!("{} at {level:?}", path.file_name().unwrap().to_string_lossy());
    let module = compile(&text, &Options { level, ..Options::default() }).unwrap_or_else(|e| panic!("{name}: {e}"));
    machine.reset();
    let mut launches: Vec<Launch> = vec![];
    for line in text.lines().filter_map(|l| l.strip_prefix("//!")) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let Some((&command, rest)) = words.split_first() else { continue };
        if command == "launch" {
            let mut shape = Shape::linear(1, 32);
            for pair in rest[1..].chunks(2) {
                match pair[0] {
                    "grid" => shape.grid = dims(pair[1]),
                    "block" => shape.block = dims(pair[1]),
                    "shared" => shape.dynamic_shared = pair[1].parse().unwrap(),
                    other => panic!("{name}: {other}"),
                }
            }
            launches.push(Launch { kernel: rest[0].into(), shape, params: Params::default(), expected: vec![], fault: None });
            continue;
        }
        let launch = launches.last_mut().unwrap_or_else(|| panic!("{name}: `{command}` before `launch`"));
        let (ty, mut rest) = (rest[0], &rest[1..]);
        let exact = rest.first() == Some(&"exact");
        if exact {
            rest = &rest[1..];
        }
        let mut buffer = |machine: &mut Machine, contents: &[u8]| {
            let va = machine.buffer(contents);
            launch.params.push(&va.to_le_bytes());
            va
        };
        match command {
            "arg" => {
                launch.params.push(&values(ty, rest));
            }
            "in" => {
                buffer(machine, &values(ty, rest));
            }
            "out" => {
                let bytes = values(ty, rest);
                let va = buffer(machine, &vec![0; bytes.len()]);
                launch.expected.push(Expected { ty: ty.into(), exact, va, bytes });
            }
            "inout" => {
                let middle = rest.iter().position(|w| *w == "->").unwrap_or_else(|| panic!("{name}: `inout` without `->`"));
                let va = buffer(machine, &values(ty, &rest[..middle]));
                launch.expected.push(Expected { ty: ty.into(), exact, va, bytes: values(ty, &rest[middle + 1..]) });
            }
            "fault" => {
                use ix_hw::fault::kind;
                launch.fault = Some(match ty {
                    "trap" => kind::TRAP,
                    other => panic!("{name}: fault {other}"),
                });
            }
            other => panic!("{name}: {other}"),
        }
    }
    assert!(!launches.is_empty(), "{name}: nothing to run");
    machine.load(&module);
    for launch in &launches {
        let result = machine.run(&module, &launch.kernel, launch.shape, &launch.params.0);
        match (result, launch.fault) {
            (Ok(()), None) => {}
            (Err(e), Some(kind)) => assert!(e.starts_with(&format!("fault kind {kind}:")), "{name}: {e}"),
            (result, wanted) => panic!("{name}: {}: ended with {result:?}, not {wanted:?}", launch.kernel),
        }
        for (i, e) in launch.expected.iter().enumerate() {
            let got = machine.read(e.va, e.bytes.len());
            let w = width(&e.ty);
            for (n, (got, want)) in got.chunks(w).zip(e.bytes.chunks(w)).enumerate() {
                if got != want && (e.exact || !near(&e.ty, got, want)) {
                    let hex = |b: &[u8]| b.iter().rev().map(|b| format!("{b:02x}")).collect::<String>();
                    panic!("{name}: {}: output {i}, element {n}: 0x{} instead of 0x{}", launch.kernel, hex(got), hex(want));
                }
            }
        }
    }
    launches.len()
}

#[test]
fn every_case_gives_its_results() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/exec/cases");
    let mut paths: Vec<_> = std::fs::read_dir(root).unwrap().map(|e| e.unwrap().path()).collect();
    paths.retain(|p| p.extension().is_some_and(|e| e == "ptx"));
    paths.sort();
    let mut machine = Machine::new();
    let mut failures = vec![];
    let mut launches = 0;
    for (path, level) in paths.iter().flat_map(|p| [(p, Level::O2), (p, Level::O0)]) {
        match std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run_file(path, level, &mut machine))) {
            Ok(n) => launches += n,
            Err(e) => {
                let reason = e.downcast_ref::<String>().cloned().or_else(|| e.downcast_ref::<&str>().map(|s| (*s).to_owned()));
                failures.push(reason.unwrap_or_default());
            }
        }
    }
    println!("{} files, {launches} launches at two levels", paths.len());
    assert!(failures.is_empty(), "{} of {} files fail:\n{}", failures.len(), paths.len(), failures.join("\n"));
    assert!(launches >= 2 * paths.len());
}
