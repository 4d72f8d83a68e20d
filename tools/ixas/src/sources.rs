// SPDX-License-Identifier: Apache-2.0 OR MIT
//! The text of source files, for listings that show where code comes from.

use std::collections::HashMap;
use std::path::Path;

/// Bytes of a source file that is read.
const MAX_FILE: u64 = 16 << 20;

/// Lines of source files by name.
#[derive(Debug, Clone, Default)]
pub struct Sources(HashMap<String, Vec<String>>);

impl Sources {
    /// Reads those of `files` that are there: at their own path or, where that is relative, below one of `folders`.
    /// Others are as if empty: a listing is of use without them.
    pub fn read<'f>(files: impl IntoIterator<Item = &'f str>, folders: &[&Path]) -> Sources {
        let mut sources = Sources::default();
        for file in files {
            let path = Path::new(file);
            // Joining an absolute path gives that path.
            let text = std::iter::once(path.to_owned()).chain(folders.iter().map(|f| f.join(path))).find_map(|path| {
                // Whoever wrote the code chose the name: no pipe, no device.
                let data = path.metadata().ok()?;
                (data.is_file() && data.len() <= MAX_FILE).then(|| std::fs::read(path).ok()).flatten()
            });
            if let Some(text) = text {
                sources.add(file, &String::from_utf8_lossy(&text));
            }
        }
        sources
    }

    /// Adds a file.
    pub fn add(&mut self, file: &str, text: &str) {
        self.0.insert(file.to_owned(), text.lines().map(str::to_owned).collect());
    }

    /// A line of a file, counted from 1.
    pub fn line(&self, file: &str, line: u32) -> Option<&str> {
        let index = usize::try_from(line.checked_sub(1)?).ok()?;
        self.0.get(file)?.get(index).map(String::as_str)
    }
}
