//! What is marked on the page: selected and repeated bars, what is not performed yet, the playhead.

use egui::{Painter, Rect, Shape, Stroke, pos2, vec2};
use protocol::{Bars, SystemView};

use super::painting::Painting;
use super::runs::{self, Run};

/// How far marks of bars reach above and below the staves, in staff spaces.
const REACH: f32 = 2.5;
/// What is marked at some of its times has a mark so strong.
const IN_PART: f32 = 0.5;

/// Selected bars, repeated bars and those that have not been performed yet, in one system. What is played several
/// times is marked more lightly if only some of them are.
pub(super) fn bars(painter: &Painter, painting: &Painting<'_>, system: usize, selected: Option<&Bars>) {
    let Some(place) = painting.sheet.systems().get(system) else { return };
    unready(painter, painting, system, place);
    let tokens = painting.stage.tokens;
    let runs =
        |bars: Option<&Bars>| bars.map(|bars| runs::of_bars(&place.measures, bars)).unwrap_or_default();
    for run in runs(selected) {
        let Some(area) = area(painting, system, place, run) else { continue };
        painter.rect_filled(area, 0, tokens.selection_fill.gamma_multiply(strength(run)));
        let edge = Stroke::new(2.0, tokens.selection_edge);
        for (x, is_end) in [(area.left() + 1.0, run.ends[0]), (area.right() - 1.0, run.ends[1])] {
            if is_end {
                painter.vline(x, area.y_range(), edge);
            }
        }
    }
    for run in runs(painting.stage.model.transport.looped.as_ref()) {
        if let Some(area) = area(painting, system, place, run) {
            let colors =
                [tokens.loop_fill, tokens.loop_edge].map(|color| color.gamma_multiply(strength(run)));
            looped_band(painter, area, run.ends, colors);
        }
    }
}

fn strength(run: Run) -> f32 {
    if run.is_whole { 1.0 } else { IN_PART }
}

/// Where marked measures of a system are on the screen.
fn area(painting: &Painting<'_>, system: usize, place: &SystemView, run: Run) -> Option<Rect> {
    let (from, to) = (place.measures.get(run.from)?, place.measures.get(run.to)?);
    let edges = [from.left, place.staves_top - REACH, to.right, place.staves_bottom + REACH];
    Some(painting.placement.rect_in(painting.corner(system), edges))
}

/// A band along the top with a bracket at each end, as in the ruler.
fn looped_band(painter: &Painter, area: Rect, ends: [bool; 2], [fill, edge]: [egui::Color32; 2]) {
    let band = Rect::from_min_size(area.min - vec2(0.0, 4.0), vec2(area.width(), 6.0));
    painter.rect_filled(band, 0, fill);
    painter.hline(band.x_range(), band.top() + 1.0, Stroke::new(2.0, edge));
    for (x, tip, is_end) in [(band.left(), 7.0, ends[0]), (band.right(), -7.0, ends[1])] {
        if is_end {
            let corners = vec![pos2(x, band.top()), pos2(x + tip, band.top()), pos2(x, band.top() + 9.0)];
            painter.add(Shape::convex_polygon(corners, edge, Stroke::NONE));
        }
    }
}

/// Bars of a take that have not been performed yet.
fn unready(painter: &Painter, painting: &Painting<'_>, system: usize, place: &SystemView) {
    let stage = painting.stage;
    let Some(ready) = stage.scene.ready.map(|unit| stage.axis.quarters_at(unit)) else { return };
    let is_unready =
        |bar: usize| stage.model.score.measures.get(bar).is_some_and(|m| m.start_quarters >= ready - 1e-6);
    for run in runs::marked(&place.measures, is_unready) {
        if let Some(area) = area(painting, system, place, run) {
            painter.rect_filled(area, 0, stage.tokens.unready.gamma_multiply(strength(run)));
        }
    }
}

/// The playhead across the staves.
pub(super) fn playhead(painter: &Painter, painting: &Painting<'_>) {
    let (sheet, stage) = (painting.sheet, painting.stage);
    let quarters = stage.axis.quarters_at(stage.playhead);
    let system = sheet.system_of(quarters);
    let (Some(x), Some(place)) = (sheet.x_of(quarters), sheet.systems().get(system)) else { return };
    if !sheet.covers(quarters) {
        return;
    }
    let edges = [x, place.staves_top - REACH, x, place.staves_bottom + REACH];
    let line = painting.placement.rect_in(painting.corner(system), edges);
    painter.vline(line.left(), line.y_range(), Stroke::new(1.5, stage.tokens.playhead));
}
