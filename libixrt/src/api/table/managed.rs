// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Managed memory and attributes of pointers.

api! { MANAGED: "Managed memory and attributes of pointers" {
} absent {
    cuMemAdvise@8000 cuMemAdvise_v2@12020;
    cuMemAllocManaged@6000;
    cuMemDiscardAndPrefetchBatchAsync@13000 cuMemDiscardAndPrefetchBatchAsync_ptsz@13000;
    cuMemDiscardBatchAsync@13000 cuMemDiscardBatchAsync_ptsz@13000;
    cuMemGetLocationInfo@13041;
    cuMemPrefetchAsync@8000 cuMemPrefetchAsync_ptsz@8000 cuMemPrefetchAsync_v2@12020 cuMemPrefetchAsync_v2_ptsz@12020;
    cuMemPrefetchBatchAsync@13000 cuMemPrefetchBatchAsync_ptsz@13000;
    cuMemRangeGetAttribute@8000;
    cuMemRangeGetAttributes@8000;
    cuPointerGetAttribute@4000;
    cuPointerGetAttributes@7000;
    cuPointerSetAttribute@6000;
    cuStreamAttachMemAsync@6000 cuStreamAttachMemAsync_ptsz@7000;
} }
