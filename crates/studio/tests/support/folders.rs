//! Folders, copied.

use std::path::Path;

/// Copies all that is in a folder; the files are changed on the way.
pub fn copy(from: &Path, to: &Path, change: &dyn Fn(Vec<u8>) -> Vec<u8>) {
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            std::fs::create_dir_all(&target).unwrap();
            copy(&entry.path(), &target, change);
        } else {
            std::fs::write(target, change(std::fs::read(entry.path()).unwrap())).unwrap();
        }
    }
}
