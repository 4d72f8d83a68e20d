// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Reads `ix_drm.h` into a list of items.
//!
//! The header is plain: every definition follows a kernel-doc comment, structures have fields of
//! fixed-width types, enumerators have values. Whatever is not of that shape is an error, so that
//! nothing of the header can be lost in what is generated from it.

/// A definition of the header, with its comment.
#[derive(Debug)]
pub enum Item {
    /// A `DOC:` comment: title and text.
    Doc(String, String),
    /// A `#define` of a number: name, comment, value.
    Define(String, String, String),
    /// An enumeration of plain numbers or of ioctl numbers.
    Enum(Enum),
    /// A structure.
    Struct(Struct),
}

/// An enumeration.
#[derive(Debug)]
pub struct Enum {
    /// Name without `enum`.
    pub name: String,
    /// The comment's first line after the dash, and what follows.
    pub doc: String,
    /// Enumerators: name, comment, value.
    pub values: Vec<(String, String, Value)>,
}

/// Value of an enumerator.
#[derive(Debug, PartialEq)]
pub enum Value {
    /// A number.
    Number(u64),
    /// `DRM_IOWR(DRM_COMMAND_BASE + number, struct argument)`.
    Iowr(String, String),
}

/// A structure.
#[derive(Debug)]
pub struct Struct {
    /// Name without `struct`.
    pub name: String,
    /// The comment's first line after the dash, and what follows.
    pub doc: String,
    /// Fields in order.
    pub fields: Vec<Field>,
}

/// A field of a structure.
#[derive(Debug)]
pub struct Field {
    /// Name.
    pub name: String,
    /// Comment.
    pub doc: String,
    /// Type as in C: `__u32`, `struct drm_ix_array`, ...
    pub ty: String,
    /// Number of elements, for an array.
    pub count: Option<usize>,
}

/// Reads the header's text.
pub fn parse(text: &str) -> Result<Vec<Item>, String> {
    let mut items = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("/**") {
        let (comment, after) = take_comment(&rest[start..])?;
        if let Some(doc) = comment.strip_prefix("DOC:") {
            let (title, body) = doc.split_once('\n').unwrap_or((doc, ""));
            items.push(Item::Doc(title.trim().into(), body.trim().into()));
            rest = after;
            continue;
        }
        let (head, doc) = comment.split_once(" - ").ok_or_else(|| format!("comment without ` - `: {comment}"))?;
        let code = after.trim_start();
        let (item, after) = match head.split_once(' ') {
            Some(("enum", name)) => {
                let (body, after) = take_body(code, head)?;
                (Item::Enum(Enum { name: name.into(), doc: doc.into(), values: parse_values(body)? }), after)
            }
            Some(("struct", name)) => {
                let (body, after) = take_body(code, head)?;
                (Item::Struct(Struct { name: name.into(), doc: doc.into(), fields: parse_fields(body)? }), after)
            }
            None => {
                let (line, after) = code.split_once('\n').unwrap_or((code, ""));
                let value =
                    line.strip_prefix("#define ").and_then(|l| l.strip_prefix(head)).ok_or_else(|| format!("expected `#define {head}`"))?;
                (Item::Define(head.into(), doc.into(), value.trim().into()), after)
            }
            Some(_) => return Err(format!("comment on something unknown: {head}")),
        };
        items.push(item);
        rest = after;
    }
    Ok(items)
}

/// The text of the comment at the start, without its decoration, and what follows it.
fn take_comment(text: &str) -> Result<(String, &str), String> {
    let end = text.find("*/").ok_or("comment without end")?;
    let lines = text[3..end].lines().map(|l| {
        let l = l.trim();
        l.strip_prefix("* ").or_else(|| l.strip_prefix('*')).unwrap_or(l)
    });
    Ok((lines.collect::<Vec<_>>().join("\n").trim().into(), &text[end + 2..]))
}

/// What is between the braces of the definition that `head` names, and what follows it.
fn take_body<'a>(code: &'a str, head: &str) -> Result<(&'a str, &'a str), String> {
    let inner = code.strip_prefix(head).and_then(|c| c.trim_start().strip_prefix('{')).ok_or_else(|| format!("expected `{head} {{`"))?;
    inner.split_once("\n};").ok_or_else(|| format!("{head} does not end"))
}

/// Calls `each` with name, comment and code up to `end` of every commented member of a body.
fn members(body: &str, end: char, mut each: impl FnMut(&str, String, &str) -> Result<(), String>) -> Result<(), String> {
    let mut rest = body.trim();
    while !rest.is_empty() {
        if !rest.starts_with("/**") {
            return Err(format!("member without comment: {}", rest.lines().next().unwrap_or("")));
        }
        let (comment, after) = take_comment(rest)?;
        let (name, doc) =
            comment.strip_prefix('@').and_then(|c| c.split_once(':')).ok_or_else(|| format!("expected `@name: text` in {comment}"))?;
        let depth_zero_end = {
            let mut depth = 0;
            after.char_indices().find(|&(_, c)| {
                depth += i32::from(c == '(') - i32::from(c == ')');
                depth == 0 && c == end
            })
        };
        let (at, _) = depth_zero_end.ok_or_else(|| format!("{name} does not end with `{end}`"))?;
        each(name, doc.trim().into(), after[..at].trim())?;
        rest = after[at + 1..].trim();
    }
    Ok(())
}

fn parse_values(body: &str) -> Result<Vec<(String, String, Value)>, String> {
    let mut values = Vec::new();
    members(body, ',', |name, doc, code| {
        let code: String = code.split_whitespace().collect::<Vec<_>>().join(" ");
        let value = code
            .strip_prefix(name)
            .and_then(|c| c.trim().strip_prefix('='))
            .map(str::trim)
            .ok_or_else(|| format!("{name} has no value"))?;
        let value = match value.strip_prefix("DRM_IOWR(DRM_COMMAND_BASE + ").and_then(|v| v.strip_suffix(')')) {
            Some(inner) => {
                let (number, argument) = inner.split_once(", struct ").ok_or_else(|| format!("{name}: unknown form of ioctl"))?;
                Value::Iowr(number.into(), argument.into())
            }
            None => Value::Number(value.parse().map_err(|e| format!("{name}: {value}: {e}"))?),
        };
        values.push((name.into(), doc, value));
        Ok(())
    })?;
    Ok(values)
}

fn parse_fields(body: &str) -> Result<Vec<Field>, String> {
    let mut fields = Vec::new();
    members(body, ';', |name, doc, code| {
        let (ty, declared) = code.rsplit_once(' ').ok_or_else(|| format!("{name} has no type"))?;
        let count = match declared.strip_prefix(name) {
            Some("") => None,
            Some(array) => {
                let digits = array.strip_prefix('[').and_then(|a| a.strip_suffix(']')).ok_or_else(|| format!("{name}: unknown form"))?;
                Some(digits.parse().map_err(|e| format!("{name}: {e}"))?)
            }
            None => return Err(format!("the comment of {declared} speaks of {name}")),
        };
        fields.push(Field { name: name.into(), doc, ty: ty.into(), count });
        Ok(())
    })?;
    Ok(fields)
}
