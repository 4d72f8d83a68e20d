// SPDX-License-Identifier: Apache-2.0 OR MIT
//! One test for each feature of PTX's syntax: what the tree says about it, and that it prints to itself.

use ix_compiler::ptx::ast::*;
use ix_compiler::ptx::opcode::Opcode;
use ix_compiler::ptx::parse;
use ix_compiler::ptx::special::SpecialReg;
use ix_compiler::ptx::words::*;

/// Parses a module after the usual header, and checks that it prints to an equal one.
fn module(text: &str) -> Module<'static> {
    let text = Box::leak(format!(".version 7.8\n.target sm_80\n.address_size 64\n{text}").into_boxed_str());
    let module = parse(text).unwrap_or_else(|errors| panic!("{errors}"));
    let printed = module.to_string();
    let again = parse(&printed).unwrap_or_else(|errors| panic!("printed:\n{printed}\n{errors}"));
    assert_eq!(again, module, "printed:\n{printed}");
    module
}

/// Parses a kernel with this body and a few declarations.
fn kernel(body: &str) -> Module<'static> {
    module(&format!(
        ".global .b32 g[16];\n.extern .shared .align 16 .b8 sh[];\n.visible .entry k(.param .u64 a, .param .u32 n)\n{{\n\
         .reg .pred %p<10>;\n.reg .b16 %h<10>;\n.reg .b32 %r<20>;\n.reg .f32 %f<10>;\n.reg .b64 %rd<10>;\n.reg .f64 %fd<10>;\n\
         .reg .v2 .b32 %v2;\n.reg .v4 .f32 %v4;\n.local .align 8 .b8 depot[16];\n{body}\n}}\n"
    ))
}

/// All instructions of the last function, blocks opened.
fn instructions(module: &Module<'static>) -> Vec<Instruction<'static>> {
    fn collect(body: &[Statement<'static>], all: &mut Vec<Instruction<'static>>) {
        for statement in body {
            match statement {
                Statement::Instruction(inst) => all.push(inst.clone()),
                Statement::Block(body) => collect(body, all),
                _ => {}
            }
        }
    }
    let mut all = Vec::new();
    collect(module.functions.last().unwrap().body.as_ref().unwrap(), &mut all);
    all
}

/// The only instruction of a kernel, with the name of the register behind each register operand.
fn one(text: &str) -> Instruction<'static> {
    let module = kernel(text);
    let mut all = instructions(&module);
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn imms(inst: &Instruction<'_>) -> Vec<Imm> {
    inst.operands.iter().filter_map(|o| if let Operand::Imm(imm) = o { Some(*imm) } else { None }).collect()
}

#[test]
fn header_gives_version_target_and_address_size() {
    let module = parse(".version 8.7 .target sm_120a, debug .address_size 64").unwrap();
    assert_eq!(module.version, Version { major: 8, minor: 7 });
    assert_eq!(module.target, Target { sm: 120, variant: Some('a'), options: vec!["debug"] });
    assert_eq!(module.address_size, 64);
    let module = parse(".version 6.0\n.target texmode_independent, sm_30").unwrap();
    assert_eq!((module.target.sm, module.target.options), (30, vec!["texmode_independent"]));
}

#[test]
fn variables_have_space_alignment_dimensions_and_linkage() {
    let module = module(
        ".visible .global .align 16 .v4 .f32 table[2][3];\n.const .u8 c = 3;\n.weak .global .attribute(.managed) .s32 m;\n\
         .common .global .b64 x;\n.shared .b32 s1, s2[4];\n.global .align 4 .texref t;\n",
    );
    let [table, c, m, x, s1, s2, t] = &module.variables[..] else { panic!("{}", module.variables.len()) };
    assert_eq!((table.space, table.ty, table.vector), (Space::Global, Type::F32, Some(VectorWidth::V4)));
    assert_eq!((table.align, &table.dims[..], table.bytes(), table.linkage), (Some(16), &[2, 3][..], 96, Some(Linkage::Visible)));
    assert_eq!((c.space, c.bytes(), c.alignment(), &c.init), (Space::Const, 1, 1, &Some(Init::Imm(Imm::S64(3)))));
    assert_eq!((m.managed, m.linkage), (true, Some(Linkage::Weak)));
    assert_eq!((x.linkage, x.alignment()), (Some(Linkage::Common), 8));
    assert_eq!((s1.bytes(), s2.bytes(), t.ty), (4, 16, Type::Texref));
}

#[test]
fn extern_array_without_size_is_unsized() {
    let module = module(".extern .shared .align 16 .b8 smem[];\n.extern .global .u32 e[][4];\n");
    assert!(module.variables.iter().all(Variable::is_unsized));
    assert_eq!(module.variables[0].bytes(), 0);
    assert_eq!(module.variables[1].dims, [0, 4]);
}

#[test]
fn initialisers_may_be_scalars_lists_and_nested_lists() {
    let module = module(
        ".global .f32 pi = 0f40490FDB;\n.global .f64 e = 2.5;\n.global .s32 neg[4] = {-1, 2, 0x10};\n\
         .global .u16 nested[2][2] = {{1, 2}, {3, 4}};\n.global .u8 sized[] = {1, 2, 3};\n.global .v2 .u32 v = {7, 8};\n",
    );
    let init = |n: usize| module.variables[n].init.clone().unwrap();
    let list = |values: &[i64]| Init::List(values.iter().map(|v| Init::Imm(Imm::S64(*v))).collect());
    assert_eq!(init(0), Init::Imm(Imm::F32(0x4049_0fdb)));
    assert_eq!(init(1), Init::Imm(Imm::F64(2.5f64.to_bits())));
    assert_eq!(init(2), list(&[-1, 2, 16]));
    assert_eq!(init(3), Init::List(vec![list(&[1, 2]), list(&[3, 4])]));
    assert_eq!((init(4), module.variables[4].bytes()), (list(&[1, 2, 3]), 3));
    assert_eq!(init(5), list(&[7, 8]));
}

#[test]
fn initialisers_may_be_addresses() {
    let module = module(
        ".global .u32 a[4];\n.func f() { ret; }\n\
         .global .u64 p[5] = {a, a+4, generic(a), generic(a)+8, f};\n.global .u8 b[3] = {0xff(a), 0xff00(generic(a)+1), 0xff0000(a)};\n",
    );
    let addresses = |n: usize| match module.variables[n].init.as_ref().unwrap() {
        Init::List(list) => list.iter().map(|i| if let Init::Address(a) = i { (**a).clone() } else { panic!("{i:?}") }).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    let address = |generic, offset, mask| InitAddress { symbol: Symbol::Var(VarId(0)), generic, offset, mask };
    let p = addresses(1);
    assert_eq!(p[..4], [address(false, 0, None), address(false, 4, None), address(true, 0, None), address(true, 8, None)]);
    assert_eq!(p[4].symbol, Symbol::Func(FuncId(0)));
    assert_eq!(addresses(2), [address(false, 0, Some(0xff)), address(true, 1, Some(0xff00)), address(false, 0, Some(0xff_0000))]);
}

#[test]
fn extern_declaration_links_to_its_definition() {
    let module = module(
        ".extern .global .u32 x;\n.entry k() { .reg .b32 %r; ld.global.u32 %r, [x]; ret; }\n.visible .global .u32 x = 5;\n.extern .global .u32 y;\n",
    );
    assert_eq!(module.resolve_var(VarId(0)), VarId(1));
    assert_eq!(module.resolve_var(VarId(2)), VarId(2));
}

#[test]
fn kernel_parameters_carry_ptr_and_arrays() {
    let module = module(
        ".entry k(.param .u64 .ptr .global .align 16 a, .param .u64 .ptr .align 1 b, .param .u64 .ptr c, .param .align 8 .b8 s[24], .param .f32 f) { ret; }",
    );
    let params = &module.variables;
    assert_eq!(params[0].ptr, Some(Ptr { space: Some(Space::Global), align: Some(16) }));
    assert_eq!(params[1].ptr, Some(Ptr { space: None, align: Some(1) }));
    assert_eq!(params[2].ptr, Some(Ptr { space: None, align: None }));
    assert_eq!((params[3].bytes(), params[3].alignment(), params[3].ptr), (24, 8, None));
    assert_eq!((params[0].alignment(), params[0].owner), (8, Some(FuncId(0))));
}

#[test]
fn launch_bounds_and_pragmas_stand_after_the_parameters() {
    let module = module(
        ".entry k() .maxntid 256, 2 .reqntid 128 .minnctapersm 2 .maxnreg 64 .pragma \"nounroll\"; .explicitcluster .maxclusterrank 8 { ret; }",
    );
    let a = &module.functions[0].attributes;
    assert_eq!((a.maxntid, a.reqntid), (Some([256, 2, 1]), Some([128, 1, 1])));
    assert_eq!((a.minnctapersm, a.maxnreg, a.maxclusterrank), (Some(2), Some(64), Some(8)));
    assert_eq!((&a.pragmas[..], a.explicitcluster), (&["nounroll"][..], true));
}

#[test]
fn functions_have_return_parameters_and_prototypes() {
    let module = module(
        ".extern .func (.param .b32 r) vprintf(.param .b64 a, .param .b64 b);\n.func (.param .b32 r) sq(.param .b32 x);\n.func die() .noreturn;\n\
         .visible .func (.param .b32 r) sq(.param .b32 x) { .reg .b32 %r<2>; ld.param.b32 %r0, [x]; mul.lo.s32 %r1, %r0, %r0; st.param.b32 [r], %r1; ret; }",
    );
    assert_eq!(module.functions.len(), 4);
    assert_eq!((module.functions[0].definition, module.functions[0].params.len()), (None, 2));
    assert_eq!(module.resolve_func(FuncId(1)), FuncId(3));
    assert!(module.functions[2].attributes.noreturn);
    assert_eq!(module.entries().count(), 0);
}

#[test]
fn register_parameters_are_registers() {
    let module = module(".func (.reg .b32 r) f(.reg .f64 x, .reg .v2 .b32 y) { mov.b32 r, y.x; ret; }\n.func g() { ret; }");
    let f = &module.functions[0];
    assert_eq!((f.returns[0], f.params[0]), (Param::Reg(RegId(0)), Param::Reg(RegId(1))));
    assert_eq!((f.registers[1].ty, f.registers[2].vector), (Type::F64, Some(VectorWidth::V2)));
}

#[test]
fn call_has_returns_target_and_arguments() {
    let module = module(
        ".func (.param .b32 r) f(.param .b32 x, .param .b64 y);\n.func none();\n.entry k() {\n.reg .b32 %r<2>;\n{ // callseq\n\
         .param .b32 p0; .param .b64 p1; .param .b32 ret0;\nst.param.b32 [p0+0], %r1;\ncall.uni (ret0), f, (p0, p1);\nld.param.b32 %r1, [ret0+0];\n}\n\
         call none, ();\ncall none;\n}",
    );
    let all = instructions(&module);
    let calls: Vec<&Call> =
        all.iter().filter_map(|i| if let [Operand::Call(call)] = &i.operands[..] { Some(&**call) } else { None }).collect();
    assert!(all[1].has(Flag::Uni));
    assert_eq!(calls[0].target, CallTarget::Func(FuncId(0)));
    let name = |o: &Operand| if let Operand::Symbol(Symbol::Var(id), 0) = o { module.var(*id).name } else { "?" };
    assert_eq!(calls[0].args.iter().map(name).collect::<Vec<_>>(), ["p0", "p1"]);
    assert_eq!(calls[0].returns.iter().map(name).collect::<Vec<_>>(), ["ret0"]);
    assert_eq!(calls[1], calls[2]);
}

#[test]
fn indirect_call_names_its_prototype_or_targets() {
    let module = module(
        ".func (.param .b32 r) f(.param .align 8 .b8 x[16]) { ret; }\n.entry k() {\n.reg .b64 %rd<2>;\n\
         {\n.param .align 8 .b8 p0[16]; .param .b32 q;\nmov.u64 %rd1, f;\n\
         proto: .callprototype (.param .b32 _) _ (.param .align 8 .b8 _[16]) .noreturn;\ncall (q), %rd1, (p0), proto;\n\
         targets: .calltargets f;\ncall (q), %rd1, (p0), targets;\n}\n}",
    );
    let k = &module.functions[1];
    let TableKind::Prototype(proto) = &k.tables[0].kind else { panic!() };
    assert_eq!((proto.returns[0].ty, &proto.params[0].dims[..], proto.noreturn), (Type::B32, &[16][..], true));
    assert_eq!(k.tables[1].kind, TableKind::Call(vec![FuncId(0)]));
    let all = instructions(&module);
    let Operand::Call(call) = &all[1].operands[0] else { panic!() };
    assert_eq!((call.target, call.table), (CallTarget::Reg(RegId(0)), Some(TableId(0))));
}

#[test]
fn branch_through_a_table() {
    let module = kernel("ts: .branchtargets L1, L2;\nbrx.idx %r1, ts;\nL1: ret;\nL2: exit;");
    let k = module.functions.last().unwrap();
    assert_eq!(k.tables[0].kind, TableKind::Branch(vec![LabelId(0), LabelId(1)]));
    assert_eq!(instructions(&module)[0].operands, [Operand::Reg(RegId(0)), Operand::Table(TableId(0))]);
}

#[test]
fn labels_of_nested_scopes_are_their_own() {
    let module = kernel("L: { bra L; L: bra OUT; }\n{ L: bra L; }\nbra L;\nOUT: ret;");
    let targets: Vec<Operand> = instructions(&module).into_iter().filter_map(|i| i.operands.into_iter().next()).collect();
    let k = module.functions.last().unwrap();
    let label = |n| Operand::Label(LabelId(n));
    assert_eq!(k.labels.iter().map(|l| l.name).collect::<Vec<_>>(), ["L", "OUT", "L", "L"]);
    assert_eq!(targets, [label(2), label(1), label(3), label(0)]);
}

#[test]
fn registers_of_nested_scopes_shadow() {
    let module =
        kernel("mov.u32 %r1, 1;\n{ .reg .b32 %r1; .reg .f32 t; mov.u32 %r1, 2; mov.f32 t, 0f00000000; }\n{ .reg .b32 t; mov.u32 t, %r1; }");
    let first = |i: &Instruction<'_>| i.operands[0].clone();
    let all = instructions(&module);
    assert_eq!(all.iter().map(first).collect::<Vec<_>>(), [0, 1, 2, 3].map(|n| Operand::Reg(RegId(n))));
    assert_eq!(all[3].operands[1], Operand::Reg(RegId(0)));
    let types: Vec<Type> = module.functions.last().unwrap().registers.iter().map(|r| r.ty).collect();
    assert_eq!(types, [Type::B32, Type::B32, Type::F32, Type::B32]);
}

#[test]
fn register_range_prefix_may_end_in_digits() {
    let module =
        module(".entry k() { .reg .b32 %r1<20>; .reg .b64 %alu_s64_<3>, x; mov.u32 %r112, 5; mov.u64 %alu_s64_2, 1; mov.b64 x, 2; }");
    let names: Vec<&str> = module.functions[0].registers.iter().map(|r| r.name).collect();
    assert_eq!(names, ["%r112", "%alu_s64_2", "x"]);
}

#[test]
fn unused_registers_cost_nothing() {
    let module = module(".entry k() { .reg .b32 %r<4000000000>; mov.u32 %r3999999999, 0; }");
    assert_eq!(module.functions[0].registers.len(), 1);
}

#[test]
fn guards_may_be_negated() {
    let module = kernel("@%p1 bra L;\n@!%p2 bra.uni L;\nL: ret;");
    let all = instructions(&module);
    assert_eq!(all[0].guard, Some(Guard { reg: RegId(0), negated: false }));
    assert_eq!(all[1].guard, Some(Guard { reg: RegId(1), negated: true }));
    assert_eq!((all[1].op, all[1].has(Flag::Uni), all[2].guard), (Opcode::Bra, true, None));
}

#[test]
fn numbers_of_every_notation() {
    let inst = |text: &str| imms(&one(&format!("mov.b64 %rd1, {text};")))[0];
    assert_eq!(inst("-5"), Imm::S64(-5));
    assert_eq!(inst("2U"), Imm::U64(2));
    assert_eq!(inst("0xffffffffffffffff"), Imm::U64(u64::MAX));
    assert_eq!(inst("-9223372036854775808"), Imm::S64(i64::MIN));
    assert_eq!(inst("0b1010"), Imm::S64(10));
    assert_eq!(inst("017"), Imm::S64(15));
    assert_eq!(inst("0f7FC00000"), Imm::F32(0x7fc0_0000));
    assert_eq!(inst("-0d3FF0000000000000"), Imm::F64((-1f64).to_bits()));
}

#[test]
fn constant_expressions_follow_c() {
    let inst = |text: &str| imms(&one(&format!("mov.b64 %rd1, {text};")))[0];
    assert_eq!(inst("2+3*4"), Imm::S64(14));
    assert_eq!(inst("(2+3)*4 - -1"), Imm::S64(21));
    assert_eq!(inst("-8>>1"), Imm::S64(-4));
    assert_eq!(inst("(.u64)-8>>60"), Imm::U64(15));
    assert_eq!(inst("~0"), Imm::S64(-1));
    assert_eq!(inst("!3 + !0"), Imm::S64(1));
    assert_eq!(inst("1<<4|3&1"), Imm::S64(17));
    assert_eq!(inst("5%3 == 2 && 1 < 0"), Imm::S64(0));
    assert_eq!(inst("1 ? 7 : 8"), Imm::S64(7));
    assert_eq!(inst("WARP_SZ - 1"), Imm::S64(31));
    assert_eq!(inst("!WARP_SZ"), Imm::S64(0));
    assert_eq!(inst("-1 < 1U"), Imm::S64(0));
}

#[test]
fn addresses_have_base_and_offset() {
    let address = |text: &str| match &one(&format!("ld.u32 %r1, {text};")).operands[1] {
        Operand::Address(address) => *address,
        other => panic!("{other:?}"),
    };
    let reg = AddressBase::Reg(RegId(1));
    let g = AddressBase::Symbol(Symbol::Var(VarId(0)));
    assert_eq!(address("[%rd1]"), Address { base: reg, offset: 0 });
    assert_eq!(address("[ %rd1 + 8 ]"), Address { base: reg, offset: 8 });
    assert_eq!(address("[%rd1+-8]"), Address { base: reg, offset: -8 });
    assert_eq!(address("[%rd1-8]"), Address { base: reg, offset: -8 });
    assert_eq!(address("[g+12]"), Address { base: g, offset: 12 });
    assert_eq!(address("[g[3]]"), Address { base: g, offset: 12 });
    assert_eq!(address("[0x100]"), Address { base: AddressBase::Zero, offset: 256 });
}

#[test]
fn symbols_and_functions_are_values() {
    let module = kernel("mov.u64 %rd1, g;\nmov.u64 %rd2, g+8;\nmov.u64 %rd3, g[2];\ncvta.local.u64 %rd4, depot;");
    let second: Vec<Operand> = instructions(&module).into_iter().map(|mut i| i.operands.remove(1)).collect();
    let g = |offset| Operand::Symbol(Symbol::Var(VarId(0)), offset);
    assert_eq!(second[..3], [g(0), g(8), g(8)]);
    assert!(matches!(second[3], Operand::Symbol(Symbol::Var(id), 0) if module.var(id).name == "depot"));
}

#[test]
fn special_registers_have_components_and_numbers() {
    let special = |text: &str| match one(&format!("mov.b32 %r1, {text};")).operands[1] {
        Operand::Special(special) => special,
        ref other => panic!("{other:?}"),
    };
    let tid = special("%tid.z");
    assert_eq!((tid.reg, tid.component), (SpecialReg::Tid, Some(Component::Z)));
    assert_eq!(special("%laneid").reg, SpecialReg::Laneid);
    assert_eq!(special("%lanemask_lt").reg, SpecialReg::LanemaskLt);
    let env = special("%envreg31");
    assert_eq!((env.reg, env.index), (SpecialReg::Envreg, 31));
    assert_eq!(special("%clock_hi").reg, SpecialReg::ClockHi);
}

#[test]
fn vectors_load_store_and_unpack() {
    let regs = |n: &[u32]| Operand::Vector(n.iter().map(|n| Operand::Reg(RegId(*n))).collect());
    let inst = one("ld.global.nc.v4.f32 {%f1, %f2, %f3, %f4}, [%rd1];");
    assert_eq!((inst.vector(), inst.space(), inst.has(Flag::Nc)), (Some(VectorWidth::V4), Some(Space::Global), true));
    assert_eq!(inst.operands[0], regs(&[0, 1, 2, 3]));
    assert_eq!(one("mov.b64 {%r1, %r2}, %rd1;").operands[0], regs(&[0, 1]));
    assert_eq!(one("mov.b64 %rd1, {%r1, %r2};").operands[1], regs(&[1, 2]));
    assert_eq!(one("ld.shared.v2.b32 %v2, [sh];").operands[0], Operand::Reg(RegId(0)));
    assert_eq!(one("mov.f32 %f1, %v4.w;").operands[1], Operand::Component(RegId(1), Component::W));
    // A vector of one is the register.
    assert_eq!(one("st.global.b32 [ %rd1 + 0 ], { %r3 };").operands[1], Operand::Reg(RegId(1)));
    assert_eq!(one("mov.b64 {%r1, _}, %rd1;").operands[0], Operand::Vector(vec![Operand::Reg(RegId(0)), Operand::Sink]));
}

#[test]
fn pairs_and_negated_predicates() {
    let pair = |a, b| Operand::Pair(Box::new((a, b)));
    let inst = one("setp.lt.and.s32 %p1|%p2, %r1, 3, !%p3;");
    assert_eq!((inst.cmp(), inst.bool_op(), inst.ty()), (Some(Cmp::Lt), Some(BoolOp::And), Some(Type::S32)));
    assert_eq!(inst.operands[0], pair(Operand::Reg(RegId(0)), Operand::Reg(RegId(1))));
    assert_eq!(inst.operands[3], Operand::Not(RegId(3)));
    let inst = one("shfl.sync.down.b32 %r1|%p1, %r2, 16, 31, -1;");
    assert_eq!((inst.shfl_mode(), inst.operands.len()), (Some(ShflMode::Down), 5));
    assert_eq!(one("setp.eq.f32 _|%p2, %f1, %f2;").operands[0], pair(Operand::Sink, Operand::Reg(RegId(0))));
}

#[test]
fn modifiers_are_typed_and_in_any_order() {
    let inst = one("cvt.rzi.ftz.sat.s32.f32 %r1, %f1;");
    assert_eq!((inst.rounding(), inst.has(Flag::Ftz), inst.has(Flag::Sat)), (Some(Rounding::Rzi), true, true));
    assert_eq!(inst.types().collect::<Vec<_>>(), [Type::S32, Type::F32]);
    for text in ["atom.global.gpu.acq_rel.add.f32 %f1, [%rd1], %f2;", "atom.acq_rel.gpu.global.add.f32 %f1, [%rd1], %f2;"] {
        let inst = one(text);
        assert_eq!((inst.scope(), inst.semantics(), inst.atomic_op()), (Some(Scope::Gpu), Some(Semantics::AcqRel), Some(AtomicOp::Add)));
    }
    let inst = one("ld.global.L1::evict_last.L2::128B.b32 %r1, [%rd1];");
    assert_eq!(inst.modifiers[1..3], [Modifier::CacheHint(CacheHint::L1EvictLast), Modifier::CacheHint(CacheHint::L2Prefetch128)]);
    let inst = one("mul.wide.u32 %rd1, %r1, 4;");
    assert_eq!(inst.half(), Some(Half::Wide));
    assert!(one("ld.global.b32 %r1, [%rd1].unified;").has(Flag::Unified));
    assert_eq!(one("membar.gl;").level(), Some(Level::Gl));
    assert_eq!(one("fence.acq_rel.gpu;").scope(), Some(Scope::Gpu));
    assert_eq!(one("shf.l.wrap.b32 %r1, %r2, %r3, 7;").shf_direction(), Some(ShfDirection::Left));
    assert_eq!(one("prmt.b32.f4e %r1, %r2, %r3, %r4;").prmt_mode(), Some(PrmtMode::F4e));
    assert_eq!(one("testp.infinite.f32 %p1, %f1;").testp_op(), Some(TestpOp::Infinite));
}

#[test]
fn barriers_votes_and_reductions() {
    assert_eq!(one("bar.sync 0;").op, Opcode::BarSync);
    assert_eq!(one("bar.cta.sync 0, 64;").op, Opcode::BarSync);
    assert_eq!(one("barrier.sync.aligned 0;").op, Opcode::BarrierSync);
    assert_eq!(one("bar.warp.sync -1;").op, Opcode::BarWarpSync);
    assert_eq!(one("bar.red.and.pred %p1, 0, !%p2;").bool_op(), Some(BoolOp::And));
    assert_eq!(one("bar.red.popc.u32 %r1, 0, 64, %p2;").operands.len(), 4);
    assert_eq!(one("vote.sync.ballot.b32 %r1, !%p1, -1;").vote_mode(), Some(VoteMode::Ballot));
    assert_eq!(one("vote.sync.any.pred %p2, %p1, %r1;").vote_mode(), Some(VoteMode::Any));
    assert_eq!(one("match.any.sync.b32 %r1, %r2, -1;").vote_mode(), Some(VoteMode::Any));
    assert_eq!(one("redux.sync.add.s32 %r1, %r2, -1;").atomic_op(), Some(AtomicOp::Add));
}

#[test]
fn matrix_instructions_have_shape_layout_and_types() {
    let inst = one("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32 {%f1,%f2,%f3,%f4}, {%r1,%r2,%r3,%r4}, {%r5,%r6}, {%f1,%f2,%f3,%f4};");
    assert_eq!((inst.op, inst.shape()), (Opcode::MmaSync, Some(Shape { m: 16, n: 8, k: 16 })));
    assert_eq!(inst.layouts().collect::<Vec<_>>(), [Layout::Row, Layout::Col]);
    assert_eq!(inst.types().collect::<Vec<_>>(), [Type::F32, Type::F16, Type::F16, Type::F32]);
    let inst = one("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%r1,%r2,%r3,%r4}, [%r5+16];");
    assert_eq!((inst.shape(), inst.count(), inst.has(Flag::Trans)), (Some(Shape { m: 8, n: 8, k: 0 }), Some(Count::X4), true));
    let inst = one("wmma.load.a.sync.aligned.row.m16n16k16.global.f16 {%r1,%r2,%r3,%r4,%r5,%r6,%r7,%r8}, [%rd1], %r9;");
    assert_eq!((inst.op, inst.space()), (Opcode::WmmaLoadA, Some(Space::Global)));
    let inst = one("cp.async.cg.shared.global [%r1], [%rd1], 16, %r2;");
    assert_eq!((inst.op, inst.cache_op(), inst.operands.len()), (Opcode::CpAsync, Some(CacheOp::Cg), 4));
    assert_eq!(one("cp.async.wait_group 0;").op, Opcode::CpAsyncWaitGroup);
}

#[test]
fn generic_tier_is_kept_as_written() {
    let inst = one("wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16 {%f1,%f2,%f3,%f4}, %rd1, %rd2, 1, 1, 1, 0, 1;");
    assert_eq!(inst.mnemonic(), "wgmma.mma_async.sync.aligned.m64n8k16.f32.f16.f16");
    assert_eq!((inst.op, inst.operands.len()), (Opcode::Wgmma, 8));
    assert_eq!(inst.modifiers[0], Modifier::Name("mma_async"));
    let inst = one("mbarrier.try_wait.parity.shared::cta.b64 %p1, [%r1], %r2;");
    assert_eq!((inst.op, inst.ty()), (Opcode::Mbarrier, Some(Type::B64)));
    let inst = one("cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes [%r1], [%rd1, {%r2, %r3}], [%r4];");
    assert_eq!(inst.mnemonic(), "cp.async.bulk.tensor.2d.shared::cluster.global.mbarrier::complete_tx::bytes");
    assert!(matches!(&inst.operands[1], Operand::Bracket(list) if list.len() == 2));
    let inst = one("elect.sync _|%p1, -1;");
    assert_eq!(inst.op, Opcode::Elect);
    let inst = one("vadd4.u32.u32.s32.sat %r1.b3210, %r2.b7654, -%r3.b0123, %r4;");
    assert!(matches!(&inst.operands[0], Operand::Select(_, s) if !s.halves && s.parts == [3, 2, 1, 0]));
    assert!(matches!(&inst.operands[2], Operand::Neg(inner) if matches!(**inner, Operand::Select(..))));
    let inst = one("mma.sync.aligned.m16n8k64.row.col.kind::mxf4.block_scale.scale_vec::2X.f32.e2m1.e2m1.f32.ue8m0 {%f1}, {%r1}, {%r2}, {%f1}, %r3, {0, 1}, %r4, {0, 1};");
    assert_eq!((inst.op, inst.operands.len()), (Opcode::MmaBlockScale, 8));
    assert_eq!(one("cvt.rn.bf16x2.e2m1x2.scaled::n2::ue8m0 %r1, %h1, %h2;").op, Opcode::CvtScaled);
    assert_eq!(one("ld.mmio.relaxed.sys.global.u32 %r1, [%rd1];").semantics(), Some(Semantics::Relaxed));
    assert!(one("prefetch.tensormap [%rd1];").has(Flag::Tensormap));
    assert_eq!(one("tcgen05.wait::ld.sync.aligned;").op, Opcode::Tcgen05);
}

#[test]
fn textures_are_variables() {
    let module = module(".global .texref t;\n.entry k() { .reg .f32 %f<8>; tex.2d.v4.f32.f32 {%f0,%f1,%f2,%f3}, [t, {%f4,%f5}]; }");
    let inst = instructions(&module).remove(0);
    let Operand::Bracket(list) = &inst.operands[1] else { panic!() };
    assert_eq!(list[0], Operand::Address(Address { base: AddressBase::Symbol(Symbol::Var(VarId(0))), offset: 0 }));
    assert_eq!(inst.types().collect::<Vec<_>>(), [Type::F32, Type::F32]);
    let module = self::module(
        ".global .texref t;\n.entry k() { .reg .pred p; .reg .f32 %f<8>; tex.2d.v4.f32.f32 {%f0,%f1,%f2,%f3}|p, [t, {%f4,%f5}]; }",
    );
    assert!(matches!(&instructions(&module)[0].operands[0], Operand::Pair(pair) if matches!(pair.0, Operand::Vector(_))));
}

#[test]
fn debug_lines_go_to_the_instructions_after_them() {
    let module = kernel(
        "mov.u32 %r1, 0;\n.loc 1 5 3\nmov.u32 %r2, 0;\n{ mov.u32 %r3, 0; }\n\
         .loc 1 9 1, function_name $L__info_string0, inlined_at 1 7 2\n$L__tmp1:\nret;",
    );
    let at = |line, column| Some(SourceLine { file: 1, line, column });
    let locs: Vec<_> = instructions(&module).iter().map(|i| i.loc).collect();
    assert_eq!(locs, [None, at(5, 3), at(5, 3), at(9, 1)]);
    let body = module.functions.last().unwrap().body.as_ref().unwrap();
    let inlined = body.iter().find_map(|s| if let Statement::Loc(loc) = s { loc.inlined } else { None }).unwrap();
    assert_eq!((inlined.name, inlined.at.line), ("$L__info_string0", 7));
}

#[test]
fn files_sections_pragmas_and_aliases() {
    let module = module(
        ".file 1 \"a \\\"b\\\".cu\"\n.file 2 \"c.cu\", 1234, 99\n.pragma \"x\", \"y\";\n\
         .func g() { ret; }\n.func f();\n.alias f, g;\n\
         .section .debug_str { info_string0: .b8 72, 0x65 .b64 $L__a+4-$L__b .b32 .debug_abbrev }\n.section .debug_loc { }\n",
    );
    assert_eq!(module.items[0], Item::File(File { number: 1, name: "a \\\"b\\\".cu", stamp: None }));
    assert_eq!(module.items[1], Item::File(File { number: 2, name: "c.cu", stamp: Some((1234, 99)) }));
    assert_eq!(module.items[2], Item::Pragma(vec!["x", "y"]));
    assert_eq!(module.items[5], Item::Alias { alias: FuncId(1), target: FuncId(0) });
    assert_eq!(module.resolve_func(FuncId(1)), FuncId(0));
    assert_eq!(module.items[6], Item::Section("debug_str"));
}

#[test]
fn comments_and_empty_statements_are_skipped() {
    let module = kernel("// one\n/* two\n three */ ;;\n ret /* four */ ;");
    assert_eq!(instructions(&module).len(), 1);
    assert_eq!(one("bar .sync /* all */ 0;").op, Opcode::BarSync);
}

#[test]
fn spans_give_line_and_column() {
    let module = kernel("\tmov.u32 %r1, 0;\n  @%p1 add.s32 %r1, %r1, 1;");
    let all = instructions(&module);
    let at = |i: usize| module.position(all[i].span);
    assert_eq!((at(0).column, at(1).column, at(1).line - at(0).line), (2, 8, 1));
    assert_eq!(module.source.slice(all[1].span), "add.s32 %r1, %r1, 1");
}

#[test]
fn loosely_typed_registers_are_accepted() {
    let module = kernel(
        "cvt.s64.s32 %rd1, %r1;\nmad.lo.s64 %rd1, %rd1, 4, %rd2;\nmov.b32 %f1, %r1;\nld.global.u8 %h1, [%rd1];\nadd.f32 %r1, %r2, %f1;",
    );
    assert_eq!(instructions(&module).len(), 5);
}
