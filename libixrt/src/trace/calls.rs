// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Calls, a line each.
//!
//! `IXRT_TRACE=text` (or `1`) writes
//!
//! ```text
//! [4242] 0.013204 cuMemAlloc_v2(address = 0x7ffc12345678 -> 0x1000200000, bytes = 4096) = CUDA_SUCCESS, 2.1 us
//! ```
//!
//! thread, seconds since the first call, the call, its result, how long it took. `IXRT_TRACE=json`
//! writes the same as an object a line. A line is written at once, in one piece, so that those of
//! several threads and processes may go to one file.

use super::value::{quote, Value};
use super::{complain, file_name, thread};
use crate::error::{last_message, Code};
use std::ffi::CStr;
use std::fmt::Write as _;
use std::fs::File;
use std::io::Write as _;
use std::time::Duration;

/// A call that has ended.
#[derive(Debug)]
pub struct Call<'a> {
    /// Name of the function.
    pub name: &'static str,
    /// Its arguments, as they are after it.
    pub arguments: &'a [(&'static str, Value)],
    /// What it returned.
    pub result: Code,
    /// When it began, since the first call.
    pub start: Duration,
    /// How long it took.
    pub duration: Duration,
}

impl Call<'_> {
    /// The name of the result, as the interface of the function has it.
    pub fn result_name(&self) -> String {
        let name = if self.name.starts_with("cu") { self.result.cuda_name() } else { self.result.name() };
        name.map_or_else(|| self.result.0.to_string(), |name| name.to_string_lossy().into_owned())
    }

    /// What went wrong, if something did.
    fn message(&self) -> Option<String> {
        if matches!(self.result, Code::SUCCESS | Code::NOT_READY) {
            return None;
        }
        // SAFETY: the message is a C string of this thread, which keeps it until its next failed call.
        Some(unsafe { CStr::from_ptr(last_message()) }.to_string_lossy().into_owned())
    }

    /// The arguments as a JSON object.
    pub fn arguments_json(&self) -> String {
        let fields: Vec<String> = self.arguments.iter().map(|(name, value)| format!("{}:{}", quote(name), value.json())).collect();
        format!("{{{}}}", fields.join(","))
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Text,
    Json,
}

/// Writes calls.
#[derive(Debug)]
pub struct Calls {
    form: Form,
    /// Standard error if there is none.
    file: Option<File>,
}

impl Calls {
    /// What the environment asks for.
    pub fn from_environment() -> Option<Calls> {
        let asked = std::env::var_os("IXRT_TRACE")?;
        let form = match asked.to_str() {
            Some("" | "0") => return None,
            Some("1" | "text") => Form::Text,
            Some("json") => Form::Json,
            _ => {
                complain("IXRT_TRACE", format_args!("{asked:?} is none of text, json, 1 and 0; nothing is traced"));
                return None;
            }
        };
        let file = match file_name("IXRT_TRACE_FILE") {
            None => None,
            Some(name) => match File::options().create(true).append(true).open(&name) {
                Ok(file) => Some(file),
                Err(error) => {
                    complain("IXRT_TRACE_FILE", format_args!("cannot open {}: {error}; nothing is traced", name.display()));
                    return None;
                }
            },
        };
        Some(Calls { form, file })
    }

    /// Writes one.
    pub fn write(&self, call: &Call<'_>) {
        let line = match self.form {
            Form::Text => text(call, thread()),
            Form::Json => json(call, thread()),
        };
        // A trace that cannot be written must not change what the program does.
        let _ = match &self.file {
            Some(file) => {
                let mut file = file;
                file.write_all(line.as_bytes())
            }
            None => std::io::stderr().write_all(line.as_bytes()),
        };
    }
}

fn micros(duration: Duration) -> f64 {
    duration.as_nanos() as f64 / 1e3
}

fn text(call: &Call<'_>, thread: i32) -> String {
    let arguments: Vec<String> = call.arguments.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let mut line = format!(
        "[{thread}] {:.6} {}({}) = {}, {:.1} us",
        call.start.as_secs_f64(),
        call.name,
        arguments.join(", "),
        call.result_name(),
        micros(call.duration)
    );
    if let Some(message) = call.message() {
        let _ = write!(line, ": {}", message.replace('\n', "\\n"));
    }
    line.push('\n');
    line
}

fn json(call: &Call<'_>, thread: i32) -> String {
    let message = call.message().map_or(String::new(), |message| format!(",\"message\":{}", quote(&message)));
    format!(
        "{{\"thread\":{thread},\"time_us\":{:.3},\"call\":{},\"arguments\":{},\"result\":{},\"code\":{},\"duration_us\":{:.3}{message}}}\n",
        micros(call.start),
        quote(call.name),
        call.arguments_json(),
        quote(&call.result_name()),
        call.result.0,
        micros(call.duration)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_call(result: Code, check: impl FnOnce(&Call<'_>)) {
        let arguments = [("address", Value::Pointer(0x7f00, Some(Box::new(Value::Address(0x1000))))), ("bytes", Value::Integer(4096))];
        check(&Call {
            name: "cuMemAlloc_v2",
            arguments: &arguments,
            result,
            start: Duration::from_millis(1500),
            duration: Duration::from_nanos(2100),
        });
    }

    #[test]
    fn line_has_thread_time_call_result_and_duration() {
        with_call(Code::SUCCESS, |call| {
            assert_eq!(text(call, 42), "[42] 1.500000 cuMemAlloc_v2(address = 0x7f00 -> 0x1000, bytes = 4096) = CUDA_SUCCESS, 2.1 us\n");
            assert_eq!(
                json(call, 42),
                "{\"thread\":42,\"time_us\":1500000.000,\"call\":\"cuMemAlloc_v2\",\"arguments\":{\"address\":{\"pointer\":\"0x7f00\",\"value\":\"0x1000\"},\
                 \"bytes\":4096},\"result\":\"CUDA_SUCCESS\",\"code\":0,\"duration_us\":2.100}\n"
            );
        });
    }

    #[test]
    fn failed_call_says_why() {
        crate::error::keep("cuMemAlloc_v2", &crate::error::Error::new(Code::OUT_OF_MEMORY, "no \"room\""));
        with_call(Code::OUT_OF_MEMORY, |call| {
            assert!(text(call, 1).ends_with("= CUDA_ERROR_OUT_OF_MEMORY, 2.1 us: cuMemAlloc_v2: no \"room\"\n"), "{}", text(call, 1));
            assert!(json(call, 1).ends_with(",\"message\":\"cuMemAlloc_v2: no \\\"room\\\"\"}\n"), "{}", json(call, 1));
        });
    }
}
