// SPDX-License-Identifier: GPL-2.0

//! Waiting for user fences.
//!
//! A *user fence* is a 64-bit value in a buffer object, stored by a SIGNAL packet or by anybody
//! else who can. A *waiter* arms the interrupt in its client's doorbell page, looks at the values,
//! and sleeps if they are not there yet; whenever it wakes it does so again, because the interrupt
//! that woke it has disarmed itself. Values that another client's queue or a CPU stores raise no
//! interrupt for this client, so a waiter also looks after each slice of time.

use kernel::{drm, drm::gem::BaseObject, prelude::*, sync::Arc};

use crate::{
    client::{Client, DrmFile},
    device::Gpu,
    driver::IxDevice,
    event::{self, Sleep},
    gem::{Bo, Word},
    queue::Queue,
    uapi, user,
};

/// Most fences of one wait.
const ENTRIES_MAX: u32 = 64;
/// Longest time in ns between two looks of a waiter that interrupts wake.
const SLICE_NS: i64 = 20_000_000;
/// The same for one that nothing wakes, since its client has no queue.
const SLICE_NO_QUEUE_NS: i64 = 1_000_000;
/// How often a waiter asks the device whether it is still alive.
const ALIVE_NS: i64 = 1_000_000_000;

/// A fence that is waited for.
struct Fence {
    word: Word,
    op: u32,
    value: u64,
    queue: Option<Arc<Queue>>,
}

/// What became of a fence.
enum Fate {
    Satisfied,
    Open,
    /// Its queue stopped before it was signalled.
    Lost,
}

impl Fence {
    fn new(client: &Client, file: &DrmFile, entry: &uapi::drm_ix_wait_entry) -> Result<Self> {
        if entry.pad != 0 || entry.op > uapi::DRM_IX_WAIT_NE {
            return Err(EINVAL);
        }
        let bo = Bo::lookup_handle(file, entry.handle)?;
        Ok(Self {
            word: Word::new(bo, entry.offset)?,
            op: entry.op,
            value: entry.value,
            queue: match entry.queue_id {
                0 => None,
                id => Some(client.queue(id)?),
            },
        })
    }

    fn fate(&self, gpu: &Gpu<'_>) -> Fate {
        // The queue first: what it signalled before it stopped counts.
        let stopped = self.queue.as_ref().is_some_and(|q| q.is_stopped(gpu));
        let now = self.word.read(gpu);
        let satisfied = match self.op {
            uapi::DRM_IX_WAIT_EQ => now == self.value,
            uapi::DRM_IX_WAIT_NE => now != self.value,
            _ => now >= self.value,
        };
        match (satisfied, stopped) {
            (true, _) => Fate::Satisfied,
            (false, true) => Fate::Lost,
            (false, false) => Fate::Open,
        }
    }
}

/// Looks at all fences. `None`: the wait goes on. Else how it ended, and the index to report.
fn look(gpu: &Gpu<'_>, fences: &[Fence], all: bool) -> Option<(Result, u32)> {
    let mut lost = None;
    let mut open = false;
    for (index, fence) in (0..).zip(fences) {
        match fence.fate(gpu) {
            Fate::Satisfied if !all => return Some((Ok(()), index)),
            Fate::Satisfied => {}
            Fate::Open => open = true,
            Fate::Lost => lost = lost.or(Some(index)),
        }
    }
    match lost {
        // A device that is gone loses fences as well, but says ENODEV.
        Some(index) => Some((gpu.check().and(Err(EIO)), index)),
        None if open || !all => gpu.check().err().map(|e| (Err(e), 0)),
        None => Some((Ok(()), 0)),
    }
}

/// Sleeps until `look` gives something or time is up. A device that has died wakes nobody, so from
/// time to time a sleeper asks it; when it is dead, `look` finds all queues stopped.
fn sleep_until<R>(
    gpu: &Gpu<'_>,
    mut sleep: Sleep,
    page: Option<u32>,
    mut look: impl FnMut() -> Option<R>,
) -> Result<Option<R>> {
    let deadline = sleep.deadline;
    loop {
        sleep.deadline = deadline.min(event::now().saturating_add(ALIVE_NS));
        let found = gpu.fence_event.wait(sleep, || {
            if let Some(page) = page {
                gpu.arm_interrupt(page);
            }
            look()
        })?;
        if found.is_some() || event::now() >= deadline {
            return Ok(found);
        }
        // When this fails, looking again ends the wait.
        let _ = gpu.check_alive();
    }
}

/// DRM_IOCTL_IX_WAIT.
pub(crate) fn wait(
    _dev: &IxDevice<drm::Registered>,
    gpu: &Gpu<'_>,
    args: &mut uapi::drm_ix_wait,
    file: &DrmFile,
) -> Result<u32> {
    if args.flags & !uapi::DRM_IX_WAIT_ALL != 0 || !(1..=ENTRIES_MAX).contains(&args.entries.count)
    {
        return Err(EINVAL);
    }
    let client: &Client = file.inner().get_ref();
    let entries: KVVec<uapi::drm_ix_wait_entry> =
        user::read_array(&args.entries, args.entries.count)?;
    let mut fences: KVec<Fence> = KVec::with_capacity(entries.len(), GFP_KERNEL)?;
    for entry in &entries {
        let fence = Fence::new(client, file, entry)?;
        fences.push_within_capacity(fence).map_err(|_| ENOMEM)?;
    }
    let all = args.flags & uapi::DRM_IX_WAIT_ALL != 0;

    let ended = match look(gpu, &fences, all) {
        Some(ended) => Some(ended),
        None if args.timeout_ns <= 0 => None,
        None => {
            let page = client.doorbell_page();
            let slice = match page {
                Some(_) => SLICE_NS,
                None => SLICE_NO_QUEUE_NS,
            };
            let sleep = Sleep {
                deadline: args.timeout_ns,
                slice,
                slice_max: slice,
                interruptible: true,
            };
            sleep_until(gpu, sleep, page, || look(gpu, &fences, all))?
        }
    };
    let (result, index) = ended.ok_or(ETIME)?;
    args.index = index;
    result?;
    Ok(0)
}
