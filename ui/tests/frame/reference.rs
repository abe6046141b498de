//! The rows of settings that are somebody's manner.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{Command, Event, KnobValue, Knobs, MannerSource, PerformRequest, TakeView, VersionId};

use crate::bench::{self, Face, asked, press, tell};
use crate::common;

/// The face with a performer that plays like others.
fn face() -> Face {
    let mut face = bench::face();
    tell(&mut face, Event::Settings(Box::new(common::with_references())));
    asked(&mut face);
    face
}

/// Opens the menu of a row.
fn open(face: &mut Face, row: &str) {
    face.get_by_role_and_label(Role::ComboBox, row).click();
    face.run();
}

/// Chooses in the menu, which is drawn after the panels.
fn choose(face: &mut Face, row: &str, entry: &str) -> Vec<Command> {
    open(face, row);
    face.get_all_by_role_and_label(Role::Button, entry).last().unwrap().click();
    face.run();
    asked(face)
}

fn performed(face: &mut Face) -> PerformRequest {
    press(face, Modifiers::COMMAND, Key::Enter);
    let commands = asked(face);
    let [Command::Perform(request)] = &commands[..] else { panic!("{commands:?}") };
    request.clone()
}

fn like(knobs: &[(&str, &str)]) -> Knobs {
    let knob = |(id, name): &(&str, &str)| ((*id).to_owned(), KnobValue::Manner(common::manner(name)));
    knobs.iter().map(knob).collect()
}

fn asks(knob: &str, of: MannerSource) -> Command {
    Command::ReadManner { performer: "pianoflow".to_owned(), knob: knob.to_owned(), of }
}

#[test]
fn the_menu_lists_nobody_versions_and_recordings() {
    let mut face = face();
    let count = |face: &Face, label: &str| face.query_all_by_role_and_label(Role::Button, label).count();
    let labels = ["Nobody", "Take 1", "Hesitant middle", "Lesson of May", "Recording…", "Deadpan"];
    let before = labels.map(|label| count(&face, label));
    open(&mut face, "Play it like");
    let after = labels.map(|label| count(&face, label));
    let more: Vec<usize> = after.iter().zip(before).map(|(after, before)| after - before).collect();
    assert_eq!(more, [1, 1, 1, 1, 1, 0], "the deadpan has no manner");
}

#[test]
fn what_is_chosen_is_read_first_and_then_performed() {
    let mut face = face();
    let lesson = VersionId::Recording(1);
    let chosen = choose(&mut face, "Play it like", "Lesson of May");
    assert_eq!(chosen, [asks("like", MannerSource::Version(lesson))]);
    assert!(performed(&mut face).knobs.is_empty(), "it is not read yet");
    tell(&mut face, common::read("like", "Lesson of May"));
    assert_eq!(performed(&mut face).knobs, like(&[("like", "Lesson of May")]));
    assert_eq!(choose(&mut face, "Play it like", "Recording…"), [asks("like", MannerSource::File(None))]);
    assert_eq!(choose(&mut face, "Play it like", "Nobody"), []);
    assert!(performed(&mut face).knobs.is_empty());
}

#[test]
fn what_takes_two_needs_two() {
    let mut face = face();
    let is_there = |face: &Face, role: Role, label: &str| face.query_by_role_and_label(role, label).is_some();
    assert!(
        !is_there(&face, Role::ComboBox, "And like") && !is_there(&face, Role::Slider, "Between the two")
    );
    face.get_by_label("And like").hover();
    face.run_steps(40);
    face.get_by_label_contains("First choose somebody at “Play it like”");
    tell(&mut face, common::read("like", "Lesson of May"));
    assert!(is_there(&face, Role::ComboBox, "And like") && !is_there(&face, Role::Slider, "Between the two"));
    tell(&mut face, common::read("like-second", "Take 1"));
    assert!(is_there(&face, Role::Slider, "Between the two"));
    let both = like(&[("like", "Lesson of May"), ("like-second", "Take 1")]);
    assert_eq!(performed(&mut face).knobs, both);
}

#[test]
fn while_it_is_read_there_is_a_way_to_stop() {
    let mut face = face();
    // What turns never comes to rest.
    let tell_jobs = |face: &mut Face, jobs| {
        let now = face.ctx.input(|i| i.time);
        face.state_mut().receive(Event::Jobs(jobs), now);
        face.run_steps(3);
    };
    tell_jobs(&mut face, vec![common::reading("like")]);
    assert!(face.query_by_role_and_label(Role::ComboBox, "Play it like").is_none());
    face.get_by_role_and_label(Role::Button, "Cancel").click();
    face.run_steps(3);
    assert_eq!(asked(&mut face), [Command::Cancel(3)]);
    tell_jobs(&mut face, vec![common::reading("other")]);
    face.get_by_role_and_label(Role::ComboBox, "Play it like");
    tell_jobs(&mut face, Vec::new());
    face.get_by_role_and_label(Role::ComboBox, "Play it like");
}

#[test]
fn a_take_says_whose_manner_it_has() {
    let mut face = face();
    let mut project = common::project();
    let first = project.takes[0].clone();
    project.takes[0] = TakeView { knobs: like(&[("like", "Lesson of May")]), ..first };
    tell(&mut face, Event::Project(Some(Box::new(project))));
    face.get_by_label_contains("Like Lesson of May");
}
