//! The soundfonts in folders that a program names. This crate searches no folder by itself.

use std::path::{Path, PathBuf};

/// File names that are known to begin with a good piano, best first.
const PREFERRED: [&str; 2] = ["FluidR3_GM.sf2", "default-GM.sf2"];

/// At most this many files of a folder are tried; loading one can take a second.
const MOST_IN_A_FOLDER: usize = 8;

/// The SF2 files of the folders: in each, the preferred ones first, then by name.
pub fn soundfonts_in(folders: &[PathBuf]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for folder in folders {
        let Ok(entries) = std::fs::read_dir(folder) else { continue };
        let mut files: Vec<PathBuf> = entries.flatten().map(|e| e.path()).filter(|p| is_sf2(p)).collect();
        let rank = |p: &PathBuf| {
            let preferred = PREFERRED.iter().position(|name| p.file_name().is_some_and(|f| f == *name));
            preferred.unwrap_or(PREFERRED.len())
        };
        files.sort_by(|a, b| rank(a).cmp(&rank(b)).then(a.cmp(b)));
        files.truncate(MOST_IN_A_FOLDER);
        found.extend(files);
    }
    found
}

fn is_sf2(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("sf2")) && path.is_file()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn preferred_names_come_first_and_other_files_are_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["Zither.SF2", "a.sf3", "Accordion.sf2", "FluidR3_GM.sf2", "notes.txt"] {
            std::fs::write(folder.path().join(name), b"").unwrap();
        }
        let missing = folder.path().join("missing");
        let files = soundfonts_in(&[missing, folder.path().to_owned()]);
        let names: Vec<_> = files.iter().map(|f| f.file_name().unwrap().to_str().unwrap()).collect();
        assert_eq!(names, ["FluidR3_GM.sf2", "Accordion.sf2", "Zither.SF2"]);
    }
}
