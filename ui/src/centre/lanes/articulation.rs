//! The articulation lane: a dot for each note, played over written duration. The scale counts in
//! octaves: half as long is as far below the line as twice as long is above.

use std::sync::Arc;

use egui::{Mesh, Rect, Response, Stroke, Ui, pos2};
use protocol::PinKind;

use super::decimate::Taken;
use super::marks::Marks;
use super::menu;
use super::place::{LaneRect, plot, scale};
use crate::centre::axis::Strip;
use crate::centre::cached::Cached;
use crate::centre::paint;
use crate::centre::scene::Dot;
use crate::centre::stage::{Stage, Touch};

/// From an eighth to three times as long; what lies outside is drawn at the edge.
const RANGE: (f64, f64) = (-3.2, 1.6);

/// The articulation lane's own memory.
#[derive(Clone, Debug, Default)]
pub struct ArticulationLane {
    dots: Cached<(u64, Strip, Rect, bool), Arc<Mesh>>,
}

impl ArticulationLane {
    /// Draws the dots.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        place: LaneRect,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
    ) -> Response {
        let marks = [(1.0, "2"), (0.0, "1"), (-1.0, "½"), (-2.0, "¼")];
        scale(ui, place, RANGE, stage, marks.into_iter().map(|(v, s)| (v, s.to_owned())));
        let rect = place.plot;
        let written = y_of(rect, 0.0).round() + 0.5;
        ui.painter_at(rect).hline(rect.x_range(), written, Stroke::new(1.0, stage.tokens.bar_line));
        let key = (stage.scene.revision, stage.strip, rect, stage.tokens.is_dark);
        let dots = self.dots.get(key, |_| Arc::new(dots(rect, stage))).clone();
        let (response, _) = plot(ui, rect, "Articulation", stage.strip, RANGE, |plot_ui| {
            plot_ui.add(Marks::new("dots", dots));
        });
        menu::show(&response, (PinKind::Duration, "articulation"), stage, touch, |_| {});
        if response.context_menu_opened() {
            return response;
        }
        match response.hover_pos().and_then(|p| nearest(stage, p.x)) {
            Some(dot) => {
                let words = format!("{:.2} of the written length; 1 is as written", dot.octaves.exp2());
                response.on_hover_text_at_pointer(words)
            }
            None => response,
        }
    }
}

fn y_of(rect: Rect, octaves: f64) -> f32 {
    let octaves = octaves.clamp(RANGE.0 + 0.1, RANGE.1 - 0.1);
    rect.bottom() - ((octaves - RANGE.0) / (RANGE.1 - RANGE.0)) as f32 * rect.height()
}

/// The dots between two units.
fn between<'a>(stage: &Stage<'a>, from: f64, to: f64) -> &'a [Dot] {
    let dots = &stage.scene.articulation;
    let first = dots.partition_point(|d| d.unit < from);
    let last = dots.partition_point(|d| d.unit <= to);
    &dots[first.min(last)..last]
}

fn nearest<'a>(stage: &Stage<'a>, x: f32) -> Option<&'a Dot> {
    let slack = 6.0 / stage.strip.points_per_unit();
    let unit = stage.strip.unit(x);
    let near = between(stage, unit - slack, unit + slack).iter();
    near.min_by(|a, b| (a.unit - unit).abs().total_cmp(&(b.unit - unit).abs()))
}

/// Dots as lozenges, in one mesh; of dots that fall on the same pixel only one is drawn.
fn dots(rect: Rect, stage: &Stage<'_>) -> Mesh {
    let mut mesh = Mesh::default();
    let slack = 4.0 / stage.strip.points_per_unit();
    let seen = between(stage, stage.strip.start - slack, stage.strip.end + slack);
    let radius = if (seen.len() as f32) < rect.width() { 3.0 } else { 2.0 };
    let mut taken = Taken::default();
    for dot in seen {
        let (x, y) = (stage.strip.x(dot.unit).round(), y_of(rect, dot.octaves).round());
        if !taken.take(x, y, dot.hand) {
            continue;
        }
        let color = stage.tokens.note(dot.hand, 100);
        let corners = [pos2(x, y - radius), pos2(x + radius, y), pos2(x, y + radius), pos2(x - radius, y)];
        paint::convex(&mut mesh, &corners, color);
    }
    mesh
}
