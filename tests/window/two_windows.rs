//! Two windows of one app: each with a piece of its own, and one sound.

use std::path::Path;

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

/// Whether a window on the display has a title that begins like this.
fn is_named(stage: &Stage, title: &str) -> bool {
    let pattern = format!("^{title}.* – Espressivo$");
    let output = stage.command("xdotool").args(["search", "--name", &pattern]).output().unwrap();
    !output.stdout.is_empty()
}

/// Presses keys in the window whose title begins like this, as a person does: WebKitWebDriver lists only
/// the window that it opened.
fn press(stage: &Stage, title: &str, keys: &str) {
    let pattern = format!("^{title}.* – Espressivo$");
    let search = ["search", "--onlyvisible", "--name", &pattern];
    let status = stage.command("xdotool").args(search).args(["windowfocus", "--sync"]).status().unwrap();
    assert!(status.success(), "there is no window {title}");
    assert!(stage.command("xdotool").args(["key", keys]).status().unwrap().success());
}

#[test]
#[ignore = "needs a display and what drives the window"]
fn two_windows_have_a_piece_each_and_one_sound_needs_window() {
    check_for("xdotool");
    let (desk, stage, words) = desk::set();
    let window = Window::open(&stage, &[&folder().join(MINUET)]);
    words.wait("the minuet", |s| s.project.clone());

    press(&stage, "Minuet", "ctrl+shift+n");
    let others = Words::of_window(desk.path(), "window-2");
    let is_there =
        || stage.command("xdotool").args(["search", "--onlyvisible", "--name", "^Espressivo$"]).status();
    wait_for("the second window", || is_there().unwrap().success().then_some(()));
    // It was used last and is empty, so a file from outside opens there.
    start_again(&stage, folder(), PRELUDE);
    others.wait("the prelude", |s| s.project.clone());
    assert!(words.state().project().name.contains("Minuet"), "the first has its piece still");
    wait_for("both titles", || (is_named(&stage, "Minuet") && is_named(&stage, "Prélude")).then_some(()));

    // One sound: playing in one rests the other.
    press(&stage, "Prélude", "space");
    others.wait("the prelude to play", is_playing);
    press(&stage, "Minuet", "space");
    words.wait("the minuet to play", is_playing);
    let rests = |s: &State| (s.transport.state == PlayState::Paused).then_some(());
    others.wait("the prelude to rest", rests);

    // The file that the second has open is not opened twice.
    start_again(&stage, folder(), PRELUDE);
    start_again(&stage, folder(), MINUET);
    assert!(words.state().project().name.contains("Minuet"));
    assert!(others.state().project().name.contains("Prélude"));

    // Closing one leaves the other, which still hears what is asked of it.
    press(&stage, "Prélude", "ctrl+shift+w");
    wait_for("one window", || (!is_named(&stage, "Prélude")).then_some(()));
    words.wait("the minuet to play on", is_playing);
    window.quit();
}
