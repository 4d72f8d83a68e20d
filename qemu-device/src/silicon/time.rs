// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Device time, and how long a unit has been busy.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

/// The clock of timestamps and fault records: ns since power-on.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    /// A clock that starts now.
    pub fn start() -> Clock {
        Clock(Instant::now())
    }

    /// When it was 0.
    pub fn epoch(&self) -> Instant {
        self.0
    }

    /// Device time in ns.
    pub fn now(&self) -> u64 {
        self.0.elapsed().as_nanos() as u64
    }
}

#[derive(Debug, Default)]
struct Busy {
    running: u32,
    since: u64,
    total: u64,
}

/// Time during which at least one of several things ran.
#[derive(Debug, Default)]
pub struct BusyTimer(Mutex<Busy>);

impl BusyTimer {
    /// One more thing runs from `now` on.
    pub fn begin(&self, now: u64) {
        let mut busy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.running == 0 {
            busy.since = now;
        }
        busy.running += 1;
    }

    /// One of them has ended.
    pub fn end(&self, now: u64) {
        let mut busy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        busy.running = busy.running.saturating_sub(1);
        if busy.running == 0 {
            busy.total += now.saturating_sub(busy.since);
        }
    }

    /// Busy time in ns up to `now`.
    pub fn total(&self, now: u64) -> u64 {
        let busy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let running = if busy.running > 0 { now.saturating_sub(busy.since) } else { 0 };
        busy.total + running
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlapping_work_counts_once() {
        let timer = BusyTimer::default();
        timer.begin(10);
        timer.begin(20);
        timer.end(30);
        assert_eq!(timer.total(35), 25);
        timer.end(40);
        assert_eq!(timer.total(1000), 30);
        timer.begin(2000);
        assert_eq!(timer.total(2005), 35);
    }
}
