// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The user ABI of ix.ko for user space: types generated from ix_drm.h and ioctl wrappers.
