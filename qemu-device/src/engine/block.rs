// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The warps of a block and their turns.
//!
//! The warps of a block take turns on one thread. A *turn* ends when the warp waits at a barrier,
//! sleeps, ends, or has made 256 jumps; the last is what lets a warp that spins on a value see
//! another warp store it. When no warp can run and none sleeps, the barriers they wait at can never
//! complete, which is a fault.

use ix_hw::fault::kind;
use ix_hw::isa::{mods::bar_op, EXEC};

use super::exec::{Flow, State, VReg, Warp};
use super::launch::Launch;
use super::Fault;

/// Jumps of a turn.
const TURN: u32 = 256;
/// Longest time that a block with only sleeping warps keeps its thread, in ns.
const NAP_NS: u64 = 50_000;
/// Number of barriers of a block.
pub(super) const BARRIERS: usize = 16;

/// How far a block has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// All its warps have ended.
    Done,
    /// It goes on with the next call of [`Block::run`].
    Yielded,
    /// The launch was stopped; the block cannot go on.
    Stopped,
}

/// A warp's arrival at a barrier.
#[derive(Debug, Clone, Copy)]
pub(super) struct Arrival {
    /// Number of the barrier.
    pub id: u32,
    /// Threads that take part; 0 for all of the block.
    pub threads: u32,
    /// Whether the warp waits.
    pub waits: bool,
    /// Active lanes, and those of them whose predicate is true.
    pub lanes: u32,
    pub votes: u32,
}

/// Who has come to a barrier so far.
#[derive(Debug, Clone, Copy, Default)]
struct Barrier {
    arrived: u32,
    /// Threads that the first to arrive named.
    threads: u32,
    /// Warps that wait, one bit each.
    waiting: u32,
    lanes: u32,
    votes: u32,
}

/// Storage for a block of threads, and the state of the one that runs in it.
#[derive(Debug, Default)]
pub struct Block {
    index: [u32; 3],
    sm: u32,
    /// Rows of the warps' vector registers, and 256 more so that every register number of every
    /// warp is a row.
    rows: Vec<VReg>,
    stride: usize,
    warps: Vec<State>,
    /// Warps that have not ended, one bit each, and those that wait at a barrier.
    live: u32,
    waiting: u32,
    barriers: [Barrier; BARRIERS],
    shared: Vec<u8>,
    local: Vec<u8>,
    /// Warp whose turn is next.
    next: usize,
    /// Instructions that warps have executed in all blocks.
    executed: u64,
}

impl Block {
    /// Storage with no block in it.
    pub fn new() -> Block {
        Block::default()
    }

    /// Instructions that warps have executed in this storage so far, in all blocks that ran in it.
    pub fn executed(&self) -> u64 {
        self.executed
    }

    /// Puts the block with this index at its start. `sm` is the number of the SM that runs it.
    pub fn start(&mut self, launch: &Launch, index: [u32; 3], sm: u32) {
        let d = launch.descriptor();
        let warps = launch.warps() as usize;
        self.index = index;
        self.sm = sm;
        // One row more than the registers, so that warps do not start at the same cache sets.
        self.stride = usize::from(d.vregs) + 1;
        let used = warps * self.stride;
        // The rows beyond are none of any declared register: what they hold does not matter, and
        // clearing them would cost more than a small block.
        self.rows.resize(used + 256, VReg::ZERO);
        self.rows[..used].fill(VReg::ZERO);
        zero(&mut self.shared, d.shared_bytes as usize);
        zero(&mut self.local, d.local_bytes as usize * launch.threads() as usize);
        self.warps.resize_with(warps, State::default);
        for (i, warp) in self.warps.iter_mut().enumerate() {
            let lanes = launch.threads() - i as u32 * 32;
            warp.reset(d.entry_va, if lanes >= 32 { !0 } else { (1 << lanes) - 1 });
        }
        self.live = if warps == 32 { !0 } else { (1 << warps) - 1 };
        self.waiting = 0;
        self.barriers = [Barrier::default(); BARRIERS];
        self.next = 0;
    }

    /// Runs the block until it is done, has made about `jumps` jumps, or all its warps that could
    /// go on sleep. With no block started it is done.
    pub fn run(&mut self, launch: &Launch, jumps: u32) -> Result<Progress, Fault> {
        let mut left = jumps;
        while self.live != 0 {
            if launch.is_stopped() {
                return Ok(Progress::Stopped);
            }
            let ready = self.live & !self.waiting;
            if ready == 0 {
                return Err(self.deadlock(launch));
            }
            if left == 0 {
                return Ok(Progress::Yielded);
            }
            // Another block of the thread may be what the sleeping warps wait for.
            let Some(warp) = self.pick(launch, ready) else { return Ok(Progress::Yielded) };
            self.next = warp + 1;
            let used = self.turn(launch, warp)?;
            left = left.saturating_sub(used.max(1));
        }
        Ok(Progress::Done)
    }

    /// The next of the `ready` warps that does not sleep. If all do, sleeps a while and gives none.
    fn pick(&mut self, launch: &Launch, ready: u32) -> Option<usize> {
        let mut earliest = u64::MAX;
        let mut now = None;
        for i in 0..self.warps.len() {
            let warp = (self.next + i) % self.warps.len();
            if ready >> warp & 1 == 0 {
                continue;
            }
            let wake = self.warps[warp].wake;
            if wake == 0 {
                return Some(warp);
            }
            let now = *now.get_or_insert_with(|| launch.clock().time_ns());
            if wake <= now {
                self.warps[warp].wake = 0;
                return Some(warp);
            }
            earliest = earliest.min(wake - now);
        }
        std::thread::sleep(std::time::Duration::from_nanos(earliest.min(NAP_NS)));
        None
    }

    /// One turn of a warp; gives the jumps it made.
    fn turn(&mut self, launch: &Launch, index: usize) -> Result<u32, Fault> {
        let first = index * self.stride;
        let Some(v) = self.rows.get_mut(first..first + 256).and_then(|rows| rows.try_into().ok()) else {
            return Ok(0);
        };
        let local_bytes = launch.descriptor().local_bytes as usize;
        let mut warp = Warp {
            v,
            state: &mut self.warps[index],
            shared: &mut self.shared,
            local: &mut self.local,
            local_bytes,
            launch,
            block: self.index,
            sm: self.sm,
            warp: index as u32,
            at: 0,
            executed: 0,
            arrival: None,
            fault: None,
        };
        let mut jumps = 0;
        let mut flow = warp.run(TURN, &mut jumps);
        self.executed += warp.executed;
        if flow == Flow::Fault {
            if let Some(fault) = warp.fault.take() {
                return Err(fault);
            }
            flow = Flow::End;
        }
        let arrival = warp.arrival.take();
        match flow {
            Flow::End => self.end(index),
            Flow::Barrier => {
                if let Some(arrival) = arrival {
                    self.arrive(launch, index, arrival)?;
                }
            }
            _ => {}
        }
        Ok(jumps)
    }

    /// A warp has ended: barriers for the whole block no longer wait for it.
    fn end(&mut self, warp: usize) {
        self.live &= !(1 << warp);
        for id in 0..BARRIERS {
            if self.barriers[id].arrived != 0 {
                self.complete(id);
            }
        }
    }

    fn arrive(&mut self, launch: &Launch, warp: usize, arrival: Arrival) -> Result<(), Fault> {
        let lanes = self.warps[warp].m[usize::from(EXEC)];
        let id = arrival.id as usize;
        let agreed = match self.barriers.get(id) {
            Some(b) => b.arrived == 0 || b.threads == arrival.threads,
            None => false,
        };
        if !agreed || arrival.threads % 32 != 0 {
            // The program counter has moved on already.
            let pc = self.warps[warp].pc.wrapping_sub(ix_hw::isa::INST_SIZE);
            return Err(self.barrier_fault(launch, warp, pc, lanes));
        }
        let barrier = &mut self.barriers[id];
        barrier.threads = arrival.threads;
        barrier.arrived += 1;
        barrier.lanes += arrival.lanes.count_ones();
        barrier.votes += arrival.votes.count_ones();
        if arrival.waits {
            barrier.waiting |= 1 << warp;
            self.waiting |= 1 << warp;
        }
        self.complete(id);
        Ok(())
    }

    /// Lets the waiting warps of a barrier go on if all have come.
    fn complete(&mut self, id: usize) {
        let barrier = self.barriers[id];
        let complete = if barrier.threads == 0 {
            barrier.arrived + self.warps.len() as u32 - self.live.count_ones() >= self.warps.len() as u32
        } else {
            barrier.arrived >= barrier.threads / 32
        };
        if !complete {
            return;
        }
        for warp in 0..self.warps.len() {
            if barrier.waiting >> warp & 1 == 0 {
                continue;
            }
            let Some(reduction) = self.warps[warp].reduction.take() else { continue };
            let value = match reduction.op {
                bar_op::AND => u32::from(barrier.votes == barrier.lanes),
                bar_op::OR => u32::from(barrier.votes != 0),
                _ => barrier.votes,
            };
            if reduction.vector {
                let row = warp * self.stride + usize::from(reduction.d);
                if let Some(row) = self.rows.get_mut(row) {
                    for lane in (0..32).filter(|lane| reduction.lanes >> lane & 1 != 0) {
                        row.lo[lane] = value;
                        row.hi[lane] = 0;
                    }
                }
            } else {
                self.warps[warp].s[usize::from(reduction.d)] = value.into();
            }
        }
        self.waiting &= !barrier.waiting;
        self.barriers[id] = Barrier::default();
    }

    /// The fault of a block all of whose live warps wait: at the first of them.
    fn deadlock(&self, launch: &Launch) -> Fault {
        let warp = (self.live & self.waiting).trailing_zeros() as usize;
        let state = &self.warps[warp];
        self.barrier_fault(launch, warp, state.pc.wrapping_sub(ix_hw::isa::INST_SIZE), state.m[usize::from(EXEC)])
    }

    fn barrier_fault(&self, launch: &Launch, warp: usize, pc: u64, lanes: u32) -> Fault {
        let lane = if lanes == 0 { 0 } else { lanes.trailing_zeros() };
        Fault {
            kind: kind::BARRIER,
            access: 0,
            size: 0,
            va: 0,
            pc,
            block: self.index,
            thread: launch.thread_index(warp as u32 * 32 + lane),
            detail: launch.code().first_bits(pc),
            lanes,
        }
    }
}

/// Makes `vec` `len` long and zero. Long ones are allocated anew: the pages that the block does
/// not touch then cost nothing.
fn zero(vec: &mut Vec<u8>, len: usize) {
    const LONG: usize = 256 << 10;
    if len >= LONG {
        *vec = vec![0; len];
    } else {
        vec.clear();
        vec.resize(len, 0);
    }
}
