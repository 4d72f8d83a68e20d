// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The driver's side: a user-space driver that talks to a device directly.
//!
//! A [`Client`] sends one command at a time and waits for its reply; several threads may share it.
//! What costs a message (tens of microseconds) is set-up; afterwards the driver works in the
//! memory that [`Client::map_region`] gives it and in its own that it announced with
//! [`Client::dma_map`].

use crate::event::EventFd;
use crate::memory::Mapping;
use crate::proto::{self, flags, irq, region, Command, Header};
use crate::transport::{Channel, Message};
use crate::{Errno, Error};
use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long a device may take to answer.
pub const TIMEOUT: Duration = Duration::from_secs(10);

/// A region as the device describes it.
#[derive(Debug)]
pub struct Region {
    /// Index.
    pub index: u32,
    /// Bytes; 0 when there is no such region.
    pub size: u64,
    /// See [`proto::region`].
    pub flags: u32,
    /// Parts that can be mapped, as offset and size.
    pub areas: Vec<(u64, u64)>,
    /// The file that they lie in, and the region's offset in it.
    backing: Option<(OwnedFd, u64)>,
}

#[derive(Debug)]
struct Connection {
    channel: Channel,
    next_id: u16,
    /// Set when a reply was missed: later ones could be taken for the wrong command.
    broken: bool,
}

/// A connection to a device.
#[derive(Debug)]
pub struct Client {
    connection: Mutex<Connection>,
    max_transfer: usize,
    max_fds: usize,
}

impl Client {
    /// Connects to the device that listens at `path`.
    pub fn connect(path: &Path) -> Result<Client, Error> {
        let stream = UnixStream::connect(path).map_err(Error::io("connecting to the device"))?;
        Client::new(stream)
    }

    /// Uses a connected stream, for example one end of a socket pair, and agrees on the version.
    pub fn new(stream: UnixStream) -> Result<Client, Error> {
        stream
            .set_read_timeout(Some(TIMEOUT))
            .and_then(|()| stream.set_write_timeout(Some(TIMEOUT)))
            .map_err(Error::io("setting the time-out of the device's socket"))?;
        let mut client = Client {
            connection: Mutex::new(Connection { channel: Channel::new(stream), next_id: 1, broken: false }),
            max_transfer: proto::MAX_TRANSFER,
            max_fds: 1,
        };
        client.negotiate()?;
        Ok(client)
    }

    fn negotiate(&mut self) -> Result<(), Error> {
        let mut payload = proto::Version { major: proto::VERSION_MAJOR, minor: proto::VERSION_MINOR }.to_vec();
        payload.extend_from_slice(
            format!(r#"{{"capabilities":{{"max_msg_fds":{},"max_data_xfer_size":{}}}}}"#, proto::MAX_FDS, proto::MAX_TRANSFER).as_bytes(),
        );
        payload.push(0);
        let reply = self.command(Command::Version, &payload, &[])?;
        let version: proto::Version = proto::Version::decode(&reply.payload).ok_or_else(|| short(Command::Version))?;
        if version.major != proto::VERSION_MAJOR || version.minor > proto::VERSION_MINOR {
            return Err(bad(Command::Version, "unsupported protocol version"));
        }
        let text = String::from_utf8_lossy(&reply.payload[proto::Version::SIZE..]);
        if let Some(n) = capability(&text, "max_data_xfer_size") {
            self.max_transfer = usize::try_from(n).unwrap_or(usize::MAX).min(self.max_transfer);
        }
        if let Some(n) = capability(&text, "max_msg_fds") {
            self.max_fds = usize::try_from(n).unwrap_or(usize::MAX).min(proto::MAX_FDS);
        }
        if self.max_transfer < 8 || self.max_fds < 1 {
            return Err(bad(Command::Version, "limits too small to work with"));
        }
        Ok(())
    }

    /// Numbers of regions and interrupt types.
    pub fn device_info(&self) -> Result<proto::DeviceInfo, Error> {
        let request = proto::DeviceInfo { argsz: proto::DeviceInfo::SIZE as u32, ..Default::default() };
        let reply = self.command(Command::DeviceInfo, &request.to_vec(), &[])?;
        proto::DeviceInfo::decode(&reply.payload).ok_or_else(|| short(Command::DeviceInfo))
    }

    /// Describes region `index`.
    pub fn region(&self, index: u32) -> Result<Region, Error> {
        const MAX_ARGSZ: u32 = 1 << 16;
        let command = Command::RegionInfo;
        let mut argsz = proto::RegionInfo::SIZE as u32;
        loop {
            let request = proto::RegionInfo { argsz, index, ..Default::default() };
            let mut reply = self.command(command, &request.to_vec(), &[])?;
            let info = proto::RegionInfo::decode(&reply.payload).ok_or_else(|| short(command))?;
            if info.argsz > argsz {
                if info.argsz > MAX_ARGSZ {
                    return Err(bad(command, "absurd size"));
                }
                argsz = info.argsz;
                continue;
            }
            let sparse = sparse_areas(&info, &reply.payload)?;
            let mut result = Region { index, size: info.size, flags: info.flags, areas: Vec::new(), backing: None };
            if info.flags & region::MMAP != 0 {
                let fd = reply.fds.pop().ok_or_else(|| bad(command, "no file descriptor"))?;
                result.backing = Some((fd, info.offset));
                result.areas = sparse.unwrap_or_else(|| vec![(0, info.size)]);
            }
            return Ok(result);
        }
    }

    /// Maps `len` bytes at `offset` of a region; they must lie in one of its areas.
    pub fn map_region(&self, region: &Region, offset: u64, len: u64) -> Result<Mapping, Error> {
        let (fd, base) = region.backing.as_ref().ok_or(Error::Usage("the region cannot be mapped"))?;
        let inside = region.areas.iter().any(|&(at, size)| offset >= at && (offset - at).checked_add(len).is_some_and(|end| end <= size));
        if !inside {
            return Err(Error::Usage("this part of the region cannot be mapped"));
        }
        let at = base.checked_add(offset).ok_or_else(|| bad(Command::RegionInfo, "offset out of range"))?;
        Mapping::new(fd.as_fd(), at, len).map_err(Error::io("mapping a region of the device"))
    }

    /// Reads from a region by message.
    pub fn read(&self, region: u32, offset: u64, data: &mut [u8]) -> Result<(), Error> {
        let command = Command::RegionRead;
        for (i, chunk) in data.chunks_mut(self.max_transfer).enumerate() {
            let request = proto::RegionAccess { offset: offset + (i * self.max_transfer) as u64, region, count: chunk.len() as u32 };
            let reply = self.command(command, &request.to_vec(), &[])?;
            let bytes = reply.payload.get(proto::RegionAccess::SIZE..).unwrap_or(&[]);
            if bytes.len() != chunk.len() {
                return Err(bad(command, "wrong number of bytes"));
            }
            chunk.copy_from_slice(bytes);
        }
        Ok(())
    }

    /// Writes to a region by message; on return the device has seen it.
    pub fn write(&self, region: u32, offset: u64, data: &[u8]) -> Result<(), Error> {
        for (i, chunk) in data.chunks(self.max_transfer).enumerate() {
            let mut request =
                proto::RegionAccess { offset: offset + (i * self.max_transfer) as u64, region, count: chunk.len() as u32 }.to_vec();
            request.extend_from_slice(chunk);
            self.command(Command::RegionWrite, &request, &[])?;
        }
        Ok(())
    }

    /// Reads a 32-bit register.
    pub fn read32(&self, region: u32, offset: u64) -> Result<u32, Error> {
        let mut bytes = [0; 4];
        self.read(region, offset, &mut bytes)?;
        Ok(u32::from_le_bytes(bytes))
    }

    /// Writes a 32-bit register.
    pub fn write32(&self, region: u32, offset: u64, value: u32) -> Result<(), Error> {
        self.write(region, offset, &value.to_le_bytes())
    }

    /// Announces `size` bytes of `memory` from `offset` as bus addresses from `address`, readable
    /// and writable by the device. All are multiples of the page size.
    pub fn dma_map(&self, address: u64, memory: BorrowedFd<'_>, offset: u64, size: u64) -> Result<(), Error> {
        let request =
            proto::DmaMap { argsz: proto::DmaMap::SIZE as u32, flags: proto::dma::READ | proto::dma::WRITE, offset, address, size };
        self.command(Command::DmaMap, &request.to_vec(), &[memory])?;
        Ok(())
    }

    /// Withdraws bus addresses; on return the device does not access them any more.
    pub fn dma_unmap(&self, address: u64, size: u64) -> Result<(), Error> {
        let request = proto::DmaUnmap { argsz: proto::DmaUnmap::SIZE as u32, flags: 0, address, size };
        self.command(Command::DmaUnmap, &request.to_vec(), &[])?;
        Ok(())
    }

    /// Number of MSI-X vectors.
    pub fn vectors(&self) -> Result<u32, Error> {
        let request = proto::IrqInfo { argsz: proto::IrqInfo::SIZE as u32, index: irq::MSIX, ..Default::default() };
        let reply = self.command(Command::IrqInfo, &request.to_vec(), &[])?;
        let info = proto::IrqInfo::decode(&reply.payload).ok_or_else(|| short(Command::IrqInfo))?;
        Ok(info.count)
    }

    /// Enables the MSI-X vectors from `start` on: vector `start + i` signals `events[i]`.
    pub fn enable_vectors(&self, start: u32, events: &[&EventFd]) -> Result<(), Error> {
        for (i, chunk) in events.chunks(self.max_fds).enumerate() {
            let request = proto::SetIrqs {
                argsz: proto::SetIrqs::SIZE as u32,
                flags: irq::DATA_EVENTFD | irq::ACTION_TRIGGER,
                index: irq::MSIX,
                start: start + (i * self.max_fds) as u32,
                count: chunk.len() as u32,
            };
            let fds: Vec<_> = chunk.iter().map(|event| event.as_fd()).collect();
            self.command(Command::SetIrqs, &request.to_vec(), &fds)?;
        }
        Ok(())
    }

    /// Disables all MSI-X vectors.
    pub fn disable_vectors(&self) -> Result<(), Error> {
        let request = proto::SetIrqs {
            argsz: proto::SetIrqs::SIZE as u32,
            flags: irq::DATA_NONE | irq::ACTION_TRIGGER,
            index: irq::MSIX,
            start: 0,
            count: 0,
        };
        self.command(Command::SetIrqs, &request.to_vec(), &[])?;
        Ok(())
    }

    /// Resets the device.
    pub fn reset(&self) -> Result<(), Error> {
        self.command(Command::Reset, &[], &[])?;
        Ok(())
    }

    /// Sends a command and waits for its reply.
    fn command(&self, command: Command, payload: &[u8], fds: &[BorrowedFd<'_>]) -> Result<Message, Error> {
        // A panic of another thread leaves `broken` set when it interrupted an exchange.
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        if connection.broken {
            return Err(Error::Closed(command.name()));
        }
        connection.broken = true;
        let id = connection.next_id;
        connection.next_id = id.wrapping_add(1);
        let header = Header { id, command: command as u16, size: (Header::SIZE + payload.len()) as u32, flags: flags::COMMAND, error: 0 };
        let failed = |e: io::Error| match e.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Error::Timeout(command.name()),
            io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset => Error::Closed(command.name()),
            _ => Error::io("talking to the device")(e),
        };
        connection.channel.send(&header, payload, fds).map_err(failed)?;
        let reply = loop {
            let message = connection.channel.receive().map_err(failed)?.ok_or(Error::Closed(command.name()))?;
            if message.header.flags & flags::TYPE == flags::REPLY {
                break message;
            }
            // A command of the device's own: this client offers none.
            if message.header.flags & flags::NO_REPLY == 0 {
                let refusal = Header {
                    size: Header::SIZE as u32,
                    flags: flags::REPLY | flags::ERROR,
                    error: Errno::EOPNOTSUPP.0 as u32,
                    ..message.header
                };
                connection.channel.send(&refusal, &[], &[]).map_err(failed)?;
            }
        };
        if reply.header.id != id || reply.header.command != command as u16 {
            return Err(bad(command, "it answers another command"));
        }
        connection.broken = false;
        if reply.header.flags & flags::ERROR != 0 {
            return Err(Error::Refused { command: command.name(), errno: Errno(reply.header.error as i32) });
        }
        if reply.fault.is_some() {
            return Err(bad(command, "malformed message"));
        }
        Ok(reply)
    }
}

fn bad(command: Command, why: &'static str) -> Error {
    Error::BadReply { command: command.name(), why }
}

fn short(command: Command) -> Error {
    bad(command, "too short")
}

/// The areas of the sparse-mmap capability of a region, if it has one.
fn sparse_areas(info: &proto::RegionInfo, payload: &[u8]) -> Result<Option<Vec<(u64, u64)>>, Error> {
    let malformed = || bad(Command::RegionInfo, "malformed capability");
    let mut at = info.cap_offset as usize;
    if info.flags & region::CAPS == 0 {
        return Ok(None);
    }
    // Every capability takes at least its header, which bounds a list that runs in a circle.
    for _ in 0..payload.len() / proto::Capability::SIZE {
        if at == 0 {
            break;
        }
        let bytes = payload.get(at..).ok_or_else(malformed)?;
        let capability = proto::Capability::decode(bytes).ok_or_else(malformed)?;
        if capability.id == proto::CAP_SPARSE_MMAP {
            let body = &bytes[proto::Capability::SIZE..];
            let sparse = proto::SparseMmap::decode(body).ok_or_else(malformed)?;
            let areas = body[proto::SparseMmap::SIZE..]
                .chunks_exact(proto::Area::SIZE)
                .map_while(proto::Area::decode)
                .take(sparse.areas as usize)
                .map(|area| (area.offset, area.size))
                .collect::<Vec<_>>();
            if areas.len() != sparse.areas as usize {
                return Err(malformed());
            }
            return Ok(Some(areas));
        }
        at = capability.next as usize;
    }
    Ok(None)
}

/// The number that `name` has in the JSON text of a VERSION message. The text is one flat object
/// of numbers for all that matters here, so the first occurrence of the quoted name decides.
fn capability(text: &str, name: &str) -> Option<u64> {
    let (_, after) = text.split_once(&format!("\"{name}\""))?;
    let digits = after.trim_start().strip_prefix(':')?.trim_start();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capability_is_found_whatever_the_spacing() {
        let text = r#"{ "capabilities" : { "max_msg_fds" : 8, "max_data_xfer_size":4096 } }"#;
        assert_eq!(capability(text, "max_msg_fds"), Some(8));
        assert_eq!(capability(text, "max_data_xfer_size"), Some(4096));
        assert_eq!(capability(text, "pgsizes"), None);
        assert_eq!(capability("{\"max_msg_fds\":-1}", "max_msg_fds"), None);
    }

    #[test]
    fn capability_list_that_runs_in_a_circle_ends() {
        let info = proto::RegionInfo { flags: region::CAPS, cap_offset: 32, ..Default::default() };
        let mut payload = info.to_vec();
        proto::Capability { id: 77, version: 1, next: 32 }.encode(&mut payload);
        assert_eq!(sparse_areas(&info, &payload).unwrap(), None);
    }
}
