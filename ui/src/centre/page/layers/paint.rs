//! Shapes on the screen.

use egui::{Align2, FontId, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use protocol::{LayerShape, SIGN_SPACES};

use crate::theme::Tokens;

/// Letters are no smaller than this, in points.
const LEAST_LETTERS: f32 = 8.0;
/// Lines are no thinner.
const LEAST_LINE: f32 = 0.6;

/// Draws shapes; `scale` is points for a staff space.
pub(in crate::centre::page) fn shapes(
    painter: &Painter,
    corner: Pos2,
    scale: f32,
    shapes: &[LayerShape],
    tokens: &Tokens,
) {
    let at = |&(x, y): &(f32, f32)| corner + vec2(x, y) * scale;
    for shape in shapes {
        match shape {
            LayerShape::Line { points, width, ink } => {
                let stroke = Stroke::new((width * scale).max(LEAST_LINE), tokens.layer(*ink));
                painter.add(Shape::line(points.iter().map(at).collect(), stroke));
            }
            LayerShape::Area { points, ink } => {
                let corners = points.iter().map(at).collect();
                painter.add(Shape::convex_polygon(corners, tokens.layer(*ink), Stroke::NONE));
            }
            LayerShape::Text { at: place, size, text, ink } => {
                let font = FontId::proportional((size * scale).max(LEAST_LETTERS));
                painter.text(at(place), Align2::LEFT_CENTER, text, font, tokens.layer(*ink));
            }
        }
    }
}

/// Draws the shapes that a line of the legend begins with, in a box of this height.
pub(in crate::centre::page) fn sign(painter: &Painter, rect: Rect, content: &[LayerShape], tokens: &Tokens) {
    let scale = rect.height() / SIGN_SPACES.1;
    shapes(painter, pos2(rect.left(), rect.top()), scale, content, tokens);
}
