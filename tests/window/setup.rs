//! What most tests of the window begin with.

use tempfile::TempDir;

use crate::desktop::Desktop;
use crate::words::Words;

/// A new folder, a desktop and the protocol log: the app keeps its data in the folder, and dialogs are
/// answered from there.
pub fn desktop() -> (TempDir, Desktop, Words) {
    let data = tempfile::tempdir().unwrap();
    let desktop =
        Desktop::start(&[("ESPRESSIVO_DATA_HOME", data.path()), ("ESPRESSIVO_AUTOMATION", data.path())]);
    let words = Words::in_folder(data.path());
    (data, desktop, words)
}
