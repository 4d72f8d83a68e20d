// SPDX-License-Identifier: Apache-2.0 OR MIT
//! From the syntax tree to machine-ready intermediate representation: see [`crate::compile`] for the list.

pub mod dce;
pub mod fold;
pub mod ifconvert;
pub mod lower;
pub mod promote;
pub mod simplify;
pub mod ssa;
pub mod uniform;

use crate::ir::cfg;
use crate::ir::Func;

/// Puts the blocks in order and gives loops their preheaders.
pub fn normalize(func: &mut Func) {
    cfg::normalize(func);
}

/// Drops unreachable blocks and puts the others in order again.
pub fn order(func: &mut Func) {
    cfg::order(func);
}

/// In debug builds, checks what must hold after `pass`, and stops the compiler with the program's text where it does not.
fn expect(func: &Func, pass: &str, check: fn(&Func) -> Result<(), String>) {
    if cfg!(debug_assertions) {
        if let Err(e) = check(func) {
            panic!("after {pass}: {e}\n{func}");
        }
    }
}

/// In debug builds, checks the graph after a pass.
pub fn verify_shape(func: &Func, pass: &str) {
    expect(func, pass, crate::ir::verify::shape);
}

/// In debug builds, checks SSA form after a pass.
pub fn verify(func: &Func, pass: &str) {
    expect(func, pass, crate::ir::verify::ssa);
}

/// In debug builds, checks SSA form and the banks of values after a pass.
pub fn verify_banks(func: &Func, pass: &str) {
    expect(func, pass, crate::ir::verify::banks);
}
