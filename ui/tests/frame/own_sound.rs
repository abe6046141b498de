//! What is heard of a recording of sound: the sound itself, or its notes on the piano.

use egui::Role;
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::{Command, Event, OwnSoundState, OwnSoundView, ProjectView, VersionId};
use ui::UiCommand;

use crate::bench::{Face, asked, face, look, tell};
use crate::common;

const LESSON: VersionId = VersionId::Recording(1);

/// The face with the pupil's recording, which came from sound, heard.
fn lesson(is_chosen: bool, state: OwnSoundState) -> Face {
    let mut face = face();
    let mut project = common::project();
    for take in project.takes.iter_mut().filter(|take| take.id == LESSON) {
        take.own_sound = Some(OwnSoundView { is_chosen, state: state.clone() });
    }
    let project = ProjectView { listening: LESSON, ..project };
    tell(&mut face, Event::Project(Some(Box::new(project))));
    face
}

/// Opens the menu of the button in the bar at the top.
fn open_menu(face: &mut Face, button: &str) {
    face.get_by_role_and_label(Role::Button, button).click();
    face.run();
}

#[test]
fn the_recording_or_the_piano_is_chosen_beside_the_versions() {
    let mut face = lesson(true, OwnSoundState::Ready);
    look(&mut face, "own_sound");
    open_menu(&mut face, "Own sound");
    face.get_by_role_and_label(Role::Button, "Hear it on the piano").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::HearOwnSound(LESSON, false)]);
    let mut face = lesson(false, OwnSoundState::Ready);
    open_menu(&mut face, "Piano");
    face.get_by_role_and_label(Role::Button, "Hear its own sound").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::HearOwnSound(LESSON, true)]);
}

#[test]
fn the_menu_of_the_version_and_the_command_have_the_choice_too() {
    let mut face = lesson(true, OwnSoundState::Ready);
    face.get_by_role_and_label(Role::Button, "Listen to Lesson of May").click_secondary();
    face.run();
    face.get_by_role_and_label(Role::Button, "Hear it on the piano").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::HearOwnSound(LESSON, false)]);
    face.state_mut().ask(UiCommand::OwnSound);
    face.run();
    assert_eq!(asked(&mut face), [Command::HearOwnSound(LESSON, false)]);
    let mut face = lesson(false, OwnSoundState::Ready);
    face.state_mut().ask(UiCommand::OwnSound);
    face.run();
    assert_eq!(asked(&mut face), [Command::HearOwnSound(LESSON, true)]);
}

#[test]
fn what_cannot_be_heard_is_greyed_and_says_why() {
    let why = "its notes were changed by hand, and its own sound does not have the changes";
    let mut face = lesson(true, OwnSoundState::Unavailable(why.to_owned()));
    look(&mut face, "own_sound_edited");
    open_menu(&mut face, "Piano");
    let entry = face.get_by_role_and_label(Role::Button, "Hear its own sound");
    assert!(entry.accesskit_node().is_disabled());
    // One whose file is missing may be asked for again.
    let mut face = lesson(true, OwnSoundState::Missing("its file is not there any more".to_owned()));
    open_menu(&mut face, "Piano");
    face.get_by_role_and_label(Role::Button, "Hear its own sound").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::HearOwnSound(LESSON, true)]);
}

#[test]
fn versions_without_a_sound_of_their_own_have_no_choice() {
    let mut face = face();
    assert!(face.query_by_role_and_label(Role::Button, "Own sound").is_none());
    face.state_mut().ask(UiCommand::OwnSound);
    face.run();
    assert_eq!(asked(&mut face), []);
    face.run();
    face.get_by_label_contains("Listen to a recording of sound first");
}

#[test]
fn a_sound_file_is_said_to_be_of_the_piano() {
    let mut face = lesson(true, OwnSoundState::Ready);
    face.state_mut().ask(UiCommand::SaveWav);
    face.run();
    face.get_by_label_contains("not with the recording's own sound");
}
