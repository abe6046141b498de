//! The pieces that come with the app: the scores of one folder.

use std::path::{Path, PathBuf};

use application::scores;
use application::text::shown;
use notation::Unfold;
use protocol::DemoView;

/// The pieces of a folder, by name. Files that are no scores are passed over, and so is a folder that cannot
/// be read: all of them can be opened by their files.
pub fn list(scores_folder: &Path) -> Vec<DemoView> {
    let Ok(entries) = std::fs::read_dir(scores_folder) else { return Vec::new() };
    let mut demos: Vec<DemoView> = entries.flatten().filter_map(|entry| demo(&entry.path())).collect();
    demos.sort_by(|a, b| a.name.cmp(&b.name));
    demos
}

fn demo(path: &Path) -> Option<DemoView> {
    let name = path.file_name()?.to_str()?.to_owned();
    let extension = path.extension()?.to_str()?.to_lowercase();
    if !matches!(extension.as_str(), "musicxml" | "xml" | "mxl" | "mid") {
        return None;
    }
    let score = scores::read(path, Unfold::Maximal).ok()?;
    let stem = path.file_stem()?.to_str()?.to_owned();
    let title = shown(&score.title.unwrap_or(stem));
    Some(DemoView { name, title, composer: shown(&score.composer.unwrap_or_default()) })
}

/// The file of a piece; none if the name is none of the list's.
pub fn path(scores_folder: &Path, name: &str) -> Option<PathBuf> {
    let path = scores_folder.join(name);
    // A name, not a path: nothing outside the folder.
    let is_name = path.file_name().is_some_and(|n| n == name);
    (is_name && path.is_file()).then_some(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_pieces_that_come_along_have_titles() {
        let scores = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores");
        let demos = list(&scores);
        assert!(demos.len() >= 3);
        for demo in &demos {
            assert!(!demo.title.is_empty() && !demo.composer.is_empty(), "{demo:?}");
            assert!(path(&scores, &demo.name).is_some());
        }
        assert!(path(&scores, "../Cargo.toml").is_none());
    }
}
