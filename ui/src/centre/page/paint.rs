//! How the page looks: its ink, the heads that sound, the heads that are selected.

use egui::{Painter, Pos2, Rect, Stroke, StrokeKind, pos2};
use protocol::{EngravedHead, SystemView};

use super::inks::Ink;
use super::painting::{Painting, edges};
use super::{layers, legend, marks};
use crate::centre::stage::Selection;

/// The whole of a texture.
const WHOLE: Rect = Rect { min: pos2(0.0, 0.0), max: pos2(1.0, 1.0) };
/// How much larger a head is while it sounds.
const GROWN: f32 = 1.22;
/// How far the light around it reaches, in staff spaces.
const LIGHT: f32 = 1.15;

/// How strong the outline is of a head whose note is selected at another time than the one that is meant.
const ANOTHER_TIME: f32 = 0.5;

/// Draws the systems in view and what is shown on them.
pub(super) fn page(painter: &Painter, painting: &Painting<'_>, selection: &Selection) {
    let tokens = painting.stage.tokens;
    for system in painting.sheet.in_view(&painting.placement) {
        let Some(place) = painting.sheet.systems().get(system) else { continue };
        let (corner, ink) = (painting.corner(system), painting.inks.get(system));
        marks::bars(painter, painting, system, selection.bars.as_ref());
        if let Some(ink) = ink {
            let whole = Rect::from_min_size(corner, ink.size_spaces() * painting.placement.scale);
            painter.image(ink.texture(), whole, WHOLE, tokens.page_ink);
            legend::tinted_heads(painter, painting, (system, place), (corner, ink));
        }
        let shapes = painting.layers.of_system(system);
        layers::paint_shapes(painter, corner, painting.placement.scale, shapes, tokens);
        heads(painter, painting, (system, place), (corner, ink), selection);
    }
    marks::playhead(painter, painting);
}

/// Heads that sound and heads that are selected.
fn heads(
    painter: &Painter,
    painting: &Painting<'_>,
    (system, place): (usize, &SystemView),
    (corner, ink): (Pos2, Option<&Ink>),
    selection: &Selection,
) {
    if painting.lit.is_empty() && selection.notes.is_empty() {
        return;
    }
    for head in &place.heads {
        let rect = painting.head_rect(corner, head);
        if painting.is_lit(head) {
            lit(painter, painting, rect, ink, head);
        }
        if head.notes.iter().any(|note| selection.has(*note)) {
            let is_meant = painting.note(system, head).is_some_and(|note| selection.has(note));
            let color = painting.stage.tokens.selected_note;
            let color = if is_meant { color } else { color.gamma_multiply(ANOTHER_TIME) };
            painter.rect_stroke(rect.expand(2.0), 3, Stroke::new(1.5, color), StrokeKind::Outside);
        }
    }
}

/// A head that sounds: once more in another colour and a little larger, in a light.
fn lit(painter: &Painter, painting: &Painting<'_>, rect: Rect, ink: Option<&Ink>, head: &EngravedHead) {
    let color = painting.stage.tokens.page_sounding;
    painter.circle_filled(rect.center(), LIGHT * painting.placement.scale, color.gamma_multiply(0.28));
    let rect = rect.scale_from_center(GROWN);
    match ink {
        Some(ink) => painter.image(ink.texture(), rect, ink.part(edges(head)), color),
        None => painter.circle_filled(rect.center(), rect.height() / 2.0, color),
    };
}
