//! What a person prefers.

use egui::{Button, ComboBox, RichText, Ui};
use protocol::{Command, DeviceSetting, Settings, Theme};

use crate::controls::{self, field_label, segments};
use crate::theme::space;
use crate::{Model, Outbox, additions, keyboard, piano};

/// The page, with what was set on it: quick changes must not wait for the shell's answer.
#[derive(Debug)]
pub struct SettingsPage {
    draft: Settings,
}

impl SettingsPage {
    /// The page as things are set now.
    pub fn new(model: &Model) -> Self {
        Self { draft: model.settings.settings.clone() }
    }

    /// Draws it; every change is sent at once. `true` once it is done with.
    pub fn ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) -> bool {
        let is_done = controls::dialog_title(ui, "Settings");
        // A soundfont is chosen in the shell's dialog, so the shell knows better; the offer is refused elsewhere.
        self.draft.soundfont.clone_from(&model.settings.settings.soundfont);
        self.draft.instrument = model.settings.settings.instrument;
        self.draft.offers_piano = model.settings.settings.offers_piano;
        // The shell goes back to the piano when the port is lost.
        self.draft.midi_port.clone_from(&model.settings.settings.midi_port);
        // A first recording chooses the keyboard.
        self.draft.keyboard.port.clone_from(&model.settings.settings.keyboard.port);
        let before = self.draft.clone();
        egui::ScrollArea::vertical().auto_shrink([false, true]).show(ui, |ui| {
            self.look_ui(ui);
            ui.add_space(space::LARGE);
            self.sound_ui(ui, model, out);
            ui.add_space(space::LARGE);
            additions::settings_ui(ui, model, out);
            ui.add_space(space::LARGE);
            self.device_ui(ui, model);
        });
        if self.draft != before {
            out.send(Command::Settings(self.draft.clone()));
        }
        is_done
    }

    fn look_ui(&mut self, ui: &mut Ui) {
        field_label(ui, "Theme");
        let themes = [(Theme::System, "As the system"), (Theme::Light, "Light"), (Theme::Dark, "Dark")];
        if let Some(theme) = segments(ui, self.draft.theme, &themes) {
            self.draft.theme = theme;
        }
        ui.add_space(space::MEDIUM);
        field_label(ui, "Size of everything in the window");
        ui.horizontal(|ui| {
            let sizes = [(0.8, "80 %"), (1.0, "100 %"), (1.25, "125 %"), (1.5, "150 %"), (2.0, "200 %")];
            if let Some(scale) = segments(ui, self.draft.scale, &sizes) {
                self.draft.scale = scale;
            }
        });
    }

    /// Where notes go: the piano or a MIDI port.
    fn port_ui(&self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        const PIANO: &str = "This computer's piano";
        let label = field_label(ui, "Notes are played on");
        let current = &self.draft.midi_port;
        let mut picked = None;
        let combo = ComboBox::from_id_salt("port")
            .width(280.0)
            .selected_text(current.as_deref().unwrap_or(PIANO))
            .show_ui(ui, |ui| {
                let ports = model.settings.midi_ports.iter().map(|name| Some(name.as_str()));
                for port in std::iter::once(None).chain(ports) {
                    let is_chosen = port == current.as_deref();
                    if ui.add(Button::selectable(is_chosen, port.unwrap_or(PIANO))).clicked() && !is_chosen {
                        picked = Some(port.map(str::to_owned));
                    }
                }
            });
        combo.response.labelled_by(label.id).on_hover_text(
            "A MIDI port sends the notes and the pedal to your own instrument or plug-in, in time with the window; the metronome stays here",
        );
        if let Some(midi_port) = picked {
            out.send(Command::Settings(Settings { midi_port, ..self.draft.clone() }));
        }
        match &model.settings.no_midi {
            Some(why) => drop(controls::weak(ui, format!("No MIDI ports: {why}"))),
            None if model.settings.midi_ports.is_empty() => {
                controls::weak(
                    ui,
                    "No MIDI ports: connect an instrument or start its program, then open this page again",
                );
            }
            None => {}
        }
    }

    fn sound_ui(&mut self, ui: &mut Ui, model: &Model, out: &mut Outbox) {
        self.port_ui(ui, model, out);
        ui.add_space(space::MEDIUM);
        keyboard::ui(ui, &mut self.draft, model, out);
        ui.add_space(space::MEDIUM);
        piano::settings_ui(ui, &self.draft, model, out);
        ui.add_space(space::MEDIUM);
        ui.checkbox(&mut self.draft.autoplay, "Play a take as soon as its first bars are ready");
        ui.checkbox(&mut self.draft.match_loudness, "Hear all versions equally loud on the whole")
            .on_hover_text(
                "Louder seems better: this keeps the comparison fair. Loud and soft inside a version stay",
            );
    }

    fn device_ui(&mut self, ui: &mut Ui, model: &Model) {
        field_label(ui, "Takes are worked out on");
        let devices = [
            (DeviceSetting::Auto, "The best there is"),
            (DeviceSetting::Gpu, "Graphics processor"),
            (DeviceSetting::Cpu, "Processor"),
        ];
        if let Some(device) = segments(ui, self.draft.device, &devices) {
            self.draft.device = device;
        }
        let device = &model.settings.device;
        if !device.name.is_empty() {
            ui.label(RichText::new(format!("Now: {}", device.name)).size(12.0).weak());
        }
    }
}
