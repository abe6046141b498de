//! Tempo, dynamics, articulation and pedal of both versions, a value for each bar.

use egui::{Align2, FontId, Role, Sense, Ui, Vec2, Vec2b, WidgetInfo, pos2};
use egui_plot::{AxisHints, GridMark, Line, LineStyle, PlotPoint, Points, VLine};
use protocol::{BarRow, BarValues, BeatView, Command, CompareView};

use super::look::looks;
use crate::Outbox;
use crate::centre::roll::bar_text;
use crate::centre::scale::{multiples, round_step};
use crate::centre::static_plot::static_plot;
use crate::{theme, words};

/// One plot.
struct Curve {
    name: &'static str,
    /// What it counts; nothing for the beats of the score.
    unit: Option<&'static str>,
    value: fn(&BarValues, &BeatView) -> f64,
    /// Lowest and highest value if they are always the same.
    range: Option<(f64, f64)>,
    words: fn(f64) -> String,
}

type Read = fn(&BarValues, &BeatView) -> f64;

const fn curve(name: &'static str, unit: &'static str, value: Read, words: fn(f64) -> String) -> Curve {
    Curve { name, unit: Some(unit), value, range: None, words }
}

const CURVES: [Curve; 4] = [
    Curve {
        unit: None,
        ..curve("Tempo", "", |v, beat| v.quarters_per_minute / beat.quarters, |v| format!("{v:.0}"))
    },
    curve("Dynamics", "velocity", |v, _| v.velocity, |v| format!("{v:.0}")),
    curve(
        "Articulation",
        "played over written length",
        |v, _| v.articulation.max(1e-3).log2(),
        |v| format!("{:.2}", v.exp2()),
    ),
    Curve {
        range: Some((-0.06, 1.45)),
        ..curve("Pedal", "share of the bar held down", |v, _| v.pedal, |v| format!("{:.0} %", v * 100.0))
    },
];

/// What a plot draws of a comparison.
#[derive(Clone, Debug)]
pub struct Shape {
    /// Lowest and highest value.
    range: (f64, f64),
    /// For the version heard and the one compared with, the values of the bars in which it plays, as runs
    /// of bars that follow each other.
    runs: [Vec<Vec<PlotPoint>>; 2],
    /// The lowest and the highest values of the other versions, the same way.
    spread: [Vec<Vec<PlotPoint>>; 2],
}

/// What each plot draws, in their order.
pub fn shapes(view: &CompareView, beat: &BeatView) -> Vec<Shape> {
    let shape = |curve: &Curve| Shape {
        range: curve.range.unwrap_or_else(|| range(view, beat, curve)),
        runs: [0, 1].map(|version| runs((view, beat), curve, |bar| bar.values[version].as_ref())),
        spread: [0, 1].map(|end| runs((view, beat), curve, |bar| bar.spread.as_ref().map(|ends| &ends[end]))),
    };
    CURVES.iter().map(shape).collect()
}

/// Draws the four plots one under the other; a click seeks.
pub fn show(
    ui: &mut Ui,
    view: &CompareView,
    beat: &BeatView,
    shapes: &[Shape],
    playhead: f64,
    out: &mut Outbox,
) {
    ui.spacing_mut().item_spacing = Vec2::new(0.0, 2.0);
    let axis_height = 20.0;
    let height = (ui.available_height() - axis_height) / CURVES.len() as f32 - 2.0;
    for (k, curve) in CURVES.iter().zip(shapes).enumerate() {
        let is_last = k + 1 == CURVES.len();
        let height = if is_last { height + axis_height } else { height };
        plot(ui, (view, beat), curve, height, is_last, playhead, out);
    }
}

fn plot(
    ui: &mut Ui,
    (view, beat): (&CompareView, &BeatView),
    (curve, shape): (&Curve, &Shape),
    height: f32,
    has_bars: bool,
    playhead: f64,
    out: &mut Outbox,
) {
    let tokens = theme::of(ui);
    let start = view.bars.first().map_or(0.0, |b| b.start_quarters);
    let end = view.bars.last().map_or(1.0, |b| b.end_quarters).max(start + 1.0);
    let (low, high) = shape.range;
    let words = curve.words;
    let scale = AxisHints::new_y()
        .formatter(move |mark, _| words(mark.value))
        .label_spacing(egui::Rangef::new(10.0, 14.0))
        .min_thickness(44.0)
        .tick_label_color(tokens.weak)
        .tick_label_font(FontId::proportional(10.5));
    let bars = AxisHints::new_x()
        .formatter(move |mark, _| bar_label(view, mark))
        .label_spacing(egui::Rangef::new(14.0, 18.0))
        .min_thickness(18.0)
        .tick_label_color(tokens.weak)
        .tick_label_font(FontId::proportional(10.5));
    let shown = static_plot(("compared", curve.name))
        .height(height)
        .show_x(false)
        .show_y(false)
        .show_axes(Vec2b::new(has_bars, true))
        .custom_x_axes(vec![bars])
        .custom_y_axes(vec![scale])
        .grid_color(tokens.bar_line)
        .grid_spacing(egui::Rangef::new(8.0, 60.0))
        .y_grid_spacer(move |_| scale_marks(curve, (low, high), height))
        .x_grid_spacer(move |input| bar_marks(view, input.base_step_size))
        .sense(Sense::CLICK)
        .show(ui, |plot_ui| {
            plot_ui.set_plot_bounds_x(start..=end);
            plot_ui.set_plot_bounds_y(low..=high);
            plot_ui.vline(VLine::new("playhead", playhead).color(tokens.playhead).width(1.5));
            for (end, runs) in shape.spread.iter().enumerate() {
                for (run, points) in runs.iter().enumerate() {
                    let line = Line::new(format!("spread {end} {run}"), &points[..]).color(tokens.weak);
                    plot_ui.line(line.width(1.0).style(LineStyle::dotted_dense()).allow_band(false));
                }
            }
            // The version heard lies over the other.
            for version in [1, 0] {
                let look = looks(tokens)[version];
                for (run, points) in shape.runs[version].iter().enumerate() {
                    let line = Line::new(format!("{version} {run}"), &points[..]).color(look.color);
                    plot_ui.line(line.width(look.width).style(look.style).allow_band(false));
                    let dots = Points::new(format!("dots {version} {run}"), &points[..]);
                    plot_ui.points(dots.color(look.color).radius(if version == 0 { 2.5 } else { 2.0 }));
                }
            }
        });
    let label = || WidgetInfo::labeled(Role::Canvas, true, format!("{} of both versions", curve.name));
    shown.response.widget_info(label);
    let frame = *shown.transform.frame();
    let painter = ui.painter_at(frame);
    let at = pos2(frame.left() + 6.0, frame.top() + 4.0);
    let title = painter.text(at, Align2::LEFT_TOP, curve.name, FontId::proportional(12.0), tokens.strong);
    let at = pos2(title.right() + 6.0, title.bottom() - 1.0);
    let unit = curve.unit.map_or_else(|| words::per_minute(beat), str::to_owned);
    painter.text(at, Align2::LEFT_BOTTOM, unit, FontId::proportional(10.5), tokens.weak);
    if shown.response.clicked()
        && let Some(pos) = shown.response.interact_pointer_pos()
    {
        let quarters = shown.transform.value_from_position(pos).x;
        out.send(Command::SeekQuarters(quarters.min(end).max(start)));
    }
}

/// Values of bars as runs of bars that have them.
fn runs(
    (view, beat): (&CompareView, &BeatView),
    curve: &Curve,
    values: impl Fn(&BarRow) -> Option<&BarValues>,
) -> Vec<Vec<PlotPoint>> {
    let mut runs = vec![Vec::new()];
    for bar in &view.bars {
        match (values(bar), runs.last_mut()) {
            (Some(values), Some(run)) => {
                let middle = (bar.start_quarters + bar.end_quarters) / 2.0;
                run.push(PlotPoint::new(middle, (curve.value)(values, beat)));
            }
            (None, Some(run)) if !run.is_empty() => runs.push(Vec::new()),
            _ => {}
        }
    }
    runs
}

/// A range that all values fit into, with room for the title.
fn range(view: &CompareView, beat: &BeatView, curve: &Curve) -> (f64, f64) {
    let values = || {
        let bars = view.bars.iter();
        let all = bars.flat_map(|bar| bar.values.iter().flatten().chain(bar.spread.iter().flatten()));
        all.map(|values| (curve.value)(values, beat))
    };
    let low = values().filter(|v| v.is_finite()).fold(f64::INFINITY, f64::min);
    let high = values().filter(|v| v.is_finite()).fold(f64::NEG_INFINITY, f64::max);
    if low > high {
        return (0.0, 1.0);
    }
    let room = ((high - low) * 0.12).max(high.abs() * 0.05).max(0.1);
    (low - room, high + 3.0 * room)
}

/// Round values; of the articulation halves and doubles, of the pedal nothing beyond all of a bar.
fn scale_marks(curve: &Curve, range: (f64, f64), height: f32) -> Vec<GridMark> {
    let step = round_step(range.1 - range.0, height, 22.0);
    let marks = multiples(range, step).filter(|v| curve.range.is_none() || (0.0..=1.0).contains(v));
    marks.map(|value| GridMark { value, step_size: step }).collect()
}

/// A mark for every bar, every second, fourth … so that they keep apart.
fn bar_marks(view: &CompareView, apart_quarters: f64) -> Vec<GridMark> {
    let Some(first) = view.bars.first() else { return Vec::new() };
    let length = (first.end_quarters - first.start_quarters).max(1e-3);
    let step = ((2.4 * apart_quarters / length).ceil().max(1.0) as usize).next_power_of_two();
    let bars = view.bars.iter().step_by(step);
    bars.map(|b| GridMark { value: b.start_quarters, step_size: length * step as f64 }).collect()
}

fn bar_label(view: &CompareView, mark: GridMark) -> String {
    let next = view.bars.partition_point(|b| b.start_quarters < mark.value - 1e-6);
    let bar = view.bars.get(next).filter(|b| b.start_quarters < mark.value + 1e-6);
    bar.map(|b| bar_text(&b.number, b.pass)).unwrap_or_default()
}
