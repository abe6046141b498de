//! The tempo lane: beats a minute from beat to beat or from bar to bar, with single onsets and the
//! compared version's curve behind. Drawing in it changes the tempo over the stretch that is drawn.

use egui::{Align2, CursorIcon, FontId, Painter, Pos2, Rect, Response, Shape, Stroke, Ui, pos2};
use egui_plot::{Line, LineStyle, PlotPoint};
use protocol::{CurvePoint, PinKind};

use super::decimate::decimate;
use super::menu;
use super::place::{LaneRect, pinned, plot, scale};
use crate::centre::axis::Strip;
use crate::centre::cached::Cached;
use crate::centre::drive::drive;
use crate::centre::gestures::{DrawCurve, Gesture, Target};
use crate::centre::scale::{multiples, round_step};
use crate::centre::smoothed::Grain;
use crate::centre::stage::{Stage, Touch};
use crate::words;

/// Slowest and fastest that can be drawn, in beats a minute.
const POSSIBLE: (f64, f64) = (5.0, 600.0);
/// How far over either edge of the lane one can draw, in heights of the lane.
const BEYOND: f64 = 0.3;
/// Drawn points are at least this far apart.
const GRAIN_POINTS: f64 = 4.0;

/// What a point of the line stands for, in words.
const GRAINS: [(Grain, &str); 3] =
    [(Grain::Beat, "Line by beats"), (Grain::Bar, "Line by bars"), (Grain::Onset, "Every onset")];

/// The curve heard, the one compared with and the onsets heard, with no more points than pixels.
type Curves = [Vec<PlotPoint>; 3];

/// The tempo lane's own memory.
#[derive(Clone, Debug, Default)]
pub struct TempoLane {
    curves: Cached<(u64, Strip, Grain), Curves>,
    grain: Grain,
}

impl TempoLane {
    /// Draws the curves and follows the mouse.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        place: LaneRect,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
    ) -> Response {
        let range = stage.scene.tempo_range;
        scale(ui, place, range, stage, marks(range, place.plot.height()).into_iter());
        let Strip { start, end, left, right } = stage.strip;
        let grain = self.grain;
        let [heard, compared, onsets] = self.curves.get((stage.scene.revision, stage.strip, grain), |_| {
            let columns = (right - left) as usize;
            curves(stage, grain).map(|c| decimate(c, start, end, columns))
        });
        let tokens = stage.tokens;
        let (response, _) = plot(ui, place.plot, "Tempo", stage.strip, range, |plot_ui| {
            let behind = Line::new("compared", &compared[..]).color(tokens.curve_compared).width(1.0);
            plot_ui.line(behind.style(LineStyle::Solid).allow_band(false));
            let color = tokens.curve.gamma_multiply(0.35);
            plot_ui.line(Line::new("onsets", &onsets[..]).color(color).width(1.0).allow_band(false));
            plot_ui.line(Line::new("heard", &heard[..]).color(tokens.curve).width(1.75).allow_band(false));
        });
        drag(ui, &response, place.plot, stage, touch);
        preview(&ui.painter_at(place.plot), place.plot, stage, touch);
        pinned(&ui.painter_at(place.plot), place.plot, &stage.scene.pinned_tempo, stage);
        menu::show(&response, (PinKind::Onset, "tempo"), stage, touch, |ui| {
            ui.separator();
            for (grain, words) in GRAINS {
                if ui.radio(self.grain == grain, words).clicked() {
                    self.grain = grain;
                    ui.close();
                }
            }
        });
        let response = response.on_hover_cursor(CursorIcon::Crosshair);
        let is_free = touch.gesture.is_none() && !response.context_menu_opened();
        match response.hover_pos().filter(|_| is_free) {
            Some(pos) => {
                let words = value_text(stage, self.grain, pos);
                response.on_hover_text_at_pointer(words)
            }
            None => response,
        }
    }
}

/// The line heard, the one compared with, and what lies behind it.
fn curves<'a>(stage: &Stage<'a>, grain: Grain) -> [&'a [PlotPoint]; 3] {
    let scene = stage.scene;
    match grain {
        Grain::Onset => [&scene.tempo, &scene.tempo_compared, &[]],
        _ => [scene.smoothed[0].by(grain), scene.smoothed[1].by(grain), &scene.tempo],
    }
}

/// The tempo at the pointer, in words.
fn value_text(stage: &Stage<'_>, grain: Grain, pos: Pos2) -> String {
    let unit = stage.strip.unit(pos.x);
    let value_in = |points: &[PlotPoint]| {
        let next = points.partition_point(|p| p.x <= unit);
        next.checked_sub(1).and_then(|k| points.get(k)).map(|p| p.y)
    };
    let [heard, compared, _] = curves(stage, grain);
    let beat = words::capitalised(&stage.model.score.beat.name);
    match (value_in(heard), value_in(compared)) {
        (Some(heard), Some(other)) => {
            format!("{beat} = {heard:.0}, compared {other:.0}\nDraw to change the tempo")
        }
        (Some(heard), None) => format!("{beat} = {heard:.0}\nDraw to change the tempo"),
        _ => "Draw to change the tempo".to_owned(),
    }
}

/// Round values for the scale.
fn marks(range: (f64, f64), height: f32) -> Vec<(f64, String)> {
    let step = round_step(range.1 - range.0, height, 15.0);
    multiples(range, step).rev().map(|v| (v, format!("{v:.0}"))).collect()
}

fn drag(ui: &Ui, response: &Response, rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let follow = |touch: &mut Touch<'_>, pos: Pos2| {
        if let Some(Gesture::Curve(curve)) = touch.gesture.as_mut()
            && matches!(curve.target(), Target::Tempo { .. })
        {
            curve.follow(point(rect, stage, pos));
        }
    };
    let begin = |_: &mut Touch<'_>, pos: Pos2| {
        let unit = stage.strip.unit(pos.x);
        let grain = GRAIN_POINTS / stage.strip.points_per_unit();
        let grain = stage.axis.quarters_at(unit + grain) - stage.axis.quarters_at(unit);
        let target = Target::Tempo { beat_quarters: stage.model.score.beat.quarters };
        let curve = DrawCurve::new(target, POSSIBLE, grain, point(rect, stage, pos));
        Some(Gesture::Curve(curve))
    };
    drive(ui, response).draw(stage, touch, begin, follow);
}

/// The place and the tempo under the pointer; no place outside the piece.
fn point(rect: Rect, stage: &Stage<'_>, pos: Pos2) -> CurvePoint {
    let (low, high) = stage.scene.tempo_range;
    let share = f64::from((rect.bottom() - pos.y) / rect.height()).clamp(-BEYOND, 1.0 + BEYOND);
    let quarters = stage.axis.quarters_at(stage.strip.unit(pos.x));
    let end = stage.model.score.end_quarters.max(0.0);
    CurvePoint { quarters: quarters.clamp(0.0, end), value: low + share * (high - low) }
}

fn preview(painter: &Painter, rect: Rect, stage: &Stage<'_>, touch: &Touch<'_>) {
    let Some(Gesture::Curve(curve)) = touch.shown() else { return };
    if !matches!(curve.target(), Target::Tempo { .. }) {
        return;
    }
    let (low, high) = stage.scene.tempo_range;
    let place = |p: &CurvePoint| {
        let y = rect.bottom() - ((p.value - low) / (high - low)) as f32 * rect.height();
        pos2(stage.strip.x(stage.axis.unit_of_quarters(p.quarters)), y)
    };
    let line: Vec<Pos2> = curve.points().iter().map(place).collect();
    painter.add(Shape::line(line, Stroke::new(2.5, stage.tokens.drawn)));
    if let Some(pos) = painter.ctx().input(|i| i.pointer.latest_pos()).filter(|_| touch.gesture.is_some()) {
        let here = point(rect, stage, pos);
        let y = place(&here).y;
        let at = pos2(pos.x + 10.0, (y - 8.0).max(rect.top() + 8.0));
        let font = FontId::proportional(12.0);
        painter.text(at, Align2::LEFT_CENTER, format!("{:.0}", here.value), font, stage.tokens.strong);
    }
}
