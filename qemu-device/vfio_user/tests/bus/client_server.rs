// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The client against the server, with a toy device behind it.

use crate::toy::{start, Toy, BAR0_SIZE, BAR2_SIZE, DOORBELL};
use ix_vfio_user::client::Client;
use ix_vfio_user::event::EventFd;
use ix_vfio_user::memory::SharedMemory;
use ix_vfio_user::proto::region;
use ix_vfio_user::{Errno, Error};
use std::os::fd::AsFd;
use std::sync::atomic::Ordering;
use std::time::Duration;

fn refused(result: Result<(), Error>) -> Errno {
    match result {
        Err(Error::Refused { errno, .. }) => errno,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

#[test]
fn device_and_regions_are_described() {
    let toy = Toy::new();
    let (stream, server) = start(&toy);
    let client = Client::new(stream).unwrap();
    let info = client.device_info().unwrap();
    assert_eq!((info.regions, info.irqs), (9, 5));
    assert_eq!(client.vectors().unwrap(), 2);

    let bar0 = client.region(0).unwrap();
    assert_eq!(bar0.size, BAR0_SIZE);
    assert_eq!(bar0.areas, [(DOORBELL, 0x1000)]);
    let bar2 = client.region(2).unwrap();
    assert_eq!(bar2.size, BAR2_SIZE);
    assert_eq!(bar2.areas, [(0, BAR2_SIZE)]);
    let bar4 = client.region(4).unwrap();
    assert_eq!((bar4.size, bar4.areas.len()), (0x1000, 0));
    assert_eq!(client.region(1).unwrap().size, 0);
    let config = client.region(region::CONFIG).unwrap();
    assert_eq!(config.size, 4096);
    assert_eq!(client.read32(region::CONFIG, 0).unwrap(), 0x0001_1234);

    assert!(client.map_region(&bar0, 0, 0x1000).is_err());
    assert!(client.map_region(&bar4, 0, 0x1000).is_err());
    drop(client);
    server.join().unwrap().unwrap();
}

#[test]
fn trapped_registers_and_mapped_areas_are_one_region() {
    let toy = Toy::new();
    let (stream, _server) = start(&toy);
    let client = Client::new(stream).unwrap();
    client.write32(0, 0, 0xdead_beef).unwrap();
    assert_eq!(client.read32(0, 0).unwrap(), 0xdead_beef);

    let bar0 = client.region(0).unwrap();
    let page = client.map_region(&bar0, DOORBELL, 0x1000).unwrap();
    page.atomic_u64(16).unwrap().store(42, Ordering::Release);
    let seen = toy.bar0.map().atomic_u64(DOORBELL + 16).unwrap();
    assert_eq!(seen.load(Ordering::Acquire), 42);
    // By message the mapped area is the same memory.
    assert_eq!(client.read32(0, DOORBELL + 16).unwrap(), 42);
    client.write32(0, DOORBELL + 20, 1).unwrap();
    assert_eq!(seen.load(Ordering::Acquire), 1 << 32 | 42);

    let bar2 = client.region(2).unwrap();
    let vram = client.map_region(&bar2, 0, BAR2_SIZE).unwrap();
    assert!(toy.bar2.map().write(BAR2_SIZE - 1, &[9]));
    let mut byte = [0];
    assert!(vram.read(BAR2_SIZE - 1, &mut byte));
    assert_eq!(byte, [9]);
}

#[test]
fn accesses_outside_a_region_are_refused() {
    let toy = Toy::new();
    let (stream, _server) = start(&toy);
    let client = Client::new(stream).unwrap();
    assert_eq!(refused(client.write32(0, BAR0_SIZE - 2, 0)), Errno::EINVAL);
    assert_eq!(refused(client.write32(0, u64::MAX - 1, 0)), Errno::EINVAL);
    assert_eq!(refused(client.write32(1, 0, 0)), Errno::EINVAL);
    assert_eq!(refused(client.write32(77, 0, 0)), Errno::EINVAL);
    assert_eq!(client.read32(0, 0).unwrap(), 0);
}

#[test]
fn device_reaches_client_memory_and_interrupts() {
    let toy = Toy::new();
    let (stream, _server) = start(&toy);
    let client = Client::new(stream).unwrap();
    let ram = SharedMemory::new("ram", 0x3000).unwrap();
    client.dma_map(0x1_0000, ram.as_fd(), 0x1000, 0x2000).unwrap();
    assert_eq!(refused(client.dma_map(0x1_1000, ram.as_fd(), 0, 0x1000)), Errno::EEXIST);
    let events = [EventFd::new().unwrap(), EventFd::new().unwrap()];
    client.enable_vectors(0, &[&events[0], &events[1]]).unwrap();

    client.write(0, 8, &0x1_0008u64.to_le_bytes()).unwrap();
    assert_eq!(events[0].wait(Some(Duration::from_secs(5))).unwrap(), 1);
    assert_eq!(events[1].wait(Some(Duration::ZERO)).unwrap(), 0);
    let word = ram.map().atomic_u64(0x1008).unwrap();
    assert_eq!(word.load(Ordering::Acquire), 1);

    client.disable_vectors().unwrap();
    client.write(0, 8, &0x1_0008u64.to_le_bytes()).unwrap();
    assert_eq!(word.load(Ordering::Acquire), 2);
    assert_eq!(events[0].wait(Some(Duration::ZERO)).unwrap(), 0);

    client.dma_unmap(0x1_0000, 0x2000).unwrap();
    client.write(0, 8, &0x1_0008u64.to_le_bytes()).unwrap();
    assert_eq!(word.load(Ordering::Acquire), 2);
    assert_eq!(refused(client.dma_unmap(0x1_0000, 0x2000)), Errno::ENOENT);
    assert_eq!(toy.log(), ["map 0x10000+0x2000", "unmap 0x10000+0x2000"]);
}

#[test]
fn every_kind_of_reset_reaches_the_device() {
    let toy = Toy::new();
    let (stream, server) = start(&toy);
    let client = Client::new(stream).unwrap();
    let ram = SharedMemory::new("ram", 0x1000).unwrap();
    client.dma_map(0, ram.as_fd(), 0, 0x1000).unwrap();
    client.write32(0, 0, 5).unwrap();
    client.reset().unwrap();
    assert_eq!(client.read32(0, 0).unwrap(), 0);

    let mut at = client.read32(region::CONFIG, 0x34).unwrap() as u8;
    let mut places = [0u64; 256];
    while at != 0 {
        let word = client.read32(region::CONFIG, at.into()).unwrap();
        places[word as usize & 0xff] = at.into();
        at = (word >> 8) as u8;
    }
    let (power, express) = (places[1] + 4, places[0x10] + 8);
    client.write(region::CONFIG, express, &0xa810u16.to_le_bytes()).unwrap();
    client.write(region::CONFIG, power, &[3, 0]).unwrap();
    client.write(region::CONFIG, power, &[0, 0]).unwrap();
    drop(client);
    server.join().unwrap().unwrap();
    assert_eq!(toy.log(), ["map 0x0+0x1000", "reset Device", "reset Function", "reset Power", "reset Disconnect", "unmap 0x0+0x1000"]);
}

#[test]
fn transfers_beyond_one_message_are_split() {
    let toy = Toy::new();
    let (stream, _server) = start(&toy);
    let client = Client::new(stream).unwrap();
    let pattern: Vec<u8> = (0..BAR2_SIZE).map(|i| (i % 251) as u8).collect();
    client.write(2, 0, &pattern).unwrap();
    let mut back = vec![0; pattern.len()];
    client.read(2, 0, &mut back).unwrap();
    assert!(back == pattern);
}

#[test]
fn client_of_a_dead_device_gets_an_error() {
    let (ours, theirs) = std::os::unix::net::UnixStream::pair().unwrap();
    drop(theirs);
    assert!(matches!(Client::new(ours), Err(Error::Closed("VERSION"))));
}
