//! Files that come from outside: from a second start of the app, whole and broken.

use std::path::Path;

use crate::desktop::{self, Desktop};
use crate::setup;
use crate::window::{Window, wait_for};

const PIECE: &str = "scores/petzold_minuet_g.musicxml";

#[test]
#[ignore = "needs a display and what drives the window"]
fn a_second_start_hands_its_file_to_the_window_that_is_open_needs_window() {
    let (data, desktop, words) = setup::desktop();
    let window = Window::open(&desktop, &[]);
    window.find("Open…");
    let process = desktop.app_process();

    start_again(&desktop, Path::new(env!("CARGO_MANIFEST_DIR")), PIECE);
    let project = words.wait("the piece", |s| s.project.clone());
    assert!(wait_for("its name on screen", || window.shows("Minuet").then_some(true)));
    assert_eq!(desktop.app_process(), process);

    // Named as somebody types it, from the folder where it lies.
    let score = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PIECE)).unwrap();
    std::fs::write(data.path().join("broken.musicxml"), &score[..score.len() / 2]).unwrap();
    start_again(&desktop, data.path(), "broken.musicxml");
    let message =
        words.wait("a message", |s| s.messages.iter().find(|m| m.contains("broken.musicxml")).cloned());
    assert!(message.contains("line"), "{message}");
    assert_eq!(words.state().project().name, project.name, "what was open stays open");
    window.quit();
}

/// The window asks what a recording is, and both answers work though no dialog gave the file.
#[test]
#[ignore = "needs a display and what drives the window"]
fn a_recording_that_the_command_line_names_is_what_the_person_says_needs_window() {
    let (data, desktop, words) = setup::desktop();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    std::fs::write(data.path().join("played.mid"), played(&folder.join(PIECE))).unwrap();
    let midi = data.path().join("played.mid");
    let window = Window::open(&desktop, &[&midi]);
    window.click("Open it as a score anyway");
    let as_score = words.wait("the recording as a score", |s| s.project.clone());

    start_again(&desktop, folder, PIECE);
    let is_other = |s: &crate::words::State| s.project.clone().filter(|p| p.opening != as_score.opening);
    let name = words.wait("the piece", is_other).name;
    start_again(&desktop, data.path(), "played.mid");
    window.click(&format!("Add it to “{name}” as a recording"));
    words.wait("the recording", |s| (s.project().takes.len() == 1).then_some(()));
    window.quit();
}

/// A MIDI file of a score as somebody played it: no onset is on the grid.
fn played(score: &Path) -> Vec<u8> {
    use performance::midi::{ExportMode, ExportOptions, export};
    let bytes = std::fs::read(score).unwrap();
    let score = notation::read_score("score", &bytes, &notation::ImportOptions::default()).unwrap();
    let mut played = performance::deadpan(&score);
    for note in &mut played.notes {
        note.onset_secs = 0.3 + 1.13 * note.onset_secs + 0.013 * f64::from(note.note % 7);
    }
    let options = ExportOptions { mode: ExportMode::ExactTiming(120.0), ..ExportOptions::default() };
    export(&score, &played, &options).unwrap().bytes
}

/// Starts the app once more; it must end by itself, and well.
fn start_again(desktop: &Desktop, folder: &Path, file: &str) {
    let mut second = desktop.command(desktop::app().to_str().unwrap());
    second.env("DBUS_SESSION_BUS_ADDRESS", desktop.app_variable("DBUS_SESSION_BUS_ADDRESS"));
    assert!(second.arg(file).current_dir(folder).status().unwrap().success());
}
