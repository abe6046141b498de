//! What to write of a performance, and what comes of it.

use std::ops::Range;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// How time is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum ExportMode {
    /// The bars of the score are those of the sequencer: a tempo map with a change at each beat
    /// follows the pianist, and each note stands where its moment falls in that map. A performance that
    /// keeps its tempo has no change but those that are written.
    #[default]
    ScoreGrid,
    /// One constant tempo in quarters per minute, every note at its moment; for dropping into a
    /// session whose tempo must not change.
    ExactTiming(f64),
    /// One constant tempo, bars on the grid: of the timing only what sets notes apart from the
    /// tempo curve is kept. For music that must stay at its tempo. A performance that keeps its tempo
    /// (all but a few notes within a seventh of a quarter of a steady beat, or later by as much as jazz drummers
    /// swing) has that beat as its curve, so its micro-timing and its swing are kept.
    FixedTempo(f64),
}

/// What to write and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ExportOptions {
    /// How time is written.
    pub mode: ExportMode,
    /// Measures to write, as a range of indices into [`notation::Score::measures`]; all if none.
    pub bars: Option<Range<usize>>,
    /// General MIDI program, 0 for the grand piano.
    pub program: u8,
}

/// A MIDI file.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What to add to a time of the performance to get the time in the file.
    pub offset_secs: f64,
    /// The tick where the first bar starts.
    pub first_bar_tick: u64,
    /// Notes of the take's file that the score does not have and that are not in the new file: those
    /// within bars that were performed anew, or all of them if time is written in another way.
    pub left_out: usize,
}

/// Why a performance could not be written.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ExportError {
    /// There is nothing to write.
    #[error("there are no played notes to export; choose bars that have some")]
    Empty,
    /// A gap that no MIDI file can hold.
    #[error("the performance has a pause of more than {0} ticks, the longest that a MIDI file can hold")]
    Pause(u32),
}
