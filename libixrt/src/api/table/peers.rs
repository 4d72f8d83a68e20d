// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Peer access.

use crate::api::peers;
use std::ffi::{c_int, c_uint};

api! { PEERS: "Peer access" {
    /// Whether a device reaches another's memory: 0.
    ixDeviceCanAccessPeer(answer: *mut c_int, device: IXdevice, peer: IXdevice) = peers::can_access, [cuDeviceCanAccessPeer@4000];
    /// Lets the current context reach the memory of another device's context.
    /// Differs: always IX_ERROR_PEER_ACCESS_UNSUPPORTED, as for all devices without a link.
    ixCtxEnablePeerAccess(peer: IXcontext, flags: c_uint) = peers::enable, [cuCtxEnablePeerAccess@4000];
    /// Takes that back.
    /// Differs: always IX_ERROR_PEER_ACCESS_NOT_ENABLED.
    ixCtxDisablePeerAccess(peer: IXcontext) = peers::disable, [cuCtxDisablePeerAccess@4000];
    /// An attribute of the link between two devices: 0, as there is none.
    ixDeviceGetP2PAttribute(value: *mut c_int, attribute: IXdevice_P2PAttribute, source: IXdevice, target: IXdevice)
        = peers::attribute, [cuDeviceGetP2PAttribute@8000];
    /// Which atomic operations the link between two devices has: none.
    ixDeviceGetP2PAtomicCapabilities(capabilities: *mut c_uint, operations: *const IXatomicOperation, count: c_uint, source: IXdevice, target: IXdevice)
        = peers::p2p_atomics, [cuDeviceGetP2PAtomicCapabilities@13000];
    /// Which atomic operations a device has on host memory.
    ixDeviceGetHostAtomicCapabilities(capabilities: *mut c_uint, operations: *const IXatomicOperation, count: c_uint, device: IXdevice)
        = peers::host_atomics, [cuDeviceGetHostAtomicCapabilities@13000];
    /// Makes what other devices have written to device memory visible: it is.
    ixFlushGPUDirectRDMAWrites(target: IXflushGPUDirectRDMAWritesTarget, scope: IXflushGPUDirectRDMAWritesScope)
        = peers::flush_writes, [cuFlushGPUDirectRDMAWrites@11030];
} absent {
    cuDeviceGetCliqueCount@13041;
    cuDeviceGetCliqueInfo@13041;
    cuDeviceGetFabricClusterUuid@13041;
    cuFabricCpyBatchAsync@13050;
} }
