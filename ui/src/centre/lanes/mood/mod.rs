//! The mood lane: a block for each mood of the field, over its bars, and below them what the version heard
//! was performed with.
//!
//! The lane is a view of the text. A border that is dragged, words that are changed and a mood that
//! is added or taken away become a new text with the score's bar numbers; what that means is asked
//! again like anything typed. Until the answer comes the lane shows what was done.

mod editor;
mod heard;
mod layout;
mod paint;

use egui::{CursorIcon, Painter, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};
use protocol::MoodSpan;

use super::place::LaneRect;
use crate::Model;
use crate::centre::cached::Cached;
use crate::centre::drive::{Drag, drive};
use crate::centre::gestures::{DragMood, Gesture};
use crate::centre::stage::{Stage, Touch};
use crate::phrases::{Phrase, Printed};
use crate::{mood as meaning, words};
use editor::{Asked, Editor};
pub use heard::HEIGHT as HEARD_HEIGHT;
use layout::{Block, Handle, Layout, LayoutKey};

/// How near to a border it is taken hold of.
const REACH_POINTS: f32 = 6.0;
/// How long the shell may take to say what a new text means; the first time it has to read words in.
const PATIENCE_SECS: f64 = 3.0;

/// What the pointer tells over a mood.
const HINT: &str = "The mood of the field at the right: what would be performed; what the take heard was \
    performed with is in a row of its own. Drag a border to other bars, double-click to change words, drag over \
    empty bars for a new mood";

/// The mood lane's own memory.
#[derive(Clone, Debug, Default)]
pub struct MoodLane {
    /// The score and the answer that the next two are made from.
    made_from: (u64, u64),
    printed: Printed,
    phrases: Vec<Phrase>,
    layout: Cached<LayoutKey, Layout>,
    picture: paint::Picture,
    /// Phrases that the shell has not answered for yet, since when.
    pending_edit: Option<(Vec<Phrase>, f64)>,
    editor: Option<Editor>,
}

impl MoodLane {
    /// Whether its card is open.
    pub fn has_card(&self) -> bool {
        self.editor.is_some()
    }

    /// Takes in a new answer. Gives whether there is a mood to show.
    pub fn take_in(&mut self, model: &Model) -> bool {
        let spans = model.mood.as_ref().map_or(&[][..], |m| &m.spans[..]);
        let now = (model.score_revision, model.mood_revision);
        if self.made_from != now {
            if self.made_from.0 != now.0 {
                self.printed = Printed::new(&model.score.measures);
                self.editor = None;
            }
            self.made_from = now;
            self.phrases = self.printed.phrases(spans);
            self.pending_edit = None;
        }
        !spans.is_empty()
    }

    /// Draws the blocks and follows the mouse.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        place: LaneRect,
        stage: &Stage<'_>,
        touch: &mut Touch<'_>,
    ) -> Response {
        let rect = heard::show(ui, place, stage);
        let response = ui.interact(rect, ui.scope_id().with("mood lane"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Mood lane"));
        self.pending_edit = self.pending_edit.take().filter(|s| stage.now_secs - s.1 < PATIENCE_SECS);

        let handle = self.handle_at(&response, stage);
        self.click(&response, stage);
        self.drag(ui, &response, stage, touch);
        self.edit(ui, &response, stage, touch);

        let preview = self.preview(touch);
        let spans = stage.model.mood.as_ref().map_or(&[][..], |m| &m.spans[..]);
        let key = (stage.scene.revision, stage.model.mood_revision, preview);
        let printed = &self.printed;
        let phrases = &self.phrases;
        let layout = self.layout.get(key.clone(), |key| match &key.2 {
            Some(shown) => Layout::of_phrases(shown, spans, printed, &stage.scene.bars),
            None => Layout::of_spans(spans, phrases, printed, &stage.scene.bars),
        });
        let painter = ui.painter_at(rect);
        self.picture.draw(&painter, rect, layout, key, stage);
        name_blocks(ui, rect, layout, spans, stage);
        name_handles(ui, rect, layout, printed, stage);
        self.mark(&painter, rect, response.interact_pointer_pos(), stage, touch);
        if let Some(handle) = handle {
            paint::handle(&painter, rect, stage.strip.x(handle.unit), stage.tokens.selection_edge);
            return response.on_hover_and_drag_cursor(CursorIcon::ResizeHorizontal);
        }
        response
    }

    /// The phrases as they were last changed, whether the shell has answered for them or not.
    fn current(&self) -> &[Phrase] {
        self.pending_edit.as_ref().map_or(&self.phrases, |s| &s.0)
    }

    /// Marks the bars of a mood that is new or being edited, and says where a border is dragged to.
    fn mark(&self, painter: &Painter, rect: Rect, at: Option<Pos2>, stage: &Stage<'_>, touch: &Touch<'_>) {
        let drag = match touch.gesture.as_ref() {
            Some(Gesture::Mood(drag)) => Some(drag),
            _ => None,
        };
        let bars = drag.map_or_else(|| self.editor.as_ref().map(Editor::bars), DragMood::new_bars);
        for run in bars.iter().flat_map(|bars| self.printed.runs(bars)) {
            paint::marked(painter, rect, &run, stage);
        }
        let (Some(drag), Some(at)) = (drag, at) else { return };
        let handles = self.layout.current().map_or(&[][..], |l| &l.handles[..]);
        for handle in handles.iter().filter(|h| Some(h.line) == drag.line()) {
            paint::handle(painter, rect, stage.strip.x(handle.unit), stage.tokens.drawn);
        }
        let text = match (drag.line(), bars) {
            (Some(line), _) => {
                self.printed.number_after(line).map_or("end".to_owned(), |n| format!("bar {n}"))
            }
            (None, Some(bars)) => self.printed.words_for(&bars).unwrap_or_default(),
            (None, None) => return,
        };
        paint::beside(painter, rect, at, text, stage.tokens);
    }

    /// The border under the pointer, while nothing is being dragged.
    fn handle_at(&self, response: &Response, stage: &Stage<'_>) -> Option<Handle> {
        let pos = response.hover_pos().filter(|_| !response.dragged() && self.editor.is_none())?;
        self.handle_near(pos, stage)
    }

    /// The border near a place. Where two meet, each is taken hold of from its own side.
    fn handle_near(&self, pos: Pos2, stage: &Stage<'_>) -> Option<Handle> {
        let handles = self.layout.current().map_or(&[][..], |l| &l.handles[..]);
        let distance = |h: &Handle| {
            let x = stage.strip.x(h.unit);
            let other_side = if h.is_end { pos.x > x } else { pos.x < x };
            (x - pos.x).abs() + if other_side { 0.5 } else { 0.0 }
        };
        let near = handles.iter().copied().filter(|h| (stage.strip.x(h.unit) - pos.x).abs() <= REACH_POINTS);
        near.min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The printed bar at a place.
    fn bar_at(&self, x: f32, stage: &Stage<'_>) -> Option<usize> {
        self.printed.place_of(stage.scene.bar_at(stage.strip.unit(x))?)
    }

    /// Double click and right click open the editor.
    fn click(&mut self, response: &Response, stage: &Stage<'_>) {
        if !(response.double_clicked() || response.secondary_clicked()) {
            return;
        }
        let Some(pos) = response.interact_pointer_pos() else { return };
        let Some(bar) = self.bar_at(pos.x, stage) else { return };
        let phrases = self.current();
        let phrase = phrases.iter().position(|p| p.bars.contains(&bar));
        let under = pos2(pos.x, response.rect.bottom());
        self.editor = Some(match phrase {
            Some(k) => Editor::change(phrases, k, bar, under),
            None => Editor::new(phrases, bar..bar + 1, under),
        });
    }

    fn drag(&mut self, ui: &Ui, response: &Response, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        match drive(ui, response) {
            Drag::Begun { from, at } => {
                let count = self.printed.count();
                let gesture = match self.handle_near(from, stage) {
                    Some(handle) => DragMood::border(self.current(), handle.line, count),
                    None => {
                        let bar = self.bar_at(from.x, stage);
                        bar.and_then(|bar| DragMood::over(self.current(), bar, count))
                    }
                };
                self.editor = None;
                *touch.gesture = gesture.map(Gesture::Mood);
                self.follow(at.x, stage, touch);
            }
            Drag::Going(at) => self.follow(at.x, stage, touch),
            Drag::Done(at) => {
                self.follow(at.x, stage, touch);
                if let Some(Gesture::Mood(drag)) = touch.gesture.take() {
                    match drag.new_bars() {
                        Some(bars) => {
                            self.editor =
                                Some(Editor::new(self.current(), bars, pos2(at.x, response.rect.bottom())))
                        }
                        None if drag.has_moved() => self.write(drag.phrases(), stage, touch),
                        None => {}
                    }
                }
            }
            Drag::None => {}
        }
    }

    fn follow(&self, x: f32, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        let Some(Gesture::Mood(drag)) = touch.gesture.as_mut() else { return };
        let line = layout::nearest_line(&stage.scene.bars, stage.strip.unit(x));
        if let (Some(bar), Some(lines)) = (self.bar_at(x, stage), self.printed.lines_at(line)) {
            drag.follow(bar, lines);
        }
    }

    /// The editor, while it is open.
    fn edit(&mut self, ui: &Ui, response: &Response, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        let Some(editor) = &mut self.editor else { return };
        match editor.show(ui, response, &self.printed) {
            Asked::Nothing => {}
            Asked::Close => self.editor = None,
            Asked::Write(change) => {
                let phrases = editor.changed(change);
                self.editor = None;
                self.write(phrases, stage, touch);
            }
        }
    }

    /// Puts phrases into the field as a text, and shows them until they are understood.
    fn write(&mut self, phrases: Vec<Phrase>, stage: &Stage<'_>, touch: &mut Touch<'_>) {
        touch.out.set_mood(self.printed.text(&phrases));
        self.pending_edit = Some((phrases, stage.now_secs));
    }

    /// What is shown in the place of the answer: a drag, or what the shell has yet to answer for.
    fn preview(&self, touch: &Touch<'_>) -> Option<Vec<Phrase>> {
        match touch.gesture.as_ref() {
            Some(Gesture::Mood(drag)) if drag.has_moved() => Some(drag.phrases()),
            _ => self.pending_edit.as_ref().map(|s| s.0.clone()),
        }
    }
}

/// Gives each block in view its name, for the pointer, screen readers and tests.
fn name_blocks(ui: &Ui, rect: Rect, layout: &Layout, spans: &[MoodSpan], stage: &Stage<'_>) {
    for (k, block) in layout.in_view(stage.strip) {
        let place = block.rect(rect, &stage.strip).intersect(rect);
        if place.width() < 1.0 {
            continue;
        }
        let response = ui.interact(place, ui.scope_id().with(("mood", k)), Sense::hover());
        let bars = || words::bars_and_pass(&stage.model.score, &block.bars);
        response.widget_info(|| {
            WidgetInfo::labeled(Role::Label, true, format!("Mood {}: {}", bars(), block.words))
        });
        response.on_hover_ui_at_pointer(|ui| tooltip(ui, block, &bars(), spans));
    }
}

fn tooltip(ui: &mut Ui, block: &Block, bars: &str, spans: &[MoodSpan]) {
    ui.set_max_width(320.0);
    ui.strong(format!("{} · {bars}", block.words));
    if let Some(span) = block.like.and_then(|k| spans.get(k)) {
        ui.label(meaning::sureness_hint(span));
        ui.horizontal_wrapped(|ui| {
            for arrow in &span.arrows {
                meaning::arrow_ui(ui, arrow);
            }
        });
    }
    ui.weak(HINT);
}

/// Gives each border in view its name.
fn name_handles(ui: &Ui, rect: Rect, layout: &Layout, printed: &Printed, stage: &Stage<'_>) {
    for (k, handle) in layout.handles.iter().enumerate() {
        let x = stage.strip.x(handle.unit);
        if !rect.x_range().contains(x) {
            continue;
        }
        let place = Rect::from_center_size(pos2(x, rect.center().y), vec2(2.0, rect.height()));
        let response = ui.interact(place, ui.scope_id().with(("mood border", k)), Sense::hover());
        response.widget_info(|| {
            let name = match printed.number_after(handle.line) {
                Some(number) => format!("Mood border at bar {number}"),
                None => "Mood border at the end".to_owned(),
            };
            WidgetInfo::labeled(Role::Splitter, true, name)
        });
    }
}
