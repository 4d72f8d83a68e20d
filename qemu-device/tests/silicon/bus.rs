// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The chip over the bus: what a user-space driver does, from connecting to a result in its own
//! memory.

use crate::driver::{copy, fill, profile, signal, until, Driver, Link, Local, PATIENCE, RW, VA};
use ix_device::silicon::Chip;
use ix_hw::fault::kind;
use ix_hw::mmu::PHYS_SYSTEM;
use ix_hw::packet::{header, Opcode, Signal, FLAG_INTERRUPT};
use ix_hw::pci::{BAR_REGS, BAR_VRAM, DOORBELL_END, DOORBELL_OFFSET, IRQ_FENCE};
use ix_vfio_user::client::Client;
use ix_vfio_user::event::EventFd;
use ix_vfio_user::memory::{Mapping, SharedMemory};
use ix_vfio_user::proto::region;
use ix_vfio_user::server::serve;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::sync::atomic::Ordering;
use std::sync::Arc;
use std::thread::JoinHandle;

/// A chip at the other end of a socket.
struct Remote {
    client: Client,
    doorbells: Mapping,
    vram: Mapping,
}

impl Remote {
    fn connect(chip: &Arc<Chip>) -> (Remote, JoinHandle<()>) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let chip = chip.clone();
        let server = std::thread::spawn(move || serve(&*chip, theirs).unwrap());
        let client = Client::new(ours).unwrap();
        assert_eq!(client.read32(region::CONFIG, 0).unwrap(), 0x6978_1234);
        let bar0 = client.region(BAR_REGS).unwrap();
        let doorbells = client.map_region(&bar0, DOORBELL_OFFSET, DOORBELL_END - DOORBELL_OFFSET).unwrap();
        let bar2 = client.region(BAR_VRAM).unwrap();
        let vram = client.map_region(&bar2, 0, bar2.size).unwrap();
        (Remote { client, doorbells, vram }, server)
    }
}

impl Link for Remote {
    fn read32(&self, offset: u32) -> u32 {
        self.client.read32(BAR_REGS, offset.into()).unwrap()
    }
    fn write32(&self, offset: u32, value: u32) {
        self.client.write32(BAR_REGS, offset.into(), value).unwrap();
    }
    fn doorbells(&self) -> (&Mapping, u64) {
        (&self.doorbells, 0)
    }
    fn vram(&self) -> &Mapping {
        &self.vram
    }
    fn watch(&self, vector: u32) -> EventFd {
        let event = EventFd::new().unwrap();
        self.client.enable_vectors(vector, &[&event]).unwrap();
        event
    }
}

#[test]
fn result_arrives_in_the_clients_memory_with_an_interrupt() {
    let chip = Local::new(profile()).chip;
    let (remote, server) = Remote::connect(&chip);
    let mut driver = Driver::start(remote);
    // System memory of our own, at a bus address of our choice.
    let ram = SharedMemory::new("ram", 1 << 20).unwrap();
    driver.link.client.dma_map(0x10_0000, ram.as_fd(), 0, 1 << 20).unwrap();
    let space = driver.space(1);
    driver.map(&space, VA, PHYS_SYSTEM | 0x10_0000, 1 << 20, RW);
    driver.memory(&space, VA + (1 << 20), 256);
    let mut queue = driver.queue(&space, 1);
    let fence = driver.link.watch(IRQ_FENCE);
    let pattern: Vec<u8> = (0..0x8000u32).map(|i| (i % 253) as u8).collect();
    assert!(ram.map().write(0, &pattern));

    driver.slot_word(queue.page, 0, 0).store(1, Ordering::SeqCst);
    driver.push(&mut queue, &copy(VA + (1 << 20), VA, 0x8000));
    driver.push(&mut queue, &fill(VA, 8, 0, 0x1000));
    driver.push(&mut queue, &copy(VA + 0x1_0000, VA + (1 << 20), 0x8000));
    driver.push(&mut queue, &Signal { header: header(Opcode::Signal, FLAG_INTERRUPT), ..signal(VA + 0xf_0000, 1) });
    driver.submit(&queue);
    assert_eq!(fence.wait(Some(PATIENCE)).unwrap(), 1);
    assert_eq!(ram.map().atomic_u64(0xf_0000).unwrap().load(Ordering::Acquire), 1);
    let mut back = vec![0; 0x8000];
    assert!(ram.map().read(0x1_0000, &mut back));
    assert!(back == pattern);
    assert!(ram.map().read(0, &mut back));
    assert!(back.iter().all(|&b| b == 0));

    // Memory that the client takes back is gone at once.
    driver.link.client.dma_unmap(0x10_0000, 1 << 20).unwrap();
    driver.run(&mut queue, &signal(VA, 1));
    let record = driver.take_fault();
    assert_eq!((record.kind, record.va), (kind::PAGE, VA));
    drop(driver);
    server.join().unwrap();
}

#[test]
fn chip_is_as_new_after_a_client_vanished() {
    let chip = Local::new(profile()).chip;
    for _ in 0..5 {
        let (remote, server) = Remote::connect(&chip);
        let mut driver = Driver::start(remote);
        let ram = SharedMemory::new("ram", 1 << 16).unwrap();
        driver.link.client.dma_map(0, ram.as_fd(), 0, 1 << 16).unwrap();
        let space = driver.space(1);
        driver.map(&space, VA, PHYS_SYSTEM, 1 << 16, RW);
        let mut queue = driver.queue(&space, 1);
        // Writes to our memory without end.
        let endless = ix_hw::packet::Fill { rows: u32::MAX, pitch: 0, ..fill(VA, 8, 7, 0x1000) };
        driver.run(&mut queue, &endless);
        until("the first words", || ram.map().atomic_u64(0).unwrap().load(Ordering::Acquire) == 7);
        drop(driver);
        server.join().unwrap();
        assert!(ram.map().write(0, &[0; 8]));
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert_eq!(ram.map().atomic_u64(0).unwrap().load(Ordering::Acquire), 0);
    }
}

#[test]
fn function_level_reset_stops_the_queues() {
    let chip = Local::new(profile()).chip;
    let (remote, _server) = Remote::connect(&chip);
    let mut driver = Driver::start(remote);
    let space = driver.space(1);
    driver.memory(&space, VA, 1);
    let queue = driver.queue(&space, 1);
    assert_eq!(driver.state(&queue), (1, 0));
    let client = &driver.link.client;
    let mut at = client.read32(region::CONFIG, 0x34).unwrap() & 0xff;
    while client.read32(region::CONFIG, at.into()).unwrap() & 0xff != 0x10 {
        at = client.read32(region::CONFIG, at.into()).unwrap() >> 8 & 0xff;
    }
    let control = client.read32(region::CONFIG, u64::from(at) + 8).unwrap();
    client.write(region::CONFIG, u64::from(at) + 8, &(control as u16 | 0x8000).to_le_bytes()).unwrap();
    assert_eq!(driver.state(&queue), (0, 0));
    driver.start_admin_ring(0x1000);
    driver.space(1);
}
