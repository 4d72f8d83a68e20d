// SPDX-License-Identifier: GPL-2.0

//! Structures in user memory that may have another size than the driver knows.
//!
//! A program may be older or newer than the driver. An *array* says the size of its elements (the
//! stride); what an element has beyond the size that the driver knows must be zero, so that a
//! newer program learns that the driver does not understand it. A *reply* is cut to what the
//! program has room for, and padded with zeroes.

use kernel::{
    bindings,
    error::to_result,
    page::PAGE_SIZE,
    prelude::*,
    transmute::{AsBytes, FromBytes},
    uaccess::{UserPtr, UserSlice},
};

use crate::uapi;

/// Largest element that an array may have: far more than any that will be defined.
const STRIDE_MAX: usize = PAGE_SIZE;

/// Reads the `count` elements of an array. EINVAL: elements are smaller than `T`, larger than a
/// page, or have unknown parts that are not zero. EFAULT: not readable.
pub(crate) fn read_array<T: FromBytes>(array: &uapi::drm_ix_array, count: u32) -> Result<KVVec<T>> {
    let size = core::mem::size_of::<T>();
    let stride = array.stride as usize;
    if stride < size || stride > STRIDE_MAX {
        return Err(EINVAL);
    }
    let base = usize::try_from(array.array)?;
    // No overflow: the stride is at most a page, and the count fits 32 bits.
    base.checked_add(stride * count as usize).ok_or(EFAULT)?;
    let mut elements = KVVec::with_capacity(count as usize, GFP_KERNEL)?;
    for i in 0..count as usize {
        let at = UserPtr::from_addr(base + i * stride);
        let element = UserSlice::new(at, size).reader().read::<T>()?;
        if stride > size {
            let rest = at.wrapping_byte_add(size).as_const_ptr();
            // SAFETY: The function checks the user address.
            let zero = unsafe { bindings::check_zeroed_user(rest, stride - size) };
            to_result(zero)?;
            if zero == 0 {
                return Err(EINVAL);
            }
        }
        elements.push_within_capacity(element).map_err(|_| ENOMEM)?;
    }
    Ok(elements)
}

/// Writes a reply into the `size` bytes at `pointer`. EFAULT: not writable.
pub(crate) fn write_reply<T: AsBytes>(pointer: u64, size: u32, reply: &T) -> Result {
    // SAFETY: `T: AsBytes` has no uninitialised bytes.
    let bytes = unsafe {
        core::slice::from_raw_parts(
            core::ptr::from_ref(reply).cast::<u8>(),
            core::mem::size_of::<T>(),
        )
    };
    let at = UserPtr::from_addr(usize::try_from(pointer)?);
    let mut writer = UserSlice::new(at, size as usize).writer();
    writer.write_slice(&bytes[..bytes.len().min(size as usize)])?;
    static ZEROES: [u8; 256] = [0; 256];
    while !writer.is_empty() {
        writer.write_slice(&ZEROES[..ZEROES.len().min(writer.len())])?;
    }
    Ok(())
}
