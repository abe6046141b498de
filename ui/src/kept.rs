//! What was played on the keyboard and is no version: it can be added, saved or deleted.

use egui::{Ui, vec2};
use protocol::{Command, KeptView};

use crate::controls;
use crate::theme::space;
use crate::{Model, Outbox, words};

/// The list of it.
#[derive(Debug, Default)]
pub struct KeptRecordings;

impl KeptRecordings {
    /// Draws it; `true` once it is done with.
    pub fn ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let is_closed = controls::dialog_title(ui, "Kept recordings");
        ui.label(
            "You have played this, and it is no version yet: it does not fit the piece that was open, or \
             Espressivo ended while you played.",
        );
        ui.add_space(space::MEDIUM);
        egui::ScrollArea::vertical().show(ui, |ui| {
            for kept in &model.keyboard.kept {
                controls::card(ui).show(ui, |ui| {
                    ui.set_width(ui.available_width());
                    kept_ui(ui, kept, model, out);
                });
                ui.add_space(space::SMALL);
            }
        });
        is_closed || model.keyboard.kept.is_empty()
    }
}

fn kept_ui(ui: &mut Ui, kept: &KeptView, model: &Model, out: &mut Outbox) {
    ui.label(&kept.name);
    let notes = if kept.notes == 1 { "1 note".to_owned() } else { format!("{} notes", kept.notes) };
    controls::weak(ui, format!("{notes}, {}", words::time(f64::from(kept.secs))));
    ui.horizontal(|ui| {
        ui.spacing_mut().button_padding = vec2(9.0, 4.0);
        let add = ui.add_enabled(model.project.is_some(), egui::Button::new("Add to this piece"));
        if add.on_disabled_hover_text("Open its piece first").clicked() {
            out.send(Command::AddKept(kept.id.clone()));
        }
        if ui.button("Save as MIDI…").clicked() {
            out.send(Command::SaveKept(kept.id.clone(), None));
        }
        if ui.button("Delete").clicked() {
            out.send(Command::DropKept(kept.id.clone()));
        }
    });
}
