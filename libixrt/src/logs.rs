// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The log of errors, and who wants to be told of them.
//!
//! Every call that fails makes an *entry*: its message. The last [`KEPT`] are kept, each with a
//! number that rises, so that a reader can go on where it stopped. *Listeners* are functions of the
//! program that are told of each entry when it is made, on the thread that failed.

use crate::error::{Code, Error, Result};
use crate::handle::lock;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

/// Number of entries that are kept.
pub const KEPT: usize = 100;

/// A function that is told of entries.
type Listener = Arc<dyn Fn(&str) + Send + Sync>;

struct Log {
    entries: VecDeque<String>,
    /// Number of the entry after the last.
    next: u32,
    /// Listeners by their handle.
    listeners: Vec<(u64, Listener)>,
    next_listener: u64,
}

static LOG: Mutex<Log> = Mutex::new(Log { entries: VecDeque::new(), next: 0, listeners: Vec::new(), next_listener: 1 });

/// Makes an entry of a failed call. Work that has not completed yet is no failure.
pub fn add(code: Code, text: &str) {
    if code == Code::NOT_READY {
        return;
    }
    let mut log = lock(&LOG);
    if log.entries.len() == KEPT {
        log.entries.pop_front();
    }
    log.entries.push_back(text.into());
    log.next = log.next.wrapping_add(1);
    // Not under the lock: a listener may call the library.
    let listeners: Vec<Listener> = log.listeners.iter().map(|(_, l)| Arc::clone(l)).collect();
    drop(log);
    listeners.iter().for_each(|listener| listener(text));
}

/// Adds a listener and returns its handle.
pub fn listen(listener: impl Fn(&str) + Send + Sync + 'static) -> u64 {
    let mut log = lock(&LOG);
    let handle = log.next_listener;
    log.next_listener += 1;
    log.listeners.push((handle, Arc::new(listener)));
    handle
}

/// Removes a listener.
pub fn stop(handle: u64) -> Result<()> {
    let mut log = lock(&LOG);
    let index = log.listeners.iter().position(|(h, _)| *h == handle);
    let index = index.ok_or_else(|| Error::new(Code::INVALID_HANDLE, format!("{handle:#x} is not the handle of a listener of the log")))?;
    log.listeners.remove(index);
    Ok(())
}

/// Number of the entry that will come next.
pub fn next() -> u32 {
    lock(&LOG).next
}

/// The entries that are kept, from number `from` on, and the number after the last.
pub fn since(from: Option<u32>) -> (Vec<String>, u32) {
    let log = lock(&LOG);
    let kept = log.entries.len();
    let wanted = from.map_or(kept, |from| log.next.wrapping_sub(from) as usize).min(kept);
    (log.entries.iter().skip(kept - wanted).cloned().collect(), log.next)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[test]
    fn entries_are_numbered_kept_and_told() {
        static TOLD: AtomicUsize = AtomicUsize::new(0);
        let listener = listen(|text| {
            if text.starts_with("log test") {
                TOLD.fetch_add(1, Ordering::Relaxed);
            }
        });
        let start = next();
        add(Code::INVALID_VALUE, "log test 1");
        add(Code::NOT_READY, "log test: no failure");
        add(Code::INVALID_VALUE, "log test 2");
        let mine = |texts: Vec<String>| texts.into_iter().filter(|t| t.starts_with("log test")).collect::<Vec<_>>();
        let (texts, end) = since(Some(start));
        assert_eq!(mine(texts), ["log test 1", "log test 2"]);
        assert!(end.wrapping_sub(start) >= 2);
        assert_eq!(TOLD.load(Ordering::Relaxed), 2);
        stop(listener).unwrap();
        assert!(stop(listener).is_err());
        add(Code::INVALID_VALUE, "log test 3");
        assert_eq!(TOLD.load(Ordering::Relaxed), 2);
        for i in 0..2 * KEPT {
            add(Code::INVALID_VALUE, &format!("log test flood {i}"));
        }
        assert_eq!(since(None).0.len(), KEPT);
    }
}
