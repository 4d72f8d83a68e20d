// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Launches: checks, a descriptor and the parameters in scratch, two packets in the ring.

use crate::context::Context;
use crate::error::{Code, Error, Result};
use crate::module::Function;
use crate::packets::Plain;
use crate::stream::Stream;
use ix_hw::dispatch::{Descriptor, ALIGN, BLOCK_MAX, GRID_MAX};
use ix_hw::packet::{self, header, Opcode};
use std::ffi::c_void;

/// Shared memory of a block, static and dynamic, that needs no attribute to be set.
pub const SHARED_USUAL: u32 = 48 << 10;

/// Dynamic shared memory starts at a multiple of this after the static.
const DYNAMIC_ALIGN: u32 = 16;

/// A launch's shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Blocks.
    pub grid: [u32; 3],
    /// Threads of a block.
    pub block: [u32; 3],
    /// Bytes of dynamic shared memory of a block.
    pub dynamic_shared: u32,
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

/// Bytes of shared memory of a block.
fn shared_bytes(kernel_static: u32, dynamic: u32) -> u32 {
    match dynamic {
        0 => kernel_static,
        _ => kernel_static.next_multiple_of(DYNAMIC_ALIGN).saturating_add(dynamic),
    }
}

/// Launches a kernel in a stream. `tag` is its handle.
///
/// # Safety
/// Pointers in `arguments` are valid for what the kernel's parameters say.
pub unsafe fn launch(context: &Context, stream: &Stream, function: &Function, tag: u64, shape: &Shape, arguments: Arguments) -> Result<()> {
    let kernel = &function.kernel;
    if function.context_id != context.id {
        return Err(Error::new(Code::INVALID_HANDLE, format!("`{}` belongs to another context than the stream", kernel.name)));
    }
    check_shape(function, context, shape)?;
    let shared = shared_bytes(kernel.shared_bytes, shape.dynamic_shared);
    let info = context.device.info();
    if shared > info.shared_per_block || kernel.local_bytes > info.local_per_thread {
        return Err(Error::new(
            Code::LAUNCH_OUT_OF_RESOURCES,
            format!(
                "`{}` needs {shared} bytes of shared memory a block and {} of local memory a thread; the device has {} and {}",
                kernel.name, kernel.local_bytes, info.shared_per_block, info.local_per_thread
            ),
        ));
    }
    match arguments {
        Arguments::None if !kernel.params.is_empty() => {
            return Err(Error::invalid(format!("`{}` takes {} arguments and was given none", kernel.name, kernel.params.len())));
        }
        Arguments::Packed(_, size) if size < kernel.param_size as usize => {
            return Err(Error::invalid(format!("`{}` takes {} bytes of arguments and was given {size}", kernel.name, kernel.param_size)));
        }
        Arguments::Pointers(pointers) => {
            // SAFETY: the caller gives a pointer for each parameter.
            let missing = (0..kernel.params.len()).find(|i| unsafe { *pointers.add(*i) }.is_null());
            if let Some(i) = missing {
                return Err(Error::invalid(format!("`{}`: the pointer to argument {i} is null", kernel.name)));
            }
        }
        _ => {}
    }

    let mut batch = stream.begin(context)?;
    let at = batch.scratch(size_of::<Descriptor>() as u64 + u64::from(kernel.param_size))?;
    let param_va = at + size_of::<Descriptor>() as u64;
    let descriptor = Descriptor {
        entry_va: function.code.va() + u64::from(kernel.entry),
        param_va,
        param_size: kernel.param_size,
        grid: shape.grid,
        block: shape.block,
        shared_bytes: shared,
        dynamic_shared_bytes: shape.dynamic_shared,
        local_bytes: kernel.local_bytes,
        vregs: kernel.vregs,
        sregs: kernel.sregs,
        grid_id: context.next_grid(),
        tag,
        code_va: function.code.va(),
        code_size: function.code.size(),
        ..Descriptor::ZERO
    };
    debug_assert!(at % ALIGN == 0);
    // SAFETY: the scratch piece is mapped at this address, large enough, and nobody else's; the
    // sources are valid by the caller's word and by the checks above.
    unsafe {
        std::ptr::copy_nonoverlapping(descriptor.bytes().as_ptr(), at as *mut u8, size_of::<Descriptor>());
        match arguments {
            Arguments::Pointers(pointers) => {
                for (i, param) in kernel.params.iter().enumerate() {
                    let to = (param_va + u64::from(param.offset)) as *mut u8;
                    std::ptr::copy_nonoverlapping((*pointers.add(i)).cast::<u8>(), to, param.size as usize);
                }
            }
            Arguments::Packed(bytes, _) => {
                std::ptr::copy_nonoverlapping(bytes.cast::<u8>(), param_va as *mut u8, kernel.param_size as usize);
            }
            Arguments::None => {}
        }
    }
    batch.push(&packet::Dispatch { header: header(Opcode::Dispatch, 0), descriptor_va: at, ..packet::Dispatch::ZERO })?;
    batch.finish()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dynamic_shared_memory_starts_aligned() {
        assert_eq!(shared_bytes(20, 0), 20);
        assert_eq!(shared_bytes(20, 4), 36);
        assert_eq!(shared_bytes(0, 4), 4);
        assert_eq!(shared_bytes(u32::MAX - 20, u32::MAX), u32::MAX);
    }
}
