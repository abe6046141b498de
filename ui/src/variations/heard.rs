//! What stands below the list while one of the variations is heard or compared: the pair, and what becomes of it.

use egui::Ui;
use protocol::{Command, ExportRequest, MidiMode, ProjectView, VariationsView};

use super::hearing::of_pair;
use super::menu::{keep_button, put_button};
use crate::controls::{self, segments};
use crate::take_away::{Dragged, handle_ui};
use crate::theme::space;
use crate::{Model, Outbox, UiCommand, words};

/// Draws it, laid out bottom up; nothing while no variation is heard or compared.
pub fn ui(ui: &mut Ui, model: &Model, project: &ProjectView, made: &VariationsView, out: &mut Outbox) {
    let Some((variation, is_heard)) = of_pair(project, made) else { return };
    let bars = Some(made.request.bars.clone());
    let dragged =
        Dragged { label: "Drag the variation from here", version: variation.version, bars: bars.clone() };
    let handle = handle_ui(ui, model, &dragged, out);
    if handle.clicked() {
        let mode = MidiMode::ScoreGrid;
        out.send(Command::ExportMidi(ExportRequest { version: variation.version, bars, mode }, None));
    }
    handle.on_hover_text("Drag its bars into a sequencer or a folder. Click to save them as MIDI");
    ui.add_space(space::SMALL);
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        if keep_button(ui, project, variation, "Keep").clicked() {
            out.send(Command::KeepVariation(variation.number));
        }
        if put_button(ui, project, variation).clicked() {
            out.send(Command::PutVariation(variation.number));
        }
    });
    let name = words::version(model.project.as_ref(), variation.version);
    let pair = [(false, "As it was"), (true, name.as_str())];
    ui.horizontal(|ui| {
        ui.spacing_mut().button_padding.x = 6.0;
        if segments(ui, is_heard, &pair).is_some_and(|chosen| chosen != is_heard) {
            out.run(UiCommand::SwapCompared);
        }
    });
    let key = UiCommand::SwapCompared.shortcut_text(ui.ctx());
    controls::weak(ui, format!("{key} goes from one to the other at the same place"));
}
