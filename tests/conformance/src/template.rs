// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Kernels that are written as text: one file for a family, with parameters.
//!
//! ```text
//! //! for space: global shared local      the parameter `space` takes these values
//! //! for op,type: add:{u32,f32} and:b32  two parameters take these pairs; braces are expanded
//! //! except space=local op=and            leaves combinations out
//! //! kernel atom.${space}.${op}.${type}  name of each case
//! //! form atom.${space}.${op}.${type}    a form that it is evidence for; without any, the name is one
//! //! oracle atomic                       the Rust function that makes launches and checks, in `crate::oracle`
//! .visible .entry k(...) { ... ${op} ... }
//! ```
//! A file may have several such headers: each begins with its `for` lines, and holds for the text below it up to the
//! next header. `-` stands for an empty value. In the text:
//!
//! | written | gives |
//! |---|---|
//! | `${p}` | the parameter |
//! | `${p.reg}` | as a type: a register's type for it, `b16`, `b32` or `b64`; the exact one for floats |
//! | `${p.wide}` | as a type: the widest register that a load may have for it: `b64`; the exact one for floats |
//! | `${p.bits}`, `${p.bytes}` | as a type: its size |
//! | `${table}` | 512 numbers that are bytes |
//! | `${p?a=x\|b,c=y\|z}` | x if the parameter is `a`, y if it is `b` or `c`, else z; nothing if there is no z |

use crate::case::{Case, Program};
use crate::expand::braces;
use crate::lanes::HEADER;
use crate::oracle;
use crate::types::{Kind, Type};

/// Values of the parameters.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Params(Vec<(String, String)>);

impl Params {
    /// The value of a parameter; empty if there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v)
    }
    /// A parameter that names a type.
    pub fn ty(&self, name: &str) -> Result<Type, String> {
        Type::parse(self.get(name)).ok_or_else(|| format!("parameter {name} is no type: `{}`", self.get(name)))
    }
    /// A parameter that is a number.
    pub fn number(&self, name: &str) -> Result<usize, String> {
        self.get(name).parse().map_err(|_| format!("parameter {name} is no number: `{}`", self.get(name)))
    }

    /// The text with the parameters filled in.
    pub fn fill(&self, text: &str) -> Result<String, String> {
        let mut out = String::new();
        let mut rest = text;
        while let Some(at) = rest.find("${") {
            out += &rest[..at];
            let end = at + closing(&rest[at..]).ok_or("`${` without `}`")?;
            out += &self.expression(&rest[at + 2..end])?;
            rest = &rest[end + 1..];
        }
        Ok(out + rest)
    }

    fn expression(&self, text: &str) -> Result<String, String> {
        if let Some((name, choices)) = text.split_once('?') {
            let value = self.known(name)?;
            for choice in choices_of(choices) {
                // A sign behind another substitution is part of the text.
                match choice.split_once('=').filter(|(keys, _)| !keys.contains("${")) {
                    Some((keys, text)) if chosen(keys, value) => return self.fill(text),
                    Some(_) => {}
                    None => return self.fill(choice),
                }
            }
            return Ok(String::new());
        }
        if text == "table" {
            return Ok(table().map(|b| b.to_string()).collect::<Vec<_>>().join(", "));
        }
        let Some((name, property)) = text.split_once('.') else { return Ok(self.known(text)?.into()) };
        self.known(name)?;
        let ty = self.ty(name)?;
        let exact = ty.kind == Kind::Float && ty.count == 1 && ty.width > 16;
        Ok(match property {
            "reg" | "wide" if exact => ty.register().into(),
            "reg" => format!("b{}", ty.bits().max(16)),
            "wide" => "b64".into(),
            "bits" => ty.bits().to_string(),
            "bytes" => (ty.bits() / 8).to_string(),
            other => return Err(format!("no property `{other}`")),
        })
    }

    fn known(&self, name: &str) -> Result<&str, String> {
        match self.0.iter().any(|(n, _)| n == name) {
            true => Ok(self.get(name)),
            false => Err(format!("no parameter `{name}`")),
        }
    }
}

/// Whether a value is among the keys of a choice.
fn chosen(keys: &str, value: &str) -> bool {
    keys.split(',').any(|k| k.trim() == value || (k.trim() == "-" && value.is_empty()))
}

/// The text between the bars that are in no braces.
fn choices_of(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut all) = (0, 0, vec![]);
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' if depth == 0 => {
                all.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(&text[start..]);
    all
}

/// Where the brace that opens at the `$` in front of the text is closed.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0;
    text.char_indices().find_map(|(at, c)| {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        (c == '}' && depth == 0).then_some(at)
    })
}

/// The bytes of `${table}`.
pub fn table() -> impl Iterator<Item = u8> {
    (0..512u32).map(|i| (i * 37 + i / 256 + 11) as u8)
}

/// A header with the text below it.
#[derive(Debug, Default)]
struct Section {
    line: usize,
    axes: Vec<(Vec<String>, Vec<String>)>,
    kernel: String,
    forms: Vec<String>,
    except: Vec<Vec<(String, String)>>,
    oracle: String,
    text: String,
}

impl Section {
    /// All combinations of values.
    fn combinations(&self) -> Result<Vec<Params>, String> {
        let mut all = vec![Params::default()];
        for (names, values) in &self.axes {
            let mut next = vec![];
            for params in &all {
                for value in values {
                    let parts: Vec<&str> = if names.len() == 1 { vec![value] } else { value.split(':').collect() };
                    if parts.len() != names.len() {
                        return Err(format!("`{value}` is not a value of {}", names.join(",")));
                    }
                    let mut params = params.clone();
                    let parts = parts.iter().map(|p| if *p == "-" { "" } else { p });
                    params.0.extend(names.iter().cloned().zip(parts.map(str::to_owned)));
                    next.push(params);
                }
            }
            all = next;
        }
        Ok(all)
    }

    fn cases(&self, family: &str, cases: &mut Vec<Case>) -> Result<(), String> {
        let oracle = oracle::named(&self.oracle).ok_or_else(|| format!("no oracle `{}`", self.oracle))?;
        for params in self.combinations()? {
            if self.except.iter().any(|all| all.iter().all(|(name, values)| chosen(values, params.get(name)))) {
                continue;
            }
            let name = params.fill(&self.kernel)?;
            let forms = match self.forms.is_empty() {
                true => vec![name.clone()],
                false => self.forms.iter().map(|f| params.fill(f)).collect::<Result<_, _>>()?,
            };
            let ptx = HEADER.to_owned() + &params.fill(&self.text)?;
            if let Some(form) = forms.iter().find(|f| !ptx.contains(f.as_str())) {
                return Err(format!("the kernel {name} does not contain the form {form}"));
            }
            let make = Box::new(move |effort| Ok(Program { ptx: ptx.clone(), launches: oracle(&params, effort)? }));
            cases.push(Case { name, family: family.into(), forms, make });
        }
        Ok(())
    }
}

/// The cases of a file.
pub fn parse(family: &str, text: &str) -> Result<Vec<Case>, String> {
    let mut sections: Vec<Section> = vec![];
    let mut in_header = false;
    for (number, line) in text.lines().enumerate() {
        let at = |e: &str| format!("line {}: {e}", number + 1);
        let Some(header) = line.strip_prefix("//!") else {
            in_header = false;
            if let Some(section) = sections.last_mut() {
                section.text += line;
                section.text.push('\n');
            }
            continue;
        };
        if !in_header {
            sections.push(Section { line: number + 1, ..Section::default() });
            in_header = true;
        }
        let Some(section) = sections.last_mut() else { continue };
        let (word, rest) = header.trim().split_once(' ').unwrap_or((header.trim(), ""));
        match word {
            "for" => {
                let (names, values) = rest.split_once(": ").ok_or_else(|| at("`for` needs names, a colon and values"))?;
                let names = names.split(',').map(|n| n.trim().to_owned()).collect();
                section.axes.push((names, values.split_whitespace().flat_map(braces).collect()));
            }
            "kernel" => section.kernel = rest.trim().into(),
            "except" => {
                let pairs = rest.split_whitespace().map(|p| p.split_once('=').map(|(n, v)| (n.to_owned(), v.to_owned())));
                section.except.push(pairs.collect::<Option<_>>().ok_or_else(|| at("`except` needs name=value"))?);
            }
            "form" => section.forms.push(rest.trim().into()),
            "oracle" => section.oracle = rest.trim().into(),
            "" => {}
            _ => return Err(at(&format!("unknown word `{word}`"))),
        }
    }
    let mut cases = vec![];
    for section in &sections {
        section.cases(family, &mut cases).map_err(|e| format!("header in line {}: {e}", section.line))?;
    }
    Ok(cases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_filled_in() {
        let params = Params(vec![("t".into(), "s8".into()), ("e".into(), String::new())]);
        assert_eq!(params.fill("a${t}b${t.reg}c${t.wide}d${t.bytes}${e}").as_deref(), Ok("as8bb16cb64d1"));
        assert_eq!(params.fill("${t?u8,s8=x|y}${t?u8=x|y}${t?u8=x}${e?-=z}").as_deref(), Ok("xyz"));
        assert!(params.fill("${q}").is_err());
    }

    #[test]
    fn all_combinations_are_made() {
        let section = Section {
            axes: vec![(vec!["a".into()], vec!["1".into(), "2".into()]), (vec!["b".into(), "c".into()], vec!["3:4".into(), "-:5".into()])],
            ..Section::default()
        };
        let all = section.combinations().expect("combinations");
        assert_eq!(all.len(), 4);
        assert_eq!((all[3].get("a"), all[3].get("b"), all[3].get("c")), ("2", "", "5"));
    }
}
