//! The lower row of the mood lane: what the version heard was performed with. It only tells; blocks are
//! outlines, so that nobody takes them for what is typed.

use egui::text::{LayoutJob, TextFormat, TextWrapping};
use egui::{Align2, FontId, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2};
use protocol::MoodSpan;

use crate::centre::lanes::place::LaneRect;
use crate::centre::stage::Stage;
use crate::words;

/// Height of the row.
pub const HEIGHT: f32 = 20.0;
/// Narrower blocks have no words.
const LEAST_FOR_WORDS: f32 = 18.0;

/// Draws the row at the bottom of the lane, if the version heard has a mood; what is left of the plot.
pub fn show(ui: &Ui, place: LaneRect, stage: &Stage<'_>) -> Rect {
    let Some(mood) = stage.model.mood_heard() else { return place.plot };
    let top = (place.plot.bottom() - HEIGHT).max(place.plot.top());
    let row = place.plot.with_min_y(top);
    let tokens = stage.tokens;
    let at = pos2(place.gutter.right() - 6.0, row.center().y);
    let font = FontId::proportional(10.0);
    ui.painter_at(place.gutter).text(at, Align2::RIGHT_CENTER, "heard", font, tokens.weak);
    ui.painter_at(place.plot).hline(row.x_range(), top + 0.5, Stroke::new(1.0, tokens.grid_line));
    for (k, span) in mood.spans.iter().enumerate() {
        block(ui, row, k, span, stage);
    }
    place.plot.with_max_y(top)
}

fn block(ui: &Ui, row: Rect, number: usize, span: &MoodSpan, stage: &Stage<'_>) {
    let Some((from, to)) = stage.scene.bar_span(&span.bars) else { return };
    // The screen's own numbers end where a block is far outside.
    let left = stage.strip.x(from).max(row.left() - 50.0);
    let right = stage.strip.x(to).min(row.right() + 50.0);
    let place = Rect::from_min_max(pos2(left + 1.0, row.top() + 3.0), pos2(right - 1.0, row.bottom() - 2.0));
    let seen = place.intersect(row);
    if !seen.is_positive() {
        return;
    }
    let tokens = stage.tokens;
    let painter = ui.painter_at(row);
    painter.rect_stroke(place, 3, Stroke::new(1.0, tokens.weak), StrokeKind::Inside);
    if seen.width() >= LEAST_FOR_WORDS {
        let format = TextFormat::simple(FontId::proportional(11.0), tokens.text);
        let mut job = LayoutJob::single_section(span.text.clone(), format);
        job.wrap = TextWrapping::truncate_at_width(seen.width() - 10.0);
        let galley = painter.layout_job(job);
        let at = pos2(seen.left() + 6.0, seen.center().y - galley.size().y / 2.0);
        painter.galley(at, galley, tokens.text);
    }
    let bars = || words::bars_and_pass(&stage.model.score, &span.bars);
    let response = ui.interact(seen, ui.scope_id().with(("mood heard", number)), Sense::hover());
    response.widget_info(|| {
        WidgetInfo::labeled(Role::Label, true, format!("Heard with the mood {} in {}", span.text, bars()))
    });
    response.on_hover_ui_at_pointer(|ui| {
        ui.set_max_width(320.0);
        let project = stage.model.project.as_ref();
        let name = words::version(project, project.map(|p| p.listening).unwrap_or_default());
        ui.strong(format!("{} · {}", span.text, bars()));
        ui.weak(format!("{name} was performed with this mood"));
    });
}
