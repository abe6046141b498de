//! The fields of the panel, and its button.

use egui::{Button, ComboBox, DragValue, RichText, TextEdit, TextWrapMode, Ui, vec2};
use protocol::limits::{AMOUNTS, BALANCES_DB, BEATS_PER_MINUTE, LONGEST_MOOD_CHARS, MOST_TAKES};
use protocol::{Bars, BaseTempo, BeatView, VersionView};

use super::PerformPanel;
use super::knobs::knobs_ui;
use super::seeds::seed_ui;
use crate::controls::{self, decibel_slider, field_label, percent_slider, steady};
use crate::suggestions::{accept, finished, suggestions};
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, words};

/// Where the number of beats a minute starts in a score without a mark.
const UNMARKED_PER_MINUTE: f64 = 80.0;

/// The tempo of a version on the whole, in beats a minute, from its first onset to its last: how long the last notes
/// are held does not count. None before there are two onsets.
fn mean_tempo(version: &VersionView, beat: &BeatView) -> Option<f64> {
    let last_onset = version.tempo.last()?.quarters;
    let before = version.clock.partition_point(|point| point.0 < last_onset - 1e-6);
    let ((first, from_secs), (last, to_secs)) = (*version.clock.first()?, *version.clock.get(before)?);
    let per_minute = 60.0 * (last - first) / beat.quarters / (to_secs - from_secs);
    (per_minute.is_finite() && per_minute > 0.0).then_some(per_minute)
}

impl PerformPanel {
    /// The field, at most so many words that could go on with it, and what it means.
    pub(super) fn mood_ui(
        &mut self,
        ui: &mut Ui,
        model: &Model,
        (bars, most_words): (Option<&Bars>, usize),
        out: &mut Outbox,
    ) {
        let label = field_label(ui, "Mood");
        let field = TextEdit::singleline(&mut self.state.mood)
            .hint_text("hesitant, then anger")
            .char_limit(LONGEST_MOOD_CHARS)
            .margin(vec2(8.0, 6.0))
            .desired_width(f32::INFINITY);
        let hint =
            "Words, words over time (hesitant, then anger), or bars (bars 1-8 gentle; bars 9-16 fierce)";
        controls::text_field(ui, field).labelled_by(label.id).on_hover_text(hint);
        let key = (self.state.mood.clone(), model.settings_revision);
        let suggestions = self.suggestions.get(key, |(mood, _)| {
            let fitting = suggestions(mood, &model.settings.moods);
            fitting.into_iter().map(str::to_owned).collect()
        });
        if !suggestions.is_empty() {
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
                ui.spacing_mut().button_padding = vec2(8.0, 1.0);
                ui.spacing_mut().interact_size.y = 20.0;
                ui.horizontal_wrapped(|ui| {
                    for word in suggestions.iter().take(most_words) {
                        let chip = Button::new(RichText::new(word.as_str()).size(12.0)).corner_radius(10);
                        if ui.add(chip).on_hover_text("Add to the mood").clicked() {
                            accept(&mut self.state.mood, word);
                        }
                    }
                });
            });
        }
        self.meaning.ask(ui, finished(&self.state.mood), bars, model, out);
        self.meaning.show(ui, model, out);
        ui.add_space(space::SMALL);
        let has_mood = !self.state.mood.trim().is_empty();
        let strength = |ui: &mut Ui| {
            let hint =
                "How strongly the mood is followed: 0 % not at all, 100 % as usual, 200 % more than usual";
            percent_slider(ui, "Strength", hint, &mut self.state.strength, *AMOUNTS.end())
                .on_disabled_hover_text("Write a mood first");
        };
        steady(ui, "strength", |ui| ui.add_enabled_ui(has_mood, strength));
    }

    /// Who plays and their own settings. In a low panel the tooltip has what a performer is.
    pub(super) fn performer_ui(&mut self, ui: &mut Ui, model: &Model, is_low: bool, out: &mut Outbox) {
        let label = field_label(ui, "Performer");
        let chosen = self.chosen(model);
        let mut picked = None;
        let combo = ComboBox::from_id_salt("performer")
            .width(ui.available_width())
            .selected_text(chosen.map_or("None", |p| p.name.as_str()))
            .show_ui(ui, |ui| {
                for performer in &model.settings.performers {
                    let is_chosen = chosen.is_some_and(|p| p.id == performer.id);
                    let button = Button::selectable(is_chosen, performer.name.as_str());
                    let response = ui.add_enabled(performer.unavailable.is_none(), button);
                    let response = response.on_hover_text(performer.description.as_str());
                    let reason = performer.unavailable.as_deref().unwrap_or_default();
                    if response.on_disabled_hover_text(reason).clicked() {
                        picked = Some(performer.id.clone());
                    }
                }
            });
        let combo = combo.response.labelled_by(label.id);
        if let Some(id) = picked {
            self.state.performer = id;
        }
        if let Some(performer) = chosen {
            if is_low {
                combo.on_hover_text(performer.description.as_str());
            } else {
                controls::weak(ui, performer.description.as_str());
            }
            knobs_ui(ui, model, performer, &mut self.state.knobs, out);
        }
    }

    /// As marked, where there is a mark; as the performer would; or a number, which starts at the mark.
    pub(super) fn base_tempo_ui(&mut self, ui: &mut Ui, model: &Model) {
        let beat = &model.score.beat;
        let label = field_label(ui, "Base tempo").on_hover_text(
            "How fast the whole piece is; bars that are performed anew keep the tempo around them",
        );
        let marked = beat.marked.map(|marked| (BaseTempo::AsMarked, format!("As marked ({marked:.0})")));
        // Without a mark, as marked is as the performer would.
        let without_mark = if marked.is_some() { BaseTempo::Free } else { BaseTempo::AsMarked };
        let per_minute = match self.state.base_tempo {
            BaseTempo::Bpm(per_minute) => per_minute,
            _ => beat.marked.unwrap_or(UNMARKED_PER_MINUTE),
        };
        let per_minute = per_minute.clamp(*BEATS_PER_MINUTE.start(), *BEATS_PER_MINUTE.end());
        let number = (BaseTempo::Bpm(per_minute), "Beats a minute".to_owned());
        let free = (without_mark, "As the performer would".to_owned());
        let choices: Vec<_> = marked.into_iter().chain([free, number]).collect();
        let current = self.state.base_tempo;
        let is_on = move |choice: BaseTempo| choice == current;
        let chosen = choices.iter().find(|(choice, _)| is_on(*choice));
        let text = chosen.map_or("As the performer would", |(_, text)| text.as_str());
        let mut picked = None;
        ui.horizontal(|ui| {
            let combo = ComboBox::from_id_salt("base tempo").selected_text(text).show_ui(ui, |ui| {
                for (choice, text) in &choices {
                    if ui.add(Button::selectable(is_on(*choice), text.as_str())).clicked() {
                        picked = Some(*choice);
                    }
                }
            });
            combo.response.labelled_by(label.id);
            if let BaseTempo::Bpm(per_minute) = &mut self.state.base_tempo {
                let prefix = format!("{} = ", beat.name);
                let number = DragValue::new(per_minute)
                    .range(BEATS_PER_MINUTE)
                    .speed(0.5)
                    .max_decimals(1)
                    .prefix(prefix);
                ui.add(number).labelled_by(label.id).on_hover_text("Beats a minute, on the whole");
            }
        });
        if let Some(base_tempo) = picked {
            self.state.base_tempo = base_tempo;
        }
        if let Some(per_minute) = model.listening().and_then(|heard| mean_tempo(heard, beat)) {
            controls::weak(ui, format!("Heard now: {} = {per_minute:.0} on the whole", beat.name));
        }
    }

    pub(super) fn amounts_ui(&mut self, ui: &mut Ui) {
        let a = &mut self.state.amounts;
        percent_slider(ui, "Dynamics", "How far loud and soft lie apart", &mut a.dynamics, *AMOUNTS.end());
        percent_slider(
            ui,
            "Tempo changes",
            "Slow changes of tempo, over phrases",
            &mut a.tempo,
            *AMOUNTS.end(),
        );
        percent_slider(
            ui,
            "Rubato",
            "Fast changes of tempo, and the spread of chords",
            &mut a.rubato,
            *AMOUNTS.end(),
        );
        percent_slider(
            ui,
            "Articulation",
            "How short and how long notes are held",
            &mut a.articulation,
            *AMOUNTS.end(),
        );
        percent_slider(ui, "Pedalling", "How deep the sustain pedal goes", &mut a.pedal, *AMOUNTS.end());
        let hint = "Melody against accompaniment: to the right the melody stands out further";
        decibel_slider(ui, "Balance", hint, &mut a.balance_db, BALANCES_DB);
    }

    pub(super) fn seed_ui(&mut self, ui: &mut Ui) {
        let hints = [
            "What is left to chance starts from this number: the same seed and settings give the same take",
            "Keep the seed for the next performance; else it is another one, and plays differently",
        ];
        seed_ui(ui, &mut self.state.seed, &mut self.state.keeps_seed, hints);
    }

    pub(super) fn takes_ui(&mut self, ui: &mut Ui) {
        let names = ["1", "2", "3", "4", "5"];
        let choices: Vec<(u8, &str)> = (1..=MOST_TAKES).zip(names).collect();
        ui.horizontal(|ui| {
            field_label(ui, "Takes").on_hover_text("How many takes are performed, each a little different");
            ui.spacing_mut().button_padding.x = 6.0;
            if let Some(takes) = controls::segments(ui, self.state.takes, &choices) {
                self.state.takes = takes;
            }
        });
    }

    /// The button, with the reason below it while it cannot be pressed. Laid out bottom up.
    pub(super) fn button_ui(&self, ui: &mut Ui, model: &Model, bars: Option<&Bars>, out: &mut Outbox) {
        let text = match bars {
            Some(bars) => format!("Perform {}", words::bars(&model.score, bars)),
            None => "Perform".to_owned(),
        };
        let size = vec2(ui.available_width(), 36.0);
        match self.ready(model) {
            Ok(_) => {
                // One line, however narrow the panel; the tooltip has all of it.
                let one_line = |ui: &mut Ui| {
                    ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
                    controls::primary_button(ui, &text, size)
                };
                let button = ui.scope(one_line).inner;
                let hint = || format!("{text}\n{}", UiCommand::Perform.tooltip_with_shortcut(ui.ctx()));
                if controls::hint(button, hint).clicked() {
                    out.run(UiCommand::Perform);
                }
            }
            Err(reason) => {
                let tokens = theme::of(ui);
                ui.label(RichText::new(&reason).size(12.0).color(tokens.warning));
                let button = Button::new(RichText::new(text).size(14.5)).truncate();
                ui.add_enabled_ui(false, |ui| ui.add_sized(size, button).on_disabled_hover_text(reason));
            }
        }
    }
}
