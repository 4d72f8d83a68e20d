// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Writes what is derived from the header: Rust types, the reference, and the C program that
//! tells what a C compiler makes of the header.

use std::fmt::Write;

use super::header::{Field, Item, Struct, Value};

/// Kernel-doc's `&X` and `@x` as code spans; `&struct x` and `&enum x` as what `link` makes of the
/// name and of whether it is a structure.
fn references(text: &str, link: impl Fn(&str, bool) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(['&', '@']) {
        out.push_str(&rest[..at]);
        let reference = rest.as_bytes()[at] == b'&';
        let after = &rest[at + 1..];
        let is_struct = after.starts_with("struct ");
        let after = if reference { after.strip_prefix("struct ").or(after.strip_prefix("enum ")).unwrap_or(after) } else { after };
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
        let name = &after[..end];
        if reference && name.starts_with("drm_") {
            out.push_str(&link(name, is_struct));
        } else {
            let _ = write!(out, "`{name}`");
        }
        rest = &after[end..];
    }
    out + rest
}

fn rust_doc(out: &mut String, indent: &str, text: &str) {
    // Enumerations are plain constants in Rust: there is nothing to link to.
    let link = |name: &str, is_struct| if is_struct { format!("[`{name}`]") } else { format!("`enum {name}`") };
    for line in references(text, link).lines() {
        let _ = writeln!(out, "{indent}///{}{line}", if line.is_empty() { "" } else { " " });
    }
}

fn rust_type(field: &Field) -> String {
    let element = match field.ty.as_str() {
        "__u8" => "u8",
        "__u32" => "u32",
        "__u64" => "u64",
        "__s64" => "i64",
        other => other.strip_prefix("struct ").unwrap_or(other),
    };
    match field.count {
        Some(n) => format!("[{element}; {n}]"),
        None => element.into(),
    }
}

fn rust_struct(out: &mut String, s: &Struct) {
    rust_doc(out, "", &s.doc);
    // Arrays of more than 32 elements have no Default.
    let long = s.fields.iter().any(|f| f.count.is_some_and(|n| n > 32));
    let default = if long { "" } else { "Default, " };
    let _ = writeln!(out, "#[repr(C)]\n#[derive(Debug, Clone, Copy, {default}PartialEq, Eq)]\npub struct {} {{", s.name);
    for field in &s.fields {
        rust_doc(out, "    ", &field.doc);
        // A keyword in Rust.
        let name = rust_name(&field.name);
        let _ = writeln!(out, "    pub {name}: {},", rust_type(field));
    }
    out.push_str("}\n");
    if long {
        let _ = writeln!(out, "\nimpl Default for {} {{\n    fn default() -> Self {{\n        Self {{", s.name);
        for field in &s.fields {
            let value = match field.count {
                Some(n) => format!("[0; {n}]"),
                None => "0".into(),
            };
            let _ = writeln!(out, "            {}: {value},", rust_name(&field.name));
        }
        out.push_str("        }\n    }\n}\n");
    }
    out.push('\n');
}

fn rust_name(name: &str) -> String {
    if name == "type" {
        "r#type".into()
    } else {
        name.into()
    }
}

/// `src/abi.rs`.
pub fn rust(items: &[Item]) -> String {
    let mut out = String::from(
        "// SPDX-License-Identifier: Apache-2.0 OR MIT\n\
         // Generated from ix_drm.h by `cargo run -p ix-uapi --example generate`; do not edit.\n\
         //! The types and numbers of `ix_drm.h`, under their names there.\n\
         #![allow(non_camel_case_types)]\n\n\
         use crate::ioctl::iowr;\n\n",
    );
    for item in items {
        match item {
            Item::Doc(..) => {}
            Item::Define(name, doc, value) => {
                rust_doc(&mut out, "", doc);
                let _ = writeln!(out, "pub const {name}: u32 = {value};\n");
            }
            Item::Enum(e) => {
                let _ = writeln!(out, "// enum {}: {}\n", e.name, e.doc.replace('\n', "\n// "));
                for (name, doc, value) in &e.values {
                    rust_doc(&mut out, "", doc);
                    let _ = match value {
                        Value::Number(n) => writeln!(out, "pub const {name}: u32 = {n};\n"),
                        Value::Iowr(number, argument) => writeln!(out, "pub const {name}: u64 = iowr::<{argument}>({number});\n"),
                    };
                }
            }
            Item::Struct(s) => rust_struct(&mut out, s),
        }
    }
    out.push_str("/// Name, offset and size of a field.\n#[cfg(test)]\npub(crate) type FieldLayout = (&'static str, usize, usize);\n\n");
    out.push_str("/// Name, size and fields of each structure.\n#[cfg(test)]\n");
    out.push_str("pub(crate) const STRUCTS: &[(&str, usize, &[FieldLayout])] = &[\n");
    for item in items {
        let Item::Struct(s) = item else { continue };
        let _ = writeln!(out, "    (\n        \"{0}\",\n        size_of::<{0}>(),\n        &[", s.name);
        for f in &s.fields {
            let name = rust_name(&f.name);
            let _ = writeln!(out, "            (\"{}\", std::mem::offset_of!({}, {name}), size_of::<{}>()),", f.name, s.name, rust_type(f));
        }
        out.push_str("        ],\n    ),\n");
    }
    out.push_str("];\n\n/// Name and value of each constant.\n#[cfg(test)]\npub(crate) const CONSTANTS: &[(&str, u64)] = &[\n");
    for name in constants(items) {
        let cast = if name.starts_with("DRM_IOCTL") { "" } else { " as u64" };
        let _ = writeln!(out, "    (\"{name}\", {name}{cast}),");
    }
    out.push_str("];\n");
    out
}

fn constants(items: &[Item]) -> Vec<&str> {
    let mut names = Vec::new();
    for item in items {
        match item {
            Item::Define(name, ..) => names.push(name.as_str()),
            Item::Enum(e) => names.extend(e.values.iter().map(|(name, ..)| name.as_str())),
            Item::Doc(..) | Item::Struct(_) => {}
        }
    }
    names
}

/// A C program that prints a line for each structure (`struct name size`), field
/// (`field name offset size`) and constant (`constant name value`).
#[allow(dead_code)] // the generator does not need it, the test of the crate does
pub fn c_program(items: &[Item]) -> String {
    let mut out = String::from("#include <stddef.h>\n#include <stdio.h>\n#include \"ix_drm.h\"\nint main(void)\n{\n");
    for item in items {
        let Item::Struct(s) = item else { continue };
        let _ = writeln!(out, "\tprintf(\"struct {0} %zu\\n\", sizeof(struct {0}));", s.name);
        for f in &s.fields {
            let _ = writeln!(
                out,
                "\tprintf(\"field {0} %zu %zu\\n\", offsetof(struct {1}, {0}), sizeof(((struct {1} *)0)->{0}));",
                f.name, s.name
            );
        }
    }
    for name in constants(items) {
        let _ = writeln!(out, "\tprintf(\"constant {name} %llu\\n\", (unsigned long long)(unsigned int){name});");
    }
    out + "\treturn 0;\n}\n"
}

/// `docs/uapi.md`.
pub fn markdown(items: &[Item]) -> String {
    let linked = |text: &str| references(text, |name, _| format!("[`{name}`](#{name})"));
    let line = |text: &str| linked(text).split_whitespace().collect::<Vec<_>>().join(" ").replace('|', "\\|");
    let mut out = String::from(
        "<!-- SPDX-License-Identifier: Apache-2.0 OR MIT -->\n\
         <!-- Generated from uapi/ix_drm.h by `cargo run -p ix-uapi --example generate`; do not edit. -->\n\n",
    );
    for item in items {
        let _ = match item {
            Item::Doc(title, text) => writeln!(out, "# {title}\n\n{}\n", linked(text)),
            Item::Define(name, doc, value) => writeln!(out, "`{name}` = {value}: {}\n", line(doc)),
            Item::Enum(e) => {
                let _ = writeln!(out, "## {}\n\n{}\n\n| name | value | meaning |\n|---|---|---|", e.name, linked(&e.doc));
                for (name, doc, value) in &e.values {
                    let value = match value {
                        Value::Number(n) => n.to_string(),
                        Value::Iowr(number, _) => format!("`DRM_IOWR`, {number}"),
                    };
                    let _ = writeln!(out, "| `{name}` | {value} | {} |", line(doc));
                }
                writeln!(out)
            }
            Item::Struct(s) => {
                let _ = writeln!(out, "## {}\n\n{}\n\n| type | field | meaning |\n|---|---|---|", s.name, linked(&s.doc));
                for f in &s.fields {
                    let array = f.count.map(|n| format!("[{n}]")).unwrap_or_default();
                    let _ = writeln!(out, "| `{}` | `{}{array}` | {} |", f.ty, f.name, line(&f.doc));
                }
                writeln!(out)
            }
        };
    }
    format!("{}\n", out.trim_end())
}
