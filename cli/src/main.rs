//! Espressivo's command line. It reads files, asks the crates to do the work, and says what came of it.

mod align;
mod bars;
mod calibrate;
mod coherence;
mod compose;
mod convert;
mod data;
mod demo;
mod devices;
mod evaluate;
mod evaluate_alignment;
mod evaluate_c2st;
mod evaluate_grid;
mod evaluate_groove;
mod evaluate_manner;
mod evaluate_mood;
mod evaluate_percepiano;
mod evaluate_pertok;
mod evaluate_pieces;
mod evaluate_recordings;
mod evaluate_tempo;
mod evaluate_transcription;
mod evaluate_variations;
mod excerpts;
mod export;
mod failure;
mod fetch;
mod grid;
mod hearing;
mod info;
mod input;
mod judging;
mod left_out;
mod listeners;
mod mood;
mod options;
mod output;
mod perform;
mod performers;
mod pitches;
mod run_options;
mod running;
mod several;
mod spread;
mod tempo;
mod text;
mod train;
mod train_composer;
mod train_groove;
mod train_pianist;
mod train_xmvae;
mod training_device;
mod transcribe;
mod vary;
mod window;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

use anyhow::Result;
use application::display;
use clap::{CommandFactory, Parser, Subcommand};

const EXAMPLES: &str = "\
Examples:
  espressivo perform nocturne.musicxml --wav
      Perform a score; MIDI and WAV lie in the working folder.
  espressivo perform nocturne.musicxml --takes 3 -o nocturne.mid
      Three takes: nocturne-1.mid, nocturne-2.mid, nocturne-3.mid.
  espressivo perform nocturne.musicxml --bars 9-16 --of nocturne-2.mid -o better.mid
      Perform bars 9 to 16 anew; every other note stays as it is.
  espressivo info nocturne.musicxml
      What a score holds.

Scores are MusicXML (.musicxml, .xml, .mxl) or MIDI (.mid) files.
Started without a command, Espressivo opens its window, with the first of the scores or projects
that are named. Where there is no display it performs those scores, each into a file of its own, or
one of its own as a demonstration.
`espressivo COMMAND --help` explains a command.

Exit codes: 0 done, 1 failed, 2 wrong usage, 130 stopped with Ctrl-C.";

/// Turns a written score into an expressive piano performance
#[derive(Parser)]
#[command(name = "espressivo", version, after_help = EXAMPLES, max_term_width = 100)]
#[command(override_usage = "espressivo [COMMAND]\n       espressivo [SCORE]")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Perform(Box<perform::Args>),
    Vary(vary::Args),
    Compose(Box<compose::Args>),
    Align(align::Args),
    Transcribe(transcribe::Args),
    Export(export::Args),
    Convert(convert::Args),
    Grid(grid::Args),
    Info(info::Args),
    Performers(performers::Args),
    Devices(devices::Args),
    Train(train::Args),
    Evaluate(evaluate::Args),
    Data(data::Args),
    Fetch(fetch::Args),
}

/// Runs the program; whatever goes wrong inside becomes a message and an exit code.
fn main() -> ExitCode {
    failure::guard(|| {
        let args: Vec<OsString> = std::env::args_os().collect();
        let files = args.get(1..).unwrap_or_default();
        if files.iter().all(is_file) {
            match display::obstacle() {
                None => return window::open(files),
                Some(obstacle) if files.is_empty() => return demo::run(&obstacle),
                // Then the scores are performed here.
                Some(_) if files.len() > 1 => return perform::run_each(files),
                Some(_) => {}
            }
        }
        Cli::parse_from(with_implied_command(args)).command.run()
    })
}

impl Command {
    fn run(self) -> Result<ExitCode> {
        match self {
            Self::Perform(args) => perform::run(&args),
            Self::Vary(args) => vary::run(&args),
            Self::Compose(args) => compose::run(&args),
            Self::Align(args) => align::run(&args),
            Self::Transcribe(args) => transcribe::run(&args),
            Self::Export(args) => export::run(&args),
            Self::Convert(args) => convert::run(&args),
            Self::Grid(args) => grid::run(&args),
            Self::Info(args) => info::run(&args),
            Self::Performers(args) => performers::run(&args),
            Self::Devices(args) => devices::run(&args),
            Self::Train(args) => train::run(&args),
            Self::Evaluate(args) => evaluate::run(&args),
            Self::Data(args) => data::run(&args),
            Self::Fetch(args) => fetch::run(&args),
        }
    }
}

/// `espressivo SCORE --wav` performs the score, and so does `espressivo SCORE` where there is no
/// display. What is neither a command nor looks like a file is left to clap, which knows what was
/// meant.
fn with_implied_command(mut args: Vec<OsString>) -> Vec<OsString> {
    if args.get(1).is_some_and(is_file) {
        args.insert(1, "perform".into());
    }
    args
}

/// Whether a word means a file, not a command or an option.
fn is_file(word: &OsString) -> bool {
    let text = word.to_string_lossy();
    let is_command = text == "help" || Cli::command().get_subcommands().any(|c| c.get_name() == text);
    let path = Path::new(word);
    let is_path = path.extension().is_some() || path.components().count() > 1 || path.exists();
    is_path && !is_command && !text.starts_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn files_alone_ask_for_the_window_and_anything_else_does_not() {
        let files = |words: &[&str]| words.iter().all(|w| is_file(&OsString::from(w)));
        assert!(files(&[]));
        assert!(files(&["a.xml"]));
        assert!(files(&["no/such", "b.espressivo"]));
        assert!(!files(&["a.xml", "--wav"]));
        assert!(!files(&["perform", "a.xml"]));
        assert!(!files(&["--version"]));
    }

    #[test]
    fn a_score_with_options_is_performed() {
        let words = |list: &[&str]| list.iter().map(OsString::from).collect::<Vec<_>>();
        let implied = |list: &[&str]| with_implied_command(words(list));
        assert_eq!(implied(&["e", "a.xml", "--wav"]), words(&["e", "perform", "a.xml", "--wav"]));
        assert_eq!(implied(&["e", "no/such"]), words(&["e", "perform", "no/such"]));
        assert_eq!(implied(&["e", "info", "a.xml"]), words(&["e", "info", "a.xml"]));
        assert_eq!(implied(&["e", "perfrom"]), words(&["e", "perfrom"]));
        assert_eq!(implied(&["e", "--version"]), words(&["e", "--version"]));
        assert_eq!(implied(&["e"]), words(&["e"]));
    }
}
