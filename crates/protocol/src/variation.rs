//! Variations: other notes for some bars.

use serde::{Deserialize, Serialize};

use crate::{Bars, ScoreId, VersionId};

/// Which bars to vary, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VaryRequest {
    /// Identifier of the composer, one of [`crate::SettingsView::composers`].
    pub composer: String,
    /// The version that plays all notes outside the bars when a variation is heard in its place.
    pub of: VersionId,
    /// The bars, of the score that it plays: 1 to [`crate::limits::MOST_VARIED_BARS`].
    pub bars: Bars,
    /// How many variations, 1 to [`crate::limits::MOST_VARIATIONS`].
    pub count: u8,
    /// How near to what is written: 1 the bars themselves, 0 an idea of the composer's own.
    pub similarity: f64,
    /// What has to stay, and what may not be.
    pub constraints: VaryConstraints,
    /// Seed: the same number gives the same variations.
    pub seed: u64,
}

/// What has to stay of some bars, and what may not be written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct VaryConstraints {
    /// Whether onsets and lengths stay.
    pub keep_rhythm: bool,
    /// Whether the notes of the melody stay.
    pub keep_melody: bool,
    /// Whether only notes of the bars' scale are written, beside their own.
    pub stay_in_scale: bool,
    /// The lowest and the highest MIDI pitch that may be written.
    pub pitches: Option<(u8, u8)>,
    /// The most notes that begin together, at least 1.
    pub largest_chord: Option<u8>,
}

/// The variations that were made last; they last as long as the project is open, or until others are made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariationsView {
    /// What was asked for, within its bounds.
    pub request: VaryRequest,
    /// The score whose bars were varied.
    pub score: ScoreId,
    /// The job, for [`crate::Command::Cancel`], while they are being made.
    pub job: Option<u64>,
    /// Those that are there, in the order in which they were made.
    pub list: Vec<VariationView>,
    /// Why they are more similar than was asked for, in sentences; none where they are as asked for.
    pub too_similar: Option<String>,
}

/// A variation.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariationView {
    /// Its number, for commands; no other of the window has it while the window is open.
    pub number: u32,
    /// The version that plays it in its place, in the list of [`crate::ProjectView::previews`] until it is
    /// a take. It can be heard, compared, exported and dragged out like every version; the bars of the request of it
    /// are the variation alone.
    pub version: VersionId,
    /// How near it is to what is written in the bars.
    pub similarity: SimilarityView,
    /// What became of it.
    pub state: VariationState,
}

/// How near a variation is to what is written: 0 nothing alike, 1 the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SimilarityView {
    /// On the scale of [`VaryRequest::similarity`].
    pub overall: f64,
    /// Of which pitches there are how many.
    pub pitch: f64,
    /// Of when notes begin.
    pub onset: f64,
    /// Of how long they are.
    pub duration: f64,
    /// Share of notes that both have.
    pub equal: f64,
}

/// What became of a variation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum VariationState {
    /// It can be heard and is gone when others are made.
    #[default]
    New,
    /// It is kept as a take.
    Kept,
    /// It is put into the piece.
    Put,
}
