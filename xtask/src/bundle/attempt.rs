//! `cargo xtask bundle --try`: the package in a Debian that holds nothing else.
//!
//! The smallest Debian of the release that runs here is made with debootstrap or mmdebstrap and kept; each try
//! has a copy of it. In it the package is installed with what it declares to need and nothing that it only
//! recommends; then an ordinary user performs, exports and opens the window.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};

use super::attempt_window;
use super::clean::{Root, SCORE};
use crate::process::{has_program, output, step};

/// Whatever builds programs: none of them may be there.
const TOOLS: [&str; 5] = ["cargo", "rustc", "cc", "gcc", "ld"];

/// Installs the package and uses it.
pub fn attempt(deb: &Path, out: &Path) -> Result<()> {
    check()?;
    let root = Root::fresh(out)?;
    step("installing the package");
    root.install(deb)?;
    step("using it");
    for tool in TOOLS {
        ensure!(!root.has(tool), "{tool} is in the clean Debian; it is not clean");
    }
    let home = root.home();
    root.timed("espressivo --version", &["espressivo", "--version"])?;
    root.timed("espressivo-studio --version", &["espressivo-studio", "--version"])?;
    root.timed("perform", &["espressivo", "perform", SCORE, "--wav", "-o", "take.mid"])?;
    root.timed("export", &["espressivo", "export", SCORE, "--of", "take.mid", "--exact", "-o", "exact.mid"])?;
    for (file, least) in [("take.mid", 500), ("take.wav", 1_000_000), ("exact.mid", 500)] {
        let size = fs::metadata(home.join(file)).with_context(|| format!("{file} was not written"))?.len();
        ensure!(size >= least, "{file} is only {size} bytes long");
    }
    attempt_window::attempt(&root, &out.join("window.png"))?;
    eprintln!("  the package works in a clean Debian");
    Ok(())
}

/// Fails where a try is not possible, and says what it takes.
fn check() -> Result<()> {
    let id = output(Command::new("id").arg("--user")).context("cannot start id")?;
    ensure!(
        id.stdout.trim_ascii() == b"0",
        "a try needs root, since it makes a Debian of its own: sudo --preserve-env cargo xtask bundle --built --try"
    );
    let makers = ["debootstrap", "mmdebstrap"];
    ensure!(makers.into_iter().any(has_program), "there is no debootstrap; install it (or mmdebstrap)");
    for (program, package) in
        [("unshare", "util-linux"), ("Xvfb", "xvfb"), ("import", "imagemagick"), ("identify", "imagemagick")]
    {
        ensure!(has_program(program), "there is no {program}; install {package}");
    }
    Ok(())
}
