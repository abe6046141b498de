//! Recordings with notes that the score does not have.

use performance::midi::{ExportOptions, export};
use protocol::{Command, VersionId};

use crate::support::{Desk, minuet, score_of};

#[test]
fn notes_that_are_not_in_the_score_are_kept_with_their_places() {
    let mut desk = Desk::new();
    desk.open_minuet();
    // Low keys in place of three notes.
    let mut other = score_of(&minuet());
    let places: Vec<f64> = other.notes.iter().take(3).map(|note| note.onset.to_f64()).collect();
    other.notes.iter_mut().take(3).zip(24..).for_each(|(note, pitch)| note.pitch = pitch);
    let midi = export(&other, &performance::deadpan(&other), &ExportOptions::default()).unwrap();
    let path = desk.folder.path().join("pupil.mid");
    std::fs::write(&path, &midi.bytes).unwrap();
    desk.finish(Command::ImportRecording(Some(path)));
    let id = VersionId::Recording(1);
    let extra = desk.face.versions[&id].extra.clone();
    assert_eq!(extra.len(), 3, "{extra:?}");
    for note in &extra {
        let place = places[usize::from(note.pitch - 24)];
        assert!((note.quarters - place).abs() < 0.1, "{note:?} {place}");
    }
    assert!(desk.face.versions[&VersionId::Deadpan].extra.is_empty());

    let saved = desk.folder.path().join("lesson.espressivo");
    desk.ask(Command::SaveAs(Some(saved.clone())));
    desk.ask(Command::Close);
    desk.ask(Command::Open(saved));
    assert_eq!(desk.face.versions[&id].extra, extra);
}
