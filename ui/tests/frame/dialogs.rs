//! The dialogs over the window.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{
    AboutView, Command, Edit, Event, ExportRequest, Licence, MidiMode, PinKind, PinView, Settings,
    SettingsView, Theme, VersionId, ViewState,
};

use crate::bench::{Face, asked, face, press, tell};
use crate::common;

fn click(face: &mut Face, label: &str) {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
}

/// The last of the buttons with a label: the one in the dialog, which is drawn after the panels.
fn click_last(face: &mut Face, label: &str) {
    face.get_all_by_role_and_label(Role::Button, label).last().unwrap().click();
    face.run();
}

#[test]
fn a_file_that_looks_played_becomes_a_recording_or_a_score() {
    let file = protocol::PlayedFileView {
        path: "/home/ada/take.mid".into(),
        name: "take.mid".into(),
        is_on_grid: true,
    };
    let mut face = face();
    tell(&mut face, Event::PlayedFile(file.clone()));
    face.get_by_label("Add it to “Evening song” as a recording").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::ImportRecording(Some(file.path.clone()))]);
    tell(&mut face, Event::PlayedFile(file.clone()));
    face.get_by_label("Open it as a score anyway").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::OpenAsScore(file.path.clone())]);
    tell(&mut face, Event::PlayedFile(file));
    press(&mut face, egui::Modifiers::NONE, egui::Key::Escape);
    assert_eq!(
        asked(&mut face),
        [Command::DismissPlayedFile],
        "or a page that is loaded anew would ask again"
    );
    assert!(face.query_by_label("Open it as a score anyway").is_none());
}

/// The face with bars 5 to 8 selected; pedal and tempo of bar 5 were drawn, a velocity elsewhere.
fn face_with_drawn_values() -> (Face, Vec<PinView>) {
    let mut events = common::events();
    let score = common::score();
    let in_bar = |bar: u32| (0u32..).zip(&score.notes).find(|(_, n)| n.measure == bar).unwrap().0;
    let drawn =
        [(4, PinKind::Onset), (4, PinKind::Pedal)].map(|(bar, kind)| PinView { note: in_bar(bar), kind });
    let elsewhere = PinView { note: in_bar(12), kind: PinKind::Velocity };
    for event in &mut events {
        match event {
            Event::Project(Some(project)) => {
                project.view = ViewState { selection: Some(4..8), ..ViewState::default() };
            }
            Event::Version(version) if version.id == VersionId::Take(2) => {
                version.drawn = [&drawn[..], &[elsewhere]].concat();
            }
            _ => {}
        }
    }
    (crate::bench::window(1280.0, 800.0, Theme::Dark, events), drawn.to_vec())
}

#[test]
fn values_that_are_drawn_and_not_pinned_are_asked_about_before_their_bars_are_performed() {
    let (mut face, drawn) = face_with_drawn_values();
    let ask = |face: &mut Face| {
        press(face, Modifiers::COMMAND, Key::Enter);
        assert_eq!(asked(face), []);
        face.get_by_label_contains("you changed the tempo and the pedal by hand");
    };
    ask(&mut face);
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert_eq!(asked(&mut face), [], "nothing is done");
    ask(&mut face);
    click(&mut face, "Pin and perform");
    let commands = asked(&mut face);
    let [Command::Edit(VersionId::Take(2), Edit::PinValues(values)), Command::Perform(request)] =
        &commands[..]
    else {
        panic!("{commands:?}")
    };
    assert_eq!((values, &request.bars, request.of), (&drawn, &Some(4..8), VersionId::Take(2)));
    let seed = request.seed;
    ask(&mut face);
    click(&mut face, "Perform without pins");
    let commands = asked(&mut face);
    let [Command::Perform(request)] = &commands[..] else { panic!("{commands:?}") };
    assert_eq!(request.seed, seed + 1, "the next performance has another seed, as always");
}

#[test]
fn the_palette_runs_what_was_typed() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::P);
    face.get_by_role_and_label(Role::TextInput, "Find an action").type_text("metro");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), [Command::Metronome(true)]);
    assert!(face.query_by_label("Find an action").is_none(), "it closes");
}

#[test]
fn the_palette_is_walked_with_arrows_and_left_with_escape() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::P);
    face.get_by_role_and_label(Role::TextInput, "Find an action").type_text("save");
    face.run();
    press(&mut face, Modifiers::NONE, Key::ArrowDown);
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), [Command::SaveAs(None)]);
    press(&mut face, Modifiers::COMMAND, Key::P);
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert!(face.query_by_label("Find an action").is_none());
    assert_eq!(asked(&mut face), []);
}

#[test]
fn the_palette_does_not_run_what_cannot_be_done() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::P);
    face.get_by_role_and_label(Role::TextInput, "Find an action").type_text("redo");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("Find an action");
}

#[test]
fn all_shortcuts_are_on_one_page() {
    let mut face = face();
    press(&mut face, Modifiers::SHIFT, Key::Questionmark);
    assert_eq!(face.get_all_by_label("Keyboard shortcuts").count(), 2, "its title and its own line");
    for text in ["Ctrl+Enter", "Ctrl+,", "Zoom to fit", "Drag in the ruler"] {
        face.get_by_label(text);
    }
}

#[test]
fn settings_are_sent_as_they_change() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::Comma);
    click(&mut face, "Light");
    click(&mut face, "125 %");
    face.get_by_label("Play a take as soon as its first bars are ready").click();
    face.run();
    let light = Settings { theme: Theme::Light, ..Settings::default() };
    let large = Settings { scale: 1.25, ..light.clone() };
    let autoplay = Settings { autoplay: true, ..large.clone() };
    // One builds on the other, although the shell has not answered yet.
    let [find, settings @ ..] = &asked(&mut face)[..] else { panic!("nothing is asked") };
    assert_eq!(*find, Command::FindMidiPorts, "as the page opens");
    assert_eq!(settings, [light, large, autoplay].map(Command::Settings));
    click(&mut face, "Choose a soundfont…");
    assert_eq!(asked(&mut face), [Command::ChooseSoundfont(None)]);
}

#[test]
fn notes_go_to_a_midi_port_and_back_to_the_piano() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::Comma);
    asked(&mut face);
    let choose = |face: &mut Face, label: &str| {
        face.get_by_role_and_label(Role::ComboBox, "Notes are played on").click();
        face.run();
        click_last(face, label);
        asked(face)
    };
    let before = Settings { theme: Theme::Dark, ..Settings::default() };
    let synth = Settings { midi_port: Some("Synth input".to_owned()), ..before.clone() };
    assert_eq!(choose(&mut face, "Synth input"), [Command::Settings(synth.clone())]);
    let view = |settings: &Settings, ports: &[&str], no_midi: Option<&str>| {
        let midi_ports = ports.iter().map(|name| (*name).to_owned()).collect();
        let no_midi = no_midi.map(str::to_owned);
        let settings = settings.clone();
        Event::Settings(Box::new(SettingsView { settings, midi_ports, no_midi, ..common::settings() }))
    };
    tell(&mut face, view(&synth, &["Synth input"], None));
    assert_eq!(choose(&mut face, "This computer's piano"), [Command::Settings(before.clone())]);
    // The port is lost: the page says what the shell says.
    tell(&mut face, view(&before, &[], None));
    face.get_by_label_contains("connect an instrument");
    tell(&mut face, view(&before, &[], Some("the system has no MIDI")));
    face.get_by_label_contains("No MIDI ports: the system has no MIDI");
}

#[test]
fn about_asks_and_shows() {
    let mut face = face();
    face.state_mut().ask(ui::UiCommand::About);
    face.run_steps(3);
    assert_eq!(asked(&mut face), [Command::About]);
    let about = AboutView {
        version: "0.1.0".to_owned(),
        parts: vec![("egui".to_owned(), "0.37".to_owned())],
        licences: vec![Licence { of: "PianoFlow".to_owned(), name: "MIT".to_owned() }],
    };
    face.state_mut().receive(Event::About(about), 0.0);
    face.run_steps(3);
    face.get_by_label("Version 0.1.0");
    face.get_by_label("egui");
}

#[test]
fn midi_is_saved_in_each_way() {
    let of =
        |mode| Command::ExportMidi(ExportRequest { version: VersionId::Take(2), bars: None, mode }, None);
    // The score is marked 100.
    for (choice, words, expected) in [
        ("Score grid", "tempo map follows the pianist", of(MidiMode::ScoreGrid)),
        ("Exact timing", "Every note at its moment", of(MidiMode::ExactTiming(100.0))),
        ("Fixed tempo", "slowing and hurrying go", of(MidiMode::FixedTempo(100.0))),
    ] {
        let mut face = face();
        press(&mut face, Modifiers::COMMAND, Key::E);
        click(&mut face, choice);
        face.get_by_label_contains(words);
        click_last(&mut face, "Save MIDI…");
        assert_eq!(asked(&mut face), [expected]);
        assert!(face.query_by_label("Cancel").is_none(), "it closes");
    }
}

#[test]
fn sound_is_saved() {
    let mut face = face();
    click(&mut face, "Save WAV…");
    click_last(&mut face, "Save WAV…");
    let commands = asked(&mut face);
    assert!(matches!(&commands[..], [Command::ExportWav(r, None)] if r.version == VersionId::Take(2)));
}

#[test]
fn enter_saves_and_escape_saves_nothing() {
    let mut face = face();
    let exact = |commands: &[Command]| match commands {
        [Command::ExportMidi(request, None)] => request.mode,
        other => panic!("{other:?}"),
    };
    press(&mut face, Modifiers::COMMAND, Key::E);
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert_eq!(asked(&mut face), []);
    assert!(face.query_by_label("Cancel").is_none(), "it closes");

    press(&mut face, Modifiers::COMMAND, Key::E);
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(exact(&asked(&mut face)), MidiMode::ScoreGrid);
    assert!(face.query_by_label("Cancel").is_none(), "it closes");

    // A number that is being written is written to its end first.
    press(&mut face, Modifiers::COMMAND, Key::E);
    click(&mut face, "Exact timing");
    face.get_by_role_and_label(Role::SpinButton, "Tempo of the file").click();
    face.run();
    face.event(egui::Event::Text("72".to_owned()));
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(exact(&asked(&mut face)), MidiMode::ExactTiming(72.0));
}

#[test]
fn the_button_that_opened_the_dialog_does_not_take_its_enter() {
    let mut face = face();
    let button = face.get_by_role_and_label(Role::Button, "Save WAV…");
    button.focus();
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    face.get_by_label("Cancel");
    press(&mut face, Modifiers::NONE, Key::Enter);
    let commands = asked(&mut face);
    assert!(matches!(&commands[..], [Command::ExportWav(_, None)]), "{commands:?}");
    assert!(face.query_by_label("Cancel").is_none(), "it closes and stays closed");
}
