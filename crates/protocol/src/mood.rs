//! What a mood means, before anything is performed.

use serde::{Deserialize, Serialize};

use crate::Bars;

/// How a text is understood; the answer to [`crate::Command::ReadMood`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MoodView {
    /// The text that was asked about.
    pub text: String,
    /// The moods in order of time; empty for an empty text.
    pub spans: Vec<MoodSpan>,
    /// Why the text cannot be followed, and what to do.
    pub problem: Option<String>,
    /// Said once where words are read by the small table: what that means.
    pub note: Option<String>,
}

/// A mood and where it holds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct MoodSpan {
    /// Its words.
    pub text: String,
    /// The measures where it holds, by index; of a repeat, every pass has its own span.
    pub bars: Bars,
    /// Where it starts, in quarters.
    pub from_quarters: f64,
    /// Where it ends, in quarters.
    pub to_quarters: f64,
    /// Chance that the reading is right, 0 to 1: how often such texts are understood as people mean them.
    pub sureness: f64,
    /// The moods with a name that are most in it, with their share, the most first; at most three.
    pub nearest: Vec<(String, f64)>,
    /// What will change in the performance.
    pub arrows: Vec<MoodArrow>,
    /// Words that nobody knows.
    pub unknown: Vec<String>,
}

/// Something measurable that a mood changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MoodArrow {
    /// What.
    pub what: MoodCue,
    /// Whether there will be more of it: faster, louder, more legato, more pedal, freer.
    pub is_more: bool,
    /// By how much at a strength of 100 %, in deviations between pianists who play one score.
    pub deviations: f64,
}

/// What a mood changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum MoodCue {
    /// Faster or slower.
    Tempo,
    /// Louder or softer.
    Dynamics,
    /// More legato or more detached.
    Articulation,
    /// More or less pedal.
    Pedal,
    /// Freer or steadier in time.
    Rubato,
}
