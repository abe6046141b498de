//! What a take is as a whole: how wide its values spread and where their levels lie, the same for all of
//! its notes and for bars of it that are performed anew.

use analysis::features;
use notation::Score;

use super::gain::Gains;
use crate::settings::{Sampling, Settings};
use crate::take_variety::Drawn;
use crate::values::KINDS;

/// What a take is as a whole.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Whole {
    /// What distances from the means are multiplied by.
    pub gains: Gains,
    /// What is added to MIDI velocities.
    pub velocity: f64,
    /// What is added to log2 of durations.
    pub articulation: f64,
    /// log2 of seconds per quarter, where no performance around says it; none if the network says that, too.
    pub log_beat_period: Option<f64>,
}

impl Whole {
    /// From what the piece has of its own, by kind of value, what the take has, and the piece's level of
    /// tempo.
    pub fn new(sampling: &Sampling, of_piece: &[f64; KINDS], drawn: &Drawn, level: Option<f64>) -> Self {
        let factors = std::array::from_fn(|kind| of_piece[kind] * drawn.factors[kind]);
        Self {
            gains: Gains::new(sampling, &factors),
            velocity: drawn.velocity,
            articulation: drawn.articulation,
            log_beat_period: level.map(|level| level + drawn.tempo),
        }
    }
}

/// The level of tempo that people would choose for a score, which is put into its table of features.
pub(super) fn set_level(settings: &Settings, score: &Score, table: &mut [f32]) -> Option<f64> {
    let level = settings.beat_period.as_ref().map(|model| model.of(score))?;
    features::set_log_beat_periods(table, |_| level);
    Some(level)
}
