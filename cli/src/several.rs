//! `espressivo train average` and `espressivo train ensemble`: one model of several.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use training::pianoflow;

use crate::output;

/// What the help of `average` ends with.
pub const AVERAGE: &str = "\
The runs must have begun at the same weights. Settings are the first model's; `train calibrate` makes
its gains fit again.

Example:
  espressivo train average models/pianoflow runs/longer/model --out runs/mean";

/// What the help of `ensemble` ends with.
pub const ENSEMBLE: &str = "\
Playing takes as many times as long. Settings are the first model's; `train calibrate` makes its gains
fit again.

Example:
  espressivo train ensemble models/pianoflow runs/other/model --out runs/both";

#[derive(clap::Args, Clone, Debug)]
pub struct Args {
    /// Folders of trained models
    #[arg(value_name = "MODEL", required = true, num_args = 2..)]
    models: Vec<PathBuf>,

    /// The folder of the new model
    #[arg(long, value_name = "DIR")]
    out: PathBuf,

    /// Write into a folder that has a model
    #[arg(long)]
    force: bool,
}

/// Reads, averages and writes.
pub fn average(args: &Args) -> Result<ExitCode> {
    check(args)?;
    pianoflow::average(&args.models, &args.out)?;
    written("the mean", args)
}

/// Reads all and writes them side by side.
pub fn ensemble(args: &Args) -> Result<ExitCode> {
    check(args)?;
    pianoflow::ensemble(&args.models, &args.out)?;
    written("an ensemble", args)
}

/// Fails if there is a model that must not be replaced.
fn check(args: &Args) -> Result<()> {
    if args.out.exists() { output::check_file(&args.out.join("config.json"), args.force) } else { Ok(()) }
}

fn written(what: &str, args: &Args) -> Result<ExitCode> {
    output::say(&format!("{what} of {} models is in {}\n", args.models.len(), args.out.display()))?;
    Ok(ExitCode::SUCCESS)
}
