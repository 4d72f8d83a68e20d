// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Random calls: whatever a program asks for, the driver answers, and nothing is left behind.
//!
//! Arguments are random, but made of values that mean something often enough to get past the first
//! check: existing handles and ids, pages, limits. Several threads share a client, so that calls
//! also race. `FUZZ_CALLS` sets the number of calls of a thread, `SEED` the random numbers.

use ix_hw::mmu::VA_START;
use ix_hw::packet;
use ix_uapi::abi::*;
use ix_uapi::Device;

use crate::check::{equal, Context, Outcome};
use crate::client::{in_ms, map_op, open, raw, Client};
use crate::Case;

pub const CASES: &[Case] = &[("fuzz_of_all_ioctls_leaves_nothing", fuzz)];

const THREADS: u64 = 3;

/// xorshift64*: the same numbers every time.
pub struct Random(u64);

impl Random {
    /// Starts with any seed.
    pub fn new(seed: u64) -> Random {
        // The generator would stay at 0.
        Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next 64 bits.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `n`.
    pub fn below(&mut self, n: u64) -> u64 {
        (self.next() >> 33) % n
    }

    /// Whether something that happens once in `n` times does.
    fn rarely(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    /// A handle or id, most likely of something that exists.
    fn id(&mut self) -> u32 {
        if self.rarely(10) {
            self.next() as u32
        } else {
            self.below(12) as u32
        }
    }

    /// A field that must be zero, and mostly is.
    fn zero(&mut self) -> u32 {
        if self.rarely(20) {
            1 << self.below(32)
        } else {
            0
        }
    }

    fn address(&mut self) -> u64 {
        match self.below(20) {
            0 => self.next(),
            1 => u64::MAX - self.below(3) * 4095,
            2 => self.next() & 0xffff_ffff_f000,
            _ => VA_START + self.below(2048) * 4096,
        }
    }

    fn size(&mut self) -> u64 {
        match self.below(20) {
            0 => self.next(),
            1 => 0,
            2 => 1 << self.below(64),
            3 => 1 + self.below(100_000),
            _ => {
                let magnitude = 1 << self.below(11);
                (1 + self.below(magnitude)) * 4096
            }
        }
    }
}

/// The value of an environment variable as a number.
pub fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|s| s.parse().ok()).unwrap_or(default)
}

fn call(device: &Device, random: &mut Random) -> i32 {
    match random.below(13) {
        0 => {
            let mut room = [0_u8; 512];
            let pointer = if random.rarely(5) { random.below(4096) } else { room.as_mut_ptr() as u64 };
            let mut query = drm_ix_query { r#type: random.below(4) as u32, size: random.below(512) as u32, pointer };
            raw(device, DRM_IOCTL_IX_QUERY, &mut query)
        }
        1 | 2 => {
            let mut bo = drm_ix_bo_create {
                size: random.size(),
                placement: random.below(4) as u32,
                flags: random.zero(),
                handle: random.id(),
                pad: random.zero(),
            };
            raw(device, DRM_IOCTL_IX_BO_CREATE, &mut bo)
        }
        3 => raw(
            device,
            DRM_IOCTL_IX_BO_MMAP_OFFSET,
            &mut drm_ix_bo_mmap_offset { handle: random.id(), pad: random.zero(), offset: random.next() },
        ),
        4 => match device.bo_close(random.id()) {
            Ok(()) => 0,
            Err(e) => e.errno().unwrap_or(-1),
        },
        5 => raw(device, DRM_IOCTL_IX_VM_CREATE, &mut drm_ix_vm_create { flags: random.zero(), vm_id: random.id() }),
        6 => raw(device, DRM_IOCTL_IX_VM_DESTROY, &mut drm_ix_vm_destroy { vm_id: random.id(), pad: random.zero() }),
        7 | 8 => bind(device, random),
        9 => {
            let mut queue = drm_ix_queue_create {
                vm_id: random.id(),
                priority: random.below(4) as u32,
                ring_va: random.address(),
                ring_log2: if random.rarely(5) { random.next() as u32 } else { 4 + random.below(4) as u32 },
                timeout_ms: random.below(1000) as u32,
                flags: random.zero(),
                pad: random.zero(),
                ..Default::default()
            };
            raw(device, DRM_IOCTL_IX_QUEUE_CREATE, &mut queue)
        }
        10 => raw(device, DRM_IOCTL_IX_QUEUE_DESTROY, &mut drm_ix_queue_destroy { queue_id: random.id(), pad: random.zero() }),
        11 => {
            let id = random.id();
            raw(device, DRM_IOCTL_IX_QUEUE_KICK, &mut drm_ix_queue_kick { queue_id: id, pad: random.zero() });
            raw(device, DRM_IOCTL_IX_QUEUE_STATE, &mut drm_ix_queue_state { queue_id: id, ..Default::default() })
        }
        _ => wait(device, random),
    }
}

fn bind(device: &Device, random: &mut Random) -> i32 {
    let mut ops = Vec::new();
    for _ in 0..random.below(6) {
        let unmap = random.rarely(3);
        ops.push(drm_ix_vm_bind_op {
            op: if random.rarely(20) { random.below(4) as u32 } else { u32::from(unmap) },
            flags: if unmap { random.zero() } else { random.below(2) as u32 },
            handle: if unmap { random.zero() } else { random.id() },
            pad: random.zero(),
            bo_offset: if unmap || random.rarely(2) { 0 } else { random.below(16) * 4096 },
            va: random.address(),
            size: random.size(),
        });
    }
    let array = if random.rarely(30) { random.below(4096) } else { ops.as_ptr() as u64 };
    let count = if random.rarely(30) { random.next() as u32 % 8192 } else { ops.len() as u32 };
    // A wrong count reads what lies behind the vector: as good as random.
    let ops = drm_ix_array { stride: if random.rarely(30) { random.next() as u32 % 4200 } else { 40 }, count, array };
    raw(device, DRM_IOCTL_IX_VM_BIND, &mut drm_ix_vm_bind { vm_id: random.id(), flags: random.zero(), ops })
}

fn wait(device: &Device, random: &mut Random) -> i32 {
    let mut entries = Vec::new();
    for _ in 0..1 + random.below(3) {
        entries.push(drm_ix_wait_entry {
            handle: random.id(),
            op: random.below(4) as u32,
            offset: if random.rarely(10) { random.next() } else { random.below(600) * 8 },
            value: random.below(2),
            queue_id: if random.rarely(2) { 0 } else { random.id() },
            pad: random.zero(),
        });
    }
    let entries = drm_ix_array { stride: 40, count: entries.len() as u32, array: entries.as_ptr() as u64 };
    let timeout_ns = if random.rarely(4) { in_ms(random.below(3)) } else { 0 };
    raw(device, DRM_IOCTL_IX_WAIT, &mut drm_ix_wait { entries, timeout_ns, flags: random.below(3) as u32, index: 0 })
}

fn fuzz() -> Outcome {
    let (seed, calls) = (number("SEED", 0x1234_5678), number("FUZZ_CALLS", 3000));
    println!("# {THREADS} threads, {calls} calls each, seed {seed}");
    let watcher = open()?;
    let before = watcher.query_memory().or_fail("QUERY")?;
    let client = Client::new()?;
    // Something that exists and can be used, among the first handles and ids.
    for placement in [DRM_IX_BO_SYSTEM, DRM_IX_BO_VRAM] {
        let bo = client.device.bo_create(1 << 20, placement).or_fail("BO_CREATE")?;
        client.bind(&[map_op(bo.handle, 0, VA_START + u64::from(placement) * (2 << 20), packet::SIZE as u64 * 64)])?;
    }
    let outcomes = std::thread::scope(|scope| {
        let threads: Vec<_> = (1..=THREADS)
            .map(|n| {
                let device = &client.device;
                scope.spawn(move || {
                    let mut random = Random::new(seed.wrapping_add(n));
                    let mut outcomes = std::collections::BTreeMap::new();
                    for _ in 0..calls {
                        *outcomes.entry(call(device, &mut random)).or_insert(0_u64) += 1;
                    }
                    outcomes
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().map_err(|_| "a thread panicked".to_owned())).collect::<Result<Vec<_>, _>>()
    })?;
    println!("# errors and how often, by thread: {outcomes:?}");
    Client::new()?.stream(0)?.finish()?;
    drop(client);
    equal!(watcher.query_memory().or_fail("QUERY")?, before, "use afterwards");
    Ok(())
}
