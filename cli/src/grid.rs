//! `espressivo grid`: a recording on a grid of beats that are estimated from it.

use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result};
use application::files;
use application::limits::SCORE_BYTES;
use application::text::counted;
use notation::smf::file::{Division, MidiFile};
use notation::smf::{self, Looks};
use performance::beats::{self, BEAT_SECS, BEATS_PER_BAR, BeatOptions, Estimate, Sureness};
use performance::midi::{OnBeats, on_beats, read_performance};
use serde::Serialize;

use crate::options::Written;
use crate::output;

const EXAMPLES: &str = "\
Nobody but the player knows the beats of a recording: what is estimated here may be half or twice as
fast as what is meant, or begin its bars elsewhere. If you have the score,
`espressivo export SCORE --of RECORDING --grid` takes its bars and beats.

Examples:
  espressivo grid recital.mid -o bars.mid
      The recording with a tempo map: a quarter is a beat, and everything sounds when it did.
  espressivo grid waltz.mid --beats-per-bar 3 --beat-secs 0.3-0.6
      The same if you know the metre, and that it goes at 100 to 200 beats a minute.";

/// Lay a recording on beats and bars that are estimated from it
///
/// The tempo map has one change a beat at most, and notes between beats keep their offsets: nothing
/// sounds more than a tick earlier or later than it did.
#[derive(clap::Args, Clone, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The recording (.mid)
    pub recording: PathBuf,

    /// File to write, or a folder [default: the recording's name with -grid.mid, in the working folder]
    #[arg(short, long = "output", value_name = "OUT")]
    pub out: Option<PathBuf>,

    /// Beats in a bar [default: two, three or four, whichever fits best]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(beats_per_bar()))]
    pub beats_per_bar: Option<u8>,

    /// How long a beat may be, in seconds, from the shortest to the longest [default: 0.24-1.8, which are
    /// 250 to 33 beats a minute]
    #[arg(long, value_name = "FROM-TO", value_parser = beat_secs)]
    pub beat_secs: Option<RangeInclusive<f64>>,

    #[command(flatten)]
    pub written: Written,
}

#[derive(Serialize)]
struct Summary {
    #[serde(serialize_with = "output::as_text")]
    recording: PathBuf,
    #[serde(serialize_with = "output::as_text")]
    midi: PathBuf,
    beats_per_minute: f64,
    /// What nine of ten beats lie between.
    slowest_beats_per_minute: f64,
    fastest_beats_per_minute: f64,
    beats: usize,
    beats_per_bar: u8,
    bars: usize,
    first_bar_secs: f64,
    sureness: &'static str,
    /// Share of the beats on which a note starts.
    beats_with_notes: f64,
    tempo_events: usize,
    worst_ms: f64,
}

/// Estimates, writes and prints a summary.
pub fn run(args: &Args) -> Result<ExitCode> {
    let target = target(args);
    output::check_beside(&target, &args.recording, args.written.force)?;
    let here = || format!("{}", args.recording.display());
    let bytes = files::read(&args.recording, SCORE_BYTES).with_context(here)?;
    let file = MidiFile::read(&bytes).with_context(here)?;
    let has_beats = matches!(file.division, Division::PerQuarter(_));
    if has_beats && smf::looks(&bytes).with_context(here)? != Looks::Played {
        output::warn(format_args!(
            "{}: its notes lie on a grid already, or are too few to tell; that grid is replaced",
            args.recording.display()
        ));
    }
    let defaults = BeatOptions::default();
    let options = BeatOptions {
        beats_per_bar: args.beats_per_bar,
        beat_secs: args.beat_secs.clone().unwrap_or(defaults.beat_secs),
    };
    let played = read_performance(&bytes).with_context(here)?;
    let estimate = beats::estimate(&played, &options).with_context(here)?;
    let written = on_beats(&bytes, &estimate.grid).with_context(here)?;
    output::write_file(&target, &written.bytes)?;
    let summary = Summary::of(args, target, &estimate, &written);
    output::say_result(&summary, args.written.json, || summary.text())
}

/// Where the file goes.
fn target(args: &Args) -> PathBuf {
    let mut name = PathBuf::from(output::name_from(&args.recording, "grid"));
    name.as_mut_os_string().push(".mid");
    match &args.out {
        None => name,
        Some(out) if out.is_dir() => out.join(name),
        Some(out) if out.extension().is_none() && !files::is_device(out) => out.with_extension("mid"),
        Some(out) => out.clone(),
    }
}

impl Summary {
    fn of(args: &Args, midi: PathBuf, estimate: &Estimate, written: &OnBeats) -> Self {
        let grid = &estimate.grid;
        let (beats_per_minute, between) = grid.beats_per_minute();
        Self {
            recording: args.recording.clone(),
            midi,
            beats_per_minute,
            slowest_beats_per_minute: *between.start(),
            fastest_beats_per_minute: *between.end(),
            beats: grid.beats_secs.len(),
            beats_per_bar: grid.beats_per_bar,
            bars: grid.first_beats.len(),
            first_bar_secs: grid.first_bar_secs().unwrap_or(0.0),
            sureness: match estimate.sureness {
                Sureness::Sure => "sure",
                Sureness::Fairly => "fairly sure",
                Sureness::Unsure => "unsure",
            },
            beats_with_notes: estimate.struck,
            tempo_events: written.tempo_events,
            worst_ms: 1e3 * written.worst_secs,
        }
    }

    fn text(&self) -> String {
        let how_sure = match self.sureness {
            "sure" => "sure of the beats; they may still be half or twice as fast as what is meant",
            "fairly sure" => "fairly sure of most beats; listen with the metronome",
            _ => "unsure: about half of the beats are right; say how long a beat is with --beat-secs",
        };
        format!(
            "{}\nestimated: {:.0} beats a minute (nine of ten between {:.0} and {:.0}), {} in a bar, the first \
             bar at {:.2} s\n{how_sure}\n{} and {}, notes on {:.0} % of the beats; {}, nothing more than \
             {:.2} ms off: {}\n",
            self.recording.display(),
            self.beats_per_minute,
            self.slowest_beats_per_minute,
            self.fastest_beats_per_minute,
            self.beats_per_bar,
            self.first_bar_secs,
            counted(self.beats, "beat", "beats"),
            counted(self.bars, "bar", "bars"),
            100.0 * self.beats_with_notes,
            counted(self.tempo_events, "tempo", "tempi"),
            self.worst_ms,
            self.midi.display()
        )
    }
}

fn beats_per_bar() -> RangeInclusive<i64> {
    i64::from(*BEATS_PER_BAR.start())..=i64::from(*BEATS_PER_BAR.end())
}

/// Lengths of a beat: `0.3-0.9`.
fn beat_secs(text: &str) -> Result<RangeInclusive<f64>, String> {
    let (least, most) = BEAT_SECS.into_inner();
    let number = |text: &str| text.trim().parse::<f64>().ok().filter(|secs| (least..=most).contains(secs));
    let range = text.split_once('-').and_then(|(from, to)| Some(number(from)?..=number(to)?));
    range.filter(|range| range.start() <= range.end()).ok_or_else(|| {
        format!("write the shortest and the longest beat such as 0.3-0.9, from {least} to {most} seconds")
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_a_beat_go_from_the_shorter_to_the_longer() {
        assert_eq!(beat_secs("0.3-0.9").unwrap(), 0.3..=0.9);
        assert_eq!(beat_secs(" 0.5 - 0.5 ").unwrap(), 0.5..=0.5);
        for wrong in ["0.9-0.3", "0.5", "-1-2", "0.1-0.5", "0.5-7", "a-b", "NaN-NaN", ""] {
            assert!(beat_secs(wrong).is_err(), "{wrong}");
        }
    }
}
