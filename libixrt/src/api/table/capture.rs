// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Stream capture.

api! { CAPTURE: "Stream capture" {
} absent {
    cuStreamBeginCapture@10000 cuStreamBeginCapture_ptsz@10000 cuStreamBeginCapture_v2@10010 cuStreamBeginCapture_v2_ptsz@10010;
    cuStreamBeginCaptureToCig@13020;
    cuStreamBeginCaptureToGraph@12030 cuStreamBeginCaptureToGraph_ptsz@12030;
    cuStreamBeginRecaptureToGraph@13030;
    cuStreamEndCapture@10000 cuStreamEndCapture_ptsz@10000;
    cuStreamEndCaptureToCig@13020;
    cuStreamGetCaptureInfo@10010 cuStreamGetCaptureInfo_ptsz@10010 cuStreamGetCaptureInfo_v2@11030 cuStreamGetCaptureInfo_v2_ptsz@11030 cuStreamGetCaptureInfo_v3@12030 cuStreamGetCaptureInfo_v3_ptsz@12030;
    cuStreamIsCapturing@10000 cuStreamIsCapturing_ptsz@10000;
    cuStreamUpdateCaptureDependencies@11030 cuStreamUpdateCaptureDependencies_ptsz@11030 cuStreamUpdateCaptureDependencies_v2@12030 cuStreamUpdateCaptureDependencies_v2_ptsz@12030;
    cuThreadExchangeStreamCaptureMode@10010;
} }
