//! `espressivo train ensemble`: several networks in one model.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use training::pianoflow;

use super::output;

const EXAMPLES: &str = "\
Playing takes as many times as long. Settings are the first model's; `train calibrate` makes its gains
fit again.

Example:
  espressivo train ensemble models/pianoflow runs/other/model --out runs/both";

/// Let the networks of several models play together
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Folders of trained models
    #[arg(value_name = "MODEL", required = true, num_args = 2..)]
    models: Vec<PathBuf>,

    /// The folder of the new model
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

/// Reads and writes.
pub fn run(args: &Args) -> Result<ExitCode> {
    pianoflow::ensemble(&args.models, &args.out)?;
    output::say(&format!("an ensemble of {} models is in {}\n", args.models.len(), args.out.display()))?;
    Ok(ExitCode::SUCCESS)
}
