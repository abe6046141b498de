//! The names of notes: in memory a note is an index into the score that is played, in files it is
//! its [`NoteId`].

use std::collections::HashMap;

use notation::NoteId;
use protocol::ScoreId;

use crate::scores::Scores;

/// Finds the notes of a project's scores by their names.
pub(super) struct Names<'a> {
    scores: &'a Scores,
    indices: HashMap<ScoreId, HashMap<NoteId, u32>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(scores: &'a Scores) -> Self {
        Self { scores, indices: HashMap::new() }
    }

    /// The index of a note of a score. Notes are mostly looked up in order: `guess` is tried first.
    pub(super) fn index(&mut self, score: ScoreId, id: NoteId, guess: u32) -> Option<u32> {
        let notes = &self.scores.get(score).score.notes;
        if notes.get(guess as usize).is_some_and(|n| n.id == id) {
            return Some(guess);
        }
        let indices =
            self.indices.entry(score).or_insert_with(|| notes.iter().map(|n| n.id).zip(0..).collect());
        indices.get(&id).copied()
    }

    pub(super) fn scores(&self) -> &'a Scores {
        self.scores
    }
}

/// The name of a note; none for an index that the score does not have.
pub(super) fn name(scores: &Scores, score: ScoreId, note: u32) -> Option<NoteId> {
    scores.get(score).score.notes.get(note as usize).map(|n| n.id)
}
