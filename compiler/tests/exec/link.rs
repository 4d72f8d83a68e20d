// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Programs of several modules: what names mean across them, and what runs.

use crate::machine::{Machine, Params, Shape};
use ix_compiler::{link, ErrorKind, Errors, Input, Library, Module, Options};

const HEADER: &str = ".version 7.8\n.target sm_80\n.address_size 64\n";

/// Links texts that have no headers, called a.ptx, b.ptx, ...
fn try_link(texts: &[&str], libraries: &[&Library]) -> Result<Module, Errors> {
    let names = ["a.ptx", "b.ptx", "c.ptx", "d.ptx"];
    let texts: Vec<String> = texts.iter().map(|t| format!("{HEADER}{t}")).collect();
    let inputs: Vec<_> = texts.iter().zip(names).map(|(text, name)| Input { name, text }).collect();
    link(&inputs, &|| libraries.to_vec(), &Options::default())
}

#[track_caller]
fn linked(texts: &[&str]) -> Module {
    try_link(texts, &[]).unwrap_or_else(|e| panic!("{e}"))
}

/// Links, which must fail with these words.
#[track_caller]
fn refused(texts: &[&str], words: &[&str]) -> Errors {
    let errors = try_link(texts, &[]).expect_err("the program should be refused");
    let text = errors.to_string();
    for words in words {
        assert!(text.contains(words), "{text}\nshould say {words:?}");
    }
    errors
}

/// What the kernel `k(out)` leaves in the `n` words at `out`; with a block of as many threads.
#[track_caller]
fn run(module: &Module, n: u32) -> Vec<u32> {
    run_shape(module, Shape::linear(1, n), n as usize).unwrap_or_else(|e| panic!("{e}"))
}

fn run_shape(module: &Module, shape: Shape, words: usize) -> Result<Vec<u32>, String> {
    let mut machine = Machine::new();
    machine.load(module);
    let out = machine.buffer(&vec![0xee; 4 * words]);
    let mut params = Params::default();
    params.push(&out.to_le_bytes());
    machine.run(module, "k", shape, &params.0)?;
    Ok(machine.read(out, 4 * words).chunks_exact(4).map(|c| u32::from_le_bytes(c.try_into().unwrap())).collect())
}

/// A kernel that stores what `body` leaves in `%r0` in word `%tid.x`.
fn kernel(body: &str) -> String {
    format!(
        ".visible .entry k(.param .u64 out) {{ .reg .b32 %r<10>; .reg .b64 %rd<10>; .reg .pred %p<4>;
         ld.param.u64 %rd0, [out]; mov.u32 %r9, %tid.x; mul.wide.u32 %rd1, %r9, 4; add.s64 %rd1, %rd0, %rd1;
         {body}
         st.global.u32 [%rd1], %r0; ret; }}"
    )
}

const DECLARE_F: &str = ".extern .func (.reg .b32 %y) f(.reg .b32 %x);\n";

fn define_f(linkage: &str, addend: u32) -> String {
    format!("{linkage} .func (.reg .b32 %y) f(.reg .b32 %x) {{ add.u32 %y, %x, {addend}; ret; }}\n")
}

fn call_f() -> String {
    DECLARE_F.to_owned() + &kernel("call (%r0), f, (%r9);")
}

#[test]
fn function_of_another_module_is_called_wherever_it_comes() {
    let (caller, callee) = (call_f(), define_f(".visible", 5));
    assert_eq!(run(&linked(&[&caller, &callee]), 3), [5, 6, 7]);
    assert_eq!(run(&linked(&[&callee, &caller]), 3), [5, 6, 7]);
}

#[test]
fn parameters_in_memory_cross_modules() {
    let caller = ".extern .func (.param .b32 r) sum(.param .align 8 .b8 s[16], .param .b64 p);\n".to_owned()
        + &kernel(
            "{ .param .align 8 .b8 s[16]; .param .b64 p; .param .b32 r;
             st.param.u32 [s], %r9; st.param.u32 [s+4], 10; st.param.u64 [s+8], 100; st.param.u64 [p], 1000;
             call (r), sum, (s, p); ld.param.b32 %r0, [r]; }",
        );
    let callee = ".visible .func (.param .b32 r) sum(.param .align 8 .b8 s[16], .param .b64 p) { .reg .b32 %r<9>;
        ld.param.u32 %r0, [s]; ld.param.u32 %r1, [s+4]; ld.param.u32 %r2, [s+8]; ld.param.u32 %r3, [p];
        add.u32 %r0, %r0, %r1; add.u32 %r0, %r0, %r2; add.u32 %r0, %r0, %r3; st.param.b32 [r], %r0; ret; }";
    assert_eq!(run(&linked(&[&caller, callee]), 2), [1110, 1111]);
}

#[test]
fn weak_gives_way_to_strong_and_the_first_of_two_counts() {
    let (caller, strong) = (call_f(), define_f(".visible", 1));
    let (weak, other) = (define_f(".weak", 2), define_f(".weak", 3));
    assert_eq!(run(&linked(&[&caller, &weak, &strong]), 1), [1]);
    assert_eq!(run(&linked(&[&caller, &strong, &weak]), 1), [1]);
    assert_eq!(run(&linked(&[&caller, &weak, &other]), 1), [2]);
    assert_eq!(run(&linked(&[&caller, &other, &weak, &strong]), 1), [1]);
    // The module's own weak definition gives way, too.
    let own = weak.clone() + &kernel("call (%r0), f, (%r9);");
    assert_eq!(run(&linked(&[&own, &strong]), 1), [1]);
    assert_eq!(run(&linked(&[&own, &other]), 1), [2]);
}

#[test]
fn static_names_do_not_clash() {
    let a = ".global .u32 seed = 7;\n".to_owned()
        + &define_f("", 1)
        + ".visible .func (.reg .b32 %y) ga() { .reg .b32 %t; ld.global.u32 %t, [seed]; call (%y), f, (%t); ret; }";
    let b = ".global .u32 seed = 40;\n".to_owned()
        + &define_f("", 2)
        + ".visible .func (.reg .b32 %y) gb() { .reg .b32 %t; ld.global.u32 %t, [seed]; call (%y), f, (%t); ret; }";
    let c = ".extern .func (.reg .b32 %y) ga();\n.extern .func (.reg .b32 %y) gb();\n".to_owned()
        + &kernel("call (%r1), ga; call (%r2), gb; mul.lo.u32 %r1, %r1, 1000; add.u32 %r0, %r1, %r2;");
    let module = linked(&[&a, &b, &c]);
    assert_eq!(run(&module, 1), [8042]);
    assert_eq!(module.symbols.iter().filter(|s| s.name == "seed").count(), 1);
    let visible = linked(&[&a, ".visible .global .u32 seed[2] = {1, 2};", &b, &c]);
    assert_eq!(run(&visible, 1), [8042]);
    assert_eq!(visible.symbols.iter().find(|s| s.name == "seed").map(|s| s.size), Some(8));
}

#[test]
fn variables_are_shared_between_modules() {
    let a = ".extern .global .u32 counts[];\n.extern .const .u32 base;\n".to_owned()
        + &kernel("ld.const.u32 %r1, [base]; ld.global.u32 %r2, [counts+4]; add.u32 %r0, %r1, %r2;");
    let b = ".visible .global .u32 counts[3] = {1, 20, 3};\n.visible .const .u32 base = 300;";
    assert_eq!(run(&linked(&[&a, b]), 1), [320]);
    // A declaration before the definition in one module.
    let own = ".extern .global .u32 x;\n".to_owned() + &kernel("ld.global.u32 %r0, [x];") + "\n.visible .global .u32 x = 9;";
    assert_eq!(run(&linked(&[&own]), 1), [9]);
}

#[test]
fn commons_are_one_variable_as_large_as_the_largest() {
    let a = ".common .global .u32 c[2];\n".to_owned()
        + &kernel("st.global.u32 [c+4], 5; call set; ld.global.u32 %r0, [c+4];")
            .replace(".visible .entry", ".extern .func set();\n.visible .entry");
    let b = ".common .global .u32 c[9];\n.visible .func set() { .reg .b32 %t; ld.global.u32 %t, [c+4]; add.u32 %t, %t, 1; st.global.u32 [c+4], %t; ret; }";
    let module = linked(&[&a, b]);
    assert_eq!(run(&module, 1), [6]);
    assert_eq!(module.symbols.iter().map(|s| (s.name.as_str(), s.size)).collect::<Vec<_>>(), [("c", 36)]);
    let initialised = linked(&[&a, b, ".visible .global .u32 c[10] = {0, 0, 77};"]);
    assert_eq!(initialised.symbols[0].size, 40);
    assert_eq!(&initialised.data[initialised.symbols[0].offset as usize + 8..][..4], [77, 0, 0, 0]);
}

#[test]
fn initialisers_hold_addresses_of_other_modules() {
    let a = ".extern .global .u32 numbers[4];\n".to_owned()
        + DECLARE_F
        + ".global .u64 table[3] = {generic(numbers)+8, f, numbers};
           .global .align 1 .b8 bytes[9] = {7, 0xff(numbers), 0xff00(numbers), 0xff0000(numbers), 0xff000000(numbers), 0xff00000000(numbers),
             0xff0000000000(numbers), 0xff000000000000(numbers), 0xff00000000000000(numbers)};\n"
        + &kernel(
            "ld.global.u64 %rd2, [table]; ld.u32 %r1, [%rd2]; ld.global.u64 %rd3, [table+8];
             proto: .callprototype (.reg .b32 _) _ (.reg .b32 _);
             call (%r0), %rd3, (%r1), proto;
             mov.u32 %r3, 0; mov.u64 %rd4, 0; mov.u32 %r5, 8;
             loop: cvt.u64.u32 %rd5, %r5; mov.u64 %rd6, bytes; add.s64 %rd5, %rd5, %rd6; ld.global.u8 %rd7, [%rd5];
             shl.b64 %rd4, %rd4, 8; or.b64 %rd4, %rd4, %rd7; sub.u32 %r5, %r5, 1; setp.ne.u32 %p0, %r5, 0; @%p0 bra loop;
             ld.u32 %r3, [%rd4+12]; mul.lo.u32 %r3, %r3, 1000; add.u32 %r0, %r0, %r3;",
        );
    let b = ".visible .global .u32 numbers[4] = {1, 2, 30, 4};\n".to_owned() + &define_f(".visible", 5);
    assert_eq!(run(&linked(&[&a, &b]), 1), [4035]);
}

#[test]
fn function_pointers_cross_modules() {
    let a = ".extern .func (.reg .b32 %y) twice(.reg .b32 %x);\n.extern .func (.reg .b32 %y) apply(.reg .b64 %g, .reg .b32 %x);\n"
        .to_owned()
        + &define_f("", 100)
        + &kernel(
            "mov.u64 %rd2, twice; mov.u64 %rd3, f; and.b32 %r1, %r9, 1; setp.eq.u32 %p0, %r1, 0; selp.b64 %rd4, %rd2, %rd3, %p0;
             call (%r0), apply, (%rd4, %r9);",
        );
    let b = ".visible .func (.reg .b32 %y) apply(.reg .b64 %g, .reg .b32 %x) { .reg .b32 %t;
         proto: .callprototype (.reg .b32 _) _ (.reg .b32 _);
         call (%t), %g, (%x), proto; add.u32 %y, %t, 1; ret; }";
    let c = ".visible .func (.reg .b32 %y) twice(.reg .b32 %x) { add.u32 %y, %x, %x; ret; }";
    let module = linked(&[&a, b, c]);
    assert_eq!(run(&module, 4), [1, 102, 5, 104]);
    assert!(module.kernels[0].uses_stack);
}

#[test]
fn aliases_are_names_for_other_modules() {
    let a = call_f();
    let b = ".visible .func (.reg .b32 %y) f(.reg .b32 %x);\n.func (.reg .b32 %y) real(.reg .b32 %x) { sub.u32 %y, %x, 1; ret; }\n.alias f, real;";
    assert_eq!(run(&linked(&[&a, b]), 2), [u32::MAX, 0]);
    refused(&[&a, ".visible .func (.reg .b32 %y) f(.reg .b32 %x);\n.alias f, f;"], &["alias"]);
    refused(&[".func a();\n.func b();\n.alias a, b;\n.alias b, a;"], &["alias"]);
}

#[test]
fn duplicate_definitions_name_both_places() {
    let (a, b) = (define_f(".visible", 1), format!("\n\n{}", define_f(".visible", 2)));
    refused(&[&a, &b, &call_f()], &["b.ptx, line 6", "`f` is already defined in line 4 of a.ptx"]);
    refused(&[&call_f(), &a, &call_f()], &["`k` is already defined in line 5 of a.ptx", "c.ptx, line 5"]);
    refused(&[".visible .global .u32 x;", ".visible .global .u32 x;"], &["`x` is already defined in line 4 of a.ptx"]);
    refused(&[".visible .global .u32 f;", &a], &["`f` is already defined in line 4 of a.ptx"]);
}

#[test]
fn what_is_defined_nowhere_is_named_with_its_declaration() {
    let errors = refused(&[&call_f(), ""], &["a.ptx, line 7", "`f` is declared in line 4 of a.ptx and defined nowhere"]);
    assert_eq!(errors.first().kind, ErrorKind::Invalid);
    let variable = ".extern .global .u32 x;\n".to_owned() + &kernel("ld.global.u32 %r0, [x];");
    refused(&["", &variable], &["b.ptx, line 7", "`x` is declared in line 4 of b.ptx and defined nowhere"]);
    refused(&[&format!("{DECLARE_F}.global .u64 p = f;\n{}", kernel("ld.global.u32 %r0, [p];"))], &["`f` is declared in line 4 of a.ptx"]);
    let pointer = DECLARE_F.to_owned() + &kernel("mov.u64 %rd2, f; cvt.u32.u64 %r0, %rd2;");
    refused(&[&pointer], &["`f` is declared in line 4 of a.ptx and defined nowhere"]);
    // What nobody uses may be missing.
    let unused = DECLARE_F.to_owned() + ".extern .global .u32 x;\n" + &kernel("mov.u32 %r0, 1;");
    assert_eq!(run(&linked(&[&unused]), 1), [1]);
}

#[test]
fn declaration_and_definition_must_agree() {
    let caller = call_f();
    for other in [
        ".visible .func (.reg .b32 %y) f(.reg .b32 %x, .reg .b32 %z) { ret; }",
        ".visible .func f(.reg .b32 %x) { ret; }",
        ".visible .func (.reg .b32 %y) f(.param .b32 x) { ret; }",
    ] {
        refused(&[&caller, other], &["a.ptx, line 4", "`f` has other parameters than in line 4 of b.ptx"]);
    }
    refused(&[&caller, ".visible .global .u32 f;"], &["`f` is a function, and a variable in line 4 of b.ptx"]);
    let uses = |decl: &str| decl.to_owned() + &kernel("mov.u32 %r0, 0;");
    refused(&[&uses(".extern .global .u32 x[4];\n"), ".visible .global .u32 x[3];"], &["`x` has 16 bytes, and 12 in line 4 of b.ptx"]);
    refused(&[&uses(".extern .global .u32 x;\n"), ".visible .const .u32 x;"], &["`x` is in `.global`, and in `.const` in line 4"]);
}

#[test]
fn errors_of_a_unit_name_it() {
    refused(&["", ".visible .func f() { add.u32 %a, 1, 2; }"], &["--> b.ptx, line 4, column"]);
    refused(&["", "/* no end"], &["--> b.ptx, line 4, column 1"]);
    let unsupported = kernel("txq.width.b32 %r0, [%rd1];");
    refused(&["", &unsupported], &["--> b.ptx, line"]);
}

#[test]
fn source_lines_are_those_of_each_unit() {
    let a = format!(".file 1 \"a.cu\"\n{DECLARE_F}{}", kernel(".loc 1 10 0\n call (%r0), f, (%r9);"));
    let b = ".file 1 \"b.cu\"\n.visible .func (.reg .b32 %y) f(.reg .b32 %x) { .loc 1 20 0\n mul.lo.u32 %y, %x, %x; ret; }";
    let module = linked(&[&a, b]);
    let mut lines: Vec<_> = module.lines.iter().map(|l| (module.files[l.1 as usize].as_str(), l.2)).collect();
    lines.sort_unstable();
    lines.dedup();
    assert_eq!(lines, [("a.cu", 10), ("b.cu", 20)]);
}

#[test]
fn libraries_give_what_no_module_defines() {
    static TEXT: &str = ".version 7.8\n.target sm_80\n.address_size 64
        .global .u32 secret = 50;
        .visible .func (.reg .b32 %y) f(.reg .b32 %x) { .reg .b32 %t; ld.global.u32 %t, [secret]; add.u32 %y, %x, %t; ret; }
        .visible .func (.reg .b32 %y) env() { .reg .b64 %e; call (%e), __ix_environment; cvt.u32.u64 %y, %e; ret; }
        .visible .func broken() { no.such.instruction; }
        .extern .func (.reg .b64 %y) __ix_environment();";
    let text: &'static str = TEXT
        .replace(".extern .func (.reg .b64 %y) __ix_environment();", "")
        .replace("address_size 64\n", "address_size 64\n.extern .func (.reg .b64 %y) __ix_environment();\n")
        .leak();
    let library = Library::new(text);
    let module = try_link(&[&call_f()], &[&library]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(run(&module, 2), [50, 51]);
    assert_eq!(module.imports, ["f"]);
    assert!(module.symbols.is_empty(), "{:?}", module.symbols);
    // A module's own definition comes first.
    let own = try_link(&[&call_f(), &define_f(".visible", 1)], &[&library]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(run(&own, 1), [1]);
    assert!(own.imports.is_empty());
    let env = ".extern .func (.reg .b32 %y) env();\n".to_owned() + &kernel("call (%r0), env;");
    let module = try_link(&[&env], &[&library]).unwrap_or_else(|e| panic!("{e}"));
    assert_eq!(run(&module, 1), [0]);
    assert_eq!(module.imports, ["env"]);
}

#[test]
fn exit_in_functions_ends_the_thread() {
    // Called by itself: threads end at different depths, and the others go on.
    let recursive = ".func (.reg .b32 %y) dive(.reg .b32 %x, .reg .b32 %n) { .reg .pred %p; .reg .b32 %t;
         setp.eq.u32 %p, %n, 0; @%p mov.u32 %y, %x; @%p bra done;
         setp.eq.u32 %p, %x, %n; @%p exit;
         sub.u32 %t, %n, 1; call (%y), dive, (%x, %t); add.u32 %y, %y, 10;
         done: ret; }\n";
    let text = recursive.to_owned() + &kernel("call (%r0), dive, (%r9, 3);");
    const BLANK: u32 = 0xeeee_eeee;
    assert_eq!(run(&linked(&[&text]), 5), [30, BLANK, BLANK, BLANK, 34]);
    // Called through a pointer, in a loop, with a barrier that the survivors wait at.
    let indirect = ".visible .func quit(.reg .b32 %x) { exit; }\n.visible .func stay(.reg .b32 %x) { ret; }";
    let text = ".extern .func quit(.reg .b32 %x);\n.extern .func stay(.reg .b32 %x);\n".to_owned()
        + &kernel(
            "mov.u32 %r0, 0;
             again: setp.eq.u32 %p0, %r9, %r0; mov.u64 %rd2, quit; mov.u64 %rd3, stay; selp.b64 %rd4, %rd2, %rd3, %p0;
             proto: .callprototype _ (.reg .b32 _);
             call %rd4, (%r9), proto;
             add.u32 %r0, %r0, 1; setp.lt.u32 %p1, %r0, 35; @%p1 bra again; bar.sync 0;",
        );
    let found = run(&linked(&[&text, indirect]), 70);
    assert_eq!(found, (0..70).map(|i| if i < 35 { BLANK } else { 35 }).collect::<Vec<_>>());
    // All threads end in it.
    let text = ".extern .func quit(.reg .b32 %x);\n".to_owned()
        + &kernel("mov.u64 %rd2, quit; proto: .callprototype _ (.reg .b32 _) .noreturn; call %rd2, (%r9), proto; mov.u32 %r0, 1;");
    assert_eq!(run(&linked(&[&text, indirect]), 40), [BLANK; 40]);
}

#[test]
fn dynamic_shared_memory_in_functions() {
    let a = ".extern .shared .align 4 .b8 pool[];\n.extern .func (.reg .b32 %y) sum(.reg .b32 %n);\n".to_owned()
        + &kernel(
            "shl.b32 %r1, %r9, 2; mov.u32 %r2, pool; add.u32 %r2, %r2, %r1; add.u32 %r3, %r9, 1; st.shared.u32 [%r2], %r3; bar.sync 0;
             call (%r0), sum, (%r9);",
        )
        .replace("{ .reg .b32", "{ .shared .u32 own[5]; st.shared.u32 [own+16], 9; .reg .b32");
    let b = ".extern .shared .align 4 .b8 pool[];
        .visible .func (.reg .b32 %y) sum(.reg .b32 %n) { .reg .pred %p; .reg .b32 %a; .reg .b32 %t;
         shl.b32 %a, %n, 2; mov.u32 %t, pool; add.u32 %a, %a, %t; ld.shared.u32 %y, [%a];
         setp.eq.u32 %p, %n, 0; @%p ret;
         sub.u32 %t, %n, 1; call (%t), sum, (%t); add.u32 %y, %y, %t; ret; }";
    let module = linked(&[&a, b]);
    let shape = Shape { dynamic_shared: 64, ..Shape::linear(1, 8) };
    assert_eq!(run_shape(&module, shape, 8), Ok(vec![1, 3, 6, 10, 15, 21, 28, 36]));
}

#[test]
fn running_out_of_stack_is_a_fault() {
    let text = ".func (.reg .b32 %y) deep(.reg .b32 %n) { .local .align 8 .b8 room[512]; .reg .b64 %a; .reg .b32 %t; .reg .pred %p;
         mov.u64 %a, room; st.local.u32 [%a], %n; setp.eq.u32 %p, %n, 0; mov.u32 %y, 0; @%p ret;
         sub.u32 %t, %n, 1; call (%y), deep, (%t); ld.local.u32 %t, [%a]; add.u32 %y, %y, %t; ret; }\n"
        .to_owned()
        + &kernel("call (%r0), deep, (DEPTH);");
    assert_eq!(run(&linked(&[&text.replace("DEPTH", "20")]), 2), [210, 210]);
    let error = run_shape(&linked(&[&text.replace("DEPTH", "100")]), Shape::linear(1, 2), 2).unwrap_err();
    assert!(error.starts_with(&format!("fault kind {}:", ix_hw::fault::kind::LOCAL_RANGE)), "{error}");
}
