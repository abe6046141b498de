//! The fields of the panel: what is varied, how far, and what has to stay.

use std::ops::RangeInclusive;

use egui::{Align, Button, ComboBox, DragValue, Layout, Ui};
use protocol::limits::MOST_VARIATIONS;
use protocol::{Bars, USUAL_SIMILARITY};

use super::{VariationsPanel, passage};
use crate::centre::pitches;
use crate::controls::{self, field_label, share_slider};
use crate::perform::seeds::seed_ui;
use crate::{Model, words};

/// Most notes that begin together, where that is limited: at first, and at most.
const CHORDS: [u8; 2] = [4, 10];

impl VariationsPanel {
    /// Which bars would be varied, and of which version.
    pub(super) fn passage_ui(&self, ui: &mut Ui, model: &Model, bars: Option<&Bars>) {
        let (Some(project), Some(bars)) = (&model.project, bars) else { return };
        let name = words::capitalised(&words::bars_and_pass(&model.score, bars));
        let of = words::version(Some(project), passage::original(model, project));
        ui.label(format!("{name} of {of}"));
    }

    /// Who writes, where there is a choice.
    pub(super) fn composer_ui(&mut self, ui: &mut Ui, model: &Model) {
        let composers = &model.settings.composers;
        if composers.len() < 2 {
            return;
        }
        let label = field_label(ui, "Composer");
        let chosen = self.chosen(model);
        let mut picked = None;
        let combo = ComboBox::from_id_salt("composer")
            .width(ui.available_width())
            .selected_text(chosen.map_or("None", |c| c.name.as_str()))
            .show_ui(ui, |ui| {
                for composer in composers {
                    let is_chosen = chosen.is_some_and(|c| c.id == composer.id);
                    let button = Button::selectable(is_chosen, composer.name.as_str());
                    let response = ui.add_enabled(composer.unavailable.is_none(), button);
                    let response = response.on_hover_text(composer.description.as_str());
                    let reason = composer.unavailable.as_deref().unwrap_or_default();
                    if response.on_disabled_hover_text(reason).clicked() {
                        picked = Some(composer.id.clone());
                    }
                }
            });
        combo.response.labelled_by(label.id);
        if let Some(id) = picked {
            self.state.composer = id;
        }
    }

    /// How near variations are to what is written.
    pub(super) fn dial_ui(&mut self, ui: &mut Ui) {
        let hint =
            "How near to what is written: on the left an idea of its own, on the right the bars as they are";
        share_slider(ui, "Similarity", hint, &mut self.state.similarity, USUAL_SIMILARITY);
        ui.horizontal(|ui| {
            ui.spacing_mut().interact_size.y = 14.0;
            controls::weak(ui, "a new idea");
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                controls::weak(ui, "as it is");
            });
        });
    }

    pub(super) fn count_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let label = field_label(ui, "How many");
            let count = DragValue::new(&mut self.state.count).range(1..=MOST_VARIATIONS).speed(0.05);
            let hint = format!("How many variations are made, up to {MOST_VARIATIONS}");
            ui.add(count).labelled_by(label.id).on_hover_text(hint);
        });
    }

    /// In few and low rows, so that there is room for what is made.
    pub(super) fn constraints_ui(&mut self, ui: &mut Ui, model: &Model, bars: Option<&Bars>) {
        field_label(ui, "What has to stay");
        ui.scope(|ui| {
            ui.spacing_mut().interact_size.y = 20.0;
            ui.spacing_mut().item_spacing.y = 2.0;
            self.kept_ui(ui);
            self.bounds_ui(ui, model, bars);
        });
    }

    fn kept_ui(&mut self, ui: &mut Ui) {
        let kept = &mut self.state.constraints;
        ui.horizontal_wrapped(|ui| {
            for (is_kept, words, hint) in [
                (&mut kept.keep_rhythm, "Rhythm", "Notes begin when they do now, and are as long"),
                (&mut kept.keep_melody, "Melody", "The melody stays, and what goes with it changes"),
                (&mut kept.stay_in_scale, "Key", "Beside notes of these bars, only those of their scale"),
            ] {
                ui.checkbox(is_kept, words).on_hover_text(hint);
            }
        });
    }

    fn bounds_ui(&mut self, ui: &mut Ui, model: &Model, bars: Option<&Bars>) {
        let kept = &mut self.state.constraints;
        ui.horizontal_wrapped(|ui| {
            let mut is_on = kept.pitches.is_some();
            let hint =
                "No note is lower or higher than these: at first the lowest and the highest of the bars";
            if ui.checkbox(&mut is_on, "Range").on_hover_text(hint).changed() {
                kept.pitches = is_on.then(|| passage::pitches(model, bars.unwrap_or(&(0..0))));
            }
            if let Some((low, high)) = &mut kept.pitches {
                let (lowest, highest) = (*low, *high);
                pitch_ui(ui, low, 0..=highest, "Lowest note");
                pitch_ui(ui, high, lowest..=127, "Highest note");
            }
            let [usual, most] = CHORDS;
            let mut is_on = kept.largest_chord.is_some();
            let hint = "No more notes than these begin together, in both hands";
            if ui.checkbox(&mut is_on, "Largest chord").on_hover_text(hint).changed() {
                kept.largest_chord = is_on.then_some(usual);
            }
            if let Some(notes) = &mut kept.largest_chord {
                let number = DragValue::new(notes).range(1..=most).speed(0.05);
                ui.add(number).accessible_name("Notes of the largest chord").on_hover_text(hint);
            }
        });
    }

    pub(super) fn seed_ui(&mut self, ui: &mut Ui) {
        let hints = [
            "What is left to chance starts from this number: the same seed and settings give the same variations",
            "Keep the seed for the next variations; else it is another one, and they are others",
        ];
        seed_ui(ui, &mut self.state.seed, &mut self.state.keeps_seed, hints);
    }
}

/// A pitch, by its name.
fn pitch_ui(ui: &mut Ui, pitch: &mut u8, range: RangeInclusive<u8>, name: &str) {
    let field = DragValue::new(pitch)
        .range(range)
        .speed(0.1)
        .custom_formatter(|pitch, _| pitches::name(pitch.clamp(0.0, 127.0) as u8))
        .custom_parser(|text| pitches::from_name(text).map(f64::from));
    let hint = format!("{name}: drag it, or click and type its name, as C4 for middle C");
    ui.add(field).accessible_name(name).on_hover_text(hint);
}
