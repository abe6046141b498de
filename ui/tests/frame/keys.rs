//! Commands and their keys.

use std::collections::BTreeSet;

use egui::{Key, Modifiers};
use egui_kittest::kittest::Queryable;
use protocol::limits::PAPER_SPACES;
use protocol::{Command, Event, ProjectView, VersionId};
use ui::UiCommand;

use crate::bench::{asked, face, press, start_page, tell};
use crate::common;

#[test]
fn every_command_is_on_one_menu_and_has_its_own_words_and_keys() {
    let commands: Vec<UiCommand> = UiCommand::all().collect();
    let distinct: BTreeSet<UiCommand> = commands.iter().copied().collect();
    assert_eq!(distinct.len(), commands.len(), "a command is on two menus");
    assert_eq!(commands.len(), UiCommand::About as usize + 1, "a command is on no menu");
    let mut texts = BTreeSet::new();
    let mut keys = Vec::new();
    for command in commands {
        assert!(texts.insert(command.text()), "{command:?} is called like another one");
        assert!(!command.text().is_empty() && !command.text().ends_with('.'));
        assert!(!command.tooltip().is_empty() && !command.tooltip().ends_with('.'));
        for key in command.shortcuts() {
            assert!(!keys.contains(key), "{key:?} of {command:?} is taken");
            keys.push(*key);
        }
    }
}

#[test]
fn keys_do_what_the_page_of_shortcuts_says() {
    let ctrl = Modifiers::COMMAND;
    let ctrl_shift = Modifiers::COMMAND | Modifiers::SHIFT;
    let none = Modifiers::NONE;
    let cases = [
        (none, Key::Space, Command::TogglePlay),
        (none, Key::Enter, Command::Stop),
        (none, Key::X, Command::SwapCompared),
        (none, Key::M, Command::Metronome(true)),
        (Modifiers::SHIFT, Key::M, Command::CountIn(false)),
        (Modifiers::SHIFT, Key::L, Command::Loop(Some(0..16))),
        (none, Key::Home, Command::SeekQuarters(0.0)),
        // The playhead is on the second beat of bar 3.
        (none, Key::A, Command::SeekQuarters(8.0)),
        (none, Key::D, Command::SeekQuarters(12.0)),
        (none, Key::Comma, Command::Rate(95.0)),
        (none, Key::Period, Command::Rate(105.0)),
        (ctrl, Key::O, Command::OpenDialog),
        (ctrl, Key::S, Command::Save),
        (ctrl_shift, Key::S, Command::SaveAs(None)),
        (ctrl, Key::I, Command::ImportRecording(None)),
        (ctrl, Key::Z, Command::Undo),
        (ctrl, Key::W, Command::Close),
        (ctrl_shift, Key::N, Command::NewWindow),
        (ctrl_shift, Key::W, Command::CloseWindow),
        (ctrl, Key::Q, Command::Quit),
        (ctrl, Key::D, Command::Duplicate(protocol::VersionId::Take(2))),
    ];
    let mut face = face();
    for (modifiers, key, expected) in cases {
        press(&mut face, modifiers, key);
        assert_eq!(asked(&mut face), [expected], "{modifiers:?} {key:?}");
    }
}

#[test]
fn what_cannot_be_done_now_is_said_and_not_sent() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND | Modifiers::SHIFT, Key::Z);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("There is nothing to do again");
    face.state_mut().ask(UiCommand::ShowExported);
    face.run_steps(2);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("No MIDI, WAV, report or page was saved yet");
    // Asked for is not written: the dialog for its name can be left.
    tell(&mut face, Event::Project(Some(Box::new(ProjectView { has_exported: true, ..common::project() }))));
    face.state_mut().ask(UiCommand::ShowExported);
    face.run_steps(2);
    assert_eq!(asked(&mut face), [Command::ShowExported]);

    let mut face = start_page();
    press(&mut face, Modifiers::NONE, Key::Space);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("Open a piece first");
}

#[test]
fn a_text_field_keeps_its_keys() {
    let mut face = face();
    face.get_by_role_and_label(egui::Role::TextInput, "Mood").click();
    face.run();
    for (key, text) in [(Key::M, "m"), (Key::A, "a"), (Key::D, "d"), (Key::Space, " "), (Key::X, "x")] {
        face.key_press(key);
        face.event(egui::Event::Text(text.to_owned()));
        face.run();
    }
    press(&mut face, Modifiers::COMMAND, Key::A);
    press(&mut face, Modifiers::COMMAND, Key::Z);
    assert_eq!(asked(&mut face), []);
    // What belongs to no text works from there, too.
    press(&mut face, Modifiers::COMMAND, Key::S);
    assert_eq!(asked(&mut face), [Command::Save]);
}

#[test]
fn performing_works_from_the_mood_field() {
    let mut face = face();
    face.get_by_role_and_label(egui::Role::TextInput, "Mood").click();
    face.run();
    face.get_by_role_and_label(egui::Role::TextInput, "Mood").type_text("angry");
    face.run();
    press(&mut face, Modifiers::COMMAND, Key::Enter);
    let commands = asked(&mut face);
    assert!(matches!(&commands[..], [Command::Perform(request)] if request.mood == "angry"), "{commands:?}");
}

#[test]
fn a_bar_is_gone_to_by_its_number() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::G);
    let field = |face: &crate::bench::Face| {
        face.query_by_role_and_label(egui::Role::TextInput, "Go to bar").is_some()
    };
    face.get_by_role_and_label(egui::Role::TextInput, "Go to bar").type_text("12");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), [Command::SeekQuarters(44.0)]);
    assert!(!field(&face));

    face.get_by_role_and_label(egui::Role::Button, "Bar 3:2, 0:05.4").click();
    face.run();
    face.get_by_role_and_label(egui::Role::TextInput, "Go to bar").type_text("40");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("The piece has bars 1 to 16");
    // It is still open, for another number.
    face.get_by_role_and_label(egui::Role::TextInput, "Go to bar").type_text("4");
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    assert_eq!(asked(&mut face), [Command::SeekQuarters(12.0)]);

    press(&mut face, Modifiers::COMMAND, Key::G);
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert_eq!(asked(&mut face), []);
    assert!(!field(&face));
}

#[test]
fn versions_are_switched_from_the_first_take_on() {
    let mut project = common::project();
    project.takes.truncate(1);
    project.compared = None;
    let mut face = face();
    for (listening, other) in
        [(VersionId::Take(1), VersionId::Deadpan), (VersionId::Deadpan, VersionId::Take(1))]
    {
        let project = ProjectView { listening, ..project.clone() };
        tell(&mut face, Event::Project(Some(Box::new(project))));
        press(&mut face, Modifiers::NONE, Key::X);
        assert_eq!(asked(&mut face), [Command::Compare(Some(other)), Command::SwapCompared]);
        // The compare view takes the same one.
        press(&mut face, Modifiers::NONE, Key::C);
        assert_eq!(asked(&mut face), [Command::Compare(Some(other))]);
        press(&mut face, Modifiers::NONE, Key::C);
        assert_eq!(asked(&mut face), []);
    }
    let alone = ProjectView { takes: Vec::new(), listening: VersionId::Deadpan, ..project };
    tell(&mut face, Event::Project(Some(Box::new(alone))));
    press(&mut face, Modifiers::NONE, Key::X);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("There is only one version: perform the piece first");
}

#[test]
fn escape_closes_the_menu_and_nothing_else() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::A);
    let selected = face.state().selected_notes().len();
    assert!(selected > 0);
    face.get_by_role_and_label(egui::Role::Button, "View").click();
    face.run();
    face.get_by_label_contains("Zoom to fit");
    press(&mut face, Modifiers::NONE, Key::M);
    assert_eq!(asked(&mut face), [], "an open menu takes letters, too");
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert!(face.query_by_label_contains("Zoom to fit").is_none());
    assert_eq!(face.state().selected_notes().len(), selected);
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert_eq!(face.state().selected_notes().len(), 0);
}

#[test]
fn escape_leaves_the_compare_view_and_keeps_the_selection() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::A);
    let selected = face.state().selected_notes().len();
    press(&mut face, Modifiers::NONE, Key::C);
    face.get_by_label("Back to the piece");
    press(&mut face, Modifiers::NONE, Key::Escape);
    assert!(face.query_by_label("Back to the piece").is_none());
    assert_eq!(face.state().selected_notes().len(), selected);
}

#[test]
fn pins_are_for_something_selected() {
    let mut face = face();
    face.state_mut().ask(UiCommand::PinSelected);
    face.run_steps(4);
    assert_eq!(asked(&mut face), []);
    face.get_by_label("Select notes, or drag over some bars in the ruler first");
}

#[test]
fn letters_typed_after_a_text_field_are_no_shortcuts() {
    let mut face = face();
    face.get_by_role_and_label(egui::Role::TextInput, "Mood").click();
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    for key in [Key::M, Key::P, Key::X, Key::Comma, Key::Num3] {
        press(&mut face, Modifiers::NONE, key);
    }
    press(&mut face, Modifiers::SHIFT, Key::M);
    assert_eq!(asked(&mut face), []);
    // What is no letter works as ever.
    press(&mut face, Modifiers::NONE, Key::Space);
    assert_eq!(asked(&mut face), [Command::TogglePlay]);
    face.get_by_label("Piano roll").hover();
    face.run();
    press(&mut face, Modifiers::NONE, Key::M);
    assert_eq!(asked(&mut face), [Command::Metronome(true)]);
}

#[test]
fn a_field_left_with_enter_gives_the_keys_back_to_the_roll_under_the_pointer() {
    let mut face = face();
    face.get_by_label("Piano roll").hover();
    face.run();
    press(&mut face, Modifiers::COMMAND, Key::G);
    face.run();
    press(&mut face, Modifiers::NONE, Key::X);
    assert_eq!(asked(&mut face), [], "it is for the field");
    press(&mut face, Modifiers::NONE, Key::Escape);
    face.run();
    press(&mut face, Modifiers::NONE, Key::M);
    assert_eq!(asked(&mut face), [Command::Metronome(true)]);
}

#[test]
fn a_dialog_takes_all_keys() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::Comma);
    face.get_by_label("Settings");
    press(&mut face, Modifiers::NONE, Key::Space);
    press(&mut face, Modifiers::NONE, Key::M);
    assert_eq!(asked(&mut face), [Command::FindMidiPorts], "as the page opens");
    press(&mut face, Modifiers::NONE, Key::Escape);
    press(&mut face, Modifiers::NONE, Key::Space);
    assert_eq!(asked(&mut face), [Command::TogglePlay]);
}

#[test]
fn what_is_printed_is_engraved_for_paper_first() {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND | Modifiers::SHIFT, Key::P);
    let score = face.state().model.score.clone();
    assert_eq!(asked(&mut face), [Command::EngravePaper(score.id)]);
    let paper = common::page(&score, PAPER_SPACES);
    let systems = paper.systems.len();
    tell(&mut face, Event::Paper(Box::new(paper.clone())));
    let commands = asked(&mut face);
    let is_all =
        |c: &Command| matches!(c, Command::PrintPage(request, None) if request.systems.len() == systems);
    assert!(matches!(&commands[..], [command] if is_all(command)), "{commands:?}");
    // What nobody waits for is not printed.
    tell(&mut face, Event::Paper(Box::new(paper)));
    assert_eq!(asked(&mut face), []);
}
