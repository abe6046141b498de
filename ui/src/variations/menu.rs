//! What can be done with a variation: the menu of its three dots, and of the right button.

use egui::{Button, Response, Ui};
use protocol::{
    Command, ExportRequest, MidiMode, ProjectView, VariationState, VariationView, VariationsView,
};

use super::hearing::hear;
use crate::{Model, Outbox, actions};

/// Why a variation is not put into the piece once more.
const IN_THE_PIECE: &str = "It is in the piece already";

/// Draws the menu.
pub fn show(
    ui: &mut Ui,
    model: &Model,
    project: &ProjectView,
    (made, variation): (&VariationsView, &VariationView),
    out: &mut Outbox,
) {
    if ui.button("Listen").clicked() {
        hear(model, made, variation.number, out);
    }
    ui.separator();
    if keep_button(ui, project, variation, "Keep as a take").clicked() {
        out.send(Command::KeepVariation(variation.number));
    }
    if put_button(ui, project, variation).clicked() {
        out.send(Command::PutVariation(variation.number));
    }
    ui.separator();
    let of = |bars| ExportRequest { version: variation.version, bars, mode: MidiMode::ScoreGrid };
    let alone = of(Some(made.request.bars.clone()));
    if ui.button("Save its bars as MIDI…").clicked() {
        out.send(Command::ExportMidi(alone.clone(), None));
    }
    if ui.button("Save its bars as WAV…").clicked() {
        out.send(Command::ExportWav(alone, None));
    }
    if ui.button("Save the piece with it as MIDI…").clicked() {
        out.send(Command::ExportMidi(of(None), None));
    }
    ui.separator();
    let is_new = variation.state == VariationState::New;
    // A variation that is a take is a change to the project.
    let delete = ui.add_enabled(is_new || project.read_only.is_none(), Button::new("Delete"));
    if delete.on_disabled_hover_text(actions::READ_ONLY).clicked() {
        out.send(Command::Delete(variation.version));
    }
}

/// The button that makes a take of a variation, with its words.
pub fn keep_button(ui: &mut Ui, project: &ProjectView, variation: &VariationView, words: &str) -> Response {
    let is_new = variation.state == VariationState::New;
    let reason = match variation.state {
        VariationState::New => actions::READ_ONLY,
        VariationState::Kept => "It is among the takes already",
        VariationState::Put => IN_THE_PIECE,
    };
    let button = ui.add_enabled(is_new && project.read_only.is_none(), Button::new(words));
    let hint = "Make a take of the piece with this variation; the piece and its other takes stay as they are";
    button.on_hover_text(hint).on_disabled_hover_text(reason)
}

/// The button that puts a variation into the piece.
pub fn put_button(ui: &mut Ui, project: &ProjectView, variation: &VariationView) -> Response {
    let is_out = variation.state != VariationState::Put;
    let reason = if is_out { actions::READ_ONLY } else { IN_THE_PIECE };
    let button =
        ui.add_enabled(is_out && project.read_only.is_none(), Button::new("Put into the piece").truncate());
    let hint =
        "The piece has these notes from now on, in one step that can be undone; takes stay as they are";
    button.on_hover_text(hint).on_disabled_hover_text(reason)
}
