// SPDX-License-Identifier: GPL-2.0

//! The user ABI: bindings that the build generates from `uapi/ix_drm.h`.

#![allow(
    dead_code,
    missing_docs,
    non_camel_case_types,
    non_upper_case_globals,
    unreachable_pub,
    clippy::all,
    clippy::ptr_as_ptr,
    clippy::undocumented_unsafe_blocks,
    reason = "generated code"
)]

use kernel::transmute::{AsBytes, FromBytes};

include!(env!("IX_UAPI_RS"));

// SAFETY: The structures consist of integers with no implicit padding: every byte pattern is a
// value.
unsafe impl FromBytes for drm_ix_vm_bind_op {}
// SAFETY: As above.
unsafe impl FromBytes for drm_ix_wait_entry {}

// SAFETY: The structures consist of integers with no implicit padding: every byte is initialised.
unsafe impl AsBytes for drm_ix_query_device {}
// SAFETY: As above.
unsafe impl AsBytes for drm_ix_query_memory {}
// SAFETY: As above.
unsafe impl AsBytes for drm_ix_query_sensors {}
