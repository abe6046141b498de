//! The piano roll: the notes of the version heard, to look at, select, move and hear.

mod menu;
pub mod paint;
mod slips;
mod tooltip;

use egui::{CursorIcon, Pos2, Rect, Response, Role, Sense, Ui, WidgetInfo};
use protocol::Command;

use super::drive::{Drag, drive};
use super::gestures::{ChangeLength, Gesture, MoveOnset, RubberBand};
use super::pitches::PitchAxis;
use super::scene::SceneNote;
use super::stage::{Stage, Touch};
pub use tooltip::{bar_text, show as show_tooltip};

/// How near to a note's right edge its length is taken hold of.
const EDGE_POINTS: f32 = 6.0;

/// The roll's own memory.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    pictures: paint::Pictures,
    /// The pitch under the pointer.
    pub hovered_pitch: Option<u8>,
}

/// What lies under the pointer.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Hit {
    note: u32,
    is_edge: bool,
}

impl Roll {
    /// Draws the roll and follows the mouse on it.
    pub fn show(
        &mut self,
        ui: &mut Ui,
        rect: Rect,
        stage: &Stage<'_>,
        pitches: &PitchAxis,
        touch: &mut Touch<'_>,
    ) -> Response {
        let response = ui.interact(rect, ui.scope_id().with("roll"), Sense::CLICK | Sense::DRAG);
        response.widget_info(|| WidgetInfo::labeled(Role::Canvas, true, "Piano roll"));
        let hit_at = |pos: Pos2| hit(stage, pitches, rect, pos);
        click(&response, stage, touch, hit_at);
        drag(ui, &response, rect, stage, pitches, touch);
        let hovered = response.hover_pos().filter(|_| touch.gesture.is_none());
        let hovered_hit = hovered.and_then(hit_at);
        self.hovered_pitch = hovered.map(|p| pitches.pitch_at(rect, p.y).clamp(0.0, 127.0) as u8);

        let painter = ui.painter_at(rect);
        self.pictures.draw(&painter, rect, stage, pitches, touch.selection);
        paint::selected_bars(&painter, rect, stage, touch.selection);
        paint::unready(&painter, rect, stage);
        if let Some(gesture) = touch.shown() {
            paint::preview(&painter, rect, stage, pitches, gesture);
        }
        paint::playhead(&painter, rect, stage);
        slips::name(ui, rect, stage, pitches);

        let response = menu::show(response, stage, touch);
        let said = hovered.map_or_else(Vec::new, |pos| slips::at(rect, stage, pitches, pos));
        if hovered_hit.is_none() && said.is_empty() {
            return response;
        }
        let cursor = match hovered_hit {
            Some(hit) if hit.is_edge => CursorIcon::ResizeHorizontal,
            Some(_) => CursorIcon::Grab,
            None => CursorIcon::Default,
        };
        let response = response.on_hover_cursor(cursor);
        if response.context_menu_opened() {
            return response;
        }
        let note = hovered_hit.map(|hit| hit.note);
        response.on_hover_ui_at_pointer(|ui| tooltip::show(ui, stage, note, &said))
    }
}

/// The topmost note at a place on the screen.
fn hit(stage: &Stage<'_>, pitches: &PitchAxis, rect: Rect, pos: Pos2) -> Option<Hit> {
    let slack = 2.0 / stage.strip.points_per_unit();
    let unit = stage.strip.unit(pos.x);
    let pitch = pitches.pitch_at(rect, pos.y).floor();
    let mut here = stage.scene.heard.between(unit - slack, unit + slack).rev();
    let note = here.find(|n| f64::from(n.pitch) == pitch)?;
    let place = paint::note_rect(rect, &stage.strip, pitches, note);
    let edge = EDGE_POINTS.min(place.width() / 3.0);
    Some(Hit { note: note.note, is_edge: pos.x > place.right() - edge })
}

fn click(
    response: &Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    hit_at: impl Fn(Pos2) -> Option<Hit>,
) {
    let Some(pos) = response.interact_pointer_pos() else { return };
    if response.secondary_clicked() {
        if let Some(hit) = hit_at(pos).filter(|h| !touch.selection.has(h.note)) {
            touch.selection.only(hit.note);
        }
    } else if response.clicked() {
        let adds = response.ctx.input(|i| i.modifiers.shift);
        match hit_at(pos) {
            Some(hit) => {
                if adds {
                    touch.selection.toggle(hit.note);
                } else {
                    touch.selection.only(hit.note);
                }
                audition(stage, touch, hit.note);
            }
            None if !adds => touch.selection.notes.clear(),
            None => {}
        }
    }
}

fn drag(
    ui: &Ui,
    response: &Response,
    rect: Rect,
    stage: &Stage<'_>,
    pitches: &PitchAxis,
    touch: &mut Touch<'_>,
) {
    match drive(ui, response) {
        Drag::Begun { from, at } => {
            *touch.gesture = begin(ui, rect, stage, pitches, touch, from);
            follow(rect, stage, pitches, touch, at);
        }
        Drag::Going(at) => follow(rect, stage, pitches, touch, at),
        Drag::Done(at) => {
            follow(rect, stage, pitches, touch, at);
            touch.finish(stage);
        }
        Drag::None => {}
    }
}

fn begin(
    ui: &Ui,
    rect: Rect,
    stage: &Stage<'_>,
    pitches: &PitchAxis,
    touch: &mut Touch<'_>,
    pos: Pos2,
) -> Option<Gesture> {
    let adds = ui.input(|i| i.modifiers.shift);
    let unit = stage.strip.unit(pos.x);
    let secs = stage.axis.secs_at(unit);
    let Some(hit) = hit(stage, pitches, rect, pos) else {
        let kept = if adds { touch.selection.notes.clone() } else { Vec::new() };
        return Some(Gesture::Select(RubberBand::new(unit, pitches.pitch_at(rect, pos.y), kept)));
    };
    if !touch.selection.has(hit.note) {
        if adds {
            touch.selection.toggle(hit.note);
        } else {
            touch.selection.only(hit.note);
        }
    }
    audition(stage, touch, hit.note);
    let notes = touch.selection.notes.iter().filter_map(|&n| stage.scene.heard.get(n));
    Some(if hit.is_edge {
        let durations = notes.map(|n: &SceneNote| (n.note, n.duration_secs)).collect();
        Gesture::Length(ChangeLength::new(secs, durations))
    } else {
        Gesture::Onset(MoveOnset::new(secs, notes.map(|n| (n.note, n.onset_secs)).collect()))
    })
}

fn follow(rect: Rect, stage: &Stage<'_>, pitches: &PitchAxis, touch: &mut Touch<'_>, pos: Pos2) {
    let unit = stage.strip.unit(pos.x);
    let secs = stage.axis.secs_at(unit);
    match touch.gesture {
        Some(Gesture::Onset(gesture)) => gesture.follow(secs),
        Some(Gesture::Length(gesture)) => gesture.follow(secs),
        Some(Gesture::Select(band)) => {
            band.follow(unit, pitches.pitch_at(rect, pos.y));
            touch.selection.notes = band.selected(&stage.scene.heard);
        }
        _ => {}
    }
}

/// Lets a note be heard.
fn audition(stage: &Stage<'_>, touch: &mut Touch<'_>, note: u32) {
    if let Some(note) = stage.scene.heard.get(note) {
        touch.out.send(Command::Audition(note.pitch, note.velocity));
    }
}
