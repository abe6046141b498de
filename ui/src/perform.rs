//! The panel at the right: what to perform, and how.

mod fields;
mod knobs;
mod reference;
pub(crate) mod seeds;

use egui::{Align, Layout, ScrollArea, Ui};
use protocol::limits::LARGEST_SEED;
use protocol::{
    Bars, Command, KnobValue, Manner, PanelState, PerformRequest, PerformerView, ProjectView, TakeView,
};

use crate::centre::cached::Cached;
use crate::controls::{self, steady};
use crate::mood::Meaning;
use crate::remember::{Due, Remember};
use crate::suggestions::finished;
use crate::theme::space;
use crate::{Model, Outbox};
use seeds::unused_seed;

/// A panel that is lower, in points, sets its fields closer together, so that less of them has to be scrolled to.
const ROOMY: f32 = 700.0;
/// Suggestions to go on with a mood, in such a panel and in a higher one.
const SUGGESTIONS: [usize; 2] = [3, 6];

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

    /// Sets a knob to the manner that was read for it.
    pub fn set_manner(&mut self, knob: String, manner: Manner) {
        self.state.knobs.insert(knob, KnobValue::Manner(manner));
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
            knobs: knobs::turned(performer, &self.state.knobs),
            seed: self.state.seed,
            takes: self.state.takes,
        })
    }

    /// After a performance was asked for: the next one plays differently, unless the seed is kept.
    pub fn performed(&mut self, takes: &[TakeView]) {
        if !self.state.keeps_seed {
            let next = self.state.seed.wrapping_add(u64::from(self.state.takes)) % (LARGEST_SEED + 1);
            self.state.seed = unused_seed(next, takes);
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

    /// Tells the shell the rest of what is set: the project is about to be closed.
    pub fn leave(&mut self, out: &mut Outbox) {
        if let Some(state) = self.told.rest(&self.state, PanelState::eq) {
            out.send(Command::RememberPanel(Box::new(state)));
        }
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
        let is_low = ui.available_height() < ROOMY;
        controls::panel_title(ui, "Perform");
        // The button and how many takes it makes keep their place at the bottom, however small the
        // window.
        ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
            self.button_ui(ui, model, bars.as_ref(), out);
            self.takes_ui(ui);
            ui.add_space(space::SMALL);
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    let [few, many] = SUGGESTIONS;
                    let (gap, most_words) = if is_low { (space::SMALL, few) } else { (space::MEDIUM, many) };
                    if is_low {
                        ui.spacing_mut().item_spacing.y = 2.0;
                        ui.spacing_mut().interact_size.y = 24.0;
                    }
                    steady(ui, "mood", |ui| self.mood_ui(ui, model, (bars.as_ref(), most_words), out));
                    ui.add_space(gap);
                    steady(ui, "performer", |ui| self.performer_ui(ui, model, is_low, out));
                    ui.add_space(gap);
                    steady(ui, "base tempo", |ui| self.base_tempo_ui(ui, model));
                    steady(ui, "amounts", |ui| self.amounts_ui(ui));
                    ui.add_space(gap);
                    steady(ui, "seed", |ui| self.seed_ui(ui));
                });
            });
        });
    }
}
