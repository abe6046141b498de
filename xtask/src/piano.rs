//! The recorded grand piano, the Salamander Grand Piano V3. Without it the app plays on a soundfont, or on the
//! piano that it computes itself. It is large, so nobody gets it unasked.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Context, Result, bail};

use crate::folders::Folders;
use crate::process::{has_program, step};
use crate::published::{Published, python};

/// Where it comes from and goes.
pub const PIANO: Published = Published {
    name: "pianos/salamander",
    variable: "ESPRESSIVO_PIANO",
    sign: "piano.json",
    script: "scripts/fetch_piano.py",
    what: "the recorded grand piano (Salamander, by Alexander Holm, CC BY 3.0; 80 MB, once)",
    without: "on a soundfont or the computed piano",
};

/// Whether the piano is in its place.
pub fn is_there(_: &Folders) -> bool {
    PIANO.is_there()
}

/// Fetches what of it is not there.
pub fn get(folders: &Folders) -> Result<()> {
    let folder = PIANO.place().context("neither ESPRESSIVO_PIANO nor HOME says where to put it")?;
    let python = python(&["--version"]).context("the script that fetches it needs Python")?;
    if !has_npm() && !PIANO.is_there() {
        bail!(
            "npm fetches the grand piano, and it is not here; install Node.js (Debian: apt-get install npm)"
        );
    }
    step(&format!("fetching {}", PIANO.what));
    PIANO.fetch(folders, python, &folder)?;
    eprintln!("  it is in {}", folder.display());
    Ok(())
}

/// Asks whether it is to be fetched, where somebody can answer; says how to, where nobody can.
pub fn offer(folders: &Folders) {
    if PIANO.is_there() {
        return;
    }
    if !can_ask() {
        eprintln!("\n  a better piano: `cargo xtask piano` fetches {}", PIANO.what);
        return;
    }
    eprint!("\n  Fetch {}? [y/N] ", PIANO.what);
    let mut answer = String::new();
    let is_read = io::stderr().flush().is_ok() && io::stdin().lock().read_line(&mut answer).is_ok();
    if !is_read || !is_yes(&answer) {
        eprintln!("  going on {}; `cargo xtask piano` fetches it later", PIANO.without);
    } else if let Err(error) = get(folders) {
        eprintln!("  going on {}: {error:#}", PIANO.without);
    }
}

/// A terminal alone does not mean that somebody sits there.
fn can_ask() -> bool {
    let is_automatic = std::env::var_os("CI").is_some_and(|value| !value.is_empty());
    !is_automatic && io::stdin().is_terminal() && io::stderr().is_terminal()
}

fn is_yes(answer: &str) -> bool {
    matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
}

fn has_npm() -> bool {
    has_program(if cfg!(windows) { "npm.cmd" } else { "npm" })
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        assert!(is_yes("y\n") && is_yes(" Yes\n"));
        assert!(!is_yes("\n") && !is_yes("") && !is_yes("no\n"));
    }
}
