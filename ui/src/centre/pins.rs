//! Pins: which values of notes can be kept in the next performance, and the entries of menus that pin them.

use egui::Ui;
use protocol::{Bars, Command, Edit, NoteView, PinKind, VersionId};

use super::stage::{Stage, Touch};
use crate::{Model, Outbox, words};

/// The kinds of pins of single notes with the words for them.
const KINDS: [(PinKind, &str); 3] =
    [(PinKind::Velocity, "Pin velocity"), (PinKind::Onset, "Pin onset"), (PinKind::Duration, "Pin length")];

/// Pins of the selected notes.
pub fn notes_menu(ui: &mut Ui, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let Some(version) = stage.model.listening() else { return };
    let notes = &touch.selection.notes;
    for (kind, words) in KINDS {
        let mut is_pinned = notes.iter().all(|&n| stage.scene.is_pinned(n, kind));
        if ui.checkbox(&mut is_pinned, words).clicked() {
            set_pins(version.id, notes, &[kind], is_pinned, touch.out);
            ui.close();
        }
    }
    ui.separator();
    let kinds = KINDS.map(|k| k.0);
    for (words, is_pinned) in [("Pin all values", true), ("Unpin all values", false)] {
        if ui.button(words).clicked() {
            set_pins(version.id, notes, &kinds, is_pinned, touch.out);
            ui.close();
        }
    }
}

/// Pins of everything in some bars.
pub fn pin_all_in(ui: &mut Ui, bars: &Bars, stage: &Stage<'_>, touch: &mut Touch<'_>) {
    let Some(version) = stage.model.listening() else { return };
    let notes = notes_played_in(stage.model, bars);
    let bars = words::bars(&stage.model.score, bars);
    if notes.is_empty() {
        ui.weak(format!("No notes in {bars}"));
        return;
    }
    let mut are_all = ALL_KINDS.iter().all(|kind| notes.iter().all(|&n| stage.scene.is_pinned(n, *kind)));
    let hint = "Velocity, tempo, articulation and pedal stay as they are when these bars are performed again";
    if ui.checkbox(&mut are_all, format!("Pin everything in {bars}")).on_hover_text(hint).clicked() {
        set_pins(version.id, &notes, &ALL_KINDS, are_all, touch.out);
        ui.close();
    }
}

/// Every value that can be pinned.
pub const ALL_KINDS: [PinKind; 4] = [PinKind::Velocity, PinKind::Onset, PinKind::Duration, PinKind::Pedal];

/// The notes of some bars that the version heard plays, in order.
pub fn notes_played_in(model: &Model, bars: &Bars) -> Vec<u32> {
    let Some(version) = model.listening() else { return Vec::new() };
    let is_inside = |n: &NoteView| bars.contains(&(n.measure as usize));
    let written = (0u32..).zip(&model.score.notes).filter(|(_, note)| is_inside(note)).map(|(k, _)| k);
    written.filter(|note| version.performance.get(*note).is_some()).collect()
}

/// Pins or unpins some values of notes, in one step.
pub fn set_pins(version: VersionId, notes: &[u32], kinds: &[PinKind], is_pinned: bool, out: &mut Outbox) {
    let (notes, kinds) = (notes.to_vec(), kinds.to_vec());
    let edit = if is_pinned { Edit::Pin(notes, kinds) } else { Edit::Unpin(notes, kinds) };
    out.send(Command::Edit(version, edit));
}
