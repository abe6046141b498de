//! What most tests of the window begin with.

use tempfile::TempDir;

use crate::stage::Stage;
use crate::words::Words;

/// A stage of its own, what is said on it, and a new folder: the app keeps its data there, and dialogs are
/// answered from there.
pub fn set() -> (TempDir, Stage, Words) {
    let desk = tempfile::tempdir().unwrap();
    let stage = Stage::set(&[("ESPRESSIVO_DATA_HOME", desk.path()), ("ESPRESSIVO_AUTOMATION", desk.path())]);
    let words = Words::in_folder(desk.path());
    (desk, stage, words)
}
