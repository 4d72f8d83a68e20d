// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The IX runtime: CUDA-driver semantics over the kernel driver or straight on the silicon.
