//! The compare view: two versions side by side over the bars of the score.
//!
//! | module | what it shows |
//! | --- | --- |
//! | [`curves`] | tempo, dynamics, articulation and pedal of both versions over the bars |
//! | [`trajectory`] | tempo against loudness as a path, and where the playhead is on it |
//! | [`agreement`] | how well they agree on the whole, in words |
//! | [`table`] | the same in numbers, a row for each bar |

mod agreement;
mod curves;
mod look;
mod table;
mod trajectory;

use egui::{Align, Layout, Rect, RichText, Sense, Stroke, Ui, UiBuilder, pos2, vec2};
use egui_plot::LineStyle;
use protocol::{Command, CompareView, PlayState, VersionId};

use crate::centre::axis::Clock;
use crate::centre::cached::Cached;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, controls, words};
use look::{Look, looks};

/// Height of the row with names and loudness.
const HEADER_HEIGHT: f32 = 44.0;

/// How much of the height beside the curves the path has if there are words below it.
const PATH_SHARE: f32 = 0.58;

/// What is kept of the compare view from frame to frame.
#[derive(Clone, Debug, Default)]
pub struct Compare {
    /// What is drawn, made from the comparison and the score, which has the beat.
    drawn: Cached<(u64, u64), Drawn>,
}

/// What is drawn of a comparison.
#[derive(Clone, Debug)]
struct Drawn {
    curves: Vec<curves::Shape>,
    paths: trajectory::Paths,
}

impl Compare {
    /// Draws the compare view into a rectangle; `clock` is that of the version heard. Gives the command
    /// that was clicked.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        whole: Rect,
        model: &Model,
        clock: &Clock,
        out: &mut Outbox,
    ) -> Option<UiCommand> {
        let Some(view) = model.comparison.as_ref().filter(|v| !v.bars.is_empty()) else {
            return show(ui, whole, model, None, out);
        };
        let beat = &model.score.beat;
        let drawn = self.drawn.get((model.comparison_revision, model.score_revision), |_| Drawn {
            curves: curves::shapes(view, beat),
            paths: trajectory::Paths::new(view, beat),
        });
        show(ui, whole, model, Some((view, drawn, clock)), out)
    }
}

fn show(
    ui: &mut Ui,
    whole: Rect,
    model: &Model,
    shown: Option<(&CompareView, &Drawn, &Clock)>,
    out: &mut Outbox,
) -> Option<UiCommand> {
    let tokens = theme::of(ui);
    ui.painter().rect_filled(whole, 0, tokens.panel);
    let header = Rect::from_min_size(whole.min, vec2(whole.width(), HEADER_HEIGHT));
    let body = Rect::from_min_max(pos2(whole.left(), header.bottom()), whole.max);
    let mut asked = None;
    inside(ui, header.shrink2(vec2(12.0, 4.0)), "header", Layout::left_to_right(Align::Center), |ui| {
        asked = header_ui(ui, model);
    });
    ui.painter().hline(whole.x_range(), header.bottom(), Stroke::new(1.0, tokens.border));
    let Some((view, drawn, clock)) = shown else {
        inside(ui, body, "nothing", Layout::top_down(Align::Center), |ui| nothing_ui(ui, model, out));
        return asked;
    };
    let playhead = playhead_quarters(ui, model, clock);
    // Curves and path above, numbers below.
    let table_height = (body.height() * 0.36).clamp(90.0, 320.0).min(body.height() * 0.5);
    let split_y = body.bottom() - table_height;
    let split_x = body.left() + body.width() * 0.62;
    let rect =
        |x0: f32, y0: f32, x1: f32, y1: f32| Rect::from_min_max(pos2(x0, y0), pos2(x1, y1)).shrink(8.0);
    let layout = Layout::top_down(Align::Min);
    inside(ui, rect(body.left(), body.top(), split_x, split_y), "curves", layout, |ui| {
        curves::show(ui, view, &model.score.beat, &drawn.curves, playhead, out);
    });
    let words = &view.agreement.words;
    let words_y = if words.is_empty() { split_y } else { body.top() + (split_y - body.top()) * PATH_SHARE };
    inside(ui, rect(split_x, body.top(), body.right(), words_y), "trajectory", layout, |ui| {
        trajectory::show(ui, view, &model.score.beat, &drawn.paths, playhead);
    });
    if !words.is_empty() {
        inside(ui, rect(split_x, words_y, body.right(), split_y), "agreement", layout, |ui| {
            agreement::show(ui, words);
        });
    }
    ui.painter().hline(whole.x_range(), split_y, Stroke::new(1.0, tokens.border));
    inside(ui, rect(body.left(), split_y, body.right(), body.bottom()), "table", layout, |ui| {
        table::show(ui, view, &model.score.beat, playhead, out);
    });
    asked
}

fn inside(ui: &mut Ui, rect: Rect, name: &str, layout: Layout, add: impl FnOnce(&mut Ui)) {
    ui.scope_builder(UiBuilder::new().max_rect(rect).id_salt(name).layout(layout), |ui| {
        ui.set_clip_rect(rect.intersect(ui.clip_rect()));
        add(ui);
    });
}

/// Where in the score the playhead is, moving between two words of the shell.
fn playhead_quarters(ui: &Ui, model: &Model, clock: &Clock) -> f64 {
    let transport = &model.transport;
    let is_heard = model.listening().is_some_and(|v| v.id == transport.version);
    if is_heard && transport.state == PlayState::Playing {
        clock.quarters_at(model.playhead_secs(ui.input(|i| i.time)))
    } else {
        transport.position_quarters
    }
}

fn header_ui(ui: &mut Ui, model: &Model) -> Option<UiCommand> {
    let tokens = theme::of(ui);
    if let Some(view) = &model.comparison {
        for k in 0..2 {
            name_ui(ui, view, k);
            ui.add_space(space::LARGE);
        }
    } else {
        ui.label(RichText::new("Compare").size(15.0).color(tokens.strong));
    }
    let mut asked = None;
    ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
        let back = ui.button("Back to the piece");
        let hint = || format!("Show the notes again ({})", UiCommand::CompareView.shortcut_text(ui.ctx()));
        if controls::hint(back, hint).clicked() {
            asked = Some(UiCommand::CompareView);
        }
    });
    asked
}

/// A version's line, its name and how loud it is on the whole.
fn name_ui(ui: &mut Ui, view: &CompareView, k: usize) {
    let tokens = theme::of(ui);
    let look = looks(tokens)[k];
    let (rect, _) = ui.allocate_exact_size(vec2(26.0, 12.0), Sense::hover());
    swatch(ui, rect, look);
    ui.label(RichText::new(&view.names[k]).size(14.0).color(tokens.strong));
    let label = |ui: &mut Ui, text: String| ui.label(RichText::new(text).size(12.0).color(tokens.weak));
    let (own, other) = (view.loudness_lufs[k], view.loudness_lufs[1 - k]);
    match (own, other) {
        (Some(own), Some(other)) => {
            label(ui, louder(own - other)).on_hover_text(format!(
                "How loud it is on the whole, against the other: 1 dB is just noticed, 10 dB sound twice as loud \
                 (measured: {own:.1} and {other:.1} LUFS)"
            ));
        }
        (Some(own), None) => {
            let text = format!("How loud the other is is not known (measured of this one: {own:.1} LUFS)");
            label(ui, "Loudness".to_owned()).on_hover_text(text);
        }
        (None, _) => {
            label(ui, "Loudness unknown".to_owned());
        }
    }
}

/// How many decibels louder a version is than the other, in words.
fn louder(db: f64) -> String {
    match db.round() {
        db if db > 0.0 => format!("{db:.0} dB louder"),
        db if db < 0.0 => format!("{:.0} dB softer", -db),
        _ => "as loud as the other".to_owned(),
    }
}

/// A piece of a version's line.
fn swatch(ui: &Ui, rect: Rect, look: Look) {
    let y = rect.center().y;
    let stroke = Stroke::new(look.width + 1.0, look.color);
    if let LineStyle::Dashed { .. } = look.style {
        let third = rect.width() / 3.0;
        ui.painter().hline(rect.left()..=rect.left() + third, y, stroke);
        ui.painter().hline(rect.right() - third..=rect.right(), y, stroke);
    } else {
        ui.painter().hline(rect.x_range(), y, stroke);
    }
}

/// How to choose what to compare with.
fn nothing_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    let tokens = theme::of(ui);
    ui.add_space(ui.available_height() * 0.25);
    if model.project.as_ref().is_some_and(|p| p.compared.is_some()) {
        ui.spinner();
        ui.add_space(space::MEDIUM);
        ui.label(RichText::new("Comparing…").color(tokens.weak));
        return;
    }
    ui.label(RichText::new("Nothing to compare with yet").size(19.0).color(tokens.strong));
    ui.add_space(space::MEDIUM);
    let listening = model.project.as_ref().map(|p| p.listening).unwrap_or_default();
    let takes = model.project.iter().flat_map(|p| &p.takes).map(|t| t.id);
    let others: Vec<VersionId> =
        std::iter::once(VersionId::Deadpan).chain(takes).filter(|id| *id != listening).collect();
    let heard = words::version(model.project.as_ref(), listening);
    ui.label(
        RichText::new(format!("You hear {heard}. Choose the version to compare it with")).color(tokens.text),
    );
    ui.add_space(space::MEDIUM);
    for id in others.into_iter().take(8) {
        if ui
            .add(egui::Button::new(words::version(model.project.as_ref(), id)).min_size(vec2(200.0, 0.0)))
            .clicked()
        {
            out.send(Command::Compare(Some(id)));
        }
    }
}
