//! `espressivo align`: which key of a recording was struck for which note of a score.

mod found;
pub mod places;
mod table;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use application::recording;
use performance::midi::{ExportOptions, ExportedTake, export_changed, read_performance};

use crate::hearing::Ear;
use crate::left_out::LeftOut;
use crate::{input, output};
use found::{Files, Found};

const EXAMPLES: &str = "\
Wrong, missed and extra notes, skipped and repeated bars, stops and restarts, one hand alone, other
tempi and a piano up to an octave off are allowed. Repeats may be taken or not. A hesitation is a wait
longer than the beat around it explains, where none is written.

Examples:
  espressivo align minuet.musicxml lesson.mid
      What was played otherwise than written, bar by bar.
  espressivo align minuet.musicxml lesson.mid --json > lesson.json
      The same and every pair of note and key; the fields are explained in cli/README.md.
  espressivo align minuet.musicxml lesson.mid -o take.mid
      The recording on the bars of the score, for a sequencer or for `perform --of`.";

/// Compare a recording with its score: wrong, missed and extra notes, bar by bar
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The score: MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid)
    pub score: PathBuf,

    /// The recording: MIDI, or sound (WAV, FLAC, MP3 or Ogg Vorbis)
    pub recording: PathBuf,

    /// Print all that was found as JSON
    #[arg(long)]
    pub json: bool,

    /// Write the recording as a take: a MIDI file whose bars lie on the grid of the sequencer
    #[arg(short, long = "output", value_name = "TAKE.mid")]
    pub out: Option<PathBuf>,

    /// Replace a file that exists
    #[arg(long, requires = "out")]
    pub force: bool,
}

/// Aligns, writes the take if one is asked for, and prints what was found.
pub fn run(args: &Args) -> Result<ExitCode> {
    let score = input::read_score(&args.score, false)?;
    if let Some(path) = &args.out {
        output::check_beside(path, &args.score, args.force)?;
        output::check_beside(path, &args.recording, args.force)?;
    }
    let in_recording = || format!("{}", args.recording.display());
    let recording = match Ear::default().hear_if_sound(&args.recording)? {
        Some(heard) => recording::of_heard_as_played(heard, &score),
        None => recording::read_as_played(&args.recording, &score),
    };
    let recording = recording.with_context(in_recording)?;
    let heard = read_performance(&recording.bytes).with_context(in_recording)?.notes;
    let plays = recording.plays(&score);
    if let Some(path) = &args.out {
        let take =
            ExportedTake { bytes: &recording.bytes, played: &recording.played, owners: &recording.owners };
        let exported = export_changed(plays, &recording.played, &take, &[], &ExportOptions::default())
            .with_context(in_recording)?;
        output::write_file(path, &exported.bytes)?;
        if exported.left_out > 0 {
            LeftOut::of(&recording, plays, None).tell(&args.recording, "the take");
        }
    }
    let files =
        Files { score: args.score.clone(), recording: args.recording.clone(), take: args.out.clone() };
    let found = Found::of(files, &score, &recording, &heard);
    output::say_result(&found, args.json, || found.text())
}
