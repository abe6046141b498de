//! The tokenizer: settings and what follows from them.

use super::config::{Config, ConfigError, Places};
use super::token::Token;
use super::values::{grid_ticks, micro_timing_ticks, nearest, positions_ticks, velocities};
use super::vocabulary::Vocabulary;

/// Turns music into tokens and back.
#[derive(Clone, Debug)]
pub struct PerTok {
    pub(super) config: Config,
    pub(super) vocabulary: Vocabulary,
    /// Written values in ticks, in the order of the grids.
    pub(super) grid: Vec<u32>,
    /// Places in a bar in ticks, ascending.
    pub(super) positions: Vec<u32>,
    /// Distances from the grid in ticks, ascending; 0 alone where none are told.
    pub(super) micro_timing: Vec<i32>,
    /// Velocities, ascending; none where none are told.
    pub(super) velocities: Vec<u8>,
    /// The shortest time between onsets that is told, in ticks: half of the shortest written value.
    pub(super) least_shift: i64,
    /// The longest written value, in ticks.
    pub(super) longest: i64,
    /// How far beyond the longest value an onset may be and is still told from it, in ticks.
    pub(super) slack: i64,
}

impl PerTok {
    /// The tokenizer of some settings.
    ///
    /// # Errors
    /// When a setting is out of its range; the message says which.
    pub fn new(config: Config) -> Result<Self, ConfigError> {
        config.check()?;
        let grid = grid_ticks(&config);
        let (Some(shortest), Some(longest)) = (grid.iter().min().copied(), grid.iter().max().copied()) else {
            return Err(ConfigError::NoGrid);
        };
        let told = config.micro_timing.map(|told| micro_timing_ticks(config.ticks_per_quarter, told));
        let is_told = told.is_some();
        let micro_timing = told.unwrap_or_else(|| vec![0]);
        let positions = positions_ticks(&grid);
        let velocities = config.velocities.map(velocities).unwrap_or_default();
        let least_shift = i64::from(shortest / 2);
        let furthest = i64::from(micro_timing.last().copied().unwrap_or(0));

        let mut tokens = vec![Token::Bar];
        tokens.extend((config.pitches.0..=config.pitches.1).map(Token::Pitch));
        tokens.extend(velocities.iter().copied().map(Token::Velocity));
        if config.durations {
            tokens.extend(grid.iter().copied().map(Token::Duration));
        }
        match config.places {
            Places::TimeShift => tokens.extend(grid.iter().copied().map(Token::TimeShift)),
            Places::Position => tokens.extend(positions.iter().copied().map(Token::Position)),
        }
        if is_told {
            tokens.extend(micro_timing.iter().copied().map(Token::MicroTiming));
        }
        tokens.extend(config.time_signatures.iter().copied().map(Token::TimeSignature));

        let vocabulary = Vocabulary::new(config.ticks_per_quarter, tokens);
        let (slack, longest) = (furthest.max(i64::from(shortest.div_ceil(2))), i64::from(longest));
        Ok(Self {
            config,
            vocabulary,
            grid,
            positions,
            micro_timing,
            velocities,
            least_shift,
            longest,
            slack,
        })
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// All tokens.
    pub fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// How far an onset can be, after encoding and decoding, from where it was, in ticks. Where
    /// micro-timing reaches as far as half the widest gap of the grids, that is half of its widest bin.
    pub fn worst_onset_error_ticks(&self) -> u32 {
        let gaps = self.positions.windows(2).map(|pair| i64::from(pair[1]) - i64::from(pair[0]));
        let half_gap = (gaps.max().unwrap_or(0) + 1) / 2;
        let furthest = self.slack.max(half_gap);
        let error = |off: i64| {
            let told = nearest(self.micro_timing.iter().copied(), off).unwrap_or(0);
            (off - i64::from(told)).unsigned_abs()
        };
        let worst = (-furthest..=furthest).map(error).max().unwrap_or(0);
        u32::try_from(worst).unwrap_or(u32::MAX)
    }
}
