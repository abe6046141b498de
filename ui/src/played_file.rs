//! What to do with a MIDI file that looks like a recording.

use egui::{Ui, vec2};
use protocol::{Command, PlayedFileView};

use crate::controls;
use crate::theme::space;
use crate::{Model, Outbox};

/// The question, and its answers as buttons.
#[derive(Debug)]
pub struct PlayedFile(PlayedFileView);

impl PlayedFile {
    /// Asks about a file.
    pub fn new(view: PlayedFileView) -> Self {
        Self(view)
    }

    /// Draws it; `true` once it is answered.
    pub fn ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let file = &self.0;
        let mut is_done = controls::dialog_title(ui, "This file looks like a recording");
        if is_done {
            out.send(Command::DismissPlayedFile);
        }
        ui.label(format!("{}: {}", file.name, reason(file)));
        ui.add_space(space::MEDIUM);
        let size = vec2(ui.available_width(), 34.0);
        if let Some(project) = &model.project {
            let text = format!("Add it to “{}” as a recording", project.name);
            if controls::primary_button(ui, &text, size).clicked() {
                out.send(Command::ImportRecording(Some(file.path.clone())));
                is_done = true;
            }
        } else {
            controls::weak(ui, "To hear it beside your takes, open its score and choose Import recording.");
        }
        ui.add_space(space::SMALL);
        if ui.add_sized(size, egui::Button::new("Open it as a score anyway")).clicked() {
            out.send(Command::OpenAsScore(file.path.clone()));
            is_done = true;
        }
        is_done
    }
}

fn reason(file: &PlayedFileView) -> &'static str {
    if file.is_on_grid {
        "its notes lie on bars and beats, but nearly every beat has a tempo of its own, as in a take that \
         was exported. Opened as a score, that tempo becomes part of the score."
    } else {
        "its notes lie beside the beats, as they were played. Opened as a score, bars and note values are \
         guesses."
    }
}
