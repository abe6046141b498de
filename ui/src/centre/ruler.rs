//! The ruler: bars above, seconds below. A click seeks, a drag selects bars, the right button has what can be done with
//! them, here as on the page.

use egui::{FontId, Mesh, Painter, Pos2, Rect, Response, Role, Sense, Shape, Stroke, Ui, WidgetInfo, pos2};
use protocol::{Bars, Command, ScoreView};

use super::bars_menu::{self, Pointed};
use super::drive::{Drag, drive};
use super::gestures::{Gesture, SelectBars};
use super::paint;
use super::roll::bar_text;
use super::stage::{Stage, Touch};

/// Height of the row with bars.
const BARS_HEIGHT: f32 = 24.0;
/// Height of both rows.
pub const HEIGHT: f32 = 42.0;
/// Numbers of bars keep this far apart.
const BARS_APART: f32 = 34.0;
/// Room between two labels.
const LABELS_APART: f32 = 6.0;
/// Seconds keep this far apart.
const SECS_APART: f64 = 58.0;
/// Steps between two labels of seconds.
const SECS_STEPS: [f64; 14] =
    [0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0];

/// Draws the ruler and follows the mouse on it.
pub fn show(ui: &mut Ui, rect: Rect, stage: &Stage<'_>, touch: &mut Touch<'_>) -> Response {
    let response = ui.interact(rect, ui.scope_id().with("ruler"), Sense::CLICK | Sense::DRAG);
    response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Ruler"));
    let bar_at = |pos: Pos2| stage.scene.bar_at(stage.strip.unit(pos.x));
    let place_at = |pos: Pos2| Some((bar_at(pos)?, stage.axis.quarters_at(stage.strip.unit(pos.x))));
    click(&response, stage, touch, place_at);
    drag(ui, &response, stage, touch, |pos| Some((bar_at(pos)?, None)));
    let asked = response.interact_pointer_pos().filter(|_| response.secondary_clicked());
    let asked = asked.and_then(place_at).map(|(bar, quarters)| Pointed { bar, quarters });
    let pointed = bars_menu::remembered(&response, asked);
    response.context_menu(|ui| bars_menu::show(ui, pointed, stage, touch));

    let painter = ui.painter_at(rect);
    let bars_rect = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + BARS_HEIGHT));
    let secs_rect = Rect::from_min_max(pos2(rect.left(), bars_rect.bottom()), rect.max);
    painter.rect_filled(rect, 0, stage.tokens.ruler);
    selection(&painter, bars_rect, stage, touch.selection.bars.as_ref());
    looped(&painter, bars_rect, stage);
    playhead(&painter, rect, stage);
    bars(&painter, bars_rect, stage);
    seconds(&painter, secs_rect, stage);
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, stage.tokens.border));
    response.on_hover_text(
        "Click to go there, drag to select bars, double-click to select all bars or to loop those selected",
    )
}

/// What a click does; `place_at` gives the bar and the quarters at a place on the screen.
pub(super) fn click(
    response: &Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    place_at: impl Fn(Pos2) -> Option<(usize, f64)>,
) {
    let Some((bar, quarters)) = response.interact_pointer_pos().and_then(place_at) else { return };
    let selected = &mut touch.selection.bars;
    if response.double_clicked() {
        match selected.clone().filter(|b| b.contains(&bar)) {
            Some(bars) => {
                let is_looped = stage.model.transport.looped.as_ref() == Some(&bars);
                touch.out.send(Command::Loop((!is_looped).then_some(bars)));
            }
            None => *selected = Some(0..stage.scene.bars.len().saturating_sub(1)),
        }
    } else if response.clicked() {
        if response.ctx.input(|i| i.modifiers.shift) {
            *selected = Some(SelectBars::extending(bar, selected.as_ref()).bars());
        } else {
            let end = stage.model.score.end_quarters.max(0.0);
            touch.out.send(Command::SeekQuarters(quarters.clamp(0.0, end)));
        }
    }
}

/// What a drag does; `bar_at` gives the bar at a place on the screen, and the one from which bars are selected to
/// there if that is not the one in which the drag began.
pub(super) fn drag(
    ui: &Ui,
    response: &Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    bar_at: impl Fn(Pos2) -> Option<(usize, Option<usize>)>,
) {
    let follow = |touch: &mut Touch<'_>, pos: Pos2| {
        if let (Some(Gesture::Bars(gesture)), Some((bar, from))) = (touch.gesture.as_mut(), bar_at(pos)) {
            gesture.follow_from(from.unwrap_or(gesture.anchor()), bar);
            touch.selection.bars = Some(gesture.bars());
        }
    };
    match drive(ui, response) {
        Drag::Begun { from, at } => {
            let Some((bar, _)) = bar_at(from) else { return };
            let extends = ui.input(|i| i.modifiers.shift);
            *touch.gesture = Some(Gesture::Bars(if extends {
                SelectBars::extending(bar, touch.selection.bars.as_ref())
            } else {
                SelectBars::new(bar)
            }));
            follow(touch, at);
        }
        Drag::Going(at) => follow(touch, at),
        Drag::Done(at) => {
            follow(touch, at);
            touch.finish(stage);
        }
        Drag::None => {}
    }
}

fn span_rect(rect: Rect, stage: &Stage<'_>, bars: Option<&Bars>) -> Option<Rect> {
    let (from, to) = stage.scene.bar_span(bars?)?;
    let left = stage.strip.x(from).max(rect.left() - 8.0);
    let right = stage.strip.x(to).min(rect.right() + 8.0);
    (right > left).then(|| Rect::from_min_max(pos2(left, rect.top()), pos2(right, rect.bottom())))
}

fn selection(painter: &Painter, rect: Rect, stage: &Stage<'_>, bars: Option<&Bars>) {
    let Some(area) = span_rect(rect, stage, bars) else { return };
    painter.rect_filled(area, 0, stage.tokens.selection_fill);
    let edge = Stroke::new(2.0, stage.tokens.selection_edge);
    painter.hline(area.x_range(), area.bottom() - 1.0, edge);
    painter.vline(area.left() + 1.0, area.y_range(), edge);
    painter.vline(area.right() - 1.0, area.y_range(), edge);
}

/// The repeated bars: a band along the top with a bracket at each end.
fn looped(painter: &Painter, rect: Rect, stage: &Stage<'_>) {
    let bars = stage.model.transport.looped.as_ref();
    let Some(area) = span_rect(rect, stage, bars) else { return };
    let band = Rect::from_min_max(area.min, pos2(area.right(), area.top() + 7.0));
    painter.rect_filled(band, 0, stage.tokens.loop_fill);
    let edge = stage.tokens.loop_edge;
    painter.hline(band.x_range(), band.top() + 1.0, Stroke::new(2.0, edge));
    for (x, tip) in [(band.left(), 7.0), (band.right(), -7.0)] {
        let corners = [pos2(x, band.top()), pos2(x + tip, band.top()), pos2(x, band.top() + 9.0)];
        painter.add(Shape::convex_polygon(corners.to_vec(), edge, Stroke::NONE));
    }
}

fn bars(painter: &Painter, rect: Rect, stage: &Stage<'_>) {
    let mut ticks = Mesh::default();
    let units = &stage.scene.bars;
    let strip = &stage.strip;
    let first = units.partition_point(|&u| u < strip.start).saturating_sub(1);
    let last = units.partition_point(|&u| u <= strip.end);
    let in_view = last.saturating_sub(first).max(1);
    let apart = rect.width() / in_view as f32;
    // Every bar, every second, fourth …: the same ones wherever the view is, the first full bar among
    // them.
    let step = ((BARS_APART / apart).ceil().max(1.0) as usize).next_power_of_two();
    let first_full = usize::from(has_pick_up(&stage.model.score));
    let font = FontId::proportional(12.0);
    let mut free_from = f32::NEG_INFINITY;
    for (k, measure) in stage.model.score.measures.iter().enumerate().take(last).skip(first) {
        let is_pick_up = k < first_full;
        if !is_pick_up && !(k - first_full).is_multiple_of(step) {
            continue;
        }
        let Some(&unit) = units.get(k) else { break };
        let x = strip.x(unit);
        paint::upright(&mut ticks, x, rect, stage.tokens.bar_line);
        let text = bar_text(&measure.number, measure.pass);
        let galley = painter.layout_no_wrap(text, font.clone(), stage.tokens.text);
        let at = pos2(x + 5.0, rect.center().y + 2.0 - galley.size().y / 2.0);
        let right = at.x + galley.size().x;
        // A pick-up has little room; the bar after it is the one that is looked for.
        let full_bar = units.get(first_full).filter(|_| is_pick_up).map(|&unit| strip.x(unit));
        if x >= free_from && right <= rect.right() && full_bar.is_none_or(|x| right + LABELS_APART <= x) {
            painter.galley(at, galley, stage.tokens.text);
            free_from = right + LABELS_APART;
        }
    }
    if step == 1 && apart > 44.0 {
        beats(&mut ticks, rect, stage);
    }
    painter.add(Shape::mesh(ticks));
}

/// A short tick for each beat inside a bar.
fn beats(ticks: &mut Mesh, rect: Rect, stage: &Stage<'_>) {
    let strip = &stage.strip;
    let foot = Rect::from_min_max(pos2(rect.left(), rect.bottom() - 5.0), rect.max);
    let beats = &stage.scene.beats;
    let from = beats.partition_point(|&u| u < strip.start);
    for &beat in beats[from..].iter().take_while(|&&u| u <= strip.end) {
        paint::upright(ticks, strip.x(beat), foot, stage.tokens.bar_line);
    }
}

/// Whether the first bar is a part of one.
fn has_pick_up(score: &ScoreView) -> bool {
    score.measures.first().is_some_and(|m| {
        let full_quarters = f64::from(m.metre.0) * 4.0 / f64::from(m.metre.1.max(1));
        m.end_quarters - m.start_quarters < full_quarters - 1e-6
    })
}

fn seconds(painter: &Painter, rect: Rect, stage: &Stage<'_>) {
    let (from, to) = (stage.axis.secs_at(stage.strip.start), stage.axis.secs_at(stage.strip.end));
    let apart = f64::from(rect.width()) / (to - from).max(1e-6);
    let step = SECS_STEPS.iter().copied().find(|s| s * apart >= SECS_APART).unwrap_or(1200.0);
    let font = FontId::proportional(10.5);
    let mut ticks = Mesh::default();
    let mut free_from = f32::NEG_INFINITY;
    // Half a label beyond the left edge is still seen.
    let first = (from / step).floor().max(0.0) as i64;
    let last = (to / step).ceil().clamp(0.0, first as f64 + 400.0) as i64;
    for k in first..=last {
        let secs = k as f64 * step;
        let x = stage.strip.x(stage.axis.unit_of_secs(secs));
        let foot = Rect::from_min_max(rect.min, pos2(rect.right(), rect.top() + 5.0));
        paint::upright(&mut ticks, x, foot, stage.tokens.bar_line);
        if x >= free_from {
            let text = secs_text(secs, step);
            let galley = painter.layout_no_wrap(text, font.clone(), stage.tokens.weak);
            let at = pos2(x + 5.0, rect.center().y - galley.size().y / 2.0);
            let right = at.x + galley.size().x;
            // Half a label at the edge says a wrong time.
            if right <= rect.right() {
                painter.galley(at, galley, stage.tokens.weak);
            }
            free_from = right + 8.0;
        }
    }
    painter.add(Shape::mesh(ticks));
}

/// A moment as minutes and seconds, with as many places as the step needs.
fn secs_text(secs: f64, step: f64) -> String {
    let places = if step >= 1.0 {
        0
    } else if step >= 0.1 {
        1
    } else {
        2
    };
    // Whole hundredths first: 59.99999 must not be written as 0:60.
    let hundredths = (secs * 100.0).round();
    let minutes = (hundredths / 6000.0).floor();
    let rest = (hundredths - minutes * 6000.0) / 100.0;
    let width = if places == 0 { 2 } else { places + 3 };
    format!("{minutes:.0}:{rest:0width$.places$}")
}

fn playhead(painter: &Painter, rect: Rect, stage: &Stage<'_>) {
    let x = stage.strip.x(stage.playhead);
    if !rect.expand(8.0).x_range().contains(x) {
        return;
    }
    painter.vline(x, rect.y_range(), Stroke::new(1.5, stage.tokens.playhead));
    let corners = [
        pos2(x - 6.0, rect.top()),
        pos2(x + 6.0, rect.top()),
        pos2(x + 6.0, rect.top() + 6.0),
        pos2(x, rect.top() + 12.0),
        pos2(x - 6.0, rect.top() + 6.0),
    ];
    painter.add(Shape::convex_polygon(corners.to_vec(), stage.tokens.playhead, Stroke::NONE));
}

#[cfg(test)]
mod tests {
    use super::{has_pick_up, secs_text};
    use protocol::{MeasureView, ScoreView};

    #[test]
    fn a_short_first_bar_is_a_pick_up() {
        let score = |end_quarters| {
            let measure = MeasureView {
                start_quarters: 0.0,
                end_quarters,
                number: "0".to_owned(),
                pass: 1,
                metre: (6, 8),
                beat_quarters: 1.5,
            };
            ScoreView { measures: vec![measure], ..ScoreView::default() }
        };
        assert!(has_pick_up(&score(0.5)));
        assert!(!has_pick_up(&score(3.0)));
        assert!(!has_pick_up(&ScoreView::default()));
    }

    #[test]
    fn moments_are_written_as_a_clock_does() {
        assert_eq!(secs_text(0.0, 1.0), "0:00");
        assert_eq!(secs_text(59.999999, 0.1), "1:00.0");
        assert_eq!(secs_text(61.5, 0.5), "1:01.5");
        assert_eq!(secs_text(600.0, 60.0), "10:00");
    }
}
