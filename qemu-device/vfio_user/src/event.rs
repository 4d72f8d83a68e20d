// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Event file descriptors: how the device raises an interrupt in another process.

use std::io;
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, OwnedFd};
use std::time::Duration;

/// A Linux eventfd: a counter that one side adds to and the other waits for.
#[derive(Debug)]
pub struct EventFd(OwnedFd);

impl EventFd {
    /// A new one with counter 0.
    pub fn new() -> io::Result<EventFd> {
        // SAFETY: eventfd takes no pointers.
        let fd = unsafe { libc::eventfd(0, libc::EFD_CLOEXEC | libc::EFD_NONBLOCK) };
        if fd < 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call returned a new descriptor that nobody else owns.
        Ok(EventFd(unsafe { OwnedFd::from_raw_fd(fd) }))
    }

    /// Takes a descriptor that a peer sent.
    pub fn from_fd(fd: OwnedFd) -> EventFd {
        EventFd(fd)
    }

    /// Adds 1.
    pub fn signal(&self) -> io::Result<()> {
        let one = 1u64.to_ne_bytes();
        // SAFETY: the buffer is valid for its 8 bytes.
        let n = unsafe { libc::write(self.0.as_raw_fd(), one.as_ptr().cast(), one.len()) };
        match n {
            8 => Ok(()),
            _ => Err(io::Error::last_os_error()),
        }
    }

    /// Waits until the counter is not 0, at most `timeout` (for ever when `None`), takes its value
    /// and sets it to 0. Returns 0 after the time-out.
    pub fn wait(&self, timeout: Option<Duration>) -> io::Result<u64> {
        let millis = timeout.map_or(-1, |t| i32::try_from(t.as_millis()).unwrap_or(i32::MAX));
        let mut poll = libc::pollfd { fd: self.0.as_raw_fd(), events: libc::POLLIN, revents: 0 };
        // SAFETY: one valid pollfd.
        let n = unsafe { libc::poll(&mut poll, 1, millis) };
        if n < 0 {
            let error = io::Error::last_os_error();
            if error.kind() == io::ErrorKind::Interrupted {
                return Ok(0);
            }
            return Err(error);
        }
        if n == 0 {
            return Ok(0);
        }
        let mut value = [0u8; 8];
        // SAFETY: the buffer is valid for its 8 bytes.
        let n = unsafe { libc::read(self.0.as_raw_fd(), value.as_mut_ptr().cast(), value.len()) };
        match n {
            8 => Ok(u64::from_ne_bytes(value)),
            _ => {
                let error = io::Error::last_os_error();
                match error.kind() {
                    io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted => Ok(0),
                    _ => Err(error),
                }
            }
        }
    }
}

impl AsFd for EventFd {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_add_up_until_waited_for() {
        let event = EventFd::new().unwrap();
        assert_eq!(event.wait(Some(Duration::ZERO)).unwrap(), 0);
        event.signal().unwrap();
        event.signal().unwrap();
        assert_eq!(event.wait(Some(Duration::from_secs(5))).unwrap(), 2);
        assert_eq!(event.wait(Some(Duration::ZERO)).unwrap(), 0);
    }
}
