//! What a recording plays of some bars of a score: other bars that sound alike do not come into question.

use std::path::Path;
use std::sync::Arc;

use alignment::Role;
use application::{Recording, RecordingError, recording};
use notation::Score;
use protocol::Bars;

use crate::recording::{OnProgress, ReadRecording};

/// A recording that has so many more notes of the whole score than of the bars was played elsewhere, too: the
/// share of the notes, and the least number.
const ELSEWHERE: (f64, usize) = (0.05, 4);

/// Finds the notes of a recording in some bars of a score. Notes and bars of the result are those of the whole
/// score; bars outside do not count as unplayed.
///
/// # Errors
/// As [`recording::read`].
pub fn read(path: &Path, score: &Score, bars: &Bars) -> Result<Recording, RecordingError> {
    let notes = score.notes_in_measures(bars.clone());
    let first = notes.start as u32;
    let part = Score { notes: score.notes[notes].to_vec(), ..score.clone() };
    let mut found = recording::read(path, &part)?;
    renumber(&mut found, first);
    Ok(found)
}

/// Counts the notes of a recording from another note on.
fn renumber(found: &mut Recording, first: u32) {
    found.played.notes.iter_mut().for_each(|note| note.note += first);
    found.owners.iter_mut().flatten().for_each(|note| *note += first);
    for role in &mut found.alignment.roles {
        match role {
            Role::Note(note) | Role::Wrong(note) | Role::Ornament(note) => *note += first,
            Role::Extra => {}
        }
    }
    for stretch in &mut found.alignment.stretches {
        stretch.notes = stretch.notes.start + first..stretch.notes.end + first;
        stretch.missed.iter_mut().for_each(|missed| missed.note += first);
    }
    found.figures.wrong.iter_mut().for_each(|key| key.note += first);
    found.figures.missed.iter_mut().for_each(|missed| missed.note += first);
}

/// Reads recordings of which it is known that these bars were heard while they were played: unless clearly more
/// of it is found in the whole score, it is of these bars.
pub fn reader(whole: ReadRecording, bars: Bars) -> ReadRecording {
    Arc::new(move |path: &Path, score: &Score, on_progress: &mut OnProgress<'_>| {
        let Ok(part) = read(path, score, &bars) else { return whole(path, score, on_progress) };
        let (share, least) = ELSEWHERE;
        let notes = part.played.notes.len();
        let is_elsewhere =
            |found: &Recording| found.played.notes.len() > notes + least.max((share * notes as f64) as usize);
        Ok(whole(path, score, on_progress).ok().filter(is_elsewhere).unwrap_or(part))
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::midi::{MidiNote, PlayedMidi};

    use super::*;
    use crate::kept;

    fn minuet() -> Score {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../scores/petzold_minuet_g.musicxml");
        let bytes = std::fs::read(path).unwrap();
        notation::read_score("minuet.musicxml", &bytes, &notation::ImportOptions::default()).unwrap()
    }

    /// A file that plays some bars literally.
    fn file(folder: &Path, score: &Score, bars: Bars) -> std::path::PathBuf {
        let deadpan = performance::deadpan(score);
        let note = |note: &performance::PlayedNote| MidiNote {
            onset_secs: note.onset_secs,
            duration_secs: note.duration_secs,
            pitch: score.notes[note.note as usize].pitch,
            velocity: 60,
            track: 0,
        };
        let notes = deadpan.notes[score.notes_in_measures(bars)].iter().map(note).collect();
        let path = folder.join("played.mid");
        kept::write(&path, &PlayedMidi { notes, pedals: Vec::new() }).unwrap();
        path
    }

    #[test]
    fn bars_that_were_heard_are_those_that_were_played_unless_it_goes_on_elsewhere() {
        let (score, folder) = (minuet(), tempfile::tempdir().unwrap());
        let second = score.measures.iter().position(|measure| measure.pass == 2).unwrap();
        let whole = |path: &Path, score: &Score, _: &mut OnProgress<'_>| recording::read(path, score);
        let reader = reader(Arc::new(whole), second..second + 6);
        let read = |path: &Path| reader(path, &score, &mut |_| true);
        let bars = second + 1..second + 5;
        let found = read(&file(folder.path(), &score, bars.clone())).unwrap();
        let notes: Vec<usize> = found.played.notes.iter().map(|note| note.note as usize).collect();
        assert_eq!(notes, score.notes_in_measures(bars).collect::<Vec<_>>());
        let everything = 0..score.measures.len();
        let found = read(&file(folder.path(), &score, everything)).unwrap();
        assert_eq!(found.played.notes.len(), score.notes.len());
    }
}
