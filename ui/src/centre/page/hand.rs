//! What clicks, drags and a resting pointer do on the page.

use egui::{CursorIcon, Pos2, Response, Ui};
use protocol::Command;

use super::menu;
use super::sheet::{Sheet, Spot};
use crate::centre::gestures::Gesture;
use crate::centre::stage::{Stage, Touch};
use crate::centre::{roll, ruler};

/// The note at a spot, if the version heard plays it.
fn played(stage: &Stage<'_>, spot: Option<Spot>) -> Option<u32> {
    spot?.head.filter(|note| stage.scene.heard.get(*note).is_some())
}

/// A click on a note head selects the note and lets it be heard; elsewhere it does what it does in the ruler.
pub(super) fn click(
    response: &Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    spot_at: impl Fn(Pos2) -> Option<Spot>,
) {
    let spot = response.interact_pointer_pos().and_then(&spot_at);
    match played(stage, spot) {
        Some(note) if response.secondary_clicked() => {
            if !touch.selection.has(note) {
                touch.selection.only(note);
            }
        }
        Some(note) if response.clicked() => {
            let adds = response.ctx.input(|i| i.modifiers.shift || i.modifiers.command);
            if adds {
                touch.selection.toggle(note);
            } else {
                touch.selection.only(note);
            }
            if let Some(heard) = stage.scene.heard.get(note) {
                touch.out.send(Command::Audition(heard.pitch, heard.velocity));
            }
        }
        _ => ruler::click(response, stage, touch, |pos| spot_at(pos).map(|spot| (spot.bar, spot.quarters))),
    }
}

/// A drag selects bars in the order of play, as in the ruler: from the pass in which it began, or the one that goes
/// on to where it is.
pub(super) fn drag(
    ui: &Ui,
    response: &Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    (sheet, spot_at): (&Sheet, impl Fn(Pos2) -> Option<Spot>),
) {
    let anchor = match touch.gesture.as_ref() {
        Some(Gesture::Bars(gesture)) => Some(gesture.anchor()),
        _ => None,
    };
    ruler::drag(ui, response, stage, touch, |pos| {
        let bar = spot_at(pos)?.bar;
        let Some(anchor) = anchor else { return Some((bar, None)) };
        let bar = sheet.bar_from(anchor, bar);
        Some((bar, sheet.begin_before(anchor, bar)))
    });
}

/// What the pointer tells about the note and the slips under it, and the menu of notes and bars.
pub(super) fn tell(
    response: Response,
    stage: &Stage<'_>,
    touch: &mut Touch<'_>,
    (spot, slips): (Option<Spot>, &[&str]),
) {
    let response = menu::show(response, stage, touch, spot);
    let note = played(stage, spot);
    if note.is_none() && slips.is_empty() {
        return;
    }
    let cursor = if note.is_some() { CursorIcon::PointingHand } else { CursorIcon::Default };
    let response = response.on_hover_cursor(cursor);
    if !response.context_menu_opened() {
        response.on_hover_ui_at_pointer(|ui| roll::show_tooltip(ui, stage, note, slips));
    }
}
