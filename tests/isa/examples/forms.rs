// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Prints a new operation file: every legal form of an operation and type.
//!
//! `cargo run -p ix-isa-tests --example forms -- add f32 > cases/operations/add/f32.ix`; with no
//! arguments it writes the files that are missing for all operations.

use std::fmt::Write as _;

use ix_hw::isa::mods::LUT;
use ix_hw::isa::ops::OPS;
use ix_hw::isa::{Class, Inst, Kinds, Mods, Op, OpDesc, Operand, Type};

fn instance(desc: &OpDesc, ty: Type, mods: Mods) -> Inst {
    let mut inst = Inst::new(desc.op, ty);
    inst.d = Some(if desc.d.allows(Kinds::V) { Operand::V(0) } else { Operand::M(0) });
    for (slot, kinds) in inst.src.iter_mut().zip(desc.src) {
        *slot = kinds.exists().then_some(if kinds.allows(Kinds::V) { Operand::V(0) } else { Operand::M(0) });
    }
    inst.mods = mods;
    inst
}

fn file(desc: &OpDesc, ty: Type) -> String {
    let licence = "# SPDX-License-Identifier: Apache-2.0 OR MIT";
    let mut text = format!("{licence}\n# {}.{}: {}\n", desc.name, ty.name(), desc.doc.lines().next().unwrap_or("").trim());
    let mut combinations = vec![Mods::NONE];
    for field in desc.mods {
        let step = if *field == LUT { 7 } else { 1 };
        combinations =
            combinations.iter().flat_map(|mods| (0..field.count()).step_by(step).map(|value| mods.with(field, value as u16))).collect();
    }
    for mods in combinations {
        let inst = instance(desc, ty, mods);
        if inst.check().is_ok() {
            let line = inst.to_string();
            let _ = writeln!(text, "form {}", line.split(' ').next().unwrap_or(""));
        }
    }
    let sources = desc.src.iter().filter(|k| k.exists()).count();
    if (sources == 1 && ty.bits() == 16) || (desc.op == Op::Cvt && matches!(ty, Type::F16 | Type::F32 | Type::E4M3 | Type::E5M2)) {
        text += "exhaustive\n";
    }
    text
}

fn main() -> std::io::Result<()> {
    let mut args = std::env::args().skip(1);
    if let (Some(op), Some(ty)) = (args.next(), args.next()) {
        match (Op::from_name(&op), Type::from_name(&ty)) {
            (Some(op), Some(ty)) => print!("{}", file(op.desc(), ty)),
            _ => eprintln!("no operation {op} or type {ty}"),
        }
        return Ok(());
    }
    for desc in OPS {
        let elsewhere = matches!(desc.class, Class::Memory | Class::Communication | Class::Control | Class::Tensor)
            || matches!(desc.op, Op::Rdsr | Op::Isspacep | Op::Nop);
        for ty in Type::ALL.iter().filter(|t| desc.takes(**t) && !elsewhere) {
            let dir = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/operations").join(desc.name);
            let path = dir.join(format!("{}.ix", ty.name()));
            if !path.exists() {
                std::fs::create_dir_all(&dir)?;
                std::fs::write(path, file(desc, *ty))?;
            }
        }
    }
    Ok(())
}
