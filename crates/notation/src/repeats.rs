//! What of a score is played again because of a repeat sign, and the score without some of it.

use std::collections::HashMap;
use std::ops::Range;

use crate::marks::Direction;
use crate::printed_score::{PrintedScore, SignKind};
use crate::score::{Measure, Note, NoteId, Score};
use crate::time::Quarters;

/// The repeats of a score.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// For each measure of the score which measure of the page it plays ([`PrintedScore::measures`]).
    pub page: Vec<u32>,
    /// All times of playing a repeated passage but each last one, in order.
    pub passes: Vec<Pass>,
}

/// One time of playing a repeated passage, after which it is played again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    /// Indices into [`Score::measures`]; the next time begins where they end.
    pub measures: Range<usize>,
    /// With how many of these measures the next time begins, too; what is left is an ending of its own.
    pub common: usize,
}

impl Pass {
    /// Whether it has an ending that the next time of playing does not have.
    pub fn has_ending(&self) -> bool {
        self.common < self.measures.len()
    }
}

impl Repeats {
    /// Those of a score whose repeat signs can be found again ([`PrintedScore::of`]); else there are none. What
    /// is played again after a D.C. or D.S. is no repeat, but has repeats if they are played there.
    pub fn of(score: &Score) -> Self {
        let printed = PrintedScore::of(score);
        let mut page = vec![0; score.measures.len()];
        // Of a measure that is cut on the page the first part counts.
        for (place, played) in printed.measures.iter().enumerate().rev() {
            played.iter().for_each(|measure| page[*measure as usize] = place as u32);
        }
        let is_end = |kind: &SignKind| matches!(kind, SignKind::RepeatEnd { .. });
        let ends = printed.signs.iter().filter(|sign| is_end(&sign.kind));
        let ends = ends.flat_map(|sign| &printed.measures[sign.measure as usize]);
        let mut passes: Vec<Pass> = ends.filter_map(|last| pass(&page, *last as usize)).collect();
        passes.sort_by_key(|pass| pass.measures.start);
        passes.dedup();
        Self { page, passes }
    }

    /// The score without some times of playing, given as indices into [`Repeats::passes`]: as if
    /// the page were played so. Notes and measures are counted anew ([`NoteId::pass`], [`Measure::pass`]).
    ///
    /// Notes that are tied into a repeated passage or out of it are as long as they are then: the first measure
    /// is that of the time that is left out, what follows is that of the next one. In a passage of a single measure
    /// all is that of the next one.
    pub fn without(&self, score: &Score, left_out: &[usize]) -> Score {
        let mut passes: Vec<&Pass> = left_out.iter().filter_map(|k| self.passes.get(*k)).collect();
        passes.sort_by_key(|pass| pass.measures.start);
        let mut is_kept = vec![true; score.measures.len()];
        for chain in passes.chunk_by(|a, b| a.measures.end == b.measures.start) {
            let later = usize::from(chain.iter().all(|pass| pass.common > 1));
            for pass in chain {
                is_kept[pass.measures.start + later..pass.measures.end + later].fill(false);
            }
        }
        only(score, &is_kept)
    }
}

/// The time of playing that ends with a measure, if playing goes back after it.
fn pass(page: &[u32], last: usize) -> Option<Pass> {
    let next = last + 1;
    let start = (0..next).rev().find(|k| page.get(next) == Some(&page[*k]))?;
    let goes_back = page[next] <= page[last];
    let same = (start..next).zip(&page[next..]).take_while(|(k, other)| page[*k] == **other);
    let common = same.count();
    goes_back.then_some(Pass { measures: start..next, common })
}

/// The measures of a score that are kept, one after the other.
fn only(score: &Score, is_kept: &[bool]) -> Score {
    let moves = Moves::of(score, is_kept);
    let mut passes: HashMap<u32, u8> = HashMap::new();
    let mut notes: Vec<Note> = score.notes.iter().filter_map(|note| moves.note(note)).collect();
    notes.sort_by_key(|note| (note.onset, note.pitch));
    for note in &mut notes {
        note.id = NoteId { pass: next(&mut passes, note.id.written), ..note.id };
    }
    let directions = score.directions.iter().filter_map(|direction| {
        let (by, end) = moves.at(score, direction.onset)?;
        let until = direction.end.map(|until| (until + by).min(end));
        Some(Direction { onset: direction.onset + by, end: until, ..direction.clone() })
    });
    let mut directions: Vec<_> = directions.collect();
    directions.sort_by_key(|direction| direction.onset);
    Score {
        notes,
        directions,
        time_signatures: moves.changes(&score.time_signatures),
        key_signatures: moves.changes(&score.key_signatures),
        swing: moves.changes(&score.swing),
        measures: moves.measures,
        ..score.clone()
    }
}

/// The number of a further pass.
fn next(passes: &mut HashMap<u32, u8>, written: u32) -> u8 {
    let pass = passes.entry(written).or_default();
    *pass = pass.saturating_add(1);
    *pass
}

/// Where measures go.
struct Moves {
    /// The measures that are kept, in their new places.
    measures: Vec<Measure>,
    /// Of each old measure its new index, by how much it moves, and where the measures that stay beside it end;
    /// none if it is left out.
    new: Vec<Option<(u32, Quarters, Quarters)>>,
    /// Measures that stay beside one another: where they were, and by how much they move.
    runs: Vec<(Range<Quarters>, Quarters)>,
}

impl Moves {
    fn of(score: &Score, is_kept: &[bool]) -> Self {
        let mut moves = Self { measures: Vec::new(), new: vec![None; is_kept.len()], runs: Vec::new() };
        let mut passes: HashMap<u32, u8> = HashMap::new();
        let mut at = score.measures.first().map_or(Quarters::ZERO, |measure| measure.start);
        let kept: Vec<usize> = (0..is_kept.len()).filter(|k| is_kept[*k]).collect();
        for run in kept.chunk_by(|a, b| a + 1 == *b) {
            let old = &score.measures[run[0]..run[0] + run.len()];
            let by = at - old[0].start;
            let end = old[old.len() - 1].end;
            for (k, measure) in (run[0]..).zip(old) {
                moves.new[k] = Some((moves.measures.len() as u32, by, end + by));
                let pass = next(&mut passes, measure.written);
                let (start, end) = (measure.start + by, measure.end + by);
                moves.measures.push(Measure { start, end, pass, ..measure.clone() });
            }
            moves.runs.push((old[0].start..end, by));
            at = end + by;
        }
        moves
    }

    fn note(&self, note: &Note) -> Option<Note> {
        let (measure, by, _) = (*self.new.get(note.measure as usize)?)?;
        Some(Note { onset: note.onset + by, measure, ..note.clone() })
    }

    /// By how much what stands at a place moves, and where what stays beside it ends.
    fn at(&self, score: &Score, at: Quarters) -> Option<(Quarters, Quarters)> {
        let next = score.measures.partition_point(|measure| measure.start <= at);
        let (_, by, end) = (*self.new.get(next.saturating_sub(1))?)?;
        Some((by, end))
    }

    /// What holds from some places on, where it is then.
    fn changes<T: Copy + PartialEq>(&self, old: &[(Quarters, T)]) -> Vec<(Quarters, T)> {
        let mut new: Vec<(Quarters, T)> = Vec::new();
        for (run, by) in &self.runs {
            let inside = old.partition_point(|(at, _)| *at <= run.start);
            let first = inside.checked_sub(1).map(|k| (run.start, old[k].1));
            let later = old[inside..].iter().take_while(|(at, _)| *at < run.end).copied();
            for (at, value) in first.into_iter().chain(later) {
                if new.last().is_none_or(|(_, last)| *last != value) {
                    new.push((at + *by, value));
                }
            }
        }
        new
    }
}
