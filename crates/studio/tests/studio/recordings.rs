//! Recordings with notes that the score does not have.

use performance::midi::{ExportOptions, export};
use protocol::{Command, VersionId};

use crate::support::{Harness, minuet, score_of};

#[test]
fn notes_that_are_not_in_the_score_are_kept_with_their_places() {
    let mut harness = Harness::new();
    harness.open_minuet();
    // Low keys in place of three notes.
    let mut other = score_of(&minuet());
    let places: Vec<f64> = other.notes.iter().take(3).map(|note| note.onset.to_f64()).collect();
    other.notes.iter_mut().take(3).zip(24..).for_each(|(note, pitch)| note.pitch = pitch);
    let midi = export(&other, &performance::deadpan(&other), &ExportOptions::default()).unwrap();
    let path = harness.folder.path().join("pupil.mid");
    std::fs::write(&path, &midi.bytes).unwrap();
    harness.finish(Command::ImportRecording(Some(path)));
    let id = VersionId::Recording(1);
    let extra = harness.face.versions[&id].extra.clone();
    assert_eq!(extra.len(), 3, "{extra:?}");
    for note in &extra {
        let place = places[usize::from(note.pitch - 24)];
        assert!((note.quarters - place).abs() < 0.1, "{note:?} {place}");
    }
    assert!(harness.face.versions[&VersionId::Deadpan].extra.is_empty());

    let saved = harness.folder.path().join("lesson.espressivo");
    harness.ask(Command::SaveAs(Some(saved.clone())));
    harness.ask(Command::Close);
    harness.ask(Command::Open(saved));
    assert_eq!(harness.face.versions[&id].extra, extra);
}
