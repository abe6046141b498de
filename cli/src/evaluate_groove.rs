//! `espressivo evaluate groove`: whether takes of the groove performer are like their own style.

use std::process::ExitCode;

use anyhow::Result;
use training::evaluate::groove::{self, Options};

use crate::judging::Judging;
use crate::options::{Data, Models};

const SIDE_BY_SIDE: &str =
    "Pieces performed side by side where they are compared with people; 1 on a graphics processor";

const EXAMPLES: &str = "\
Unseen scores are performed in every style, and the histograms of velocity and micro-timing compared with
those of what each style learned from (arXiv 2410.02060, table 4): the divergence from the own style
should be less than that from the other. Beside it the same of what people played of unseen pieces, and
the correlation of velocity with people, of the groove and of PianoFlow.

Examples:
  espressivo evaluate groove --split valid
  espressivo evaluate groove --limit 5 --json";

/// Whether the groove performer's takes are like their own style
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, mut_arg("workers", |workers| workers.help(SIDE_BY_SIDE)))]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// Which pieces: valid to choose by, test to report
    #[arg(long, value_name = "NAME", default_value = "test")]
    split: String,

    #[command(flatten)]
    models: Models,

    /// Seed of the performances
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    /// Only the first so many pieces, and songs
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    #[command(flatten)]
    judging: Judging,
}

/// Evaluates and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = Options {
        data: args.data.folder()?,
        models: args.models.folder(),
        split: args.split.clone(),
        seed: args.seed,
        limit: args.limit,
        workers: args.judging.workers,
    };
    args.judging.report(|chosen, said| groove::run(&options, &chosen.device, said))
}
