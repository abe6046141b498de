//! The scores of a project. Each is a value that never changes and has a number, so that an index
//! into its notes means the same note for ever.

use std::sync::Arc;

use notation::{Fingerprint, NoteId, PrintedMeasures, Score};
use protocol::{Bars, ScoreId};
use serde::{Deserialize, Serialize};

/// A score and what is known of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The score. No two of its notes have the same id.
    pub score: Arc<Score>,
    /// Its fingerprint.
    pub fingerprint: Fingerprint,
    /// Its measures by what is printed, to find places of another score of the project.
    pub printed: Arc<PrintedMeasures>,
    /// Of a score that has other notes than another one in some bars, which these are.
    pub varied: Option<Varied>,
}

/// Where a score differs from another one of the project that has the same bars.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Varied {
    /// The other score, which is older.
    pub of: ScoreId,
    /// The bars that have other notes.
    pub bars: Bars,
}

impl PartialEq for Entry {
    fn eq(&self, other: &Self) -> bool {
        self.score == other.score && self.varied == other.varied
    }
}

impl Entry {
    fn new(score: Score) -> Self {
        let score = with_unique_ids(score);
        let printed = Arc::new(PrintedMeasures::of(&score));
        Self { fingerprint: score.fingerprint(), score: Arc::new(score), printed, varied: None }
    }

    /// A score with other notes in some bars of another one, whose measures it has.
    pub fn varied(score: Score, of: &Self, varied: Varied) -> Self {
        let score = with_unique_ids(score);
        Self {
            fingerprint: score.fingerprint(),
            score: Arc::new(score),
            // Bars that a repeat sign cuts are told apart by their notes, some of which are gone.
            printed: of.printed.clone(),
            varied: Some(varied),
        }
    }
}

/// The scores of a project; there is at least one. The list only grows: an undone step may name a
/// score that nothing else does.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    first: Entry,
    more: Vec<Entry>,
}

impl Scores {
    /// A list of one.
    pub fn new(score: Score) -> Self {
        Self { first: Entry::new(score), more: Vec::new() }
    }

    /// Adds a score and gives its number; one that is there already keeps its number.
    pub fn add(&mut self, score: Score) -> ScoreId {
        self.add_entry(Entry::new(score))
    }

    /// Adds a score with what is known of it and gives its number; one that is there already keeps its
    /// number.
    pub fn add_entry(&mut self, entry: Entry) -> ScoreId {
        let known = self.numbered().find(|(_, known)| known.fingerprint == entry.fingerprint);
        if let Some((id, _)) = known {
            return id;
        }
        self.more.push(entry);
        ScoreId(self.more.len() as u32)
    }

    /// Whether there is such a score.
    pub fn has(&self, id: ScoreId) -> bool {
        id.0 as usize <= self.more.len()
    }

    /// A score; the first for a number that does not exist.
    pub fn get(&self, id: ScoreId) -> &Entry {
        let later = (id.0 as usize).checked_sub(1).and_then(|k| self.more.get(k));
        later.unwrap_or(&self.first)
    }

    /// The score that a score was made of by varying bars, maybe in several steps; itself if it was not.
    pub fn origin(&self, id: ScoreId) -> ScoreId {
        let mut origin = id;
        // What a score was made of is older.
        while let Some(varied) = self.get(origin).varied.as_ref().filter(|varied| varied.of < origin) {
            origin = varied.of;
        }
        origin
    }

    /// Whether a score is another one, or was made of it by varying bars.
    pub fn is_made_of(&self, id: ScoreId, of: ScoreId) -> bool {
        let mut made = id;
        while made != of {
            match &self.get(made).varied {
                Some(varied) if varied.of < made => made = varied.of,
                _ => return false,
            }
        }
        true
    }

    /// All scores with their numbers.
    pub fn numbered(&self) -> impl Iterator<Item = (ScoreId, &Entry)> {
        (0..).map(ScoreId).zip(std::iter::once(&self.first).chain(&self.more))
    }
}

/// The score with an id of its own for each note. Readers number notes that way but for passages that
/// are repeated more than 255 times, where the number of the pass comes to its end.
pub fn with_unique_ids(mut score: Score) -> Score {
    let mut ids: Vec<NoteId> = score.notes.iter().map(|n| n.id).collect();
    ids.sort_unstable();
    if ids.windows(2).any(|pair| pair[0] == pair[1]) {
        for (written, note) in (0..).zip(&mut score.notes) {
            note.id = NoteId { written, pass: 1 };
        }
    }
    score
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::Note;

    #[test]
    fn a_score_that_is_there_already_keeps_its_number() {
        let score = |count: usize| Score { notes: vec![Note::default(); count], ..Score::default() };
        let mut scores = Scores::new(score(1));
        assert_eq!((scores.add(score(2)), scores.add(score(1)), scores.add(score(2))), {
            (ScoreId(1), ScoreId(0), ScoreId(1))
        });
        assert_eq!(scores.numbered().count(), 2);
        assert!(scores.has(ScoreId(1)) && !scores.has(ScoreId(2)));
        assert_eq!(scores.get(ScoreId(1)).score.notes.len(), 2);
    }

    #[test]
    fn a_varied_score_knows_what_it_was_made_of() {
        let score = |count: usize| Score { notes: vec![Note::default(); count], ..Score::default() };
        let mut scores = Scores::new(score(1));
        let mut vary = |of: u32, count: usize| {
            let varied = Varied { of: ScoreId(of), bars: 0..1 };
            let entry = Entry::varied(score(count), scores.get(ScoreId(of)), varied);
            scores.add_entry(entry)
        };
        assert_eq!([vary(0, 2), vary(1, 3), vary(0, 4)], [1, 2, 3].map(ScoreId));
        assert_eq!(vary(0, 1), ScoreId(0), "the notes as they were");
        let other = scores.add(score(9));
        assert_eq!([0, 1, 2, 3].map(|k| scores.origin(ScoreId(k))), [ScoreId(0); 4]);
        assert_eq!(scores.origin(other), other);
        assert!(scores.is_made_of(ScoreId(2), ScoreId(1)) && scores.is_made_of(ScoreId(1), ScoreId(1)));
        assert!(!scores.is_made_of(ScoreId(3), ScoreId(1)) && !scores.is_made_of(ScoreId(1), ScoreId(2)));
    }

    #[test]
    fn every_note_has_an_id_of_its_own() {
        let score = with_unique_ids(Score { notes: vec![Note::default(); 3], ..Score::default() });
        let ids: Vec<u32> = score.notes.iter().map(|n| n.id.written).collect();
        assert_eq!(ids, [0, 1, 2]);
    }
}
