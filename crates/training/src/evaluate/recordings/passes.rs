//! Bars that are played twice: which time it was, nobody can hear in some seconds of a piece.

use std::collections::{BTreeMap, BTreeSet};

use notation::Score;
use performance::Performance;

/// What was found, with notes of another time of playing a bar taken for the same notes at the time when they were
/// played: a note that was not played there, but the same printed note another time. Versions are compared in this way,
/// too: at the same printed bar.
pub fn as_played(score: &Score, played: &Performance, found: &Performance) -> Performance {
    let written = |note: u32| score.notes.get(note as usize).map(|note| note.id.written);
    let mut taken: BTreeSet<u32> =
        found.notes.iter().map(|note| note.note).filter(|note| played.get(*note).is_some()).collect();
    let mut times: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for note in &played.notes {
        if let Some(written) = written(note.note) {
            times.entry(written).or_default().push(note.note);
        }
    }
    let mut found = found.clone();
    for note in &mut found.notes {
        if played.get(note.note).is_some() {
            continue;
        }
        let same = written(note.note).and_then(|written| times.get(&written));
        let free = same.into_iter().flatten().find(|other| !taken.contains(*other));
        if let Some(other) = free {
            taken.insert(*other);
            note.note = *other;
        }
    }
    found.notes.sort_by_key(|note| note.note);
    found
}

#[cfg(test)]
mod tests {
    use notation::{Note, NoteId, Quarters};
    use performance::PlayedNote;

    use super::*;

    /// Two printed notes, played three times.
    fn score() -> Score {
        let note = |k: u32| Note {
            id: NoteId { written: k % 2, pass: 1 + (k / 2) as u8 },
            onset: Quarters::whole(i64::from(k)),
            ..Note::default()
        };
        Score { notes: (0..6).map(note).collect(), ..Score::default() }
    }

    fn performance(notes: &[(u32, f64)]) -> Performance {
        let note = |(note, onset_secs): &(u32, f64)| PlayedNote {
            note: *note,
            onset_secs: *onset_secs,
            duration_secs: 0.5,
            velocity: 64,
        };
        Performance { notes: notes.iter().map(note).collect(), pedals: Vec::new() }
    }

    fn notes(of: &Performance) -> Vec<(u32, f64)> {
        of.notes.iter().map(|note| (note.note, note.onset_secs)).collect()
    }

    #[test]
    fn another_time_of_the_same_bar_is_taken_for_the_time_that_was_played() {
        let played = performance(&[(2, 1.0), (3, 2.0)]);
        let found = as_played(&score(), &played, &performance(&[(4, 1.1), (5, 2.1)]));
        assert_eq!(notes(&found), [(2, 1.1), (3, 2.1)]);
    }

    #[test]
    fn what_was_played_itself_stays_and_nothing_is_there_twice() {
        let played = performance(&[(2, 1.0), (3, 2.0)]);
        let found = as_played(&score(), &played, &performance(&[(0, 0.1), (2, 1.1), (5, 2.1)]));
        assert_eq!(notes(&found), [(0, 0.1), (2, 1.1), (3, 2.1)]);
    }
}
