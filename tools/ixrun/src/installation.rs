// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Where the parts of IX are: in places relative to this program.
//!
//! An *installation* has `bin/ixrun`, `bin/ix-device` and `lib/libcuda.so.1`; a build folder has
//! all three in one. Nothing else is searched: what this program starts is what it came with. Only
//! `ix-device` may be elsewhere, where the library too would find it: as IXRT_DEVICE_BIN says, or
//! in PATH.

use std::path::{Path, PathBuf};

/// The name by which programs ask for CUDA's driver.
const LIBRARY: &str = "libcuda.so.1";
const DEVICE: &str = "ix-device";

/// What is missing.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The operating system does not say where this program is.
    #[error("cannot tell where this program is: {0}")]
    Own(std::io::Error),
    /// No library.
    #[error("cannot find {LIBRARY}; looked in {places}{hint}")]
    Library {
        /// Folders.
        places: String,
        /// What to do, if that is known.
        hint: &'static str,
    },
    /// No device program.
    #[error("--backend direct: cannot find {DEVICE}; looked in {places} and PATH; IXRT_DEVICE_BIN can name it")]
    Device {
        /// Folders.
        places: String,
    },
}

/// The parts of an installation.
#[derive(Debug)]
pub struct Installation {
    /// The folder of this program.
    own: PathBuf,
    /// The folder with the library.
    pub library: PathBuf,
}

impl Installation {
    /// Finds the one that this program belongs to.
    pub fn find() -> Result<Installation, Error> {
        let own = std::env::current_exe().and_then(std::fs::canonicalize).map_err(Error::Own)?;
        Installation::around(own.parent().unwrap_or(Path::new("/")))
    }

    fn around(own: &Path) -> Result<Installation, Error> {
        let places = [own.to_path_buf(), sibling(own, "lib")];
        match places.iter().find(|place| place.join(LIBRARY).exists()) {
            Some(library) => Ok(Installation { own: own.into(), library: library.clone() }),
            None => {
                let built = places.iter().any(|place| place.join("libixrt.so").exists());
                let hint = if built { ". There is a libixrt.so: `cargo xtask build` gives it CUDA's names" } else { "" };
                Err(Error::Library { places: listed(&places), hint })
            }
        }
    }

    /// The program that is the device, to be named to the library; `None` when that is not needed
    /// or, unless it is `required`, not possible.
    pub fn device(&self, required: bool) -> Result<Option<PathBuf>, Error> {
        if std::env::var_os("IXRT_DEVICE_BIN").is_some_and(|v| !v.is_empty()) {
            return Ok(None);
        }
        let places = [self.own.clone(), sibling(&self.own, "bin")];
        let found = places.iter().map(|place| place.join(DEVICE)).find(|path| path.is_file());
        let in_path = || std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()).any(|p| p.join(DEVICE).is_file());
        if found.is_none() && required && !in_path() {
            return Err(Error::Device { places: listed(&places) });
        }
        Ok(found)
    }
}

fn sibling(directory: &Path, name: &str) -> PathBuf {
    directory.parent().unwrap_or(directory).join(name)
}

fn listed(places: &[PathBuf]) -> String {
    places.iter().map(|place| place.display().to_string()).collect::<Vec<_>>().join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn with(name: &str, files: &[&str]) -> Folder {
            let root = std::env::temp_dir().join(format!("ixrun-{name}-{}", std::process::id()));
            for file in files {
                let path = root.join(file);
                std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                std::fs::write(path, "").unwrap();
            }
            Folder(root)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = std::fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn installation_and_build_folder_are_found() {
        let root = Folder::with("found", &["bin/ixrun", "lib/libcuda.so.1", "bin/ix-device", "build/libcuda.so.1"]);
        let installed = Installation::around(&root.0.join("bin")).unwrap();
        assert_eq!(installed.library, root.0.join("lib"));
        assert_eq!(installed.device(true).unwrap(), Some(root.0.join("bin/ix-device")));
        assert_eq!(Installation::around(&root.0.join("build")).unwrap().library, root.0.join("build"));
    }

    #[test]
    fn error_says_where_was_looked_and_what_to_do() {
        let root = Folder::with("missing", &["build/libixrt.so"]);
        let place = root.0.display();
        let error = Installation::around(&root.0.join("bin")).unwrap_err().to_string();
        assert_eq!(error, format!("cannot find libcuda.so.1; looked in {place}/bin and {place}/lib"));
        let error = Installation::around(&root.0.join("build")).unwrap_err().to_string();
        assert!(error.ends_with("`cargo xtask build` gives it CUDA's names"), "{error}");
    }
}
