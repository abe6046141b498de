//! The MIDI keyboard in the settings: which one, what is heard while it is recorded, and how late it is.

use egui::{Button, ComboBox, Ui};
use protocol::{Command, KeyboardSettings, KeyboardView, RecordWith, Settings};

use crate::controls::{self, field_label, segments};
use crate::theme::space;
use crate::{Model, Outbox};

/// Draws the choices; what is chosen comes into `draft`, but for the keyboard itself, which is asked of the shell.
pub fn ui(ui: &mut Ui, draft: &mut Settings, model: &Model, out: &mut Outbox) {
    port_ui(ui, draft, model, out);
    let view = &model.keyboard;
    if let Some(text) = state(draft.keyboard.port.is_some(), view) {
        controls::weak(ui, text);
    }
    if draft.keyboard.port.is_none() {
        return;
    }
    ui.checkbox(&mut draft.keyboard.thru, "Hear what I play on this computer's piano")
        .on_hover_text("Switch it off if the keyboard sounds by itself");
    ui.add_space(space::SMALL);
    field_label(ui, "While I record I hear");
    let with = [
        (RecordWith::Free, "Nothing else"),
        (RecordWith::Metronome, "The metronome"),
        (RecordWith::Version, "The version chosen"),
    ];
    if let Some(with) = segments(ui, draft.keyboard.with, &with) {
        draft.keyboard.with = with;
    }
    if draft.keyboard.with == RecordWith::Free {
        controls::weak(ui, "Recording begins with the first key");
    } else {
        ui.checkbox(&mut draft.keyboard.count_in, "Count a bar before recording");
    }
    for text in latency(view) {
        controls::weak(ui, text);
    }
}

fn port_ui(ui: &mut Ui, draft: &Settings, model: &Model, out: &mut Outbox) {
    const NONE: &str = "None";
    let label = field_label(ui, "MIDI keyboard");
    let current = &draft.keyboard.port;
    let mut picked = None;
    ui.horizontal(|ui| {
        let combo = ComboBox::from_id_salt("keyboard")
            .width(280.0)
            .selected_text(current.as_deref().unwrap_or(NONE))
            .show_ui(ui, |ui| {
                let ports = model.keyboard.ports.iter().map(|name| Some(name.as_str()));
                for port in std::iter::once(None).chain(ports) {
                    let is_chosen = port == current.as_deref();
                    if ui.add(Button::selectable(is_chosen, port.unwrap_or(NONE))).clicked() && !is_chosen {
                        picked = Some(port.map(str::to_owned));
                    }
                }
            });
        combo.response.labelled_by(label.id).on_hover_text(
            "What you play on it is heard at once; record it with the round button beside Stop",
        );
        if ui.button("Look again").on_hover_text("Look which keyboards are plugged in").clicked() {
            out.send(Command::FindKeyboards);
        }
    });
    if let Some(port) = picked {
        let keyboard = KeyboardSettings { port, ..draft.keyboard.clone() };
        out.send(Command::Settings(Settings { keyboard, ..draft.clone() }));
    }
}

/// What is to be said about the keyboard, if anything.
fn state(is_chosen: bool, view: &KeyboardView) -> Option<String> {
    match &view.no_midi {
        Some(why) => Some(format!("No MIDI keyboards: {why}")),
        None if is_chosen && !view.is_connected => {
            Some("Not plugged in; it is heard as soon as it is".to_owned())
        }
        None if !is_chosen && view.ports.is_empty() => {
            Some("No MIDI keyboards: plug one in and switch it on, then look again".to_owned())
        }
        None => None,
    }
}

/// How late things are, as far as that is known.
fn latency(view: &KeyboardView) -> Vec<String> {
    let output = view.output_ms.map(|ms| {
        format!("From the key to the sound: at most {ms:.0} ms, and what keyboard and loudspeakers take themselves")
    });
    let jitter = view.jitter_ms.map(|ms| {
        format!("Its keys come in up to {ms:.1} ms late; recordings do not, since each key has its time")
    });
    output.into_iter().chain(jitter).collect()
}
