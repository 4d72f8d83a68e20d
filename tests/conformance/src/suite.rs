// SPDX-License-Identifier: Apache-2.0 OR MIT
//! All cases of the suite, from the files in `forms` and `kernels`.
//!
//! They lie in the crate's own folder, or in that which `IX_CONFORMANCE_DIR` names: a machine that
//! only runs the suite has no source tree.

use std::path::PathBuf;

use crate::case::Case;
use crate::form::parse_table;
use crate::template;

fn root() -> PathBuf {
    std::env::var_os("IX_CONFORMANCE_DIR").map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from)
}

/// Files of a folder with an extension, in order of their names.
fn files(folder: &str, extension: &str) -> Result<Vec<PathBuf>, String> {
    let dir = root().join(folder);
    let entries = std::fs::read_dir(&dir).map_err(|e| format!("{}: {e}", dir.display()))?;
    let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| p.extension().is_some_and(|e| e == extension)).collect();
    files.sort();
    Ok(files)
}

/// Every case, in the order of the files.
pub fn cases() -> Result<Vec<Case>, String> {
    let mut cases = vec![];
    for path in files("forms", "txt")? {
        let family = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        let forms = parse_table(&text).map_err(|e| format!("{}: {e}", path.display()))?;
        cases.extend(forms.into_iter().map(|form| Case::of_form(&family, form)));
    }
    for path in files("kernels", "ptx")? {
        let family = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
        cases.extend(template::parse(&family, &text).map_err(|e| format!("{}: {e}", path.display()))?);
    }
    Ok(cases)
}
