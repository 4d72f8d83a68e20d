// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Inputs and expected outputs of the kernels that are written as text, from the prose of the PTX ISA.
//!
//! An *oracle* takes the parameters of a case and makes its launches. What it expects is computed here, in plain Rust.

mod atomic;
mod block;
mod matrix;
mod memory;
mod warp;

use crate::case::{word, Arg, Buffers, Check, Effort, Launch};
use crate::expect::{describe, Expect};
use crate::template::Params;
use crate::types::Type;

/// Makes the launches of a case.
pub type Oracle = fn(&Params, Effort) -> Result<Vec<Launch>, String>;

/// The oracle with a name.
pub fn named(name: &str) -> Option<Oracle> {
    Some(match name {
        "atomic" => atomic::atomic,
        "atomic_vector" => atomic::atomic_vector,
        "carry" => block::carry,
        "clock" => block::clock,
        "collective" => warp::collective,
        "copy" => block::copy,
        "exchange" => block::exchange,
        "map" => block::map,
        "neighbour" => block::neighbour,
        "produce" => block::produce,
        "reduce" => block::reduce,
        "spaces" => block::spaces,
        "special" => block::special,
        "stops" => block::stops,
        "ldmatrix" => matrix::ldmatrix,
        "mma" => matrix::mma,
        "movmatrix" => matrix::movmatrix,
        "stmatrix" => matrix::stmatrix,
        "wmma" => matrix::wmma,
        "load" => memory::load,
        "store" => memory::store,
        _ => return None,
    })
}

/// A check that element `i` of buffer `n` is as `expected[i]` says; `inputs` tells what led to an element.
fn each(n: usize, ty: Type, expected: Vec<Expect>, inputs: impl Fn(usize) -> String + 'static) -> Check {
    const PRINTED: usize = 3;
    let bytes = ty.bits().max(8) as usize / 8;
    Box::new(move |buffers: &Buffers| {
        let wrong: Vec<usize> = (0..expected.len()).filter(|&i| !expected[i].accepts(word(&buffers[n], bytes, i))).collect();
        if wrong.is_empty() {
            return Ok(());
        }
        let mut text = String::new();
        for &i in wrong.iter().take(PRINTED) {
            let wanted = match &expected[i] {
                Expect::Bits(bits) => describe(ty, *bits),
                other => other.to_string(),
            };
            text += &format!(
                "  element {i}, {}\n    expected    {ty} {wanted}\n    got         {ty} {}\n",
                inputs(i),
                describe(ty, word(&buffers[n], bytes, i))
            );
        }
        Err(format!("{text}  {} wrong of {}", wrong.len(), expected.len()))
    })
}

/// All checks, in order.
fn all(checks: Vec<Check>) -> Check {
    Box::new(move |buffers: &Buffers| checks.iter().try_for_each(|check| check(buffers)))
}

/// Whether the form is executed in a thread: under a guard, only where the thread's number has bit 0 or bit 2.
fn active(params: &Params, thread: usize) -> bool {
    params.get("guard").is_empty() || thread & 5 != 0
}

/// Random bytes.
fn random_bytes(seed: u64, name: &str, count: usize) -> Vec<u8> {
    let mut r = ix_isa_tests::random::Random::new(seed, name);
    (0..count).map(|_| r.bits() as u8).collect()
}

/// Words as a buffer.
fn buffer(bytes: Vec<u8>) -> Arg {
    Arg::Buffer(bytes)
}
