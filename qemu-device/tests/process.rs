// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The `ix-device` process: its sockets, its clients, its end.

use ix_hw::pci::BAR_REGS;
use ix_hw::regs as r;
use ix_vfio_user::client::Client;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_ix-device");

/// A process that ends with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A folder for sockets that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("ix-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn start(sockets: &[&Path]) -> Process {
    let mut command = Command::new(BINARY);
    command.args(["--profile", "g1-mini", "--workers", "1"]);
    for socket in sockets {
        command.arg("--socket").arg(socket);
    }
    Process(command.stderr(Stdio::null()).spawn().unwrap())
}

/// Connects as soon as somebody listens and has time.
fn connect(path: &Path) -> Client {
    let end = Instant::now() + Duration::from_secs(20);
    loop {
        match Client::connect(path) {
            Ok(client) => return client,
            Err(error) => assert!(Instant::now() < end, "{error}"),
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn magic(client: &Client) -> u32 {
    client.read32(BAR_REGS, r::ID_MAGIC.into()).unwrap()
}

fn fails(arguments: &[&str]) -> String {
    let Output { status, stderr, .. } = Command::new(BINARY).args(arguments).output().unwrap();
    assert!(!status.success());
    String::from_utf8(stderr).unwrap()
}

#[test]
fn several_chips_in_one_process_are_different_chips() {
    let folder = Folder::new("several");
    let paths = [folder.path("a"), folder.path("b")];
    let _process = start(&[&paths[0], &paths[1]]);
    let clients = [connect(&paths[0]), connect(&paths[1])];
    assert_eq!([magic(&clients[0]), magic(&clients[1])], [r::MAGIC; 2]);
    let uuid = |client: &Client| client.read32(BAR_REGS, r::CAP_UUID.into()).unwrap();
    assert_ne!(uuid(&clients[0]), uuid(&clients[1]));
}

#[test]
fn second_client_is_turned_away_and_can_come_later() {
    let folder = Folder::new("second");
    let path = folder.path("s");
    let _process = start(&[&path]);
    let first = connect(&path);
    assert!(Client::connect(&path).is_err());
    assert_eq!(magic(&first), r::MAGIC);
    drop(first);
    assert_eq!(magic(&connect(&path)), r::MAGIC);
}

#[test]
fn stale_socket_is_replaced_and_other_files_are_not() {
    let folder = Folder::new("stale");
    let path = folder.path("s");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let process = start(&[&path]);
    assert_eq!(magic(&connect(&path)), r::MAGIC);
    let text = fails(&["--socket", path.to_str().unwrap()]);
    assert!(text.contains("another process listens there"), "{text}");
    drop(process);

    let file = folder.path("f");
    std::fs::write(&file, "precious").unwrap();
    let text = fails(&["--socket", file.to_str().unwrap()]);
    assert!(text.contains("no socket"), "{text}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
}

#[test]
fn termination_removes_the_sockets() {
    let folder = Folder::new("term");
    let path = folder.path("s");
    let mut process = start(&[&path]);
    let _client = connect(&path);
    // SAFETY: the process is our child and has not been waited for.
    unsafe { libc::kill(process.0.id() as i32, libc::SIGTERM) };
    assert!(process.0.wait().unwrap().success());
    assert!(!path.exists());
}

#[test]
fn inherited_socket_is_served_until_its_client_goes() {
    let (ours, theirs) = UnixStream::pair().unwrap();
    let mut command = Command::new(BINARY);
    command.args(["--profile", "g1-mini", "--fd", "0"]).stdin(OwnedFd::from(theirs));
    let mut process = Process(command.spawn().unwrap());
    // The command keeps a copy of the device's end.
    drop(command);
    let client = Client::new(ours).unwrap();
    assert_eq!(magic(&client), r::MAGIC);
    drop(client);
    assert!(process.0.wait().unwrap().success());
}

#[test]
fn dead_device_is_an_error_for_its_client() {
    let folder = Folder::new("dead");
    let path = folder.path("s");
    let process = start(&[&path]);
    let client = connect(&path);
    drop(process);
    assert!(client.read32(BAR_REGS, 0).is_err());
    assert!(client.read32(BAR_REGS, 0).is_err());
}

#[test]
fn bad_arguments_are_explained() {
    assert!(fails(&[]).contains("--socket"));
    assert!(fails(&["--fd", "999"]).contains("999"));
    assert!(fails(&["--profile", "nonsense", "--fd", "0"]).contains("g1-mini"));
    assert!(fails(&["--vram", "3G", "--fd", "0"]).contains("powers of two"));
    assert!(fails(&["--vram", "much", "--fd", "0"]).contains("not a size"));
}
