// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Launches: checks, a descriptor and the parameters in scratch, one packet in the ring.

use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::graph::node;
use crate::module::Function;
use crate::occupancy::{self, shared_bytes};
use crate::packets::Plain;
use crate::stream::Stream;
use ix_hw::dispatch::{Descriptor, ALIGN, BLOCK_MAX, FLAG_COOPERATIVE, GRID_MAX};
use ix_hw::packet::{self, header, Opcode};
use std::ffi::c_void;
use std::sync::Arc;

/// Shared memory of a block, static and dynamic, that needs no attribute to be set.
pub const SHARED_USUAL: u32 = 48 << 10;

/// A launch's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Blocks.
    pub grid: [u32; 3],
    /// Threads of a block.
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory of a block.
    pub dynamic_shared: u32,
    /// All blocks are resident at once, so that they may wait for one another.
    pub cooperative: bool,
}

/// A launch's arguments.
#[derive(Debug, Clone, Copy)]
pub enum Arguments {
    /// An array of pointers, one to each argument.
    Pointers(*const *const c_void),
    /// All arguments as they stand in the parameter block, and how many bytes.
    Packed(*const c_void, usize),
    /// None.
    None,
}

/// Attributes of a stream or of a launch in a graph that are kept for the program, by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Attributes(Vec<(i32, AttributeValue)>);

/// The value of an attribute as programs give it: see `api::types`.
pub type AttributeValue = [u8; 64];

impl Attributes {
    /// The value of one; all zero if it was not set.
    pub fn get(&self, id: i32) -> AttributeValue {
        self.0.iter().find(|(other, _)| *other == id).map_or([0; 64], |(_, value)| *value)
    }

    /// Sets one.
    pub fn set(&mut self, id: i32, value: AttributeValue) {
        self.0.retain(|(other, _)| *other != id);
        self.0.push((id, value));
    }
}

fn check_shape(function: &Function, context: &Context, shape: &Shape) -> Result<()> {
    let kernel = &function.kernel;
    let name = &kernel.name;
    let info = context.device.info();
    for (i, axis) in ["x", "y", "z"].iter().enumerate() {
        let (grid, block) = (shape.grid[i], shape.block[i]);
        if grid == 0 || grid > GRID_MAX[i] {
            return Err(Error::invalid(format!("`{name}`: a grid of {grid} blocks in {axis}; it must be 1 to {}", GRID_MAX[i])));
        }
        if block == 0 || block > BLOCK_MAX[i] {
            return Err(Error::invalid(format!("`{name}`: a block of {block} threads in {axis}; it must be 1 to {}", BLOCK_MAX[i])));
        }
    }
    let threads: u64 = shape.block.iter().map(|n| u64::from(*n)).product();
    if let Some(required) = kernel.required_block.filter(|required| *required != shape.block) {
        return Err(Error::invalid(format!(
            "`{name}` requires blocks of {required:?} threads (.reqntid); this launch has {:?}",
            shape.block
        )));
    }
    let limit = function.max_threads(info.threads_per_block);
    if threads > limit.into() {
        return Err(Error::invalid(format!("`{name}`: a block of {threads} threads; it may have {limit}")));
    }
    let limit = function.dynamic_shared_limit(SHARED_USUAL.min(info.shared_per_block));
    if shape.dynamic_shared > limit {
        return Err(Error::invalid(format!(
            "`{name}`: {} bytes of dynamic shared memory beside {} static; it may have {limit} (see IX_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES)",
            shape.dynamic_shared, kernel.shared_bytes
        )));
    }
    Ok(())
}

/// What a launch puts into memory, less its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checked {
    shape: Shape,
    shared: u32,
    local: u32,
    env_va: u64,
}

/// Checks a launch of a function in a context.
pub fn check(context: &Context, function: &Function, shape: &Shape) -> Result<Checked> {
    let kernel = &function.kernel;
    if function.context_id != context.id {
        return Err(Error::new(Code::INVALID_HANDLE, format!("`{}` belongs to another context than the stream", kernel.name)));
    }
    check_shape(function, context, shape)?;
    let shared = shared_bytes(kernel.shared_bytes, shape.dynamic_shared);
    let info = context.device.info();
    // The largest stack is what the kernel itself leaves of what the device allows.
    let local = kernel.local_bytes_with(context.device_runtime.stack()).min(info.local_per_thread.max(kernel.local_bytes));
    if shared > info.shared_per_block || local > info.local_per_thread {
        return Err(Error::new(
            Code::LAUNCH_OUT_OF_RESOURCES,
            format!(
                "`{}` needs {shared} bytes of shared memory a block and {} of local memory a thread; the device has {} and {}",
                kernel.name, local, info.shared_per_block, info.local_per_thread
            ),
        ));
    }
    if shape.cooperative {
        let blocks = shape.grid.iter().map(|n| u64::from(*n)).product::<u64>();
        let threads = shape.block.iter().product();
        let resident = u64::from(occupancy::blocks_per_sm(info, kernel, threads, shape.dynamic_shared)) * u64::from(info.sm_count);
        if blocks > resident {
            return Err(Error::new(
                Code::COOPERATIVE_LAUNCH_TOO_LARGE,
                format!("`{}`: a cooperative grid of {blocks} blocks; the device holds {resident} of them at once", kernel.name),
            ));
        }
    }
    let env_va = context.device_runtime.for_launch(context, function.code.needs)?;
    Ok(Checked { shape: *shape, shared, local, env_va })
}

/// Checks that there are arguments for all parameters.
///
/// # Safety
/// Pointers in `arguments` are as for [`launch`].
pub unsafe fn check_arguments(function: &Function, arguments: &Arguments) -> Result<()> {
    let kernel = &function.kernel;
    match *arguments {
        Arguments::None if !kernel.params.is_empty() => {
            Err(Error::invalid(format!("`{}` takes {} arguments and was given none", kernel.name, kernel.params.len())))
        }
        Arguments::Packed(_, size) if size < kernel.param_size as usize => {
            Err(Error::invalid(format!("`{}` takes {} bytes of arguments and was given {size}", kernel.name, kernel.param_size)))
        }
        Arguments::Pointers(pointers) => {
            // SAFETY: the caller gives a pointer for each parameter.
            match (0..kernel.params.len()).find(|i| unsafe { *pointers.add(*i) }.is_null()) {
                Some(i) => Err(Error::invalid(format!("`{}`: the pointer to argument {i} is null", kernel.name))),
                None => Ok(()),
            }
        }
        _ => Ok(()),
    }
}

/// Writes the parameter block of a launch.
///
/// # Safety
/// The arguments were checked for the function, their pointers are as for [`launch`], and `to` is
/// valid for `function.kernel.param_size` bytes.
pub unsafe fn write_arguments(function: &Function, arguments: &Arguments, to: *mut u8) {
    let kernel = &function.kernel;
    // SAFETY: the parameters lie in the block; the sources are valid by the caller's word.
    unsafe {
        match *arguments {
            Arguments::Pointers(pointers) => {
                for (i, param) in kernel.params.iter().enumerate() {
                    std::ptr::copy_nonoverlapping((*pointers.add(i)).cast::<u8>(), to.add(param.offset as usize), param.size as usize);
                }
            }
            Arguments::Packed(bytes, _) => std::ptr::copy_nonoverlapping(bytes.cast::<u8>(), to, kernel.param_size as usize),
            Arguments::None => {}
        }
    }
}

/// The descriptor of a checked launch whose parameters are at `param_va`.
pub fn descriptor(context: &Context, function: &Function, tag: u64, checked: &Checked, param_va: u64) -> Descriptor {
    let kernel = &function.kernel;
    let Checked { shape, shared, local, env_va } = checked;
    Descriptor {
        entry_va: function.code.va() + u64::from(kernel.entry),
        param_va,
        param_size: kernel.param_size,
        flags: if shape.cooperative { FLAG_COOPERATIVE } else { 0 },
        grid: shape.grid,
        block: shape.block,
        shared_bytes: *shared,
        dynamic_shared_bytes: shape.dynamic_shared,
        local_bytes: *local,
        env_va: *env_va,
        vregs: kernel.vregs,
        sregs: kernel.sregs,
        grid_id: context.next_grid(),
        tag,
        code_va: function.code.va(),
        code_size: function.code.size(),
        ..Descriptor::ZERO
    }
}

/// The packet of a launch.
pub fn packet(descriptor_va: u64, flags: u8) -> packet::Dispatch {
    packet::Dispatch { header: header(Opcode::Dispatch, flags), descriptor_va, ..packet::Dispatch::ZERO }
}

/// Launches a kernel in a stream. `tag` is its handle.
///
/// # Safety
/// Pointers in `arguments` are valid for what the kernel's parameters say.
pub unsafe fn launch(
    context: &Context,
    stream: &Stream,
    function: &Arc<Function>,
    tag: u64,
    shape: &Shape,
    arguments: Arguments,
) -> Result<()> {
    let checked = check(context, function, shape)?;
    // SAFETY: as the caller says.
    unsafe { check_arguments(function, &arguments) }?;
    if stream.capture.is_active() {
        // SAFETY: as the caller says, and the arguments were checked.
        let kernel = unsafe { node::Kernel::new(function, tag, *shape, &arguments) };
        return stream.capture.add(node::Kind::Kernel(kernel));
    }
    context.device_runtime.flush(context);
    let mut batch = stream.begin(context)?;
    batch.describe(&function.kernel.name);
    let at = batch.scratch(size_of::<Descriptor>() as u64 + u64::from(function.kernel.param_size))?;
    let param_va = at + size_of::<Descriptor>() as u64;
    debug_assert!(at % ALIGN == 0);
    let descriptor = descriptor(context, function, tag, &checked, param_va);
    // SAFETY: the scratch piece is mapped at this address, large enough, and nobody else's; the
    // arguments were checked.
    unsafe {
        std::ptr::copy_nonoverlapping(descriptor.bytes().as_ptr(), at as *mut u8, size_of::<Descriptor>());
        write_arguments(function, &arguments, param_va as *mut u8);
    }
    batch.push(&packet(at, 0))?;
    batch.finish()?;
    Ok(())
}
