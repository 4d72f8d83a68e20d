// SPDX-License-Identifier: Apache-2.0 OR MIT
//! IX's device math library as a host library, for its tests.
//!
//! The library itself is C++ headers, `include/ixmath.h` and what it includes. The build script
//! compiles them with the host's compiler into checkers, `tests/host/*.cpp`, each a list of
//! functions that are compared with a reference. This crate gives the lists and the checkers safe
//! faces; what is run, and which errors pass, is in `tests/accuracy.rs`.

use std::ffi::{c_char, c_int, CStr};

#[repr(C)]
struct RawEntry {
    name: *const c_char,
    arguments: c_int,
    bound: f64,
}

/// What a checker found.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default)]
pub struct Outcome {
    /// The largest error in units in the last place of the exact result.
    pub ulps: f64,
    /// The arguments of that error: the first.
    pub x: f64,
    /// The second, or 0.
    pub y: f64,
    /// What the function returned there.
    pub got: f64,
    /// How many arguments were tried.
    pub samples: u64,
    /// How many results had the wrong kind: NaN, infinity, sign of zero, or symmetry.
    pub wrong: u64,
    /// The first argument of the first of those.
    pub wrong_x: f64,
    /// Its second argument.
    pub wrong_y: f64,
    /// What the function returned there.
    pub wrong_got: f64,
}

impl Outcome {
    /// This outcome and another of the same function as one.
    pub fn join(self, other: Self) -> Self {
        let mut joined = if other.ulps > self.ulps { other } else { self };
        let wrong = if self.wrong > 0 { self } else { other };
        (joined.wrong_x, joined.wrong_y, joined.wrong_got) = (wrong.wrong_x, wrong.wrong_y, wrong.wrong_got);
        joined.samples = self.samples + other.samples;
        joined.wrong = self.wrong + other.wrong;
        joined
    }
}

/// A function under test.
#[derive(Clone, Copy, Debug)]
pub struct Function {
    /// Its name in CUDA C++, for a function with two results with the one meant.
    pub name: &'static str,
    /// How many arguments it takes.
    pub arguments: usize,
    /// The largest error that passes, in ulps.
    pub bound: f64,
    index: c_int,
}

extern "C" {
    fn ix_math_f32_count() -> c_int;
    fn ix_math_f32_entry(index: c_int) -> RawEntry;
    fn ix_math_f32_sweep(index: c_int, first: u64, end: u64, step: u64, out: &mut Outcome);
    fn ix_math_f32_pairs(index: c_int, seed: u64, count: u64, out: &mut Outcome);
    fn ix_math_exact_count() -> c_int;
    fn ix_math_exact_entry(index: c_int) -> RawEntry;
    fn ix_math_rsqrtf_not_nearest() -> u64;
    fn ix_math_exact_check(index: c_int, seed: u64, count: u64, out: &mut Outcome);
}

extern "C" {
    fn ix_math_evaluations() -> c_int;
    fn ix_math_evaluation_name(index: c_int) -> *const c_char;
    fn ix_math_evaluate(x: f64, y: f64, out64: *mut f64, out32: *mut f64);
}

#[cfg(mpfr)]
extern "C" {
    fn ix_math_f64_count() -> c_int;
    fn ix_math_f64_entry(index: c_int) -> RawEntry;
    fn ix_math_f64_check(index: c_int, seed: u64, count: u64, out: &mut Outcome);
}

fn list(count: c_int, entry: unsafe extern "C" fn(c_int) -> RawEntry) -> Vec<Function> {
    (0..count)
        .map(|index| {
            // SAFETY: the index is below the list's count.
            let raw = unsafe { entry(index) };
            // SAFETY: names are C++ string literals.
            let name = unsafe { CStr::from_ptr(raw.name) };
            Function { name: name.to_str().expect("names are ASCII"), arguments: raw.arguments as usize, bound: raw.bound, index }
        })
        .collect()
}

/// The f32 functions with an error bound.
pub fn f32_functions() -> Vec<Function> {
    // SAFETY: no preconditions.
    list(unsafe { ix_math_f32_count() }, ix_math_f32_entry)
}

/// The functions with exact results, f32 and f64.
pub fn exact_functions() -> Vec<Function> {
    // SAFETY: no preconditions.
    list(unsafe { ix_math_exact_count() }, ix_math_exact_entry)
}

/// The f64 functions with an error bound. Panics where MPFR, their reference, is not installed.
pub fn f64_functions() -> Vec<Function> {
    #[cfg(mpfr)]
    {
        // SAFETY: no preconditions.
        list(unsafe { ix_math_f64_count() }, ix_math_f64_entry)
    }
    #[cfg(not(mpfr))]
    panic!("MPFR is the reference of the f64 functions; install it: apt-get install libmpfr-dev")
}

/// Tries a function of [`f32_functions`] with one argument on every `step`-th bit pattern of
/// `first..end`.
pub fn sweep_f32(function: &Function, first: u64, end: u64, step: u64) -> Outcome {
    assert_eq!(function.arguments, 1);
    assert!(step > 0 && end <= 1 << 32);
    let mut out = Outcome::default();
    // SAFETY: the index is from the list, and the patterns fit in 32 bits.
    unsafe { ix_math_f32_sweep(function.index, first, end, step, &mut out) };
    out
}

/// Tries a function of [`f32_functions`] with two arguments on special values and random pairs.
pub fn check_f32_pairs(function: &Function, seed: u64, count: u64) -> Outcome {
    assert_eq!(function.arguments, 2);
    let mut out = Outcome::default();
    // SAFETY: the index is from the list.
    unsafe { ix_math_f32_pairs(function.index, seed, count, &mut out) };
    out
}

/// Tries a function of [`exact_functions`] on special values and random arguments.
pub fn check_exact(function: &Function, seed: u64, count: u64) -> Outcome {
    let mut out = Outcome::default();
    // SAFETY: the index is from the list.
    unsafe { ix_math_exact_check(function.index, seed, count, &mut out) };
    out
}

/// How many significands there are whose `rsqrtf`, and so `__frsqrt_rn`, is not the nearest f32.
pub fn rsqrtf_not_nearest() -> u64 {
    // SAFETY: no preconditions.
    unsafe { ix_math_rsqrtf_not_nearest() }
}

/// Tries a function of [`f64_functions`] on special values and random arguments.
pub fn check_f64(function: &Function, seed: u64, count: u64) -> Outcome {
    #[cfg(mpfr)]
    {
        let mut out = Outcome::default();
        // SAFETY: the index is from the list.
        unsafe { ix_math_f64_check(function.index, seed, count, &mut out) };
        out
    }
    #[cfg(not(mpfr))]
    {
        let _ = (seed, count);
        unreachable!("there is no list that {} comes from", function.name)
    }
}

/// The functions that [`evaluate`] calls, in order, by their f64 names.
pub fn evaluation_names() -> Vec<&'static str> {
    // SAFETY: no preconditions.
    let count = unsafe { ix_math_evaluations() };
    (0..count)
        .map(|i| {
            // SAFETY: the index is below the count, and names are C++ string literals.
            let name = unsafe { CStr::from_ptr(ix_math_evaluation_name(i)) };
            name.to_str().expect("names are ASCII")
        })
        .collect()
}

/// Every function at one pair of arguments: f64 results, and f32 results (exactly) as f64.
pub fn evaluate(x: f64, y: f64) -> (Vec<f64>, Vec<f64>) {
    let count = evaluation_names().len();
    let (mut out64, mut out32) = (vec![0.0; count], vec![0.0; count]);
    // SAFETY: both have room for all results.
    unsafe { ix_math_evaluate(x, y, out64.as_mut_ptr(), out32.as_mut_ptr()) };
    (out64, out32)
}
