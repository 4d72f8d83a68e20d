// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What can go wrong, with what was tried and on what.

use std::io;
use std::path::PathBuf;

/// A failed operation on the driver.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A directory or link of sysfs could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Sysfs {
        /// What was read.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The node could not be opened.
    #[error("cannot open {}: {source}", path.display())]
    Open {
        /// The node.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// The node belongs to another driver.
    #[error("{} belongs to driver `{driver}`, not to `ix`", path.display())]
    NotIx {
        /// The node.
        path: PathBuf,
        /// Name that its driver gives.
        driver: String,
    },
    /// The driver speaks another major version of the ABI.
    #[error("{} has ABI version {}.{}, this program needs {}.x", path.display(), found >> 16, found & 0xffff, crate::abi::DRM_IX_VERSION_MAJOR)]
    Abi {
        /// The node.
        path: PathBuf,
        /// Version that it reports, major << 16 | minor.
        found: u32,
    },
    /// An ioctl failed.
    #[error("{ioctl}: {source}")]
    Ioctl {
        /// Name of the ioctl.
        ioctl: &'static str,
        /// The system's reason; the header says what each number means.
        source: io::Error,
    },
    /// Memory of the device could not be mapped into the process.
    #[error("mmap of {size} bytes of {what}: {source}")]
    Map {
        /// What was to be mapped.
        what: &'static str,
        /// Bytes.
        size: usize,
        /// The system's reason.
        source: io::Error,
    },
}

impl Error {
    /// The system's error number, where there is one.
    pub fn errno(&self) -> Option<i32> {
        match self {
            Error::Sysfs { source, .. } | Error::Open { source, .. } | Error::Ioctl { source, .. } | Error::Map { source, .. } => {
                source.raw_os_error()
            }
            Error::NotIx { .. } | Error::Abi { .. } => None,
        }
    }
}
