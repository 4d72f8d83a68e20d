// SPDX-License-Identifier: Apache-2.0 OR MIT
//! Finds the render nodes that the driver serves.
//!
//! A *render node* is `/dev/dri/renderD<minor>`. sysfs says which driver stands behind each, so
//! that no node of another driver needs to be opened.

use std::io;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Name of the driver.
pub const DRIVER: &str = "ix";

/// A render node of an IX device.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderNode {
    /// Minor number: 128 for `renderD128`.
    pub minor: u32,
    /// The device node.
    pub path: PathBuf,
    /// Directory of the device in sysfs, without links.
    pub sysfs: PathBuf,
    /// Name of the device on its bus: the PCI address, as in `0000:00:03.0`.
    pub address: String,
}

/// The IX render nodes of this machine, by minor number. None is no error.
pub fn render_nodes() -> Result<Vec<RenderNode>, Error> {
    render_nodes_in(Path::new("/sys/class/drm"), Path::new("/dev/dri"))
}

/// As [`render_nodes`], with the directories given.
pub fn render_nodes_in(class: &Path, dev: &Path) -> Result<Vec<RenderNode>, Error> {
    let failed = |path: &Path, source| Error::Sysfs { path: path.into(), source };
    let entries = match std::fs::read_dir(class) {
        Ok(entries) => entries,
        // A kernel without DRM, or without sysfs: no node.
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(failed(class, e)),
    };
    let mut nodes = Vec::new();
    for entry in entries {
        let name = entry.map_err(|e| failed(class, e))?.file_name();
        let Some(minor) = name.to_str().and_then(|n| n.strip_prefix("renderD")).and_then(|n| n.parse().ok()) else { continue };
        let device = class.join(&name).join("device");
        // A device may go while we look: whatever is no longer there is no node.
        let Ok(driver) = std::fs::read_link(device.join("driver")) else { continue };
        let Ok(sysfs) = std::fs::canonicalize(&device) else { continue };
        if driver.file_name().is_some_and(|d| d == DRIVER) {
            let address = sysfs.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            nodes.push(RenderNode { minor, path: dev.join(&name), sysfs, address });
        }
    }
    nodes.sort_by_key(|n| n.minor);
    Ok(nodes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    /// A sysfs with render nodes of the given drivers.
    fn sysfs(test: &str, nodes: &[(&str, &str, &str)]) -> PathBuf {
        let root = std::env::temp_dir().join(format!("ix-uapi-{test}-{}", std::process::id()));
        let class = root.join("class");
        std::fs::create_dir_all(&class).unwrap();
        for (name, address, driver) in nodes {
            let device = root.join("devices").join(address);
            let drivers = root.join("drivers").join(driver);
            std::fs::create_dir_all(&device).unwrap();
            std::fs::create_dir_all(&drivers).unwrap();
            if !device.join("driver").exists() {
                symlink(&drivers, device.join("driver")).unwrap();
            }
            std::fs::create_dir(class.join(name)).unwrap();
            symlink(&device, class.join(name).join("device")).unwrap();
        }
        root
    }

    #[test]
    fn nodes_of_other_drivers_and_primary_nodes_are_left_out() {
        let root = sysfs(
            "nodes",
            &[
                ("renderD130", "0000:00:04.0", "ix"),
                ("renderD128", "0000:00:03.0", "ix"),
                ("renderD129", "0000:00:02.0", "i915"),
                ("card0", "0000:00:03.0", "ix"),
            ],
        );
        let nodes = render_nodes_in(&root.join("class"), Path::new("/dev/dri")).unwrap();
        let found: Vec<_> = nodes.iter().map(|n| (n.minor, n.path.to_str().unwrap(), n.address.as_str())).collect();
        assert_eq!(found, [(128, "/dev/dri/renderD128", "0000:00:03.0"), (130, "/dev/dri/renderD130", "0000:00:04.0")]);
        std::fs::remove_dir_all(root).unwrap();
    }

    #[test]
    fn no_drm_gives_no_nodes() {
        assert_eq!(render_nodes_in(Path::new("/nonexistent"), Path::new("/dev/dri")).unwrap(), []);
    }
}
