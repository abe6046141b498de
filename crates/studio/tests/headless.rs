//! The example of an Espressivo without its window does what it says.
#![allow(clippy::unwrap_used)]

#[allow(dead_code)]
#[path = "../examples/headless.rs"]
mod headless;

use std::path::Path;

use performance::midi::read_performance;

#[test]
fn a_score_becomes_midi_and_sound_without_a_window() {
    let score = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/petzold_minuet_g.musicxml");
    let folder = tempfile::tempdir().unwrap();
    let written = headless::run(&score, folder.path(), Some("rules")).unwrap();
    let midi = read_performance(&std::fs::read(&written.midi).unwrap()).unwrap();
    // The minuet has some 200 notes, with both repeats twice as many.
    assert!(midi.notes.len() > 300, "{}", midi.notes.len());
    let wav = std::fs::metadata(&written.wav).unwrap().len();
    // Two channels of three bytes each, at least as long as the take.
    assert!(wav as f64 > written.length_secs * 44_100.0 * 6.0, "{wav}");
}

#[test]
fn a_performer_that_nobody_knows_is_refused() {
    let score = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/petzold_minuet_g.musicxml");
    let folder = tempfile::tempdir().unwrap();
    assert!(headless::run(&score, folder.path(), Some("nobody")).is_err());
}
