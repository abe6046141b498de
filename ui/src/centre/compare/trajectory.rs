//! Tempo against loudness: how a version moves through both at once, smoothed over a bar, with a
//! dot where the playhead is and a brighter trail behind it.

use egui::{Align2, FontId, Role, Sense, Ui, WidgetInfo, pos2};
use egui_plot::{AxisHints, GridMark, Line, PlotPoint, PlotPoints, Points};
use protocol::{BeatView, CompareView, Trajectory};

use super::look::looks;
use crate::centre::scale::{multiples, round_step};
use crate::centre::static_plot::static_plot;
use crate::{theme, words};

/// Length of the trail behind the playhead.
const TRAIL_QUARTERS: f64 = 8.0;

/// The paths of a comparison.
#[derive(Clone, Debug)]
pub struct Paths {
    /// The corners that both fit between; none for no point at all.
    bounds: Option<(PlotPoint, PlotPoint)>,
    /// Of the version heard and the one compared with.
    whole: [Vec<PlotPoint>; 2],
}

impl Paths {
    /// The paths of both versions.
    pub fn new(view: &CompareView, beat: &BeatView) -> Self {
        let whole = [0, 1].map(|version| points(&view.trajectories[version], beat, f64::MIN, f64::MAX));
        Self { bounds: bounds(view, beat), whole }
    }
}

/// Draws both paths.
pub fn show(ui: &mut Ui, view: &CompareView, beat: &BeatView, paths: &Paths, playhead: f64) {
    let tokens = theme::of(ui);
    let Some((low, high)) = paths.bounds else {
        ui.weak("There is no tempo and loudness to draw");
        return;
    };
    let axis = |hints: AxisHints<'static>| {
        hints
            .formatter(|mark, _| format!("{:.0}", mark.value))
            .label_spacing(egui::Rangef::new(12.0, 16.0))
            .tick_label_color(tokens.weak)
            .tick_label_font(FontId::proportional(10.5))
    };
    let (width, height) = (ui.available_width(), ui.available_height());
    let shown = static_plot("trajectory")
        .height(ui.available_height())
        .show_x(false)
        .show_y(false)
        .grid_color(tokens.bar_line)
        .grid_spacing(egui::Rangef::new(8.0, 60.0))
        .x_grid_spacer(move |input| marks(input.bounds, width))
        .y_grid_spacer(move |input| marks(input.bounds, height))
        .custom_x_axes(vec![axis(AxisHints::new_x()).min_thickness(18.0)])
        .custom_y_axes(vec![axis(AxisHints::new_y()).min_thickness(30.0)])
        .sense(Sense::hover())
        .show(ui, |plot_ui| {
            plot_ui.set_plot_bounds_x(low.x..=high.x);
            plot_ui.set_plot_bounds_y(low.y..=high.y);
            for version in [1, 0] {
                let look = looks(tokens)[version];
                let path = &view.trajectories[version];
                let whole = Line::new(format!("path {version}"), &paths.whole[version][..]);
                plot_ui.line(whole.color(look.color.gamma_multiply(0.45)).width(1.0).allow_band(false));
                let trail = points(path, beat, playhead - TRAIL_QUARTERS, playhead);
                let here = trail.last().copied();
                let trail = Line::new(format!("trail {version}"), PlotPoints::Owned(trail)).color(look.color);
                plot_ui.line(trail.width(look.width + 0.5).style(look.style).allow_band(false));
                if let Some(here) = here {
                    let dot = Points::new(format!("here {version}"), vec![[here.x, here.y]]);
                    plot_ui.points(dot.color(look.color).radius(5.0));
                }
            }
        });
    shown
        .response
        .widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Tempo and loudness of both versions"));
    let frame = *shown.transform.frame();
    let painter = ui.painter_at(frame);
    let name = FontId::proportional(10.5);
    let corner = pos2(frame.right() - 6.0, frame.bottom() - 4.0);
    let unit = format!("Tempo, {}", words::per_minute(beat));
    painter.text(corner, Align2::RIGHT_BOTTOM, unit, name.clone(), tokens.weak);
    let corner = pos2(frame.left() + 6.0, frame.top() + 4.0);
    painter.text(corner, Align2::LEFT_TOP, "Loudness, velocity", name, tokens.weak);
}

fn marks(bounds: (f64, f64), length: f32) -> Vec<GridMark> {
    let step = round_step(bounds.1 - bounds.0, length, 40.0);
    multiples(bounds, step).map(|value| GridMark { value, step_size: step }).collect()
}

/// The part of a path between two places.
fn points(path: &Trajectory, beat: &BeatView, from: f64, to: f64) -> Vec<PlotPoint> {
    let inside = path.points.iter().filter(|p| (from..=to).contains(&p.quarters));
    inside.map(|p| PlotPoint::new(p.quarters_per_minute / beat.quarters, p.velocity)).collect()
}

/// The corners that both paths fit between.
fn bounds(view: &CompareView, beat: &BeatView) -> Option<(PlotPoint, PlotPoint)> {
    let mut low = PlotPoint::new(f64::INFINITY, f64::INFINITY);
    let mut high = PlotPoint::new(f64::NEG_INFINITY, f64::NEG_INFINITY);
    for point in view.trajectories.iter().flat_map(|t| &t.points) {
        if point.quarters_per_minute.is_finite() && point.velocity.is_finite() {
            let tempo = point.quarters_per_minute / beat.quarters;
            low.x = low.x.min(tempo);
            low.y = low.y.min(point.velocity);
            high.x = high.x.max(tempo);
            high.y = high.y.max(point.velocity);
        }
    }
    if low.x > high.x {
        return None;
    }
    let room = |low: f64, high: f64| ((high - low) * 0.1).max(2.0);
    let (x, y) = (room(low.x, high.x), room(low.y, high.y));
    Some((PlotPoint::new(low.x - x, low.y - y), PlotPoint::new(high.x + x, high.y + y)))
}
