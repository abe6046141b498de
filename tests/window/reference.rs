//! A performer that plays like somebody: a recording is chosen, a take is played in its manner, and says so when it
//! comes back after the app was killed. Without the model the window says what is missing.

use std::path::{Path, PathBuf};

use fantoccini::key::Key;
use protocol::{KnobKind, KnobValue, PerformerView, VersionId};

use crate::page::Widget;
use crate::window::{Window, wait_for};
use crate::words::State;
use crate::{files, setup};

const PIECE: &str = "scores/petzold_minuet_g.musicxml";

#[test]
#[ignore = "needs a display and what drives the window"]
fn a_take_is_played_like_a_recording_needs_window() {
    let (data, desktop, words) = setup::desktop();
    let piece = Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE);
    std::fs::write(data.path().join("lesson.mid"), files::played(&piece)).unwrap();
    let window = Window::open(&desktop, &[&piece]);
    words.wait("the piece", |s| s.project.clone());
    window.click("File");
    window.click("Import recording… Ctrl+I");
    words.wait("the recording", |s| (s.project().takes.len() == 1).then_some(()));
    let performer =
        words.wait("who plays like somebody", |s| s.performers.iter().find(|p| takes_on(p)).cloned());
    let chosen = words.state().performers[0].name.clone();
    open_menu(&window, &chosen);
    if performer.unavailable.is_some() {
        let is_greyed = |w: &Widget| w.label == performer.name && w.is_disabled;
        assert!(window.widgets().iter().any(is_greyed), "its model is missing");
        return window.quit();
    }
    window.click(&performer.name);

    open_menu(&window, "Nobody");
    window.click("lesson");
    let manner = words.wait("its manner", |s| s.manners.last().cloned());
    assert_eq!(manner.name, "lesson");
    find_menu(&window, "lesson");
    window.click("Perform");
    let take = words.wait("a take", |s| s.is_at_rest(2).then(|| s.project().takes[1].clone()));
    assert_eq!((&take.performer, take.id), (&performer.id, VersionId::Take(2)));
    let said = |s: &State| {
        let knobs = &s.project().takes.get(1)?.knobs;
        knobs.values().find_map(KnobValue::manner).cloned()
    };
    assert_eq!(words.wait("whose manner it is", said), manner);
    let notes = words.wait("its notes", |s| s.notes(take.id));
    window.key(&[Key::Control.into()], 's');
    let project = PathBuf::from(words.wait("a saved project", |s| s.project().path.clone()));
    window.kill();

    words.forget();
    let window = Window::open(&desktop, &[&project]);
    words.wait("the takes", |s| s.is_at_rest(2).then_some(()));
    assert_eq!(words.wait("whose manner it is", said), manner);
    assert_eq!(words.wait("its notes", |s| s.notes(take.id)), notes);
    wait_for("its line in the list", || window.shows("ike lesson").then_some(()));
    window.quit();
}

/// Whether a performer takes on a manner.
fn takes_on(performer: &PerformerView) -> bool {
    performer.knobs.iter().any(|knob| matches!(knob.kind, KnobKind::Reference(_)))
}

/// A row with a menu in which this is chosen.
fn find_menu(window: &Window, chosen: &str) -> Widget {
    window.find_where("row with a menu", |w| w.role == "ComboBox" && w.value == chosen)
}

fn open_menu(window: &Window, chosen: &str) {
    let (x, y) = find_menu(window, chosen).centre();
    window.click_at(x, y);
}
