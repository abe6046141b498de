//! Programs for tests that fetch from a folder instead of the network.
#![allow(clippy::unwrap_used)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::program::{Kind, Program};

/// A program that does what a line of the shell says. `$to` is the file that it is told to write and `$name` the
/// end of the address, or the package for npm, which is told a folder instead.
fn program(root: &Path, kind: Kind, line: &str) -> Program {
    let told = match kind {
        Kind::Curl | Kind::Wget => "while [ $# -gt 2 ]; do shift; done; to=\"$1\"; name=\"${2##*/}\"",
        Kind::Npm | Kind::Pip => "while [ $# -gt 2 ]; do shift; done; to=\"$1\"; name=\"$2\"",
    };
    let path = root.join(format!("program-{kind:?}"));
    fs::write(&path, format!("#!/bin/sh\n{told}\n{line}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    Program::new(kind, path)
}

/// A curl that does what a line says.
pub(crate) fn curl(root: &Path, line: &str) -> Program {
    program(root, Kind::Curl, line)
}

/// An npm that does what a line says.
pub(crate) fn npm(root: &Path, line: &str) -> Program {
    program(root, Kind::Npm, line)
}
