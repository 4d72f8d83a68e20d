// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Waiting for values in memory in a stream, and storing them.

use crate::common::*;
use ixrt::api::types::*;
use ixrt::api::*;
use ixrt::error::Code;

#[test]
fn waits_compare_as_their_flags_say() {
    let _context = Ctx::new();
    let (a, b) = (stream(IX_STREAM_NON_BLOCKING), stream(IX_STREAM_NON_BLOCKING));
    let word = upload(&[0u32; 4]);
    // Value waited for, value that holds, value that releases.
    let cases = [
        (IX_STREAM_WAIT_VALUE_GEQ, 5u32, 4u32, 6u32),
        // As a counter that wraps.
        (IX_STREAM_WAIT_VALUE_GEQ, 2, u32::MAX, 2),
        (IX_STREAM_WAIT_VALUE_EQ, 5, 6, 5),
        (IX_STREAM_WAIT_VALUE_AND | IX_STREAM_WAIT_VALUE_FLUSH, 0b100, 0b011, 0b110),
        (IX_STREAM_WAIT_VALUE_NOR, 0xffff_fff0, 0xf, 0x7),
    ];
    // SAFETY: no pointers.
    unsafe {
        for (flags, value, holds, releases) in cases {
            ok(ixStreamWriteValue32(b, word, holds, 0));
            ok(ixStreamSynchronize(b));
            ok(ixStreamWaitValue32(a, word, value, flags));
            std::thread::sleep(std::time::Duration::from_millis(3));
            assert_eq!(ixStreamQuery(a), Code::NOT_READY, "{flags:#x}");
            ok(ixStreamWriteValue32(b, word, releases, IX_STREAM_WRITE_VALUE_NO_MEMORY_BARRIER));
            ok(ixStreamSynchronize(a));
            let (value, holds, releases) = (u64::from(value) << 32, u64::from(holds) << 32, u64::from(releases) << 32);
            let wide = IXdeviceptr(word.0 + 8);
            let value = if flags == IX_STREAM_WAIT_VALUE_NOR { value | 0xffff_ffff } else { value };
            ok(ixStreamWriteValue64(b, wide, holds, 0));
            ok(ixStreamSynchronize(b));
            ok(ixStreamWaitValue64(a, wide, value, flags));
            std::thread::sleep(std::time::Duration::from_millis(3));
            assert_eq!(ixStreamQuery(a), Code::NOT_READY, "{flags:#x}, 64 bits");
            ok(ixStreamWriteValue64(b, wide, releases, 0));
            ok(ixStreamSynchronize(a));
        }
        // The neighbours are as they were.
        assert_eq!(download::<u32>(word, 2), [7, 0]);
        for bad in [word.0 + 2, 8, word.0 + 16] {
            assert_eq!(ixStreamWaitValue32(a, IXdeviceptr(bad), 0, 0), Code::INVALID_VALUE, "{bad:#x}");
        }
        assert_eq!(ixStreamWaitValue64(a, IXdeviceptr(word.0 + 4), 0, 0), Code::INVALID_VALUE);
        assert_eq!(ixStreamWaitValue32(a, word, 0, 8), Code::INVALID_VALUE);
        assert_eq!(ixStreamWriteValue32(a, word, 0, 2), Code::INVALID_VALUE);
    }
}

#[test]
fn host_releases_a_stream_by_pinned_memory() {
    let _context = Ctx::new();
    let s = stream(IX_STREAM_NON_BLOCKING);
    let flag = Flag::new();
    // SAFETY: no pointers.
    unsafe {
        ok(ixStreamWaitValue32(s, IXdeviceptr(flag.address()), 1, IX_STREAM_WAIT_VALUE_EQ));
        assert_eq!(ixStreamQuery(s), Code::NOT_READY);
        flag.raise();
        ok(ixStreamSynchronize(s));
    }
}

#[test]
fn batch_does_its_operations_in_order() {
    let _context = Ctx::new();
    let s = stream(0);
    let words = upload(&[0u32; 4]);
    let access = |operation, offset, value64, flags| {
        let address = IXdeviceptr(words.0 + offset);
        let access = IXstreamMemOpAccess { operation, address, anonymous: IXstreamMemOpValue { value64 }, flags, alias: IXdeviceptr(0) };
        let mut params = IXstreamBatchMemOpParams { pad: [0; 6] };
        params.writeValue = access;
        params
    };
    let mut list = [
        access(IX_STREAM_MEM_OP_WRITE_VALUE_32, 0, 7, 0),
        access(IX_STREAM_MEM_OP_WAIT_VALUE_32, 0, 7, IX_STREAM_WAIT_VALUE_EQ),
        access(IX_STREAM_MEM_OP_BARRIER, 0, 0, 0),
        access(IX_STREAM_MEM_OP_WRITE_VALUE_64, 8, 1 << 40 | 9, 0),
    ];
    // SAFETY: the list is valid.
    unsafe {
        ok(ixStreamBatchMemOp(s, 4, list.as_mut_ptr(), 0));
        ok(ixStreamSynchronize(s));
        assert_eq!(download::<u32>(words, 4), [7, 0, 9, 1 << 8]);
        list[1].operation = IXstreamBatchMemOpType(9);
        assert_eq!(ixStreamBatchMemOp(s, 4, list.as_mut_ptr(), 0), Code::INVALID_VALUE);
        assert_eq!(ixStreamBatchMemOp(s, 257, list.as_mut_ptr(), 0), Code::INVALID_VALUE);
        assert_eq!(ixStreamBatchMemOp(s, 1, list.as_mut_ptr(), 1), Code::INVALID_VALUE);
        assert_eq!(ixStreamBatchMemOp(s, 1, std::ptr::null_mut(), 0), Code::INVALID_VALUE);
    }
}
