//! How the page looks: its ink, the heads that sound, the heads that are selected.

use egui::{Color32, Painter, Pos2, Rect, Stroke, StrokeKind, pos2};
use protocol::EngravedHead;

use super::inks::{Ink, Inks};
use super::marks;
use super::placement::Placement;
use super::sheet::Sheet;
use super::tints::{self, Tints};
use crate::centre::stage::{Selection, Stage};

/// The whole of a texture.
const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };
/// How much larger a head is while it sounds.
const GROWN: f32 = 1.22;
/// How far the light around it reaches, in staff spaces.
const LIGHT: f32 = 1.15;

/// What is drawn in a frame.
pub(super) struct Painting<'a> {
    /// Where it is.
    pub placement: Placement,
    /// The page.
    pub sheet: &'a Sheet,
    /// Pictures of its systems.
    pub inks: &'a Inks,
    /// What all parts of the centre see.
    pub stage: &'a Stage<'a>,
    /// Notes that sound.
    pub lit: &'a [u32],
    /// Colours of note heads.
    pub tints: &'a Tints,
}

impl Painting<'_> {
    /// Draws the systems in view and what is shown on them.
    pub fn draw(&self, painter: &Painter, selection: &Selection) {
        for system in self.sheet.in_view(&self.placement) {
            let corner = self.corner(system);
            marks::bars(painter, self, system, selection.bars.as_ref());
            if let (Some(ink), Some(place)) = (self.inks.get(system), self.sheet.systems().get(system)) {
                let whole = Rect::from_min_size(corner, ink.size_spaces() * self.placement.scale);
                painter.image(ink.texture(), whole, WHOLE, self.stage.tokens.page_ink);
                tints::heads(painter, self, place, (corner, ink));
            }
            marks::passes(painter, self, system);
            self.heads(painter, system, selection);
        }
        marks::playhead(painter, self);
        tints::legend(painter, self.placement.rect, self.tints.chosen, self.stage.tokens);
    }

    /// The left upper corner of a system.
    pub fn corner(&self, system: usize) -> Pos2 {
        self.placement.corner(self.sheet.top(system))
    }

    fn heads(&self, painter: &Painter, system: usize, selection: &Selection) {
        if self.lit.is_empty() && selection.notes.is_empty() {
            return;
        }
        let Some(place) = self.sheet.systems().get(system) else { return };
        let (corner, ink) = (self.corner(system), self.inks.get(system));
        for head in &place.heads {
            if self.lit.contains(&head.note) {
                self.lit_head(painter, corner, ink, head);
            }
            if selection.has(head.note) {
                let edge = Stroke::new(1.5, self.stage.tokens.selected_note);
                let place = self.head_rect(corner, head).expand(2.0);
                painter.rect_stroke(place, 3, edge, StrokeKind::Outside);
            }
        }
    }

    /// Where a head is on the screen.
    pub fn head_rect(&self, corner: Pos2, head: &EngravedHead) -> Rect {
        self.placement.rect_in(corner, [head.left, head.top, head.right, head.bottom])
    }

    fn lit_head(&self, painter: &Painter, corner: Pos2, ink: Option<&Ink>, head: &EngravedHead) {
        let color = self.stage.tokens.page_sounding;
        let place = self.head_rect(corner, head);
        painter.circle_filled(place.center(), LIGHT * self.placement.scale, color.gamma_multiply(0.28));
        self.head(painter, place, ink, head, color);
    }

    /// A head once more in another colour, a little larger.
    fn head(&self, painter: &Painter, place: Rect, ink: Option<&Ink>, head: &EngravedHead, color: Color32) {
        let place = place.scale_from_center(GROWN);
        match ink {
            Some(ink) => {
                let part = ink.part([head.left, head.top, head.right, head.bottom]);
                painter.image(ink.texture(), place, part, color);
            }
            None => {
                painter.circle_filled(place.center(), place.height() / 2.0, color);
            }
        }
    }
}
