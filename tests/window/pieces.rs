//! A new piece in the real window: written, performed, there after the app was killed, continued. Without the model
//! the window says what is missing.

use fantoccini::key::Key;
use protocol::VersionId;

use crate::page::Widget;
use crate::setup;
use crate::window::Window;
use crate::words::State;

#[test]
#[ignore = "failed once: a new piece was not open again after a kill; see ARCHITECTURE, known faults"]
fn a_new_piece_is_written_on_demand() {
    let (_data, desktop, words) = setup::desktop();
    let window = Window::open(&desktop, &[]);
    window.find("Open…");
    let can_write = words.wait("who writes", |s| {
        (!s.performers.is_empty()).then(|| s.writers.iter().any(|writer| writer.unavailable.is_none()))
    });
    if !can_write {
        let is_greyed = |w: &Widget| w.label == "New piece…" && w.is_disabled;
        assert!(window.widgets().iter().any(is_greyed));
        return window.quit();
    }
    window.click("New piece…");
    write(&window, "32", "8");
    let name = words.wait("a piece that is performed", |s| s.is_at_rest(1).then(|| s.project().name.clone()));
    let bars = |s: &State| s.scores.first().map(|score| score.measures.len());
    assert_eq!(words.wait("its bars", bars), 8);
    let take = words.state().project().takes[0].id;
    let notes = words.wait("its notes", |s| s.notes(take));
    assert_eq!(notes.len(), words.state().scores[0].notes.len(), "all of them are played");
    assert_eq!(words.state().project().path, None, "it has no name yet");
    window.kill();

    words.forget();
    let window = Window::open(&desktop, &[]);
    words.wait("the piece again", |s| s.project.as_ref().is_some_and(|p| p.takes.len() == 1).then_some(()));
    assert_eq!(words.state().project().name, name);
    assert_eq!(words.wait("its notes", |s| s.notes(take)), notes);

    window.click("Versions");
    // A menu names the shortcut behind a space, and this command has none.
    window.click("Continue… ");
    write(&window, "16", "4");
    words.wait("a take that goes on and is performed", |s| s.is_at_rest(3).then_some(()));
    let longer =
        words.wait("its score", |s| s.scores.iter().find(|score| score.measures.len() == 12).cloned());
    let listening = words.state().project().listening;
    assert_ne!(listening, take);
    let on = words.wait("its notes", |s| s.notes(listening));
    assert_eq!(on.len(), longer.notes.len());
    assert!(on.iter().any(|(bar, ..)| *bar >= 8), "the new bars are played");
    let first =
        |notes: &[(u32, u8, _)]| notes.iter().take_while(|n| n.0 < 7).map(|n| n.1).collect::<Vec<u8>>();
    assert_eq!(first(&on), first(&notes));
    let deadpan = words.wait("the piece as it was", |s| s.notes(VersionId::Deadpan));
    assert_eq!(deadpan.len(), notes.len());
    window.quit();
}

/// Writes another number of bars into the dialog, and has them written.
fn write(window: &Window, usual: &str, bars: &str) {
    let is_it = |w: &Widget| w.role == "SpinButton" && w.value == usual;
    let (x, y) = window.find_where("field for bars", is_it).centre();
    window.click_at(x, y);
    bars.chars().for_each(|digit| window.key(&[], digit));
    window.key(&[], Key::Enter.into());
    window.click("Write it");
}
