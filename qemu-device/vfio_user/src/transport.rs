// SPDX-License-Identifier: Apache-2.0 OR MIT
//! One message, with its file descriptors, to or from a stream socket.
//!
//! A stream has no message boundaries: the header's size is the only thing that keeps the two
//! sides in step. So [`Channel::receive`] always consumes exactly the bytes that a header
//! announces, whatever else is wrong with the message, and reports what was wrong. A size below
//! that of a header is taken as a header alone.

use crate::proto::{Header, MAX_FDS, MAX_PAYLOAD};
use crate::Errno;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::os::unix::net::UnixStream;

/// A message as it came.
#[derive(Debug)]
pub struct Message {
    /// Its header.
    pub header: Header,
    /// What follows the header; empty when `fault` is set.
    pub payload: Vec<u8>,
    /// File descriptors that came with it.
    pub fds: Vec<OwnedFd>,
    /// What is wrong with the frame. The stream is in step all the same.
    pub fault: Option<Errno>,
}

/// One end of a connection.
#[derive(Debug)]
pub struct Channel {
    stream: UnixStream,
}

/// Bytes of ancillary data for [`MAX_FDS`] descriptors.
const CONTROL: usize = {
    // SAFETY: CMSG_SPACE only computes.
    unsafe { libc::CMSG_SPACE((MAX_FDS * size_of::<RawFd>()) as u32) as usize }
};

/// Ancillary data must be aligned like its header.
#[repr(C, align(8))]
struct Control([u8; CONTROL]);

impl Channel {
    /// Uses a connected stream.
    pub fn new(stream: UnixStream) -> Channel {
        Channel { stream }
    }

    /// The stream.
    pub fn stream(&self) -> &UnixStream {
        &self.stream
    }

    /// Receives the next message; `None` when the peer closed the connection between messages.
    pub fn receive(&self) -> io::Result<Option<Message>> {
        let mut fds = Vec::new();
        let mut fault = None;
        let mut head = [0u8; Header::SIZE];
        match self.fill(&mut head, &mut fds, &mut fault)? {
            0 => return Ok(None),
            n if n < head.len() => return Err(io::ErrorKind::UnexpectedEof.into()),
            _ => {}
        }
        let header = Header::decode(&head).ok_or(io::ErrorKind::InvalidData)?;
        let Some(size) = (header.size as usize).checked_sub(Header::SIZE) else {
            return Ok(Some(Message { header, payload: Vec::new(), fds, fault: Some(Errno::EINVAL) }));
        };
        if size > MAX_PAYLOAD {
            self.skip(size, &mut fds)?;
            return Ok(Some(Message { header, payload: Vec::new(), fds, fault: Some(Errno::EMSGSIZE) }));
        }
        let mut payload = vec![0; size];
        if self.fill(&mut payload, &mut fds, &mut fault)? < size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        if fault.is_some() {
            payload.clear();
        }
        Ok(Some(Message { header, payload, fds, fault }))
    }

    /// Sends a message. `header.size` must be that of header and payload.
    pub fn send(&self, header: &Header, payload: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
        debug_assert_eq!(header.size as usize, Header::SIZE + payload.len());
        if fds.len() > MAX_FDS {
            return Err(io::ErrorKind::InvalidInput.into());
        }
        let mut bytes = Vec::with_capacity(Header::SIZE + payload.len());
        header.encode(&mut bytes);
        bytes.extend_from_slice(payload);

        let mut sent = 0;
        while sent < bytes.len() {
            // The descriptors travel with the first byte.
            let attach = if sent == 0 { fds } else { &[] };
            match self.send_once(&bytes[sent..], attach) {
                Ok(n) => sent += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(())
    }

    fn send_once(&self, bytes: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<usize> {
        let mut iov = libc::iovec { iov_base: bytes.as_ptr().cast_mut().cast(), iov_len: bytes.len() };
        let mut control = Control([0; CONTROL]);
        // SAFETY: all bytes zero is a valid msghdr.
        let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
        message.msg_iov = &mut iov;
        message.msg_iovlen = 1;
        if !fds.is_empty() {
            let data = size_of_val(fds);
            message.msg_control = control.0.as_mut_ptr().cast();
            // SAFETY: CMSG_SPACE only computes.
            message.msg_controllen = unsafe { libc::CMSG_SPACE(data as u32) } as _;
            // SAFETY: the control buffer is aligned and has room for one header and MAX_FDS
            // descriptors, of which there are no more (checked by `send`).
            unsafe {
                let cmsg = libc::CMSG_FIRSTHDR(&message);
                (*cmsg).cmsg_level = libc::SOL_SOCKET;
                (*cmsg).cmsg_type = libc::SCM_RIGHTS;
                (*cmsg).cmsg_len = libc::CMSG_LEN(data as u32) as _;
                let slots = libc::CMSG_DATA(cmsg).cast::<RawFd>();
                for (i, fd) in fds.iter().enumerate() {
                    slots.add(i).write_unaligned(fd.as_raw_fd());
                }
            }
        }
        // SAFETY: the message refers to live buffers only.
        let n = unsafe { libc::sendmsg(self.stream.as_raw_fd(), &message, libc::MSG_NOSIGNAL) };
        usize::try_from(n).map_err(|_| io::Error::last_os_error())
    }

    /// Fills `buffer`; returns how much came before the peer closed.
    fn fill(&self, buffer: &mut [u8], fds: &mut Vec<OwnedFd>, fault: &mut Option<Errno>) -> io::Result<usize> {
        let mut got = 0;
        while got < buffer.len() {
            match self.receive_once(&mut buffer[got..], fds, fault) {
                Ok(0) => break,
                Ok(n) => got += n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) => return Err(e),
            }
        }
        Ok(got)
    }

    /// Consumes `size` bytes.
    fn skip(&self, size: usize, fds: &mut Vec<OwnedFd>) -> io::Result<()> {
        let mut scratch = vec![0; size.min(1 << 16)];
        let mut left = size;
        while left > 0 {
            let n = left.min(scratch.len());
            if self.fill(&mut scratch[..n], fds, &mut None)? < n {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            // Descriptors of a message that nobody will look at must not pile up.
            fds.clear();
            left -= n;
        }
        Ok(())
    }

    fn receive_once(&self, buffer: &mut [u8], fds: &mut Vec<OwnedFd>, fault: &mut Option<Errno>) -> io::Result<usize> {
        let mut iov = libc::iovec { iov_base: buffer.as_mut_ptr().cast(), iov_len: buffer.len() };
        let mut control = Control([0; CONTROL]);
        // SAFETY: all bytes zero is a valid msghdr.
        let mut message: libc::msghdr = unsafe { std::mem::zeroed() };
        message.msg_iov = &mut iov;
        message.msg_iovlen = 1;
        message.msg_control = control.0.as_mut_ptr().cast();
        message.msg_controllen = CONTROL as _;
        // SAFETY: the message refers to live buffers only.
        let n = unsafe { libc::recvmsg(self.stream.as_raw_fd(), &mut message, libc::MSG_CMSG_CLOEXEC) };
        let n = usize::try_from(n).map_err(|_| io::Error::last_os_error())?;

        // SAFETY: recvmsg filled the control buffer and its length; the CMSG macros walk it.
        unsafe {
            let mut cmsg = libc::CMSG_FIRSTHDR(&message);
            while let Some(entry) = cmsg.as_ref() {
                if entry.cmsg_level == libc::SOL_SOCKET && entry.cmsg_type == libc::SCM_RIGHTS {
                    let bytes = entry.cmsg_len - libc::CMSG_LEN(0) as usize;
                    let slots = libc::CMSG_DATA(cmsg).cast::<RawFd>();
                    for i in 0..bytes / size_of::<RawFd>() {
                        fds.push(OwnedFd::from_raw_fd(slots.add(i).read_unaligned()));
                    }
                }
                cmsg = libc::CMSG_NXTHDR(&message, cmsg);
            }
        }
        if message.msg_flags & libc::MSG_CTRUNC != 0 || fds.len() > MAX_FDS {
            *fault = Some(Errno::EMSGSIZE);
            fds.clear();
        }
        Ok(n)
    }
}
