// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What nodes do.

use super::{footprint, Graph};
use crate::error::{Error, Result};
use crate::event::Event;
use crate::host;
use crate::launch::{self, Arguments, Attributes, Shape};
use crate::memory::{allocations, Allocation, Origin};
use crate::module::Function;
use std::ffi::c_void;
use std::sync::atomic::AtomicBool;
use std::sync::Arc;

/// A launch.
#[derive(Debug, Clone)]
pub struct Kernel {
    /// The function, and its handle.
    pub function: Arc<Function>,
    /// Likewise.
    pub tag: u64,
    /// The shape.
    pub shape: Shape,
    /// What the program asked for beside it, without effect.
    pub attributes: Attributes,
    /// The parameter block; in 8-byte words, as it is aligned to.
    params: Arc<[u64]>,
    /// Addresses of the parameters in `params`, for programs that ask; as numbers, so that nodes
    /// may go from thread to thread.
    pointers: Arc<[usize]>,
}

impl Kernel {
    /// A launch with copies of the arguments.
    ///
    /// # Safety
    /// The arguments were checked for the function ([`launch::check_arguments`]) and their
    /// pointers are valid.
    pub unsafe fn new(function: &Arc<Function>, tag: u64, shape: Shape, arguments: &Arguments) -> Kernel {
        let mut params = vec![0u64; (function.kernel.param_size as usize).div_ceil(8)];
        // SAFETY: as the caller says; the vector has room.
        unsafe { launch::write_arguments(function, arguments, params.as_mut_ptr().cast()) };
        let params: Arc<[u64]> = params.into();
        let start = params.as_ptr() as usize;
        let pointers = function.kernel.params.iter().map(|p| start + p.offset as usize).collect();
        Kernel { function: Arc::clone(function), tag, shape, attributes: Attributes::default(), params, pointers }
    }

    /// The parameter block.
    pub fn params(&self) -> &[u8] {
        let size = self.function.kernel.param_size as usize;
        // SAFETY: the words hold at least `size` bytes.
        unsafe { std::slice::from_raw_parts(self.params.as_ptr().cast(), size) }
    }

    /// Pointers to the arguments, valid as long as this node is not changed.
    pub fn pointers(&self) -> *mut *mut c_void {
        self.pointers.as_ptr().cast_mut().cast()
    }
}

/// Where one side of a copy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Space {
    /// Host memory.
    Host,
    /// Device memory.
    Device,
    /// What the address says.
    Unified,
}

/// One side of a copy: rows and slices, and where in them the copied box starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Side {
    /// Where the memory is.
    pub space: Space,
    /// Address of the first byte of row 0 of slice 0.
    pub start: u64,
    /// Bytes, rows and slices before the box.
    pub offset: [u64; 3],
    /// Bytes from one row to the next; 0: rows follow one another.
    pub pitch: u64,
    /// Rows from one slice to the next; 0: slices follow one another.
    pub height: u64,
}

impl Side {
    /// Memory without rows.
    pub fn linear(space: Space, start: u64) -> Side {
        Side { space, start, offset: [0; 3], pitch: 0, height: 0 }
    }
}

/// A copy of a box.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Copy {
    /// Where to.
    pub to: Side,
    /// Where from.
    pub from: Side,
    /// Bytes of a row, rows of a slice, slices.
    pub size: [u64; 3],
}

/// A fill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fill {
    /// First address.
    pub to: u64,
    /// Bytes from one row to the next.
    pub pitch: u64,
    /// The element.
    pub value: u32,
    /// Its size: 1, 2 or 4.
    pub element: u32,
    /// Elements of a row.
    pub width: u64,
    /// Rows.
    pub height: u64,
}

/// A host function of the program.
#[derive(Debug, Clone, Copy)]
pub struct Host {
    /// The function.
    pub function: unsafe extern "C" fn(*mut c_void),
    /// What it is given, an address of the program's.
    pub data: usize,
}

impl Host {
    /// Calls it, unless its stream has failed.
    pub fn run(self, outcome: host::Outcome) {
        if outcome.is_ok() {
            // SAFETY: the program gave the function for this datum.
            host::call(|| unsafe { (self.function)(self.data as *mut c_void) });
        }
    }
}

/// A wait for a value in memory, or a store of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemOp {
    /// Holds until the value compares; see [`ix_hw::packet::compare`].
    Wait {
        /// Where the value is.
        address: u64,
        /// How it is compared.
        compare: u32,
        /// With what.
        value: u64,
    },
    /// Stores a value of 4 or 8 bytes.
    Write {
        /// Where to.
        address: u64,
        /// What.
        value: u64,
        /// Its size.
        size: u32,
    },
    /// Orders what was written before; a stream does so anyway.
    Barrier,
}

/// Such operations in order.
#[derive(Debug, Clone)]
pub struct MemOps {
    ops: Arc<[MemOp]>,
    listed: Arc<[ListedMemOp]>,
}

/// An operation in the form in which programs list it: see `api::types`.
pub type ListedMemOp = [u64; 6];

impl MemOps {
    /// Operations, and the form of each for programs that ask.
    pub fn new(ops: Vec<MemOp>, listed: impl Fn(&MemOp) -> ListedMemOp) -> MemOps {
        MemOps { listed: ops.iter().map(listed).collect(), ops: ops.into() }
    }

    /// The operations.
    pub fn ops(&self) -> &[MemOp] {
        &self.ops
    }

    /// The list for programs, valid as long as this node is not changed.
    pub fn listed(&self) -> *mut ListedMemOp {
        self.listed.as_ptr().cast_mut()
    }
}

/// Memory that a graph takes when it runs.
#[derive(Debug)]
pub struct GraphMemory {
    /// The memory, which keeps its address as long as there is a graph that takes it.
    pub allocation: Arc<Allocation>,
    /// Bytes that were asked for.
    pub bytes: usize,
    /// Whether a launch has taken it.
    pub(super) taken: AtomicBool,
}

impl GraphMemory {
    /// Its address.
    pub fn address(&self) -> u64 {
        self.allocation.block.va
    }
}

impl Drop for GraphMemory {
    fn drop(&mut self) {
        // What a launch has taken stays until the program gives it back.
        if !self.is_live() {
            drop(allocations::remove(self.address()));
        }
    }
}

/// What a node does.
#[derive(Debug, Clone)]
pub enum Kind {
    /// Runs a kernel.
    Kernel(Kernel),
    /// Copies.
    Copy(Copy),
    /// Fills.
    Fill(Fill),
    /// Calls a function of the program.
    Host(Host),
    /// Runs another graph, a copy that belongs to the node.
    Child(Arc<Graph>),
    /// Does nothing, in order.
    Empty,
    /// Waits for an event.
    WaitEvent(Arc<Event>),
    /// Records an event.
    RecordEvent(Arc<Event>),
    /// Takes memory.
    Take(Arc<GraphMemory>),
    /// Gives memory back that a graph has taken.
    Give(u64),
    /// Waits for values in memory and stores some.
    MemOps(MemOps),
}

impl Kind {
    /// CUDA's number for the type of node.
    pub fn number(&self) -> i32 {
        match self {
            Kind::Kernel(_) => 0,
            Kind::Copy(_) => 1,
            Kind::Fill(_) => 2,
            Kind::Host(_) => 3,
            Kind::Child(_) => 4,
            Kind::Empty => 5,
            Kind::WaitEvent(_) => 6,
            Kind::RecordEvent(_) => 7,
            Kind::Take(_) => 10,
            Kind::Give(_) => 11,
            Kind::MemOps(_) => 12,
        }
    }

    /// What messages call it.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Kernel(_) => "kernel",
            Kind::Copy(_) => "copy",
            Kind::Fill(_) => "fill",
            Kind::Host(_) => "host function",
            Kind::Child(_) => "child graph",
            Kind::Empty => "empty",
            Kind::WaitEvent(_) => "event wait",
            Kind::RecordEvent(_) => "event record",
            Kind::Take(_) => "memory allocation",
            Kind::Give(_) => "memory free",
            Kind::MemOps(_) => "memory operations",
        }
    }

    /// What is put in the place of this: a kernel keeps its attributes.
    pub fn replaced_by(&self, new: Kind) -> Kind {
        match (self, new) {
            (Kind::Kernel(old), Kind::Kernel(mut new)) => {
                new.attributes.clone_from(&old.attributes);
                new.shape.cooperative = old.shape.cooperative;
                Kind::Kernel(new)
            }
            (_, new) => new,
        }
    }

    /// The error of taking a node for one of another type.
    pub fn other(&self, wanted: &str) -> Error {
        Error::invalid(format!("the node is a {} node, not a {wanted} node", self.name()))
    }
}

/// Whether memory is of the sort that graphs give back: the program's own, of a device, and of no pool.
fn may_be_given(allocation: &Allocation) -> bool {
    !allocation.host && matches!(allocation.origin, Origin::Plain)
}

/// A node that gives memory back.
pub fn give(address: u64) -> Result<Kind> {
    match allocations::starting_at(address) {
        Some(allocation) if may_be_given(&allocation) => Ok(Kind::Give(address)),
        _ => Err(Error::invalid(format!("{address:#x} is not the start of device memory that a graph takes"))),
    }
}

/// What such a node gives back when it runs; nothing if other memory has taken its place.
pub fn given(address: u64) -> Option<Arc<Allocation>> {
    allocations::starting_at(address).filter(|a| may_be_given(a)).and_then(|_| allocations::remove(address))
}

/// Takes memory of a device that a graph's node will take each time it runs.
pub fn graph_memory(context: &crate::context::Context, bytes: usize) -> Result<Arc<GraphMemory>> {
    if bytes == 0 {
        return Err(Error::invalid("0 bytes"));
    }
    let device = &context.device;
    let block = device.vram.take(bytes as u64, 1)?;
    let allocation = Arc::new(Allocation::new(block, false, context));
    allocations::add_shared(&allocation);
    let memory = Arc::new(GraphMemory { allocation, bytes, taken: AtomicBool::new(false) });
    footprint::add(&memory);
    Ok(memory)
}
