//! `espressivo evaluate`: how performers agree with people.

use std::path::PathBuf;
use std::process::ExitCode;

use analysis::features;
use anyhow::{Result, ensure};
use training::evaluate::{self, Options, Tried, Variant};

use crate::options::{Data, Device, FOR_TRAINING, Models};
use crate::{
    evaluate_alignment, evaluate_c2st, evaluate_grid, evaluate_groove, evaluate_manner, evaluate_mood,
    evaluate_percepiano, evaluate_pertok, evaluate_pieces, evaluate_recordings, evaluate_tempo,
    evaluate_transcription, evaluate_variations, output,
};

const EXAMPLES: &str = "\
Every piece of the split is performed and compared with all people who played it: correlation with
them, spread (1 is theirs), and likeness of takes of different seeds. Beside the performers stand the
people themselves (the ceiling) and the score played literally (deadpan). Performers play in their
own tempo, whatever the metronome marks say, since people do not keep to them.

Examples:
  espressivo evaluate
  espressivo evaluate --split valid --by piece,feature --report valid.html
  espressivo evaluate --split valid --performers pianoflow --full-noise --steps 4,2 --takes 1
  espressivo evaluate --split valid --performers rules --limit 5 --takes 1 --json
  espressivo evaluate --split valid --performers pianist-transformer --set temperature=0.7,1 --set top-p=0.9,0.95
  espressivo evaluate alignment
  espressivo evaluate c2st
  espressivo evaluate grid
  espressivo evaluate groove
  espressivo evaluate manner
  espressivo evaluate mood
  espressivo evaluate percepiano
  espressivo evaluate pertok
  espressivo evaluate pieces
  espressivo evaluate recordings
  espressivo evaluate tempo
  espressivo evaluate transcription
  espressivo evaluate variations";

/// Compare performers with people on pieces that they have never seen
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    other: Option<Other>,

    #[command(flatten)]
    data: Data,

    /// Which pieces: valid to choose by, test to report
    #[arg(long, value_name = "NAME", default_value = "test")]
    split: String,

    /// Who plays, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    performers: Vec<String>,

    /// Also PianoFlow at full starting noise, without gains: what it learned before anything was chosen
    #[arg(long, help_heading = FOR_TRAINING)]
    full_noise: bool,

    /// Also PianoFlow with so many Euler steps; several, separated by commas
    #[arg(
        long,
        value_name = "N",
        value_delimiter = ',',
        value_parser = clap::value_parser!(u16).range(1..=1000),
        help_heading = FOR_TRAINING
    )]
    steps: Vec<u16>,

    /// Also PianoFlow blind to what it reads, a group of features at a time: what each is worth
    #[arg(long, help_heading = FOR_TRAINING)]
    ablate: bool,

    /// Values of a setting to try; with several settings a row for each combination
    #[arg(long = "set", value_name = "NAME=VALUES", value_parser = tried)]
    knobs: Vec<Tried>,

    #[command(flatten)]
    models: Models,

    /// Seed of the performances that are judged
    #[arg(long, value_name = "N", default_value_t = Options::default().seed)]
    seed: u64,

    /// Takes for the likeness of takes, the judged one included; 1 leaves it out
    #[arg(long, value_name = "N", default_value_t = Options::default().takes)]
    takes: usize,

    /// Only the first so many pieces
    #[arg(long, value_name = "N")]
    limit: Option<usize>,

    /// Leave out the published performances of another system
    #[arg(long)]
    no_peer: bool,

    /// Pieces performed side by side; 1 on a graphics processor
    #[arg(long, value_name = "N", default_value_t = Options::default().workers)]
    workers: usize,

    #[command(flatten)]
    device: Device,

    /// Look more closely: at every piece, and at sides of playing and kinds of notes
    #[arg(long, value_name = "WHAT", value_enum, value_delimiter = ',')]
    by: Vec<By>,

    /// Write a page with plots, which opens in a browser (looks closely, too)
    #[arg(long, value_name = "FILE.html")]
    report: Option<PathBuf>,

    /// Replace a page that exists
    #[arg(long, requires = "report")]
    force: bool,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

/// `NAME=VALUE,VALUE`.
fn tried(text: &str) -> Result<Tried, String> {
    let usage = "write it as NAME=VALUE,VALUE, for example temperature=0.7,1";
    let (name, values) = text.split_once('=').ok_or(usage)?;
    let number = |value: &str| value.trim().parse::<f64>().map_err(|_| format!("`{value}` is not a number"));
    Ok((name.trim().to_owned(), values.split(',').map(number).collect::<Result<_, String>>()?))
}

/// Another way to judge.
#[derive(clap::Subcommand, Clone, Debug)]
enum Other {
    Alignment(evaluate_alignment::Args),
    C2st(Box<evaluate_c2st::Args>),
    Grid(evaluate_grid::Args),
    Groove(evaluate_groove::Args),
    Manner(Box<evaluate_manner::Args>),
    Mood(Box<evaluate_mood::Args>),
    Percepiano(evaluate_percepiano::Args),
    Pertok(evaluate_pertok::Args),
    Pieces(Box<evaluate_pieces::Args>),
    Recordings(Box<evaluate_recordings::Args>),
    Tempo(Box<evaluate_tempo::Args>),
    Transcription(Box<evaluate_transcription::Args>),
    Variations(evaluate_variations::Args),
}

/// What to look at one by one.
#[derive(clap::ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// Every piece
    Piece,
    /// Sides of playing (rubato, voicing, pedal...) and kinds of notes (phrase ends, grace notes...)
    Feature,
}

/// Evaluates and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    match &args.other {
        Some(Other::Alignment(args)) => return evaluate_alignment::run(args),
        Some(Other::C2st(args)) => return evaluate_c2st::run(args),
        Some(Other::Grid(args)) => return evaluate_grid::run(args),
        Some(Other::Groove(args)) => return evaluate_groove::run(args),
        Some(Other::Manner(args)) => return evaluate_manner::run(args),
        Some(Other::Mood(args)) => return evaluate_mood::run(args),
        Some(Other::Percepiano(args)) => return evaluate_percepiano::run(args),
        Some(Other::Pertok(args)) => return evaluate_pertok::run(args),
        Some(Other::Pieces(args)) => return evaluate_pieces::run(args),
        Some(Other::Recordings(args)) => return evaluate_recordings::run(args),
        Some(Other::Tempo(args)) => return evaluate_tempo::run(args),
        Some(Other::Transcription(args)) => return evaluate_transcription::run(args),
        Some(Other::Variations(args)) => return evaluate_variations::run(args),
        None => {}
    }
    ensure!(args.takes > 0, "--takes must be at least 1");
    if let Some(path) = &args.report {
        output::check_file(path, args.force)?;
    }
    let defaults = Options::default();
    let named = |list: &Vec<String>| if list.is_empty() { defaults.performers.clone() } else { list.clone() };
    let full = args.full_noise.then_some(Variant::FullNoise);
    let steps = args.steps.iter().map(|n| Variant::Steps(usize::from(*n)));
    let blind = features::groups().into_iter().filter(|_| args.ablate).map(Variant::Without);
    let options = Options {
        data: args.data.folder()?,
        split: args.split.clone(),
        models: args.models.folder(),
        performers: named(&args.performers),
        variants: full.into_iter().chain(steps).chain(blind).collect(),
        knobs: args.knobs.clone(),
        seed: args.seed,
        takes: args.takes,
        peer: !args.no_peer,
        limit: args.limit,
        workers: args.workers,
        closely: !args.by.is_empty() || args.report.is_some(),
    };
    let chosen = args.device.choose()?;
    let mut report = evaluate::run(&options, &chosen.device, &|said| output::note(said))?;
    if let Some(path) = &args.report {
        output::write_file(path, evaluate::page(&report).as_bytes())?;
        output::note(format_args!("the page is {}", path.display()));
    }
    report.details.retain(|_| !args.by.is_empty());
    for detail in &mut report.details {
        if !args.by.contains(&By::Piece) {
            detail.pieces.clear();
        }
        if !args.by.contains(&By::Feature) {
            detail.features.clear();
            detail.sides.clear();
        }
    }
    output::say_result(&report, args.json, || report.to_string())
}
