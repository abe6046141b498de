//! A score written out along stretches of the page.

use std::collections::HashMap;

use notation::{Measure, Note, NoteId, Quarters, Score};

use super::order::Run;

/// Writes out `page`, a score read as written, along `runs`. Repetitions of a note share
/// [`NoteId::written`] and count up [`NoteId::pass`]. A note that sounds on past the end of a stretch
/// ends there.
pub fn unfold(page: &Score, runs: &[Run]) -> Score {
    let mut score = Score {
        measures: Vec::new(),
        notes: Vec::new(),
        directions: Vec::new(),
        time_signatures: Vec::new(),
        key_signatures: Vec::new(),
        ..page.clone()
    };
    let mut passes: HashMap<u32, u8> = HashMap::new();
    let mut at = Quarters::ZERO;
    for (k, run) in runs.iter().enumerate() {
        let shift = at - run.0;
        measures(page, *run, shift, &mut score);
        notes(page, (*run, k + 1 == runs.len()), shift, &mut passes, &mut score);
        for direction in page.directions.iter().filter(|d| d.onset >= run.0 && d.onset < run.1) {
            let mut direction = direction.clone();
            direction.onset += shift;
            direction.end = direction.end.map(|end| end.min(run.1) + shift);
            score.directions.push(direction);
        }
        changes(&page.time_signatures, *run, shift, &mut score.time_signatures);
        changes(&page.key_signatures, *run, shift, &mut score.key_signatures);
        at = run.1 + shift;
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    score.directions.sort_by_key(|d| d.onset);
    score
}

fn measures(page: &Score, (from, to): Run, shift: Quarters, score: &mut Score) {
    for measure in page.measures.iter().filter(|m| m.end > from && m.start < to) {
        let (start, end) = (measure.start.max(from) + shift, measure.end.min(to) + shift);
        let before = score.measures.iter().filter(|m| m.written == measure.written).count();
        let pass = u8::try_from(before + 1).unwrap_or(u8::MAX);
        score.measures.push(Measure { start, end, pass, ..measure.clone() });
    }
}

fn notes(
    page: &Score,
    ((from, to), is_last): (Run, bool),
    shift: Quarters,
    passes: &mut HashMap<u32, u8>,
    score: &mut Score,
) {
    // Grace notes after the last note of the piece stand on its final bar line.
    let within = |n: &&Note| n.onset >= from && (n.onset < to || (is_last && n.onset == to));
    for note in page.notes.iter().filter(within) {
        let pass = passes.entry(note.id.written).or_default();
        *pass = pass.saturating_add(1);
        let onset = note.onset + shift;
        let measure = score.measures.partition_point(|m| m.start <= onset).saturating_sub(1);
        let duration = note.duration.min(to - note.onset);
        let id = NoteId { pass: *pass, ..note.id };
        score.notes.push(Note { id, onset, duration, measure: measure as u32, ..note.clone() });
    }
}

/// What is in force at the start of a stretch, and what changes within it.
fn changes<T: Copy + PartialEq>(
    page: &[(Quarters, T)],
    (from, to): Run,
    shift: Quarters,
    written: &mut Vec<(Quarters, T)>,
) {
    let next = page.partition_point(|(at, _)| *at <= from);
    let in_force = page.get(next.saturating_sub(1)).map(|(_, value)| (from, *value));
    let within = page[next..].iter().copied().take_while(|(at, _)| *at < to);
    for (at, value) in in_force.into_iter().chain(within) {
        if written.last().is_none_or(|(_, last)| *last != value) {
            written.push((at + shift, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::match_file::ScoreNote;
    use super::super::order::runs;
    use super::*;
    use notation::TimeSignature;

    /// Four bars of 2/4, two quarters each, notes numbered through.
    fn page() -> Score {
        let time = TimeSignature { beats: 2, beat_type: 4 };
        let note = |k: u32| Note {
            id: NoteId { written: k, pass: 1 },
            onset: Quarters::whole(i64::from(k)),
            measure: k / 2,
            ..Note::default()
        };
        Score {
            measures: (0..4).map(|k| Measure::regular(k, time)).collect(),
            notes: (0..8).map(note).collect(),
            time_signatures: vec![(Quarters::ZERO, time)],
            ..Score::default()
        }
    }

    fn played(order: &[u32]) -> Vec<ScoreNote> {
        let mut passes = [0; 8];
        let note = |(k, written): (usize, &u32)| {
            passes[*written as usize] += 1;
            let id = NoteId { written: *written, pass: passes[*written as usize] };
            ScoreNote { id, onset_beats: k as f64 }
        };
        order.iter().enumerate().map(note).collect()
    }

    fn bars(from: i64, to: i64) -> Run {
        (Quarters::whole(2 * from), Quarters::whole(2 * to))
    }

    #[test]
    fn repeats_and_first_endings_are_found() {
        let repeated = runs(&page(), &played(&[0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7]));
        assert_eq!(repeated, [bars(0, 2), bars(0, 4)]);
        let ending = runs(&page(), &played(&[0, 1, 2, 3, 0, 1, 4, 5, 6, 7]));
        assert_eq!(ending, [bars(0, 2), bars(0, 1), bars(2, 4)]);
        assert_eq!(runs(&page(), &played(&[0, 1, 2, 3, 4, 5, 6, 7])), [bars(0, 4)]);
    }

    #[test]
    fn the_score_is_written_out_along_them() {
        let order = [0, 1, 2, 3, 0, 1, 4, 5, 6, 7];
        let score = unfold(&page(), &runs(&page(), &played(&order)));
        let ids: Vec<_> = score.notes.iter().map(|n| (n.id.written, n.id.pass)).collect();
        let expected: Vec<_> = played(&order).iter().map(|n| (n.id.written, n.id.pass)).collect();
        assert_eq!(ids, expected);
        let numbers: Vec<_> = score.measures.iter().map(|m| m.number.as_str()).collect();
        assert_eq!(numbers, ["1", "2", "1", "3", "4"]);
        assert!(score.notes.iter().enumerate().all(|(k, n)| n.onset == Quarters::whole(k as i64)));
        assert_eq!(score.notes.last().map(|n| n.measure), Some(4));
    }
}
