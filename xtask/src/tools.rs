//! Cargo tools that the commands need, installed once into the cache.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::folders::Folders;
use crate::process::{output, run, step, succeeds};

/// Whether `cargo NAME` is there after this; installs it if not.
pub fn have_cargo_tool(folders: &Folders, name: &str, why: &str) -> bool {
    let is_there = || succeeds(folders.cargo(name).arg("--version"));
    is_there() || (install(folders, &format!("cargo-{name}"), why) && is_there())
}

/// A program of a package of the same registry; installs it if it is not there.
pub fn program(folders: &Folders, name: &str, package: &str, why: &str) -> Option<PathBuf> {
    let own = folders.tools().join("bin").join(name).with_extension(std::env::consts::EXE_EXTENSION);
    let places = [PathBuf::from(name), own.clone()];
    let is_there = |program: &PathBuf| succeeds(Command::new(program).arg("--version"));
    if let Some(there) = places.into_iter().find(is_there) {
        return Some(there);
    }
    (install(folders, package, why) && is_there(&own)).then_some(own)
}

/// Installs a package of programs. Says so and gives up for good if that fails, until the note about
/// it is deleted.
fn install(folders: &Folders, package: &str, why: &str) -> bool {
    if failed_before(folders, package) {
        return false;
    }
    step(&format!("installing {package} ({why}; takes minutes, once)"));
    let mut install = folders.cargo("install");
    // Without the shared build folder: what is built for a tool is of no use afterwards.
    install.env_remove("CARGO_TARGET_DIR").current_dir(&folders.cache);
    install.args([package, "--locked", "--root"]).arg(folders.tools());
    if let Err(error) = run(&mut install) {
        eprintln!("  going on without: {error:#}");
        note_failure(folders, package);
        return false;
    }
    true
}

/// The program that binds WebAssembly for a browser, of exactly this version; installs it if need be.
pub fn wasm_bindgen(folders: &Folders, version: &str) -> Result<PathBuf> {
    const NAME: &str = "wasm-bindgen";
    let own = folders.tools().join("bin").join(NAME).with_extension(std::env::consts::EXE_EXTENSION);
    let is_right = |program: &PathBuf| {
        let said = output(Command::new(program).arg("--version")).map(|o| o.stdout).unwrap_or_default();
        String::from_utf8_lossy(&said).split_whitespace().nth(1) == Some(version)
    };
    let places = [PathBuf::from(NAME), own.clone()];
    if let Some(there) = places.into_iter().find(is_right) {
        return Ok(there);
    }
    step(&format!("installing wasm-bindgen {version} (it binds the face; takes minutes, once)"));
    let install = |locked: &[&str]| {
        let mut cargo = folders.cargo("install");
        cargo.env_remove("CARGO_TARGET_DIR").current_dir(&folders.cache);
        cargo.args(["wasm-bindgen-cli", "--version", version, "--root"]).arg(folders.tools());
        run(cargo.args(locked))
    };
    // A registry that is behind may lack a version that the tool's lock file names.
    install(&["--locked"])
        .or_else(|_| install(&[]))
        .context("the face cannot be built without wasm-bindgen")?;
    Ok(own)
}

/// Whether something could not be installed on an earlier run.
pub fn failed_before(folders: &Folders, name: &str) -> bool {
    let note = note(folders, name);
    let is_noted = note.exists();
    if is_noted {
        eprintln!("  {name} could not be installed before; delete {} to try again", note.display());
    }
    is_noted
}

/// Remembers that something could not be installed.
pub fn note_failure(folders: &Folders, name: &str) {
    // Without the note it is merely tried again.
    let _ = std::fs::write(note(folders, name), "");
}

fn note(folders: &Folders, name: &str) -> std::path::PathBuf {
    folders.cache.join(format!("{name}.failed"))
}
