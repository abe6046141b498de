//! The engraved page in the real window: engraved, drawn, clicked on.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use notation::{ImportOptions, Score};
use protocol::{Bars, Command, Performance};

use crate::page::Widget;
use crate::setup;
use crate::window::{Window, wait_for};
use crate::words::{State, Words};

/// A piece whose halves are repeated.
const PIECE: &str = "scores/petzold_minuet_g.musicxml";
/// A short one with chords.
const CHORDS: &str = "scores/chopin_prelude_op28_7.musicxml";
/// Two clicks in quick succession would be a double click.
const APART: Duration = Duration::from_millis(600);
/// Notes that begin or end this close to a moment may sound in it or not.
const TOLERANCE_SECS: f64 = 0.01;

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

    std::thread::sleep(APART);
    window.drag(&[middle(&fifth), middle(&eighth)]);
    window.key(&[], 'l');
    let looped = words.wait("a loop", |s| s.transport.looped.clone());
    assert_eq!(looped, first..last + 1);

    window.key(&[], 'v');
    window.find("Piano roll");
    assert!(window.shows("Engraved page"), "both are there");
    window.quit();
}

#[test]
#[ignore = "needs a display and what drives the window"]
fn clicks_and_drags_on_the_page_do_what_they_do_in_the_ruler_needs_window() {
    let (_data, desktop, words) = setup::desktop();
    let window = Window::open(&desktop, &[&Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE)]);
    words.wait("the piece", |s| s.project.clone());
    window.click("Both");
    words.wait("pictures of what is in view", |s| (s.drawn >= 1).then_some(()));

    // Two clicks tell where the ruler has which quarter: it is even in bars of one length.
    let ruler = window.find("Ruler");
    let y = ruler.rect[1] + 10.0;
    let places = [0.25, 0.75].map(|share| ruler.rect[0] + ruler.rect[2] * share);
    let quarters = places.map(|x| seeks(&window, &words, (x, y)));
    let x_of = |q: f64| places[0] + (q - quarters[0]) * (places[1] - places[0]) / (quarters[1] - quarters[0]);
    // The page has gone along with the playhead; back at the start it stays where it is.
    window.key(&[], fantoccini::key::Key::Home.into());
    words.wait("the start", |s| (s.transport.position_quarters < 1e-6).then_some(()));
    std::thread::sleep(APART);
    let bar = |number: usize| window.find(&format!("Bar {number} on the page")).centre();
    let (from, to) = (bar(3), bar(6));
    let on_page = [from, to].map(|at| seeks(&window, &words, at));
    for q in on_page {
        let in_ruler = seeks(&window, &words, (x_of(q), y));
        // A pixel of the ruler is a quarter of a quarter.
        assert!((in_ruler - q).abs() < 1.0, "the ruler goes to {in_ruler}, the page to {q}");
    }
    window.drag(&[from, to]);
    let by_page = loops(&window, &words);
    std::thread::sleep(APART);
    window.key(&[], fantoccini::key::Key::Escape.into());
    window.drag(&[(x_of(on_page[0]), y), (x_of(on_page[1]), y)]);
    let by_ruler = loops(&window, &words);
    assert_eq!(by_page, by_ruler);
    assert_eq!(by_page.map(|bars| bars.len()), Some(4));
    window.quit();
}

#[test]
#[ignore = "needs a display and what drives the window"]
fn lit_notes_are_those_that_the_take_plays_needs_window() {
    let (_data, desktop, words) = setup::desktop();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(CHORDS);
    let score = read(&file);
    let window = Window::open(&desktop, &[&file]);
    words.wait("the piece", |s| s.project.clone());
    window.click("Perform");
    let take = words.wait("a take", |s| if s.is_at_rest(1) { s.heard() } else { None });
    window.click("Page");
    window.find("Bar 1 on the page");
    words.wait("pictures of what is in view", |s| (s.drawn >= 2).then_some(()));

    window.key(&[], ' ');
    let (mut last, mut with_notes) = (0.0, 0);
    for _ in 0..10 {
        let (secs, lit) = wait_for("the playhead to go on", || {
            let widgets = window.widgets();
            let secs = playhead(&widgets)?;
            (secs > last + 0.4).then(|| (secs, lit(&widgets)))
        });
        let [surely, perhaps] = [-TOLERANCE_SECS, TOLERANCE_SECS].map(|by| sounding(&score, &take, secs, by));
        assert!(surely.is_subset(&lit), "at {secs} s {surely:?} sound, and {lit:?} are lit");
        assert!(lit.is_subset(&perhaps), "at {secs} s {perhaps:?} sound, and {lit:?} are lit");
        let told = words.state().transport.position_secs;
        assert!((told - secs).abs() < 1.0, "the transport is at {told} s, the page at {secs} s");
        with_notes += usize::from(!surely.is_empty());
        last = secs;
    }
    assert!(with_notes >= 7, "only {with_notes} of ten moments have notes");
    window.quit();
}

/// Clicks at a place; the place in the score that this goes to.
fn seeks(window: &Window, words: &Words, (x, y): (f64, f64)) -> f64 {
    let places = |s: &State| s.commands.iter().filter_map(seek).collect::<Vec<f64>>();
    let before = places(&words.state()).len();
    window.click_at(x, y);
    let place = words.wait("a seek", |s| places(s).get(before).copied());
    std::thread::sleep(APART);
    place
}

/// Repeats what is selected; the bars.
fn loops(window: &Window, words: &Words) -> Option<Bars> {
    let asked = |s: &State| {
        let loops = s.commands.iter().filter_map(|command| match command {
            Command::Loop(bars) => Some(bars.clone()),
            _ => None,
        });
        loops.collect::<Vec<_>>()
    };
    let before = asked(&words.state()).len();
    window.key(&[], 'l');
    words.wait("a loop", |s| asked(s).get(before).cloned())
}

/// The moment of the playhead in a frame, as the page tells it.
fn playhead(widgets: &[Widget]) -> Option<f64> {
    let words = widgets.iter().find_map(|w| w.label.strip_prefix("Playhead on the page at "))?;
    words.strip_suffix(" s")?.parse().ok()
}

/// The names of the notes that are lit in a frame.
fn lit(widgets: &[Widget]) -> BTreeSet<String> {
    widgets.iter().filter_map(|w| w.label.strip_suffix(" sounds")).map(str::to_owned).collect()
}

/// The names of the notes that sound at a moment, each of them longer at both ends by some seconds.
fn sounding(score: &Score, take: &Performance, secs: f64, longer_secs: f64) -> BTreeSet<String> {
    const NAMES: [&str; 12] = ["C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B"];
    let played = take.notes.iter().filter(|note| {
        let end_secs = note.onset_secs + note.duration_secs;
        note.onset_secs - longer_secs <= secs && secs < end_secs + longer_secs
    });
    let name = |note: u32| {
        let pitch = score.notes[note as usize].pitch;
        format!("{}{}", NAMES[usize::from(pitch % 12)], i32::from(pitch / 12) - 1)
    };
    played.map(|note| name(note.note)).collect()
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
