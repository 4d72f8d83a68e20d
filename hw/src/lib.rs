// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The IX hardware contract: registers, doorbells, packets, page tables, instruction encoding. Knows nobody.
