//! Commands that need the window itself, on a display of their own.
//!
//! The harness that drives the window belongs to its end-to-end test (`tests/window`); what these
//! commands do are tests there that run only when asked for.

use anyhow::Result;

use crate::folders::{Folders, SHARED_FEATURES};
use crate::process::{run, step};
use crate::{face, setup};

/// Takes the pictures in `docs/` anew.
pub fn pictures(folders: &Folders) -> Result<()> {
    run_ignored(folders, "taking the pictures of the window", "pictures")
}

/// Prints how long the window takes to start and to draw.
pub fn bench(folders: &Folders) -> Result<()> {
    run_ignored(folders, "measuring the window", "figures")
}

fn run_ignored(folders: &Folders, what: &str, test: &str) -> Result<()> {
    setup::install_for_tests(folders)?;
    face::build(folders)?;
    step(what);
    // The tests start the window as people do, with the command line, which is another package.
    run(folders.cargo("build").args(["--release", "--quiet", "--bin", "espressivo"]).args(SHARED_FEATURES))?;
    let mut cargo = folders.cargo("test");
    cargo.args(["--release", "--quiet", "--test", "window"]).args(SHARED_FEATURES);
    run(cargo.args(["--", "--ignored", "--nocapture", test]))
}
