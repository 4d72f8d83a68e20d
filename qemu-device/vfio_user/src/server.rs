// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Serves a device to one client at a time.
//!
//! A *region* is a BAR: bytes that the client reads and writes, some by messages that end in
//! [`Device::read`] and [`Device::write`], some in memory that it maps. What the client must know
//! (sizes, mapped areas, configuration space) the device states once; interrupts and client memory
//! live in [`Interrupts`] and [`ClientMemory`], which device and server share.
//!
//! The thread in [`serve`] answers messages one after another. The client gives up on a device
//! that does not answer within seconds, so nothing that [`Device`] does on this thread may wait
//! for work of the device. A message that is unknown, malformed or out of order gets an error
//! reply; the connection ends only when the client closes it or the socket fails.

use crate::dma::{ClientMemory, Range};
use crate::irq::Interrupts;
use crate::memory::SharedMemory;
use crate::pci::{ConfigSpace, Effect};
use crate::proto::{self, flags, irq, region, Command, Header};
use crate::transport::{Channel, Message};
use crate::{Errno, Error};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::sync::Arc;

/// One BAR.
#[derive(Debug, Clone, Default)]
pub struct Region {
    /// Bytes.
    pub size: u64,
    /// Memory behind the mapped areas; offset in the region is offset in it. As large as the
    /// region.
    pub memory: Option<Arc<SharedMemory>>,
    /// Parts that the client maps, as offset and size in pages; empty with `memory` set means all.
    pub areas: Vec<(u64, u64)>,
}

impl Region {
    /// A region of which every access is a message.
    pub fn trapped(size: u64) -> Region {
        Region { size, ..Region::default() }
    }

    /// A region that is memory as a whole.
    pub fn mapped(memory: Arc<SharedMemory>) -> Region {
        Region { size: memory.size(), memory: Some(memory), areas: Vec::new() }
    }

    /// A region of which only `areas` (offset, size) are memory; the rest is trapped.
    pub fn partly_mapped(memory: Arc<SharedMemory>, areas: Vec<(u64, u64)>) -> Region {
        Region { size: memory.size(), memory: Some(memory), areas }
    }

    /// The memory behind `len` bytes at `offset`, when the client could map them.
    fn memory_at(&self, offset: u64, len: u64) -> Option<&SharedMemory> {
        let memory = self.memory.as_deref()?;
        let inside = self.areas.is_empty() || self.areas.iter().any(|&(at, size)| offset >= at && offset - at + len <= size);
        inside.then_some(memory)
    }
}

/// Why a device resets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reset {
    /// A DEVICE_RESET message: the machine resets.
    Device,
    /// A function-level reset.
    Function,
    /// The device left power state D3hot.
    Power,
    /// The client is gone.
    Disconnect,
}

/// A PCI device. Its methods run on the bus thread and must return promptly.
pub trait Device: Send + Sync {
    /// The configuration space at power-on.
    fn config(&self) -> ConfigSpace;
    /// BAR `index`, 0 to 5; `None` when there is none.
    fn bar(&self, index: u32) -> Option<Region>;
    /// The MSI-X vectors.
    fn interrupts(&self) -> &Interrupts;
    /// The client's memory.
    fn memory(&self) -> &ClientMemory;
    /// Reads from a trapped part of a BAR. The access is inside the BAR.
    fn read(&self, bar: u32, offset: u64, data: &mut [u8]);
    /// Writes to a trapped part of a BAR. The access is inside the BAR.
    fn write(&self, bar: u32, offset: u64, data: &[u8]);
    /// The client announced `range`, which is in [`Device::memory`] already.
    fn memory_added(&self, range: &Range) {
        let _ = range;
    }
    /// The client withdrew `range`, which is no longer in [`Device::memory`]. On return the device
    /// has no access to it any more.
    fn memory_removed(&self, range: &Range) {
        let _ = range;
    }
    /// Returns to the state at power-on. On return the device does not touch client memory on
    /// behalf of work submitted before.
    fn reset(&self, cause: Reset);
}

/// Serves `device` on a connected stream until the client closes it; then takes away the client's
/// memory and interrupts and resets the device.
pub fn serve(device: &dyn Device, stream: UnixStream) -> Result<(), Error> {
    let mut session = Session {
        device,
        channel: Channel::new(stream),
        config: device.config(),
        bars: (0..region::BARS).map(|i| device.bar(i)).collect(),
        negotiated: false,
    };
    let result = session.run();
    device.reset(Reset::Disconnect);
    for range in device.memory().clear() {
        device.memory_removed(&range);
    }
    device.interrupts().clear();
    result
}

/// Payload and file descriptor of a reply.
#[derive(Default)]
struct Reply {
    payload: Vec<u8>,
    fd: Option<OwnedFd>,
}

impl From<Vec<u8>> for Reply {
    fn from(payload: Vec<u8>) -> Reply {
        Reply { payload, fd: None }
    }
}

struct Session<'a> {
    device: &'a dyn Device,
    channel: Channel,
    config: ConfigSpace,
    bars: Vec<Option<Region>>,
    negotiated: bool,
}

impl Session<'_> {
    fn run(&mut self) -> Result<(), Error> {
        while let Some(message) = self.channel.receive().map_err(Error::io("receiving a message"))? {
            let header = message.header;
            if header.flags & flags::TYPE == flags::REPLY {
                // This server sends no commands, so nobody waits for it.
                continue;
            }
            let result = self.handle(message);
            if header.flags & flags::NO_REPLY == 0 {
                self.reply(&header, result)?;
            }
        }
        Ok(())
    }

    fn reply(&self, request: &Header, result: Result<Reply, Errno>) -> Result<(), Error> {
        let (reply, error) = match result {
            Ok(reply) => (reply, None),
            Err(errno) => (Reply::default(), Some(errno.0 as u32)),
        };
        let header = Header {
            id: request.id,
            command: request.command,
            size: (Header::SIZE + reply.payload.len()) as u32,
            flags: flags::REPLY | error.map_or(0, |_| flags::ERROR),
            error: error.unwrap_or(0),
        };
        let fds: Vec<_> = reply.fd.iter().map(|fd| fd.as_fd()).collect();
        self.channel.send(&header, &reply.payload, &fds).map_err(Error::io("sending a reply"))
    }

    fn handle(&mut self, message: Message) -> Result<Reply, Errno> {
        if let Some(fault) = message.fault {
            return Err(fault);
        }
        if message.header.flags & flags::TYPE != flags::COMMAND {
            return Err(Errno::EINVAL);
        }
        let command = Command::from_number(message.header.command).ok_or(Errno::EOPNOTSUPP)?;
        if self.negotiated == (command == Command::Version) {
            return Err(Errno::EINVAL);
        }
        let payload = message.payload.as_slice();
        match command {
            Command::Version => self.version(payload),
            Command::DmaMap => self.dma_map(payload, message.fds),
            Command::DmaUnmap => self.dma_unmap(payload),
            Command::DeviceInfo => self.device_info(payload),
            Command::RegionInfo => self.region_info(payload),
            Command::IrqInfo => self.irq_info(payload),
            Command::SetIrqs => self.set_irqs(payload, message.fds),
            Command::RegionRead => self.region_read(payload),
            Command::RegionWrite => self.region_write(payload),
            Command::Reset => {
                self.reset(Reset::Device);
                Ok(Reply::default())
            }
            Command::RegionIoFds
            | Command::DmaRead
            | Command::DmaWrite
            | Command::RegionWriteMulti
            | Command::Feature
            | Command::MigrationRead
            | Command::MigrationWrite => Err(Errno::EOPNOTSUPP),
        }
    }

    fn version(&mut self, payload: &[u8]) -> Result<Reply, Errno> {
        let request = proto::Version::decode(payload).ok_or(Errno::EINVAL)?;
        if request.major != proto::VERSION_MAJOR {
            return Err(Errno::EOPNOTSUPP);
        }
        self.negotiated = true;
        let mut reply = proto::Version {
            major: proto::VERSION_MAJOR,
            // Never above what the client proposes: it is 0.
            minor: proto::VERSION_MINOR,
        }
        .to_vec();
        let capabilities =
            format!(r#"{{"capabilities":{{"max_msg_fds":{},"max_data_xfer_size":{}}}}}"#, proto::MAX_FDS, proto::MAX_TRANSFER);
        reply.extend_from_slice(capabilities.as_bytes());
        reply.push(0);
        Ok(reply.into())
    }

    fn device_info(&self, payload: &[u8]) -> Result<Reply, Errno> {
        let request = proto::DeviceInfo::decode(payload).ok_or(Errno::EINVAL)?;
        let full = proto::DeviceInfo::SIZE as u32;
        if request.argsz < full {
            return Err(Errno::EINVAL);
        }
        let info =
            proto::DeviceInfo { argsz: full, flags: proto::device::RESET | proto::device::PCI, regions: region::COUNT, irqs: irq::COUNT };
        Ok(info.to_vec().into())
    }

    fn region_info(&self, payload: &[u8]) -> Result<Reply, Errno> {
        let request = proto::RegionInfo::decode(payload).ok_or(Errno::EINVAL)?;
        let fixed = proto::RegionInfo::SIZE as u32;
        if request.argsz < fixed || request.index >= region::COUNT {
            return Err(Errno::EINVAL);
        }
        let mut info = proto::RegionInfo { argsz: fixed, index: request.index, ..Default::default() };
        if request.index == region::CONFIG {
            info.flags = region::READ | region::WRITE;
            info.size = crate::pci::SIZE as u64;
            return Ok(info.to_vec().into());
        }
        let Some(Some(bar)) = self.bars.get(request.index as usize) else {
            return Ok(info.to_vec().into());
        };
        info.size = bar.size;
        info.flags = region::READ | region::WRITE;
        let Some(memory) = &bar.memory else {
            return Ok(info.to_vec().into());
        };
        info.flags |= region::MMAP;
        let mut capabilities = Vec::new();
        if !bar.areas.is_empty() {
            info.flags |= region::CAPS;
            info.cap_offset = fixed;
            proto::Capability { id: proto::CAP_SPARSE_MMAP, version: 1, next: 0 }.encode(&mut capabilities);
            proto::SparseMmap { areas: bar.areas.len() as u32, reserved: 0 }.encode(&mut capabilities);
            for &(offset, size) in &bar.areas {
                proto::Area { offset, size }.encode(&mut capabilities);
            }
        }
        info.argsz = fixed + capabilities.len() as u32;
        let mut payload = info.to_vec();
        if request.argsz < info.argsz {
            // The client asks again with the size that argsz tells it; the flags and the offset of
            // the capabilities must be right even so.
            return Ok(payload.into());
        }
        payload.extend_from_slice(&capabilities);
        let fd = memory.as_fd().try_clone_to_owned().map_err(|e| Errno::of(&e))?;
        Ok(Reply { payload, fd: Some(fd) })
    }

    fn irq_info(&self, payload: &[u8]) -> Result<Reply, Errno> {
        let request = proto::IrqInfo::decode(payload).ok_or(Errno::EINVAL)?;
        let full = proto::IrqInfo::SIZE as u32;
        if request.argsz < full || request.index >= irq::COUNT {
            return Err(Errno::EINVAL);
        }
        if request.index == irq::ERROR {
            // The answer for "not there": a count of 0 makes QEMU warn that it cannot enable it.
            return Err(Errno::EINVAL);
        }
        let msix = request.index == irq::MSIX;
        let info = proto::IrqInfo {
            argsz: full,
            flags: if msix { irq::INFO_EVENTFD } else { 0 },
            index: request.index,
            count: if msix { self.device.interrupts().count() } else { 0 },
        };
        Ok(info.to_vec().into())
    }

    fn set_irqs(&self, payload: &[u8], fds: Vec<OwnedFd>) -> Result<Reply, Errno> {
        let set = proto::SetIrqs::decode(payload).ok_or(Errno::EINVAL)?;
        let bools = &payload[proto::SetIrqs::SIZE..];
        match set.index {
            irq::MSIX => self.device.interrupts().set(&set, bools, fds)?,
            // Types with no interrupts: there is nothing that "all" could disable.
            index if index < irq::COUNT && set.count == 0 && set.start == 0 => {}
            _ => return Err(Errno::EINVAL),
        }
        Ok(Reply::default())
    }

    fn dma_map(&self, payload: &[u8], mut fds: Vec<OwnedFd>) -> Result<Reply, Errno> {
        let request = proto::DmaMap::decode(payload).ok_or(Errno::EINVAL)?;
        if fds.len() > 1 {
            return Err(Errno::EINVAL);
        }
        let range = self.device.memory().map(&request, fds.pop())?;
        self.device.memory_added(&range);
        Ok(Reply::default())
    }

    fn dma_unmap(&self, payload: &[u8]) -> Result<Reply, Errno> {
        let request = proto::DmaUnmap::decode(payload).ok_or(Errno::EINVAL)?;
        for range in self.device.memory().unmap(&request)? {
            self.device.memory_removed(&range);
        }
        Ok(request.to_vec().into())
    }

    /// The access and its region's size, checked against each other.
    fn access(&self, payload: &[u8]) -> Result<proto::RegionAccess, Errno> {
        let access = proto::RegionAccess::decode(payload).ok_or(Errno::EINVAL)?;
        let size = match access.region {
            region::CONFIG => crate::pci::SIZE as u64,
            index => match self.bars.get(index as usize) {
                Some(Some(bar)) => bar.size,
                _ => return Err(Errno::EINVAL),
            },
        };
        if access.count as usize > proto::MAX_TRANSFER {
            return Err(Errno::EMSGSIZE);
        }
        match access.offset.checked_add(u64::from(access.count)) {
            Some(end) if end <= size => Ok(access),
            _ => Err(Errno::EINVAL),
        }
    }

    fn region_read(&self, payload: &[u8]) -> Result<Reply, Errno> {
        let access = self.access(payload)?;
        let mut reply = access.to_vec();
        reply.resize(proto::RegionAccess::SIZE + access.count as usize, 0);
        let data = &mut reply[proto::RegionAccess::SIZE..];
        if access.region == region::CONFIG {
            self.config.read(access.offset, data);
        } else if let Some(memory) = self.memory_at(&access) {
            if !memory.map().read(access.offset, data) {
                return Err(Errno::EINVAL);
            }
        } else {
            self.device.read(access.region, access.offset, data);
        }
        Ok(reply.into())
    }

    fn region_write(&mut self, payload: &[u8]) -> Result<Reply, Errno> {
        let access = self.access(payload)?;
        let data = &payload[proto::RegionAccess::SIZE..];
        if data.len() != access.count as usize {
            return Err(Errno::EINVAL);
        }
        if access.region == region::CONFIG {
            match self.config.write(access.offset, data) {
                Effect::None => {}
                Effect::FunctionReset => self.reset(Reset::Function),
                Effect::PowerReset => self.reset(Reset::Power),
            }
        } else if let Some(memory) = self.memory_at(&access) {
            if !memory.map().write(access.offset, data) {
                return Err(Errno::EINVAL);
            }
        } else {
            self.device.write(access.region, access.offset, data);
        }
        Ok(access.to_vec().into())
    }

    fn memory_at(&self, access: &proto::RegionAccess) -> Option<&SharedMemory> {
        let bar = self.bars.get(access.region as usize)?.as_ref()?;
        bar.memory_at(access.offset, u64::from(access.count))
    }

    /// Interrupt assignments stay: they are the client's, which does not repeat them when it is
    /// its guest that resets the function.
    fn reset(&mut self, cause: Reset) {
        self.config.reset();
        self.device.reset(cause);
    }
}
