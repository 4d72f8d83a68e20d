// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Fills.

use crate::api::copies;
use std::ffi::{c_uint, c_ushort};

api! { FILLS: "Fills" {
    /// Fills with `count` bytes, in the null stream.
    ixMemsetD8(target: IXdeviceptr, value: u8, count: usize) = copies::set8, [cuMemsetD8@2000 cuMemsetD8_v2@3020 cuMemsetD8_v2_ptds@7000];
    /// Fills with `count` 16-bit values, in the null stream.
    ixMemsetD16(target: IXdeviceptr, value: c_ushort, count: usize)
        = copies::set16, [cuMemsetD16@2000 cuMemsetD16_v2@3020 cuMemsetD16_v2_ptds@7000];
    /// Fills with `count` 32-bit values, in the null stream.
    ixMemsetD32(target: IXdeviceptr, value: c_uint, count: usize)
        = copies::set32, [cuMemsetD32@2000 cuMemsetD32_v2@3020 cuMemsetD32_v2_ptds@7000];
    /// Fills with `count` bytes, in a stream.
    ixMemsetD8Async(target: IXdeviceptr, value: u8, count: usize, stream: IXstream)
        = copies::set8_async, [cuMemsetD8Async@3020 cuMemsetD8Async_ptsz@7000];
    /// Fills with `count` 16-bit values, in a stream.
    ixMemsetD16Async(target: IXdeviceptr, value: c_ushort, count: usize, stream: IXstream)
        = copies::set16_async, [cuMemsetD16Async@3020 cuMemsetD16Async_ptsz@7000];
    /// Fills with `count` 32-bit values, in a stream.
    ixMemsetD32Async(target: IXdeviceptr, value: c_uint, count: usize, stream: IXstream)
        = copies::set32_async, [cuMemsetD32Async@3020 cuMemsetD32Async_ptsz@7000];
    /// Fills `height` rows with `width` bytes each, in a stream.
    ixMemsetD2D8Async(target: IXdeviceptr, pitch: usize, value: u8, width: usize, height: usize, stream: IXstream)
        = copies::set_rows8_async, [cuMemsetD2D8Async@3020 cuMemsetD2D8Async_ptsz@7000];
    /// Fills `height` rows with `width` 16-bit values each, in a stream.
    ixMemsetD2D16Async(target: IXdeviceptr, pitch: usize, value: c_ushort, width: usize, height: usize, stream: IXstream)
        = copies::set_rows16_async, [cuMemsetD2D16Async@3020 cuMemsetD2D16Async_ptsz@7000];
    /// Fills `height` rows with `width` 32-bit values each, in a stream.
    ixMemsetD2D32Async(target: IXdeviceptr, pitch: usize, value: c_uint, width: usize, height: usize, stream: IXstream)
        = copies::set_rows32_async, [cuMemsetD2D32Async@3020 cuMemsetD2D32Async_ptsz@7000];
    /// Fills `height` rows with `width` bytes each, in the null stream.
    ixMemsetD2D8(target: IXdeviceptr, pitch: usize, value: u8, width: usize, height: usize)
        = copies::set_rows8, [cuMemsetD2D8@2000 cuMemsetD2D8_v2@3020 cuMemsetD2D8_v2_ptds@7000];
    /// Fills `height` rows with `width` 16-bit values each, in the null stream.
    ixMemsetD2D16(target: IXdeviceptr, pitch: usize, value: c_ushort, width: usize, height: usize)
        = copies::set_rows16, [cuMemsetD2D16@2000 cuMemsetD2D16_v2@3020 cuMemsetD2D16_v2_ptds@7000];
    /// Fills `height` rows with `width` 32-bit values each, in the null stream.
    ixMemsetD2D32(target: IXdeviceptr, pitch: usize, value: c_uint, width: usize, height: usize)
        = copies::set_rows32, [cuMemsetD2D32@2000 cuMemsetD2D32_v2@3020 cuMemsetD2D32_v2_ptds@7000];
} absent {
} }
