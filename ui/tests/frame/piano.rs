//! Choosing the piano, and getting the grand piano.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{Command, Event, GrandPiano, InstrumentSetting, JobView, Settings, SettingsView};

use crate::bench::{Face, asked, face, press, start_page, tell};
use crate::common;

fn click(face: &mut Face, label: &str) -> Vec<Command> {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
    asked(face)
}

fn view(settings: Settings, grand_piano: GrandPiano, offers_piano: bool) -> Event {
    Event::Settings(Box::new(SettingsView { settings, grand_piano, offers_piano, ..common::settings() }))
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
    tell(&mut face, view(sampled.clone(), GrandPiano::Missing, false));
    face.get_by_label_contains("is not on this computer");
    let soundfont = Settings {
        instrument: InstrumentSetting::Soundfont,
        soundfont: Some("/pianos/grand.sf2".into()),
        ..sampled
    };
    tell(&mut face, view(soundfont.clone(), GrandPiano::There, false));
    let computed = Settings { instrument: InstrumentSetting::Generated, ..soundfont.clone() };
    assert_eq!(click(&mut face, "Computed"), [Command::Settings(computed)]);
    let best = Settings { instrument: InstrumentSetting::Best, soundfont: None, ..soundfont };
    assert_eq!(click(&mut face, "Best on this computer"), [Command::Settings(best)]);
}

#[test]
fn the_grand_piano_is_got_and_can_be_stopped() {
    let mut face = settings_page();
    let settings = face.state().model.settings.settings.clone();
    assert_eq!(click(&mut face, "Get the grand piano… (80 MB)"), [Command::GetPiano]);
    let job =
        JobView { id: 9, label: "Getting the grand piano".into(), progress: Some(0.4), ..JobView::default() };
    tell(&mut face, Event::Jobs(vec![job]));
    tell(&mut face, view(settings.clone(), GrandPiano::Arriving(9), false));
    face.get_by_role_and_label(Role::ProgressIndicator, "40 %");
    assert!(face.query_by_label("Get the grand piano… (80 MB)").is_none());
    assert_eq!(click(&mut face, "Cancel"), [Command::Cancel(9)]);
    tell(&mut face, Event::Jobs(Vec::new()));
    face.get_by_label("(in another window)");
    tell(&mut face, view(settings, GrandPiano::There, false));
    assert!(face.query_by_label("The grand piano is on its way").is_none());
    assert!(face.query_by_label("Get the grand piano… (80 MB)").is_none());
}

#[test]
fn it_is_offered_in_one_line_that_can_be_refused() {
    let mut face = start_page();
    let offer = "A recorded grand piano would sound better";
    assert!(face.query_by_label(offer).is_none(), "nothing is offered unasked by the shell");
    let settings = Settings::default();
    tell(&mut face, view(settings.clone(), GrandPiano::Missing, true));
    face.get_by_label(offer);
    assert_eq!(click(&mut face, "Get the grand piano… (80 MB)"), [Command::GetPiano]);
    let refused = Settings { offers_piano: false, ..settings };
    assert_eq!(click(&mut face, "No, thanks"), [Command::Settings(refused.clone())]);
    tell(&mut face, view(refused, GrandPiano::Missing, false));
    assert!(face.query_by_label(offer).is_none());
}
