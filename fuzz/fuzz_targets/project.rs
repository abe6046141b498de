//! Project files: read, opened for writing and read again. The seeds are of formats without checksums, so
//! that changed values get past them.
#![no_main]

use libfuzzer_sys::fuzz_target;
use studio::store::Store;

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("fuzz.espressivo");
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    let read = Store::read_only(&path);
    assert_eq!(std::fs::read(&path).ok().as_deref(), Some(bytes), "a reader writes nothing");
    let Ok(saved) = read else { return };
    for take in &saved.document.takes {
        espressivo_fuzz::check_performance(saved.document.score_of(take.id), &take.performance);
    }
    // Undo and redo lead anywhere that the file says, and never out of it.
    let (mut document, mut history) = (saved.document.clone(), saved.history.clone());
    while history.undo(&mut document).is_some() {}
    while history.redo(&mut document).is_some() {}
    let Ok((mut store, opened)) = Store::open(&path) else { return };
    assert!(opened.document == saved.document && opened.history == saved.history);
    store.rewrite(&document, &history).expect("what was read can be written");
    drop(store);
    let again = Store::read_only(&path).expect("what was written can be read");
    assert!(again.document.takes == document.takes, "it comes back as it was");
});
