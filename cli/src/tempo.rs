//! `espressivo train tempo`: how fast pieces are taken as a whole.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use training::pianoflow;

use crate::options::Data;
use crate::output;

const EXAMPLES: &str = "\
The weights stay as they are. A new run learns it too.

Example:
  espressivo train tempo --model models/pianoflow";

/// Learn anew, from the scores and how fast people played them, how fast a piece is taken
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// The model folder, whose config.json is rewritten
    #[arg(long, value_name = "DIR")]
    model: PathBuf,
}

/// Learns, writes, and says how far off it is.
pub fn run(args: &Args) -> Result<ExitCode> {
    let pace = pianoflow::settle_pace(&args.data.folder()?, &args.model)?;
    output::say(&format!(
        "tempo of a piece, mean distance from people's mean in log2\n\
         {} scores learned from, each left out in turn   {:.3}\n\
         validation scores                               {:.3}\n\
         the same, all at the mean tempo                 {:.3}\n",
        pace.scores, pace.left_out, pace.valid, pace.by_mean
    ))?;
    Ok(ExitCode::SUCCESS)
}
