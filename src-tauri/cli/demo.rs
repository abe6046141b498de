//! `espressivo` alone: a demonstration, as long as there is no window.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, Result};
use clap::Parser;

use super::{output, perform};

/// The piece that is performed: short, with chords, pedal and hairpins.
const PIECE: &str = "chopin_prelude_op28_7.musicxml";

/// Where the files go, in the working folder.
const FOLDER: &str = "espressivo-demo";

#[derive(Parser)]
struct Demo {
    #[command(flatten)]
    args: perform::Args,
}

/// Performs one of our own scores and says why no window opened.
pub fn run() -> Result<ExitCode> {
    let score = folder("scores")
        .map(|folder| folder.join(PIECE))
        .filter(|score| score.is_file())
        .context("this version has no window, and the folder `scores` was not found; name a score: espressivo perform SCORE")?;
    output::say(&format!(
        "No window opens: this version has none yet, only the command line (`espressivo --help`).\n\
         So here is a demonstration with {}\n\n",
        score.display()
    ))?;
    let out = PathBuf::from(FOLDER);
    output::create_folder(&out)?;
    let command =
        ["espressivo".as_ref(), score.as_os_str(), "--wav".as_ref(), "-o".as_ref(), out.as_os_str()];
    let summary = perform::perform(&Demo::try_parse_from(command)?.args)?;
    let mut text = summary.text();
    text.push_str("\nThe files:\n");
    for file in summary.files() {
        let file = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
        text.push_str(&format!("  {}\n", file.display()));
    }
    text.push_str("Open the .mid in a sequencer, listen to the .wav.\n");
    output::say(&text)?;
    Ok(ExitCode::SUCCESS)
}

/// A folder that comes with Espressivo: beside the program or above it, in the working folder, in
/// the source tree that the program was built from, or where it is installed.
pub fn folder(name: &str) -> Option<PathBuf> {
    let program = std::env::current_exe().ok();
    let above = program.iter().flat_map(|p| p.ancestors().skip(1).take(4)).map(|p| p.join(name));
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let installed = Path::new("/usr/share/espressivo").join(name);
    above.chain([PathBuf::from(name), source, installed]).find(|p| p.is_dir())
}
