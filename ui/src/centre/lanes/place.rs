//! Where a lane is, and what lanes draw alike: a plot on the time axis, a scale, what is pinned.

use egui::{Align2, FontId, Painter, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2};
use egui_plot::{PlotTransform, PlotUi};

use crate::centre::axis::Strip;
use crate::centre::stage::Stage;
use crate::centre::static_plot::static_plot;

/// Height of a folded lane, and of a lane's name.
pub const NAME_HEIGHT: f32 = 20.0;

/// Where a lane is on the screen.
#[derive(Clone, Copy, Debug)]
pub struct LaneRect {
    /// Name and scale.
    pub gutter: Rect,
    /// The plot.
    pub plot: Rect,
}

/// A plot over the lane's rectangle whose time is the axis's and whose values are `range`.
pub fn plot<'a>(
    ui: &mut Ui,
    rect: Rect,
    name: &'static str,
    strip: Strip,
    range: (f64, f64),
    add: impl FnOnce(&mut PlotUi<'a>) + 'a,
) -> (Response, PlotTransform) {
    let mut child = ui.new_child(UiBuilder::new().max_rect(rect).id_salt(name));
    child.set_clip_rect(rect.intersect(ui.clip_rect()));
    let plot = static_plot(name)
        .width(rect.width())
        .height(rect.height())
        .show_background(false)
        .show_axes(false)
        .show_grid(false)
        .show_x(false)
        .show_y(false)
        .sense(Sense::CLICK | Sense::DRAG);
    let shown = plot.show(&mut child, move |plot_ui| {
        plot_ui.set_plot_bounds_x(strip.start..=strip.end);
        plot_ui.set_plot_bounds_y(range.0..=range.1);
        add(plot_ui);
    });
    shown.response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, format!("{name} lane")));
    (shown.response, shown.transform)
}

/// A bar along the upper edge over what is pinned.
pub fn pinned(painter: &Painter, rect: Rect, stretches: &[(f64, f64)], stage: &Stage<'_>) {
    for (from, to) in stretches.iter().filter(|s| s.1 >= stage.strip.start && s.0 <= stage.strip.end) {
        let x = stage.strip.x(*from)..=stage.strip.x(*to);
        let bar = Rect::from_x_y_ranges(x, rect.top() + 2.0..=rect.top() + 5.0);
        painter.rect_filled(bar, 1, stage.tokens.pin);
    }
}

/// The scale at the left: values with their words, and a line for each through the plot.
pub fn scale(
    ui: &Ui,
    place: LaneRect,
    range: (f64, f64),
    stage: &Stage<'_>,
    marks: impl Iterator<Item = (f64, String)>,
) {
    let height = f64::from(place.plot.height());
    let y_of = |value: f64| place.plot.bottom() - ((value - range.0) / (range.1 - range.0) * height) as f32;
    let font = FontId::proportional(10.0);
    let mut lowest = f32::INFINITY;
    for (value, words) in marks {
        let y = y_of(value);
        if !place.plot.y_range().contains(y) {
            continue;
        }
        ui.painter_at(place.plot).hline(
            place.plot.x_range(),
            y.round() + 0.5,
            Stroke::new(1.0, stage.tokens.grid_line),
        );
        // Under the name, over the edge, apart from each other.
        let has_room = y > place.gutter.top() + NAME_HEIGHT + 4.0
            && y < place.gutter.bottom() - 5.0
            && (lowest - y).abs() > 11.0;
        if has_room {
            lowest = y;
            let at = pos2(place.gutter.right() - 6.0, y);
            let painter = ui.painter_at(place.gutter);
            painter.text(at, Align2::RIGHT_CENTER, words, font.clone(), stage.tokens.weak);
        }
    }
}
