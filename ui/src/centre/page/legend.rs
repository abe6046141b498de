//! Note heads in their colours, and what the colours mean.

use egui::{FontId, Mesh, Painter, Pos2, Rect, Shape, Vec2, pos2, vec2};
use protocol::SystemView;

use super::inks::Ink;
use super::painting::{Painting, edges};
use super::tints::Tint;
use crate::theme::Tokens;

/// Fainter than this is not drawn.
const FAINTEST: f32 = 0.06;
/// Size of the strip of colours.
const STRIP: Vec2 = vec2(92.0, 8.0);

/// The heads of a system in their colours, over its ink.
pub(super) fn tinted_heads(
    painter: &Painter,
    painting: &Painting<'_>,
    (system, place): (usize, &SystemView),
    (corner, ink): (Pos2, &Ink),
) {
    if painting.tints.chosen.is_none() {
        return;
    }
    let mut mesh = Mesh::with_texture(ink.texture());
    for head in &place.heads {
        let value = painting.note(system, head).map_or(0.0, |note| painting.tints.value(note));
        if value.abs() >= FAINTEST {
            let part = ink.part(edges(head));
            let color = painting.stage.tokens.tint(value);
            mesh.add_rect_with_uv(painting.head_rect(corner, head), part, color);
        }
    }
    painter.add(Shape::mesh(mesh));
}

/// What the colours mean, in the lower left corner.
pub(super) fn show(painter: &Painter, rect: Rect, tint: Option<Tint>, tokens: &Tokens) {
    let Some([less, more]) = tint.map(Tint::ends) else { return };
    let font = FontId::proportional(11.5);
    let [less, more] =
        [less, more].map(|word| painter.layout_no_wrap(word.to_owned(), font.clone(), tokens.text));
    let size = vec2(less.size().x + STRIP.x + more.size().x + 32.0, 24.0);
    let card = Rect::from_min_size(pos2(rect.left() + 10.0, rect.bottom() - size.y - 10.0), size);
    painter.rect_filled(card, 6, tokens.raised);
    let words_y = card.center().y - less.size().y / 2.0;
    let strip_left = card.left() + 8.0 + less.size().x + 8.0;
    painter.galley(pos2(card.left() + 8.0, words_y), less, tokens.text);
    painter.galley(pos2(strip_left + STRIP.x + 8.0, words_y), more, tokens.text);
    let strip = Rect::from_min_size(pos2(strip_left, card.center().y - STRIP.y / 2.0), STRIP);
    let mut mesh = Mesh::default();
    let steps = 24;
    for k in 0..steps {
        let at = |k: i32| strip.left() + strip.width() * k as f32 / steps as f32;
        let part = Rect::from_min_max(pos2(at(k), strip.top()), pos2(at(k + 1), strip.bottom()));
        mesh.add_colored_rect(part, tokens.tint(2.0 * (k as f32 + 0.5) / steps as f32 - 1.0));
    }
    painter.add(Shape::mesh(mesh));
}
