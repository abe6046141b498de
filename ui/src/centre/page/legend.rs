//! Note heads in their colours, and a strip above the page that says what colours and shapes mean.

use std::sync::Arc;

use egui::{
    FontId, Galley, Mesh, Painter, Pos2, Rect, Role, Sense, Shape, Stroke, Ui, Vec2, WidgetInfo, pos2, vec2,
};
use protocol::{LayerShape, LegendLine, SIGN_SPACES, SystemView};

use super::inks::Ink;
use super::layers;
use super::painting::{Painting, edges};
use crate::theme::{self, Tokens};
use crate::words::capitalised;

/// Fainter than this is not drawn.
pub(super) const FAINTEST: f32 = 0.06;
/// Size of the colours from one end to the other.
const COLOURS: Vec2 = vec2(92.0, 8.0);
/// Height of a row of the strip, and of a sign in it.
const ROW: f32 = 22.0;
const SIGN: f32 = 14.0;
/// Between parts of a line, and between lines.
const GAP: f32 = 8.0;
const BETWEEN: f32 = 22.0;
/// Room at either side of the strip.
const MARGIN: f32 = 14.0;

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

/// Draws the strip at the top of a part of the window, if there is anything to say; gives what is left of it. Where
/// there is not room for all words in one row there are fewer, and tooltips have the rest.
pub(super) fn strip<'a>(ui: &Ui, whole: Rect, lines: impl Iterator<Item = &'a LegendLine>) -> Rect {
    let tokens = theme::of(ui);
    let painter = ui.painter_at(whole);
    let lines: Vec<&LegendLine> = lines.collect();
    if lines.is_empty() {
        return whole;
    }
    let lay_out = |is_short: bool| {
        let entry = |line: &'a LegendLine| Entry::new(&painter, line, is_short, tokens);
        let entries: Vec<Entry<'a>> = lines.iter().copied().map(entry).collect();
        let places = rows(whole.width() - 2.0 * MARGIN, entries.iter().map(Entry::width));
        let count = places.last().map_or(0, |place| place.0 + 1);
        (entries, places, count)
    };
    let full = lay_out(false);
    let (entries, places, count) = if full.2 > 1 { lay_out(true) } else { full };
    let bottom = (whole.top() + count as f32 * ROW + 4.0).min(whole.bottom());
    let (strip, rest) = whole.split_top_bottom_at_y(bottom);
    painter.rect_filled(strip, 0, tokens.panel);
    painter.hline(strip.x_range(), strip.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    for (k, (entry, (row, left))) in entries.iter().zip(places).enumerate() {
        let middle = strip.top() + 2.0 + (row as f32 + 0.5) * ROW;
        let corner = pos2(strip.left() + MARGIN + left, middle - ROW / 2.0);
        entry.draw(&painter, pos2(corner.x, middle), tokens);
        entry.name(ui, k, Rect::from_min_size(corner, vec2(entry.width(), ROW)));
    }
    rest
}

/// Which row each entry is in, and how far it is from the left, for entries of these widths.
fn rows(room: f32, widths: impl Iterator<Item = f32>) -> Vec<(usize, f32)> {
    let (mut row, mut left) = (0, 0.0);
    let place = |width: f32| {
        if left > 0.0 && left + width > room {
            (row, left) = (row + 1, 0.0);
        }
        let place = (row, left);
        left += width + BETWEEN;
        place
    };
    widths.map(place).collect()
}

/// A line of the legend, laid out.
struct Entry<'a> {
    parts: Vec<Part<'a>>,
    line: &'a LegendLine,
}

enum Part<'a> {
    Words(Arc<Galley>),
    Colours,
    Sign(&'a [LayerShape]),
}

impl<'a> Entry<'a> {
    fn new(painter: &Painter, line: &'a LegendLine, is_short: bool, tokens: &Tokens) -> Self {
        let font = FontId::proportional(11.5);
        let lay_out = |words: &str| {
            let words = if is_short { short(words) } else { words };
            Part::Words(painter.layout_no_wrap(words.to_owned(), font.clone(), tokens.text))
        };
        let parts = match line {
            LegendLine::Tint { less, more } => vec![lay_out(less), Part::Colours, lay_out(more)],
            LegendLine::Shapes { shapes, words } => {
                let sign = (!shapes.is_empty()).then_some(Part::Sign(shapes));
                sign.into_iter().chain([lay_out(words)]).collect()
            }
        };
        Self { parts, line }
    }

    /// What it says to who cannot see it.
    fn words(&self) -> String {
        match self.line {
            LegendLine::Tint { less, more } => format!("Colours of notes: {less}, {more}"),
            LegendLine::Shapes { words, .. } => capitalised(words),
        }
    }

    fn width(&self) -> f32 {
        let parts: f32 = self.parts.iter().map(|part| part.width() + GAP).sum();
        parts - GAP
    }

    /// Draws it from a place at the left, in the middle of its height.
    fn draw(&self, painter: &Painter, at: Pos2, tokens: &Tokens) {
        let mut at = at;
        for part in &self.parts {
            match part {
                Part::Words(galley) => {
                    painter.galley(at - vec2(0.0, galley.size().y / 2.0), Arc::clone(galley), tokens.text);
                }
                Part::Colours => {
                    let corner = at - vec2(0.0, COLOURS.y / 2.0);
                    colours(painter, Rect::from_min_size(corner, COLOURS), tokens);
                }
                Part::Sign(shapes) => {
                    let corner = at - vec2(0.0, SIGN / 2.0);
                    let rect = Rect::from_min_size(corner, vec2(part.width(), SIGN));
                    layers::paint_sign(painter, rect, shapes, tokens);
                }
            }
            at.x += part.width() + GAP;
        }
    }

    /// Tells all of it to screen readers and in a tooltip.
    fn name(&self, ui: &Ui, number: usize, rect: Rect) {
        let response = ui.interact(rect, ui.scope_id().with(("legend of the page", number)), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Label, true, self.words()));
        response.on_hover_ui(|ui| {
            ui.set_max_width(ui.spacing().tooltip_width);
            ui.label(self.words());
        });
    }
}

/// The beginning of some words: what they name, without what it is more closely.
fn short(words: &str) -> &str {
    let name = words.split([',', ':', '(']).next().unwrap_or(words);
    name.split(" than ").next().unwrap_or(name).trim_end()
}

impl Part<'_> {
    fn width(&self) -> f32 {
        match self {
            Self::Words(galley) => galley.size().x,
            Self::Colours => COLOURS.x,
            Self::Sign(_) => SIGN * SIGN_SPACES.0 / SIGN_SPACES.1,
        }
    }
}

/// All colours of heads from one end to the other.
fn colours(painter: &Painter, strip: Rect, tokens: &Tokens) {
    let mut mesh = Mesh::default();
    let steps = 24;
    for k in 0..steps {
        let at = |k: i32| strip.left() + strip.width() * k as f32 / steps as f32;
        let part = Rect::from_min_max(pos2(at(k), strip.top()), pos2(at(k + 1), strip.bottom()));
        mesh.add_colored_rect(part, tokens.tint(2.0 * (k as f32 + 0.5) / steps as f32 - 1.0));
    }
    painter.add(Shape::mesh(mesh));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_words_name_what_they_are_about() {
        let of =
            ["tempo by beats, in quarters a minute", "louder than this version on the whole", "not played"];
        assert_eq!(of.map(short), ["tempo by beats", "louder", "not played"]);
        assert_eq!(short("pinned: kept when these bars are performed anew"), "pinned");
    }

    #[test]
    fn what_does_not_fit_goes_into_the_next_row() {
        let places = rows(200.0, [80.0, 90.0, 150.0, 300.0, 10.0].into_iter());
        let expected = [(0, 0.0), (0, 80.0 + BETWEEN), (1, 0.0), (2, 0.0), (3, 0.0)];
        assert_eq!(places, expected);
        assert!(rows(200.0, std::iter::empty()).is_empty());
    }
}
