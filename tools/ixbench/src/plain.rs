// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The same work in plain Rust on one CPU thread: loops as one writes them,
//! vectorised by the compiler where it can.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

/// Numbers from -1 to 1, the same for the same seed.
pub fn numbers(count: usize, seed: u64) -> Vec<f32> {
    let mut state = seed;
    (0..count)
        .map(|_| {
            // Knuth's linear congruential generator; the upper bits are good.
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as f32 / (1u64 << 23) as f32 - 1.0
        })
        .collect()
}

/// y = a x + y.
pub fn saxpy(a: f32, x: &[f32], y: &mut [f32]) {
    for (x, y) in x.iter().zip(y) {
        *y += a * x;
    }
}

/// C = A B for square row-major matrices.
pub fn sgemm(size: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
    for (row, c) in a.chunks_exact(size).zip(c.chunks_exact_mut(size)) {
        c.fill(0.0);
        for (a, b) in row.iter().zip(b.chunks_exact(size)) {
            for (b, c) in b.iter().zip(&mut *c) {
                *c += a * b;
            }
        }
    }
}

/// Another thread that answers each number with the same number.
pub struct Partner {
    asked: Arc<AtomicU64>,
    answered: Arc<AtomicU64>,
    thread: Option<JoinHandle<()>>,
}

impl Partner {
    /// Ends the thread.
    const END: u64 = u64::MAX;

    /// Starts it.
    pub fn start() -> Partner {
        let (asked, answered) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
        let (ask, answer) = (asked.clone(), answered.clone());
        let thread = thread::spawn(move || loop {
            match ask.load(Ordering::Acquire) {
                Partner::END => break,
                number => answer.store(number, Ordering::Release),
            }
            std::hint::spin_loop();
        });
        Partner { asked, answered, thread: Some(thread) }
    }

    /// Asks once and waits for the answer.
    pub fn round_trip(&mut self) {
        let number = self.asked.load(Ordering::Relaxed) + 1;
        self.asked.store(number, Ordering::Release);
        while self.answered.load(Ordering::Acquire) != number {
            std::hint::spin_loop();
        }
    }
}

impl Drop for Partner {
    fn drop(&mut self) {
        self.asked.store(Partner::END, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // A thread that only moves numbers does not panic.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spread_and_repeatable() {
        let numbers_1 = numbers(10_000, 1);
        assert_eq!(numbers_1, numbers(10_000, 1));
        assert!(numbers_1.iter().all(|number| (-1.0..1.0).contains(number)));
        let mean: f32 = numbers_1.iter().sum::<f32>() / 10_000.0;
        assert!(mean.abs() < 0.05, "{mean}");
    }

    #[test]
    fn sgemm_multiplies_matrices() {
        let mut c = [9.0; 4];
        sgemm(2, &[1.0, 2.0, 3.0, 4.0], &[5.0, 6.0, 7.0, 8.0], &mut c);
        assert_eq!(c, [19.0, 22.0, 43.0, 50.0]);
    }

    #[test]
    fn saxpy_adds_a_multiple() {
        let mut y = [1.0, 2.0];
        saxpy(2.0, &[10.0, 20.0], &mut y);
        assert_eq!(y, [21.0, 42.0]);
    }

    #[test]
    fn partner_answers_and_ends() {
        let mut partner = Partner::start();
        for _ in 0..100 {
            partner.round_trip();
        }
        assert_eq!(partner.answered.load(Ordering::Acquire), 100);
    }
}
