//! The keys of a recording that are not in what is written of it.

use std::collections::BTreeSet;
use std::ops::Range;
use std::path::Path;

use alignment::Role;
use application::Recording;
use application::text::counted;
use notation::Score;
use serde::Serialize;

use crate::align::places;
use crate::output;

/// Keys of a recording that have no note of the score of their own, by what they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Keys in place of written ones.
    pub wrong: usize,
    /// Keys that belong to no note.
    pub extra: usize,
    /// Keys of passages that are played once more later.
    pub again: usize,
    /// The bars that they stand in, by their printed numbers.
    pub bars: Vec<String>,
}

impl LeftOut {
    /// Those of a recording of a score, or of some of its bars, by their indices.
    pub fn of(recording: &Recording, score: &Score, bars: Option<&Range<usize>>) -> Self {
        let mut left_out = Self::default();
        let mut measures = BTreeSet::new();
        let of_note = |note: u32| score.notes.get(note as usize).map(|note| note.measure);
        let roles = recording.alignment.roles.iter().zip(&recording.owners).enumerate();
        for (key, (role, _)) in roles.filter(|(_, (_, owner))| owner.is_none()) {
            let measure = match role {
                Role::Note(note) | Role::Wrong(note) | Role::Ornament(note) => of_note(*note),
                Role::Extra => {
                    let extra = recording.figures.extra.iter().find(|extra| extra.key as usize == key);
                    extra.and_then(|extra| extra.measure)
                }
            };
            let measure = measure.map(|measure| measure as usize);
            if bars.is_some_and(|bars| measure.is_none_or(|measure| !bars.contains(&measure))) {
                continue;
            }
            measures.extend(measure);
            match role {
                Role::Wrong(_) => left_out.wrong += 1,
                Role::Extra => left_out.extra += 1,
                Role::Note(_) | Role::Ornament(_) => left_out.again += 1,
            }
        }
        left_out.bars = numbers(score, &measures);
        left_out
    }

    /// What they are and where; none if there are none.
    fn text(&self) -> Option<String> {
        let kinds = [
            (self.wrong, "wrong key", "wrong keys"),
            (self.extra, "key that is not written", "keys that are not written"),
            (self.again, "key of what is played once more", "keys of what is played once more"),
        ];
        let kinds = kinds.into_iter().filter(|(count, ..)| *count > 0);
        let kinds: Vec<String> = kinds.map(|(count, one, more)| counted(count, one, more)).collect();
        let bars = match self.bars.as_slice() {
            [] => String::new(),
            bars => format!(" (bars {})", bars.join(", ")),
        };
        (!kinds.is_empty()).then(|| format!("{}{bars}", kinds.join(", ")))
    }

    /// Tells on stderr what of a file is not in something that was made of it.
    pub fn tell(&self, path: &Path, made: &str) {
        if let Some(text) = self.text() {
            output::warn(format_args!("{}: left out of {made}: {text}", path.display()));
        }
    }
}

/// Measures in a row by the printed numbers of their first and last; a passage that is there twice once.
fn numbers(score: &Score, measures: &BTreeSet<usize>) -> Vec<String> {
    let mut rows: Vec<Range<usize>> = Vec::new();
    for measure in measures.iter().copied() {
        match rows.last_mut().filter(|row| row.end == measure) {
            Some(row) => row.end += 1,
            None => rows.push(measure..measure + 1),
        }
    }
    let mut numbers: Vec<String> = Vec::new();
    for text in rows.iter().map(|row| places::bars(score, row)) {
        if !numbers.contains(&text) {
            numbers.push(text);
        }
    }
    numbers
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use application::{recording, scores};
    use notation::{Hand, Unfold};
    use performance::midi::{ExportOptions, export};

    use super::*;

    #[test]
    fn wrong_keys_and_keys_that_are_not_written_are_counted_with_their_bars() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scores/petzold_minuet_g.musicxml");
        let score = scores::read(&path, Unfold::Maximal).unwrap();
        let melody = |from: usize| {
            let is_melody =
                |k: &usize| score.notes[*k].hand() == Hand::Right && score.notes[*k].grace.is_none();
            (from..score.notes.len()).find(is_melody).unwrap()
        };
        let (wrong, besides) = (melody(60), melody(100));
        let mut other = score.clone();
        other.notes[wrong].pitch += 1;
        other.notes[besides].pitch = 24;
        let midi = export(&other, &performance::deadpan(&other), &ExportOptions::default()).unwrap();
        let recording = recording::of_midi_as_played(midi.bytes, &score).unwrap();
        let all = LeftOut::of(&recording, &score, None);
        assert_eq!((all.wrong, all.extra, all.again), (1, 1, 0));
        let measures = [wrong, besides].map(|note| score.notes[note].measure as usize);
        assert_eq!(all.bars, measures.map(|measure| score.measures[measure].number.clone()));
        let text = all.text().unwrap();
        assert!(text.starts_with("1 wrong key, 1 key that is not written (bars "), "{text}");
        let one = LeftOut::of(&recording, &score, Some(&(measures[1]..measures[1] + 1)));
        assert_eq!((one.wrong, one.extra, one.bars.len()), (0, 1, 1));
        assert_eq!(LeftOut::default().text(), None);
    }
}
