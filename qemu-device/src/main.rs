// SPDX-License-Identifier: Apache-2.0 OR MIT
//! `ix-device`: serves IX chips over vfio-user.
//!
//! Each socket is one chip. A chip serves one client at a time; when the client goes, the chip is
//! reset and waits for the next.

use anyhow::{bail, Context, Result};
use clap::Parser;
use ix_device::silicon::profile::{parse_size, BUILT_IN};
use ix_device::silicon::{Chip, Options, Profile};
use ix_vfio_user::server::serve;
use std::fs;
use std::io;
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::unix::fs::FileTypeExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::Arc;

/// Serves IX chips over vfio-user.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Socket to listen on; repeat it for several chips.
    #[arg(long, value_name = "PATH")]
    socket: Vec<PathBuf>,
    /// Serve the client on this inherited, connected socket, and exit when it goes.
    #[arg(long, value_name = "FD", conflicts_with = "socket")]
    fd: Option<i32>,
    /// Built-in profile or profile file.
    #[arg(long, value_name = "NAME|FILE", default_value = BUILT_IN[0].0)]
    profile: String,
    /// Device memory of each chip, for example 4G; a power of two.
    #[arg(long, value_name = "SIZE")]
    vram: Option<String>,
    /// Host threads that run kernels, for each chip.
    #[arg(long, value_name = "N")]
    workers: Option<usize>,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    let mut profile = Profile::load(&arguments.profile)?;
    if let Some(vram) = &arguments.vram {
        profile.vram_bytes = parse_size(vram).with_context(|| format!("--vram {vram}: not a size"))?;
        profile.check("with --vram")?;
    }
    let make = |identity: &str| -> Result<Arc<Chip>> {
        let mut options = Options::new(profile.clone(), identity);
        options.workers = arguments.workers.unwrap_or(options.workers);
        Ok(Arc::new(Chip::new(options).context("cannot power the chip on")?))
    };
    if let Some(fd) = arguments.fd {
        return serve_inherited(fd, &*make("direct")?);
    }
    if arguments.socket.is_empty() {
        bail!("nothing to serve: give --socket PATH or --fd FD");
    }
    // Before any thread is made, so that all inherit it and only `wait_for_signal` takes signals.
    let signals = block_signals()?;
    let mut listeners = Vec::new();
    for path in &arguments.socket {
        listeners.push((path, listen(path)?));
    }
    for (path, listener) in listeners {
        let chip = make(&identity_of(path))?;
        eprintln!("ix-device: {} listens on {}", profile.name, path.display());
        let name = path.display().to_string();
        std::thread::Builder::new().name("ix-accept".into()).spawn(move || accept(&name, &listener, &chip))?;
    }
    wait_for_signal(&signals);
    for path in &arguments.socket {
        let _ = fs::remove_file(path);
    }
    Ok(())
}

/// Serves one client on a socket that the parent process made.
fn serve_inherited(fd: i32, chip: &Chip) -> Result<()> {
    // SAFETY: fcntl with F_GETFD only looks at a descriptor.
    if fd < 0 || unsafe { libc::fcntl(fd, libc::F_GETFD) } < 0 {
        bail!("--fd {fd}: no such open file descriptor");
    }
    // SAFETY: it is open, and the parent gave it to this process for this use alone.
    let stream = UnixStream::from(unsafe { OwnedFd::from_raw_fd(fd) });
    serve(chip, stream).with_context(|| format!("client on descriptor {fd}"))
}

/// What tells this chip from others on this host: the full path of its socket.
fn identity_of(path: &Path) -> String {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_owned()).display().to_string()
}

/// Listens on `path`, in place of a socket that nobody listens on any more.
fn listen(path: &Path) -> Result<UnixListener> {
    let what = || format!("cannot listen on {}", path.display());
    match UnixListener::bind(path) {
        Err(e) if e.kind() == io::ErrorKind::AddrInUse => {}
        other => return other.with_context(what),
    }
    let is_socket = fs::symlink_metadata(path).is_ok_and(|m| m.file_type().is_socket());
    if !is_socket {
        bail!("{}: there is a file that is no socket", what());
    }
    if UnixStream::connect(path).is_ok() {
        bail!("{}: another process listens there", what());
    }
    fs::remove_file(path).with_context(what)?;
    UnixListener::bind(path).with_context(what)
}

/// Serves clients one after another; turns away those that come while one is there.
fn accept(name: &str, listener: &UnixListener, chip: &Arc<Chip>) {
    let busy = Arc::new(AtomicBool::new(false));
    for stream in listener.incoming() {
        let stream = match stream {
            Ok(stream) => stream,
            Err(error) => {
                eprintln!("ix-device: {name}: cannot accept a client: {error}");
                // Most likely out of descriptors: trying at once again would help nobody.
                std::thread::sleep(std::time::Duration::from_millis(100));
                continue;
            }
        };
        if busy.swap(true, Ordering::SeqCst) {
            eprintln!("ix-device: {name}: turned a second client away");
            continue;
        }
        let (chip, busy, name) = (chip.clone(), busy.clone(), name.to_owned());
        let client = move || {
            if let Err(error) = serve(&*chip, stream) {
                eprintln!("ix-device: {name}: {error}");
            }
            busy.store(false, Ordering::SeqCst);
        };
        if let Err(error) = std::thread::Builder::new().name("ix-bus".into()).spawn(client) {
            eprintln!("ix-device: cannot start a thread: {error}");
        }
    }
}

/// Keeps SIGINT and SIGTERM from ending the process in the middle of something.
fn block_signals() -> Result<libc::sigset_t> {
    // SAFETY: all bytes zero is a valid signal set, and the calls fill and use it.
    unsafe {
        let mut set: libc::sigset_t = std::mem::zeroed();
        libc::sigemptyset(&mut set);
        libc::sigaddset(&mut set, libc::SIGINT);
        libc::sigaddset(&mut set, libc::SIGTERM);
        if libc::pthread_sigmask(libc::SIG_BLOCK, &set, std::ptr::null_mut()) != 0 {
            bail!("cannot block signals");
        }
        Ok(set)
    }
}

fn wait_for_signal(set: &libc::sigset_t) {
    let mut signal = 0;
    // SAFETY: both point at live values.
    while unsafe { libc::sigwait(set, &mut signal) } != 0 {}
}
