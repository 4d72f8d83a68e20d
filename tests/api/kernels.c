// SPDX-License-Identifier: Apache-2.0 OR MIT
/* The kernels that the cases launch. */
#include "harness.h"

const char kernels[] =
    ".version 7.0\n"
    ".target sm_70\n"
    ".address_size 64\n"
    ".visible .global .align 4 .u32 counter = 7;\n"
    ".visible .global .align 8 .u32 table[4] = {11, 22, 33, 44};\n"
    ".visible .const .align 4 .u32 factor = 3;\n"

    /* Stores value in words[0..n]. */
    ".visible .entry fill(.param .u64 words, .param .u32 value, .param .u32 n)\n"
    "{\n"
    "    .reg .pred %p; .reg .b32 %r<6>; .reg .b64 %d<4>;\n"
    "    mov.u32 %r0, %ctaid.x; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x;\n"
    "    mad.lo.u32 %r3, %r0, %r1, %r2;\n"
    "    ld.param.u32 %r4, [n]; setp.ge.u32 %p, %r3, %r4; @%p bra done;\n"
    "    ld.param.u64 %d0, [words]; cvta.to.global.u64 %d0, %d0;\n"
    "    mul.wide.u32 %d1, %r3, 4; add.u64 %d1, %d0, %d1;\n"
    "    ld.param.u32 %r5, [value]; st.global.u32 [%d1], %r5;\n"
    "done: ret;\n"
    "}\n"

    /* Adds 1 to words[0..n]. */
    ".visible .entry add_one(.param .u64 words, .param .u32 n)\n"
    "{\n"
    "    .reg .pred %p; .reg .b32 %r<6>; .reg .b64 %d<4>;\n"
    "    mov.u32 %r0, %ctaid.x; mov.u32 %r1, %ntid.x; mov.u32 %r2, %tid.x;\n"
    "    mad.lo.u32 %r3, %r0, %r1, %r2;\n"
    "    ld.param.u32 %r4, [n]; setp.ge.u32 %p, %r3, %r4; @%p bra done;\n"
    "    ld.param.u64 %d0, [words]; cvta.to.global.u64 %d0, %d0;\n"
    "    mul.wide.u32 %d1, %r3, 4; add.u64 %d1, %d0, %d1;\n"
    "    ld.global.u32 %r5, [%d1]; add.u32 %r5, %r5, 1; st.global.u32 [%d1], %r5;\n"
    "done: ret;\n"
    "}\n"

    /* Every thread adds 1 to a word, atomically. */
    ".visible .entry count_threads(.param .u64 word)\n"
    "{\n"
    "    .reg .b32 %r<2>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [word]; cvta.to.global.u64 %d0, %d0;\n"
    "    atom.global.add.u32 %r0, [%d0], 1;\n"
    "    ret;\n"
    "}\n"

    /* Polls until a word is not 0. */
    ".visible .entry wait_for_word(.param .u64 word)\n"
    "{\n"
    "    .reg .pred %p; .reg .b32 %r<2>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [word]; cvta.to.global.u64 %d0, %d0;\n"
    "again: ld.volatile.global.u32 %r0, [%d0]; nanosleep.u32 20000; setp.eq.u32 %p, %r0, 0; @%p bra again;\n"
    "    ret;\n"
    "}\n"

    /* Stores its six parameters, each widened to 64 bits. */
    ".visible .entry store_params(.param .u8 a, .param .u16 b, .param .u32 c, .param .u64 d, .param .f32 e,\n"
    "                             .param .f64 f, .param .u64 out)\n"
    "{\n"
    "    .reg .b16 %h<2>; .reg .b32 %r<2>; .reg .b64 %d<4>; .reg .f32 %e; .reg .f64 %f;\n"
    "    ld.param.u64 %d0, [out]; cvta.to.global.u64 %d0, %d0;\n"
    "    ld.param.u8 %h0, [a]; cvt.u64.u16 %d1, %h0; st.global.u64 [%d0], %d1;\n"
    "    ld.param.u16 %h0, [b]; cvt.u64.u16 %d1, %h0; st.global.u64 [%d0+8], %d1;\n"
    "    ld.param.u32 %r0, [c]; cvt.u64.u32 %d1, %r0; st.global.u64 [%d0+16], %d1;\n"
    "    ld.param.u64 %d1, [d]; st.global.u64 [%d0+24], %d1;\n"
    "    ld.param.f32 %e, [e]; cvt.f64.f32 %f, %e; st.global.f64 [%d0+32], %f;\n"
    "    ld.param.f64 %f, [f]; st.global.f64 [%d0+40], %f;\n"
    "    ret;\n"
    "}\n"

    /* The last thread of the last block stores %nctaid and %ntid. */
    ".visible .entry store_shape(.param .u64 out)\n"
    "{\n"
    "    .reg .b32 %r<8>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [out]; cvta.to.global.u64 %d0, %d0;\n"
    "    mov.u32 %r0, %nctaid.x; mov.u32 %r1, %nctaid.y; mov.u32 %r2, %nctaid.z;\n"
    "    mov.u32 %r3, %ntid.x; mov.u32 %r4, %ntid.y; mov.u32 %r5, %ntid.z;\n"
    "    st.global.u32 [%d0], %r0; st.global.u32 [%d0+4], %r1; st.global.u32 [%d0+8], %r2;\n"
    "    st.global.u32 [%d0+12], %r3; st.global.u32 [%d0+16], %r4; st.global.u32 [%d0+20], %r5;\n"
    "    atom.global.add.u32 %r6, [%d0+24], 1;\n"
    "    ret;\n"
    "}\n"

    /* Reverses the words of a block in static shared memory: at most 256. */
    ".visible .entry reverse_static(.param .u64 words)\n"
    "{\n"
    "    .shared .align 4 .b8 space[1024];\n"
    "    .reg .b32 %r<8>; .reg .b64 %d<4>;\n"
    "    ld.param.u64 %d0, [words]; cvta.to.global.u64 %d0, %d0;\n"
    "    mov.u32 %r0, %tid.x; mov.u32 %r1, %ntid.x; mul.wide.u32 %d1, %r0, 4; add.u64 %d1, %d0, %d1;\n"
    "    ld.global.u32 %r2, [%d1]; mov.u32 %r3, space; shl.b32 %r4, %r0, 2; add.u32 %r4, %r3, %r4;\n"
    "    st.shared.u32 [%r4], %r2; bar.sync 0;\n"
    "    sub.u32 %r5, %r1, %r0; sub.u32 %r5, %r5, 1; shl.b32 %r5, %r5, 2; add.u32 %r5, %r3, %r5;\n"
    "    ld.shared.u32 %r6, [%r5]; st.global.u32 [%d1], %r6;\n"
    "    ret;\n"
    "}\n"

    /* Likewise in dynamic shared memory. */
    ".extern .shared .align 4 .b8 dynamic[];\n"
    ".visible .entry reverse_dynamic(.param .u64 words)\n"
    "{\n"
    "    .reg .b32 %r<8>; .reg .b64 %d<4>;\n"
    "    ld.param.u64 %d0, [words]; cvta.to.global.u64 %d0, %d0;\n"
    "    mov.u32 %r0, %tid.x; mov.u32 %r1, %ntid.x; mul.wide.u32 %d1, %r0, 4; add.u64 %d1, %d0, %d1;\n"
    "    ld.global.u32 %r2, [%d1]; mov.u32 %r3, dynamic; shl.b32 %r4, %r0, 2; add.u32 %r4, %r3, %r4;\n"
    "    st.shared.u32 [%r4], %r2; bar.sync 0;\n"
    "    sub.u32 %r5, %r1, %r0; sub.u32 %r5, %r5, 1; shl.b32 %r5, %r5, 2; add.u32 %r5, %r3, %r5;\n"
    "    ld.shared.u32 %r6, [%r5]; st.global.u32 [%d1], %r6;\n"
    "    ret;\n"
    "}\n"

    /* Stores %dynamic_smem_size. */
    ".visible .entry store_dynamic_size(.param .u64 out)\n"
    "{\n"
    "    .reg .b32 %r<2>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [out]; cvta.to.global.u64 %d0, %d0;\n"
    "    mov.u32 %r0, %dynamic_smem_size; st.global.u32 [%d0], %r0;\n"
    "    ret;\n"
    "}\n"

    /* counter += 1; out = {counter, table[2], factor} */
    ".visible .entry use_globals(.param .u64 out)\n"
    "{\n"
    "    .reg .b32 %r<4>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [out]; cvta.to.global.u64 %d0, %d0;\n"
    "    ld.global.u32 %r0, [counter]; add.u32 %r0, %r0, 1; st.global.u32 [counter], %r0;\n"
    "    ld.global.u32 %r1, [table+8]; ld.const.u32 %r2, [factor];\n"
    "    st.global.u32 [%d0], %r0; st.global.u32 [%d0+4], %r1; st.global.u32 [%d0+8], %r2;\n"
    "    ret;\n"
    "}\n"

    /* Blocks meet: each adds 1 to a word and waits until all have. */
    ".visible .entry meet(.param .u64 word)\n"
    "{\n"
    "    .reg .pred %p; .reg .b32 %r<4>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [word]; cvta.to.global.u64 %d0, %d0; mov.u32 %r0, %nctaid.x;\n"
    "    atom.global.add.u32 %r1, [%d0], 1;\n"
    "again: ld.volatile.global.u32 %r2, [%d0]; setp.lt.u32 %p, %r2, %r0; @%p bra again;\n"
    "    ret;\n"
    "}\n"

    /* At most 64 threads a block. */
    ".visible .entry at_most_64(.param .u64 word) .maxntid 64, 1, 1\n"
    "{\n"
    "    .reg .b32 %r<2>; .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [word]; cvta.to.global.u64 %d0, %d0; atom.global.add.u32 %r0, [%d0], 1;\n"
    "    ret;\n"
    "}\n"

    /* Stores at an address, whatever is there. */
    ".visible .entry store_at(.param .u64 address)\n"
    "{\n"
    "    .reg .b64 %d<2>;\n"
    "    ld.param.u64 %d0, [address]; st.global.u32 [%d0], 1;\n"
    "    ret;\n"
    "}\n"

    ".visible .entry stop() { trap; ret; }\n"
    ".visible .entry nothing() { ret; }\n";
