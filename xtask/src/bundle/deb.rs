//! A package for Debian, Ubuntu and what is made of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::release::{PROGRAMS, Release};
use super::tree::Tree;
use super::{contents, needed};
use crate::folders::Folders;
use crate::process::{has_program, output, run};

/// Packs the tree; the package lies in `out`.
///
/// The same tree gives the same bytes: files bear one time, belong to root and are packed in the order of their
/// names, and xz works with one thread, since several cut the file into other blocks.
pub fn pack(folders: &Folders, tree: &Tree, release: &Release, out: &Path) -> Result<PathBuf> {
    if !has_program("dpkg-deb") {
        bail!("there is no dpkg-deb, which makes packages for Debian; the .tar.gz beside it needs none");
    }
    let architecture = said(Command::new("dpkg").arg("--print-architecture"))?;
    let programs = PROGRAMS.map(|program| tree.path(&format!("usr/bin/{program}")));
    let control = Control {
        template: &contents::packaging(&folders.root, release, "control")?,
        architecture: &architecture,
        needed: &needed::packages(&programs, &out.join("needed"))?,
        bytes: tree.size()?,
    };
    let folder = tree.root().join("DEBIAN");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let write = |name: &str, text: String| {
        fs::write(folder.join(name), text).with_context(|| format!("cannot write {name} of the package"))
    };
    write("control", control.text())?;
    write("md5sums", md5sums(tree)?)?;
    tree.settle(release.epoch)?;
    let file = out.join(release.file_name('_', &architecture, ".deb"));
    build(tree, release.epoch, &file)?;
    Ok(file)
}

fn build(tree: &Tree, epoch: u64, file: &Path) -> Result<()> {
    let mut dpkg = Command::new("dpkg-deb");
    dpkg.args(["--root-owner-group", "-Zxz", "--build"]).arg(tree.root()).arg(file);
    run(dpkg.env("SOURCE_DATE_EPOCH", epoch.to_string()).env("DPKG_DEB_THREADS_MAX", "1"))
}

/// What a package says of itself.
struct Control<'a> {
    /// The text of `packaging/linux/control`, with the version.
    template: &'a str,
    architecture: &'a str,
    needed: &'a str,
    /// Of all files.
    bytes: u64,
}

impl Control<'_> {
    fn text(&self) -> String {
        // In units of 1,024 bytes, as Debian's policy has it.
        let size = self.bytes.div_ceil(1_024).to_string();
        let text = self.template.replace("@ARCHITECTURE@", self.architecture).replace("@SIZE@", &size);
        text.replace("@DEPENDS@", self.needed)
    }
}

/// A line for each file: its sum, two spaces, its place without the first stroke.
fn md5sums(tree: &Tree) -> Result<String> {
    let files = tree.files()?;
    let places = files.iter().map(|file| file.strip_prefix(tree.root()).unwrap_or(file));
    said(Command::new("md5sum").args(places).current_dir(tree.root())).map(|text| text + "\n")
}

/// What a program prints, without the last line's end.
fn said(command: &mut Command) -> Result<String> {
    let name = command.get_program().to_string_lossy().into_owned();
    let said = output(command).with_context(|| format!("cannot start {name}"))?;
    if !said.status.success() {
        bail!("{name} failed: {}", String::from_utf8_lossy(&said.stderr).trim());
    }
    Ok(String::from_utf8_lossy(&said.stdout).trim_end().to_owned())
}

#[cfg(test)]
#[path = "deb_tests.rs"]
mod unit_tests;
