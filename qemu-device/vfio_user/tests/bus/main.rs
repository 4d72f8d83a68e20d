// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The bus over a socket pair, with a toy device in place of the silicon.

mod client_server;
mod malformed;
mod toy;
