//! Keys that a browser would take for itself do what a musician means by them.

use fantoccini::key::Key;

use crate::setup;
use crate::window::Window;

/// Of the numbers at the bottom, which are there while notes are selected.
const NOTES: &str = "Onset";

#[test]
#[ignore = "needs a display and what drives the window"]
fn the_page_is_neither_selected_zoomed_nor_left_needs_window() {
    let (_data, desktop, words) = setup::desktop();
    let score =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("scores/chopin_prelude_op28_7.musicxml");
    let window = Window::open(&desktop, &[&score]);
    words.wait("the piece", |s| s.project.clone());
    let page =
        "done([String(getSelection()), devicePixelRatio, visualViewport.scale, innerWidth, location.href])";
    let before = window.ask(page);

    // The pointer over the notes says what is meant by *all*.
    let (x, y) = window.find("Piano roll").centre();
    window.hover(&[(x, y)]);
    window.key(&[Key::Control.into()], 'a');
    window.find(NOTES);
    for (held, key) in [
        (Key::Control.into(), '+'),
        (Key::Control.into(), '-'),
        (Key::Alt.into(), Key::Left.into()),
        (Key::Alt.into(), Key::Right.into()),
    ] {
        window.key(&[held], key);
    }
    assert!(window.shows("Piano roll"));
    // A drag over words marks nothing.
    let (left, top) = window.find("Perform").centre();
    window.drag(&[(left - 90.0, top - 420.0), (left, top - 200.0)]);
    assert_eq!(window.ask(page), before);
    window.quit();
}
