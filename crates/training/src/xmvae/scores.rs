//! The scores of the data folder, for the Composer alone.

use std::fs;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result};
use application::limits::SCORE_BYTES;
use flate2::read::GzDecoder;
use notation::{ImportOptions, Score, Unfold, read_score};

/// Where the data folder has scores.
const FOLDERS: [&str; 3] = ["musicxml-corpus", "batik/musicxml", "mazurkabl/musicxml"];

/// How the names of such files end.
const ENDING: &str = ".musicxml.gz";

/// Reads the scores as written, each bar once, in order of folder and name; gives each its name without the ending.
/// Files that cannot be read are said and left out.
///
/// # Errors
/// When a folder is missing.
pub(super) fn read(data: &Path, say: &mut dyn FnMut(&str)) -> Result<Vec<(String, Score)>> {
    let mut scores = Vec::new();
    for name in FOLDERS {
        say(name);
        let folder = data.join(name);
        let entries =
            fs::read_dir(&folder).with_context(|| format!("there are no scores at {}", folder.display()))?;
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.sort();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let Some(name) = file.strip_suffix(ENDING) else { continue };
            match read_one(&path) {
                Ok(score) => scores.push((name.to_owned(), score)),
                Err(why) => say(&format!("{file}, which is left out: {why:#}")),
            }
        }
    }
    Ok(scores)
}

/// The name in `musicxml-corpus` of a folder of (n)ASAP.
pub(super) fn corpus_name(folder: &str) -> String {
    folder.replace('/', "__")
}

fn read_one(path: &Path) -> Result<Score> {
    let mut bytes = Vec::new();
    GzDecoder::new(fs::File::open(path)?).take(SCORE_BYTES).read_to_end(&mut bytes)?;
    let options = ImportOptions { unfold: Unfold::AsWritten, ..ImportOptions::default() };
    Ok(read_score(&path.display().to_string(), &bytes, &options)?)
}
