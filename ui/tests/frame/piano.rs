//! Choosing the piano, and the offer of the grand piano.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{Addition, Additions, Command, Event, InstrumentSetting, Presence, Settings, SettingsView};

use crate::bench::{Face, asked, face, press, start_page, tell};
use crate::common;

fn click(face: &mut Face, label: &str) -> Vec<Command> {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
    asked(face)
}

fn view(settings: Settings, grand_piano: Presence, offers_piano: bool) -> Event {
    let additions = Additions { grand_piano, ..Additions::default() };
    Event::Settings(Box::new(SettingsView { settings, additions, offers_piano, ..common::settings() }))
}

/// The settings, with what their page asks for as it opens taken away.
fn settings_page() -> Face {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::Comma);
    asked(&mut face);
    face
}

#[test]
fn each_piano_can_be_chosen_and_the_best_forgets_the_soundfont() {
    let mut face = settings_page();
    let sampled =
        Settings { instrument: InstrumentSetting::Sampled, ..face.state().model.settings.settings.clone() };
    assert_eq!(click(&mut face, "Grand piano"), [Command::Settings(sampled.clone())]);
    tell(&mut face, view(sampled.clone(), Presence::Missing, false));
    face.get_by_label_contains("is not on this computer");
    let soundfont = Settings {
        instrument: InstrumentSetting::Soundfont,
        soundfont: Some("/pianos/grand.sf2".into()),
        ..sampled
    };
    tell(&mut face, view(soundfont.clone(), Presence::There, false));
    let computed = Settings { instrument: InstrumentSetting::Generated, ..soundfont.clone() };
    assert_eq!(click(&mut face, "Computed"), [Command::Settings(computed)]);
    let best = Settings { instrument: InstrumentSetting::Best, soundfont: None, ..soundfont };
    assert_eq!(click(&mut face, "Best on this computer"), [Command::Settings(best)]);
}

#[test]
fn it_is_offered_in_one_line_that_can_be_refused() {
    let mut face = start_page();
    let offer = "A recorded grand piano would sound better";
    assert!(face.query_by_label(offer).is_none(), "nothing is offered unasked by the shell");
    let settings = Settings::default();
    tell(&mut face, view(settings.clone(), Presence::Missing, true));
    face.get_by_label(offer);
    assert_eq!(click(&mut face, "Get the grand piano… (80 MB)"), [Command::Get(Addition::GrandPiano)]);
    let refused = Settings { offers_piano: false, ..settings };
    assert_eq!(click(&mut face, "No, thanks"), [Command::Settings(refused.clone())]);
    tell(&mut face, view(refused, Presence::Missing, false));
    assert!(face.query_by_label(offer).is_none());
}
