//! The centre of the window: ruler, keyboard, piano roll and lanes on one time axis, or the compare
//! view.
//!
//! | module | what it is |
//! | --- | --- |
//! | [`axis`], [`pitches`] | where a moment and a pitch are on the screen |
//! | [`scene`] | everything drawn, in units of the axis, worked out once |
//! | [`stage`] | what every part sees and may change in a frame |
//! | [`ruler`], [`keyboard`], [`roll`], [`lanes`], [`page`] | the parts |
//! | `panes`, `paging` | which of page and roll are there, and what concerns the page |
//! | [`gestures`] | what a hand does with the mouse, as state machines |
//! | `moving`, [`wheel`], [`follow`] | how the view moves |
//! | `kept` | what a project keeps of the view |
//! | `slip_marks` | which slips of a recording are marked, on roll and page |
//! | `letters` | whether single letters are for the centre |
//! | `pins`, `bars_menu` | entries of the menus of the right button |
//! | [`compare`] | the compare view |

pub mod axis;
mod bars_menu;
pub(crate) mod cached;
pub mod compare;
mod drive;
pub mod follow;
pub mod gestures;
mod kept;
pub mod keyboard;
pub mod lanes;
mod letters;
mod moving;
pub mod page;
mod paging;
mod paint;
mod panes;
mod pins;
pub mod pitches;
pub mod roll;
pub mod ruler;
mod scale;
pub mod scene;
mod slip_marks;
mod smoothed;
pub mod stage;
mod static_plot;
mod toolbar;
pub mod wheel;

use egui::{Key, Rect, Sense, Stroke, Ui, pos2};
use protocol::{Bars, Command, Panes, PlayState, VersionId, ViewState};

use crate::keys::KeyContext;
use crate::remember::Remember;
use crate::theme;
use crate::{Model, Outbox, UiCommand};
use axis::{Clock, Strip, TimeAxis};
use compare::Compare;
use follow::Follow;
use gestures::Gesture;
use keyboard::Keyboard;
use lanes::{LaneKind, Lanes};
use letters::Letters;
use page::Page;
use panes::Split;
use pitches::PitchAxis;
use roll::Roll;
use scene::Scene;
use stage::{PendingEdit, Selection, Stage, Tool, Touch};
use toolbar::Shown;
use wheel::Wheel;

/// Width of keyboard, names and scales at the left.
const GUTTER: f32 = 84.0;
/// The roll is not pushed below this height by lanes.
const LEAST_ROLL: f32 = 110.0;
/// A step of the zoom commands.
const ZOOM_STEP: f64 = 1.5;

/// The centre of the window.
#[derive(Clone, Debug, Default)]
pub struct Centre {
    axis: TimeAxis,
    pitches: PitchAxis,
    follow: Follow,
    scene: Scene,
    selection: Selection,
    tool: Tool,
    gesture: Option<Gesture>,
    /// What was selected before the gesture, for when it is let go.
    before: Selection,
    pending_edit: Option<PendingEdit>,
    roll: Roll,
    keyboard: Keyboard,
    lanes: Lanes,
    split: Split,
    /// What was shown last.
    shown_panes: Panes,
    page: Page,
    wheel: Wheel,
    letters: Letters,
    remember: Remember<ViewState>,
    compare: Compare,
    is_comparing: bool,
    /// The document that is shown; see [`protocol::ProjectView::opening`].
    opening: Option<u64>,
    /// The document whose views of page and roll came back.
    page_restored: Option<u64>,
    /// The document whose pitches were put in view.
    pitches_of: Option<u64>,
    score_revision: u64,
    clock_of: Option<(VersionId, u64)>,
}

/// Where the parts are.
#[derive(Clone, Copy, Debug)]
struct Places {
    corner: Rect,
    ruler: Rect,
    keyboard: Rect,
    roll: Rect,
    lanes: Rect,
}

impl Centre {
    /// Draws the centre into what is left of `ui` and follows keys and mouse.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        let whole = ui.available_rect_before_wrap();
        ui.allocate_rect(whole, Sense::hover());
        self.letters.place(whole);
        self.take_in(model);
        if model.project.is_none() {
            self.page.let_go();
        }
        if model.project.is_none() || !whole.is_positive() {
            return;
        }
        // A gesture ends with Esc, and when its part is no longer there to see the button come up.
        let is_over = |i: &egui::InputState| {
            i.key_pressed(Key::Escape) || !(i.pointer.any_down() || i.pointer.any_released())
        };
        if self.gesture.is_some() && ui.input(is_over) {
            self.let_go();
        }
        if self.is_comparing {
            let asked = self.compare.show(ui, whole, model, self.axis.clock(), out);
            if asked == Some(UiCommand::CompareView) {
                self.is_comparing = false;
            }
        } else {
            self.roll_view(ui, whole, model, out);
        }
        self.tell_view(ui, model, out);
        if model.transport.state == PlayState::Playing {
            ui.ctx().request_repaint();
        }
    }

    /// What the keys of this frame are for; asked once, before the frame is drawn.
    pub fn key_context(&mut self, ctx: &egui::Context) -> KeyContext {
        let has_card = self.split.has_roll() && self.lanes.has_card();
        let is_covered = egui::Popup::is_any_open(ctx) || has_card;
        let is_at_notes = self.letters.are_here(ctx);
        KeyContext { is_covered, is_at_notes, may_nudge: is_at_notes || self.letters.were_handed_back() }
    }

    /// The bars selected in the ruler.
    pub fn selected_bars(&self) -> Option<Bars> {
        self.selection.bars.clone()
    }

    /// The notes selected, by their number in the score, in order.
    pub fn selected_notes(&self) -> &[u32] {
        &self.selection.notes
    }

    /// The time axis as it is now.
    pub fn axis(&self) -> &TimeAxis {
        &self.axis
    }

    /// Puts a stretch of the score in view.
    pub fn show_quarters(&mut self, from: f64, to: f64) {
        self.axis.show_quarters(from, to);
    }

    /// The pitches in view.
    pub fn pitches(&self) -> &PitchAxis {
        &self.pitches
    }

    /// Whether something that is on or off here is on; none for what is elsewhere.
    pub fn is_on(&self, command: UiCommand) -> Option<bool> {
        if let Some((tool, _)) = toolbar::TOOLS.iter().find(|t| t.1 == command) {
            return Some(self.tool == *tool);
        }
        match command {
            UiCommand::ToggleAxis => Some(self.axis.in_seconds()),
            UiCommand::ToggleFollow => Some(self.follow.is_on()),
            UiCommand::CompareView => Some(self.is_comparing),
            _ => self.is_view_on(command),
        }
    }

    /// Carries out a command if it belongs here; says whether it did.
    pub fn run(&mut self, command: UiCommand, model: &Model, out: &mut Outbox) -> bool {
        if let Some(&(tool, _)) = toolbar::TOOLS.iter().find(|t| t.1 == command) {
            self.take_tool(tool);
            return true;
        }
        if self.run_for_page(command) {
            return true;
        }
        match command {
            UiCommand::SelectAll => {
                self.scene.refresh(model, &self.axis);
                self.selection.notes = self.scene.heard.all().iter().map(|n| n.note).collect();
                self.selection.notes.sort_unstable();
            }
            UiCommand::Deselect if self.gesture.is_some() => self.let_go(),
            UiCommand::Deselect if self.is_comparing => self.is_comparing = false,
            UiCommand::Deselect => self.selection = Selection::default(),
            UiCommand::PinSelected => self.pin(true, model, out),
            UiCommand::UnpinSelected => self.pin(false, model, out),
            UiCommand::LoopSelection if self.selection.bars.is_some() => {
                out.send(Command::Loop(self.selection.bars.clone()));
            }
            UiCommand::ZoomIn => self.zoom(ZOOM_STEP, model),
            UiCommand::ZoomOut => self.zoom(1.0 / ZOOM_STEP, model),
            UiCommand::ZoomFit => {
                self.axis.fit();
                self.pitches.fit();
                self.follow.let_go();
            }
            UiCommand::ToggleAxis => self.axis.set_in_seconds(!self.axis.in_seconds()),
            UiCommand::ToggleFollow => self.follow.set(!self.follow.is_on()),
            UiCommand::CompareView => self.is_comparing = !self.is_comparing,
            _ => return false,
        }
        true
    }

    fn take_tool(&mut self, tool: Tool) {
        self.tool = tool;
        // The lane that the tool is for has to be there.
        if tool != Tool::Select {
            self.split.need_roll();
        }
        match tool {
            Tool::Select => {}
            Tool::Velocity | Tool::Dynamics => self.lanes.unfold(LaneKind::Velocity),
            Tool::Tempo => self.lanes.unfold(LaneKind::Tempo),
            Tool::Pedal => self.lanes.unfold(LaneKind::Pedal),
        }
    }

    /// The selected notes; without any everything in the selected bars, with the pedal.
    fn pin(&mut self, is_pinned: bool, model: &Model, out: &mut Outbox) {
        let Some(version) = model.listening() else { return };
        let bars = self.selection.bars.as_ref().filter(|_| self.selection.notes.is_empty());
        let kinds = &pins::ALL_KINDS[..if bars.is_some() { 4 } else { 3 }];
        let in_bars = bars.map(|bars| pins::notes_played_in(model, bars));
        let notes = in_bars.as_deref().unwrap_or(&self.selection.notes);
        if !notes.is_empty() {
            pins::set_pins(version.id, notes, kinds, is_pinned, out);
        }
    }

    /// Lets the gesture under way go as if it had never begun.
    fn let_go(&mut self) {
        self.gesture = None;
        self.selection = self.before.clone();
    }

    /// Takes in what the model has that is new: another score, another version, other notes.
    fn take_in(&mut self, model: &Model) {
        let opening = model.project.as_ref().map(|p| p.opening);
        if std::mem::replace(&mut self.opening, opening) != opening {
            self.is_comparing = false;
        }
        let is_new_score = self.score_revision != model.score_revision;
        let version = model.listening();
        let clock_of = version.map(|v| (v.id, v.revision));
        if is_new_score || self.clock_of != clock_of {
            let clock = version.map(|v| Clock::new(&v.clock)).unwrap_or_default();
            let piece = piece_quarters(model, &clock);
            self.axis.set_clock(clock, piece);
            self.clock_of = clock_of;
        }
        if is_new_score {
            self.score_revision = model.score_revision;
            self.page.let_go();
            self.selection = Selection::default();
            self.gesture = None;
            self.pending_edit = None;
            // Variations and other scores of the piece leave the pitches where they are.
            let is_piece = opening.filter(|_| !model.score.measures.is_empty());
            if is_piece.is_none() || std::mem::replace(&mut self.pitches_of, is_piece) != is_piece {
                self.pitches.begin();
            }
            self.axis.fit();
            self.restore(model);
        }
        self.scene.refresh(model, &self.axis);
        self.lanes.take_in(model);
    }

    fn roll_view(&mut self, ui: &mut Ui, whole: Rect, model: &Model, out: &mut Outbox) {
        let (toolbar, body) = whole.split_top_bottom_at_y(whole.top() + toolbar::HEIGHT);
        let on = Shown { tool: self.tool, in_seconds: self.axis.in_seconds(), panes: self.split.panes };
        if let Some(command) = toolbar::show(ui, toolbar, on) {
            self.run(command, model, out);
            self.scene.refresh(model, &self.axis);
        }
        let parts = self.split.parts(body);
        let places = self.places(parts.roll.unwrap_or(body));
        self.notice_pointer(ui, &parts);
        if std::mem::replace(&mut self.shown_panes, self.split.panes) != self.split.panes {
            // The roll has another height, and goes on showing the same pitches.
            self.pitches.keep_middle();
        }
        if parts.roll.is_some() {
            self.pitches.settle(places.roll.height(), self.scene.pitches);
            self.move_by_wheel(ui, &places);
        }
        let is_playing = model.transport.state == PlayState::Playing;
        self.follow.play(is_playing);
        let now = ui.input(|i| i.time);
        let playhead = self.playhead(model, now);
        self.follow.turn(&mut self.axis, playhead, is_playing);
        if self.gesture.is_none() {
            self.before.clone_from(&self.selection);
        }
        self.pending_edit = self.pending_edit.take().filter(|s| s.is_due(model, now));

        let stage = Stage {
            model,
            axis: &self.axis,
            strip: Strip::new(&self.axis, places.roll),
            scene: &self.scene,
            tokens: theme::of(ui),
            playhead,
            tool: self.tool,
            slips: self.page.layers.slips,
            now_secs: now,
        };
        let touch = &mut Touch {
            selection: &mut self.selection,
            gesture: &mut self.gesture,
            pending_edit: &mut self.pending_edit,
            out,
        };
        let is_followed = is_playing && self.follow.is_on();
        let is_page_moved =
            parts.page.is_some_and(|rect| self.page.show(ui, rect, &stage, touch, is_followed));
        if parts.roll.is_some() {
            corner(ui, places.corner);
            let mut pannable = vec![ruler::show(ui, places.ruler, &stage, touch)];
            let roll = self.roll.show(ui, places.roll, &stage, &self.pitches, touch);
            let hovered = self.roll.hovered_pitch;
            self.keyboard.show(ui, places.keyboard, &stage, &self.pitches, hovered, touch);
            let strip = stage.strip;
            pannable.extend(self.lanes.show(ui, places.lanes, places.roll.left(), &stage, touch));
            self.pan(&roll, &pannable, strip);
        }
        self.split.show_line(ui, body);
        if is_page_moved {
            self.follow.let_go();
        }
        if matches!(&self.gesture, Some(g) if !matches!(g, Gesture::Select(_) | Gesture::Bars(_))) {
            self.follow.let_go();
        }
    }

    fn places(&self, whole: Rect) -> Places {
        let ruler_top = whole.top();
        let roll_top = ruler_top + ruler::HEIGHT;
        let lanes = self.lanes.height(whole.bottom() - roll_top - LEAST_ROLL);
        let roll_bottom = (whole.bottom() - lanes).max(roll_top);
        let left = (whole.left() + GUTTER).min(whole.right() - 1.0).round();
        let rect = |x0: f32, y0: f32, x1: f32, y1: f32| Rect::from_min_max(pos2(x0, y0), pos2(x1, y1));
        Places {
            corner: rect(whole.left(), ruler_top, left, roll_top),
            ruler: rect(left, ruler_top, whole.right(), roll_top),
            keyboard: rect(whole.left(), roll_top, left, roll_bottom),
            roll: rect(left, roll_top, whole.right(), roll_bottom),
            lanes: rect(whole.left(), roll_bottom, whole.right(), whole.bottom()),
        }
    }

    /// The unit of the playhead: between two words of the shell it is worked out in seconds.
    fn playhead(&self, model: &Model, now_secs: f64) -> f64 {
        let transport = &model.transport;
        let is_heard = model.listening().is_some_and(|v| v.id == transport.version);
        if transport.state == PlayState::Playing && is_heard {
            self.axis.unit_of_secs(model.playhead_secs(now_secs))
        } else {
            self.axis.unit_of_quarters(transport.position_quarters)
        }
    }
}

/// First and last place of the score and of the notes of the version heard, which may ring on behind
/// the last bar.
fn piece_quarters(model: &Model, clock: &Clock) -> (f64, f64) {
    let (mut first, mut last) = (0.0_f64, model.score.end_quarters);
    for note in model.listening().iter().flat_map(|v| &v.performance.notes) {
        first = first.min(clock.quarters_at(note.onset_secs));
        last = last.max(clock.quarters_at(note.onset_secs + note.duration_secs));
    }
    (first, last)
}

/// What the two rows of the ruler are.
fn corner(ui: &Ui, rect: Rect) {
    let tokens = theme::of(ui);
    let painter = ui.painter_at(rect);
    painter.rect_filled(rect, 0, tokens.ruler);
    for (y, text) in [(rect.top() + 14.0, "Bar"), (rect.bottom() - 9.0, "Time")] {
        let at = pos2(rect.right() - 8.0, y);
        painter.text(at, egui::Align2::RIGHT_CENTER, text, egui::FontId::proportional(11.0), tokens.weak);
    }
    painter.hline(rect.x_range(), rect.bottom() - 0.5, Stroke::new(1.0, tokens.border));
    painter.vline(rect.right() - 0.5, rect.y_range(), Stroke::new(1.0, tokens.border));
}
