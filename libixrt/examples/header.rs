// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Prints the C header that the table of functions makes.

fn main() {
    print!("{}", ixrt::api::header());
}
