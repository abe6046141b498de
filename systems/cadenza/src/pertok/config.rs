//! What there are tokens for.

use notation::TimeSignature;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Settings of a tokenizer. The default is the example of MidiTok's documentation on the keys of a piano,
/// with time shifts and 32 velocities as in the paper (arXiv 2410.02060, Table 1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Config {
    /// Ticks a quarter. Steps of a grid are whole ticks, so this should be a multiple of the steps of
    /// every grid: of 320 ticks the third is 106, not 106⅔.
    pub ticks_per_quarter: u32,
    /// The written values, those of all grids together. Where two values are as near, that of the grid
    /// named first is taken.
    pub grids: Vec<Grid>,
    /// How onsets are told.
    pub places: Places,
    /// How far notes are played from the grid; without it, they are told on it.
    pub micro_timing: Option<MicroTiming>,
    /// How many velocities have tokens, 1 to 127, evenly spaced and the loudest 127; without it, none has.
    pub velocities: Option<u8>,
    /// Whether durations are told.
    pub durations: bool,
    /// The lowest and the highest pitch that have tokens, in MIDI numbers.
    pub pitches: (u8, u8),
    /// The metres that have tokens. If there are none, nothing tells the metre, and every bar is one of
    /// `metre`.
    pub time_signatures: Vec<TimeSignature>,
    /// The metre of all bars, where none is told.
    pub metre: TimeSignature,
}

/// Evenly spaced written values, in quarters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grid {
    /// The first quarter.
    pub from: u32,
    /// The quarter after the last: the longest value is a step shorter.
    pub to: u32,
    /// Steps a quarter: 4 are sixteenths, 3 triplets of eighths.
    pub steps: u32,
}

/// How onsets are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Places {
    /// By the time since what was told before: an onset or a bar line.
    TimeShift,
    /// By the time since the bar line.
    Position,
}

/// Tokens for the distance of an onset from the grid.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MicroTiming {
    /// The longest distance, early and late, in quarters.
    pub max_shift_quarters: f64,
    /// Into how many bins that range is divided; there is one token more.
    pub bins: u32,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            ticks_per_quarter: 320,
            grids: vec![Grid { from: 0, to: 4, steps: 4 }, Grid { from: 0, to: 4, steps: 3 }],
            places: Places::TimeShift,
            micro_timing: Some(MicroTiming { max_shift_quarters: 0.125, bins: 30 }),
            velocities: Some(32),
            durations: true,
            pitches: (21, 108),
            time_signatures: Vec::new(),
            metre: TimeSignature::default(),
        }
    }
}

/// More ticks a quarter than any file needs.
const MOST_TICKS_PER_QUARTER: u32 = 32_767;

/// Grids of more quarters than any bar has.
const LONGEST_GRID_QUARTERS: u32 = 256;

/// Identifiers are 16 bits, and no network wants more.
const MOST_VALUES: u32 = 16_384;

impl Config {
    /// What is written, without how it is played: neither micro-timing nor velocities.
    pub fn composition() -> Self {
        Self { micro_timing: None, velocities: None, ..Self::default() }
    }

    /// How long a bar is, in ticks; nothing if it is no whole number of them, or no time at all.
    pub(super) fn bar_ticks(&self, metre: TimeSignature) -> Option<u32> {
        let (whole, beat_type) =
            (4 * self.ticks_per_quarter * u32::from(metre.beats), u32::from(metre.beat_type));
        (whole > 0 && beat_type > 0 && whole.is_multiple_of(beat_type)).then(|| whole / beat_type)
    }

    /// Whether a tokenizer can be made of the settings.
    ///
    /// # Errors
    /// When a setting is out of its range; the message says which.
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let ticks = self.ticks_per_quarter;
        if !(1..=MOST_TICKS_PER_QUARTER).contains(&ticks) {
            return Err(ConfigError::TicksPerQuarter(ticks));
        }
        self.check_grids()?;
        if let Some(MicroTiming { max_shift_quarters, bins }) = self.micro_timing
            && !((0.0..=4.0).contains(&max_shift_quarters) && (1..=MOST_VALUES).contains(&bins))
        {
            return Err(ConfigError::MicroTiming { max_shift_quarters, bins });
        }
        if let Some(velocities) = self.velocities.filter(|bins| !(1..=127).contains(bins)) {
            return Err(ConfigError::Velocities(velocities));
        }
        let (lowest, highest) = self.pitches;
        if lowest > highest || highest > 127 {
            return Err(ConfigError::Pitches { lowest, highest });
        }
        let mut metres = self.time_signatures.iter().chain([&self.metre]);
        match metres.find(|metre| self.bar_ticks(**metre).is_none()) {
            Some(TimeSignature { beats, beat_type }) => {
                Err(ConfigError::Metre { beats: *beats, beat_type: *beat_type, ticks })
            }
            None => Ok(()),
        }
    }

    fn check_grids(&self) -> Result<(), ConfigError> {
        let ticks = self.ticks_per_quarter;
        let is_sound = |grid: &Grid| {
            grid.from < grid.to
                && grid.to <= LONGEST_GRID_QUARTERS
                && grid.steps > 0
                && ticks / grid.steps > 1
                && (grid.from, grid.to, grid.steps) != (0, 1, 1)
        };
        if let Some(grid) = self.grids.iter().find(|grid| !is_sound(grid)) {
            return Err(ConfigError::Grid { grid: *grid, ticks });
        }
        let values = self.grids.iter().map(|grid| u64::from(grid.to - grid.from) * u64::from(grid.steps));
        match values.sum::<u64>() {
            0 => Err(ConfigError::NoGrid),
            values if values > u64::from(MOST_VALUES) => Err(ConfigError::TooManyValues(values)),
            _ => Ok(()),
        }
    }
}

/// Why there is no tokenizer of some settings.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ConfigError {
    /// Ticks a quarter are out of range.
    #[error("{0} ticks a quarter: choose 1 to {most}", most = MOST_TICKS_PER_QUARTER)]
    TicksPerQuarter(u32),
    /// There is no grid.
    #[error("no grid: name at least one, such as sixteenths over four quarters")]
    NoGrid,
    /// A grid has no values, or its steps are less than two ticks.
    #[error(
        "a grid from quarter {from} to {to} in steps of 1/{steps}, at {ticks} ticks a quarter: it needs a \
         value above 0, steps of at least 2 ticks and at most {longest} quarters",
        from = grid.from, to = grid.to, steps = grid.steps, longest = LONGEST_GRID_QUARTERS
    )]
    Grid {
        /// The grid.
        grid: Grid,
        /// Ticks a quarter.
        ticks: u32,
    },
    /// Grids have more values than there can be tokens.
    #[error("grids of {0} values: choose fewer quarters or steps, at most {most} values", most = MOST_VALUES)]
    TooManyValues(u64),
    /// Micro-timing is out of range.
    #[error(
        "micro-timing of {max_shift_quarters} quarters in {bins} bins: choose 0 to 4 quarters and 1 to \
         {most} bins",
        most = MOST_VALUES
    )]
    MicroTiming {
        /// Longest distance.
        max_shift_quarters: f64,
        /// Bins.
        bins: u32,
    },
    /// There cannot be so many velocities.
    #[error("{0} velocities: choose 1 to 127")]
    Velocities(u8),
    /// The range of pitches is empty or leaves MIDI's.
    #[error("pitches {lowest} to {highest}: choose a range within 0 to 127")]
    Pitches {
        /// Lowest pitch.
        lowest: u8,
        /// Highest pitch.
        highest: u8,
    },
    /// The bars of a metre are no whole number of ticks.
    #[error("a bar of {beats}/{beat_type} is no whole number of ticks at {ticks} a quarter: choose others")]
    Metre {
        /// Beats in a measure.
        beats: u8,
        /// The note value of a beat.
        beat_type: u8,
        /// Ticks a quarter.
        ticks: u32,
    },
}

#[cfg(test)]
#[path = "config_tests.rs"]
mod tests;
