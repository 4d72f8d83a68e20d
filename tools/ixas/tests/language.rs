// SPDX-License-Identifier: Apache-2.0 OR MIT
//! What sources mean and how wrong ones are reported.

use ix_hw::isa::Inst;
use ixas::assemble;

fn code(source: &str) -> Vec<u8> {
    assemble("test", source).unwrap_or_else(|e| panic!("{e}")).code
}

/// `line:column+length message` of each error.
fn errors(source: &str) -> Vec<String> {
    let errors = assemble("test", source).expect_err("the source is wrong");
    errors.0.iter().map(|e| format!("{}:{}+{} {}", e.line, e.column, e.length, e.message)).collect()
}

fn instructions(source: &str) -> Vec<String> {
    code(source).chunks(16).map(|b| Inst::from_bytes(b.try_into().unwrap()).unwrap().to_string()).collect()
}

#[test]
fn labels_are_distances_forwards_and_backwards() {
    let source = "start:\n bra end // forwards\n one: two: bra_s.z s1, start\n call start\n bra_m.any m2 , end\nend: exit\n";
    let wanted = ["bra +64", "bra_s.z s1, -16", "call -32", "bra_m.any m2, +16", "exit"];
    assert_eq!(instructions(source), wanted);
}

#[test]
fn colon_of_a_modifier_is_no_label() {
    assert_eq!(instructions("lop3.b32.lut:128 v0, v1, v2, v3"), ["lop3.b32.lut:128 v0, v1, v2, v3"]);
}

#[test]
fn data_is_little_endian_and_takes_labels() {
    let source = ".byte 1, 0xff, -1\n.align 4\n.u16 0x1234\n.u16 -2\nhere: .u32 here, 0xffffffff\n.u64 -2\n";
    let wanted = [1, 255, 255, 0, 0x34, 0x12, 0xfe, 0xff, 8, 0, 0, 0, 255, 255, 255, 255, 0xfe, 255, 255, 255, 255, 255, 255, 255];
    assert_eq!(code(source), wanted);
    assert_eq!(code(".byte 1\n.align 16\nexit\n").len(), 32);
}

#[test]
fn errors_name_the_place() {
    assert_eq!(errors("  frob.u32 v0"), ["1:3+4 unknown operation `frob`"]);
    assert_eq!(errors("\tadd.u33 v0, v1, v2"), ["1:6+3 the operation has no type or modifier `u33`"]);
    assert_eq!(errors("exit\n  add.u32 v0, v1, v2, v3 // four"), ["2:23+2 superfluous `v3`"]);
    assert_eq!(errors("x: add.u32 v0, v1"), ["1:4+14 missing source"]);
    assert_eq!(errors("  add.u32 s0, v1, v2"), ["1:3+18 vector source in a scalar instruction"]);
    assert_eq!(errors("é: bra nowhere"), ["1:1+2 unknown operation `é:`"]);
    assert_eq!(errors(" bra nowhere"), ["1:6+7 there is no label `nowhere`"]);
    assert_eq!(errors("a:\na: exit"), ["2:1+1 `a` is defined twice"]);
    assert_eq!(errors(".frob 1"), ["1:1+5 unknown directive `.frob`"]);
    assert_eq!(errors(".u16 1, 65536"), ["1:9+5 `65536` does not fit in 16 bits"]);
    assert_eq!(errors(".u16 , 1"), ["1:6+1 `` is neither a number nor a label"]);
    assert_eq!(errors(".byte"), ["1:1+5 `.byte` without a value"]);
    assert_eq!(errors(".align 3"), ["1:8+1 `3` is not a power of two up to 4096"]);
    assert_eq!(errors(".entry 3x"), ["1:1+9 expected `.entry NAME`, found `.entry 3x`"]);
    assert_eq!(errors(".line x"), ["1:7+1 `x` is not the number of a line"]);
    assert_eq!(errors(".line 1 k.cu"), ["1:9+4 expected a file name in quotes, found `k.cu`"]);
    assert_eq!(errors(".byte 1\n exit"), ["2:2+4 instruction at offset 0x1, which is not a multiple of 16: use .align 16"]);
}

#[test]
fn branch_to_data_that_is_not_aligned_is_refused() {
    assert_eq!(errors("bra x\n.byte 1\nx: .byte 2"), ["1:1+5 immediate does not fit or is not used"]);
}

#[test]
fn all_errors_are_reported_in_order() {
    let found = errors("bra nowhere\n.frob\nfrob\n");
    assert_eq!(found, ["1:5+7 there is no label `nowhere`", "2:1+5 unknown directive `.frob`", "3:1+4 unknown operation `frob`"]);
}

#[test]
fn empty_source_is_an_empty_program() {
    assert_eq!(assemble("test", "\n// nothing\n").unwrap(), ixas::Program::default());
}

#[test]
fn example_of_the_manual_assembles() {
    let manual = include_str!("../../../docs/ixas.md");
    let (_, example) = manual.split_once("## Example").unwrap();
    let source: Vec<_> = example.lines().filter_map(|l| l.strip_prefix("    ")).collect();
    let program = assemble("docs/ixas.md", &source.join("\n")).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(program.code.len(), 9 * 16);
    assert_eq!(program.map(), "entry 0x0000 twice\n");
}
