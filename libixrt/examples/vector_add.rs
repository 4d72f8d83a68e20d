// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Adds two vectors on the device: the smallest complete program in Rust.

use ixrt::error::Result;
use ixrt::safe::{Context, Device, Grid};

const PTX: &str = include_str!("../tests/api/kernels.ptx");
const N: u32 = 1000;

/// The program; the tests run it too.
pub fn main() -> Result<()> {
    let device = Device::get(0)?;
    let context = Context::new(device)?;
    let add = context.load(PTX)?.function("vector_add")?;
    let (stream, start, end) = (context.stream()?, context.event()?, context.event()?);
    let a: Vec<u32> = (0..N).collect();
    let b: Vec<u32> = (0..N).map(|i| 3 * i).collect();
    let (da, db) = (context.upload(&a)?, context.upload(&b)?);
    let dc = context.zeros::<u32>(a.len())?;
    start.record(&stream)?;
    // SAFETY: the kernel takes three pointers and a count, and stays within the count.
    unsafe { add.launch(&stream, Grid::of(N, 256), &[&da, &db, &dc, &N])? };
    end.record(&stream)?;
    stream.synchronize()?;
    assert!(dc.download()?.iter().zip(0..N).all(|(sum, i)| *sum == 4 * i), "a sum is wrong");
    println!("{N} sums are right on {}, in {:.3} ms", device.name()?, start.elapsed_ms(&end)?);
    Ok(())
}
