// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Messages that no sane client sends: each gets an error reply, and the next good message works.

use crate::toy::{start, Toy};
use ix_vfio_user::proto::{self, flags, irq, region, Command, Header};
use ix_vfio_user::transport::{Channel, Message};
use ix_vfio_user::Errno;
use std::io::Write;
use std::os::fd::{AsFd, OwnedFd};

/// A connection that says anything.
struct Raw {
    channel: Channel,
}

impl Raw {
    fn new() -> Raw {
        let raw = Raw::unnegotiated();
        let version = proto::Version { major: 0, minor: 0 };
        let reply = raw.ask(Command::Version as u16, &version.to_vec());
        assert_eq!(reply.header.flags, flags::REPLY);
        raw
    }

    fn unnegotiated() -> Raw {
        let (stream, _server) = start(&Toy::new());
        Raw { channel: Channel::new(stream) }
    }

    fn send(&self, command: u16, payload: &[u8]) {
        let header = Header { id: 7, command, size: (Header::SIZE + payload.len()) as u32, ..Default::default() };
        self.channel.send(&header, payload, &[]).unwrap();
    }

    fn receive(&self) -> Message {
        self.channel.receive().unwrap().unwrap()
    }

    fn ask(&self, command: u16, payload: &[u8]) -> Message {
        self.send(command, payload);
        self.receive()
    }

    /// Checks that the last reply was this error and that the server is still in step.
    fn expect(&self, reply: &Message, errno: Errno) {
        assert_eq!(reply.header.flags, flags::REPLY | flags::ERROR);
        assert_eq!(Errno(reply.header.error as i32), errno);
        assert_eq!(reply.header.size, 16);
        self.check_alive();
    }

    fn check_alive(&self) {
        let access = proto::RegionAccess { offset: 0, region: region::CONFIG, count: 2 };
        let reply = self.ask(Command::RegionRead as u16, &access.to_vec());
        assert_eq!(reply.header.flags, flags::REPLY);
        assert_eq!(reply.payload[16..], 0x1234u16.to_le_bytes());
    }
}

#[test]
fn unknown_command_gets_not_supported() {
    let raw = Raw::new();
    for command in [0, 14, 19, 0xffff, Command::RegionIoFds as u16] {
        let reply = raw.ask(command, &[1; 33]);
        assert_eq!(reply.header.command, command);
        raw.expect(&reply, Errno::EOPNOTSUPP);
    }
}

#[test]
fn command_before_version_is_refused() {
    let raw = Raw::unnegotiated();
    let reply = raw.ask(Command::Reset as u16, &[]);
    assert_eq!(Errno(reply.header.error as i32), Errno::EINVAL);
    let other = proto::Version { major: 1, minor: 0 };
    let reply = raw.ask(Command::Version as u16, &other.to_vec());
    assert_eq!(Errno(reply.header.error as i32), Errno::EOPNOTSUPP);
    let good = proto::Version { major: 0, minor: 3 };
    let reply = raw.ask(Command::Version as u16, &good.to_vec());
    let agreed = proto::Version::decode(&reply.payload).unwrap();
    assert_eq!((agreed.major, agreed.minor), (0, 0));
    assert_eq!(reply.payload.last(), Some(&0));
    raw.check_alive();
    let reply = raw.ask(Command::Version as u16, &good.to_vec());
    raw.expect(&reply, Errno::EINVAL);
}

#[test]
fn header_with_impossible_size_is_refused() {
    let raw = Raw::new();
    for size in [0u32, 1, 15] {
        let header = Header { command: Command::Reset as u16, size, ..Default::default() };
        raw.channel.stream().write_all(&header.to_vec()).unwrap();
        let reply = raw.receive();
        raw.expect(&reply, Errno::EINVAL);
    }
}

#[test]
fn oversized_message_is_skipped_and_refused() {
    let raw = Raw::new();
    let reply = raw.ask(Command::RegionWrite as u16, &vec![0; proto::MAX_PAYLOAD + 1]);
    raw.expect(&reply, Errno::EMSGSIZE);
    let access = proto::RegionAccess { offset: 0, region: 2, count: u32::MAX };
    let reply = raw.ask(Command::RegionRead as u16, &access.to_vec());
    raw.expect(&reply, Errno::EMSGSIZE);
}

#[test]
fn truncated_payload_is_refused() {
    let raw = Raw::new();
    for &command in Command::ALL {
        if matches!(command, Command::Reset | Command::Version) {
            continue;
        }
        let reply = raw.ask(command as u16, &[0; 3]);
        assert_eq!(reply.header.flags, flags::REPLY | flags::ERROR, "{command:?}");
        raw.check_alive();
    }
}

#[test]
fn region_info_with_small_argsz_tells_the_full_size() {
    let raw = Raw::new();
    let request = proto::RegionInfo { argsz: 32, index: 0, ..Default::default() };
    let reply = raw.ask(Command::RegionInfo as u16, &request.to_vec());
    let info = proto::RegionInfo::decode(&reply.payload).unwrap();
    assert_eq!((info.argsz, info.cap_offset), (64, 32));
    assert_eq!(info.flags & region::CAPS, region::CAPS);
    assert_eq!((reply.payload.len(), reply.fds.len()), (32, 0));
    let request = proto::RegionInfo { argsz: 64, ..request };
    let reply = raw.ask(Command::RegionInfo as u16, &request.to_vec());
    assert_eq!((reply.payload.len(), reply.fds.len()), (64, 1));
    let request = proto::RegionInfo { argsz: 31, ..request };
    let reply = raw.ask(Command::RegionInfo as u16, &request.to_vec());
    raw.expect(&reply, Errno::EINVAL);
}

#[test]
fn replies_are_ignored_and_no_reply_is_honoured() {
    let raw = Raw::new();
    let header = Header { id: 1, command: Command::Reset as u16, size: 16, flags: flags::REPLY, error: 0 };
    raw.channel.send(&header, &[], &[]).unwrap();
    let header = Header { flags: flags::NO_REPLY, ..header };
    raw.channel.send(&header, &[], &[]).unwrap();
    raw.check_alive();
    let header = Header { flags: 5, ..header };
    raw.channel.send(&header, &[], &[]).unwrap();
    let reply = raw.receive();
    raw.expect(&reply, Errno::EINVAL);
}

#[test]
fn descriptors_where_none_belong_are_closed() {
    let raw = Raw::new();
    let (watch, given) = std::io::pipe().unwrap();
    let header = Header { command: Command::Reset as u16, size: 16, ..Default::default() };
    raw.channel.send(&header, &[], &[given.as_fd()]).unwrap();
    raw.receive();
    raw.check_alive();
    drop(given);
    // The pipe ends only when the server has closed its copy too.
    assert_eq!(std::io::read_to_string(watch).unwrap(), "");
}

#[test]
fn dma_map_of_something_unmappable_is_refused() {
    let raw = Raw::new();
    let (_reader, writer) = std::io::pipe().unwrap();
    let writer = OwnedFd::from(writer);
    let request = proto::DmaMap { argsz: 32, flags: 3, offset: 0, address: 0, size: 4096 };
    let header = Header { command: Command::DmaMap as u16, size: 48, ..Default::default() };
    let fds = [writer.as_fd(), writer.as_fd()];
    for fds in [&fds[..1], &fds[..]] {
        raw.channel.send(&header, &request.to_vec(), fds).unwrap();
        let reply = raw.receive();
        raw.expect(&reply, Errno::EINVAL);
    }
}

#[test]
fn interrupts_of_empty_types_can_only_be_disabled() {
    let raw = Raw::new();
    let mut set = proto::SetIrqs { argsz: 20, flags: irq::DATA_NONE | irq::ACTION_TRIGGER, index: irq::INTX, start: 0, count: 0 };
    let reply = raw.ask(Command::SetIrqs as u16, &set.to_vec());
    assert_eq!(reply.header.flags, flags::REPLY);
    set.count = 1;
    let reply = raw.ask(Command::SetIrqs as u16, &set.to_vec());
    raw.expect(&reply, Errno::EINVAL);
    set.index = 99;
    let reply = raw.ask(Command::SetIrqs as u16, &set.to_vec());
    raw.expect(&reply, Errno::EINVAL);
}

/// Numbers that look random, the same in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        // xorshift64*
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    fn below(&mut self, n: u64) -> u64 {
        self.next() % n
    }

    /// A value that is small, huge, or near a power of two.
    fn number(&mut self) -> u64 {
        match self.below(4) {
            0 => self.below(16),
            1 => self.next(),
            2 => (1u64 << self.below(64)).wrapping_sub(self.below(3)),
            _ => self.below(1 << 16),
        }
    }
}

#[test]
fn random_messages_never_desynchronise_the_server() {
    let seed = std::env::var("IX_FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(0x1234_5678_9abc_def1);
    println!("IX_FUZZ_SEED={seed}");
    let mut random = Random(seed);
    let raw = Raw::new();
    let memory = ix_vfio_user::memory::SharedMemory::new("fuzz", 1 << 16).unwrap();
    for round in 0..20_000u32 {
        let command = match random.below(8) {
            0 => random.next() as u16,
            _ => random.below(20) as u16,
        };
        let mut payload = Vec::new();
        for _ in 0..random.below(12) {
            let number = random.number();
            if random.below(2) == 0 {
                payload.extend_from_slice(&(number as u32).to_ne_bytes());
            } else {
                payload.extend_from_slice(&number.to_ne_bytes());
            }
        }
        payload.truncate(payload.len() - (random.below(3) as usize).min(payload.len()));
        let kind = if random.below(16) == 0 { 2 } else { 0 };
        let header =
            Header { id: round as u16, command, size: (Header::SIZE + payload.len()) as u32, flags: kind, error: random.next() as u32 };
        let fds = vec![memory.as_fd(); random.below(4) as usize];
        raw.channel.send(&header, &payload, &fds).unwrap();
        let reply = raw.receive();
        assert_eq!(reply.header.id, round as u16, "seed {seed}");
        assert_eq!(reply.header.command, command, "seed {seed}");
    }
    raw.check_alive();
}
