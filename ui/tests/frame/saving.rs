//! Which bars are saved and dragged out.

use egui::{Key, Modifiers, Role, vec2};
use egui_kittest::kittest::Queryable;
use protocol::{Command, Event, ExportRequest, MidiMode, ProjectView, VersionId, ViewState};

use crate::bench::{Face, asked, face, face_with_selection, press, tell};
use crate::common;

#[test]
fn the_handle_drags_the_piece_or_the_bars_that_were_chosen_out_of_the_window() {
    let chosen = || {
        let mut face = face_with_selection();
        face.get_by_role_and_label(Role::CheckBox, "Only bars 5–8").click();
        face.run();
        face
    };
    for (mut face, bars) in [(face(), None), (face_with_selection(), None), (chosen(), Some(4..8))] {
        let handle = face.get_by_role_and_label(Role::Button, "Drag the MIDI file from here").rect().center();
        face.hover_at(handle);
        face.drag_at(handle);
        face.run();
        assert_eq!(asked(&mut face), [], "a press alone drags nothing");
        face.hover_at(handle + vec2(30.0, -20.0));
        face.run();
        let request = ExportRequest { version: VersionId::Take(2), bars, mode: MidiMode::ScoreGrid };
        // Twice: the release goes to where the file was dropped, so the window never sees it.
        assert_eq!(asked(&mut face), [Command::DragOut(request.clone())]);
        face.hover_at(handle);
        face.run();
        face.drag_at(handle);
        face.run();
        face.hover_at(handle + vec2(30.0, -20.0));
        face.run();
        assert_eq!(asked(&mut face), [Command::DragOut(request)]);
    }
}

/// What is saved if the dialog is answered as it opens.
fn saved(face: &mut Face) -> ExportRequest {
    press(face, Modifiers::COMMAND, Key::E);
    face.get_all_by_role_and_label(Role::Button, "Save MIDI…").last().unwrap().click();
    face.run();
    let commands = asked(face);
    let [Command::ExportMidi(request, None)] = &commands[..] else { panic!("{commands:?}") };
    request.clone()
}

#[test]
fn the_whole_piece_is_saved_unless_the_selected_bars_were_chosen() {
    let mut face = face_with_selection();
    assert_eq!(saved(&mut face).bars, None, "bars that were selected to perform them anew are not meant");
    press(&mut face, Modifiers::COMMAND, Key::E);
    face.get_by_role_and_label(Role::Button, "Bars 5–8").click();
    face.run();
    press(&mut face, Modifiers::NONE, Key::Enter);
    let commands = asked(&mut face);
    assert!(matches!(&commands[..], [Command::ExportMidi(r, None)] if r.bars == Some(4..8)), "{commands:?}");
    assert_eq!(saved(&mut face).bars, Some(4..8), "as long as these bars are selected");
    face.get_by_label("Hesitant middle, bars 5–8");
    let project = ProjectView {
        opening: 2,
        view: ViewState { selection: Some(4..8), ..ViewState::default() },
        ..common::project()
    };
    tell(&mut face, Event::Project(Some(Box::new(project))));
    assert_eq!(saved(&mut face).bars, None, "another document has its own choice");
}

#[test]
fn a_click_on_the_handle_asks_how_to_save() {
    let mut face = face();
    face.get_by_role_and_label(Role::Button, "Drag the MIDI file from here").click();
    face.run();
    assert_eq!(asked(&mut face), []);
    face.get_by_label("Exact timing");
}
