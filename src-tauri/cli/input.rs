//! Files in: scores and takes, of bounded size, with the name of the file in every message.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use anyhow::{Context, Result, bail, ensure};
use notation::{ImportOptions, Score, Unfold};
use performance::Performance;
use performance::midi::{match_to_score, read_performance};

/// Larger files are no scores.
const LARGEST_BYTES: u64 = 256 << 20;

/// Warnings of an importer that are shown; of the others only the number.
const MOST_WARNINGS: usize = 5;

/// A take with fewer of its notes in the score than this is a take of something else.
const LEAST_MATCHED: f64 = 0.5;

/// Reads a score and tells on stderr what its importer had to guess.
pub fn read_score(path: &Path, as_written: bool) -> Result<Score> {
    let score = read_score_quietly(path, as_written)?;
    let warnings = &score.warnings;
    for warning in warnings.iter().take(MOST_WARNINGS) {
        let place = warning.place.to_string();
        let place = if place.is_empty() { place } else { format!(", {place}") };
        eprintln!("warning: {}{place}: {}", path.display(), warning.message);
    }
    if warnings.len() > MOST_WARNINGS {
        let more = warnings.len() - MOST_WARNINGS;
        eprintln!("warning: {}: {more} more of the kind; `espressivo info` lists all", path.display());
    }
    Ok(score)
}

/// Reads a score.
pub fn read_score_quietly(path: &Path, as_written: bool) -> Result<Score> {
    let bytes = read_bytes(path)?;
    let unfold = if as_written { Unfold::AsWritten } else { Unfold::Maximal };
    let options = ImportOptions { unfold, ..ImportOptions::default() };
    Ok(notation::read_score(&path.display().to_string(), &bytes, &options)?)
}

/// A take, read from a file.
pub struct Take {
    /// The file.
    pub bytes: Vec<u8>,
    /// What it plays of the score.
    pub played: Performance,
}

/// Reads a MIDI file as a performance of the score.
pub fn read_take(path: &Path, score: &Score) -> Result<Take> {
    let bytes = read_bytes(path)?;
    let midi = read_performance(&bytes).with_context(|| format!("{}", path.display()))?;
    let played = match_to_score(score, &midi);
    let (matched, heard) = (played.notes.len(), midi.notes.len());
    let enough = LEAST_MATCHED * heard.min(score.notes.len()) as f64;
    ensure!(
        matched > 0 && matched as f64 >= enough,
        "{}: this is no performance of the score: only {matched} of its {heard} notes are found there",
        path.display()
    );
    if matched < heard {
        let lost = heard - matched;
        eprintln!("warning: {}: {lost} notes are not in the score and are left out", path.display());
    }
    Ok(Take { bytes, played })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let place = || format!("{}", path.display());
    let metadata = std::fs::metadata(path).with_context(place)?;
    if metadata.is_dir() {
        bail!("{}: this is a folder; name a file in it", path.display());
    }
    // A pipe would wait for somebody to write into it, a device might never end.
    ensure!(metadata.is_file(), "{}: this is not an ordinary file", path.display());
    ensure!(
        metadata.len() <= LARGEST_BYTES,
        "{}: the file has {} MiB, no score has more than {}",
        path.display(),
        metadata.len() >> 20,
        LARGEST_BYTES >> 20
    );
    let mut bytes = Vec::with_capacity(metadata.len() as usize);
    File::open(path).and_then(|f| f.take(LARGEST_BYTES).read_to_end(&mut bytes)).with_context(place)?;
    Ok(bytes)
}
