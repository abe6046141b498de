//! A folder that runs wherever its libraries are: the tree as a `.tar.gz`.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::release::Release;
use super::tree::Tree;
use crate::process::{has_program, run};

/// Packs the tree; unpacked anywhere, `bin/espressivo` finds what it needs in `share` beside it.
pub fn pack(tree: &Tree, release: &Release, out: &Path) -> Result<PathBuf> {
    if let Some(missing) = ["tar", "gzip"].into_iter().find(|program| !has_program(program)) {
        bail!("there is no {missing}, which the portable folder is packed with");
    }
    let name = release.file_name('-', std::env::consts::ARCH, "");
    let archive = out.join(format!("{name}.tar"));
    let mut tar = Command::new("tar");
    tar.args(["--create", "--format=gnu", "--sort=name", "--owner=0", "--group=0", "--numeric-owner"]);
    tar.arg(format!("--mtime=@{}", release.epoch)).arg(format!("--transform=s,^usr,{name},"));
    tar.arg("--file").arg(&archive).arg("--directory").arg(tree.root()).arg("usr");
    run(&mut tar)?;
    // Without the name and the time that gzip would write into it.
    run(Command::new("gzip").args(["--no-name", "--best", "--force"]).arg(&archive))?;
    Ok(out.join(format!("{name}.tar.gz")))
}
