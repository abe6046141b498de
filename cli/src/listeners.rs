//! `espressivo train listeners`: what musicians would hear in a performance.

use std::process::ExitCode;

use anyhow::Result;
use training::mood::listeners::{self, Options};

use crate::options::{Data, Device, Models};
use crate::output;

const EXAMPLES: &str = "\
Learns from the ratings of 1,189 short performances (the percepiano folder of the data) how tempo,
dynamics, articulation, pedal and the other cues add to each of 19 scales, says how well ratings of
people and of pieces that were left out are predicted, and writes mood/listeners.json in the models.
Words such as dark or energetic lean by it. A judge that hears more than the cues, with the classifier
of moods, learns from the same ratings and becomes mood/judge.json; it steers nothing.
`espressivo evaluate mood --listeners` asks both, `espressivo evaluate percepiano --predicted` prints
the same and writes nothing.

Example:
  espressivo train listeners --data ../shared/data --force";

/// Learn what musicians hear in how a performance is played
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    #[command(flatten)]
    models: Models,

    /// Replace the files that are there
    #[arg(long)]
    force: bool,

    /// Print the tables as JSON
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    device: Device,
}

/// Learns and prints how well ratings are predicted.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = Options { data: args.data.folder()?, models: args.models.folder() };
    output::check_folder(&options.models.join("mood"), ["listeners.json", "judge.json"], args.force)?;
    let chosen = args.device.choose()?;
    let learned = listeners::train(&options, &chosen.device, &|said| output::note(said))?;
    output::say_result(&learned, args.json, || learned.to_string())
}
