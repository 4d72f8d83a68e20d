// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The PTX conformance suite.

pub mod backend;
pub mod case;
pub mod coverage;
mod expand;
pub mod expect;
pub mod form;
mod lanes;
mod meaning;
mod number;
mod oracle;
pub mod run;
pub mod suite;
pub mod template;
pub mod types;
