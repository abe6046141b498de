//! `espressivo evaluate mood`: do words change what they should?

use std::process::ExitCode;

use anyhow::{Result, ensure};
use application::Folders;
use notation::Score;
use performance::Performance;
use training::mood::classifier::MoodClassifier;
use training::mood::evaluate::{self, Options};
use training::mood::{heard, meanings};

use crate::judging::Judging;
use crate::options::{Data, Models};

const EXAMPLES: &str = "\
Excerpts are performed without a mood, with each of the 33 labels at four strengths, and with forty
phrases that are no labels; the change of every cue is measured in deviations between people.
With --meanings nothing is performed: labels, phrases and things (a music box, thunder) are read, and
what they are understood to mean is held against what people would expect.
With --listeners excerpts are performed as dark, energetic, dramatic and spacious at two strengths, and
what musicians would rate the takes is predicted, by the cues that such words lean by and by a judge
that steers nothing (`espressivo train listeners`).

Examples:
  espressivo evaluate mood
  espressivo evaluate mood --meanings
  espressivo evaluate mood --listeners --performer rules
  espressivo evaluate mood --split valid --excerpts 2 --json";

/// Whether moods change tempo, dynamics and articulation as people would expect
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
#[command(mut_arg("workers", |workers| workers.help("Excerpts performed side by side; 1 on a graphics processor")))]
#[command(mut_arg("json", |json| json.help("Print the tables as JSON")))]
pub struct Args {
    /// Say only how words are understood, and how sure that is; performs nothing, needs no data
    #[arg(long)]
    meanings: bool,

    /// Say only how far words move what listeners would rate
    #[arg(long, conflicts_with = "meanings")]
    listeners: bool,

    /// Who plays to the listeners
    #[arg(long, value_name = "NAME", requires = "listeners", default_value = "pianoflow")]
    performer: String,

    #[command(flatten)]
    data: Data,

    /// Which pieces: valid to choose by, test to report
    #[arg(long, value_name = "NAME", default_value = "test")]
    split: String,

    #[command(flatten)]
    models: Models,

    /// Excerpts, each of another score
    #[arg(long, value_name = "N", default_value_t = 8)]
    excerpts: usize,

    /// Notes of an excerpt
    #[arg(long, value_name = "N", default_value_t = 160)]
    notes: usize,

    /// Seed of all takes
    #[arg(long, value_name = "N", default_value_t = 1)]
    seed: u64,

    #[command(flatten)]
    judging: Judging,
}

/// Evaluates and prints the tables.
pub fn run(args: &Args) -> Result<ExitCode> {
    if args.meanings {
        return run_meanings(args);
    }
    ensure!(args.excerpts > 0 && args.notes >= 50, "at least one excerpt, of at least 50 notes");
    if args.listeners {
        return run_listeners(args);
    }
    let options = Options {
        data: args.data.folder()?,
        split: args.split.clone(),
        models: args.models.folder(),
        excerpts: args.excerpts,
        notes: args.notes,
        seed: args.seed,
        workers: args.judging.workers,
    };
    args.judging.report(|chosen, said| {
        let classifier = MoodClassifier::load(&options.models, &chosen.device)?;
        let order = classifier.as_ref().map(|classifier| {
            move |score: &Score, played: &Performance, reference: Option<&Performance>, measures| {
                classifier.order(score, played, reference, measures)
            }
        });
        let classify = order.as_ref().map(|order| order as &evaluate::Classify<'_>);
        evaluate::run(&options, &chosen.device, classify, said)
    })
}

fn run_meanings(args: &Args) -> Result<ExitCode> {
    let encoder = Some(Folders::find().text_encoder);
    let options = meanings::Options { models: args.models.folder(), encoder };
    args.judging.report(|chosen, said| meanings::run(&options, &chosen.device, said))
}

fn run_listeners(args: &Args) -> Result<ExitCode> {
    let options = heard::Options {
        data: args.data.folder()?,
        split: args.split.clone(),
        models: args.models.folder(),
        performer: args.performer.clone(),
        excerpts: args.excerpts,
        notes: args.notes,
        seed: args.seed,
        workers: args.judging.workers,
    };
    args.judging.report(|chosen, said| heard::run(&options, &chosen.device, said))
}
