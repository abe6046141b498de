//! The open project: its versions, what can be undone, what is being done.

use performance::amounts::Amounts;
use performance::{BaseTempo, Performance};
use serde::{Deserialize, Serialize};

use crate::{
    Bars, Knobs, OwnSoundView, PageState, PanelState, PinKind, ScoreId, SlipView, VaryState, VersionId,
};

/// The project without its notes: small, sent whenever any of it changes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ProjectView {
    /// Which opening of a document this is: another number for each one that is opened.
    pub opening: u64,
    /// What the window is called.
    pub name: String,
    /// Where it is saved; none while it has no name.
    pub path: Option<String>,
    /// Why it cannot be changed (a read-only file, open elsewhere); none if it can.
    pub read_only: Option<String>,
    /// Takes and recordings in the order in which they came.
    pub takes: Vec<TakeView>,
    /// Variations in their place in the piece that are no takes (yet): they can be heard and exported, not
    /// changed. See [`crate::VariationView::version`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub previews: Vec<TakeView>,
    /// The version that is heard, shown and edited.
    pub listening: VersionId,
    /// The version shown behind it.
    pub compared: Option<VersionId>,
    /// What *Undo* would undo, in words.
    pub undo: Option<String>,
    /// What *Redo* would do again, in words.
    pub redo: Option<String>,
    /// How the window looked when the project was last open, in bars and quarters of the score that
    /// is heard.
    pub view: ViewState,
    /// Whether a file was exported since the app was started, for [`crate::Command::ShowExported`].
    pub has_exported: bool,
    /// Offered where the score's file is read differently today than when the project was made; see
    /// [`crate::Command::AdoptReading`].
    pub reading: Option<ReadingView>,
}

/// How another reading of the score's file differs from the score of the project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingView {
    /// Notes that both have.
    pub kept: usize,
    /// Notes that only the new reading has.
    pub new: usize,
    /// Notes that the new reading has no more.
    pub gone: usize,
    /// Bars of the project's score.
    pub bars: usize,
    /// Bars of the new reading.
    pub new_bars: usize,
}

/// A take or a recording.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TakeView {
    /// Which version it is.
    pub id: VersionId,
    /// Its name.
    pub name: String,
    /// Where it came from, in one line: performer, bars, mood, seed, parent.
    pub origin: String,
    /// The take that it was made from.
    pub parent: Option<VersionId>,
    /// The bars that were performed anew; none for all.
    pub bars: Option<Bars>,
    /// Name of the performer; empty for a recording.
    pub performer: String,
    /// Seed of the random numbers.
    pub seed: u64,
    /// The mood asked for; empty for none.
    pub mood: String,
    /// How strongly it was followed.
    pub strength: f64,
    /// How fast the piece was to be as a whole.
    pub base_tempo: BaseTempo,
    /// How much of each dimension of expression.
    pub amounts: Amounts,
    /// The performer's own knobs that stood elsewhere than at their default, by identifier.
    pub knobs: Knobs,
    /// Whether it was changed by hand since.
    pub is_edited: bool,
    /// Whether it is still being performed.
    pub is_streaming: bool,
    /// How long it lasts.
    pub length_secs: f64,
    /// Its own sound; none unless it came from a recording of sound that the project keeps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_sound: Option<OwnSoundView>,
}

/// The notes of one version; sent when they change.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VersionView {
    /// Which version.
    pub id: VersionId,
    /// The score that it plays.
    pub score: ScoreId,
    /// Rises with every change.
    pub revision: u64,
    /// What is played; notes that are not (yet) played are missing.
    pub performance: Performance,
    /// Where the score is at which second: pairs of quarters and seconds, both rising. Before the
    /// first and after the last the nearest line goes on.
    pub clock: Vec<(f64, f64)>,
    /// The tempo at each onset.
    pub tempo: Vec<TempoPoint>,
    /// Played over written duration for each of `performance.notes`, 1 for as written; none for
    /// grace notes.
    pub articulation: Vec<Option<f32>>,
    /// How far it is ready; the end of the score once it is complete.
    pub ready_quarters: f64,
    /// How long it lasts.
    pub end_secs: f64,
    /// Values that the next performance keeps.
    pub pins: Vec<PinView>,
    /// Values that were drawn or typed and are not pinned: the next performance of their bars replaces
    /// them.
    pub drawn: Vec<PinView>,
    /// Of a recording, what it does otherwise than it is written, ordered by place.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub slips: Vec<SlipView>,
}

/// The tempo at a place.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TempoPoint {
    /// Place in the score.
    pub quarters: f64,
    /// Quarters per minute from there on.
    pub quarters_per_minute: f64,
}

/// A value of a note that is pinned, or could be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PinView {
    /// The note.
    pub note: u32,
    /// Which of its values.
    pub kind: PinKind,
}

/// Work in progress.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct JobView {
    /// Its number, for [`crate::Command::Cancel`].
    pub id: u64,
    /// What is being done, in words.
    pub label: String,
    /// From 0 to 1; none while it cannot be said.
    pub progress: Option<f32>,
    /// How long it will take still, in seconds, as far as can be told from what is done; none while it cannot.
    pub left_secs: Option<f32>,
    /// The performer and its knob that a manner is read for, where that is what is done; see
    /// [`crate::Command::ReadManner`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reads_for: Option<(String, String)>,
}

/// How the window shows the piece; kept in the project, never undone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ViewState {
    /// First and last place in view, in quarters; none to show everything.
    pub span_quarters: Option<(f64, f64)>,
    /// Whether seconds are even instead of bars.
    pub in_seconds: bool,
    /// Bars selected.
    pub selection: Option<Bars>,
    /// Bars repeated.
    pub looped: Option<Bars>,
    /// Whether the view follows the playhead.
    pub follow: bool,
    /// The page beside the roll; none where it was never shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<PageState>,
    /// What the panel that performs is set to; none if that was never told. Told apart from the rest,
    /// by [`crate::Command::RememberPanel`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<Box<PanelState>>,
    /// What the panel of variations is set to; none if that was never told. Told apart from the rest, by
    /// [`crate::Command::RememberVariations`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub variations: Option<Box<VaryState>>,
    /// The passages that [`crate::Command::MakeBest`] puts together, in order and apart from one another.
    /// Changed by [`crate::Command::Star`] alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub best: Vec<Passage>,
    /// Recordings of sound that are heard through the piano and not as they are. Changed by
    /// [`crate::Command::HearOwnSound`] alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub through_piano: Vec<VersionId>,
}

/// Some bars of a version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passage {
    /// The bars, of the score that it plays.
    pub bars: Bars,
    /// The version.
    pub of: VersionId,
}
