// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Prints the hardware reference in Markdown; `docs/hardware.md` is its output.

use ix_hw::isa::ops::{Imm, Kinds, OPS};
use ix_hw::isa::Type;
use ix_hw::layout::Layout;
use ix_hw::{dispatch, doorbell, fault, mmu, packet, pci, regs};

/// A doc text on one line, with links turned into plain names.
fn line(doc: &str) -> String {
    let joined = doc.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut out = String::new();
    let mut rest = joined.as_str();
    while let Some(at) = rest.find('[') {
        let (before, after) = rest.split_at(at);
        out.push_str(before);
        let Some(end) = after.find(']') else {
            out.push_str(after);
            return out.replace('|', "\\|");
        };
        let inner = &after[1..end];
        if inner.starts_with('`') {
            out.push_str(&inner.replace("super::", ""));
        } else {
            out.push_str(&after[..=end]);
        }
        rest = &after[end + 1..];
    }
    out.push_str(rest);
    out.replace('|', "\\|")
}

fn print_layout(layout: &Layout, level: &str) {
    println!("\n{level} {} ({} bytes)\n\n{}\n", layout.name, layout.size, line(layout.doc));
    println!("| offset | size | field | meaning |\n|---|---|---|---|");
    for field in layout.fields {
        println!("| {:#04x} | {} | `{}` | {} |", field.offset, field.size, field.name, line(field.doc));
    }
}

fn print_registers() {
    println!("\n## Registers\n");
    println!(
        "32 bits each, in the first {:#x} bytes of BAR {}. Contract version {}.{}.\n",
        pci::REGS_SIZE,
        pci::BAR_REGS,
        regs::VERSION_MAJOR,
        regs::VERSION_MINOR
    );
    println!("| offset | register | access | meaning |\n|---|---|---|---|");
    for reg in regs::ALL {
        let range = if reg.count > 1 { format!(" to {:#06x}", reg.offset + 4 * (reg.count - 1)) } else { String::new() };
        println!("| {:#06x}{range} | `{}` | {:?} | {} |", reg.offset, reg.name, reg.access, line(reg.doc));
        for bits in reg.fields {
            let span = if bits.width == 1 { format!("{}", bits.lsb) } else { format!("{}..{}", bits.lsb, bits.lsb + bits.width - 1) };
            println!("| | bit {span}: `{}` | | {} |", bits.name, line(bits.doc));
        }
    }
}

fn kinds(kinds: Kinds) -> String {
    let mut text = String::new();
    for (kind, name) in [(Kinds::V, "v"), (Kinds::S, "s"), (Kinds::M, "m"), (Kinds::I, "imm")] {
        if kinds.allows(kind) {
            if !text.is_empty() {
                text.push('/');
            }
            text.push_str(name);
        }
    }
    text
}

fn print_isa() {
    println!("\n## Instruction set\n");
    for text in include_str!("../src/isa/mod.rs").lines().filter_map(|l| l.strip_prefix("//!")) {
        let text = text.strip_prefix(' ').unwrap_or(text);
        let text = text.replace("[`encode`](Inst::encode)", "`encode`").replace("[`decode`](Inst::decode)", "`decode`");
        let text = text.replace("[`OPS`](ops::OPS)", "a table").replace("[`text`]", "below").replace("[`Class`]", "class");
        println!("{}", text.strip_prefix("# ").map_or(text.clone(), |t| format!("### {t}")));
    }
    println!("\n### Encoding\n");
    for text in include_str!("../src/isa/decode.rs").lines().filter_map(|l| l.strip_prefix("//!")).skip(2) {
        println!("{}", text.strip_prefix(' ').unwrap_or(text));
    }
    println!("\n### Text\n");
    for text in include_str!("../src/isa/text.rs").lines().filter_map(|l| l.strip_prefix("//!")).skip(2) {
        println!("{}", text.strip_prefix(' ').unwrap_or(text));
    }
    println!("\n### Types\n\n| number | name | bits | meaning |\n|---|---|---|---|");
    for ty in Type::ALL {
        println!("| {} | `{}` | {} | {} |", *ty as u8, ty.name(), ty.bits(), ty.doc());
    }
    println!("\n### Operations\n\n| number | operation | class | types | operands | modifiers | meaning |\n|---|---|---|---|---|---|---|");
    for desc in OPS {
        let types = Type::ALL.iter().filter(|t| desc.takes(**t) && **t != Type::None).map(|t| t.name());
        let mut operands = Vec::new();
        if desc.d.exists() {
            operands.push(format!("d: {}{}", kinds(desc.d), if desc.d2 { ", d2: m" } else { "" }));
        }
        for (name, source) in ["a", "b", "c", "e"].iter().zip(desc.src).filter(|(_, s)| s.exists()) {
            operands.push(format!("{name}: {}", kinds(source)));
        }
        match desc.imm {
            Imm::Operand => {}
            Imm::Displacement => operands.push("displacement".into()),
            Imm::Target => operands.push("target".into()),
        }
        let mods = desc.mods.iter().map(|f| f.name).collect::<Vec<_>>().join(" ");
        println!(
            "| {:#05x} | `{}` | {:?} | {} | {} | {} | {} |",
            desc.op as u16,
            desc.name,
            desc.class,
            types.collect::<Vec<_>>().join(" "),
            operands.join("; "),
            mods,
            line(desc.doc)
        );
    }
    println!("\n### Modifiers\n\n| field | bits | values from 0 | meaning |\n|---|---|---|---|");
    let mut seen: Vec<(&str, u32, &[&str])> = Vec::new();
    for field in OPS.iter().flat_map(|d| d.mods) {
        if seen.contains(&(field.name, field.lsb, field.values)) {
            continue;
        }
        seen.push((field.name, field.lsb, field.values));
        let values = field.values.iter().map(|v| if v.is_empty() { "(default)" } else { v }).collect::<Vec<_>>().join(" ");
        let values = if values.is_empty() { "a number".into() } else { values };
        println!("| {} | {}..{} | {} | {} |", field.name, field.lsb, field.lsb + field.width - 1, values, line(field.doc));
    }
}

fn main() {
    println!("<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->");
    println!("<!-- Generated from hw/ by `cargo run -p ix-hw --example reference`; do not edit. -->\n");
    println!("# IX hardware reference\n");
    println!("PCI {:04x}:{:04x}, class {:#08x}, revision {}.\n", pci::VENDOR_ID, pci::DEVICE_ID, pci::CLASS, pci::REVISION);
    println!("| BAR | size | contents |\n|---|---|---|");
    println!(
        "| {} | {:#x} | registers (trapped) up to {:#x}, then {} doorbell pages of {:#x} bytes (mapped) |",
        pci::BAR_REGS,
        pci::BAR_REGS_SIZE,
        pci::REGS_SIZE,
        pci::DOORBELL_PAGES,
        pci::DOORBELL_PAGE_SIZE
    );
    println!(
        "| {} | of the profile | device memory (mapped) |\n| {} | | MSI-X table, {} vectors |",
        pci::BAR_VRAM,
        pci::BAR_MSIX,
        pci::IRQ_VECTORS
    );
    print_registers();
    for (title, source) in [
        ("Doorbells", include_str!("../src/doorbell.rs")),
        ("Packets", include_str!("../src/packet.rs")),
        ("Dispatch descriptor", include_str!("../src/dispatch.rs")),
        ("Page tables and addresses", include_str!("../src/mmu.rs")),
        ("Faults", include_str!("../src/fault.rs")),
    ] {
        println!("\n## {title}\n");
        let mut text = String::new();
        for doc in source.lines().filter_map(|l| l.strip_prefix("//!")) {
            text.push_str(doc.strip_prefix(' ').unwrap_or(doc));
            text.push('\n');
        }
        for paragraph in text.split("\n\n") {
            println!("{}\n", line(paragraph));
        }
        match title {
            "Doorbells" => {
                print_layout(&doorbell::ClientSlot::LAYOUT, "###");
                print_layout(&doorbell::QueueSlot::LAYOUT, "###");
            }
            "Packets" => {
                println!("| opcode | packet | flags | meaning |\n|---|---|---|---|");
                for op in packet::Opcode::ALL {
                    println!("| {:#04x} | {} | {:#04x} | {} |", *op as u8, op.name(), op.flags(), line(op.doc()));
                }
                let mut seen = Vec::new();
                for op in packet::Opcode::ALL {
                    if !seen.contains(&op.layout().name) {
                        seen.push(op.layout().name);
                        print_layout(op.layout(), "###");
                    }
                }
                print_layout(&packet::QueueStatus::LAYOUT, "###");
            }
            "Dispatch descriptor" => print_layout(&dispatch::Descriptor::LAYOUT, "###"),
            "Page tables and addresses" => {
                println!("| range of addresses | what |\n|---|---|");
                println!("| {:#x} to {:#x} | shared memory of the block |", mmu::SHARED_BASE, mmu::SHARED_BASE + mmu::WINDOW_SIZE - 1);
                println!("| {:#x} to {:#x} | local memory of the thread |", mmu::LOCAL_BASE, mmu::LOCAL_BASE + mmu::WINDOW_SIZE - 1);
                println!("| from {:#x} | pages that the driver maps |\n", mmu::VA_START);
                println!("| bit | in an entry |\n|---|---|");
                for (bit, name) in [
                    (mmu::PTE_VALID, "valid"),
                    (mmu::PTE_READ, "leaf: loads allowed"),
                    (mmu::PTE_WRITE, "leaf: stores and atomics allowed"),
                    (mmu::PTE_SYSTEM, "the address is one of system memory"),
                    (mmu::PTE_LARGE, "level 1: a leaf of 2 MiB"),
                    (mmu::PTE_64K, "level 0: part of a 64 KiB run (hint)"),
                ] {
                    println!("| {} | {} |", bit.trailing_zeros(), name);
                }
                println!("| 12..51 | address |");
            }
            _ => {
                println!("| kind | name | meaning |\n|---|---|---|");
                for (number, name, doc) in fault::KINDS {
                    println!("| {number} | `{name}` | {} |", line(doc));
                }
                print_layout(&fault::FaultRecord::LAYOUT, "###");
            }
        }
    }
    print_isa();
}
