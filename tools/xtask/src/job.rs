// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Jobs: child processes that show progress and leave a log.
//!
//! A job's whole output goes to a log file. On the terminal it is either
//! *quiet* (after two seconds a line with the elapsed time and the job's last
//! line of output; on failure the log's tail and its name) or *shown* (every
//! line passes through as it comes).

use crate::host::Host;
use crate::signals;
use anyhow::{bail, Context, Result};
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{channel, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

/// How long a job may run before it says that it is running.
const PATIENCE: Duration = Duration::from_secs(2);
/// How often progress is told where there is no terminal to redraw a line on.
const PLAIN_INTERVAL: Duration = Duration::from_secs(30);
/// Lines of the log shown when a quiet job fails.
const TAIL_LINES: usize = 40;

/// A command about to run.
pub struct Job<'a> {
    host: &'a Host,
    name: String,
    command: Command,
    shown: bool,
    limit: Option<Duration>,
}

/// Which of a child's two streams a line came from.
#[derive(Clone, Copy, PartialEq)]
enum Stream {
    Out,
    Err,
}

impl<'a> Job<'a> {
    /// A quiet job. `name` says what it does, as in "build the guest kernel".
    pub fn new(host: &'a Host, name: impl Into<String>, command: Command) -> Job<'a> {
        Job { host, name: name.into(), command, shown: false, limit: None }
    }

    /// Lets every line of output through.
    pub fn shown(mut self) -> Job<'a> {
        self.shown = true;
        self
    }

    /// Kills the job, and counts it as failed, after `limit`.
    pub fn limit(mut self, limit: Duration) -> Job<'a> {
        self.limit = Some(limit);
        self
    }

    /// Runs to the end; anything but exit status 0 is an error.
    pub fn run(self) -> Result<()> {
        self.output().map(drop)
    }

    /// As [`Job::run`], and returns what the command wrote to standard output.
    pub fn output(self) -> Result<String> {
        let (name, shown, host) = (self.name.clone(), self.shown, self.host);
        let (status, out, log) = self.wait()?;
        if status.success() {
            return Ok(out);
        }
        if !shown {
            eprint!("{}", tail(&log, TAIL_LINES));
        }
        let shown_log = log.strip_prefix(&host.repo).unwrap_or(&log);
        bail!("{name}: {status}; full output in {}", shown_log.display())
    }

    fn wait(mut self) -> Result<(ExitStatus, String, PathBuf)> {
        let (mut log, log_path) = create_log(self.host, &self.name)?;
        writeln!(log, "# {:?}", self.command)?;
        self.command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        signals::prepare(&mut self.command);
        let program = self.command.get_program().to_os_string();
        let mut child = self.command.spawn().with_context(|| format!("{}: cannot start {}", self.name, program.to_string_lossy()))?;
        let group = signals::Group::of(child.id());
        let (sender, lines) = channel();
        if let Some(stream) = child.stdout.take() {
            forward(stream, Stream::Out, sender.clone());
        }
        if let Some(stream) = child.stderr.take() {
            forward(stream, Stream::Err, sender.clone());
        }
        drop(sender);

        let mut out = String::new();
        let mut progress = Progress::start(&self.name, self.shown);
        loop {
            match lines.recv_timeout(Duration::from_millis(100)) {
                Ok((stream, line)) => {
                    log.write_all(&line)?;
                    let text = String::from_utf8_lossy(&line);
                    if stream == Stream::Out {
                        out.push_str(&text);
                    }
                    progress.line(stream, &text);
                }
                Err(RecvTimeoutError::Timeout) => {
                    progress.tick();
                    // A process that the child left behind may hold the pipes.
                    if child.try_wait()?.is_some() {
                        break;
                    }
                }
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if self.limit.is_some_and(|limit| progress.elapsed() > limit) {
                drop(group);
                child.wait()?;
                progress.end();
                bail!("{}: stopped after {}; full output in {}", self.name, seconds(progress.elapsed()), log_path.display());
            }
        }
        let status = wait_within_limit(&mut child, &group, self.limit, progress.started)?;
        progress.end();
        Ok((status, out, log_path))
    }
}

/// Waits for a child that has closed its pipes but may still run.
fn wait_within_limit(child: &mut Child, group: &signals::Group, limit: Option<Duration>, started: Instant) -> Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if limit.is_some_and(|limit| started.elapsed() > limit) {
            group.signal(libc::SIGKILL);
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Sends a stream's lines (newline included; the last may lack it) to `sender`.
fn forward(stream: impl Read + Send + 'static, which: Stream, sender: Sender<(Stream, Vec<u8>)>) {
    std::thread::spawn(move || {
        let mut reader = BufReader::new(stream);
        loop {
            let mut line = Vec::new();
            match reader.read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {
                    if sender.send((which, line)).is_err() {
                        break;
                    }
                }
            }
        }
    });
}

fn create_log(host: &Host, name: &str) -> Result<(File, PathBuf)> {
    let dir = host.logs();
    std::fs::create_dir_all(&dir).with_context(|| format!("create {}", dir.display()))?;
    let slug: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(60).collect();
    let path = dir.join(format!("{slug}.log"));
    let file = File::create(&path).with_context(|| format!("create {}", path.display()))?;
    Ok((file, path))
}

/// The last `lines` lines of a file; empty if it cannot be read.
pub fn tail(path: &Path, lines: usize) -> String {
    let text = std::fs::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let all: Vec<&str> = text.lines().collect();
    let mut result = String::new();
    for line in &all[all.len().saturating_sub(lines)..] {
        result.push_str(line);
        result.push('\n');
    }
    result
}

/// A duration as people read it: `0.4 s`, `75 s`, `12 min 03 s`.
pub fn seconds(duration: Duration) -> String {
    let total = duration.as_secs();
    if total < 10 {
        format!("{:.1} s", duration.as_secs_f64())
    } else if total < 120 {
        format!("{total} s")
    } else {
        format!("{} min {:02} s", total / 60, total % 60)
    }
}

/// The line that tells that a job still runs.
pub struct Progress {
    name: String,
    started: Instant,
    last_line: String,
    told: Option<Instant>,
    terminal: bool,
    shown: bool,
}

impl Progress {
    /// Starts the clock. With `shown`, lines given to [`Progress::line`] are
    /// printed and no progress line is drawn.
    pub fn start(name: &str, shown: bool) -> Progress {
        Progress {
            name: name.to_owned(),
            started: Instant::now(),
            last_line: String::new(),
            told: None,
            terminal: std::io::stderr().is_terminal(),
            shown,
        }
    }

    fn elapsed(&self) -> Duration {
        self.started.elapsed()
    }

    fn line(&mut self, stream: Stream, text: &str) {
        if self.shown {
            // A closed standard output must not stop the job half-way.
            let _ = match stream {
                Stream::Out => std::io::stdout().write_all(text.as_bytes()),
                Stream::Err => std::io::stderr().write_all(text.as_bytes()),
            };
        } else if !text.trim().is_empty() {
            self.last_line = text.trim().to_owned();
        }
        self.tick();
    }

    /// Redraws if it is time to.
    pub fn tick(&mut self) {
        let elapsed = self.elapsed();
        if self.shown || elapsed < PATIENCE {
            return;
        }
        let interval = if self.terminal { Duration::from_millis(200) } else { PLAIN_INTERVAL };
        if self.told.is_some_and(|told| told.elapsed() < interval) {
            return;
        }
        self.told = Some(Instant::now());
        let text = format!("{} … {} {}", self.name, seconds(elapsed), printable(&self.last_line));
        if self.terminal {
            let width = terminal_width().saturating_sub(1);
            eprint!("\r\x1b[K{}", text.chars().take(width).collect::<String>());
        } else {
            eprintln!("{text}");
        }
    }

    /// Removes the line, or says that the job is done if it was ever told of.
    pub fn end(&mut self) {
        if self.told.take().is_some() {
            if self.terminal {
                eprint!("\r\x1b[K");
            }
            eprintln!("{}: {}", self.name, seconds(self.elapsed()));
        }
    }
}

/// Drops what would move the cursor.
fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

fn terminal_width() -> usize {
    // SAFETY: TIOCGWINSZ writes one winsize to the given address, which is
    // that of a live one.
    let size = unsafe {
        let mut size: libc::winsize = std::mem::zeroed();
        (libc::ioctl(2, libc::TIOCGWINSZ, &mut size) == 0).then_some(size.ws_col)
    };
    match size {
        Some(columns) if columns > 0 => columns.into(),
        _ => 80,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(name: &str) -> Host {
        let target = std::env::temp_dir().join(format!("xtask-job-{}-{name}", std::process::id()));
        Host { repo: target.clone(), cache: target.join("cache"), target, mirror: None, kernel_source: None }
    }

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_is_standard_output_only_and_log_has_both() {
        let host = host("output");
        let job = Job::new(&host, "say two words", shell("echo a; echo b >&2"));
        assert_eq!(job.output().expect("sh succeeds"), "a\n");
        let log = std::fs::read_to_string(host.logs().join("say-two-words.log")).expect("log");
        assert!(log.contains("a\n") && log.contains("b\n"), "{log}");
        std::fs::remove_dir_all(&host.target).expect("remove logs");
    }

    #[test]
    fn failure_names_job_status_and_log() {
        let host = host("failure");
        let error = Job::new(&host, "fail", shell("exit 3")).run().expect_err("exit status 3");
        let text = format!("{error:#}");
        assert!(text.contains("fail: exit status: 3") && text.contains("fail.log"), "{text}");
        std::fs::remove_dir_all(&host.target).expect("remove logs");
    }

    #[test]
    fn overlong_job_is_killed_with_its_children() {
        let host = host("overlong");
        let started = Instant::now();
        let error =
            Job::new(&host, "sleep", shell("sleep 60 & sleep 60")).limit(Duration::from_millis(200)).run().expect_err("over the limit");
        assert!(format!("{error:#}").contains("stopped after"), "{error:#}");
        assert!(started.elapsed() < Duration::from_secs(10));
        std::fs::remove_dir_all(&host.target).expect("remove logs");
    }

    #[test]
    fn daemon_that_keeps_the_pipe_does_not_hold_up_the_job() {
        let host = host("daemon");
        let started = Instant::now();
        Job::new(&host, "leave a daemon", shell("sleep 60 &")).run().expect("sh succeeds");
        assert!(started.elapsed() < Duration::from_secs(10));
        std::fs::remove_dir_all(&host.target).expect("remove logs");
    }

    #[test]
    fn durations_read_well() {
        assert_eq!(seconds(Duration::from_millis(420)), "0.4 s");
        assert_eq!(seconds(Duration::from_secs(75)), "75 s");
        assert_eq!(seconds(Duration::from_secs(723)), "12 min 03 s");
    }
}
