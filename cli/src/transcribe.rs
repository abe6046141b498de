//! `espressivo transcribe`: a recording of piano sound in, its notes and pedal as MIDI out.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use application::files;
use application::text::counted;
use serde::Serialize;

use crate::options::Written;
use crate::{hearing, output};

const EXAMPLES: &str = "\
WAV, FLAC, MP3 and Ogg Vorbis are read, of any sample rate, mono or stereo. The MIDI file has every
note and the sustain pedal at the moments of the recording; its bars mean nothing.

Examples:
  espressivo transcribe lesson.mp3 -o lesson.mid
      The notes of a recording.
  espressivo align minuet.musicxml lesson.mid
      What was played in them otherwise than written.";

/// Write the notes of a recording of piano sound as MIDI
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES, mut_arg("force", |force| force.help("Replace a file that exists")))]
pub struct Args {
    /// The recording: WAV, FLAC, MP3 or Ogg Vorbis
    pub recording: PathBuf,

    /// The MIDI file to write
    #[arg(short, long = "output", value_name = "OUT.mid")]
    pub out: PathBuf,

    #[command(flatten)]
    pub written: Written,
}

#[derive(Serialize)]
struct Summary {
    #[serde(serialize_with = "output::as_text")]
    recording: PathBuf,
    #[serde(serialize_with = "output::as_text")]
    midi: PathBuf,
    notes: usize,
    length_secs: f64,
    /// Where the file breaks off, if it ends earlier than it says.
    cut_off_secs: Option<f64>,
}

/// Hears the recording, writes the file and prints a summary.
pub fn run(args: &Args) -> Result<ExitCode> {
    let is_other = files::real(&args.out) != files::real(&args.recording);
    ensure!(is_other, "{}: this is the recording itself; choose another output", args.out.display());
    output::check_file(&args.out, args.written.force)?;
    let heard = hearing::hear(&args.recording)?;
    output::write_file(&args.out, &heard.midi)?;
    let summary = Summary {
        recording: args.recording.clone(),
        midi: args.out.clone(),
        notes: heard.notes,
        length_secs: heard.length_secs,
        cut_off_secs: heard.cut_off_secs,
    };
    output::say_result(&summary, args.written.json, || summary.text())
}

impl Summary {
    fn text(&self) -> String {
        let notes = counted(self.notes, "note", "notes");
        let length = output::clock(self.length_secs);
        format!("{}: {notes} in {length} -> {}\n", self.recording.display(), self.midi.display())
    }
}
