//! The score as the face draws it.

use serde::{Deserialize, Serialize};

/// Number of a score in a project, from 0. A project has one score for each way in which its notes
/// and bars are put together: versions that play other repeats, or other notes, play another score.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ScoreId(pub u32);

/// A piece, in the order in which it is played.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ScoreView {
    /// Which score of the project.
    pub id: ScoreId,
    /// Title, or the file's name.
    pub title: String,
    /// Who wrote it.
    pub composer: Option<String>,
    /// Ordered by onset, then pitch.
    pub notes: Vec<NoteView>,
    /// Contiguous, in playing order.
    pub measures: Vec<MeasureView>,
    /// Where the last measure or note ends.
    pub end_quarters: f64,
    /// What a base tempo counts.
    pub beat: BeatView,
    /// What the reader had to guess or leave out.
    pub warnings: Vec<String>,
}

/// What a base tempo counts, and every tempo that the window shows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BeatView {
    /// Its note value in words, such as `dotted quarter`.
    pub name: String,
    /// How many a minute the first metronome mark asks for, on the page or for playback; none without
    /// a mark.
    pub marked: Option<f64>,
    /// Its length in quarters, more than 0.
    pub quarters: f64,
}

impl Default for BeatView {
    fn default() -> Self {
        Self { name: "quarter".to_owned(), marked: None, quarters: 1.0 }
    }
}

/// A written note.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteView {
    /// When it starts.
    pub onset_quarters: f64,
    /// How long it is written; 0 for grace notes.
    pub duration_quarters: f64,
    /// MIDI pitch.
    pub pitch: u8,
    /// Which hand plays it.
    pub hand: Hand,
    /// Index of its measure.
    pub measure: u32,
    /// Whether it is a grace note.
    pub is_grace: bool,
}

/// A pianist's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Hand {
    /// Usually the upper staff.
    Right,
    /// Usually the lower staff.
    Left,
}

/// A measure in playing order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureView {
    /// Where it starts.
    pub start_quarters: f64,
    /// Where it ends.
    pub end_quarters: f64,
    /// The number printed in the score.
    pub number: String,
    /// Which time it is played, from 1.
    pub pass: u8,
    /// The metre: beats and their note value, such as 6 and 8.
    pub metre: (u8, u8),
    /// Length of what a musician counts.
    pub beat_quarters: f64,
}
