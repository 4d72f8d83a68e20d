// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Builds, runs, tests and measures everything: SDK root, kernel, module, VM, demo.

fn main() {}
