//! The engraved page as the face draws it.
//!
//! The page is a column of systems, or one endless system, which is told in parts as if each were one: they
//! stand side by side and their pictures join. Each printed measure is there once, with repeat signs. What is
//! repeated has one place on the page and several in the score that is played: see [`EngravedMeasure::passes`]
//! and [`EngravedHead::notes`]. Lengths are in staff spaces (the distance between two lines of a
//! staff), from the left upper corner of the system that they belong to, to the right and down.

use serde::{Deserialize, Serialize};

use crate::ScoreId;

/// The page of a score, as far as it is engraved: the answer to [`crate::Command::ShowPage`] and, in
/// the width of paper, to [`crate::Command::EngravePaper`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PageView {
    /// The score.
    pub score: ScoreId,
    /// The width that was asked for.
    pub width_spaces: f32,
    /// Its systems from the top, or the parts of the endless system from the left.
    pub systems: Vec<SystemView>,
    /// Whether these are all.
    pub is_complete: bool,
    /// Why there is no page, in words for a person; none if all went well.
    pub problem: Option<String>,
}

/// A system: measures beside one another, with both staves.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct SystemView {
    /// Its width.
    pub width: f32,
    /// Its height, with all that stands above and below the staves.
    pub height: f32,
    /// Top line of the upper staff.
    pub staves_top: f32,
    /// Bottom line of the lower staff.
    pub staves_bottom: f32,
    /// Its measures from the left.
    pub measures: Vec<EngravedMeasure>,
    /// Its note heads in order of `notes`; a note that is tied has several.
    pub heads: Vec<EngravedHead>,
}

/// Where a measure of the page stands in its system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngravedMeasure {
    /// All times that it is played, in that order; at least one.
    pub passes: Vec<EngravedPass>,
    /// How long it is, each time.
    pub length_quarters: f64,
    /// Its left edge.
    pub left: f32,
    /// Its right edge.
    pub right: f32,
}

/// One time that a measure of the page is played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngravedPass {
    /// Index into [`crate::ScoreView::measures`]. A measure of the score has several on the page if a sign cuts it
    /// there, such as a Fine that is passed over the first time.
    pub measure: u32,
    /// Where in the score it starts.
    pub start_quarters: f64,
}

/// Where the head of a note of the page stands in its system.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EngravedHead {
    /// Indices into [`crate::ScoreView::notes`] of all times that it is played, rising; at least one. They need
    /// not be as many as the passes of its measure, and what is tied to another place of the page, as into a second
    /// ending, is the same note there.
    pub notes: Vec<u32>,
    /// Left edge of the head.
    pub left: f32,
    /// Its upper edge.
    pub top: f32,
    /// Its right edge.
    pub right: f32,
    /// Its lower edge.
    pub bottom: f32,
    /// Whether the note began at an earlier head, to which this one is tied.
    pub is_tied_on: bool,
}

/// The picture of a system: the answer to [`crate::Command::DrawSystem`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DrawnSystem {
    /// The score.
    pub score: ScoreId,
    /// The width of the page that it is a part of.
    pub width_spaces: f32,
    /// Which system of the page, from 0.
    pub system: u32,
    /// The scale that was asked for.
    pub pixels_per_space: f32,
    /// A PNG with one channel of 8 bits: how much ink there is at each pixel, 255 for all. In base64.
    pub ink_png: String,
}

/// How the window shows the page beside the piano roll; kept in the project with [`crate::ViewState`].
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageState {
    /// Which of the two are shown.
    pub panes: Panes,
    /// Scale of the page: points of the window for a staff space.
    pub points_per_space: f32,
    /// Where both are shown, how much of their height the page has, 0 to 1.
    pub share: f32,
    /// Whether the piece is one endless system instead of a page.
    #[serde(default)]
    pub is_endless: bool,
    /// What the colours of note heads say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tint: Option<PageTint>,
    /// Whether tempo and loudness are drawn as curves.
    #[serde(default)]
    pub has_curves: bool,
    /// Whether moods and pinned notes are marked.
    #[serde(default)]
    pub has_marks: bool,
    /// Which slips of a recording are marked, on the page and on the roll, in the order of
    /// [`crate::SlipKind::ALL`].
    #[serde(default = "all_slips")]
    pub shows_slips: [bool; 4],
}

/// Slips of all kinds are marked.
fn all_slips() -> [bool; 4] {
    [true; 4]
}

/// What the colours of note heads on the page can say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum PageTint {
    /// Louder or softer than the deadpan.
    Loudness,
    /// Held longer or shorter than written.
    Length,
    /// Earlier or later than the tempo around has it.
    Timing,
}

/// Which of piano roll and page the centre of the window shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Panes {
    /// The piano roll with its lanes.
    #[default]
    Roll,
    /// The engraved page.
    Page,
    /// The page above the roll.
    Both,
}
