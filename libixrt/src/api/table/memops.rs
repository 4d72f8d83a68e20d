// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Waiting for and writing of memory in streams.

api! { MEMOPS: "Waiting for and writing of memory in streams" {
} absent {
    cuStreamBatchMemOp@8000 cuStreamBatchMemOp_ptsz@8000 cuStreamBatchMemOp_v2@11070 cuStreamBatchMemOp_v2_ptsz@11070;
    cuStreamWaitValue32@8000 cuStreamWaitValue32_ptsz@8000 cuStreamWaitValue32_v2@11070 cuStreamWaitValue32_v2_ptsz@11070;
    cuStreamWaitValue64@9000 cuStreamWaitValue64_ptsz@9000 cuStreamWaitValue64_v2@11070 cuStreamWaitValue64_v2_ptsz@11070;
    cuStreamWriteValue32@8000 cuStreamWriteValue32_ptsz@8000 cuStreamWriteValue32_v2@11070 cuStreamWriteValue32_v2_ptsz@11070;
    cuStreamWriteValue64@9000 cuStreamWriteValue64_ptsz@9000 cuStreamWriteValue64_v2@11070 cuStreamWriteValue64_v2_ptsz@11070;
} }
