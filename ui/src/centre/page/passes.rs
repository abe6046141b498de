//! How often stretches of the page are played, and which pass is meant: a row of numbers where they begin.

use egui::{Align2, Color32, FontId, Id, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::painting::Painting;
use super::repeats::{Pass, Row, Stretch};
use crate::controls;

/// A measure that begins further to the left is the first of its system, where its number is printed. Over an endless
/// system numbers of all measures are.
const FIRST_MEASURES: f32 = 5.0;
/// Room for that number, and before other rows.
const ROOMS: (f32, f32) = (3.5, 0.5);
/// Where a row ends, in staff spaces from the upper edge of its system: above all that is printed there.
const FOOT: f32 = 0.35;
/// Room between two numbers of a row, in points.
const APART: f32 = 2.0;

/// Draws the rows of numbers in view and follows the mouse on them; gives the pass that a person chooses.
pub(super) fn show(ui: &Ui, painting: &Painting<'_>) -> Option<Pass> {
    let id = ui.scope_id().with("passes of the page");
    let mut choice = None;
    for system in painting.sheet.in_view(&painting.placement) {
        for row in painting.sheet.repeats().rows(system) {
            let Some(stretch) = painting.sheet.repeats().stretch(row.stretch) else { continue };
            for pass in 0..stretch.passes() {
                let is_clicked = number(ui, painting, id.with((row.bar, pass)), (row, stretch), pass);
                if is_clicked {
                    choice = Some((row.stretch, pass));
                }
            }
        }
        written_out(ui, painting, system);
    }
    choice
}

/// A number of a row; says whether it is clicked.
fn number(ui: &Ui, painting: &Painting<'_>, id: Id, (row, stretch): (&Row, &Stretch), pass: usize) -> bool {
    let tokens = painting.stage.tokens;
    let size = font_size(painting) * vec2(1.3, 1.35);
    let right = (size.x + APART) * pass as f32;
    let corner = foot(painting, row.system, row.left) + vec2(right, -size.y);
    let cell = Rect::from_min_size(corner, size);
    let seen = cell.intersect(painting.placement.rect);
    if !seen.is_positive() {
        return false;
    }
    let response = ui.interact(seen, id, Sense::click());
    let is_meant = painting.chosen.pass(stretch) == pass;
    let count = stretch.passes();
    response.widget_info(|| {
        let bar = painting.stage.model.score.measures.get(row.bar).map_or("", |bar| bar.number.as_str());
        let words = format!("Bar {bar}, time {} of {count}", pass + 1);
        WidgetInfo::selected(Role::RadioButton, true, is_meant, words)
    });
    let (ground, text) = match (is_meant, response.hovered()) {
        (true, false) => (tokens.accent, tokens.on_accent),
        (true, true) => (tokens.accent_hovered, tokens.on_accent),
        (false, false) => (tokens.control, tokens.text),
        (false, true) => (tokens.control_hovered, tokens.text),
    };
    paint(ui, painting, cell, &(pass + 1).to_string(), (ground, text));
    controls::focus_edge(ui, seen, &response);
    told(response, count).clicked()
}

fn paint(ui: &Ui, painting: &Painting<'_>, cell: Rect, text: &str, (ground, color): (Color32, Color32)) {
    let painter = ui.painter_at(painting.placement.rect);
    painter.rect_filled(cell, 3, ground);
    let font = FontId::proportional(font_size(painting));
    painter.text(cell.center(), Align2::CENTER_CENTER, text, font, color);
}

/// What the pointer tells.
fn told(response: Response, passes: usize) -> Response {
    response.on_hover_ui(|ui| {
        let times = match passes {
            2 => "twice".to_owned(),
            3 => "three times".to_owned(),
            4 => "four times".to_owned(),
            more => format!("{more} times"),
        };
        ui.label(format!("Played {times}; click chooses which time is meant"));
    })
}

/// On a page whose repeats are written out, which time bars are played if that is not the first.
fn written_out(ui: &Ui, painting: &Painting<'_>, system: usize) {
    let painter = ui.painter_at(painting.placement.rect);
    for label in painting.sheet.labels(system) {
        let at = foot(painting, system, label.left);
        let font = FontId::proportional(font_size(painting));
        painter.text(at, Align2::LEFT_BOTTOM, &label.text, font, painting.stage.tokens.accent_text);
    }
}

/// Where what stands above a measure has its left lower corner.
fn foot(painting: &Painting<'_>, system: usize, left: f32) -> Pos2 {
    let scale = painting.placement.scale;
    let at = painting.corner(system) + vec2(beside_number(left, painting.sheet.is_endless()), FOOT) * scale;
    pos2(at.x.round(), at.y.round())
}

/// How far from the left of its system what stands above a measure begins: behind the number that is printed there.
pub(super) fn beside_number(left: f32, is_endless: bool) -> f32 {
    let has_number = left < FIRST_MEASURES || is_endless;
    left + if has_number { ROOMS.0 } else { ROOMS.1 }
}

fn font_size(painting: &Painting<'_>) -> f32 {
    (painting.placement.scale * 1.1).clamp(9.0, 13.0)
}
