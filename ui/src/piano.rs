//! Which piano is heard, in the settings, and the offer of the recorded grand piano.

use egui::{ProgressBar, RichText, Ui};
use protocol::{Command, GrandPiano, InstrumentSetting, Settings};

use crate::controls::{self, field_label, segments};
use crate::theme::{self, space};
use crate::{Model, Outbox};

/// What the button says that gets the grand piano.
const GET: &str = "Get the grand piano… (80 MB)";

/// What it is, for whoever wants to know.
const ABOUT: &str = "A concert grand, recorded key by key at sixteen strengths of touch: the Salamander Grand Piano by \
                     Alexander Holm (CC BY 3.0). It comes from the internet, which takes some minutes, and stays on \
                     this computer. What was stopped goes on where it was";

/// Width of the offer on the start page.
const OFFER_WIDTH: f32 = 470.0;

/// Draws the choice in the settings. What is set now is asked of the shell, which may know better.
pub fn settings_ui(ui: &mut Ui, settings: &Settings, model: &Model, out: &mut Outbox) {
    field_label(ui, "Piano");
    let instruments = [
        (InstrumentSetting::Best, "Best on this computer"),
        (InstrumentSetting::Sampled, "Grand piano"),
        (InstrumentSetting::Soundfont, "Soundfont"),
        (InstrumentSetting::Generated, "Computed"),
    ];
    if let Some(instrument) = segments(ui, settings.instrument, &instruments)
        && instrument != settings.instrument
    {
        let is_best = instrument == InstrumentSetting::Best;
        let soundfont = settings.soundfont.clone().filter(|_| !is_best);
        out.send(Command::Settings(Settings { instrument, soundfont, ..settings.clone() }));
    }
    ui.add_space(space::SMALL);
    ui.horizontal(|ui| {
        if ui.button("Choose a soundfont…").on_hover_text("Another piano, as an SF2 file").clicked() {
            out.send(Command::ChooseSoundfont(None));
        }
        if model.settings.grand_piano == GrandPiano::Missing && ui.button(GET).on_hover_text(ABOUT).clicked()
        {
            out.send(Command::GetPiano);
        }
    });
    if let GrandPiano::Arriving(job) = model.settings.grand_piano {
        arriving_ui(ui, job, model, out);
    }
    let piano = if model.settings.piano.is_empty() { "None" } else { &model.settings.piano };
    let now = controls::weak(ui, format!("Now: {piano}"));
    let named = settings.soundfont.as_ref().filter(|_| settings.instrument == InstrumentSetting::Soundfont);
    if let Some(path) = named {
        now.on_hover_text(path.display().to_string());
    }
    if settings.instrument == InstrumentSetting::Sampled && model.settings.grand_piano == GrandPiano::Missing
    {
        controls::weak(ui, "The grand piano is not on this computer; another piano is heard until it is");
    }
}

/// How far the grand piano is, and a way to stop it.
fn arriving_ui(ui: &mut Ui, job: u64, model: &Model, out: &mut Outbox) {
    ui.horizontal(|ui| {
        controls::weak(ui, "The grand piano is on its way");
        let Some(job) = model.jobs.iter().find(|running| running.id == job) else {
            controls::weak(ui, "(in another window)");
            return;
        };
        let share = job.progress.unwrap_or_default();
        let fill = theme::of(ui).accent;
        ui.add(ProgressBar::new(share).desired_width(120.0).desired_height(6.0).fill(fill));
        controls::weak(ui, format!("{:.0} %", share * 100.0));
        if ui.button("Cancel").on_hover_text("What is there already is kept").clicked() {
            out.send(Command::Cancel(job.id));
        }
    });
}

/// Draws the offer of the grand piano, where it is to be made: one line, which can be refused for good.
pub fn offer_ui(ui: &mut Ui, model: &Model, out: &mut Outbox) {
    if !model.settings.offers_piano {
        return;
    }
    let weak = theme::of(ui).weak;
    ui.add_space(space::SMALL);
    ui.horizontal_wrapped(|ui| {
        ui.add_space(((ui.available_width() - OFFER_WIDTH) / 2.0).max(0.0));
        ui.label(RichText::new("A recorded grand piano would sound better").size(12.0).color(weak));
        if controls::quiet_button(ui, GET).on_hover_text(ABOUT).clicked() {
            out.send(Command::GetPiano);
        }
        let no = controls::quiet_button(ui, "No, thanks");
        if no.on_hover_text("It can be got in the settings at any time").clicked() {
            let settings = Settings { offers_piano: false, ..model.settings.settings.clone() };
            out.send(Command::Settings(settings));
        }
    });
}
