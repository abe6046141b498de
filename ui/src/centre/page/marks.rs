//! What is marked on the page: selected and repeated bars, what is not performed yet, passes, the playhead.

use egui::{Align2, FontId, Painter, Rect, Shape, Stroke, pos2, vec2};
use protocol::{Bars, SystemView};

use super::painting::Painting;

/// How far marks of bars reach above and below the staves, in staff spaces.
const REACH: f32 = 2.5;
/// A bar that begins further to the left is the first of its system.
const FIRST_BARS: f32 = 5.0;

/// Selected bars, repeated bars and those that have not been performed yet, in one system.
pub(super) fn bars(painter: &Painter, painting: &Painting<'_>, system: usize, selected: Option<&Bars>) {
    let Some(place) = painting.sheet.systems().get(system) else { return };
    unready(painter, painting, system, place);
    let tokens = painting.stage.tokens;
    if let Some((area, ends)) = selected.and_then(|bars| area(painting, system, place, bars)) {
        painter.rect_filled(area, 0, tokens.selection_fill);
        let edge = Stroke::new(2.0, tokens.selection_edge);
        for (x, is_end) in [(area.left() + 1.0, ends[0]), (area.right() - 1.0, ends[1])] {
            if is_end {
                painter.vline(x, area.y_range(), edge);
            }
        }
    }
    let looped = painting.stage.model.transport.looped.as_ref();
    if let Some((area, ends)) = looped.and_then(|bars| self::area(painting, system, place, bars)) {
        looped_band(painter, area, ends, [tokens.loop_fill, tokens.loop_edge]);
    }
}

/// Where some bars are in a system, and whether they begin and end there; none if they are elsewhere.
fn area(
    painting: &Painting<'_>,
    system: usize,
    place: &SystemView,
    bars: &Bars,
) -> Option<(Rect, [bool; 2])> {
    let first = place.measures.partition_point(|m| (m.measure as usize) < bars.start);
    let last = place.measures.partition_point(|m| (m.measure as usize) < bars.end);
    let inside = place.measures.get(first..last).filter(|inside| !inside.is_empty())?;
    let (from, to) = (inside.first()?, inside.last()?);
    let edges = [from.left, place.staves_top - REACH, to.right, place.staves_bottom + REACH];
    let ends = [from.measure as usize == bars.start, to.measure as usize + 1 == bars.end];
    Some((painting.placement.rect_in(painting.corner(system), edges), ends))
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
    let is_ready = |measure: u32| {
        stage.model.score.measures.get(measure as usize).is_some_and(|m| m.start_quarters < ready - 1e-6)
    };
    let first = place.measures.partition_point(|m| is_ready(m.measure));
    let Some((from, to)) = place.measures.get(first).zip(place.measures.last()) else { return };
    let area = area(painting, system, place, &(from.measure as usize..to.measure as usize + 1));
    if let Some((area, _)) = area {
        painter.rect_filled(area, 0, stage.tokens.unready);
    }
}

/// Which time bars are played, where that is not the first.
pub(super) fn passes(painter: &Painter, painting: &Painting<'_>, system: usize) {
    let Some(place) = painting.sheet.systems().get(system) else { return };
    let scale = painting.placement.scale;
    let font = FontId::proportional((scale * 1.5).clamp(9.0, 15.0));
    for label in painting.sheet.passes(system) {
        // Room for the printed number at the start of a system.
        let left = if label.left < FIRST_BARS { label.left + 3.5 } else { label.left + 0.5 };
        let at = painting.corner(system) + vec2(left, place.staves_top - 1.0) * scale;
        painter.text(at, Align2::LEFT_BOTTOM, &label.text, font.clone(), painting.stage.tokens.accent_text);
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
