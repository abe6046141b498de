//! The best passages of several takes.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::Queryable;
use protocol::{Command, Event, Passage, PlayState, ProjectView, TransportView, VersionId, ViewState};
use ui::UiCommand;

use crate::bench::{Face, asked, face, look, press, tell};
use crate::common;

fn playing(looped: Option<protocol::Bars>, state: PlayState) -> Event {
    Event::Transport(TransportView { state, looped, ..common::transport() })
}

fn with_best(best: Vec<Passage>) -> Event {
    let view = ViewState { best, ..ViewState::default() };
    Event::Project(Some(Box::new(ProjectView { view, ..common::project() })))
}

/// Draws some frames: one that is playing never comes to rest.
fn told(face: &mut Face, event: Event) {
    let now = face.ctx.input(|i| i.time);
    face.state_mut().receive(event, now);
    face.run_steps(3);
}

fn key(face: &mut Face, key: Key) {
    face.key_press_modifiers(Modifiers::NONE, key);
    face.run_steps(3);
}

#[test]
fn numbers_hear_takes_while_bars_repeat_and_take_tools_otherwise() {
    let mut face = face();
    told(&mut face, playing(Some(4..8), PlayState::Playing));
    asked(&mut face);
    key(&mut face, Key::Num1);
    assert_eq!(asked(&mut face), [Command::Listen(VersionId::Take(1))]);
    key(&mut face, Key::Num3);
    assert_eq!(asked(&mut face), [Command::Listen(VersionId::Recording(1))]);
    key(&mut face, Key::Num7);
    assert_eq!(asked(&mut face), [], "there is no seventh take");
    face.get_by_label_contains("There is no take 7");
    for (looped, state) in [(Some(4..8), PlayState::Paused), (None, PlayState::Playing)] {
        told(&mut face, playing(looped, state));
        key(&mut face, Key::Num1);
        assert_eq!(asked(&mut face), []);
    }
}

#[test]
fn the_take_heard_is_starred_where_it_repeats() {
    let mut face = face();
    press(&mut face, Modifiers::NONE, Key::S);
    assert_eq!(asked(&mut face), [], "no bars are meant");
    tell(&mut face, playing(Some(4..8), PlayState::Paused));
    press(&mut face, Modifiers::NONE, Key::S);
    let heard = VersionId::Take(2);
    assert_eq!(asked(&mut face), [Command::Star(4..8, Some(heard))]);
    tell(&mut face, with_best(vec![Passage { bars: 4..8, of: heard }]));
    face.get_by_role_and_label(Role::Button, "Star Hesitant middle in bars 5–8").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::Star(4..8, None)], "again takes the star away");
}

#[test]
fn one_take_is_made_of_the_best() {
    let mut face = face();
    face.state_mut().ask(UiCommand::MakeBest);
    face.run_steps(3);
    assert_eq!(asked(&mut face), []);
    face.get_by_label_contains("star the best one first");
    let of = |bars, id| Passage { bars, of: id };
    tell(
        &mut face,
        with_best(vec![
            of(0..4, VersionId::Take(1)),
            of(4..8, VersionId::Take(9)),
            of(8..9, VersionId::Deadpan),
        ]),
    );
    face.get_by_label("Bars 1–4: Take 1");
    face.get_by_label("Bar 9: Deadpan");
    assert!(face.query_by_label_contains("Take 9").is_none(), "it was deleted");
    look(&mut face, "best");
    face.get_by_role_and_label(Role::Button, "Take the star from bar 9").click();
    face.run();
    face.get_by_role_and_label(Role::Button, "Make one of the best").click();
    face.run();
    assert_eq!(asked(&mut face), [Command::Star(8..9, None), Command::MakeBest(VersionId::Take(2))]);
}
