//! Which piano is heard, in the settings, and the offer of the recorded grand piano.

use egui::{RichText, Ui};
use protocol::{Addition, Command, InstrumentSetting, Presence, Settings};

use crate::controls::{self, field_label, segments};
use crate::theme::{self, space};
use crate::{Model, Outbox, additions};

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
    if ui.button("Choose a soundfont…").on_hover_text("Another piano, as an SF2 file").clicked() {
        out.send(Command::ChooseSoundfont(None));
    }
    let piano = if model.settings.piano.is_empty() { "None" } else { &model.settings.piano };
    let now = controls::weak(ui, format!("Now: {piano}"));
    let named = settings.soundfont.as_ref().filter(|_| settings.instrument == InstrumentSetting::Soundfont);
    if let Some(path) = named {
        now.on_hover_text(path.display().to_string());
    }
    let is_missing = model.settings.additions.grand_piano == Presence::Missing;
    if settings.instrument == InstrumentSetting::Sampled && is_missing {
        controls::weak(ui, "The grand piano is not on this computer; another piano is heard until it is");
    }
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
        let grand = Addition::GrandPiano;
        let get = controls::quiet_button(ui, &additions::button_text(grand));
        if get.on_hover_text(additions::about(grand)).clicked() {
            out.send(Command::Get(grand));
        }
        let no = controls::quiet_button(ui, "No, thanks");
        if no.on_hover_text("It can be got in the settings at any time").clicked() {
            let settings = Settings { offers_piano: false, ..model.settings.settings.clone() };
            out.send(Command::Settings(settings));
        }
    });
}
