// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What is wrong is refused, with the place, the offending text and the reason.

use ix_compiler::error::ErrorKind::{self, Invalid, Limit, Syntax, Version};
use ix_compiler::ptx::parse;

/// The first complaint about a text: kind, line, column, offending text, reason.
type Expected = (ErrorKind, u32, u32, &'static str, &'static str);

const HEADER: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";

/// Checks what is complained about first, with lines counted from that of the text itself.
fn check(before: &str, text: &str, after: &str, expected: Expected) {
    let whole = format!("{before}{text}{after}");
    let errors = parse(&whole).err().unwrap_or_else(|| panic!("accepted: {text}"));
    let first = errors.first();
    let line = first.line() - before.lines().count() as u32;
    let found = (first.kind, line, first.column(), first.text(), first.reason.as_str());
    assert_eq!(found, expected, "{text}\n{errors}");
}

#[test]
fn malformed_header_is_refused() {
    // The text is the whole module.
    let cases: &[(&str, Expected)] = &[
        ("", (Syntax, 1, 1, "", "expected `.version`, found the end of the text")),
        ("hello", (Syntax, 1, 1, "hello", "expected `.version`, found `hello`")),
        (".version 9.9", (Version, 1, 10, "9.9", "PTX 9.9 is not supported; 3.0 to 8.7 are")),
        (".version 7", (Invalid, 1, 10, "7", "a version is two numbers with a dot, such as `7.8`")),
        (".version 7.8\n.target sm_10", (Version, 2, 9, "sm_10", "`sm_10` is not an architecture from sm_30 to sm_121")),
        (".version 7.8\n.target compute_80", (Invalid, 2, 9, "compute_80", "no architecture such as `sm_80` is given")),
        (".version 7.8 .target sm_80 .address_size 16", (Invalid, 1, 42, "16", "an address size is 32 or 64")),
    ];
    for (text, expected) in cases {
        check("", text, "", *expected);
    }
}

#[test]
fn malformed_module_scope_is_refused() {
    // The text follows a header.
    let cases: &[(&str, Expected)] = &[
        (".foo", (Invalid, 1, 1, ".foo", "`.foo` is not a directive at module scope")),
        (".visible ;", (Syntax, 1, 10, ";", "expected a directive, found `;`")),
        (".version 7.8", (Invalid, 1, 1, ".version", "`.version` is given a second time")),
        (".global .b32 x\n.global .b32 y;", (Syntax, 2, 1, ".global", "expected `,` or `;`, found `.global`")),
        (".global .b32 x; .global .b32 x;", (Invalid, 1, 30, "x", "`x` is already declared in line 4")),
        (".global .align 3 .b32 x;", (Invalid, 1, 16, "3", "an alignment must be a power of two up to 1048576")),
        (".global x;", (Syntax, 1, 9, "x", "expected a type, found `x`")),
        (".global .pred x;", (Invalid, 1, 9, ".pred", "a variable in memory cannot be a predicate")),
        (".global .b8 x[1099511627777];", (Limit, 1, 13, "x", "`x` has more than 1099511627776 bytes")),
        (".global .b32 x[-1];", (Invalid, 1, 15, "[-1]", "an array dimension must be positive")),
        (".global .b32 x = 1,2;", (Syntax, 1, 20, "2", "expected a variable name, found `2`")),
        (".global .b32 x[2] = {1,2,3};", (Invalid, 1, 21, "{1,2,3}", "the initialiser of `x` has more values than the variable")),
        (".shared .b32 x = 1;", (Invalid, 1, 18, "1", "`x` is in `.shared`, which cannot be initialised")),
        (".global .b64 x = y;", (Invalid, 1, 18, "y", "`y` is not declared")),
        (".global .b32 x = 1.5+2;", (Invalid, 1, 18, "1.5+2", "an operator needs integers here")),
        (".global .b8 x[1] = {0x1ff(k)};", (Invalid, 1, 21, "0x1ff", "a mask must select one byte, such as 0xff00")),
        (".entry k() .foo { ret; }", (Invalid, 1, 12, ".foo", "`.foo` is not a directive for a function")),
        (".entry k() .maxntid 0 { ret; }", (Invalid, 1, 21, "0", "a dimension of `.maxntid` must be positive")),
        (".entry k(.global .b32 x) { ret; }", (Syntax, 1, 10, ".global", "expected `.param` or `.reg`, found `.global`")),
        (".entry k() { ret; ", (Syntax, 1, 12, "{", "this `{` has no `}`")),
        (".entry k() { ret; } }", (Syntax, 1, 21, "}", "expected a directive, found `}`")),
        (".entry k() { ret; } .entry k() { ret; }", (Invalid, 1, 28, "k", "`k` is already defined in line 4")),
        (".entry k() ret;", (Syntax, 1, 12, "ret", "expected `{`, `;` or a directive for the function, found `ret`")),
        (
            ".func f(.param .b32 x); .func f(.param .b32 x, .param .b32 y) { ret; }",
            (Invalid, 1, 31, "f", "`f` is declared with other parameters in line 4"),
        ),
    ];
    for (text, expected) in cases {
        check(HEADER, text, "", *expected);
    }
}

#[test]
fn malformed_statement_is_refused() {
    // The text stands in the body of a kernel.
    let before =
        format!("{HEADER}.func g(.param .b32 x);\n.entry k() {{\n.reg .pred %p<9>; .reg .b32 %r<9>; .reg .b64 %rd<9>; .reg .f32 %f<9>;\n");
    let cases: &[(&str, Expected)] = &[
        ("frobnicate.b32 %r1, %r2;", (Invalid, 1, 1, "frobnicate", "`frobnicate` is not an instruction")),
        ("add.foo.s32 %r1, %r2, %r3;", (Invalid, 1, 4, ".foo", "`.foo` is not a modifier of `add`")),
        ("add.rn.s32 %r1, %r2, %r3;", (Invalid, 1, 1, "add.rn.s32", "`add.rn.s32` does not take the type `.s32`")),
        ("add.pred %p1, %p1, %p1;", (Invalid, 1, 1, "add.pred", "`add.pred` does not take the type `.pred`")),
        ("add %r1, %r2, %r3;", (Invalid, 1, 1, "add", "`add` has 0 types, but takes 1 type")),
        ("add.s32.s32 %r1, %r2, %r3;", (Invalid, 1, 1, "add.s32.s32", "type 2 of `add.s32.s32` cannot be `.s32`")),
        ("add.s32 %r1, %r2;", (Invalid, 1, 1, "add.s32", "`add.s32` takes 3 operands, not 2")),
        ("add.s32 %r1, %r2, %r3, %r4;", (Invalid, 1, 24, "%r4", "`add.s32` takes 3 operands, not 4")),
        ("add.s32 %r1, %r2, %p1;", (Invalid, 1, 19, "%p1", "operand 3 of `add.s32` must be a register or a number")),
        ("add.s32 5, %r2, %r1;", (Invalid, 1, 9, "5", "operand 1 of `add.s32` must be a register to write")),
        ("add.s32 %r1, %r99, %r2;", (Invalid, 1, 14, "%r99", "`%r99` is not declared")),
        ("setp.s32 %p1, %r1, %r2;", (Invalid, 1, 1, "setp.s32", "`setp.s32` needs a comparison such as `.eq`")),
        ("setp.lt.s32 %r1, %r1, %r2;", (Invalid, 1, 13, "%r1", "operand 1 of `setp.lt.s32` must be a predicate register, or a pair of them, to write")),
        ("mul.s32 %r1, %r2, %r3;", (Invalid, 1, 1, "mul.s32", "`mul.s32` needs `.lo`, `.hi` or `.wide`")),
        ("fma.f32 %f1, %f1, %f1, %f1;", (Invalid, 1, 1, "fma.f32", "`fma.f32` needs a rounding mode such as `.rn`")),
        ("div.f32 %f1, %f1, %f1;", (Invalid, 1, 1, "div.f32", "`div.f32` needs `.approx` or a rounding mode such as `.rn`")),
        ("sqrt.f32 %f1, %f1;", (Invalid, 1, 1, "sqrt.f32", "`sqrt.f32` needs `.approx` or a rounding mode such as `.rn`")),
        ("cvt.s32 %r1, %r2;", (Invalid, 1, 1, "cvt.s32", "`cvt.s32` has 1 type, but takes 2 types")),
        ("add.rn.rz.f32 %f1, %f1, %f1;", (Invalid, 1, 7, ".rz", "`.rz` repeats or contradicts a modifier before it")),
        ("shl.s32 %r1, %r1, 1;", (Invalid, 1, 1, "shl.s32", "`shl.s32` does not take the type `.s32`")),
        ("mov.u32 %r1, nowhere;", (Invalid, 1, 14, "nowhere", "`nowhere` is not declared")),
        ("mov.u32 %r1, %tid;", (Invalid, 1, 14, "%tid", "`%tid` needs a component such as `.x`")),
        ("mov.u32 %r1, %tid.q;", (Invalid, 1, 18, ".q", "`.q` is not a part of `%tid`")),
        ("mov.u32 %r1, %laneid.x;", (Invalid, 1, 21, ".x", "`.x` is not a part of `%laneid`")),
        ("bra NOWHERE;", (Invalid, 1, 5, "NOWHERE", "`NOWHERE` is not declared")),
        ("bra %r1;", (Invalid, 1, 5, "%r1", "operand 1 of `bra` must be a label")),
        ("L: L: ret;", (Invalid, 1, 4, "L", "`L` is already declared in this scope")),
        ("@%r1 ret;", (Invalid, 1, 2, "%r1", "a guard must be a predicate register, which `%r1` is not")),
        ("@%q ret;", (Invalid, 1, 2, "%q", "`%q` is not declared")),
        ("ld.global.v2.b32 %r1, [%rd1];", (Invalid, 1, 18, "%r1", "`%r1` is one register, but `.v2` was given")),
        ("ld.global.v2.b32 {%r1,%r2,%r3}, [%rd1];", (Invalid, 1, 18, "{%r1,%r2,%r3}", "this vector has 3 elements, but `.v2` was given")),
        ("ld.global.b32 {%r1,%r2}, [%rd1];", (Invalid, 1, 15, "{%r1,%r2}", "a vector needs a width such as `.v2`")),
        ("ld.global.b32 %r1, %rd1;", (Invalid, 1, 20, "%rd1", "operand 2 of `ld.global.b32` must be an address in brackets")),
        ("ld.global.b32 %r1, [%rd1;", (Syntax, 1, 25, ";", "expected `]`, found `;`")),
        ("ld.global.b32 %r1, [%p1];", (Invalid, 1, 21, "%p1", "`%p1` is a predicate, not an address")),
        ("ld.global.b32 %r1, [%rd1+%r2];", (Syntax, 1, 26, "%r2", "expected a number, found `%r2`")),
        ("call f, (%r1);", (Invalid, 1, 6, "f", "`f` is not declared")),
        ("call g;", (Invalid, 1, 6, "g", "this call has 0 arguments, the function has 1")),
        ("call k;", (Invalid, 1, 6, "k", "`k` is an entry, which cannot be called")),
        ("call %rd1;", (Invalid, 1, 6, "%rd1", "an indirect call needs a `.callprototype` or `.calltargets`")),
        ("call (1), g, ();", (Invalid, 1, 6, "(1), g, ()", "return parameter 1 of a call must be a `.param` variable or a register")),
        ("brx.idx %r1, L; L: ret;", (Invalid, 1, 14, "L", "operand 2 of `brx.idx` must be a `.branchtargets` table")),
        ("atom.global.cas.b32 %r1, [%rd1], %r2;", (Invalid, 1, 1, "atom.global.cas.b32", "`atom.global.cas.b32` takes 4 or 5 operands, not 3")),
        ("atom.global.b32 %r1, [%rd1], %r2;", (Invalid, 1, 1, "atom.global.b32", "`atom.global.b32` needs an operation such as `.add`")),
        ("mov.b32 %r1, 0f3F8;", (Syntax, 1, 14, "0f3F8", "a number after `0f` has 8 hexadecimal digits")),
        ("mov.b32 %r1, 99999999999999999999;", (Syntax, 1, 14, "99999999999999999999", "this number does not fit in 64 bits")),
        ("mov.b32 %r1, 1/0;", (Invalid, 1, 14, "1/0", "division by zero")),
        ("mov.b32 %r1, 1<<64;", (Invalid, 1, 14, "1<<64", "a shift by more than 63")),
        ("mov.b32 %r1, ((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))))));", (Limit, 1, 78, "1", "nested more than 64 deep")),
        ("add.s32 %r1, %r2, %r3\nret;", (Syntax, 2, 1, "ret", "expected `,` or `;`, found `ret`")),
        ("mov.b32 %r1, §;", (Syntax, 1, 14, "§", "this character does not belong in PTX")),
        (".reg .b32 %r<5>;", (Invalid, 1, 11, "%r", "registers `%r` are already declared in this scope")),
        (".reg .b32 %x, %x;", (Invalid, 1, 15, "%x", "`%x` is already declared in this scope")),
        (".reg .foo %x;", (Syntax, 1, 6, ".foo", "expected a type, found `.foo`")),
        (".callprototype _ ();", (Invalid, 1, 1, ".callprototype", "`.callprototype` needs a label")),
        (".entry x() { }", (Invalid, 1, 1, ".entry", "`.entry` is not a directive within a function")),
        ("mov.b32 %r1, -%r2;", (Invalid, 1, 14, "-%r2", "a sign belongs before a number or, as `!`, before a predicate")),
        ("mov.b32 {%r1,%r2,%r3}, %r4;", (Invalid, 1, 9, "{%r1,%r2,%r3}", "a vector of 3 elements cannot be moved at once")),
        ("bar.red.pred %p1, 0, %p2;", (Invalid, 1, 1, "bar.red.pred", "`bar.red.pred` needs an operation such as `.and`")),
        ("shfl.sync.b32 %r1,%r2,1,2,3;", (Invalid, 1, 1, "shfl.sync.b32", "`shfl.sync.b32` needs a mode such as `.idx`")),
        ("mov.b32 %r1, !2.5;", (Invalid, 1, 14, "!2.5", "an operator needs integers here")),
        ("3;", (Syntax, 1, 1, "3", "expected an instruction, a directive or a label, found `3`")),
    ];
    for (text, expected) in cases {
        check(&before, text, "\n}", *expected);
    }
}

#[test]
fn register_of_the_wrong_width_is_refused() {
    let before = format!("{HEADER}.entry k() {{\n.reg .b16 h, h2; .reg .b32 r, r2; .reg .b64 d, d2;\n");
    let cases: &[(&str, u32, &str, &str)] = &[
        ("add.s64 d, d, r;", 15, "r", "`r` has 32 bits, but 64 are needed here"),
        ("add.s32 r, d, r;", 12, "d", "`d` has 64 bits, but 32 are needed here"),
        ("mul.wide.u32 r, r, r;", 14, "r", "`r` has 32 bits, but 64 are needed here"),
        ("shl.b64 d, d, d;", 15, "d", "`d` has 64 bits, but 32 are needed here"),
        ("popc.b64 d, d;", 10, "d", "`d` has 64 bits, but 32 are needed here"),
        ("cvt.s64.s32 r, r;", 13, "r", "`r` has 32 bits, but at least 64 are needed here"),
        ("cvt.s32.s64 r, r;", 16, "r", "`r` has 32 bits, but at least 64 are needed here"),
        ("ld.global.b32 h, [d];", 15, "h", "`h` has 16 bits, but at least 32 are needed here"),
        ("ld.global.v2.b32 {r, h}, [d];", 18, "{r, h}", "element 2: `h` has 16 bits, but at least 32 are needed here"),
        ("mov.b64 {r, h}, d;", 9, "{r, h}", "element 2: `h` has 16 bits, but 32 are needed here"),
        ("mov.b64 d, {h, h2};", 12, "{h, h2}", "element 1: `h` has 16 bits, but 32 are needed here"),
        ("atom.global.add.u64 d, [d2], r;", 30, "r", "`r` has 32 bits, but 64 are needed here"),
        ("ld.global.b32 r, [h];", 19, "h", "`h` has 16 bits, but an address has 32 or 64"),
        ("shfl.sync.idx.b32 d, r, 0, 31, -1;", 19, "d", "`d` has 64 bits, but 32 are needed here"),
    ];
    for &(text, column, offending, reason) in cases {
        check(&before, text, "\n}", (Invalid, 1, column, offending, reason));
    }
}

/// The body of a kernel with some registers.
fn in_kernel(body: &str) -> String {
    format!("{HEADER}.entry k() {{\n.reg .pred %p<9>; .reg .b32 %r<9>;\n{body}\n}}")
}

#[test]
fn an_error_renders_with_a_caret() {
    let text = in_kernel("\tadd.s32 \t%r1, %r2, %q;");
    let expected = "error: `%q` is not declared\n  --> line 6, column 21\n  |\n6 | \tadd.s32 \t%r1, %r2, %q;\n  | \t        \t          ^^";
    assert_eq!(parse(&text).unwrap_err().to_string(), expected);
}

#[test]
fn a_long_line_renders_as_a_window() {
    let text = format!("{HEADER}{}.foo", " ".repeat(100_000));
    let errors = parse(&text).unwrap_err();
    assert_eq!((errors.first().line(), errors.first().column()), (4, 100_001));
    let rendered = errors.to_string();
    assert!(rendered.len() < 1000, "{}", rendered.len());
    let lines: Vec<&str> = rendered.lines().collect();
    assert_eq!(lines[3].find(".foo"), lines[4].find("^^^^"));
}

#[test]
fn several_errors_are_reported_in_order() {
    let text =
        in_kernel("frob %r1;\nadd.s32 %r1, %r2, %r3;\nadd.s32 %r1, %x, %r3;\n{ mul.s32 %r1, %r2, %r3; }\nbra L;") + "\n.global .b32 x = y;";
    let errors = parse(&text).unwrap_err();
    let found: Vec<(u32, &str)> = errors.iter().map(|e| (e.line(), e.text())).collect();
    assert_eq!(found, [(6, "frob"), (8, "%x"), (9, "mul.s32"), (10, "L"), (12, "y")]);
}

#[test]
fn the_number_of_errors_is_limited() {
    let errors = parse(&in_kernel(&"frob;\n".repeat(1000))).unwrap_err();
    assert_eq!(errors.iter().count(), 20);
}

#[test]
fn a_broken_function_does_not_hide_the_next() {
    let text = format!("{HEADER}.entry a(.param .b32) {{ add.s32 x, y, z; {{ ret; }} }}\n.entry b() {{ foo; }}");
    let errors = parse(&text).unwrap_err();
    let found: Vec<(u32, &str)> = errors.iter().map(|e| (e.line(), e.text())).collect();
    assert_eq!(found, [(4, ")"), (5, "foo")]);
}

#[test]
fn deep_nesting_is_refused() {
    for text in [in_kernel(&"{".repeat(100_000)), in_kernel(&format!("mov.b32 %r1, {}1;", "-".repeat(100_000)))] {
        let errors = parse(&text).unwrap_err();
        assert_eq!((errors.first().kind, errors.first().reason.as_str()), (Limit, "nested more than 64 deep"));
    }
}

#[test]
fn oversized_text_is_refused() {
    let text = " ".repeat((64 << 20) + 1);
    let errors = parse(&text).unwrap_err();
    assert_eq!(errors.to_string(), "limit exceeded: the PTX text has 67108865 bytes, more than 67108864");
    let text = ";".repeat((8 << 20) + 1);
    assert_eq!(parse(&text).unwrap_err().first().reason, "the text has more than 8388608 tokens");
}
