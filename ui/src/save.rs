//! How to write a file: which part, and how a MIDI file keeps time.

use egui::{DragValue, RichText, Ui, vec2};
use protocol::{Bars, Command, ExportRequest, MidiMode, VersionId};

use crate::controls::{self, field_label, segments};
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, words};

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
    only_selection: bool,
    /// How MIDI keeps time; none until the dialog is drawn, which starts with what was chosen last.
    timing: Option<Timing>,
    beats_per_minute: f64,
}

impl Save {
    /// The dialog for a kind of file; `selection` are the bars selected.
    pub fn new(kind: Kind, selection: Option<Bars>, model: &Model) -> Self {
        let beats_per_minute = written_tempo(model);
        // As with the file that is dragged out: the bars that are selected, if there are any.
        let only_selection = selection.is_some();
        Self { kind, selection, only_selection, timing: None, beats_per_minute }
    }

    /// Draws it; `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let Some(project) = &model.project else { return true };
        let chosen_last = || ui.data(|data| data.get_temp(timing_id())).unwrap_or_default();
        let timing = *self.timing.get_or_insert_with(chosen_last);
        let command = match self.kind {
            Kind::Midi => UiCommand::SaveMidi,
            Kind::Wav => UiCommand::SaveWav,
        };
        let mut is_done = controls::dialog_title(ui, command.text().trim_end_matches('…'));
        controls::weak(ui, format!("Of {}", words::version(model.project.as_ref(), project.listening)));
        ui.add_space(space::MEDIUM);
        self.part_ui(ui, model);
        if self.kind == Kind::Midi {
            ui.add_space(space::MEDIUM);
            self.timing_ui(ui, model, timing);
        }
        ui.add_space(space::LARGE);
        let layout = egui::Layout::right_to_left(egui::Align::Center);
        ui.allocate_ui_with_layout(vec2(ui.available_width(), 32.0), layout, |ui| {
            if controls::primary_button(ui, command.text(), vec2(130.0, 32.0)).clicked() {
                let request = ExportRequest {
                    version: project.listening,
                    bars: self.selection.clone().filter(|_| self.only_selection),
                    mode: self.mode(model, timing),
                };
                out.send(match self.kind {
                    Kind::Midi => Command::ExportMidi(request, None),
                    Kind::Wav => Command::ExportWav(request, None),
                });
                is_done = true;
            }
            if ui.add(egui::Button::new("Cancel").min_size(vec2(80.0, 32.0))).clicked() {
                is_done = true;
            }
        });
        is_done
    }

    fn part_ui(&mut self, ui: &mut Ui, model: &Model) {
        field_label(ui, "Part");
        let Some(bars) = &self.selection else {
            ui.label("Whole piece");
            controls::weak(ui, "Drag over bars in the ruler to save only those");
            return;
        };
        let bars = words::capitalised(&words::bars(&model.score, bars));
        let parts = [(false, "Whole piece"), (true, bars.as_str())];
        if let Some(only) = segments(ui, self.only_selection, &parts) {
            self.only_selection = only;
        }
    }

    fn timing_ui(&mut self, ui: &mut Ui, model: &Model, timing: Timing) {
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
        if timing != Timing::Grid {
            ui.horizontal(|ui| {
                let label = field_label(ui, "Tempo of the file");
                let prefix = format!("{} = ", model.score.beat.name);
                let field = DragValue::new(&mut self.beats_per_minute).range(TEMPOS).speed(0.5);
                ui.add(field.max_decimals(2).prefix(prefix))
                    .labelled_by(label.id)
                    .on_hover_text("Beats a minute");
            });
        }
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
