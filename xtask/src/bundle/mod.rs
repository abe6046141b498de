//! `cargo xtask bundle`: what musicians install.
//!
//! [`contents`] lays everything that an installed Espressivo consists of into one [`tree`], as it lies below
//! `/usr`; [`deb`], [`appimage`] and [`portable`] pack that tree. [`attempt`] installs the package into a
//! Debian in which nothing else is and uses it. More, and what is done on other systems, is in
//! `packaging/README.md`.

mod appimage;
mod asked;
mod attempt;
mod attempt_window;
mod clean;
mod contents;
mod deb;
mod needed;
mod portable;
mod release;
mod third_party;
mod tree;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::folders::{Folders, SHARED_FEATURES};
use crate::process::{run, step};
use crate::{face, setup};
use asked::Asked;
use release::{PROGRAMS, Release};
use tree::Tree;

/// Builds, packs and, if asked for, tries.
pub fn bundle(folders: &Folders, args: &[OsString]) -> Result<()> {
    let asked = Asked::of(args)?;
    if !cfg!(target_os = "linux") {
        bail!("on this system Tauri makes the package; packaging/README.md has the steps");
    }
    if !asked.is_built {
        setup::install_missing(folders)?;
        face::build(folders)?;
        build(folders)?;
    }
    let release = Release::of(folders)?;
    let out = folders.target.join("bundle");
    let packed = pack(folders, &release, &out)?;
    if asked.twice {
        compare(&packed, &pack(folders, &release, &out.join("again"))?)?;
    }
    if asked.is_tried {
        attempt::attempt(&packed.deb, &out)?;
    }
    Ok(())
}

/// Builds both programs, as `cargo xtask run` does.
pub fn build(folders: &Folders) -> Result<()> {
    step("building Espressivo (the first time takes long, most of it for the neural network library)");
    let programs = PROGRAMS.into_iter().flat_map(|program| ["--bin", program]);
    run(folders.cargo("build").arg("--release").args(programs).args(SHARED_FEATURES))
}

/// The packages that were made.
struct Packed {
    deb: PathBuf,
    portable: PathBuf,
    /// None where a program or file for it is missing.
    appimage: Option<PathBuf>,
}

impl Packed {
    fn files(&self) -> Vec<&Path> {
        let always = [self.deb.as_path(), &self.portable];
        always.into_iter().chain(self.appimage.as_deref()).collect()
    }
}

/// Lays the tree into a folder and packs it there.
fn pack(folders: &Folders, release: &Release, out: &Path) -> Result<Packed> {
    step("laying out what is installed");
    std::fs::create_dir_all(out).with_context(|| format!("cannot make {}", out.display()))?;
    let tree = Tree::fresh(&out.join("tree"))?;
    contents::lay(folders, release, &tree)?;
    tree.settle(release.epoch)?;
    eprintln!("  installed: {}", megabytes(tree.size()?));
    step("packing it");
    let packed = Packed {
        portable: portable::pack(&tree, release, out)?,
        appimage: appimage::pack(folders, &tree, release, out)?,
        // Last, since it adds files of its own beside the tree.
        deb: deb::pack(folders, &tree, release, out)?,
    };
    for file in packed.files() {
        let size = std::fs::metadata(file).with_context(|| format!("{} was not made", file.display()))?.len();
        eprintln!("  {}: {}", file.display(), megabytes(size));
    }
    Ok(packed)
}

/// Fails unless two packings of the same files gave the same bytes.
fn compare(first: &Packed, second: &Packed) -> Result<()> {
    for (a, b) in first.files().into_iter().zip(second.files()) {
        let read =
            |path: &Path| std::fs::read(path).with_context(|| format!("cannot read {}", path.display()));
        if read(a)? != read(b)? {
            bail!("packed twice, {} is not the same as {}", a.display(), b.display());
        }
    }
    eprintln!("  packed twice: every byte is the same");
    Ok(())
}

fn megabytes(bytes: u64) -> String {
    format!("{:.1} MB", bytes as f64 / 1e6)
}
