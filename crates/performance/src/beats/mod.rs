//! Beats and bars of a performance of which nobody has the score, as an estimate for whoever asks.
//!
//! Notes that start together become an onset, a row of beats is found that explains the onsets best, and of
//! the beats some become the first of a bar. [`agreement()`] compares beats with those that somebody has
//! annotated.

mod agreement;
mod bars;
mod onsets;
mod tracking;

use std::ops::RangeInclusive;

use thiserror::Error;

use crate::BeatGrid;
use crate::midi::{MidiNote, PlayedMidi};

pub use agreement::{Agreement, agreement};

/// Lengths of a beat that may be looked for, in seconds: 353 to 10 beats a minute.
pub const BEAT_SECS: RangeInclusive<f64> = 0.17..=6.0;

/// Beats in a bar that may be asked for.
pub const BEATS_PER_BAR: RangeInclusive<u8> = 1..=16;

/// Fewer onsets have no beat.
const LEAST_ONSETS: usize = 8;

/// Longer performances are not read: three hours.
const MOST_SECS: f64 = 10_800.0;

/// From this worth a beat on an estimate is sure, or fairly so. On fifty performances of the training split of
/// (n)ASAP the beats of sure estimates had a mean F-measure of about .85, of fairly sure ones .73, of others
/// .56.
const SURE: f64 = 1.4;
const FAIRLY_SURE: f64 = 1.0;

/// What is looked for.
#[derive(Clone, Debug, PartialEq)]
pub struct BeatOptions {
    /// Beats in a bar, within [`BEATS_PER_BAR`]; what fits best of two, three and four if not given.
    pub beats_per_bar: Option<u8>,
    /// Lengths that a beat may have, in seconds, within [`BEAT_SECS`].
    pub beat_secs: RangeInclusive<f64>,
}

impl Default for BeatOptions {
    /// Beats of a quarter of a second to not quite two: 250 to 33 a minute.
    fn default() -> Self {
        Self { beats_per_bar: None, beat_secs: 0.24..=1.8 }
    }
}

/// How sure an estimate is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sureness {
    /// Nearly all beats are where people would tap, if perhaps not all of them.
    Sure,
    /// Most are.
    Fairly,
    /// Half of them are.
    Unsure,
}

/// An estimate.
#[derive(Clone, Debug, PartialEq)]
pub struct Estimate {
    /// Beats and bars.
    pub grid: BeatGrid,
    /// Share of the beats on which a note starts.
    pub struck: f64,
    /// How sure it is.
    pub sureness: Sureness,
}

/// Why there is no estimate.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum NoBeats {
    /// Too few notes.
    #[error("{onsets} onsets are too few to find a beat in; {least} are needed", least = LEAST_ONSETS)]
    TooShort {
        /// How many onsets there are.
        onsets: usize,
    },
    /// Too much time.
    #[error(
        "there are more than {hours} hours from the first note to the last; cut the file in parts",
        hours = MOST_SECS / 3600.0
    )]
    TooLong,
    /// The options make no sense.
    #[error(
        "a beat must last {} to {} seconds, and a bar have {} to {} beats",
        BEAT_SECS.start(),
        BEAT_SECS.end(),
        BEATS_PER_BAR.start(),
        BEATS_PER_BAR.end()
    )]
    Options,
}

/// Estimates the beats and bars of what is played.
///
/// # Errors
/// When there is too little or too much of it, or the options ask for what is not within their bounds.
pub fn estimate(played: &PlayedMidi, options: &BeatOptions) -> Result<Estimate, NoBeats> {
    let (shortest, longest) = (*options.beat_secs.start(), *options.beat_secs.end());
    let is_possible = BEAT_SECS.contains(&shortest) && BEAT_SECS.contains(&longest) && shortest <= longest;
    if !is_possible || options.beats_per_bar.is_some_and(|count| !BEATS_PER_BAR.contains(&count)) {
        return Err(NoBeats::Options);
    }
    let are_numbers = |n: &&MidiNote| n.onset_secs.is_finite() && n.duration_secs.is_finite();
    let mut notes: Vec<MidiNote> = played.notes.iter().filter(are_numbers).copied().collect();
    notes.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
    if let (Some(first), Some(last)) = (notes.first(), notes.last())
        && last.onset_secs - first.onset_secs > MOST_SECS
    {
        return Err(NoBeats::TooLong);
    }
    let onsets = onsets::onsets(&notes);
    if onsets.len() < LEAST_ONSETS {
        return Err(NoBeats::TooShort { onsets: onsets.len() });
    }
    let row = tracking::best_row(&onsets, &options.beat_secs);
    if row.beats.len() < 2 {
        return Err(NoBeats::TooShort { onsets: onsets.len() });
    }
    let bars = bars::bars(&notes, &onsets, &row.beats, options.beats_per_bar);
    let count = row.beats.len() as f64;
    let struck = row.beats.iter().filter(|(_, onset)| onset.is_some()).count() as f64 / count;
    let sureness = match f64::from(row.worth) / count {
        worth if worth >= SURE => Sureness::Sure,
        worth if worth >= FAIRLY_SURE => Sureness::Fairly,
        _ => Sureness::Unsure,
    };
    let beats_secs = row.beats.into_iter().map(|(secs, _)| secs).collect();
    let grid = BeatGrid { beats_secs, beats_per_bar: bars.beats_per_bar, first_beats: bars.first_beats };
    Ok(Estimate { grid, struck, sureness })
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
