//! The panel at the right: what to perform, and how.

use egui::{Align, Button, ComboBox, DragValue, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};
use protocol::limits::{
    AMOUNTS, BALANCES_DB, BEATS_PER_MINUTE, LARGEST_SEED, LONGEST_MOOD_CHARS, MOST_TAKES,
};
use protocol::{Amounts, Bars, BaseTempo, BeatView, Knobs, PerformRequest, PerformerView, TakeView};

use crate::controls::{self, decibel_slider, field_label, percent_slider};
use crate::icons::Icon;
use crate::mood::Feeling;
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, words};

/// Most suggestions under the mood.
const MOST_SUGGESTIONS: usize = 6;

/// Where the number of beats a minute starts in a score without a mark.
const UNMARKED_PER_MINUTE: f64 = 80.0;

/// What the person has set.
#[derive(Debug)]
pub struct PerformPanel {
    performer: String,
    mood: String,
    feeling: Feeling,
    strength: f64,
    base_tempo: BaseTempo,
    amounts: Amounts,
    knobs: Knobs,
    seed: u64,
    keeps_seed: bool,
    takes: u8,
}

impl Default for PerformPanel {
    fn default() -> Self {
        Self {
            performer: String::new(),
            mood: String::new(),
            feeling: Feeling::default(),
            strength: 1.0,
            base_tempo: BaseTempo::default(),
            amounts: Amounts::default(),
            knobs: Knobs::default(),
            seed: 1,
            keeps_seed: false,
            takes: 1,
        }
    }
}

impl PerformPanel {
    /// Sets everything as it was for a take.
    pub fn use_settings_of(&mut self, take: &TakeView) {
        self.performer.clone_from(&take.performer);
        self.mood.clone_from(&take.mood);
        self.strength = take.strength;
        self.base_tempo = take.base_tempo;
        self.amounts = take.amounts;
        self.knobs.clone_from(&take.knobs);
        self.seed = take.seed;
    }

    /// Puts another text into the mood field.
    pub fn set_mood(&mut self, text: String) {
        self.mood = text;
        self.feeling.hurry();
    }

    /// What *Perform* asks for, or why it cannot.
    pub fn request(&self, model: &Model, bars: Option<Bars>) -> Result<PerformRequest, String> {
        let project = model.project.as_ref().ok_or("Open a piece first")?;
        if let Some(reason) = &project.read_only {
            return Err(format!("This project can only be read: {reason}"));
        }
        let performer = self.chosen(model).ok_or("No performer is installed")?;
        if let Some(reason) = &performer.unavailable {
            return Err(format!("{} cannot play. {reason}", performer.name));
        }
        Ok(PerformRequest {
            performer: performer.id.clone(),
            bars,
            of: project.listening,
            mood: finished(&self.mood).to_owned(),
            strength: self.strength,
            base_tempo: self.base_tempo,
            amounts: self.amounts,
            knobs: self.knobs_of(performer),
            seed: self.seed,
            takes: self.takes,
        })
    }

    /// After a performance was asked for: the next one plays differently, unless the seed is kept.
    pub fn performed(&mut self) {
        if !self.keeps_seed {
            self.seed = self.seed.wrapping_add(u64::from(self.takes)) % (LARGEST_SEED + 1);
        }
    }

    /// The knobs of a performer that stand elsewhere than at their default.
    fn knobs_of(&self, performer: &PerformerView) -> Knobs {
        let turned = performer.knobs.iter().filter_map(|knob| {
            let value = *self.knobs.get(&knob.id).filter(|value| **value != knob.default)?;
            Some((knob.id.clone(), value.clamp(knob.min, knob.max)))
        });
        turned.collect()
    }

    fn chosen<'a>(&self, model: &'a Model) -> Option<&'a PerformerView> {
        let performers = &model.settings.performers;
        let named = performers.iter().find(|p| p.id == self.performer);
        named.or_else(|| performers.iter().find(|p| p.unavailable.is_none())).or(performers.first())
    }

    /// Draws the panel.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, bars: Option<Bars>, out: &mut Outbox) {
        controls::panel_title(ui, "Perform");
        // The button and how many takes it makes keep their place at the bottom, however small the
        // window.
        ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
            self.button_ui(ui, model, bars.clone(), out);
            self.takes_ui(ui);
            ui.add_space(space::SMALL);
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    self.mood_ui(ui, model, bars.as_ref(), out);
                    ui.add_space(space::MEDIUM);
                    self.performer_ui(ui, model);
                    ui.add_space(space::MEDIUM);
                    self.base_tempo_ui(ui, &model.score.beat);
                    self.amounts_ui(ui);
                    ui.add_space(space::MEDIUM);
                    self.seed_ui(ui);
                });
            });
        });
    }

    fn mood_ui(&mut self, ui: &mut Ui, model: &Model, bars: Option<&Bars>, out: &mut Outbox) {
        let label = field_label(ui, "Mood");
        let field = TextEdit::singleline(&mut self.mood)
            .hint_text("hesitant, then anger")
            .char_limit(LONGEST_MOOD_CHARS)
            .margin(vec2(8.0, 6.0))
            .desired_width(f32::INFINITY);
        let hint =
            "Words, words over time (hesitant, then anger), or bars (bars 1-8 gentle; bars 9-16 fierce)";
        controls::text_field(ui, field).labelled_by(label.id).on_hover_text(hint);
        let suggestions = suggestions(&self.mood, &model.settings.moods);
        if !suggestions.is_empty() {
            ui.scope(|ui| {
                ui.spacing_mut().item_spacing = vec2(4.0, 4.0);
                ui.spacing_mut().button_padding = vec2(8.0, 1.0);
                ui.spacing_mut().interact_size.y = 20.0;
                ui.horizontal_wrapped(|ui| {
                    for word in suggestions {
                        let chip = Button::new(RichText::new(word).size(12.0)).corner_radius(10);
                        if ui.add(chip).on_hover_text("Add to the mood").clicked() {
                            accept(&mut self.mood, word);
                        }
                    }
                });
            });
        }
        self.feeling.ask(ui, finished(&self.mood), bars, model, out);
        self.feeling.show(ui, model);
        ui.add_space(6.0);
        ui.add_enabled_ui(!self.mood.trim().is_empty(), |ui| {
            let hint =
                "How strongly the mood is followed: 0 % not at all, 100 % as usual, 200 % more than usual";
            percent_slider(ui, "Strength", hint, &mut self.strength, *AMOUNTS.end());
        });
    }

    fn performer_ui(&mut self, ui: &mut Ui, model: &Model) {
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
        combo.response.labelled_by(label.id);
        if let Some(id) = picked {
            self.performer = id;
        }
        if let Some(performer) = chosen {
            controls::weak(ui, performer.description.as_str());
            for knob in &performer.knobs {
                let value = self.knobs.entry(knob.id.clone()).or_insert(knob.default);
                controls::knob_slider(ui, knob, value);
            }
        }
    }

    /// As marked, where there is a mark; as the performer would; or a number, which starts at the mark.
    fn base_tempo_ui(&mut self, ui: &mut Ui, beat: &BeatView) {
        let label = field_label(ui, "Base tempo")
            .on_hover_text("How fast the whole piece is; bars have the tempo of the take around them");
        let marked = beat.marked.map(|marked| (BaseTempo::AsMarked, format!("As marked ({marked:.0})")));
        // Without a mark, as marked is as the performer would.
        let without_mark = if marked.is_some() { BaseTempo::Free } else { BaseTempo::AsMarked };
        let per_minute = match self.base_tempo {
            BaseTempo::Bpm(per_minute) => per_minute,
            _ => beat.marked.unwrap_or(UNMARKED_PER_MINUTE),
        };
        let per_minute = per_minute.clamp(*BEATS_PER_MINUTE.start(), *BEATS_PER_MINUTE.end());
        let number = (BaseTempo::Bpm(per_minute), "Beats a minute".to_owned());
        let free = (without_mark, "As the performer would".to_owned());
        let choices: Vec<_> = marked.into_iter().chain([free, number]).collect();
        let current = self.base_tempo;
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
            if let BaseTempo::Bpm(per_minute) = &mut self.base_tempo {
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
            self.base_tempo = base_tempo;
        }
    }

    fn amounts_ui(&mut self, ui: &mut Ui) {
        let a = &mut self.amounts;
        percent_slider(ui, "Dynamics", "Loud and soft", &mut a.dynamics, *AMOUNTS.end());
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
        percent_slider(ui, "Articulation", "Short and long notes", &mut a.articulation, *AMOUNTS.end());
        percent_slider(ui, "Pedalling", "How deep the sustain pedal goes", &mut a.pedal, *AMOUNTS.end());
        let hint = "Melody against accompaniment: to the right the melody stands out further";
        decibel_slider(ui, "Balance", hint, &mut a.balance_db, BALANCES_DB);
    }

    fn seed_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let label = field_label(ui, "Seed");
            let seed = DragValue::new(&mut self.seed).range(0..=LARGEST_SEED).speed(0.1);
            ui.add_sized(vec2(64.0, space::CONTROL), seed)
                .labelled_by(label.id)
                .on_hover_text("The same seed and settings give the same take");
            let dice = controls::icon_button(ui, Icon::Dice, "Throw the dice", false);
            if dice.on_hover_text("Another seed").clicked() {
                self.seed = throw(self.seed, ui.input(|i| i.time));
            }
            ui.checkbox(&mut self.keeps_seed, "Keep")
                .on_hover_text("Keep the seed after performing; else the next performance differs");
        });
    }

    fn takes_ui(&mut self, ui: &mut Ui) {
        let names = ["1", "2", "3", "4", "5"];
        let choices: Vec<(u8, &str)> = (1..=MOST_TAKES).zip(names).collect();
        ui.horizontal(|ui| {
            field_label(ui, "Takes").on_hover_text("How many takes are performed, each with another seed");
            ui.spacing_mut().button_padding.x = 6.0;
            if let Some(takes) = controls::segments(ui, self.takes, &choices) {
                self.takes = takes;
            }
        });
    }

    /// The button, with the reason below it while it cannot be pressed. Laid out bottom up.
    fn button_ui(&self, ui: &mut Ui, model: &Model, bars: Option<Bars>, out: &mut Outbox) {
        let text = match &bars {
            Some(bars) => format!("Perform {}", words::bars(&model.score, bars)),
            None => "Perform".to_owned(),
        };
        let size = vec2(ui.available_width(), 36.0);
        match self.request(model, bars) {
            Ok(_) => {
                let button = controls::primary_button(ui, &text, size);
                let hint = UiCommand::Perform.tooltip_with_shortcut(ui.ctx());
                if button.on_hover_text(hint).clicked() {
                    out.run(UiCommand::Perform);
                }
            }
            Err(reason) => {
                let tokens = theme::of(ui);
                ui.label(RichText::new(&reason).size(12.0).color(tokens.warning));
                let button = Button::new(RichText::new(text).size(14.5));
                ui.add_enabled_ui(false, |ui| ui.add_sized(size, button).on_disabled_hover_text(reason));
            }
        }
    }
}

/// The mood without the comma that waits for another word.
fn finished(mood: &str) -> &str {
    mood.trim().trim_end_matches([',', ';']).trim_end()
}

/// The part of the mood that is being written: behind the last comma, `then` or bars.
fn unfinished(mood: &str) -> &str {
    let part = mood.rsplit([',', ';']).next().unwrap_or_default().trim_start();
    let part = part.strip_prefix("then ").unwrap_or(part).trim_start();
    let after_bars = part.strip_prefix("bars ").or(part.strip_prefix("bar ")).map(str::trim_start);
    match after_bars.and_then(|rest| rest.split_once(' ')) {
        Some((range, rest)) if range.starts_with(|c: char| c.is_ascii_digit()) => rest.trim_start(),
        _ => part,
    }
}

/// Words that go on with what is being written and are not yet in the mood.
fn suggestions<'a>(mood: &str, moods: &'a [String]) -> Vec<&'a str> {
    let start = unfinished(mood).to_lowercase();
    let fresh = |word: &&str| !mood.split(',').any(|part| part.trim().eq_ignore_ascii_case(word));
    let fitting = moods.iter().map(String::as_str).filter(fresh);
    fitting.filter(|w| w.to_lowercase().starts_with(&start)).take(MOST_SUGGESTIONS).collect()
}

/// Puts a suggested word in the place of what is being written.
fn accept(mood: &mut String, word: &str) {
    let keep = mood.len() - unfinished(mood).len();
    mood.truncate(keep);
    let kept = mood.trim_end().len();
    mood.truncate(kept);
    if !mood.is_empty() {
        mood.push(' ');
    }
    mood.push_str(word);
    mood.push_str(", ");
}

/// Another seed, small enough to be read out.
fn throw(seed: u64, time_secs: f64) -> u64 {
    // SplitMix64: neighbouring numbers end up far apart.
    let mut z = (seed ^ time_secs.to_bits()).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (z ^ (z >> 31)) % 1_000_000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggestions_go_on_with_the_last_word() {
        let moods = ["tender", "tense", "angry"].map(str::to_owned);
        assert_eq!(suggestions("", &moods), ["tender", "tense", "angry"]);
        assert_eq!(suggestions("angry, Te", &moods), ["tender", "tense"]);
        assert_eq!(suggestions("tender, ", &moods), ["tense", "angry"]);
        assert!(suggestions("by no means", &moods).is_empty());
        assert_eq!(suggestions("bars 1-8 te", &moods), ["tender", "tense"]);
        assert_eq!(suggestions("bar 4 angry; then ten", &moods), ["tender", "tense"]);
    }

    #[test]
    fn a_suggestion_takes_the_place_of_what_was_begun() {
        let mut mood = "angry, te".to_owned();
        accept(&mut mood, "tender");
        assert_eq!(mood, "angry, tender, ");
        let mut later = "bars 1-8 angry; bars 9-16 te".to_owned();
        accept(&mut later, "tender");
        assert_eq!(later, "bars 1-8 angry; bars 9-16 tender, ");
        let mut empty = String::new();
        accept(&mut empty, "sad");
        assert_eq!(empty, "sad, ");
    }

    #[test]
    fn dice_fall_differently() {
        assert_ne!(throw(1, 2.0), throw(2, 2.0));
        assert_ne!(throw(1, 2.0), throw(1, 3.0));
    }
}
