//! `espressivo evaluate percepiano`: what musicians heard, against the cues of playing.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::percepiano;
use training::mood::listeners::{self, Options};

use crate::options::{Data, Device, Models};
use crate::output;

const EXAMPLES: &str = "\
How musicians rated 1,189 short performances on 19 scales (the percepiano folder of the data), how well
halves of them agree, and how each cue of playing goes with each scale within a segment across players.
With --predicted: how well the ratings of people and of pieces that were left out are predicted from
how they play, beside the best that is possible; it learns as `espressivo train listeners` does and
writes nothing.

Examples:
  espressivo evaluate percepiano
  espressivo evaluate percepiano --predicted";

/// Which cues of playing carry what musicians heard
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Say how well ratings of people and pieces that were left out are predicted
    #[arg(long)]
    predicted: bool,

    #[command(flatten)]
    data: Data,

    #[command(flatten)]
    models: Models,

    #[command(flatten)]
    device: Device,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

/// Compares and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let data = args.data.folder()?;
    if args.predicted {
        let options = Options { data, models: args.models.folder() };
        let chosen = args.device.choose()?;
        let (learned, _) = listeners::learn(&options, &chosen.device, &|said| output::note(said))?;
        return output::say_result(&learned, args.json, || learned.to_string());
    }
    let report = percepiano::run(&data, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
