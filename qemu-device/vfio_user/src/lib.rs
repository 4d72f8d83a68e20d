// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The vfio-user bus: wire format, server and client. Knows nothing of the silicon.
