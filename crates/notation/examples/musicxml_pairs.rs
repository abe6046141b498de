//! Writes scores as MusicXML, and beside each file the notes that are in it, for
//! `scripts/check_musicxml.py`:
//!
//! `cargo run --release -p notation --example musicxml_pairs -- FOLDER SCORE…`
//!
//! A folder in place of a score stands for all scores in it. Files may be packed with gzip, as those of the corpus
//! are. Each score is written twice: as it is played, and with every bar once. What cannot be read or written is
//! named, and the others are written all the same.

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use notation::musicxml::write;
use notation::{ImportOptions, Score, Unfold, read_score};

/// How names of scores end; `.gz` may follow.
const ENDINGS: [&str; 5] = [".musicxml", ".xml", ".mxl", ".mid", ".midi"];

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = paths.next().ok_or("name a folder to write into, and scores or folders of scores")?;
    fs::create_dir_all(&folder)?;
    let mut scores = Vec::new();
    for path in paths {
        scores.extend(scores_at(path)?);
    }
    let (mut notes, mut failed) = (0, 0);
    for path in &scores {
        match write_pairs(&folder, path) {
            Ok(count) => notes += count,
            Err(error) => {
                println!("{}: {error}", path.display());
                failed += 1;
            }
        }
    }
    println!("{} scores, {failed} of which failed; {notes} notes in {}", scores.len(), folder.display());
    if scores.is_empty() || failed > 0 { Err("not all pairs are there".into()) } else { Ok(()) }
}

/// A score, or all those in a folder, by name.
fn scores_at(path: PathBuf) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path]);
    }
    let mut scores = Vec::new();
    for entry in fs::read_dir(path)? {
        let path = entry?.path();
        let name = plain_name(&path).to_lowercase();
        if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
            scores.push(path);
        }
    }
    scores.sort();
    Ok(scores)
}

/// The name of a file, unpacked.
fn plain_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.strip_suffix(".gz").unwrap_or(&name).to_owned()
}

/// What is in a file, unpacked.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::read(path)?;
    if !bytes.starts_with(&[0x1f, 0x8b]) {
        return Ok(bytes);
    }
    let mut unpacked = Vec::new();
    GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked)?;
    Ok(unpacked)
}

/// Both pairs of a score; how many notes are in them.
fn write_pairs(folder: &Path, path: &Path) -> Result<usize, Box<dyn Error>> {
    let (name, bytes) = (plain_name(path), read(path)?);
    let mut notes = 0;
    for (unfold, word) in [(Unfold::Maximal, "played"), (Unfold::AsWritten, "written")] {
        let options = ImportOptions { unfold, ..ImportOptions::default() };
        let score = read_score(&name, &bytes, &options)?;
        write_pair(folder, &format!("{name}-{word}"), &score)?;
        notes += score.notes.len();
    }
    Ok(notes)
}

/// `NAME.musicxml` and `NAME.csv`; times are fractions of a quarter.
fn write_pair(folder: &Path, name: &str, score: &Score) -> Result<(), Box<dyn Error>> {
    fs::write(folder.join(format!("{name}.musicxml")), write::write(score)?)?;
    let mut table = "id,onset,duration,pitch,part,staff,voice,grace\n".to_owned();
    for note in &score.notes {
        let (id, onset, duration, pitch) = (note.id, note.onset, note.duration, note.pitch);
        let (part, staff, voice, grace) = (note.part, note.staff, note.voice, u8::from(note.grace.is_some()));
        writeln!(table, "{id},{onset},{duration},{pitch},{part},{staff},{voice},{grace}")?;
    }
    fs::write(folder.join(format!("{name}.csv")), table)?;
    Ok(())
}
