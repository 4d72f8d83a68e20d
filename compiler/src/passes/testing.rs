// SPDX-License-Identifier: Apache-2.0 OR MIT
//! For tests of passes: the representation after a pass, made from PTX.

use crate::ir::{Func, Inst};
use crate::{compile_observed, Options};
use ix_hw::isa::Op;

/// What the pass leaves of a kernel with this body, when it runs for the last time.
///
/// The body finds two addresses that differ between threads in `%a` and `%b`, the thread's index in `%r1`, a parameter
/// in `%r2`; `%r`, `%d` (64 bits), `%f`, `%g` (f64) and `%p` are registers.
pub(crate) fn after(pass: &str, body: &str) -> Func {
    let text = format!(
        ".version 7.8\n.target sm_80\n.address_size 64\n.visible .entry k(.param .u64 a, .param .u64 b, .param .u32 c) {{\n\
         .reg .b32 %r<32>; .reg .b64 %d<32>; .reg .f32 %f<32>; .reg .f64 %g<32>; .reg .pred %p<32>; .reg .b64 %a; .reg .b64 %b;\n\
         ld.param.u64 %a, [a]; ld.param.u64 %b, [b]; ld.param.u32 %r2, [c]; mov.u32 %r1, %tid.x;\n\
         mad.wide.u32 %a, %r1, 256, %a; mad.wide.u32 %b, %r1, 256, %b; setp.lt.u32 %p1, %r1, %r2;\n{body}\nret;\n}}\n"
    );
    let mut found = None;
    let options = Options { verify: true, ..Options::default() };
    compile_observed(&text, &options, &mut |name, func| {
        if name == pass {
            found = Some(func.clone());
        }
    })
    .unwrap_or_else(|e| panic!("{e}"));
    found.unwrap_or_else(|| panic!("no pass {pass}"))
}

/// All instructions in order.
pub(crate) fn insts(func: &Func) -> impl Iterator<Item = &Inst> {
    func.blocks.iter().flat_map(|b| &b.insts)
}

/// Number of instructions of this operation; loads of parameters do not count.
pub(crate) fn count(func: &Func, op: Op) -> usize {
    insts(func).filter(|i| i.op == op && !(op == Op::Ld && i.is_pure())).count()
}
