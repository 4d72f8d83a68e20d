// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Compiled kernels give the right results on the interpreter.
//!
//! | file | subject |
//! |---|---|
//! | `machine` | an address space and a launch |
//! | `corpus` | every kernel that compilers wrote: compiled, disassembled and assembled again; some run against a reference |
//! | `hostile` | programs that are made to be hard |
//! | `fuzz` | random programs, at both levels of optimisation, and against an evaluator that runs one thread at a time |
//! | `forms` | rare instructions against plain Rust |
//! | `levels` | kernels of the corpus leave the same memory at both levels |
//! | `link` | modules that were linked |
//! | `matrices` | every shape and type of matrix instructions |
//! | `products` | kernels of Triton and tinygrad that multiply matrices |
//! | `cases` | one PTX file for each feature, with inputs and expected outputs in comments |

mod cases;
mod corpus;
mod forms;
mod fuzz;
mod hostile;
mod levels;
mod link;
mod machine;
mod matrices;
mod products;
