//! The menus of the right button in the list of takes.

use egui::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::{Command, Event, ProjectView, VersionId, ViewState};

use crate::bench::{Face, asked, face, tell, window};
use crate::common;

const TAKE: VersionId = VersionId::Take(1);

/// Opens the menu of a version with the right button, and chooses an entry.
fn choose(face: &mut Face, version: &str, entry: &str) -> Vec<Command> {
    let label = format!("Listen to {version}");
    face.get_by_role_and_label(Role::Button, &label).click_secondary();
    face.run();
    // Panels have buttons of the same name; the menu is drawn after them.
    face.get_all_by_role_and_label(Role::Button, entry).last().unwrap().click();
    face.run();
    asked(face)
}

#[test]
fn the_right_button_has_what_can_be_done_with_a_take() {
    let mut face = face();
    let cases = [
        ("Listen", Command::Listen(TAKE)),
        ("Compare with the version heard", Command::Compare(Some(TAKE))),
        ("Duplicate", Command::Duplicate(TAKE)),
        ("Delete", Command::Delete(TAKE)),
    ];
    for (entry, expected) in cases {
        assert_eq!(choose(&mut face, "Take 1", entry), [expected], "{entry}");
    }
    assert_eq!(choose(&mut face, "Deadpan", "Stop comparing"), [Command::Compare(None)]);
    assert_eq!(choose(&mut face, "Deadpan", "Duplicate"), [Command::Duplicate(VersionId::Deadpan)]);
    assert_eq!(choose(&mut face, "Take 1", "Rename"), []);
    face.get_by_role_and_label(Role::TextInput, "Name of the take");
}

#[test]
fn a_take_is_saved_from_its_menu() {
    let mut face = face();
    assert_eq!(choose(&mut face, "Take 1", "Save MIDI…"), [Command::Listen(TAKE)], "what is heard is saved");
    face.get_by_label("Exact timing");
}

#[test]
fn a_take_is_starred_from_its_menu_in_the_selected_bars() {
    let mut face = face();
    face.get_by_role_and_label(Role::Button, "Listen to Take 1").click_secondary();
    face.run();
    let entry = face.get_by_role_and_label(Role::Button, "Star it in some bars");
    assert!(entry.accesskit_node().is_disabled(), "which bars is not known");

    let mut events = common::events();
    for event in &mut events {
        if let Event::Project(Some(project)) = event {
            project.view = ViewState { selection: Some(4..8), ..ViewState::default() };
        }
    }
    let mut face = window(1280.0, 800.0, protocol::Theme::Dark, events);
    let starred = choose(&mut face, "Take 1", "Star it in bars 5–8");
    assert_eq!(starred, [Command::Star(4..8, Some(TAKE))]);
}

#[test]
fn a_project_that_can_only_be_read_is_not_changed() {
    let mut face = face();
    let read_only = Some("the file is open elsewhere".to_owned());
    tell(&mut face, Event::Project(Some(Box::new(ProjectView { read_only, ..common::project() }))));
    face.get_by_role_and_label(Role::Button, "Listen to Take 1").click_secondary();
    face.run();
    for entry in ["Rename", "Duplicate", "Delete"] {
        let entry = face.get_by_role_and_label(Role::Button, entry);
        assert!(entry.accesskit_node().is_disabled());
    }
}

#[test]
fn the_tooltip_of_a_take_has_what_its_line_has_no_room_for() {
    let mut face = window(660.0, 700.0, protocol::Theme::Dark, common::events());
    face.get_by_role_and_label(Role::Button, "Listen to Hesitant middle").hover();
    face.run_steps(40);
    face.get_by_label("Made from Take 1");
    face.get_by_label("Performed anew: bars 5–8");
    face.get_by_role_and_label(Role::Button, "Listen to Deadpan").hover();
    face.run_steps(40);
    face.get_by_label("The score played literally: nothing but what is written");
}
