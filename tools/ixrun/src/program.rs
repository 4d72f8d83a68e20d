// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Finding the program to run, as a shell does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No such program.
    #[error("there is no program {name}{where_}")]
    Absent {
        /// As it was given.
        name: String,
        /// Where it was looked for.
        where_: &'static str,
    },
    /// A folder, or a file without the permission.
    #[error("{} is not a file that may be executed", .0.display())]
    Forbidden(PathBuf),
    /// The kernel refused it.
    #[error("cannot run {}: {source}", path.display())]
    Refused {
        /// The program.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// The file that a name stands for: itself if it has a slash, else the first in PATH.
pub fn find(name: &OsStr) -> Result<PathBuf, Error> {
    find_in(name, &std::env::var_os("PATH").unwrap_or_else(|| "/usr/local/bin:/usr/bin:/bin".into()))
}

fn find_in(name: &OsStr, path: &OsStr) -> Result<PathBuf, Error> {
    let missing = |where_| Error::Absent { name: name.to_string_lossy().into_owned(), where_ };
    if name.as_bytes().contains(&b'/') {
        let file = PathBuf::from(name);
        return match () {
            () if may_execute(&file) => Ok(file),
            () if file.exists() => Err(Error::Forbidden(file)),
            () => Err(missing("")),
        };
    }
    let candidates = || std::env::split_paths(path).map(|directory| directory.join(name));
    match candidates().find(|file| may_execute(file)) {
        Some(file) => Ok(file),
        None => match candidates().find(|file| file.is_file()) {
            Some(file) => Err(Error::Forbidden(file)),
            None => Err(missing(" in PATH")),
        },
    }
}

fn may_execute(file: &Path) -> bool {
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_by_name_and_by_path() {
        let find = |name: &str| find_in(name.as_ref(), "/nowhere:/bin:/usr/bin".as_ref());
        assert!(find("sh").unwrap().ends_with("bin/sh"));
        assert_eq!(find("/bin/sh").unwrap(), Path::new("/bin/sh"));
        assert_eq!(find("no-such-thing").unwrap_err().to_string(), "there is no program no-such-thing in PATH");
        assert_eq!(find("./no-such-thing").unwrap_err().to_string(), "there is no program ./no-such-thing");
        assert_eq!(find("/etc/passwd").unwrap_err().to_string(), "/etc/passwd is not a file that may be executed");
        assert!(matches!(find("/tmp"), Err(Error::Forbidden(_))));
    }
}
