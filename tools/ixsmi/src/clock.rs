// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The time of day, as nvidia-smi writes it: `2026/11/24 11:45:07.123`.

use std::time::{SystemTime, UNIX_EPOCH};

/// The local time now.
pub fn now() -> String {
    // A clock before 1970 shows as 1970.
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let seconds = since.as_secs() as libc::time_t;
    // SAFETY: all zeros are a valid `tm`.
    let mut tm: libc::tm = unsafe { std::mem::zeroed() };
    // SAFETY: both point to live values of their types; localtime_r keeps neither.
    unsafe { libc::localtime_r(&seconds, &mut tm) };
    format(&tm, since.subsec_millis())
}

fn format(tm: &libc::tm, milliseconds: u32) -> String {
    format!(
        "{:04}/{:02}/{:02} {:02}:{:02}:{:02}.{milliseconds:03}",
        tm.tm_year + 1900,
        tm.tm_mon + 1,
        tm.tm_mday,
        tm.tm_hour,
        tm.tm_min,
        tm.tm_sec
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_padded() {
        // SAFETY: all zeros are a valid `tm`.
        let mut tm: libc::tm = unsafe { std::mem::zeroed() };
        (tm.tm_year, tm.tm_mon, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec) = (126, 0, 5, 7, 8, 9);
        assert_eq!(format(&tm, 12), "2026/01/05 07:08:09.012");
    }
}
