// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiled kernels give the right results on the interpreter.
//!
//! | file | subject |
//! |---|---|
//! | `machine` | an address space and a launch |
//! | `cases` | one PTX file for each feature, with inputs and expected outputs in comments |

mod cases;
mod machine;
