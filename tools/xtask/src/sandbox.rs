// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Running programs of the SDK root.
//!
//! Two ways, by need:
//!
//! - [`Sandbox`]: chroot into the root, in mount and process namespaces of its
//!   own, with chosen folders bound into it. The mounts exist nowhere else, so
//!   they end with the sandbox, however that ends. Root does this directly;
//!   other users through a user namespace, where the system allows them.
//! - [`loader`]: run one program on the host's own file system, by the SDK
//!   root's dynamic loader and libraries. Needs no privilege; good for
//!   programs that can be told where their data files are.

use crate::host;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Mounts and enters. Arguments: root, "ro" or "rw" SOURCE TARGET ..., "--",
/// working directory, command. The read-only flag takes a second mount call.
const ENTER: &str = r#"
set -e
root=$1; shift
mount -t proc proc "$root/proc"
mount --rbind /dev "$root/dev"
while [ "$1" != -- ]; do
    mount --bind "$2" "$root$3"
    [ "$1" = rw ] || mount -o remount,bind,ro "$root$3"
    shift 3
done
shift
exec chroot "$root" /bin/sh -c 'cd "$1" && shift && exec "$@"' sh "$@"
"#;

/// A description of a chroot environment.
pub struct Sandbox {
    root: PathBuf,
    binds: Vec<Bind>,
    variables: Vec<(String, String)>,
    dir: String,
}

struct Bind {
    writable: bool,
    source: PathBuf,
    target: String,
}

impl Sandbox {
    /// A sandbox on the SDK root `root`, with nothing of the host in it.
    pub fn new(root: &Path) -> Sandbox {
        Sandbox {
            root: root.to_owned(),
            binds: Vec::new(),
            variables: vec![
                ("PATH".into(), "/usr/sbin:/usr/bin:/sbin:/bin".into()),
                ("HOME".into(), "/tmp".into()),
                ("LC_ALL".into(), "C.UTF-8".into()),
                // The compiler that matches the root's clang, should a newer
                // libclang be there too.
                ("LIBCLANG_PATH".into(), "/usr/lib/llvm-19/lib".into()),
            ],
            dir: "/".into(),
        }
    }

    /// Shows the host's `source` read-only at `target`, which must exist.
    pub fn read_only(self, source: &Path, target: &str) -> Sandbox {
        self.bind(false, source, target)
    }

    /// Shows the host's `source` writable at `target`, which must exist.
    pub fn writable(self, source: &Path, target: &str) -> Sandbox {
        self.bind(true, source, target)
    }

    fn bind(mut self, writable: bool, source: &Path, target: &str) -> Sandbox {
        self.binds.push(Bind { writable, source: source.to_owned(), target: target.to_owned() });
        self
    }

    /// Sets the working directory.
    pub fn dir(mut self, dir: &str) -> Sandbox {
        self.dir = dir.to_owned();
        self
    }

    /// The host command that runs `arguments` (program first) inside.
    pub fn command<S: AsRef<str>>(&self, arguments: &[S]) -> Command {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--pid", "--fork", "--kill-child=KILL"]);
        if !host::is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command.env_clear().envs(self.variables.iter().cloned());
        command.args(["sh", "-c", ENTER, "sh"]).arg(&self.root);
        for bind in &self.binds {
            command.arg(if bind.writable { "rw" } else { "ro" }).arg(&bind.source).arg(&bind.target);
        }
        command.arg("--").arg(&self.dir);
        command.args(arguments.iter().map(AsRef::as_ref));
        command
    }
}

/// A command that runs `program` (a path inside the SDK root `root`) in the
/// host's own file system. `libraries` are further library folders, as paths
/// inside the root.
pub fn loader(root: &Path, program: &str, libraries: &[&str]) -> Command {
    let inside = |path: &str| root.join(path.trim_start_matches('/'));
    let search = libraries
        .iter()
        .copied()
        .chain(["/usr/lib/x86_64-linux-gnu"])
        .map(|path| inside(path).display().to_string())
        .collect::<Vec<_>>()
        .join(":");
    let mut command = Command::new(inside("/usr/lib64/ld-linux-x86-64.so.2"));
    command.arg("--library-path").arg(search).arg(inside(program));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn command_lists_binds_then_directory_then_program() {
        let command = Sandbox::new(Path::new("/r"))
            .read_only(Path::new("/a"), "/srv/ix")
            .writable(Path::new("/b"), "/srv/build")
            .dir("/srv")
            .command(&["make", "x y"]);
        let arguments: Vec<_> = command.get_args().map(|argument| argument.to_string_lossy().into_owned()).collect();
        let root = arguments.iter().position(|a| a == "/r").expect("root");
        assert_eq!(arguments[root..], ["/r", "ro", "/a", "/srv/ix", "rw", "/b", "/srv/build", "--", "/srv", "make", "x y"]);
    }

    #[test]
    fn loader_searches_inside_the_root_only() {
        let command = loader(Path::new("/r"), "/usr/bin/p", &["/usr/lib/q"]);
        assert_eq!(command.get_program(), "/r/usr/lib64/ld-linux-x86-64.so.2");
        let arguments: Vec<_> = command.get_args().collect();
        assert_eq!(arguments, ["--library-path", "/r/usr/lib/q:/r/usr/lib/x86_64-linux-gnu", "/r/usr/bin/p"]);
    }
}
