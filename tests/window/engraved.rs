//! The engraved page in the real window: engraved, drawn, clicked on.

use std::path::Path;

use notation::{ImportOptions, Score};
use protocol::Command;

use crate::page::Widget;
use crate::setup;
use crate::window::Window;

/// A piece whose halves are repeated.
const PIECE: &str = "scores/petzold_minuet_g.musicxml";

#[test]
#[ignore = "needs a display and what drives the window"]
fn places_and_bars_are_found_on_the_page_needs_window() {
    let (_data, desktop, words) = setup::desktop();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE);
    let score = read(&file);
    let window = Window::open(&desktop, &[&file]);
    words.wait("the piece", |s| s.project.clone());
    window.click("Page");
    let bar = |number: usize| window.find(&format!("Bar {number} on the page"));
    let (fifth, eighth) = (bar(5), bar(8));
    words.wait("pictures of what is in view", |s| (s.drawn >= 2).then_some(()));
    assert!(!window.shows("Piano roll"));

    // Between the staves there are few notes to hit.
    let middle = |bar: &Widget| bar.centre();
    let (x, y) = middle(&fifth);
    window.click_at(x, y);
    let place = words.wait("a seek", |s| s.commands.iter().rev().find_map(seek));
    let printed = |number: &str| score.measures.iter().position(|m| m.number == number).unwrap();
    let (first, last) = (printed("5"), printed("8"));
    let measure = &score.measures[first];
    assert!((measure.start.to_f64()..measure.end.to_f64()).contains(&place), "{place}");
    words.wait("the playhead", |s| ((s.transport.position_quarters - place).abs() < 1e-6).then_some(()));

    // Two clicks in quick succession would be a double click.
    std::thread::sleep(std::time::Duration::from_millis(600));
    window.drag(&[middle(&fifth), middle(&eighth)]);
    window.key(&[], 'l');
    let looped = words.wait("a loop", |s| s.transport.looped.clone());
    assert_eq!(looped, first..last + 1);

    window.key(&[], 'v');
    window.find("Piano roll");
    assert!(window.shows("Engraved page"), "both are there");
    window.quit();
}

fn seek(command: &Command) -> Option<f64> {
    match command {
        Command::SeekQuarters(place) => Some(*place),
        _ => None,
    }
}

fn read(path: &Path) -> Score {
    let bytes = std::fs::read(path).unwrap();
    notation::read_score("score", &bytes, &ImportOptions::default()).unwrap()
}
