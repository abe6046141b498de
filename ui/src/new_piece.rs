//! The dialog that has a new piece written, or how the open one goes on.

use egui::{Button, ComboBox, DragValue, RichText, Ui, vec2};
use protocol::limits::{MORE_BARS, NEW_BARS};
use protocol::{Bars, Command, ContinueRequest, NewPieceRequest, VersionId, WriterView};

use crate::controls::{self, field_label};
use crate::perform::seeds::{another, number_ui};
use crate::theme::{self, space};
use crate::{Model, Outbox, words};

/// Bars of a new piece, and of what is written at the end of one, if nobody says how many.
const USUAL_BARS: [u16; 2] = [32, 16];

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum What {
    /// A piece.
    Piece,
    /// How a version goes on from a bar.
    More { of: VersionId, from: usize },
}

/// The dialog.
#[derive(Debug)]
pub struct NewPiece {
    what: What,
    /// Identifier of the writer; empty for the first that can write.
    writer: String,
    bars: u16,
    /// None until the dialog is shown: then it is another one each time.
    seed: Option<u64>,
    /// Whether it is written in the manner of what is open.
    is_like: bool,
}

impl NewPiece {
    /// Asks for a piece.
    pub fn piece() -> Self {
        Self::of(What::Piece)
    }

    /// Asks how the version that is heard goes on after the selected bars, or at its end.
    pub fn more(model: &Model, selection: Option<Bars>) -> Option<Self> {
        let of = model.project.as_ref()?.listening;
        let count = model.score.measures.len();
        let from = selection.map_or(count, |bars| bars.end).min(count);
        Some(Self::of(What::More { of, from }))
    }

    fn of(what: What) -> Self {
        let [new, more] = USUAL_BARS;
        let bars = if what == What::Piece { new } else { more };
        Self { what, writer: String::new(), bars, seed: None, is_like: false }
    }

    /// Draws it; `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let title = if self.what == What::Piece { "New piece" } else { "Continue" };
        let is_closed = controls::dialog_title(ui, title);
        ui.label(self.about(model));
        ui.add_space(space::MEDIUM);
        self.writer_ui(ui, model);
        self.bars_ui(ui);
        let time_secs = ui.input(|i| i.time);
        let seed = self.seed.get_or_insert_with(|| another(0, time_secs));
        ui.horizontal(|ui| {
            let hint =
                "What is left to chance starts from this number: the same seed and bars give the same music";
            number_ui(ui, seed, hint);
        });
        self.like_ui(ui, model);
        ui.add_space(space::MEDIUM);
        self.button_ui(ui, model, out) || is_closed
    }

    /// What will be written, and what becomes of it.
    fn about(&self, model: &Model) -> String {
        match self.what {
            What::Piece if model.project.is_some() => {
                "A piece for piano is written and performed, and opened in this window. What is open now is kept \
                 and in the list of recent files."
                    .to_owned()
            }
            What::Piece => "A piece for piano is written and performed, and opened in this window.".to_owned(),
            What::More { of, from } => {
                let last = words::bars(&model.score, &(from.saturating_sub(1)..from));
                let name = words::version(model.project.as_ref(), of);
                let left_out = if from < model.score.measures.len() {
                    " The bars that come after it now are left out there."
                } else {
                    ""
                };
                format!(
                    "Bars are written that follow {last} of {name}, as a take of its own.{left_out} The piece and \
                     its other takes stay as they are."
                )
            }
        }
    }

    /// Who writes, where there is a choice.
    fn writer_ui(&mut self, ui: &mut Ui, model: &Model) {
        let writers = &model.settings.writers;
        if writers.len() < 2 {
            return;
        }
        let chosen = self.chosen(model).ok();
        let mut picked = None;
        ui.horizontal(|ui| {
            let label = field_label(ui, "Written by");
            let combo = ComboBox::from_id_salt("writer")
                .selected_text(chosen.map_or("Nobody", |writer| writer.name.as_str()))
                .show_ui(ui, |ui| {
                    for writer in writers {
                        let is_chosen = chosen.is_some_and(|chosen| chosen.id == writer.id);
                        let button = Button::selectable(is_chosen, writer.name.as_str());
                        let button = ui.add_enabled(writer.unavailable.is_none(), button);
                        let reason = writer.unavailable.as_deref().unwrap_or_default();
                        let button = button.on_hover_text(writer.description.as_str());
                        if button.on_disabled_hover_text(reason).clicked() {
                            picked = Some(writer.id.clone());
                        }
                    }
                });
            combo.response.labelled_by(label.id);
        });
        if let Some(id) = picked {
            self.writer = id;
        }
    }

    fn bars_ui(&mut self, ui: &mut Ui) {
        let range = if self.what == What::Piece { NEW_BARS } else { MORE_BARS };
        let hint = format!("How many bars are written, {} to {}", range.start(), range.end());
        ui.horizontal(|ui| {
            let label = field_label(ui, "Bars");
            let number = DragValue::new(&mut self.bars).range(range).speed(0.2);
            let size = vec2(64.0, ui.spacing().interact_size.y);
            ui.add_sized(size, number).labelled_by(label.id).on_hover_text(hint);
        });
    }

    /// Whether a new piece is to be like the one that is open.
    fn like_ui(&mut self, ui: &mut Ui, model: &Model) {
        let Some(project) = model.project.as_ref().filter(|_| self.what == What::Piece) else { return };
        let words = format!("In the manner of “{}”", project.name);
        let hint = "The open piece is read first, and what is written goes on in its manner";
        ui.checkbox(&mut self.is_like, words).on_hover_text(hint);
    }

    /// The button, with the reason above it while it cannot be pressed; `true` once it was.
    fn button_ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let size = vec2(ui.available_width(), 34.0);
        match self.command(model) {
            Ok(command) => {
                let is_asked = controls::primary_button(ui, "Write it", size).clicked();
                if is_asked {
                    out.send(command);
                }
                is_asked
            }
            Err(reason) => {
                ui.label(RichText::new(&reason).size(12.0).color(theme::of(ui).warning));
                let button = Button::new(RichText::new("Write it").size(14.5));
                ui.add_enabled_ui(false, |ui| ui.add_sized(size, button).on_disabled_hover_text(reason));
                false
            }
        }
    }

    /// What is asked for, or why it cannot be.
    fn command(&self, model: &Model) -> Result<Command, String> {
        let writer = self.chosen(model)?.id.clone();
        let (bars, seed) = (self.bars, self.seed.unwrap_or_default());
        Ok(match self.what {
            What::Piece => {
                let open = model.project.as_ref().filter(|_| self.is_like);
                let like = open.map(|project| project.listening);
                Command::NewPiece(NewPieceRequest { writer, bars, seed, like })
            }
            What::More { of, from } => {
                Command::ContinuePiece(ContinueRequest { writer, of, from, bars, seed })
            }
        })
    }

    fn chosen<'a>(&self, model: &'a Model) -> Result<&'a WriterView, String> {
        let able = |writer: &&WriterView| writer.unavailable.is_none();
        let named = model.settings.writers.iter().find(|writer| writer.id == self.writer);
        named.filter(able).map_or_else(|| writer(model), Ok)
    }
}

/// The first that can write pieces.
///
/// # Errors
/// A sentence that says what is missing.
pub fn writer(model: &Model) -> Result<&WriterView, String> {
    let writers = &model.settings.writers;
    let able = writers.iter().find(|writer| writer.unavailable.is_none());
    able.ok_or_else(|| match writers.first() {
        None => "Nothing that writes pieces is installed".to_owned(),
        Some(first) => {
            let why = first.unavailable.as_deref().unwrap_or_default();
            format!("{} cannot write pieces. {}", first.name, words::sentence(why))
        }
    })
}
