//! Which notes of a score the notes of an older take are, by their times alone.
//!
//! A file of format 1 holds no score. If its source is read differently today, all that is left of
//! the old reading is what a take contains: when each of its notes was played, and for how long, in the
//! order of the score. That is lined up with the score as it is read now (Needleman and Wunsch, "A
//! General Method Applicable to the Search for Similarities in the Amino Acid Sequence of Two
//! Proteins", Journal of Molecular Biology 48, 1970): a pair costs as much as the time since the pair
//! before and the length of its note are unlike those that are written.

use notation::{Note, Score};
use performance::PlayedNote;

// The five numbers below were chosen on the cases of the tests here and the files of format 1 in
// `tests/fixtures`; all of them come out right with these.

/// What it costs to leave out a note.
const FIRST_SKIP: f64 = 0.7;

/// What it costs to leave out the first of the notes behind the last pair: what comes after the end of
/// the other score.
const FIRST_SKIP_AT_END: f64 = 0.5;

/// What it costs to leave out each further note after one.
const NEXT_SKIP: f64 = 0.4;

/// The most that an unlike time since the pair before costs, and an unlike length.
const MOST: [f64; 2] = [0.8, 0.4];

/// Times shorter than this, in quarters, are alike: chords and grace notes.
const BLUR_QUARTERS: f64 = 0.25;

/// Mean tempi that are tried, as factors of the ratio of the two lengths.
const TEMPI: [f64; 5] = [1.0, 0.5, 0.7, 1.4, 2.0];

/// Larger tables are not made; the notes then keep their numbers.
const MOST_CELLS: usize = 100_000_000;

/// For each note of a complete take the note of the score; none where there is no such note.
pub(super) fn renumber(take: &[PlayedNote], score: &Score) -> Option<Vec<Option<u32>>> {
    if (take.len() + 1).saturating_mul(score.notes.len() + 1) > MOST_CELLS {
        return None;
    }
    let secs = take.last()?.onset_secs - take.first()?.onset_secs;
    let quarters = (score.notes.last()?.onset - score.notes.first()?.onset).to_f64();
    let quarter_secs = (secs / quarters.max(1.0)).max(1e-3);
    let tables = TEMPI.iter().map(|factor| Table::new(take, &score.notes, quarter_secs * factor));
    tables.min_by(|a, b| a.cost.total_cmp(&b.cost)).map(|best| best.pairs)
}

/// The best way to line up two rows of notes at one tempo.
struct Table {
    cost: f64,
    pairs: Vec<Option<u32>>,
}

/// The best way up to some note of either row that ends in one way.
#[derive(Clone, Copy)]
struct Way {
    cost: f64,
    /// The last pair.
    pair: Option<(usize, usize)>,
    /// How the way before the last move ended.
    came_from: End,
    /// Whether the last move left out a played note; else it left out a written one.
    skips_played: bool,
}

/// How a way ends: with a pair (or at the start), or with a note left out.
#[derive(Clone, Copy, PartialEq)]
enum End {
    Pair,
    Skip,
}

/// The best ways up to some note of either row, by how they end.
#[derive(Clone, Copy)]
struct Cell {
    pair: Way,
    skip: Way,
}

const NO_WAY: Way = Way { cost: f64::INFINITY, pair: None, came_from: End::Pair, skips_played: false };

impl Cell {
    /// The cheaper way; of equal ones the one that left something out, so that notes pair early.
    fn best(&self, pair_extra: f64, skip_extra: f64) -> (f64, Way, End) {
        let (pair, skip) = (self.pair.cost + pair_extra, self.skip.cost + skip_extra);
        if skip <= pair { (skip, self.skip, End::Skip) } else { (pair, self.pair, End::Pair) }
    }

    fn skipped(&self, skips_played: bool, is_at_end: bool) -> Way {
        let first = if is_at_end { FIRST_SKIP_AT_END } else { FIRST_SKIP };
        let (cost, before, came_from) = self.best(first, NEXT_SKIP);
        Way { cost, pair: before.pair, came_from, skips_played }
    }
}

/// What is kept of a cell to find the way back: the end before a pair, the end before a skip, and
/// whether that skip left out a played note.
type Trace = (End, End, bool);

impl Table {
    fn new(played: &[PlayedNote], written: &[Note], quarter_secs: f64) -> Self {
        let width = written.len() + 1;
        let mut traces: Vec<Trace> = Vec::with_capacity((played.len() + 1) * width);
        let mut above: Vec<Cell> = Vec::new();
        for i in 0..=played.len() {
            let mut row: Vec<Cell> = Vec::with_capacity(width);
            for j in 0..width {
                let mut cell = Cell { pair: NO_WAY, skip: NO_WAY };
                if (i, j) == (0, 0) {
                    cell.pair.cost = 0.0;
                }
                if i > 0 {
                    cell.skip = above[j].skipped(true, j + 1 == width);
                }
                if j > 0 {
                    let way = row[j - 1].skipped(false, i == played.len());
                    if way.cost < cell.skip.cost {
                        cell.skip = way;
                    }
                }
                if i > 0 && j > 0 {
                    let cost = |way: &Way| pair_cost(played, written, quarter_secs, way.pair, (i - 1, j - 1));
                    let before = &above[j - 1];
                    let (cost, _, came_from) = before.best(cost(&before.pair), cost(&before.skip));
                    cell.pair = Way { cost, pair: Some((i - 1, j - 1)), came_from, skips_played: false };
                }
                traces.push((cell.pair.came_from, cell.skip.came_from, cell.skip.skips_played));
                row.push(cell);
            }
            above = row;
        }
        let (cost, _, end) = above[written.len()].best(0.0, 0.0);
        Self { cost, pairs: way_back(&traces, (played.len(), written.len()), end) }
    }
}

/// The pairs along the best way.
fn way_back(traces: &[Trace], (count, written): (usize, usize), mut end: End) -> Vec<Option<u32>> {
    let mut pairs = vec![None; count];
    let (mut i, mut j) = (count, written);
    while i > 0 {
        let (before_pair, before_skip, skips_played) = traces[i * (written + 1) + j];
        match (end, skips_played) {
            (End::Pair, _) => {
                (i, j) = (i - 1, j - 1);
                pairs[i] = Some(j as u32);
                end = before_pair;
            }
            (End::Skip, true) => (i, end) = (i - 1, before_skip),
            (End::Skip, false) => (j, end) = (j - 1, before_skip),
        }
    }
    pairs
}

fn pair_cost(
    played: &[PlayedNote],
    written: &[Note],
    quarter_secs: f64,
    before: Option<(usize, usize)>,
    (i, j): (usize, usize),
) -> f64 {
    let unlike = |secs: f64, quarters: f64, most: f64| {
        let played_quarters = (secs / quarter_secs).max(0.0);
        ((played_quarters + BLUR_QUARTERS) / (quarters + BLUR_QUARTERS)).ln().abs().min(most)
    };
    let length = unlike(played[i].duration_secs, written[j].duration.to_f64(), MOST[1]);
    let Some((last_i, last_j)) = before else { return length };
    let since_secs = played[i].onset_secs - played[last_i].onset_secs;
    length + unlike(since_secs, (written[j].onset - written[last_j].onset).to_f64(), MOST[0])
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{Note, Quarters};

    use super::*;

    /// Notes as pairs of onset and duration in quarters.
    fn score(notes: &[(i64, i64)]) -> Score {
        let note = |(onset, duration): &(i64, i64)| Note {
            onset: Quarters::whole(*onset),
            duration: Quarters::whole(*duration),
            ..Note::default()
        };
        Score { notes: notes.iter().map(note).collect(), ..Score::default() }
    }

    /// Uneven in time, by up to an eighth of each length.
    fn take(notes: &[(i64, i64)]) -> Vec<PlayedNote> {
        let played = |(note, (onset, duration)): (u32, &(i64, i64))| PlayedNote {
            note,
            onset_secs: 0.55 * *onset as f64 + 0.02 * f64::from(note % 3),
            duration_secs: (0.5 * *duration as f64).max(0.06) * (0.9 + 0.05 * f64::from(note % 4)),
            velocity: 64,
        };
        (0..).zip(notes).map(played).collect()
    }

    fn found(old: &[(i64, i64)], new: &[(i64, i64)]) -> Vec<Option<u32>> {
        renumber(&take(old), &score(new)).unwrap()
    }

    #[test]
    fn the_same_score_keeps_its_numbers() {
        let after = |k: i64| if k % 5 == 0 { 0 } else { [1, 2, 1, 3][(k % 4) as usize] };
        let mut at = 0;
        let note = |k: i64| {
            let onset = at;
            at += after(k);
            (onset, 1 + k % 2)
        };
        let notes: Vec<(i64, i64)> = (0..40).map(note).collect();
        assert_eq!(found(&notes, &notes), (0..40).map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn a_tie_that_was_read_as_two_notes_is_one() {
        let old = [(0, 2), (2, 4), (6, 2), (8, 2), (10, 2), (12, 2), (14, 2)];
        let new = [(0, 2), (2, 4), (6, 2), (8, 2), (10, 4), (14, 2)];
        assert_eq!(found(&old, &new), [Some(0), Some(1), Some(2), Some(3), Some(4), None, Some(5)]);
    }

    #[test]
    fn grace_notes_that_were_not_read_are_passed_over() {
        let old = [(0, 4), (4, 4), (8, 0), (8, 0), (8, 4)];
        let new = [(0, 4), (4, 0), (4, 0), (4, 4), (8, 0), (8, 0), (8, 4)];
        assert_eq!(found(&old, &new), [0, 3, 4, 5, 6].map(Some));
    }

    #[test]
    fn what_sounded_twice_at_once_and_what_came_after_the_end_is_gone() {
        let old = [(0, 4), (4, 4), (4, 4), (8, 4), (12, 4), (16, 4), (16, 4), (20, 4)];
        let new = [(0, 4), (4, 4), (8, 4), (12, 4), (16, 4)];
        let expected = [Some(0), Some(1), None, Some(2), Some(3), Some(4), None, None];
        assert_eq!(found(&old, &new), expected);
        assert_eq!(found(&[(0, 4), (4, 4), (8, 4)], &[(0, 4), (4, 4), (8, 4), (12, 4)]), [0, 1, 2].map(Some));
    }

    #[test]
    fn a_bar_that_was_lost_is_found_by_the_rhythm_around_it() {
        let bar = |start: i64, lengths: &[i64]| {
            let ends = lengths.iter().scan(start, |at, length| {
                *at += length;
                Some((*at - length, *length))
            });
            ends.collect::<Vec<_>>()
        };
        let [a, b, c] = [&[1, 1, 2][..], &[2, 1, 1], &[1, 2, 1]];
        let old = [bar(0, a), bar(4, c), bar(8, b)].concat();
        let new = [bar(0, a), bar(4, b), bar(8, c), bar(12, b)].concat();
        assert_eq!(found(&old, &new), [0, 1, 2, 6, 7, 8, 9, 10, 11].map(Some));
    }
}
