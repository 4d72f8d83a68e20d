// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Peer access.

api! { PEERS: "Peer access" {
} absent {
    cuCtxDisablePeerAccess@4000;
    cuCtxEnablePeerAccess@4000;
    cuDeviceCanAccessPeer@4000;
    cuDeviceGetCliqueCount@13041;
    cuDeviceGetCliqueInfo@13041;
    cuDeviceGetFabricClusterUuid@13041;
    cuDeviceGetHostAtomicCapabilities@13000;
    cuDeviceGetP2PAtomicCapabilities@13000;
    cuDeviceGetP2PAttribute@8000;
    cuFabricCpyBatchAsync@13050;
    cuFlushGPUDirectRDMAWrites@11030;
} }
