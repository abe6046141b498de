//! Recording from a MIDI keyboard.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{
    Command, Event, KeptView, KeyboardSettings, KeyboardView, PunchIn, RecordRequest, RecordState,
    RecordWith, Settings, SettingsView, Theme, VersionId,
};
use ui::UiCommand;

use crate::bench::{Face, asked, face, face_with_selection, look, press, start_page, tell};
use crate::common;

fn view(state: RecordState) -> KeyboardView {
    let ports = vec!["Stage piano".to_owned()];
    KeyboardView { ports, is_connected: true, state, ..KeyboardView::default() }
}

fn tell_keyboard(face: &mut Face, view: KeyboardView) {
    tell(face, Event::Keyboard(Box::new(view)));
}

fn click(face: &mut Face, label: &str) -> Vec<Command> {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
    asked(face)
}

const NOW: RecordRequest = RecordRequest { replace: None, waits: false };

#[test]
fn the_round_button_and_its_key_record_and_stop() {
    let mut face = face();
    assert_eq!(click(&mut face, "Record"), [Command::Record(NOW)]);
    press(&mut face, Modifiers::NONE, Key::R);
    assert_eq!(asked(&mut face), [Command::Record(NOW)]);
    for state in [RecordState::CountIn, RecordState::Recording] {
        tell_keyboard(&mut face, KeyboardView { notes: 12, ..view(state) });
        look(&mut face, "recording");
        assert_eq!(click(&mut face, "Record"), [Command::StopRecording], "{state:?}");
        press(&mut face, Modifiers::NONE, Key::R);
        assert_eq!(asked(&mut face), [Command::StopRecording], "{state:?}");
    }
    tell_keyboard(&mut face, view(RecordState::Off));
    face.state_mut().ask(UiCommand::ArmRecording);
    face.run();
    assert_eq!(asked(&mut face), [Command::Record(RecordRequest { replace: None, waits: true })]);
    // What waits for playing to begin begins with the button, too; what waits for a key is given up.
    tell_keyboard(&mut face, view(RecordState::Armed));
    assert_eq!(click(&mut face, "Record"), [Command::Record(NOW)]);
    let keyboard = KeyboardSettings { with: RecordWith::Free, ..KeyboardSettings::default() };
    let settings = Settings { keyboard, ..common::settings().settings };
    tell(&mut face, Event::Settings(Box::new(SettingsView { settings, ..common::settings() })));
    assert_eq!(click(&mut face, "Record"), [Command::StopRecording]);
}

#[test]
fn selected_bars_are_recorded_in_the_version_that_is_heard() {
    let mut face = face_with_selection();
    press(&mut face, Modifiers::SHIFT, Key::R);
    let replace = Some(PunchIn { bars: 4..8, of: VersionId::Take(2) });
    assert_eq!(asked(&mut face), [Command::Record(RecordRequest { replace, waits: false })]);
    tell_keyboard(&mut face, view(RecordState::Recording));
    press(&mut face, Modifiers::SHIFT, Key::R);
    assert_eq!(asked(&mut face), [Command::StopRecording]);

    let mut face = self::face();
    press(&mut face, Modifiers::SHIFT, Key::R);
    assert_eq!(asked(&mut face), []);
    face.get_by_label_contains("Drag over some bars");
}

#[test]
fn the_keyboard_is_chosen_in_the_settings_with_what_is_heard_meanwhile() {
    let mut face = face();
    tell_keyboard(&mut face, view(RecordState::Off));
    press(&mut face, Modifiers::COMMAND, Key::Comma);
    asked(&mut face);
    assert_eq!(click(&mut face, "Look again"), [Command::FindKeyboards]);
    face.get_by_role_and_label(Role::ComboBox, "MIDI keyboard").click();
    face.run();
    face.get_all_by_role_and_label(Role::Button, "Stage piano").last().unwrap().click();
    face.run();
    let before = Settings { theme: Theme::Dark, ..Settings::default() };
    let keyboard = KeyboardSettings { port: Some("Stage piano".to_owned()), ..KeyboardSettings::default() };
    let chosen = Settings { keyboard: keyboard.clone(), ..before.clone() };
    assert_eq!(asked(&mut face), [Command::Settings(chosen.clone())]);
    let settings = SettingsView { settings: chosen, ..common::settings() };
    tell(&mut face, Event::Settings(Box::new(settings)));
    tell_keyboard(
        &mut face,
        KeyboardView { output_ms: Some(31.0), jitter_ms: Some(0.4), ..view(RecordState::Off) },
    );
    look(&mut face, "keyboard-settings");
    face.get_by_label_contains("at most 31 ms");
    face.get_by_label_contains("up to 0.4 ms late");
    let silent = KeyboardSettings { thru: false, ..keyboard };
    let with = |keyboard: &KeyboardSettings| {
        Command::Settings(Settings { keyboard: keyboard.clone(), ..before.clone() })
    };
    face.get_by_label("Hear what I play on this computer's piano").click();
    face.run();
    assert_eq!(asked(&mut face), [with(&silent)]);
    let free = KeyboardSettings { with: RecordWith::Free, ..silent };
    assert_eq!(click(&mut face, "Nothing else"), [with(&free)]);
    face.get_by_label_contains("begins with the first key");
    tell_keyboard(&mut face, KeyboardView { is_connected: false, ..view(RecordState::Off) });
    face.get_by_label_contains("Not plugged in");
}

#[test]
fn what_was_played_and_is_no_version_is_offered_once() {
    let kept =
        |id: &str| KeptView { id: id.to_owned(), name: format!("Recording {id}"), notes: 214, secs: 83 };
    let of = |kept: Vec<KeptView>| KeyboardView { kept, ..view(RecordState::Off) };
    let mut face = start_page();
    face.state_mut().ask(UiCommand::KeptRecordings);
    face.run_steps(2);
    assert!(face.query_by_label("Kept recordings").is_none(), "nothing is kept");
    tell_keyboard(&mut face, of(vec![kept("1")]));
    look(&mut face, "kept-recordings");
    face.get_by_label_contains("214 notes, 1:23");
    assert_eq!(click(&mut face, "Add to this piece"), [], "its piece is not open");
    assert_eq!(click(&mut face, "Save as MIDI…"), [Command::SaveKept("1".to_owned(), None)]);
    face.key_press(Key::Escape);
    face.run();
    assert!(face.query_by_label("Save as MIDI…").is_none());
    // It is told again, and not offered again.
    tell_keyboard(&mut face, KeyboardView { notes: 1, ..of(vec![kept("1")]) });
    assert!(face.query_by_label("Save as MIDI…").is_none());

    let mut face = self::face();
    tell_keyboard(&mut face, of(vec![kept("1")]));
    assert_eq!(click(&mut face, "Add to this piece"), [Command::AddKept("1".to_owned())]);
    assert_eq!(click(&mut face, "Delete"), [Command::DropKept("1".to_owned())]);
    tell_keyboard(&mut face, of(Vec::new()));
    face.run_steps(3);
    assert!(face.query_by_label("Kept recordings").is_none(), "there is nothing more to do");
}
