//! What is drawn of the page in a frame, and where.

use egui::{Pos2, Rect};
use protocol::EngravedHead;

use super::inks::Inks;
use super::layers::Layers;
use super::placement::Placement;
use super::repeats::Chosen;
use super::sheet::Sheet;
use super::tints::Tints;
use crate::centre::stage::Stage;

/// What is drawn in a frame.
pub(super) struct Painting<'a> {
    /// Where it is.
    pub placement: Placement,
    /// The page.
    pub sheet: &'a Sheet,
    /// Which pass is meant of what is played several times.
    pub chosen: &'a Chosen,
    /// Pictures of its systems.
    pub inks: &'a Inks,
    /// What all parts of the centre see.
    pub stage: &'a Stage<'a>,
    /// Notes that sound.
    pub lit: &'a [u32],
    /// Colours of note heads.
    pub tints: &'a Tints,
    /// What the version does, around and on the systems.
    pub layers: &'a Layers,
}

impl Painting<'_> {
    /// The left upper corner of a system.
    pub fn corner(&self, system: usize) -> Pos2 {
        self.placement.corner(self.sheet.corner(system))
    }

    /// The note that is meant by a head of a system.
    pub fn note(&self, system: usize, head: &EngravedHead) -> Option<u32> {
        self.sheet.note_meant(system, head, self.chosen)
    }

    /// Whether a head sounds, whichever pass that is.
    pub fn is_lit(&self, head: &EngravedHead) -> bool {
        head.notes.iter().any(|note| self.lit.contains(note))
    }

    /// Where a head is on the screen.
    pub fn head_rect(&self, corner: Pos2, head: &EngravedHead) -> Rect {
        self.placement.rect_in(corner, edges(head))
    }
}

/// Left, top, right and bottom of a head, in staff spaces from the corner of its system.
pub(super) fn edges(head: &EngravedHead) -> [f32; 4] {
    [head.left, head.top, head.right, head.bottom]
}
