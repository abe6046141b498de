//! The panel of variations, at the right in place of the one that performs: other notes for some bars, as near to
//! what is written as is asked for, heard in their place, kept, and put into the piece.
//!
//! | module | what it is |
//! | --- | --- |
//! | `fields` | what is asked for |
//! | `passage` | which bars are varied, and of which version |
//! | `list`, `menu` | the variations that were made last, and what can be done with each |
//! | `hearing`, `heard` | how they are heard beside the original, and what stands below the list meanwhile |

mod fields;
mod heard;
mod hearing;
mod list;
mod menu;
mod passage;

use egui::{Align, Button, Layout, ProgressBar, RichText, ScrollArea, Ui, vec2};
use protocol::limits::LARGEST_SEED;
use protocol::{Bars, Command, ComposerView, ProjectView, TakeView, VariationsView, VaryRequest, VaryState};

use crate::controls::{self, icon_button_sized};
use crate::icons::Icon;
use crate::perform::seeds::unused_seed;
use crate::remember::{Due, Remember};
use crate::theme::{self, space};
use crate::{Model, Outbox, words};

pub use hearing::hear;
pub use passage::bars_to_vary;

/// What the person has set.
#[derive(Clone, Debug, Default)]
pub struct VariationsPanel {
    is_open: bool,
    state: VaryState,
    told: Remember<VaryState>,
    /// The document that the state belongs to; see [`protocol::ProjectView::opening`].
    opening: Option<u64>,
}

impl VariationsPanel {
    /// Opens the panel.
    pub fn open(&mut self) {
        self.is_open = true;
    }

    /// Closes it; what is set and what was made stays.
    pub fn close(&mut self) {
        self.is_open = false;
    }

    /// Whether it is there in place of the panel that performs.
    pub fn is_open(&self) -> bool {
        self.is_open
    }

    /// The variations that the number keys hear; none while they hear takes.
    pub fn numbered<'a>(&self, model: &'a Model) -> Option<&'a VariationsView> {
        model.variations.as_ref().filter(|made| self.is_open && !made.list.is_empty())
    }

    /// What *Make* asks for, or why it cannot.
    ///
    /// # Errors
    /// A sentence that says what is missing and what to do.
    pub fn request(&self, model: &Model, selection: Option<&Bars>) -> Result<VaryRequest, String> {
        let project = model.project.as_ref().ok_or("Open a piece first")?;
        let composer =
            self.chosen(model).ok_or("No composer is installed, and one is needed for variations")?;
        if let Some(reason) = &composer.unavailable {
            return Err(format!("{} cannot write variations. {}", composer.name, words::sentence(reason)));
        }
        let bars = bars_to_vary(selection)?;
        let of = passage::original(model, project);
        if project.takes.iter().any(|take| take.id == of && take.is_streaming) {
            return Err(
                "This take is still being performed: wait for it, or listen to another one".to_owned()
            );
        }
        Ok(VaryRequest {
            composer: composer.id.clone(),
            of,
            bars,
            count: self.state.count,
            // As it is told: sliders add up their steps.
            similarity: (self.state.similarity * 100.0).round() / 100.0,
            constraints: self.state.constraints,
            seed: self.state.seed,
        })
    }

    fn chosen<'a>(&self, model: &'a Model) -> Option<&'a ComposerView> {
        let composers = &model.settings.composers;
        let named = composers.iter().find(|c| c.id == self.state.composer);
        named.or_else(|| composers.iter().find(|c| c.unavailable.is_none())).or(composers.first())
    }

    /// Takes in what the model has that is new: with another document come its own settings, and a seed that none of
    /// its takes has.
    fn take_in(&mut self, project: &ProjectView) {
        if self.opening.replace(project.opening) == Some(project.opening) {
            return;
        }
        // Who writes stays chosen from piece to piece.
        let unknown = || VaryState { composer: self.state.composer.clone(), ..VaryState::default() };
        let mut state = project.view.variations.as_deref().cloned().unwrap_or_else(unknown);
        if !state.keeps_seed {
            state.seed = unused_seed(state.seed, &project.takes);
        }
        self.told.restored(state.clone());
        self.state = state;
    }

    /// Tells the shell what is set, if that has changed. The panel may be closed.
    pub fn tell(&mut self, ui: &Ui, model: &Model, out: &mut Outbox) {
        let Some(project) = &model.project else { return };
        self.take_in(project);
        match self.told.due(&self.state, VaryState::eq, ui.input(|i| i.time)) {
            Due::Nothing => {}
            Due::Now(state) => out.send(Command::RememberVariations(Box::new(state))),
            Due::In(secs) => {
                ui.ctx().request_repaint_after(std::time::Duration::from_secs_f64(secs));
            }
        }
    }

    /// Tells the shell the rest of what is set: the project is about to be closed.
    pub fn leave(&mut self, out: &mut Outbox) {
        if let Some(state) = self.told.rest(&self.state, VaryState::eq) {
            out.send(Command::RememberVariations(Box::new(state)));
        }
    }

    /// After variations were asked for: the next ones are others, unless the seed is kept.
    fn made(&mut self, takes: &[TakeView]) {
        if !self.state.keeps_seed {
            self.state.seed = unused_seed(self.state.seed.wrapping_add(1) % (LARGEST_SEED + 1), takes);
        }
    }

    /// Draws the panel; `selection` are the bars selected.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, selection: Option<&Bars>, out: &mut Outbox) {
        let Some(project) = &model.project else { return };
        self.take_in(project);
        self.title_ui(ui, model, project, out);
        ui.with_layout(Layout::bottom_up(Align::Min), |ui| {
            if let Some(made) = &model.variations {
                heard::ui(ui, model, project, made, out);
                ui.add_space(space::SMALL);
            }
            ui.with_layout(Layout::top_down(Align::Min), |ui| {
                ScrollArea::vertical().auto_shrink(false).show(ui, |ui| {
                    controls::steady(ui, "what is varied", |ui| self.fields_ui(ui, model, selection));
                    ui.add_space(space::SMALL);
                    self.make_ui(ui, model, selection, out);
                    if let Some(made) = &model.variations {
                        ui.add_space(space::MEDIUM);
                        progress_ui(ui, model, made, out);
                        if let Some(why) = &made.too_similar {
                            ui.label(RichText::new(why).size(12.0).color(theme::of(ui).warning));
                            ui.add_space(space::SMALL);
                        }
                        list::ui(ui, model, project, made, out);
                    }
                });
            });
        });
    }

    /// The title, with a cross that closes the panel: what a variation was made of is heard again.
    fn title_ui(&mut self, ui: &mut Ui, model: &Model, project: &ProjectView, out: &mut Outbox) {
        ui.horizontal(|ui| {
            ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
                let cross = icon_button_sized(ui, Icon::Close, "Close the variations", false, 22.0);
                let hint = "Back to the panel that performs; the variations stay until others are made";
                if cross.on_hover_text(hint).clicked() {
                    self.close();
                    let is_preview = project.previews.iter().any(|p| p.id == project.listening);
                    if is_preview && model.variations.is_some() {
                        out.send(Command::PreviewVariation(None));
                    }
                }
                ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                    controls::panel_title(ui, "Variations");
                });
            });
        });
    }

    fn fields_ui(&mut self, ui: &mut Ui, model: &Model, selection: Option<&Bars>) {
        self.passage_ui(ui, model, selection);
        self.composer_ui(ui, model);
        ui.add_space(space::SMALL);
        self.dial_ui(ui);
        ui.add_space(space::SMALL);
        self.constraints_ui(ui, model, selection);
        ui.add_space(space::SMALL);
        self.count_ui(ui);
        self.seed_ui(ui);
    }

    /// The button, with the reason above it while it cannot be pressed.
    fn make_ui(&mut self, ui: &mut Ui, model: &Model, selection: Option<&Bars>, out: &mut Outbox) {
        let words = if self.state.count == 1 {
            "Make a variation".to_owned()
        } else {
            format!("Make {} variations", self.state.count)
        };
        let size = vec2(ui.available_width(), 32.0);
        match self.request(model, selection) {
            Ok(request) => {
                let hint = || "Those that were made before and are not kept are gone".to_owned();
                if controls::hint(controls::primary_button(ui, &words, size), hint).clicked() {
                    out.send(Command::MakeVariations(request));
                    self.made(model.project.as_ref().map_or(&[][..], |project| &project.takes));
                }
            }
            Err(reason) => {
                ui.label(RichText::new(&reason).size(12.0).color(theme::of(ui).warning));
                let button = Button::new(RichText::new(words).size(14.5)).truncate();
                ui.add_enabled_ui(false, |ui| ui.add_sized(size, button).on_disabled_hover_text(reason));
            }
        }
    }
}

/// How many are there, while they are being made, and a way to stop that.
fn progress_ui(ui: &mut Ui, model: &Model, made: &VariationsView, out: &mut Outbox) {
    let Some(id) = made.job else { return };
    let job = model.jobs.iter().find(|job| job.id == id);
    let share = job.and_then(|job| job.progress).unwrap_or_default();
    ui.horizontal(|ui| {
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            let stop = icon_button_sized(ui, Icon::Close, "Make no more", false, 20.0);
            if stop.on_hover_text("Stop: those that are there stay").clicked() {
                out.send(Command::Cancel(id));
            }
            ui.with_layout(Layout::left_to_right(Align::Center), |ui| {
                controls::weak(ui, format!("{} of {}", made.list.len(), made.request.count));
                let width = ui.available_width().max(0.0);
                let bar = ProgressBar::new(share).desired_width(width).desired_height(6.0);
                ui.add(bar.fill(theme::of(ui).accent)).on_hover_text(format!("{:.0} %", share * 100.0));
            });
        });
    });
}
