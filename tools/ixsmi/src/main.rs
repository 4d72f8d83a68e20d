// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Monitor of IX devices in the manner of nvidia-smi.

fn main() {}
