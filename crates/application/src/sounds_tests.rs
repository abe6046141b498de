#![allow(clippy::unwrap_used)]

use super::*;
use crate::scores;

fn minuet() -> (Score, Performance) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores/petzold_minuet_g.musicxml");
    let score = scores::read(&path, notation::Unfold::Maximal).unwrap();
    let played = performance::deadpan(&score);
    (score, played)
}

#[test]
fn a_cancel_leaves_the_old_file_and_nothing_else() {
    let (score, played) = minuet();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("take.wav");
    std::fs::write(&path, b"old").unwrap();
    let piano = Piano::generated().unwrap();
    let mut stop = |share: f64| if share > 0.02 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) };
    let error = write_wav(&path, &score, &played, &piano, SAMPLE_RATE_HZ, &mut stop).unwrap_err();
    assert!(matches!(error, SoundError::Cancelled));
    assert_eq!(std::fs::read(&path).unwrap(), b"old");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_file_replaces_the_old_one_and_errors_say_what_happened_with_the_path_last() {
    let (score, mut played) = minuet();
    played.notes.truncate(4);
    let folder = tempfile::tempdir().unwrap();
    let piano = Piano::generated().unwrap();
    let write = |path: &Path| {
        write_wav(path, &score, &played, &piano, SAMPLE_RATE_HZ, &mut |_| ControlFlow::Continue(()))
    };
    let path = folder.path().join("take.wav");
    std::fs::write(&path, b"old").unwrap();
    write(&path).unwrap();
    assert!(std::fs::metadata(&path).unwrap().len() > 100_000);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "temporary files are left");
    let missing = write(&folder.path().join("no such folder/take.wav")).unwrap_err().to_string();
    assert!(missing.starts_with("cannot write the sound file ("), "{missing}");
    assert!(missing.ends_with("no such folder/take.wav"), "{missing}");
    let over_folder = write(folder.path()).unwrap_err().to_string();
    assert!(over_folder.contains("folder"), "{over_folder}");
}

/// The piano that is found in some folders, and what was passed over.
fn found(wanted: &WantedPiano, folders: &Folders) -> Result<(String, Vec<String>), String> {
    let cancel = AtomicBool::new(false);
    let loading = Loading { early: None, progress: &|_| (), cancel: &cancel };
    let found = piano(wanted, folders, &loading).map_err(|error| error.to_string())?;
    Ok((found.piano.name().to_owned(), found.skipped.iter().map(ToString::to_string).collect()))
}

#[test]
fn without_the_grand_piano_the_best_is_what_it_was() {
    let folders = Folders { piano: "no/such/folder".into(), ..Folders::default() };
    let generated = found(&WantedPiano::Generated, &folders).unwrap();
    assert_eq!(found(&WantedPiano::Best, &folders).unwrap(), generated);
    assert_eq!(found(&WantedPiano::Soundfont(None), &folders).unwrap(), generated);
    let asked = found(&WantedPiano::Sampled(None), &folders).unwrap_err();
    assert!(asked.contains("not on this computer") && asked.ends_with("no/such/folder"), "{asked}");
    let named = found(&WantedPiano::Soundfont(Some("gone.sf2".into())), &folders).unwrap_err();
    assert!(named.ends_with("gone.sf2"), "{named}");
}

#[test]
fn a_damaged_grand_piano_is_passed_over_unless_it_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("piano.json"), "{}").unwrap();
    let folders = Folders { piano: folder.path().to_owned(), ..Folders::default() };
    let (_, skipped) = found(&WantedPiano::Best, &folders).unwrap();
    assert!(skipped.len() == 1 && skipped[0].contains("piano.json"), "{skipped:?}");
    assert!(found(&WantedPiano::Sampled(None), &folders).unwrap_err().contains("piano.json"));
    let named = Folders { soundfont: Some("gone.sf2".into()), ..folders };
    let error = found(&WantedPiano::Best, &named).unwrap_err();
    assert!(error.ends_with("gone.sf2"), "a soundfont that is named comes first: {error}");
}

#[test]
#[ignore = "needs the grand piano"]
fn the_grand_piano_is_the_best_and_names_who_recorded_it_needs_piano() {
    let cancel = AtomicBool::new(false);
    let early = std::cell::Cell::new(0);
    let count = |_: Piano| early.set(early.get() + 1);
    let loading = Loading { early: Some(&count), progress: &|_| (), cancel: &cancel };
    let folders = Folders { soundfont: None, ..Folders::find() };
    let found = piano(&WantedPiano::Best, &folders, &loading).unwrap();
    assert_eq!((found.piano.name(), found.piano.credits()), (grand_piano::NAME, Some(grand_piano::CREDITS)));
    assert_eq!((found.skipped.len(), early.get()), (0, 1));
    cancel.store(true, std::sync::atomic::Ordering::Relaxed);
    assert!(matches!(piano(&WantedPiano::Best, &folders, &loading), Err(SoundError::Cancelled)));
}
