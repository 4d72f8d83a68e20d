// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Measures the stack through the runtime's C interface, each thing beside
//! plain Rust on the CPU in the same run, so that the ratio means something on
//! any machine.
//!
//! `ixbench DIRECTORY` reads `empty.ptx`, `saxpy.ptx` and `sgemm.ptx` there and
//! prints a table in Markdown. Every number is the median of repeated runs, and
//! every result is checked against the CPU's. The backend is the runtime's
//! choice (`IXRT_BACKEND`).
//!
//! `ixbench --enqueue DIRECTORY` only enqueues launches. It looks for the files
//! `/enqueue-begins` and `/enqueue-ends` before and after, so that who traces
//! its system calls sees that there are none in between.

mod gpu;
mod plain;

use anyhow::{bail, ensure, Result};
use gpu::{Gpu, Stream};
use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::ptr;
use std::time::{Duration, Instant};

/// Time after which a measurement stops repeating.
const ENOUGH: Duration = Duration::from_secs(1);
/// Repetitions after which it stops anyway.
const MOST: usize = 2000;
/// Floats in a copy: 64 MiB.
const COPIED: usize = 16 << 20;
const SAXPY: usize = 16 << 20;
const SGEMM: usize = 512;
/// Launches in a row, and in a graph.
const ENQUEUED: usize = 10_000;
const GRAPH: usize = 100;

fn main() -> Result<()> {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let (only_enqueue, dir) = match &arguments[..] {
        [dir] => (false, PathBuf::from(dir)),
        [option, dir] if option == "--enqueue" => (true, PathBuf::from(dir)),
        _ => bail!("usage: ixbench [--enqueue] DIRECTORY-OF-PTX"),
    };
    let gpu = Gpu::open()?;
    println!("{}, 64 MiB copies\n", gpu.name()?);
    println!("| what | IX | plain Rust | IX / plain Rust |\n|---|---|---|---|");
    enqueue(&gpu, &dir)?;
    if only_enqueue {
        return Ok(());
    }
    launch(&gpu, &dir)?;
    copies(&gpu)?;
    saxpy(&gpu, &dir)?;
    sgemm(&gpu, &dir)
}

/// The median time of `run`, after one run to warm up.
fn measure(mut run: impl FnMut() -> Result<()>) -> Result<f64> {
    run()?;
    let started = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || started.elapsed() < ENOUGH && times.len() < MOST {
        let start = Instant::now();
        run()?;
        times.push(start.elapsed().as_secs_f64());
    }
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// Prints a row: both times, and how many times as long IX took. `rate`, if
/// given, is an amount and its unit, shown as amount per second.
fn row(what: &str, ix: f64, plain: f64, rate: Option<(f64, &str)>) {
    let show = |time: f64| {
        let text = if time < 1e-3 { format!("{:.2} µs", time * 1e6) } else { format!("{:.2} ms", time * 1e3) };
        match rate {
            Some((amount, unit)) => format!("{text} ({:.2} {unit}/s)", amount / time),
            None => text,
        }
    };
    println!("| {what} | {} | {} | {:.2} |", show(ix), show(plain), ix / plain);
}

fn launch(gpu: &Gpu, dir: &Path) -> Result<()> {
    let kernel = gpu.kernel(dir, "empty")?;
    let ix = measure(|| {
        // SAFETY: the kernel takes no parameters and touches no memory.
        unsafe { kernel.launch([1, 1], [1, 1], &[])? };
        gpu.wait()
    })?;
    let mut partner = plain::Partner::start();
    let plain = measure(|| {
        partner.round_trip();
        Ok(())
    })?;
    row("empty launch and wait, beside a round trip to another thread", ix, plain, None);
    Ok(())
}

/// Launches that are enqueued and not waited for, each by itself and as a graph.
fn enqueue(gpu: &Gpu, dir: &Path) -> Result<()> {
    let kernel = gpu.kernel(dir, "saxpy")?;
    let stream = Stream::new()?;
    let (count, a, x) = (0u32, 1f32, gpu.floats(1)?);
    let mut arguments = [pointer(&count), pointer(&a), pointer(x.address()), pointer(x.address())].map(|p| p.cast_mut());
    // SAFETY: n, a, x, y as the kernel has them; it touches no memory.
    let mut launch = || unsafe { stream.launch(&kernel, &mut arguments) };
    let mut times = vec![0f64; ENQUEUED];
    // The first time the memory of the stream's rings is touched.
    (0..ENQUEUED).try_for_each(|_| launch())?;
    stream.wait()?;
    let _ = Path::new("/enqueue-begins").exists();
    for time in &mut times {
        let start = Instant::now();
        launch()?;
        *time = start.elapsed().as_secs_f64();
    }
    let _ = Path::new("/enqueue-ends").exists();
    stream.wait()?;
    times.sort_by(f64::total_cmp);
    let one = times[ENQUEUED / 2];
    let graph = stream.capture(|| (0..GRAPH).try_for_each(|_| launch()))?;
    let mut times: Vec<f64> = Vec::new();
    for _ in 0..200 {
        let start = Instant::now();
        stream.run(&graph)?;
        times.push(start.elapsed().as_secs_f64());
        stream.wait()?;
    }
    times.sort_by(f64::total_cmp);
    let mut partner = plain::Partner::start();
    let plain = measure(|| {
        partner.round_trip();
        Ok(())
    })?;
    row("enqueue a launch with 4 arguments, beside a round trip to another thread", one, plain, None);
    row("enqueue a graph of 100 such launches, likewise", times[times.len() / 2], plain, None);
    Ok(())
}

fn copies(gpu: &Gpu) -> Result<()> {
    let source = plain::numbers(COPIED, 1);
    let mut target = vec![0.0; COPIED];
    let (first, second) = (gpu.floats(COPIED)?, gpu.floats(COPIED)?);
    let amount = Some((size_of_val(&source[..]) as f64 / 1e9, "GB"));

    let plain = measure(|| {
        target.copy_from_slice(std::hint::black_box(&source));
        std::hint::black_box(&mut target);
        Ok(())
    })?;
    row("copy host to device, beside memcpy", measure(|| first.write(&source))?, plain, amount);
    let between = measure(|| {
        first.copy_to(&second)?;
        gpu.wait()
    })?;
    row("copy device to device", between, plain, amount);
    target.fill(0.0);
    row("copy device to host", measure(|| second.read(&mut target))?, plain, amount);
    ensure!(source == target, "what came back from the device is not what went there");
    Ok(())
}

fn saxpy(gpu: &Gpu, dir: &Path) -> Result<()> {
    let kernel = gpu.kernel(dir, "saxpy")?;
    let (x, start) = (plain::numbers(SAXPY, 2), plain::numbers(SAXPY, 3));
    let (dx, dy) = (gpu.floats(SAXPY)?, gpu.floats(SAXPY)?);
    dx.write(&x)?;
    dy.write(&start)?;
    // Zero leaves y as it is, however often it runs.
    let count = SAXPY as u32;
    let run = |a: f32| {
        let arguments = [pointer(&count), pointer(&a), pointer(dx.address()), pointer(dy.address())];
        // SAFETY: n, a, x, y as the kernel has them; x and y have n elements.
        unsafe { kernel.launch([count.div_ceil(256), 1], [256, 1], &arguments)? };
        gpu.wait()
    };
    let ix = measure(|| run(0.0))?;
    run(2.5)?;
    let mut y = start;
    let plain = measure(|| {
        plain::saxpy(std::hint::black_box(0.0), &x, &mut y);
        Ok(())
    })?;
    plain::saxpy(2.5, &x, &mut y);
    let mut result = vec![0.0; SAXPY];
    dy.read(&mut result)?;
    check(&result, &y, 1e-6)?;
    row("SAXPY 16M", ix, plain, Some((2e-9 * SAXPY as f64, "GFLOP")));
    Ok(())
}

fn sgemm(gpu: &Gpu, dir: &Path) -> Result<()> {
    let kernel = gpu.kernel(dir, "sgemm")?;
    let (a, b) = (plain::numbers(SGEMM * SGEMM, 4), plain::numbers(SGEMM * SGEMM, 5));
    let [da, db, dc] = [gpu.floats(SGEMM * SGEMM)?, gpu.floats(SGEMM * SGEMM)?, gpu.floats(SGEMM * SGEMM)?];
    da.write(&a)?;
    db.write(&b)?;
    let (size, alpha, beta) = (SGEMM as u32, 1.0f32, 0.0f32);
    let ix = measure(|| {
        let arguments = [
            pointer(&size),
            pointer(&size),
            pointer(&size),
            pointer(&alpha),
            pointer(da.address()),
            pointer(db.address()),
            pointer(&beta),
            pointer(dc.address()),
        ];
        // SAFETY: m, n, k, alpha, a, b, beta, c as the kernel has them; the
        // matrices have 512 x 512 elements.
        unsafe { kernel.launch([size.div_ceil(32); 2], [16, 16], &arguments)? };
        gpu.wait()
    })?;
    let mut c = vec![0.0; SGEMM * SGEMM];
    let plain = measure(|| {
        plain::sgemm(SGEMM, &a, &b, &mut c);
        Ok(())
    })?;
    let mut result = vec![0.0; SGEMM * SGEMM];
    dc.read(&mut result)?;
    // Sums of 512 products of numbers below 1, in another order.
    check(&result, &c, 1e-3)?;
    row("SGEMM 512", ix, plain, Some((2e-9 * (SGEMM as f64).powi(3), "GFLOP")));
    Ok(())
}

fn pointer<T>(value: &T) -> *const c_void {
    ptr::from_ref(value).cast()
}

fn check(got: &[f32], wanted: &[f32], tolerance: f32) -> Result<()> {
    for (index, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        ensure!((got - wanted).abs() <= tolerance, "element {index} is {got}, not {wanted}");
    }
    Ok(())
}
