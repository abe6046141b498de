//! An AppImage: one file that runs without being installed.
//!
//! It is a small program, the runtime, with a file system behind it that holds the tree. `appimagetool` makes
//! one and brings the runtime along; else `mksquashfs` makes the file system and the runtime is a file that
//! `ESPRESSIVO_APPIMAGE_RUNTIME` names (of <https://github.com/AppImage/type2-runtime>): neither is fetched.
//! WebKitGTK, GTK and ALSA are the system's, as in the other packages: WebKit starts programs of its own by
//! their full paths, and one that is brought along shows nothing on many systems.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::contents::{ID, packaging};
use super::release::Release;
use super::tree::{self, Tree};
use crate::folders::Folders;
use crate::process::{has_program, run};

/// Names the runtime.
const RUNTIME: &str = "ESPRESSIVO_APPIMAGE_RUNTIME";

/// What starts first. With a command it is the command line, else the window.
const START: &str =
    "#!/bin/sh\nhere=$(dirname \"$(readlink -f \"$0\")\")\nexec \"$here/usr/bin/espressivo\" \"$@\"\n";

/// Packs the tree, or says what is missing.
pub fn pack(folders: &Folders, tree: &Tree, release: &Release, out: &Path) -> Result<Option<PathBuf>> {
    let runtime = std::env::var_os(RUNTIME).filter(|value| !value.is_empty()).map(PathBuf::from);
    let file = out.join(release.file_name('-', std::env::consts::ARCH, ".AppImage"));
    if has_program("appimagetool") {
        let folder = lay(folders, tree, release, out)?;
        with_tool(&folder, runtime.as_deref(), release, &file)?;
    } else if let Some(runtime) = runtime.filter(|_| has_program("mksquashfs")) {
        let folder = lay(folders, tree, release, out)?;
        let system = out.join("AppImage.squashfs");
        with_squashfs(&folder, release, &system)?;
        join(&runtime, &system, &file)?;
        fs::remove_file(&system).with_context(|| format!("cannot remove {}", system.display()))?;
    } else {
        eprintln!(
            "  no AppImage: that takes appimagetool, or mksquashfs (Debian: squashfs-tools) and {RUNTIME}"
        );
        return Ok(None);
    }
    Ok(Some(file))
}

/// The tree as an AppImage has it: with what starts, the desktop entry and the icon above it.
fn lay(folders: &Folders, tree: &Tree, release: &Release, out: &Path) -> Result<PathBuf> {
    let whole = Tree::fresh(&out.join("AppDir"))?;
    whole.copy_folder(&tree.path("usr"), "usr", |_| true)?;
    whole.put(&format!("{ID}.desktop"), packaging(&folders.root, release, &format!("{ID}.desktop"))?)?;
    whole.copy(&folders.root.join("icons/256x256.png"), &format!("{ID}.png"))?;
    whole.copy(&folders.root.join("icons/256x256.png"), ".DirIcon")?;
    whole.put("AppRun", START)?;
    whole.settle(release.epoch)?;
    whole.open_to_run("AppRun")?;
    Ok(whole.root().to_owned())
}

fn with_tool(folder: &Path, runtime: Option<&Path>, release: &Release, file: &Path) -> Result<()> {
    let mut tool = Command::new("appimagetool");
    tool.arg("--no-appstream");
    if let Some(runtime) = runtime {
        tool.arg("--runtime-file").arg(runtime);
    }
    tool.arg(folder).arg(file).env("ARCH", std::env::consts::ARCH);
    run(tool.env("SOURCE_DATE_EPOCH", release.epoch.to_string()))
}

/// One thread, and the times of files as they are, so that the same tree gives the same bytes; the time of the
/// file system itself is `SOURCE_DATE_EPOCH`.
fn with_squashfs(folder: &Path, release: &Release, system: &Path) -> Result<()> {
    let mut squash = Command::new("mksquashfs");
    squash.arg(folder).arg(system).args(["-root-owned", "-noappend", "-comp", "gzip", "-processors", "1"]);
    run(squash.args(["-no-progress", "-quiet"]).env("SOURCE_DATE_EPOCH", release.epoch.to_string()))
}

fn join(runtime: &Path, system: &Path, file: &Path) -> Result<()> {
    fs::copy(runtime, file).with_context(|| format!("cannot copy the runtime {}", runtime.display()))?;
    let append = || -> io::Result<()> {
        let mut whole = fs::OpenOptions::new().append(true).open(file)?;
        io::copy(&mut fs::File::open(system)?, &mut whole)?;
        tree::set_mode(file, 0o755)
    };
    append().with_context(|| format!("cannot write {}", file.display()))
}
