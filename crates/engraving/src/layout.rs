//! Where things stand in a system.
//!
//! Lengths are in staff spaces, the distance between two lines of a staff, from the left upper corner of
//! the system to the right and down. Measures and notes are those of the score that is played: where a
//! repeat sign has a measure played twice, its place on the page has two of them.

use notation::Quarters;

/// Where the measures and the note heads of a system stand.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Layout {
    /// Its width.
    pub width: f32,
    /// Its height, with all that stands above and below the staves.
    pub height: f32,
    /// Top line of the upper staff.
    pub staves_top: f32,
    /// Bottom line of the lower staff.
    pub staves_bottom: f32,
    /// Its measures from the left.
    pub measures: Vec<MeasurePlace>,
    /// Its note heads in order of `notes`; a note that is tied has several.
    pub heads: Vec<Head>,
}

/// Where a measure of the page stands.
#[derive(Clone, Debug, PartialEq)]
pub struct MeasurePlace {
    /// Which measure of the page, from 0.
    pub printed: usize,
    /// All times that it is played, in that order; at least one.
    pub passes: Vec<Pass>,
    /// How long it is, each time.
    pub length: Quarters,
    /// Its left edge.
    pub left: f32,
    /// Its right edge, where the next one begins.
    pub right: f32,
}

/// One time that a measure of the page is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Index into [`notation::Score::measures`]. A measure that is played as one has several places where a sign
    /// cuts it on the page.
    pub measure: u32,
    /// When it starts.
    pub start: Quarters,
}

/// Where the head of a note of the page stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Indices into [`notation::Score::notes`] of all times that it is played, rising; at least one. A note that is
    /// tied to what does not always stand beside it, as into a second ending, has a head of its own there, too.
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
