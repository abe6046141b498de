//! Cargo tools that the commands need, installed once into the cache.

use crate::folders::Folders;
use crate::process::{run, step, succeeds};

/// Whether `cargo NAME` is there after this; installs it if not. Says so and gives up for good if
/// that fails, until the note about it is deleted.
pub fn have_tool(folders: &Folders, name: &str, why: &str) -> bool {
    let is_there = || succeeds(folders.cargo(name).arg("--version"));
    if is_there() {
        return true;
    }
    let package = format!("cargo-{name}");
    if failed_before(folders, &package) {
        return false;
    }
    step(&format!("installing {package} ({why}; takes minutes, once)"));
    let mut install = folders.cargo("install");
    // Without the shared build folder: what is built for a tool is of no use afterwards.
    install.env_remove("CARGO_TARGET_DIR").current_dir(&folders.cache);
    install.args([&package, "--locked", "--root"]).arg(folders.tools());
    if let Err(error) = run(&mut install) {
        eprintln!("  going on without: {error:#}");
        note_failure(folders, &package);
        return false;
    }
    is_there()
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
