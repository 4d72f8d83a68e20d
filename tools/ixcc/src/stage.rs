// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The forms that a program passes through.

use anyhow::{bail, Result};
use ix_compiler::{compile, compile_observed, ptx, Errors, Module, Options, Refusal};
use ix_hw::isa::INST_SIZE;
use ixas::{Listing, Program, Sources};
use std::fmt::Write;
use std::path::Path;

/// What to compile, and how.
pub struct Input<'a> {
    /// Name of the source, for headings.
    pub name: &'a str,
    /// PTX.
    pub text: &'a str,
    /// Folder of the source, which the names of source files are relative to.
    pub folder: Option<&'a Path>,
    /// How to compile.
    pub options: Options,
}

/// What there is to show, and the kernels that are not in it.
pub struct Output {
    /// Text, but for [`module`].
    pub bytes: Vec<u8>,
    /// Kernels that the compiler does not do.
    pub refused: Vec<Refusal>,
}

/// A module on which each pass runs.
const SAMPLE: &str = ".version 7.8\n.target sm_80\n.address_size 64\n.visible .entry k() { ret; }\n";

/// Names of the passes, in the order in which they run.
pub fn passes() -> Vec<&'static str> {
    let mut names = vec![];
    // A pass that runs twice is shown once, at its first place.
    let mut observer = |pass, _: &ix_compiler::ir::Func| {
        if !names.contains(&pass) {
            names.push(pass);
        }
    };
    // The sample is right; were it not, the list would end early, and the test of it fail.
    let _ = compile_observed(SAMPLE, &Options::default(), &mut observer);
    names
}

/// What to say if a kernel is asked for that is not in the text.
pub fn missing_kernel(input: &Input<'_>) -> Option<String> {
    if input.options.kernels.is_empty() {
        return None;
    }
    // What is wrong with the text is said by whoever compiles it.
    let module = ptx::parse(input.text).ok()?;
    let names: Vec<&str> = module.entries().map(|k| k.name).collect();
    let missing = input.options.kernels.iter().find(|k| !names.contains(&k.as_str()))?;
    Some(format!("there is no kernel `{missing}`; the kernels are: {}", names.join(", ")))
}

/// The module as the front end understood it.
pub fn ptx(input: &Input<'_>) -> Result<Output, Errors> {
    let module = ptx::parse(input.text)?;
    Ok(Output { bytes: module.to_string().into_bytes(), refused: vec![] })
}

/// The representation after the passes named in `after` (`all`: each of them), or, without any, as the back end gets it.
pub fn ir(input: &Input<'_>, after: &[String]) -> Result<Result<Output, Errors>> {
    let known = passes();
    if let Some(wrong) = after.iter().find(|a| *a != "all" && !known.contains(&a.as_str())) {
        bail!("there is no pass `{wrong}`; the passes are {}", known.join(", "));
    }
    let chosen = |pass: &str| if after.is_empty() { pass == BEFORE_BACK_END } else { after.iter().any(|a| a == "all" || a == pass) };
    let mut text = String::new();
    let mut observer = |pass: &'static str, func: &ix_compiler::ir::Func| {
        if chosen(pass) {
            let _ = writeln!(text, "; after {pass}\n{func}");
        }
    };
    let outcome = compile_observed(input.text, &input.options, &mut observer);
    Ok(outcome.map(|module| Output { bytes: text.into_bytes(), refused: module.refused }))
}

/// The last pass before the back end.
const BEFORE_BACK_END: &str = "uniform";

/// The machine code, which ixas takes, with the lines of source files that are found.
pub fn isa(input: &Input<'_>) -> Result<Output, Errors> {
    let module = compile(input.text, &input.options)?;
    let program = Program::from(&module);
    let folders: Vec<&Path> = input.folder.into_iter().collect();
    let sources = Sources::read(program.files.iter().map(String::as_str), &folders);
    let listing = Listing { offsets: true, program: Some(&program), sources: Some(&sources), ..Listing::default() };
    let text = format!("// {}\n{}", input.name, ixas::disassemble(&module.code, &listing));
    Ok(Output { bytes: text.into_bytes(), refused: module.refused })
}

/// The module as programs load it.
pub fn module(input: &Input<'_>) -> Result<Output, Errors> {
    let module = compile(input.text, &input.options)?;
    Ok(Output { bytes: module.to_bytes(), refused: module.refused })
}

/// Columns for names. Longer ones, as mangling makes them, stick out.
const MAX_WIDTH: usize = 60;

/// A line for each kernel: instructions, registers, memory in bytes.
pub fn kernels(input: &Input<'_>) -> Result<Output, Errors> {
    let Module { kernels, refused, .. } = compile(input.text, &input.options)?;
    let width = kernels.iter().map(|k| k.name.len()).max().unwrap_or(0).clamp("kernel".len(), MAX_WIDTH);
    let mut text = format!(
        "{:<width$} {:>12} {:>6} {:>6} {:>7} {:>7} {:>10}\n",
        "kernel", "instructions", "vector", "scalar", "shared", "local", "parameters"
    );
    for k in &kernels {
        let _ = writeln!(
            text,
            "{:<width$} {:>12} {:>6} {:>6} {:>7} {:>7} {:>10}",
            k.name,
            u64::from(k.size) / INST_SIZE,
            k.vregs,
            k.sregs,
            k.shared_bytes,
            k.local_bytes,
            k.param_size
        );
    }
    Ok(Output { bytes: text.into_bytes(), refused })
}
