//! The request to a performer.

use std::ops::Range;

use notation::Score;
pub use performance::amounts::Amounts;
pub use performance::base_tempo::BaseTempo;
use performance::{Knobs, PedalEvent, Performance};
use serde::{Deserialize, Serialize};

use crate::mood::Mood;

/// What to play and how.
#[derive(Clone, Copy)]
pub struct Request<'a> {
    /// The whole score.
    pub score: &'a Score,
    /// Which of its notes to play.
    pub region: &'a Region,
    /// A performance of the notes outside the region; those within are ignored.
    pub context: Option<&'a Performance>,
    /// Preferences and constraints.
    pub controls: &'a Controls,
}

/// A set of notes to be performed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Region {
    /// The whole piece.
    All,
    /// Measures, as a range of indices into [`Score::measures`].
    Measures(Range<usize>),
    /// Single notes, as ascending indices into [`Score::notes`].
    Notes(Vec<u32>),
}

impl Region {
    /// The notes of the region, ascending.
    pub fn notes(&self, score: &Score) -> Vec<u32> {
        let all = |range: Range<usize>| range.map(|n| n as u32).collect();
        match self {
            Self::All => all(0..score.notes.len()),
            Self::Measures(bars) => all(score.notes_in_measures(bars.clone())),
            Self::Notes(notes) => {
                notes.iter().copied().filter(|n| (*n as usize) < score.notes.len()).collect()
            }
        }
    }
}

/// Preferences and constraints of a musician.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct Controls {
    /// The same seed gives the same take.
    pub seed: u64,
    /// What a text means for which bars, if anything.
    pub mood: Option<Mood>,
    /// How fast the piece is as a whole.
    #[serde(default)]
    pub base_tempo: BaseTempo,
    /// How much of each dimension of expression.
    pub amounts: Amounts,
    /// Values that must come out exactly.
    pub pins: Vec<Pin>,
    /// Pedalling that must stay as it was.
    #[serde(default)]
    pub pedal_pins: Vec<PedalPin>,
    /// The performer's own knobs by their identifiers; those that are not named stand at their default.
    #[serde(default)]
    pub knobs: Knobs,
}

/// Pedalling of a stretch that stays with the notes it was played with.
#[derive(Clone, Debug, PartialEq, Default, Serialize, Deserialize)]
pub struct PedalPin {
    /// Notes of the stretch and the first one after it, by index into [`Score::notes`], with their
    /// onsets in the performance that the pedalling is from, in seconds.
    pub onsets: Vec<(u32, f64)>,
    /// Whether the stretch has no note after it and reaches to the end.
    pub is_to_end: bool,
    /// The movements, in the seconds of that performance, the first where the stretch begins.
    pub events: Vec<PedalEvent>,
}

/// Values of one note that must come out exactly.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pin {
    /// Index into [`Score::notes`].
    pub note: u32,
    /// MIDI velocity.
    pub velocity: Option<u8>,
    /// Seconds from the start of the performance.
    pub onset_secs: Option<f64>,
    /// Seconds.
    pub duration_secs: Option<f64>,
}
