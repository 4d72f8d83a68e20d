// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Errors of the bus: what a peer answered, and what went wrong with the socket itself.

use std::fmt;
use std::io;

/// A UNIX error number, as error replies carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Errno(pub i32);

impl Errno {
    /// No such entry.
    pub const ENOENT: Errno = Errno(libc::ENOENT);
    /// The range is already mapped.
    pub const EEXIST: Errno = Errno(libc::EEXIST);
    /// A value is out of range or inconsistent.
    pub const EINVAL: Errno = Errno(libc::EINVAL);
    /// The message is larger than agreed, or has more file descriptors than agreed.
    pub const EMSGSIZE: Errno = Errno(libc::EMSGSIZE);
    /// The command or the form of it is not supported.
    pub const EOPNOTSUPP: Errno = Errno(libc::EOPNOTSUPP);
    /// Out of memory or of another resource.
    pub const ENOMEM: Errno = Errno(libc::ENOMEM);

    /// The error number of `error`, or EINVAL when it has none.
    pub fn of(error: &io::Error) -> Errno {
        Errno(error.raw_os_error().unwrap_or(libc::EINVAL))
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        io::Error::from_raw_os_error(self.0).fmt(f)
    }
}

impl std::error::Error for Errno {}

/// What can go wrong with a connection.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A system call failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: &'static str,
        /// Why it failed.
        source: io::Error,
    },
    /// The peer closed the connection.
    #[error("the peer closed the connection while {0}")]
    Closed(&'static str),
    /// No reply came in time.
    #[error("no reply to {0} in time")]
    Timeout(&'static str),
    /// The device answered a command with an error.
    #[error("the device refused {command}: {errno}")]
    Refused {
        /// The command.
        command: &'static str,
        /// Its answer.
        errno: Errno,
    },
    /// A reply breaks the protocol.
    #[error("bad reply to {command}: {why}")]
    BadReply {
        /// The command.
        command: &'static str,
        /// What is wrong with the reply.
        why: &'static str,
    },
    /// The caller asked for something impossible.
    #[error("{0}")]
    Usage(&'static str),
}

impl Error {
    pub(crate) fn io(what: &'static str) -> impl FnOnce(io::Error) -> Error {
        move |source| Error::Io { what, source }
    }
}
