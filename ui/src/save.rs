//! How to write a file: which part, and how a MIDI file keeps time.

use egui::{DragValue, Key, RichText, Ui, vec2};
use protocol::{Bars, Command, ExportRequest, MidiMode, ProjectView, VersionId};

use crate::controls::{self, field_label, segments};
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, own_sound, part, words};

/// Tempos of a file, in beats a minute.
const TEMPOS: std::ops::RangeInclusive<f64> = 20.0..=400.0;

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Notes.
    Midi,
    /// Sound.
    Wav,
}

/// How a MIDI file keeps time, without the tempo.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Timing {
    #[default]
    Grid,
    Exact,
    Fixed,
}

/// The dialog.
#[derive(Debug)]
pub struct Save {
    kind: Kind,
    selection: Option<Bars>,
    /// How MIDI keeps time; none until the dialog is drawn, which starts with what was chosen last.
    timing: Option<Timing>,
    beats_per_minute: f64,
}

impl Save {
    /// The dialog for a kind of file; `selection` are the bars selected.
    pub fn new(kind: Kind, selection: Option<Bars>, model: &Model) -> Self {
        Self { kind, selection, timing: None, beats_per_minute: written_tempo(model) }
    }

    /// Draws it; `true` once it is done with. Enter saves.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let Some(project) = &model.project else { return true };
        if self.timing.is_none() {
            // The button that has led here keeps the keyboard, and Enter would press it again.
            ui.memory_mut(|memory| {
                if let Some(id) = memory.focused() {
                    memory.surrender_focus(id);
                }
            });
        }
        let chosen_last = || ui.data(|data| data.get_temp(timing_id())).unwrap_or_default();
        let timing = *self.timing.get_or_insert_with(chosen_last);
        let command = match self.kind {
            Kind::Midi => UiCommand::SaveMidi,
            Kind::Wav => UiCommand::SaveWav,
        };
        // What has the keyboard uses Enter for itself, but for a number, which is written with it.
        let mut is_free = ui.memory(|memory| memory.focused().is_none());
        let mut is_done = controls::dialog_title(ui, command.text().trim_end_matches('…'));
        controls::weak(ui, format!("Of {}", words::version(model.project.as_ref(), project.listening)));
        ui.add_space(space::MEDIUM);
        self.part_ui(ui, model, project);
        if self.kind == Kind::Wav && own_sound::heard(model).is_some() {
            controls::weak(ui, "Written as the piano plays it, not with the recording's own sound");
        }
        if self.kind == Kind::Midi {
            ui.add_space(space::MEDIUM);
            is_free |= self.timing_ui(ui, model, timing);
        }
        ui.add_space(space::LARGE);
        let mut saves = is_free && ui.input(|i| i.key_pressed(Key::Enter));
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), 32.0), layout, |ui| {
            let button = controls::primary_button(ui, command.text(), vec2(130.0, 32.0));
            saves |= controls::hint(button, || "Choose where to save it (Enter)".to_owned()).clicked();
            let cancel = ui.add(egui::Button::new("Cancel").min_size(vec2(80.0, 32.0)));
            is_done |= cancel.on_hover_text("Save nothing (Esc)").clicked();
        });
        if saves {
            let bars = part::chosen(ui.ctx(), project, self.selection.as_ref());
            let request = ExportRequest { version: project.listening, bars, mode: self.mode(model, timing) };
            out.send(match self.kind {
                Kind::Midi => Command::ExportMidi(request, None),
                Kind::Wav => Command::ExportWav(request, None),
            });
        }
        is_done || saves
    }

    fn part_ui(&self, ui: &mut Ui, model: &Model, project: &ProjectView) {
        field_label(ui, "What is saved");
        let Some(bars) = &self.selection else {
            ui.label("Whole piece");
            controls::weak(ui, "Drag over bars in the ruler to save only those");
            return;
        };
        let name = words::capitalised(&words::bars(&model.score, bars));
        let parts = [(false, "Whole piece"), (true, name.as_str())];
        let is_chosen = part::chosen(ui.ctx(), project, Some(bars)).is_some();
        if let Some(only) = segments(ui, is_chosen, &parts) {
            part::choose(ui.ctx(), project, only.then(|| bars.clone()));
        }
    }

    /// Draws how the file keeps time; says whether a number was written to its end.
    fn timing_ui(&mut self, ui: &mut Ui, model: &Model, timing: Timing) -> bool {
        field_label(ui, "Timing");
        let choices =
            [(Timing::Grid, "Score grid"), (Timing::Exact, "Exact timing"), (Timing::Fixed, "Fixed tempo")];
        if let Some(chosen) = segments(ui, timing, &choices) {
            self.timing = Some(chosen);
            ui.data_mut(|data| data.insert_temp(timing_id(), chosen));
        }
        let trade_off = match timing {
            Timing::Grid => {
                "Bars lie on the grid of every sequencer: a tempo map follows the pianist, so the sequencer must \
                 take the file's tempo"
            }
            Timing::Exact => {
                "Every note at its moment under one constant tempo: nothing to set, but bars do not lie on the grid"
            }
            Timing::Fixed => {
                "Bars on the grid at one constant tempo: loudness and small shifts stay, slowing and hurrying go"
            }
        };
        let tokens = theme::of(ui);
        ui.label(RichText::new(trade_off).size(12.0).color(tokens.weak));
        if timing == Timing::Grid {
            return false;
        }
        let tempo = ui.horizontal(|ui| {
            let label = field_label(ui, "Tempo of the file");
            let prefix = format!("{} = ", model.score.beat.name);
            let field = DragValue::new(&mut self.beats_per_minute).range(TEMPOS).speed(0.5);
            let field = ui.add(field.max_decimals(2).prefix(prefix)).labelled_by(label.id);
            field.on_hover_text("Beats a minute").lost_focus()
        });
        tempo.inner
    }

    fn mode(&self, model: &Model, timing: Timing) -> MidiMode {
        let quarters_per_minute = self.beats_per_minute * model.score.beat.quarters;
        match timing {
            Timing::Grid => MidiMode::ScoreGrid,
            Timing::Exact => MidiMode::ExactTiming(quarters_per_minute),
            Timing::Fixed => MidiMode::FixedTempo(quarters_per_minute),
        }
    }
}

/// Where the timing that was chosen last is remembered, as long as the window is open.
fn timing_id() -> egui::Id {
    egui::Id::unique("timing of MIDI files")
}

/// The tempo that the score begins with, in beats a minute: that of its deadpan.
fn written_tempo(model: &Model) -> f64 {
    let deadpan = model.versions.get(&VersionId::Deadpan);
    let first = deadpan
        .and_then(|version| version.tempo.first())
        .map(|point| point.quarters_per_minute / model.score.beat.quarters);
    let rounded = first.filter(|tempo| tempo.is_finite()).map(|tempo| (tempo * 100.0).round() / 100.0);
    rounded.unwrap_or(120.0).clamp(*TEMPOS.start(), *TEMPOS.end())
}
