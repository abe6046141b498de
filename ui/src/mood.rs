//! What a mood means, under its field: asked of the shell after a pause in typing, shown compactly.

use std::time::Duration;

use egui::{
    Align, FontId, Label, Layout, Response, RichText, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo, pos2,
    vec2,
};
use protocol::{Addition, Bars, Command, MoodArrow, MoodCue, MoodSpan, MoodView, Presence, ScoreView};

use crate::centre::cached::Cached;
use crate::controls;
use crate::theme::{self, Tokens, space};
use crate::{Model, Outbox, additions, words};

/// A pause in typing before the shell is asked.
const PAUSE_SECS: f64 = 0.25;
/// More moods than this are scrolled.
const MOST_IN_VIEW: usize = 3;
/// Height of the list that is scrolled.
const LIST_HEIGHT: f32 = 150.0;
/// What changes by less than this, in deviations between pianists, is hardly heard.
const HARDLY_HEARD: f64 = 0.25;

/// What sureness is.
const SURENESS: &str = "How often moods that are read like this one are understood as people mean them";

/// What the shell is asked about.
#[derive(Clone, Debug, Default, PartialEq)]
struct MoodQuery {
    text: String,
    bars: Option<Bars>,
    /// Another piece is another question, and so is another reader: the revision of the score, and whether whole
    /// phrases are read.
    about: (u64, bool),
}

impl MoodQuery {
    fn is(&self, text: &str, bars: Option<&Bars>, about: (u64, bool)) -> bool {
        // Nothing means the same everywhere.
        let is_silent = text.is_empty() && self.text.is_empty();
        is_silent || self.text == text && self.bars.as_ref() == bars && self.about == about
    }
}

/// Asks what the mood in the field means, each question once.
#[derive(Debug, Default)]
pub struct Meaning {
    asked: MoodQuery,
    /// The question that waits for the pause, and since when.
    waiting: Option<(MoodQuery, f64)>,
    is_hurried: bool,
    /// Which spans of the answer are shown, by the answer and the score that it is about.
    shown: Cached<(u64, u64), Vec<usize>>,
}

impl Meaning {
    /// The next question need not wait: nobody is typing.
    pub fn hurry(&mut self) {
        self.is_hurried = true;
    }

    /// Asks about a text if it is not the last one asked about and nothing has changed for a moment.
    pub fn ask(&mut self, ui: &Ui, text: &str, bars: Option<&Bars>, model: &Model, out: &mut Outbox) {
        let about = (model.score_revision, model.settings.additions.text_encoder == Presence::There);
        let is_hurried = std::mem::take(&mut self.is_hurried) || text.is_empty();
        if self.asked.is(text, bars, about) {
            self.waiting = None;
            return;
        }
        let now = ui.input(|i| i.time);
        let since = match &self.waiting {
            Some((question, since)) if question.is(text, bars, about) => *since,
            _ => {
                let bars = bars.filter(|_| !text.is_empty()).cloned();
                let question = MoodQuery { text: text.to_owned(), bars, about };
                self.waiting = Some((question, now));
                now
            }
        };
        let rest = PAUSE_SECS - (now - since);
        if rest > 0.0 && !is_hurried {
            ui.ctx().request_repaint_after(Duration::from_secs_f64(rest));
        } else if let Some((question, _)) = self.waiting.take() {
            out.send(Command::ReadMood { text: question.text.clone(), bars: question.bars.clone() });
            self.asked = question;
        }
    }

    /// Shows the last answer; faintly while the next is on its way.
    pub fn show(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        let Some(view) = model.mood.as_ref().filter(|_| !self.asked.text.is_empty()) else { return };
        let key = (model.mood_revision, model.score_revision);
        let shown = self.shown.get(key, |_| without_passes(&view.spans, &model.score));
        ui.scope(|ui| {
            if self.waiting.is_some() || view.text != self.asked.text {
                ui.multiply_opacity(0.5);
            }
            answer(ui, view, shown, &model.score);
            if view.note.is_some() {
                additions::get_ui(ui, Addition::TextEncoder, model, out);
            }
        });
    }
}

fn answer(ui: &mut Ui, view: &MoodView, shown: &[usize], score: &ScoreView) {
    ui.spacing_mut().item_spacing.y = 1.0;
    ui.spacing_mut().interact_size.y = 17.0;
    let tokens = theme::of(ui);
    let list = |ui: &mut Ui| {
        for span in shown.iter().filter_map(|k| view.spans.get(*k)) {
            let bars = words::bars_of_mood(score, &view.spans, span);
            let is_whole = span.bars == (0..score.measures.len());
            mood(ui, span, (!is_whole).then_some(bars));
        }
    };
    if shown.len() > MOST_IN_VIEW {
        let area = ScrollArea::vertical().id_salt("moods").max_height(LIST_HEIGHT);
        area.auto_shrink([false, true]).show(ui, list);
    } else {
        list(ui);
    }
    if let Some(problem) = &view.problem {
        ui.label(RichText::new(problem).size(12.0).color(tokens.warning));
    }
    if let Some(note) = &view.note {
        controls::weak(ui, note);
    }
}

/// Each mood once, by its place in the answer, however often its bars are repeated.
fn without_passes(spans: &[MoodSpan], score: &ScoreView) -> Vec<usize> {
    let number = |measure: usize| score.measures.get(measure).map(|m| m.number.as_str());
    let printed = |span: &MoodSpan| (number(span.bars.start), number(span.bars.end.saturating_sub(1)));
    let is_same = |a: &MoodSpan, b: &MoodSpan| a.text == b.text && printed(a) == printed(b);
    let mut kept: Vec<usize> = Vec::new();
    for (k, span) in spans.iter().enumerate() {
        if !kept.iter().any(|&known| is_same(&spans[known], span)) {
            kept.push(k);
        }
    }
    kept
}

/// A mood: its words and how sure they are, its bars if it is not for all, what it changes, what is not known.
fn mood(ui: &mut Ui, span: &MoodSpan, bars: Option<String>) {
    let tokens = theme::of(ui);
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let (words, color) = sureness(span.sureness, tokens);
            let badge = controls::badge(ui, words, color);
            badge.on_hover_ui(|ui| {
                ui.set_max_width(ui.spacing().tooltip_width);
                ui.label(sureness_hint(span));
                ui.weak(SURENESS);
            });
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                let words = RichText::new(&span.text).size(12.5).color(tokens.strong);
                ui.add(Label::new(words).truncate()).on_hover_text(&span.text);
            });
        });
    });
    ui.scope(|ui| {
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.spacing_mut().interact_size.y = 15.0;
        ui.horizontal_wrapped(|ui| {
            if let Some(bars) = bars {
                controls::weak(ui, words::capitalised(&bars));
            }
            for arrow in &span.arrows {
                arrow_ui(ui, arrow).on_hover_text(arrow_hint(arrow));
            }
        });
        for word in &span.unknown {
            let words = format!("“{word}” is not known");
            ui.label(RichText::new(words).size(12.0).color(tokens.warning));
        }
    });
    ui.add_space(space::MEDIUM);
}

/// How sure, in a word and its colour.
pub fn sureness(sureness: f64, tokens: &Tokens) -> (&'static str, egui::Color32) {
    if sureness >= 0.75 {
        ("Sure", tokens.success)
    } else if sureness >= 0.45 {
        ("Rather sure", tokens.text)
    } else {
        ("A guess", tokens.warning)
    }
}

/// `70 % sure, nearest: sad 60 %, longing 20 %`.
pub fn sureness_hint(span: &MoodSpan) -> String {
    let percent = |share: f64| format!("{:.0} %", share.clamp(0.0, 1.0) * 100.0);
    let sure = format!("{} sure", percent(span.sureness));
    let nearest = span.nearest.iter().map(|(name, share)| format!("{name} {}", percent(*share)));
    let nearest = nearest.collect::<Vec<_>>().join(", ");
    if nearest.is_empty() { sure } else { format!("{sure}, nearest: {nearest}") }
}

/// What changes, in a word with an arrow: up for more, down for less; weak if it is hardly heard.
pub fn arrow_ui(ui: &mut Ui, arrow: &MoodArrow) -> Response {
    let (more, less) = match arrow.what {
        MoodCue::Tempo => ("faster", "slower"),
        MoodCue::Dynamics => ("louder", "softer"),
        MoodCue::Articulation => ("more legato", "more detached"),
        MoodCue::Pedal => ("more pedal", "less pedal"),
        MoodCue::Rubato => ("freer", "steadier"),
    };
    let (words, sign) = if arrow.is_more { (more, -1.0) } else { (less, 1.0) };
    let tokens = theme::of(ui);
    let is_heard = arrow.deviations.abs() >= HARDLY_HEARD;
    let color = if is_heard { tokens.text } else { tokens.weak };
    let galley = ui.painter().layout_no_wrap(words.to_owned(), FontId::proportional(12.0), color);
    let (rect, response) = ui.allocate_exact_size(galley.size() + vec2(11.0, 0.0), Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), words));
    let painter = ui.painter();
    // The fonts have no arrows.
    let ink = Stroke::new(1.4, if is_heard { tokens.accent_text } else { tokens.weak });
    let (x, y) = (rect.left() + 4.0, rect.center().y + 0.5);
    let tip = pos2(x, y + sign * 4.0);
    painter.line_segment([pos2(x, y - sign * 4.0), tip], ink);
    for side in [-3.0, 3.0] {
        painter.line_segment([pos2(x + side, y + sign), tip], ink);
    }
    painter.galley(pos2(rect.left() + 11.0, rect.top()), galley, color);
    response
}

fn arrow_hint(arrow: &MoodArrow) -> String {
    let what = match arrow.what {
        MoodCue::Tempo => "Tempo",
        MoodCue::Dynamics => "Dynamics",
        MoodCue::Articulation => "Articulation",
        MoodCue::Pedal => "Pedal",
        MoodCue::Rubato => "Rubato",
    };
    let deviations = arrow.deviations.abs();
    format!("{what}: at a strength of 100 % by {deviations:.1} times what pianists usually differ by")
}
