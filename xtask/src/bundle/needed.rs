//! The packages of the system that the programs need.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{has_program, output};

/// Needed although no program is linked to it: the driver that the window is drawn with.
const LOADED: [&str; 1] = ["libgl1-mesa-dri"];

/// The libraries that the window cannot be without, by the beginning of their packages' names.
#[cfg(test)]
const OF_THE_WINDOW: [&str; 3] = ["libwebkit2gtk-4.1-0", "libgtk-3-0", "libasound2"];

/// What the programs are linked to, as packages with the versions that they need at the least, in the order of
/// the names: `libasound2 (>= 1.0.16), libc6 (>= 2.34), …`. `dpkg-shlibdeps` reads it from the programs.
pub fn packages(programs: &[PathBuf], scratch: &Path) -> Result<String> {
    if !has_program("dpkg-shlibdeps") {
        bail!("there is no dpkg-shlibdeps, which tells what a package needs; install dpkg-dev");
    }
    // It wants to be started where a source package lies.
    let folder = scratch.join("debian");
    std::fs::create_dir_all(&folder)
        .and_then(|()| {
            std::fs::write(
                folder.join("control"),
                "Source: espressivo\n\nPackage: espressivo\nArchitecture: any\n",
            )
        })
        .with_context(|| format!("cannot write into {}", folder.display()))?;
    let mut command = Command::new("dpkg-shlibdeps");
    command.arg("-O").args(programs).current_dir(scratch);
    let said = output(&mut command).context("cannot start dpkg-shlibdeps")?;
    if !said.status.success() {
        bail!("dpkg-shlibdeps failed: {}", String::from_utf8_lossy(&said.stderr).trim());
    }
    let text = String::from_utf8_lossy(&said.stdout).into_owned();
    listed(&text).with_context(|| format!("dpkg-shlibdeps found no packages: {text}"))
}

/// The list in what `dpkg-shlibdeps -O` says, with what is only loaded.
fn listed(said: &str) -> Option<String> {
    let linked = said.lines().find_map(|line| line.strip_prefix("shlibs:Depends="))?;
    let mut all: Vec<&str> = linked.split(", ").map(str::trim).chain(LOADED).collect();
    all.sort_unstable();
    all.dedup();
    Some(all.join(", "))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod unit_tests {
    use super::*;

    #[test]
    fn what_is_loaded_is_added_in_its_place() {
        let said =
            "shlibs:Depends=libc6 (>= 2.34), libasound2 (>= 1.0.16), libwebkit2gtk-4.1-0 (>= 2.37.90)\n";
        let expected = "libasound2 (>= 1.0.16), libc6 (>= 2.34), libgl1-mesa-dri, \
                        libwebkit2gtk-4.1-0 (>= 2.37.90)";
        assert_eq!(listed(said).unwrap(), expected);
        assert_eq!(listed("nothing"), None);
    }

    #[test]
    fn the_page_on_packages_names_what_the_window_needs() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let page = std::fs::read_to_string(root.join("packaging/README.md")).unwrap();
        for package in OF_THE_WINDOW {
            assert!(page.contains(package), "packaging/README.md does not name {package}");
        }
    }
}
