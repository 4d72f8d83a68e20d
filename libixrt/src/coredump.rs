// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What is left behind when a kernel fails: a report in a file, if the program asks for one.
//!
//! There are settings for all contexts, which new contexts begin with, and each context's own. The
//! report is text: what the error's message says, of which context, process and device.

use crate::context::Context;
use crate::error::Error;
use std::io::Write;
use std::sync::Mutex;

/// When a report is written, and where to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// When a kernel fails.
    pub on_exception: bool,
    /// The process then aborts, so that the system writes its own dump.
    pub trigger_host: bool,
    /// Less is written; without effect on text.
    pub lightweight: bool,
    /// When something is written to the pipe; kept, and without effect.
    pub user_trigger: bool,
    /// Path of the file: `%p` is the process, `%h` the host, `%t` the seconds since 1970.
    pub file: String,
    /// Path of the pipe.
    pub pipe: String,
}

impl Settings {
    const fn unset() -> Settings {
        Settings {
            on_exception: false,
            trigger_host: true,
            lightweight: false,
            user_trigger: false,
            file: String::new(),
            pipe: String::new(),
        }
    }

    /// The path of the file, as written.
    pub fn path(&self) -> String {
        let pattern = if self.file.is_empty() { "core.ix.%h.%p" } else { &self.file };
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
        let seconds = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs());
        pattern.replace("%h", host.trim()).replace("%p", &std::process::id().to_string()).replace("%t", &seconds.to_string())
    }
}

/// Settings that new contexts begin with.
pub static GLOBAL: Mutex<Settings> = Mutex::new(Settings::unset());

/// Writes the report of a context that has failed, if it is asked for.
pub fn write(context: &Context, failure: &Error) {
    let settings = crate::handle::lock(&context.coredump).clone();
    if !settings.on_exception {
        return;
    }
    let (path, info) = (settings.path(), context.device.info());
    let report = format!(
        "{:?}: {failure}\nprocess {}, context {}, device {} ({}), {} SMs\n",
        failure.code,
        std::process::id(),
        context.id,
        context.device.ordinal,
        info.name,
        info.sm_count
    );
    let written = std::fs::File::create(&path).and_then(|mut file| file.write_all(report.as_bytes()));
    if let Err(error) = written {
        eprintln!("libixrt: writing {path}: {error}");
    }
    if settings.trigger_host {
        // SAFETY: the program asked for it.
        unsafe { libc::abort() };
    }
}
