//! Two windows of one app: each with a piece of its own, and one sound.

use std::path::Path;

use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use protocol::PlayState;

use crate::desk;
use crate::files::start_again;
use crate::stage::{Stage, check_for};
use crate::window::{Window, wait_for};
use crate::words::{State, Words};

const MINUET: &str = "scores/petzold_minuet_g.musicxml";
const PRELUDE: &str = "scores/chopin_prelude_op28_7.musicxml";

/// Where the pieces lie.
fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn is_playing(state: &State) -> Option<()> {
    (state.transport.state == PlayState::Playing).then_some(())
}

/// Waits until there are so many windows; the one that is not in the list.
fn new_one(window: &Window<'_>, before: &[WindowHandle]) -> WindowHandle {
    wait_for("a new window", || window.handles().into_iter().find(|handle| !before.contains(handle)))
}

/// Whether a window on the display has a title that begins like this.
fn is_named(stage: &Stage, title: &str) -> bool {
    let pattern = format!("^{title}.* – Espressivo$");
    let output = stage.command("xdotool").args(["search", "--name", &pattern]).output().unwrap();
    !output.stdout.is_empty()
}

#[test]
#[ignore = "needs a display and what drives the window"]
fn two_windows_have_a_piece_each_and_one_sound_needs_window() {
    check_for("xdotool");
    let (desk, stage, words) = desk::set();
    let window = Window::open(&stage, &[&folder().join(MINUET)]);
    words.wait("the minuet", |s| s.project.clone());
    let first = window.handles();
    assert_eq!(first.len(), 1);

    window.key(&[Key::Control.into(), Key::Shift.into()], 'n');
    let second = new_one(&window, &first);
    let others = Words::of_window(desk.path(), "window-2");
    window.go_to(&second);
    window.find("Open…");
    // It was used last and is empty, so a file from outside opens there.
    start_again(&stage, folder(), PRELUDE);
    others.wait("the prelude", |s| s.project.clone());
    assert!(words.state().project().name.contains("Minuet"), "the first has its piece still");
    wait_for("both titles", || (is_named(&stage, "Minuet") && is_named(&stage, "Prélude")).then_some(()));

    // One sound: playing in one rests the other.
    window.key(&[], ' ');
    others.wait("the prelude to play", is_playing);
    window.go_to(&first[0]);
    window.key(&[], ' ');
    words.wait("the minuet to play", is_playing);
    let rests = |s: &State| (s.transport.state == PlayState::Paused).then_some(());
    others.wait("the prelude to rest", rests);

    // The file that the second has open is not opened twice.
    start_again(&stage, folder(), PRELUDE);
    start_again(&stage, folder(), MINUET);
    assert_eq!(window.handles().len(), 2);
    assert!(words.state().project().name.contains("Minuet"));

    // Closing one leaves the other, which still hears what is asked of it.
    window.go_to(&second);
    window.try_key(&[Key::Control.into(), Key::Shift.into()], 'w');
    wait_for("one window", || (window.handles().len() == 1).then_some(()));
    window.go_to(&first[0]);
    words.wait("the minuet to play on", is_playing);
    window.quit();
}
