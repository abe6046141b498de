//! Writes scores as MusicXML, and beside each file the notes that are in it, for
//! `scripts/check_musicxml.py`:
//!
//! `cargo run --release -p notation --example musicxml_pairs -- FOLDER SCORE…`

use std::error::Error;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use notation::musicxml::write;
use notation::{ImportOptions, Score, Unfold, read_score};

fn main() -> Result<(), Box<dyn Error>> {
    let mut paths = std::env::args_os().skip(1).map(PathBuf::from);
    let folder = paths.next().ok_or("name a folder to write into, and scores")?;
    fs::create_dir_all(&folder)?;
    for path in paths {
        let bytes = fs::read(&path)?;
        for (unfold, word) in [(Unfold::Maximal, "played"), (Unfold::AsWritten, "written")] {
            let options = ImportOptions { unfold, ..ImportOptions::default() };
            let score = read_score(&path.display().to_string(), &bytes, &options)?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            write_pair(&folder, &format!("{name}-{word}"), &score)?;
        }
    }
    Ok(())
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
