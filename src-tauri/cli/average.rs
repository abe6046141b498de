//! `espressivo train average`: the mean of the weights of several models.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use training::pianoflow;

use super::output;

const EXAMPLES: &str = "\
The runs must have begun at the same weights. Settings are the first model's; `train calibrate` makes
its gains fit again.

Example:
  espressivo train average models/pianoflow runs/longer/model --out runs/mean";

/// Average the weights of runs that began alike
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

/// Reads, averages and writes.
pub fn run(args: &Args) -> Result<ExitCode> {
    pianoflow::average(&args.models, &args.out)?;
    output::say(&format!("the mean of {} models is in {}\n", args.models.len(), args.out.display()))?;
    Ok(ExitCode::SUCCESS)
}
