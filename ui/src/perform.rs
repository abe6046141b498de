//! The panel at the right: what to perform, and how.

use std::collections::BTreeSet;

use egui::{Align, Button, ComboBox, DragValue, Layout, RichText, ScrollArea, TextEdit, Ui, vec2};
use protocol::limits::{
    AMOUNTS, BALANCES_DB, BEATS_PER_MINUTE, LARGEST_SEED, LONGEST_MOOD_CHARS, MOST_TAKES,
};
use protocol::{
    Bars, BaseTempo, BeatView, Command, Knobs, PanelState, PerformRequest, PerformerView, ProjectView,
    TakeView,
};

use crate::centre::cached::Cached;
use crate::controls::{self, decibel_slider, field_label, percent_slider};
use crate::icons::Icon;
use crate::mood::Meaning;
use crate::remember::{Due, Remember};
use crate::suggestions::{accept, finished, suggestions};
use crate::theme::{self, space};
use crate::{Model, Outbox, UiCommand, words};

/// Where the number of beats a minute starts in a score without a mark.
const UNMARKED_PER_MINUTE: f64 = 80.0;

/// What the person has set.
#[derive(Debug, Default)]
pub struct PerformPanel {
    state: PanelState,
    meaning: Meaning,
    /// Words that could go on with the mood, for its text and the settings that have the words.
    suggestions: Cached<(String, u64), Vec<String>>,
    told: Remember<PanelState>,
    /// The document that the state belongs to; see [`protocol::ProjectView::opening`].
    opening: Option<u64>,
}

impl PerformPanel {
    /// Sets everything as it was for a take.
    pub fn use_settings_of(&mut self, take: &TakeView) {
        self.state.performer.clone_from(&take.performer);
        self.state.mood.clone_from(&take.mood);
        self.state.strength = take.strength;
        self.state.base_tempo = take.base_tempo;
        self.state.amounts = take.amounts;
        self.state.knobs.clone_from(&take.knobs);
        self.state.seed = take.seed;
    }

    /// Puts another text into the mood field.
    pub fn set_mood(&mut self, text: String) {
        self.state.mood = text;
        self.meaning.hurry();
    }

    /// What is performed and by whom, or why nothing can be.
    fn ready<'a>(&self, model: &'a Model) -> Result<(&'a ProjectView, &'a PerformerView), String> {
        let project = model.project.as_ref().ok_or("Open a piece first")?;
        if let Some(reason) = &project.read_only {
            return Err(format!("This project can only be read: {reason}"));
        }
        let performer = self.chosen(model).ok_or("No performer is installed")?;
        if let Some(reason) = &performer.unavailable {
            return Err(format!("{} cannot play. {reason}", performer.name));
        }
        Ok((project, performer))
    }

    /// What *Perform* asks for, or why it cannot.
    pub fn request(&self, model: &Model, bars: Option<Bars>) -> Result<PerformRequest, String> {
        let (project, performer) = self.ready(model)?;
        Ok(PerformRequest {
            performer: performer.id.clone(),
            bars,
            of: project.listening,
            mood: finished(&self.state.mood).to_owned(),
            strength: self.state.strength,
            base_tempo: self.state.base_tempo,
            amounts: self.state.amounts,
            knobs: self.knobs_of(performer),
            seed: self.state.seed,
            takes: self.state.takes,
        })
    }

    /// After a performance was asked for: the next one plays differently, unless the seed is kept.
    pub fn performed(&mut self) {
        if !self.state.keeps_seed {
            self.state.seed = self.state.seed.wrapping_add(u64::from(self.state.takes)) % (LARGEST_SEED + 1);
        }
    }

    /// Takes in what the model has that is new: with another document come its own settings, and the
    /// next seed that none of its takes has.
    pub fn take_in(&mut self, model: &Model) {
        let opening = model.project.as_ref().map(|p| p.opening);
        if self.opening == opening {
            return;
        }
        self.opening = opening;
        let Some(project) = &model.project else { return };
        // Who plays stays chosen from piece to piece.
        let unknown = || PanelState { performer: self.state.performer.clone(), ..PanelState::default() };
        let mut state = project.view.panel.as_deref().cloned().unwrap_or_else(unknown);
        self.told.restored(state.clone());
        if !state.keeps_seed {
            state.seed = unused_seed(state.seed, &project.takes);
        }
        self.state = state;
        self.meaning.hurry();
    }

    /// Tells the shell what is set, if that has changed.
    fn tell(&mut self, ui: &Ui, out: &mut Outbox) {
        match self.told.due(&self.state, PanelState::eq, ui.input(|i| i.time)) {
            Due::Nothing => {}
            Due::Now(state) => out.send(Command::RememberPanel(Box::new(state))),
            Due::In(secs) => {
                ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(secs));
            }
        }
    }

    /// The knobs of a performer that stand elsewhere than at their default.
    fn knobs_of(&self, performer: &PerformerView) -> Knobs {
        let turned = performer.knobs.iter().filter_map(|knob| {
            let value = *self.state.knobs.get(&knob.id).filter(|value| **value != knob.default)?;
            Some((knob.id.clone(), value.clamp(knob.min, knob.max)))
        });
        turned.collect()
    }

    fn chosen<'a>(&self, model: &'a Model) -> Option<&'a PerformerView> {
        let performers = &model.settings.performers;
        let named = performers.iter().find(|p| p.id == self.state.performer);
        named.or_else(|| performers.iter().find(|p| p.unavailable.is_none())).or(performers.first())
    }

    /// Draws the panel.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, bars: Option<Bars>, out: &mut Outbox) {
        self.take_in(model);
        self.tell(ui, out);
        controls::panel_title(ui, "Perform");
        // The button and how many takes it makes keep their place at the bottom, however small the
        // window.
        ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
            self.button_ui(ui, model, bars.as_ref(), out);
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
                    for word in suggestions {
                        let chip = Button::new(RichText::new(word.as_str()).size(12.0)).corner_radius(10);
                        if ui.add(chip).on_hover_text("Add to the mood").clicked() {
                            accept(&mut self.state.mood, word);
                        }
                    }
                });
            });
        }
        self.meaning.ask(ui, finished(&self.state.mood), bars, model, out);
        self.meaning.show(ui, model);
        ui.add_space(6.0);
        ui.add_enabled_ui(!self.state.mood.trim().is_empty(), |ui| {
            let hint =
                "How strongly the mood is followed: 0 % not at all, 100 % as usual, 200 % more than usual";
            percent_slider(ui, "Strength", hint, &mut self.state.strength, *AMOUNTS.end())
                .on_disabled_hover_text("Write a mood first");
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
            self.state.performer = id;
        }
        if let Some(performer) = chosen {
            controls::weak(ui, performer.description.as_str());
            for knob in &performer.knobs {
                let value = self.state.knobs.entry(knob.id.clone()).or_insert(knob.default);
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
    }

    fn amounts_ui(&mut self, ui: &mut Ui) {
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

    fn seed_ui(&mut self, ui: &mut Ui) {
        ui.horizontal(|ui| {
            let label = field_label(ui, "Seed");
            let seed = DragValue::new(&mut self.state.seed).range(0..=LARGEST_SEED).speed(0.1);
            ui.add_sized(vec2(64.0, space::CONTROL), seed).labelled_by(label.id).on_hover_text(
                "The number that chance starts from: the same seed and settings give the same take",
            );
            let dice = controls::icon_button(ui, Icon::Dice, "Throw the dice", false);
            if dice.on_hover_text("Another seed").clicked() {
                self.state.seed = throw(self.state.seed, ui.input(|i| i.time));
            }
            ui.checkbox(&mut self.state.keeps_seed, "Keep").on_hover_text(
                "Keep the seed for the next performance; else it is another one, and plays differently",
            );
        });
    }

    fn takes_ui(&mut self, ui: &mut Ui) {
        let names = ["1", "2", "3", "4", "5"];
        let choices: Vec<(u8, &str)> = (1..=MOST_TAKES).zip(names).collect();
        ui.horizontal(|ui| {
            field_label(ui, "Takes").on_hover_text("How many takes are performed, each with another seed");
            ui.spacing_mut().button_padding.x = 6.0;
            if let Some(takes) = controls::segments(ui, self.state.takes, &choices) {
                self.state.takes = takes;
            }
        });
    }

    /// The button, with the reason below it while it cannot be pressed. Laid out bottom up.
    fn button_ui(&self, ui: &mut Ui, model: &Model, bars: Option<&Bars>, out: &mut Outbox) {
        let text = match bars {
            Some(bars) => format!("Perform {}", words::bars(&model.score, bars)),
            None => "Perform".to_owned(),
        };
        let size = vec2(ui.available_width(), 36.0);
        match self.ready(model) {
            Ok(_) => {
                let button = controls::primary_button(ui, &text, size);
                let hint = || UiCommand::Perform.tooltip_with_shortcut(ui.ctx());
                if controls::hint(button, hint).clicked() {
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

/// The first seed from here on that no take has.
fn unused_seed(seed: u64, takes: &[TakeView]) -> u64 {
    let used: BTreeSet<u64> = takes.iter().map(|take| take.seed).collect();
    let mut seeds = (seed..=LARGEST_SEED).chain(0..seed);
    seeds.find(|seed| !used.contains(seed)).unwrap_or(seed)
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
    fn a_seed_that_a_take_has_is_passed_over() {
        let take = |seed| TakeView { seed, ..TakeView::default() };
        assert_eq!(unused_seed(1, &[take(1), take(2), take(4)]), 3);
        assert_eq!(unused_seed(LARGEST_SEED, &[take(LARGEST_SEED)]), 0);
        assert_eq!(unused_seed(7, &[]), 7);
    }

    #[test]
    fn dice_fall_differently() {
        assert_ne!(throw(1, 2.0), throw(2, 2.0));
        assert_ne!(throw(1, 2.0), throw(1, 3.0));
    }
}
