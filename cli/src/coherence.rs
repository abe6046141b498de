//! `espressivo train coherence`: how chance of XMVAE's takes is correlated.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::xmvae::{self, CoherenceOptions};

use crate::output;

const EXAMPLES: &str = "\
People are louder, or later, for a while, and a chord is struck as one. What the model does not tell of
validation pieces, in the manner of each performance, is measured: how much the notes of a chord have of it
in common, how much a whole performance, and over how many quarters what is between falls to 1/e. Takes draw
chance that is correlated likewise. The weights stay as they are; manners that were read stay good.

Examples:
  espressivo train coherence --model runs/xmvae/model --ecp runs/ecp
  espressivo train coherence --model models/xmvae --limit 20 --dry-run";

/// Measure how chance of XMVAE's takes is to hang together
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The folder that `espressivo data ecp` wrote
    #[arg(long, value_name = "DIR", default_value = "runs/ecp")]
    ecp: PathBuf,

    /// The model folder, whose config.json is rewritten
    #[arg(long, value_name = "DIR")]
    model: PathBuf,

    /// Only so many performances, from everywhere
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Say what was found and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Measures, writes, and says what was found.
pub fn run(args: &Args) -> Result<ExitCode> {
    ensure!(args.limit != Some(0), "--limit must be at least 1");
    let options = CoherenceOptions {
        ecp: args.ecp.clone(),
        model: args.model.clone(),
        limit: args.limit,
        is_dry: args.dry_run,
    };
    let found = xmvae::coherence(&options, &|said| output::note(said))?;
    output::say(&(serde_json::to_string_pretty(&found)? + "\n"))?;
    Ok(ExitCode::SUCCESS)
}
