// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Waiting for and writing of memory in streams.

use crate::api::memops;
use std::ffi::{c_uint, c_ulonglong};

api! { MEMOPS: "Waiting for and writing of memory in streams" {
    /// Holds a stream until a 32-bit value in memory compares with `value` as `flags` say.
    ixStreamWaitValue32(stream: IXstream, address: IXdeviceptr, value: c_uint, flags: c_uint)
        = memops::wait_value32,
        [cuStreamWaitValue32@8000 cuStreamWaitValue32_ptsz@8000 cuStreamWaitValue32_v2@11070 cuStreamWaitValue32_v2_ptsz@11070];
    /// Holds a stream until a 64-bit value in memory compares with `value` as `flags` say.
    ixStreamWaitValue64(stream: IXstream, address: IXdeviceptr, value: c_ulonglong, flags: c_uint)
        = memops::wait_value64,
        [cuStreamWaitValue64@9000 cuStreamWaitValue64_ptsz@9000 cuStreamWaitValue64_v2@11070 cuStreamWaitValue64_v2_ptsz@11070];
    /// Stores a 32-bit value in a stream's order.
    ixStreamWriteValue32(stream: IXstream, address: IXdeviceptr, value: c_uint, flags: c_uint)
        = memops::write_value32,
        [cuStreamWriteValue32@8000 cuStreamWriteValue32_ptsz@8000 cuStreamWriteValue32_v2@11070 cuStreamWriteValue32_v2_ptsz@11070];
    /// Stores a 64-bit value in a stream's order.
    ixStreamWriteValue64(stream: IXstream, address: IXdeviceptr, value: c_ulonglong, flags: c_uint)
        = memops::write_value64,
        [cuStreamWriteValue64@9000 cuStreamWriteValue64_ptsz@9000 cuStreamWriteValue64_v2@11070 cuStreamWriteValue64_v2_ptsz@11070];
    /// Several of these in one call, in their order: at most 256.
    ixStreamBatchMemOp(stream: IXstream, count: c_uint, list: *mut IXstreamBatchMemOpParams, flags: c_uint)
        = memops::batch, [cuStreamBatchMemOp@8000 cuStreamBatchMemOp_ptsz@8000 cuStreamBatchMemOp_v2@11070 cuStreamBatchMemOp_v2_ptsz@11070];
} absent {
} }
