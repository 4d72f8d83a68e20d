// SPDX-License-Identifier: GPL-2.0

//! Sleeping until something that the device does.
//!
//! An *event* is a place where threads sleep until a condition holds. Who may have made it hold
//! *wakes* the event; the sleepers then look again. Since the device cannot wake anybody for a
//! change that it raises no interrupt for, a sleeper also looks again after each *slice* of time:
//! a lost interrupt costs a slice, never a hang.

use kernel::{bindings, error::code::*, prelude::*, types::Opaque};

/// Time in ns as of CLOCK_MONOTONIC.
pub(crate) fn now() -> i64 {
    // SAFETY: Has no preconditions.
    unsafe { bindings::ktime_get() }
}

/// Key by which lockdep knows the locks of all events.
struct Key(Opaque<bindings::lock_class_key>);
// SAFETY: Only its address is used.
unsafe impl Sync for Key {}
static KEY: Key = Key(Opaque::zeroed());

/// How a sleeper sleeps.
#[derive(Clone, Copy)]
pub(crate) struct Sleep {
    /// When to give up, as of [`now`].
    pub(crate) deadline: i64,
    /// First slice of time in ns; each is twice the one before.
    pub(crate) slice: i64,
    /// Longest slice.
    pub(crate) slice_max: i64,
    /// Whether a signal ends the sleep.
    pub(crate) interruptible: bool,
}

/// A place to sleep: see the module's documentation.
#[pin_data]
pub(crate) struct Event {
    #[pin]
    head: Opaque<bindings::wait_queue_head>,
}

// SAFETY: A wait queue is made for use by any number of threads and has its own lock.
unsafe impl Send for Event {}
// SAFETY: As above.
unsafe impl Sync for Event {}

impl Event {
    /// A new event with nobody sleeping.
    pub(crate) fn new() -> impl PinInit<Self> {
        pin_init!(Self {
            // SAFETY: `slot` is valid for writes; name and key are static.
            head <- Opaque::ffi_init(|slot| unsafe {
                bindings::__init_waitqueue_head(slot, c"ix event".as_char_ptr(), KEY.0.get())
            }),
        })
    }

    /// Makes all sleepers look again. May be called from interrupt handlers.
    pub(crate) fn wake(&self) {
        // SAFETY: `head` is an initialised wait queue.
        unsafe {
            bindings::__wake_up(
                self.head.get(),
                bindings::TASK_NORMAL,
                0,
                core::ptr::null_mut(),
            )
        };
    }

    /// Sleeps until `look` gives something, which is returned, or until the deadline (`None`).
    /// EINTR: a signal came first. `look` must not sleep.
    pub(crate) fn wait<R>(
        &self,
        sleep: Sleep,
        mut look: impl FnMut() -> Option<R>,
    ) -> Result<Option<R>> {
        let state = if sleep.interruptible {
            bindings::TASK_INTERRUPTIBLE
        } else {
            bindings::TASK_UNINTERRUPTIBLE
        };
        let mut slice = sleep.slice;
        let entry = Opaque::<bindings::wait_queue_entry>::uninit();
        // SAFETY: `entry` is valid for writes.
        unsafe { bindings::init_wait_entry(entry.get(), 0) };
        let result = loop {
            // SAFETY: Both are initialised; `entry` stays in place until finish_wait() below.
            let signal = unsafe {
                bindings::prepare_to_wait_event(self.head.get(), entry.get(), state as c_int)
            };
            if let Some(found) = look() {
                break Ok(Some(found));
            }
            if signal != 0 {
                break Err(EINTR);
            }
            let now = now();
            if now >= sleep.deadline {
                break Ok(None);
            }
            let mut until = sleep.deadline.min(now.saturating_add(slice));
            slice = (slice * 2).min(sleep.slice_max);
            // SAFETY: `until` is valid for reads.
            unsafe {
                bindings::schedule_hrtimeout(&mut until, bindings::hrtimer_mode_HRTIMER_MODE_ABS)
            };
        };
        // SAFETY: As for prepare_to_wait_event().
        unsafe { bindings::finish_wait(self.head.get(), entry.get()) };
        result
    }
}
