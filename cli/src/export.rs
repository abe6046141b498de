//! `espressivo export`: a score, or a take of it, as MIDI and sound.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use application::Recording;
use application::text::counted;
use performance::midi::{ExportOptions, ExportedTake, export, export_changed};
use serde::Serialize;

use crate::hearing::Ear;
use crate::left_out::LeftOut;
use crate::options::Output;
use crate::{bars, input, output, running};

const EXAMPLES: &str = "\
Examples:
  espressivo export nocturne.musicxml -o literal.mid
      The score played literally, without any expression.
  espressivo export nocturne.musicxml --of nocturne-2.mid --exact -o take.mid
      A take with one constant tempo, every note at its moment.
  espressivo export nocturne.musicxml --of recording.mid --grid -o bars.mid
      A recording with a tempo map, so that its bars line up in a sequencer.";

/// Write a score, or a take of it, as MIDI and sound without performing it anew
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The score: MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid)
    pub score: PathBuf,

    /// A take or a recording of the score (MIDI or sound); without it the score is played literally
    #[arg(long, value_name = "TAKE")]
    pub of: Option<PathBuf>,

    /// Only these bars, by their printed numbers: 9-16, or 9
    #[arg(long, value_name = "BARS", allow_hyphen_values = true)]
    pub bars: Option<String>,

    /// Every bar once, without repeats and jumps
    #[arg(long)]
    pub as_written: bool,

    /// Print what was done as JSON
    #[arg(long)]
    pub json: bool,

    #[command(flatten)]
    pub output: Output,
}

#[derive(Serialize)]
struct Summary {
    #[serde(serialize_with = "output::as_text")]
    score: PathBuf,
    #[serde(serialize_with = "output::as_text_if_any")]
    of: Option<PathBuf>,
    bars: Option<String>,
    notes: usize,
    /// Notes of the score that the take does not have.
    missing: usize,
    /// Keys of the take that are not in all that is written, if there is a take.
    left_out: LeftOut,
    timing: &'static str,
    length_secs: f64,
    #[serde(serialize_with = "output::as_text_if_any")]
    midi: Option<PathBuf>,
    #[serde(serialize_with = "output::as_text_if_any")]
    wav: Option<PathBuf>,
}

/// Exports and prints a summary.
pub fn run(args: &Args) -> Result<ExitCode> {
    let score = input::read_score(&args.score, args.as_written)?;
    let in_score = || format!("{}", args.score.display());
    let bars = args.bars.as_ref().map(|text| bars::find(&score, text)).transpose().with_context(in_score)?;
    let take =
        args.of.as_ref().map(|path| input::read_take(path, &score, &mut Ear::default())).transpose()?;
    let mut played = take.as_ref().map_or_else(|| performance::deadpan(&score), |take| take.played.clone());
    let missing = score.notes.len() - played.notes.len();
    if let Some(bars) = &bars {
        let wanted = bars.region.notes(&score);
        played.notes.retain(|n| wanted.binary_search(&n.note).is_ok());
    }
    let source = args.of.as_ref().unwrap_or(&args.score);
    let word = if args.of.is_some() { args.output.mode_name() } else { "deadpan" };
    let targets = output::targets(&args.output, &[output::name_from(source, word)])?;
    output::check(&targets, &args.score, args.output.force)?;
    let stop = running::on_interrupt(|| {})?;
    let options =
        ExportOptions { mode: args.output.mode(), bars: bars.as_ref().map(|b| b.range.clone()), program: 0 };
    let exported = match &take {
        Some(Recording { bytes, played: whole, owners, .. }) => {
            let take = ExportedTake { bytes, played: whole, owners };
            export_changed(&score, &played, &take, &[], &options)
        }
        None => export(&score, &played, &options),
    };
    let exported = exported.with_context(in_score)?;
    // The sound has the notes of the score alone, whether the MIDI file keeps the others or not.
    let keys = take.as_ref().map(|take| LeftOut::of(take, &score, bars.as_ref().map(|bars| &bars.range)));
    let made = if exported.left_out > 0 {
        Some("what is written")
    } else {
        targets.iter().any(|target| target.wav.is_some()).then_some("the sound")
    };
    let left_out = keys.zip(made).map(|(keys, made)| {
        keys.tell(source, made);
        keys
    });
    for target in &targets {
        if let Some(path) = &target.midi {
            output::write_file(path, &exported.bytes)?;
        }
        if let Some(path) = &target.wav {
            let piano = output::piano(&args.output, &stop)?;
            output::write_wav(path, &score, &played, &piano, args.output.sample_rate, &|| stop.asked())?;
        }
    }
    let target = targets.into_iter().next().context("nothing to write")?;
    let summary = Summary {
        score: args.score.clone(),
        of: args.of.clone(),
        bars: bars.map(|b| b.text),
        notes: played.notes.len(),
        missing,
        left_out: left_out.unwrap_or_default(),
        timing: args.output.mode_name(),
        length_secs: played.length_secs(),
        midi: target.midi,
        wav: target.wav,
    };
    output::say_result(&summary, args.json, || summary.text())
}

impl Summary {
    fn text(&self) -> String {
        let source = self.of.as_ref().map_or_else(
            || format!("{}, played literally", self.score.display()),
            |take| format!("{}, a take of {}", take.display(), self.score.display()),
        );
        let missing = match self.missing {
            0 => String::new(),
            n => format!(" (not in the take: {} of the score)", counted(n, "note", "notes")),
        };
        let files: Vec<String> = self.midi.iter().chain(&self.wav).map(|p| p.display().to_string()).collect();
        let length = output::clock(self.length_secs);
        let notes = counted(self.notes, "note", "notes");
        format!("{source}\n{notes}{missing}, {length}: {}\n", files.join(", "))
    }
}
