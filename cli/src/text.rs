//! `espressivo train text`: make what the app knows of words.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use application::Folders;
use mood::text::table;
use training::text::Options;

use crate::options::{Data, Device};
use crate::output;

const EXAMPLES: &str = "\
Reads the words of the lexicon, the mood labels and a list of musical terms with the text encoder,
fits valence and arousal to them, learns what things a pianist imitates, and writes words.tsv,
vectors.safetensors, labels.safetensors, imitations.safetensors and config.json. `cargo xtask setup`
fetches the encoder.

Example:
  espressivo train text --data ../shared/data --out models/text --force";

/// Make the table of words and the sentences about moods
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    data: Data,

    /// The folder of the text encoder [default: where the set-up puts it]
    #[arg(long, value_name = "DIR")]
    encoder: Option<PathBuf>,

    /// The folder to write
    #[arg(long, value_name = "DIR", default_value = "models/text")]
    out: PathBuf,

    /// Replace files that exist
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    device: Device,
}

/// The files that it writes.
const FILES: [&str; 5] =
    [table::WORDS, table::VECTORS, table::LABELS, mood::feeling::imitations::FILE, "config.json"];

/// Makes the files and prints the figures.
pub fn run(args: &Args) -> Result<ExitCode> {
    let options = Options {
        data: args.data.folder()?,
        encoder: args.encoder.clone().unwrap_or_else(|| Folders::find().text_encoder),
        out: args.out.clone(),
    };
    output::check_folder(&options.out, FILES, args.force)?;
    let chosen = args.device.choose()?;
    let report = training::text::make(&options, &chosen.device, &|said| output::note(said))?;
    output::say(&format!(
        "{} rated words, {} words of our own, {} terms, {} things, {:.2} MB, worst cosine of a stored vector {:.5}\n\
         r with people on {} held-out words: valence {:.3}, arousal {:.3}\n",
        report.words,
        report.guesses,
        report.terms,
        report.things,
        report.bytes as f64 / 1e6,
        report.worst_cosine,
        report.held_out,
        report.valence_r,
        report.arousal_r
    ))?;
    Ok(ExitCode::SUCCESS)
}
