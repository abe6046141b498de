//! `espressivo` alone where no window can open: a demonstration.

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use application::Folders;
use clap::Parser;

use crate::{output, perform};

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
pub fn run(obstacle: &str) -> Result<ExitCode> {
    let score = Folders::find()
        .scores
        .map(|folder| folder.join(PIECE))
        .filter(|score| score.is_file())
        .with_context(|| {
            format!("no window opens, for {obstacle}; name a score: espressivo perform SCORE")
        })?;
    output::say(&format!(
        "No window opens: {obstacle}.\n\
         So here is a demonstration of the command line (`espressivo --help`) with {}\n\n",
        score.display()
    ))?;
    let out = PathBuf::from(FOLDER);
    output::create_folder(&out)?;
    let mut command: Vec<&OsStr> = ["espressivo", "--wav", "--force", "-o"].map(AsRef::as_ref).to_vec();
    command.extend([out.as_os_str(), score.as_os_str()]);
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
