//! The pedal lane: the sustain pedal as filled steps. Drawing from where it is up puts it down over
//! the stretch; drawing from where it is down lifts it.

use egui::{CursorIcon, Painter, Pos2, Rect, Response, Ui, pos2};
use egui_plot::{Line, PlotPoint};
use protocol::PinKind;

use super::decimate::decimate;
use super::menu;
use super::place::{LaneRect, pinned, plot, scale};
use crate::centre::axis::Strip;
use crate::centre::cached::Cached;
use crate::centre::drive::drive;
use crate::centre::gestures::{DrawPedal, Gesture};
use crate::centre::stage::{Stage, Touch};

/// The scale of the controller with a little room.
const RANGE: (f64, f64) = (0.0, 140.0);

/// The pedal lane's own memory.
#[derive(Clone, Debug, Default)]
pub struct PedalLane {
    steps: Cached<(u64, Strip), [Vec<PlotPoint>; 2]>,
}

impl PedalLane {
    /// Draws the steps and follows the mouse.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        place: LaneRect,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
    ) -> Response {
        scale(ui, place, RANGE, stage, [(127.0, "down".to_owned()), (64.0, "half".to_owned())].into_iter());
        let Strip { start, end, left, right } = stage.strip;
        let [heard, compared] = self.steps.get((stage.scene.revision, stage.strip), |_| {
            let columns = (right - left) as usize;
            [&stage.scene.pedal, &stage.scene.pedal_compared].map(|c| decimate(c, start, end, columns))
        });
        let tokens = stage.tokens;
        let (response, _) = plot(ui, place.plot, "Pedal", stage.strip, RANGE, |plot_ui| {
            let filled = Line::new("heard", &heard[..]).color(tokens.curve).width(1.5).allow_band(false);
            plot_ui.line(filled.fill(0.0).fill_alpha(0.35));
            let behind = Line::new("compared", &compared[..]).color(tokens.curve_compared).width(1.0);
            plot_ui.line(behind.allow_band(false));
        });
        drag(ui, &response, stage, touch);
        preview(&ui.painter_at(place.plot), place.plot, stage, touch);
        pinned(&ui.painter_at(place.plot), place.plot, &stage.scene.pinned_pedal, stage);
        menu::show(&response, (PinKind::Pedal, "pedal"), stage, touch, |_| {});
        let response = response.on_hover_cursor(CursorIcon::Crosshair);
        if touch.gesture.is_some() || response.context_menu_opened() {
            return response;
        }
        response.on_hover_text_at_pointer("Draw to put the pedal down, or to lift it where it is down")
    }
}

fn drag(ui: &Ui, response: &Response, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let secs_at = |pos: Pos2| {
        let last = stage.model.listening().map_or(0.0, |v| v.end_secs);
        stage.axis.secs_at(stage.strip.unit(pos.x)).clamp(0.0, last.max(0.0))
    };
    let value_at = |secs: f64| stage.scene.pedal_at(stage.axis.unit_of_secs(secs));
    let follow = |touch: &mut Touch<'_>, pos: Pos2| {
        if let Some(Gesture::Pedal(pedal)) = touch.gesture.as_mut() {
            pedal.follow(secs_at(pos), value_at);
        }
    };
    let begin = |_: &mut Touch<'_>, pos: Pos2| {
        let secs = secs_at(pos);
        Some(Gesture::Pedal(DrawPedal::new(secs, value_at(secs))))
    };
    drive(ui, response).draw(stage, touch, begin, follow);
}

fn preview(painter: &Painter, rect: Rect, stage: &Stage<'_>, touch: &Touch<'_>) {
    let Some(Gesture::Pedal(pedal)) = touch.shown() else { return };
    let (from, to) = pedal.stretch_secs();
    let x = |secs| stage.strip.x(stage.axis.unit_of_secs(secs));
    let top = rect.bottom() - (127.0 / RANGE.1) as f32 * rect.height();
    let area = Rect::from_min_max(pos2(x(from), top), pos2(x(to), rect.bottom()));
    let stroke = egui::Stroke::new(2.0, stage.tokens.drawn);
    if pedal.is_down() {
        painter.rect(area, 0, stage.tokens.drawn.gamma_multiply(0.4), stroke, egui::StrokeKind::Inside);
    } else {
        painter.rect_filled(area, 0, stage.tokens.canvas);
        painter.hline(area.x_range(), rect.bottom() - 1.0, stroke);
    }
}
