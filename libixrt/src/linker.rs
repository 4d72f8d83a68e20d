// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The linker: one module of several inputs, for the program to keep and to load.
//!
//! A *link* collects inputs. *Completing* it compiles the PTX texts among them as one program, in which they may use each
//! other's functions and variables, and puts images that were linked before behind it; those are whole already, so no
//! other input sees what is in them. The *image* that comes out is the compiler's own form of a module.

use crate::error::{Code, Error, Result};
use crate::handle::{lock, Of, Table};
use crate::{cache, module};
use ix_compiler::{Input, Module, Options};
use std::sync::{Arc, Mutex};

/// Links that have handles.
pub static LINKS: Table<Link> = Table::new(Of::Link, "link");

/// Bytes that the inputs of a link may have together.
const INPUT_MAX: usize = 256 << 20;

/// A link: see the module's text.
#[derive(Debug, Default)]
pub struct Link {
    state: Mutex<State>,
    /// How to compile.
    options: Options,
}

#[derive(Debug, Default)]
struct State {
    texts: Vec<(String, String)>,
    images: Vec<(String, Module)>,
    bytes: usize,
    /// What came out; it stays where it is as long as the link.
    image: Option<Arc<[u8]>>,
}

impl State {
    fn count(&mut self, bytes: usize) -> Result<()> {
        if self.image.is_some() {
            return Err(Error::new(Code::ILLEGAL_STATE, "the link is complete; nothing can be added to it"));
        }
        if bytes > INPUT_MAX - self.bytes {
            return Err(Error::new(Code::OUT_OF_MEMORY, format!("the inputs of a link have more than {INPUT_MAX} bytes")));
        }
        self.bytes += bytes;
        Ok(())
    }

    fn name(&self, name: &str) -> String {
        match name {
            "" => format!("input {}", self.texts.len() + self.images.len() + 1),
            name => name.to_owned(),
        }
    }
}

impl Link {
    /// An empty link.
    pub fn new(options: Options) -> Link {
        Link { options, ..Link::default() }
    }

    /// Adds a PTX text. Its syntax is checked at once.
    pub fn add_text(&self, name: &str, text: &[u8]) -> Result<()> {
        let mut state = lock(&self.state);
        let name = state.name(name);
        let text = std::str::from_utf8(text).map_err(|e| Error::new(Code::INVALID_IMAGE, format!("{name} is not PTX text: {e}")))?;
        let mut program = ix_compiler::ptx::Program::default();
        program.add(&name, text).map_err(|errors| module::refused(&errors))?;
        drop(program);
        state.count(text.len())?;
        state.texts.push((name, text.to_owned()));
        Ok(())
    }

    /// Adds an image that was linked before.
    pub fn add_image(&self, name: &str, image: &[u8]) -> Result<()> {
        let mut state = lock(&self.state);
        let name = state.name(name);
        let module = Module::from_bytes(image).map_err(|e| Error::new(Code::INVALID_IMAGE, format!("{name}: {e}")))?;
        state.count(image.len().max(module.data.len()))?;
        state.images.push((name, module));
        Ok(())
    }

    /// Links, unless that has been done; gives the image.
    pub fn complete(&self) -> Result<Arc<[u8]>> {
        let mut state = lock(&self.state);
        if let Some(image) = &state.image {
            return Ok(Arc::clone(image));
        }
        if state.texts.is_empty() && state.images.is_empty() {
            return Err(Error::invalid("the link has no inputs"));
        }
        let inputs: Vec<_> = state.texts.iter().map(|(name, text)| Input { name, text }).collect();
        let mut whole = match inputs.is_empty() {
            true => Module::default(),
            false => cache::compile(&inputs, &self.options).map_err(|errors| module::refused(&errors))?,
        };
        for (name, module) in &state.images {
            whole
                .append(module.clone())
                .map_err(|twice| Error::new(Code::INVALID_PTX, format!("`{twice}` of {name} is defined in another input as well")))?;
        }
        let image: Arc<[u8]> = whole.to_bytes().into();
        state.image = Some(Arc::clone(&image));
        Ok(image)
    }
}
