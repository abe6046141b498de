//! `espressivo evaluate recordings`: from sound to the five figures.
//!
//! What people played is made into sound, as MP3 where that can be made, heard, and aligned with the score as an
//! import of a recording is ([`application::recording::of_heard`]). The five figures of
//! [`performance::metrics`] of the version that comes of it are held against those of what was played.

mod passes;
mod table;

use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use application::Folders;
use application::hearing::Heard as HeardFile;
use application::recording::{RecordingError, of_heard};
use performance::Performance;
use performance::metrics::{Figures, agreement};
use performance::midi::export_played;

use super::rendered::{Condition, Encoder, Excerpt, Folder, Heard, Hearing, Instrument, Place, Wanted};
pub use table::{GOALS, PieceRow, Report, Row};

/// What `espressivo evaluate recordings` takes.
#[derive(Clone, Debug)]
pub struct Options {
    /// Which excerpts.
    pub wanted: Wanted,
    /// On which pianos they are played; none for the first two that are on this machine.
    pub instruments: Vec<Instrument>,
    /// Where sounds and what was heard in them stay: with the same excerpts, the folder of
    /// [`super::transcription`].
    pub out: PathBuf,
}

/// Makes the sounds, hears, aligns and compares. `said` gets messages of progress.
///
/// # Errors
/// When the data, a piano, the network or the folder cannot be used.
pub fn run(options: &Options, said: &dyn Fn(&str)) -> Result<Report> {
    let (folders, encoder) = (Folders::find(), Encoder::find());
    let excerpts = Excerpt::choose(&options.wanted)?;
    let instruments = match options.instruments.as_slice() {
        [] => Instrument::two(&folders),
        some => some.to_vec(),
    };
    let condition = if encoder.is_some() { Condition::Mp3 } else { Condition::Dry };
    let folder = Folder::open(&options.out, &options.wanted)?;
    let mut hearing = Hearing::new(folder, folders, options.wanted.seed, encoder);
    let mut pieces = Vec::new();
    for (k, excerpt) in excerpts.iter().enumerate() {
        for instrument in &instruments {
            let heard = hearing.heard(excerpt, Place { instrument: *instrument, condition })?;
            let row = compare(excerpt, *instrument, &heard)?;
            let (number, count, piano) = (k + 1, excerpts.len(), instrument.name());
            said(&format!(
                "{number} of {count}, {}: {piano}: {} of {} notes",
                row.name, row.found, row.notes
            ));
            pieces.push(row);
        }
    }
    ensure!(!pieces.is_empty(), "nothing was chosen: --count must be at least 1");
    Ok(Report::of(&options.wanted, condition, pieces))
}

/// What of an excerpt comes back.
fn compare(excerpt: &Excerpt, instrument: Instrument, heard: &Heard) -> Result<PieceRow> {
    let played = &excerpt.performance;
    let mut row = PieceRow {
        name: excerpt.name.clone(),
        instrument,
        notes: played.notes.len(),
        found: 0,
        r: [None; 5],
    };
    let Some(found) = version(excerpt, heard)? else { return Ok(row) };
    let found = passes::as_played(&excerpt.score, played, &found);
    row.found = found.notes.iter().filter(|note| played.get(note.note).is_some()).count();
    let [truth, found] = [(played, Some(excerpt.flags.as_slice())), (&found, None)]
        .map(|(performance, flags)| Figures::of(&excerpt.score, performance, flags));
    row.r = agreement(&truth, &found);
    Ok(row)
}

/// The version that an import makes of what was heard; none if nothing was heard, or it counts as another piece.
fn version(excerpt: &Excerpt, heard: &Heard) -> Result<Option<Performance>> {
    let midi = heard.keys.midi();
    if midi.notes.is_empty() {
        return Ok(None);
    }
    let cannot = || format!("{} cannot be aligned", excerpt.name);
    let file = HeardFile {
        midi: export_played(&midi, &excerpt.name).with_context(cannot)?,
        notes: midi.notes.len(),
        length_secs: heard.sound_secs,
        cut_off_secs: None,
    };
    match of_heard(file, &excerpt.score) {
        Ok(recording) => Ok(Some(recording.played)),
        Err(RecordingError::OtherPiece { .. }) => Ok(None),
        Err(error) => Err(error).with_context(cannot),
    }
}
