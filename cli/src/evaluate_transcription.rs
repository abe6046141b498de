//! `espressivo evaluate transcription`: how right what is heard in sound is.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, ensure};
use training::evaluate::rendered::Condition;
use training::evaluate::transcription::{self, Options, Peer};

use crate::excerpts::Excerpts;
use crate::output;

const EXAMPLES: &str = "\
Performances of pieces that people played are made into sound on two pianos, as they are (dry), in a room that
dies away in 0.6 s, with pink noise 20 dB below, and as MP3 with 64 kbit/s (where lame, ffmpeg or libmp3lame is
on the machine), and heard. F1 of keys by onset (50 ms), by onset and end, and by velocity, and of the sustain
pedal, as mir_eval defines them. Sounds and what was heard in them stay in the folder --out, so that a run that
was stopped goes on. With --peer the package transkun hears the same files.

Examples:
  espressivo evaluate transcription
  espressivo evaluate transcription --count 5 --seconds 20 --out runs/short
  espressivo evaluate transcription --peer venv/bin/python";

/// How right what is heard in sound is
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    excerpts: Excerpts,

    /// What is done to the sound, separated by commas [default: all]
    #[arg(long, value_name = "NAMES", value_delimiter = ',', value_enum)]
    sounds: Vec<Sound>,

    /// A Python that has the package transkun 2.0.1, whose figures are printed beside
    #[arg(long, value_name = "PYTHON")]
    peer: Option<PathBuf>,

    /// Threads of the package [default: as many as there are cores]
    #[arg(long, value_name = "N", requires = "peer")]
    threads: Option<usize>,

    /// Print the table as JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::ValueEnum, Clone, Copy, Debug)]
enum Sound {
    /// As it is
    Dry,
    /// In a room
    Room,
    /// With pink noise
    Noise,
    /// As MP3
    Mp3,
}

impl Sound {
    fn condition(self) -> Condition {
        match self {
            Self::Dry => Condition::Dry,
            Self::Room => Condition::Room,
            Self::Noise => Condition::Noise,
            Self::Mp3 => Condition::Mp3,
        }
    }
}

/// Makes sounds, hears them and prints the table.
pub fn run(args: &Args) -> Result<ExitCode> {
    ensure!(args.threads != Some(0), "--threads must be at least 1");
    let cores = || std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let threads = args.threads.unwrap_or_else(cores);
    let options = Options {
        wanted: args.excerpts.wanted()?,
        instruments: args.excerpts.instruments(),
        conditions: args.sounds.iter().map(|sound| sound.condition()).collect(),
        out: args.excerpts.out.clone(),
        peer: args.peer.clone().map(|python| Peer { python, threads }),
    };
    let report = transcription::run(&options, &|said| output::note(said))?;
    output::say_result(&report, args.json, || report.to_string())
}
