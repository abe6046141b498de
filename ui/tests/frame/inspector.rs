//! The numbers of the selected notes.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{Command, Edit, PlayedNote, VersionId};

use crate::bench::{Face, asked, face, press};

/// The face with every note selected.
fn face_with_notes() -> Face {
    let mut face = face();
    press(&mut face, Modifiers::COMMAND, Key::A);
    face.run();
    assert_eq!(asked(&mut face), []);
    face
}

fn first(face: &Face) -> PlayedNote {
    face.state().model.listening().unwrap().performance.notes[0]
}

fn edit(face: &mut Face) -> Edit {
    match &asked(face)[..] {
        [Command::Edit(VersionId::Take(2), edit)] => edit.clone(),
        commands => panic!("{commands:?}"),
    }
}

fn type_into(face: &mut Face, name: &str, text: &str) {
    face.get_by_role_and_label(Role::SpinButton, name).click();
    face.run();
    face.event(egui::Event::Text(text.to_owned()));
    face.run();
    press(face, Modifiers::NONE, Key::Enter);
    face.run();
}

#[test]
fn the_fields_stay_in_their_line_and_move_nothing() {
    let mut face = face();
    let perform = |face: &Face| face.get_by_role_and_label(Role::Button, "Perform").rect();
    let before = perform(&face);
    press(&mut face, Modifiers::COMMAND, Key::A);
    face.run();
    assert_eq!(perform(&face), before);
    for name in ["Velocity", "Onset", "Length"] {
        face.get_by_role_and_label(Role::SpinButton, name).click();
        face.run();
        let field = face.get_by_role_and_label(Role::SpinButton, name).rect();
        assert!(field.top() >= 770.0 && field.bottom() <= 800.0, "{name}: {field:?}");
        assert_eq!(perform(&face), before, "{name}");
    }
}

#[test]
fn numbers_are_typed_and_all_notes_go_along() {
    let mut face = face_with_notes();
    let played = face.state().model.listening().unwrap().performance.notes.clone();
    face.get_by_label(&format!("{} notes", played.len()));

    type_into(&mut face, "Velocity", &(played[0].velocity + 3).to_string());
    let Edit::Velocities(velocities) = edit(&mut face) else { panic!() };
    assert_eq!(velocities.len(), played.len());
    assert!(velocities.iter().all(|&(n, v)| v == played[n as usize].velocity + 3), "{velocities:?}");

    type_into(&mut face, "Onset", "0.5");
    let Edit::Onsets(onsets) = edit(&mut face) else { panic!() };
    let delta = 0.5 - played[0].onset_secs;
    assert!(onsets.iter().all(|&(n, secs)| (secs - played[n as usize].onset_secs - delta).abs() < 1e-9));

    type_into(&mut face, "Length", "1.25");
    let Edit::Durations(durations) = edit(&mut face) else { panic!() };
    let of_first = durations.iter().find(|(n, _)| *n == played[0].note).unwrap();
    assert!((of_first.1 - 1.25).abs() < 1e-9, "{of_first:?}");
}

#[test]
fn a_look_into_a_field_changes_nothing() {
    let mut face = face_with_notes();
    for name in ["Velocity", "Onset", "Length"] {
        face.get_by_role_and_label(Role::SpinButton, name).click();
        face.run();
        press(&mut face, Modifiers::NONE, Key::Enter);
        face.run();
    }
    assert_eq!(asked(&mut face), []);
}

#[test]
fn arrow_keys_nudge_a_field_and_shift_ten_times_as_far() {
    let mut face = face_with_notes();
    let was = first(&face);
    face.get_by_role_and_label(Role::SpinButton, "Velocity").click();
    face.run();
    for (modifiers, by) in [(Modifiers::NONE, 1), (Modifiers::SHIFT, 10)] {
        press(&mut face, modifiers, Key::ArrowUp);
        // The shell, which does not answer, has had its time.
        face.run_steps(8);
        let Edit::Velocities(velocities) = edit(&mut face) else { panic!() };
        assert!(velocities.contains(&(was.note, was.velocity + by)), "{by}");
    }
}

#[test]
fn arrow_keys_nudge_the_notes_in_the_roll() {
    let mut face = face_with_notes();
    let was = first(&face);
    press(&mut face, Modifiers::NONE, Key::ArrowDown);
    let Edit::Velocities(velocities) = edit(&mut face) else { panic!() };
    assert!(velocities.contains(&(was.note, was.velocity - 1)));
    press(&mut face, Modifiers::SHIFT, Key::ArrowRight);
    let Edit::Onsets(onsets) = edit(&mut face) else { panic!() };
    let onset = onsets.iter().find(|(n, _)| *n == was.note).unwrap().1;
    assert!((onset - was.onset_secs - 0.05).abs() < 1e-9, "{onset}");
    // Nothing is selected any more: nothing moves.
    press(&mut face, Modifiers::NONE, Key::Escape);
    press(&mut face, Modifiers::NONE, Key::ArrowUp);
    assert_eq!(asked(&mut face), []);
}

#[test]
fn a_number_that_was_typed_is_nudged_from_where_the_pointer_is() {
    let mut face = face_with_notes();
    let velocity = first(&face).velocity;
    type_into(&mut face, "Velocity", &(velocity + 3).to_string());
    edit(&mut face);
    press(&mut face, Modifiers::NONE, Key::ArrowDown);
    assert!(matches!(edit(&mut face), Edit::Velocities(_)));
}
