// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Assertions that end a case with a message instead of a panic.

/// How a case ends.
pub type Outcome<T = ()> = Result<T, String>;

/// Ends the case unless both values are equal.
macro_rules! equal {
    ($left:expr, $right:expr, $($what:tt)+) => {
        match ($left, $right) {
            (left, right) if left == right => {}
            (left, right) => {
                return Err(format!("{}:{}: {}: {left:?}, expected {right:?}", file!(), line!(), format!($($what)+)))
            }
        }
    };
}

/// Ends the case unless the condition holds.
macro_rules! holds {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err(format!("{}:{}: {}", file!(), line!(), format!($($what)+)));
        }
    };
}

pub(crate) use {equal, holds};

/// Says what failed.
pub trait Context<T> {
    /// Turns an error into the message of a failed case.
    fn or_fail(self, what: &str) -> Outcome<T>;
}

impl<T, E: std::fmt::Display> Context<T> for Result<T, E> {
    fn or_fail(self, what: &str) -> Outcome<T> {
        self.map_err(|e| format!("{what}: {e}"))
    }
}
