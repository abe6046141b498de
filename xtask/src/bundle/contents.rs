//! What an installed Espressivo consists of, and where it lies.
//!
//! The page of the window is inside `espressivo-studio`, which is also the program that engraves; the generated
//! piano is code. `crates/application/src/folders.rs` looks for the rest in `share/espressivo`.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::release::{PROGRAMS, Release};
use super::third_party;
use super::tree::Tree;
use crate::folders::Folders;
use crate::process::{has_program, run, succeeds};

/// The app's identifier, as in `tauri.conf.json`.
pub const ID: &str = "org.espressivo.studio";

/// What comes along as it is in the checkout.
const FOLDERS: [&str; 3] = ["models", "scores", "soundfonts"];

/// In a window that was built without its page; see `src-tauri/build.rs`.
const NO_FACE: &str = "This build has no face";

/// Icons by their size in pixels.
const ICONS: [(&str, &str); 4] =
    [("32x32", "32x32.png"), ("128x128", "128x128.png"), ("256x256", "256x256.png"), ("512x512", "icon.png")];

/// Lays out everything.
pub fn lay(folders: &Folders, release: &Release, tree: &Tree) -> Result<()> {
    programs(&folders.target.join("release"), tree)?;
    what_comes_along(&folders.root, tree)?;
    desktop(&folders.root, release, tree)?;
    documents(folders, release, tree)
}

/// The programs, without symbols, which nobody reads who has no debugger.
fn programs(built: &Path, tree: &Tree) -> Result<()> {
    for program in PROGRAMS {
        let from = built.join(program);
        if !from.is_file() {
            bail!("{} is not there; leave --built out", from.display());
        }
        if succeeds(Command::new("grep").args(["--quiet", "--text", "--fixed-strings", NO_FACE]).arg(&from)) {
            bail!("{} was built without the face; leave --built out", from.display());
        }
        let place = format!("usr/bin/{program}");
        tree.copy(&from, &place)?;
        run(Command::new("strip").arg("--strip-unneeded").arg(tree.path(&place)))?;
    }
    Ok(())
}

fn what_comes_along(root: &Path, tree: &Tree) -> Result<()> {
    for folder in FOLDERS {
        // How training went is for those who train.
        let is_wanted = |name: &str| !(name.starts_with("curve") && name.ends_with(".csv"));
        tree.copy_folder(&root.join(folder), &format!("usr/share/espressivo/{folder}"), is_wanted)?;
    }
    for licence in ["LICENSE-APACHE", "LICENSE-MIT"] {
        tree.copy(&root.join(licence), &format!("usr/share/espressivo/{licence}"))?;
    }
    Ok(())
}

/// What a desktop reads: the entry, the types of files, the page of a software centre, icons.
fn desktop(root: &Path, release: &Release, tree: &Tree) -> Result<()> {
    let text = |name: &str| packaging(root, release, name);
    let (entry, metainfo) = (format!("{ID}.desktop"), format!("{ID}.metainfo.xml"));
    tree.put(&format!("usr/share/applications/{entry}"), text(&entry)?)?;
    tree.put(&format!("usr/share/metainfo/{metainfo}"), text(&metainfo)?)?;
    tree.put(&format!("usr/share/mime/packages/{ID}.xml"), text("mime.xml")?)?;
    let icon = |size: &str, end: &str| format!("usr/share/icons/hicolor/{size}/apps/{ID}.{end}");
    for (size, file) in ICONS {
        tree.copy(&root.join("icons").join(file), &icon(size, "png"))?;
    }
    tree.copy(&root.join("icons/icon.svg"), &icon("scalable", "svg"))
}

/// What people read: manual pages, changes, licences.
fn documents(folders: &Folders, release: &Release, tree: &Tree) -> Result<()> {
    let root = &folders.root;
    let mut compressed = Vec::new();
    for program in PROGRAMS {
        let page = format!("usr/share/man/man1/{program}.1");
        tree.put(&page, packaging(root, release, &format!("{program}.1"))?)?;
        compressed.push(page);
    }
    let document = |name: &str| format!("usr/share/doc/espressivo/{name}");
    tree.copy(&root.join("CHANGELOG.md"), &document("changelog"))?;
    tree.put(&document("copyright"), packaging(root, release, "copyright")?)?;
    tree.put(&document("third-party.txt"), third_party::text(folders)?)?;
    compressed.extend([document("changelog"), document("third-party.txt")]);
    compress(tree, &compressed)
}

/// A text of `packaging/linux`.
pub fn packaging(root: &Path, release: &Release, name: &str) -> Result<String> {
    let path = root.join("packaging/linux").join(name);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    Ok(release.fill(&text))
}

/// Replaces files by compressed ones, without the time that gzip would write into them.
fn compress(tree: &Tree, places: &[String]) -> Result<()> {
    if !has_program("gzip") {
        bail!("there is no gzip, which packages are made with");
    }
    let files = places.iter().map(|place| tree.path(place));
    run(Command::new("gzip").args(["--no-name", "--best", "--force"]).args(files))
}

#[cfg(test)]
#[path = "contents_tests.rs"]
mod unit_tests;
