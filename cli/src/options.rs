//! Options that several commands share.

use std::path::PathBuf;

use anyhow::{Context, Result};
use application::sounds::{SAMPLE_RATE_HZ, WantedPiano};
use application::{Folders, limits};
use clap::{Args, ValueEnum};
use neural::device::{self, Chosen};
use performance::midi::ExportMode;
use performers::BaseTempo;
use performers::device::DeviceChoice;

/// The constant tempo of files with exact timing: what sequencers start with.
const SESSION_TEMPO: f64 = 120.0;

/// Constant tempi that sequencers take for a whole session, in quarters a minute.
const SLOWEST_SESSION: f64 = 20.0;
const FASTEST_SESSION: f64 = 999.0;

/// Where the options stand in the help that are for whoever trains PianoFlow. They name it, since they
/// choose among ways to draw from it and what it reads; performers are compared without them.
pub const FOR_TRAINING: &str = "For training PianoFlow";

/// What is written, where and how.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Output")]
pub struct Output {
    /// Write a MIDI file whose bars lie on the grid of the sequencer; its tempo map follows the
    /// pianist (default; bars of a take are written as its file is)
    #[arg(long, conflicts_with_all = ["exact", "fixed"])]
    pub grid: bool,

    /// Write a MIDI file with one constant tempo (120) and every note at its moment
    #[arg(long, conflicts_with = "fixed")]
    pub exact: bool,

    /// Write a MIDI file with one constant tempo, so many quarters a minute, and bars on its grid; of the
    /// timing only what is fine is kept
    #[arg(long, value_name = "BPM", value_parser = session_tempo)]
    pub fixed: Option<f64>,

    /// Write the sound too, as a WAV file (24 bit, stereo)
    #[arg(long)]
    pub wav: bool,

    /// Frames a second of the WAV file
    #[arg(long, value_name = "HZ", default_value_t = SAMPLE_RATE_HZ, value_parser = sample_rate)]
    pub sample_rate: u32,

    /// Piano of the WAV file: `sampled`, the recorded grand piano; `generated`, the computed one; or a
    /// folder with a recorded piano [default: the best one found on this machine]
    #[arg(long, value_name = "PIANO", conflicts_with = "soundfont")]
    pub piano: Option<PathBuf>,

    /// The same, an SF2 soundfont
    #[arg(long, value_name = "FILE")]
    pub soundfont: Option<PathBuf>,

    /// File to write: .mid, or .wav for the sound alone; or a folder [default: a name made from the
    /// score's, in the working folder]
    #[arg(short, long = "output", value_name = "OUT")]
    pub out: Option<PathBuf>,

    /// Replace files that exist
    #[arg(long)]
    pub force: bool,
}

/// Whether files are replaced, and how it is told what was done.
#[derive(Args, Clone, Copy, Debug)]
pub struct Written {
    /// Replace files that exist
    #[arg(long)]
    pub force: bool,

    /// Print what was done as JSON
    #[arg(long)]
    pub json: bool,
}

impl Output {
    /// How time is written into the MIDI file.
    pub fn mode(&self) -> ExportMode {
        match self.fixed {
            Some(tempo) => ExportMode::FixedTempo(tempo),
            None if self.exact => ExportMode::ExactTiming(SESSION_TEMPO),
            None => ExportMode::ScoreGrid,
        }
    }

    /// The piano of the WAV file.
    pub fn wanted_piano(&self) -> WantedPiano {
        match (&self.piano, &self.soundfont) {
            (Some(piano), _) if piano.as_os_str() == "sampled" => WantedPiano::Sampled(None),
            (Some(piano), _) if piano.as_os_str() == "generated" => WantedPiano::Generated,
            (Some(folder), _) => WantedPiano::Sampled(Some(folder.clone())),
            (None, Some(file)) => WantedPiano::Soundfont(Some(file.clone())),
            (None, None) => WantedPiano::Best,
        }
    }

    /// Whether somebody asked for a mode.
    pub fn names_mode(&self) -> bool {
        self.exact || self.grid || self.fixed.is_some()
    }

    /// The name of [`Self::mode`].
    pub fn mode_name(&self) -> &'static str {
        match self.fixed {
            Some(_) => "fixed",
            None if self.exact => "exact",
            None => "grid",
        }
    }
}

fn sample_rate(text: &str) -> Result<u32, String> {
    match text {
        "44100" => Ok(44_100),
        "48000" => Ok(48_000),
        _ => Err("choose 44100 or 48000".into()),
    }
}

/// What people played.
#[derive(Args, Clone, Debug)]
pub struct Data {
    /// The data folder [default: $ESPRESSIVO_DATA or ../shared/data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

impl Data {
    /// The folder that was named, or the usual one.
    pub fn folder(&self) -> Result<PathBuf> {
        self.data.clone().or_else(|| Folders::find().data).context(
            "no data folder: neither $ESPRESSIVO_DATA nor ../shared/data holds a folder `asap`; name one with --data",
        )
    }
}

/// What was learned.
#[derive(Args, Clone, Debug)]
pub struct Models {
    /// The models folder [default: the one that comes with the program]
    #[arg(long, value_name = "DIR")]
    models: Option<PathBuf>,
}

impl Models {
    /// The folder that was named, or the program's.
    pub fn folder(&self) -> PathBuf {
        self.models.clone().unwrap_or_else(|| Folders::find().models)
    }
}

/// Where networks run.
#[derive(Args, Clone, Copy, Debug)]
pub struct Device {
    /// Where networks run; auto is a graphics processor if there is one, else the CPU
    #[arg(long, value_enum, default_value_t)]
    device: Kind,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum Kind {
    #[default]
    Auto,
    Cpu,
    Gpu,
}

impl Device {
    /// What was asked for.
    pub fn choice(self) -> DeviceChoice {
        match self.device {
            Kind::Auto => DeviceChoice::Auto,
            Kind::Cpu => DeviceChoice::Cpu,
            Kind::Gpu => DeviceChoice::Gpu,
        }
    }

    /// Makes the device ready.
    pub fn choose(self) -> Result<Chosen> {
        Ok(device::choose(self.choice())?)
    }
}

/// A base tempo: `marked`, `free`, or beats a minute.
pub fn base_tempo(text: &str) -> Result<BaseTempo, String> {
    let per_minute = match text.trim() {
        "marked" => return Ok(BaseTempo::AsMarked),
        "free" => return Ok(BaseTempo::Free),
        number => number.parse::<f64>().map_err(|_| "write `marked`, `free` or a number such as 66")?,
    };
    let (least, most) = limits::BEATS_PER_MINUTE.into_inner();
    if limits::BEATS_PER_MINUTE.contains(&per_minute) {
        Ok(BaseTempo::Bpm(per_minute))
    } else {
        Err(format!("beats a minute go from {least:.0} to {most:.0}"))
    }
}

/// An amount of expression: `1.5`, or `150%`.
pub fn amount(text: &str) -> Result<f64, String> {
    let (number, unit) = text.strip_suffix('%').map_or((text, 1.0), |percent| (percent, 100.0));
    let amount = number.trim().parse::<f64>().map_err(|_| "not a number such as 1.5 or 150%".to_owned())?;
    let amount = amount / unit;
    if limits::AMOUNTS.contains(&amount) {
        Ok(amount)
    } else {
        Err("amounts go from 0 (none) over 1 (as played) to 2 (twice as much)".into())
    }
}

/// The constant tempo of a file, in quarters a minute.
fn session_tempo(text: &str) -> Result<f64, String> {
    let tempo = text.parse::<f64>().map_err(|_| "write a number such as 96")?;
    match (SLOWEST_SESSION..=FASTEST_SESSION).contains(&tempo) {
        true => Ok(tempo),
        false => Err(format!("quarters a minute go from {SLOWEST_SESSION} to {FASTEST_SESSION}")),
    }
}

/// A balance of melody and accompaniment in decibels: `3`, `-4.5`, or `3dB`.
pub fn balance(text: &str) -> Result<f64, String> {
    let number = text.trim().trim_end_matches("dB").trim_end();
    let balance_db = number.parse::<f64>().map_err(|_| "not a number such as 3 or -4.5".to_owned())?;
    let (least, most) = limits::BALANCES_DB.into_inner();
    if limits::BALANCES_DB.contains(&balance_db) {
        Ok(balance_db)
    } else {
        Err(format!(
            "the balance goes from {least:.0} (accompaniment in front) over 0 (as played) to {most:.0} (melody in front)"
        ))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_base_tempo_is_a_word_or_a_number_within_its_bounds() {
        assert_eq!(base_tempo("marked").unwrap(), BaseTempo::AsMarked);
        assert_eq!(base_tempo("free").unwrap(), BaseTempo::Free);
        assert_eq!(base_tempo("66.5").unwrap(), BaseTempo::Bpm(66.5));
        for wrong in ["9", "401", "NaN", "inf", "fast", ""] {
            assert!(base_tempo(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_constant_tempo_is_a_number_within_its_bounds() {
        assert_eq!(session_tempo("96").unwrap(), 96.0);
        for wrong in ["19", "1000", "NaN", "fast", ""] {
            assert!(session_tempo(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_balance_is_in_decibels_within_its_bounds() {
        assert_eq!(balance("3").unwrap(), 3.0);
        assert_eq!(balance("-4.5 dB").unwrap(), -4.5);
        for wrong in ["12.1", "-13", "NaN", "inf", "loud", "dB", ""] {
            assert!(balance(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn amounts_are_factors_or_percent_from_none_to_double() {
        assert_eq!(amount("1.5").unwrap(), 1.5);
        assert_eq!(amount("150%").unwrap(), 1.5);
        assert_eq!(amount("0").unwrap(), 0.0);
        for wrong in ["2.1", "-1", "201%", "NaN", "inf", "much", ""] {
            assert!(amount(wrong).is_err(), "{wrong}");
        }
    }
}
