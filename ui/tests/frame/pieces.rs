//! New pieces, and how the open one goes on.

use egui::{Key, Modifiers, Role};
use egui_kittest::kittest::{NodeT, Queryable};
use protocol::{Command, ContinueRequest, Event, NewPieceRequest, SettingsView, VersionId};
use ui::UiCommand;

use crate::bench::{Face, asked, face, face_with_selection, press, start_page, tell};
use crate::common;

const HEARD: VersionId = VersionId::Take(2);

fn click(face: &mut Face, label: &str) -> Vec<Command> {
    face.get_by_role_and_label(Role::Button, label).click();
    face.run();
    asked(face)
}

fn type_bars(face: &mut Face, bars: &str) {
    face.get_by_role_and_label(Role::SpinButton, "Bars").click();
    face.run();
    face.event(egui::Event::Text(bars.to_owned()));
    face.run();
    press(face, Modifiers::NONE, Key::Enter);
}

/// What a dialog for a new piece asked for.
fn new_piece(commands: &[Command]) -> NewPieceRequest {
    let [Command::NewPiece(request)] = commands else { panic!("{commands:?}") };
    request.clone()
}

#[test]
fn the_start_page_asks_for_a_new_piece() {
    let mut face = start_page();
    tell(&mut face, common::with_writer(None));
    assert_eq!(click(&mut face, "New piece…"), []);
    assert!(face.query_by_label_contains("In the manner of").is_none(), "nothing is open");
    let first = new_piece(&click(&mut face, "Write it"));
    assert_eq!((&*first.writer, first.bars, first.like), ("toy", 32, None));
    assert!(face.query_by_label("Write it").is_none(), "the dialog is done");
    click(&mut face, "New piece…");
    type_bars(&mut face, "900");
    let second = new_piece(&click(&mut face, "Write it"));
    assert_eq!(second.bars, 64, "no more than are offered");
    assert_ne!(second.seed, first.seed, "another piece");
}

#[test]
fn without_a_model_it_is_said_why() {
    let mut face = start_page();
    for (settings, words) in [
        (Event::Settings(Box::new(common::settings())), "Nothing that writes pieces is installed"),
        (
            common::with_writer(Some("its model is missing: /models/toy")),
            "Toy cannot write pieces. Its model",
        ),
    ] {
        tell(&mut face, settings);
        let button = face.get_by_role_and_label(Role::Button, "New piece…");
        assert!(button.accesskit_node().is_disabled());
        button.hover();
        face.run_steps(40);
        face.get_by_label_contains(words);
    }
    face.state_mut().ask(UiCommand::NewPiece);
    // What is said goes after a while.
    face.run_steps(3);
    face.get_by_label_contains("What writes pieces is missing: reinstall the models folder");
    assert!(face.query_by_label("Write it").is_none());
}

#[test]
fn a_new_piece_may_be_like_the_open_one() {
    let mut face = face();
    tell(&mut face, common::with_writer(None));
    asked(&mut face);
    press(&mut face, Modifiers::COMMAND, Key::N);
    face.get_by_role_and_label(Role::CheckBox, "In the manner of “Evening song”").click();
    face.run();
    assert_eq!(new_piece(&click(&mut face, "Write it")).like, Some(HEARD));
}

/// What a dialog for more bars asked for, but for the seed.
fn more(commands: &[Command]) -> ContinueRequest {
    let [Command::ContinuePiece(request)] = commands else { panic!("{commands:?}") };
    ContinueRequest { seed: 0, ..request.clone() }
}

#[test]
fn a_piece_goes_on_after_the_selected_bars_or_at_its_end() {
    let request = |from| ContinueRequest { writer: "toy".to_owned(), of: HEARD, from, bars: 16, seed: 0 };
    let mut face = face_with_selection();
    tell(&mut face, common::with_writer(None));
    asked(&mut face);
    face.state_mut().ask(UiCommand::Continue);
    face.run();
    face.get_by_label_contains("follow bar 8 of Hesitant middle");
    face.get_by_label_contains("The bars that come after it now are left out");
    assert_eq!(more(&click(&mut face, "Write it")), request(8));

    let mut face = crate::bench::face();
    tell(&mut face, common::with_writer(None));
    asked(&mut face);
    face.state_mut().ask(UiCommand::Continue);
    face.run();
    assert!(face.query_by_label_contains("are left out").is_none(), "nothing comes after it");
    type_bars(&mut face, "4");
    assert_eq!(more(&click(&mut face, "Write it")), ContinueRequest { bars: 4, ..request(common::BARS) });
}

#[test]
fn nothing_goes_on_without_a_writer_or_in_a_file_that_can_only_be_read() {
    let mut face = face();
    face.state_mut().ask(UiCommand::Continue);
    face.run_steps(3);
    face.get_by_label_contains("What writes pieces is missing: reinstall the models folder");
    tell(&mut face, common::with_writer(None));
    let read_only = Some("the file is open elsewhere".to_owned());
    let project = protocol::ProjectView { read_only, ..common::project() };
    tell(&mut face, Event::Project(Some(Box::new(project))));
    face.state_mut().ask(UiCommand::Continue);
    face.run();
    assert!(face.query_by_label("Write it").is_none());
}

#[test]
fn who_writes_is_chosen_where_there_are_several() {
    let mut face = start_page();
    let writer = |id: &str, name: &str| protocol::WriterView {
        id: id.to_owned(),
        name: name.to_owned(),
        ..protocol::WriterView::default()
    };
    let writers = vec![writer("toy", "Toy"), writer("other", "Another")];
    tell(&mut face, Event::Settings(Box::new(SettingsView { writers, ..common::settings() })));
    click(&mut face, "New piece…");
    face.get_by_role_and_label(Role::ComboBox, "Written by").click();
    face.run();
    click(&mut face, "Another");
    assert_eq!(new_piece(&click(&mut face, "Write it")).writer, "other");
}
