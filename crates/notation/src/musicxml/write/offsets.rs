//! Where in a full measure each measure starts: one that a repeat sign cut off another starts within it.

use crate::printed::PrintedMeasures;
use crate::score::{Measure, Score};
use crate::time::Quarters;

/// How far into a full measure each measure of a score starts. What a repeat sign cut off is counted from
/// the start of the printed measure, a pick-up from the end of a full one, each time that it is played.
pub(super) fn offsets(score: &Score) -> Vec<Quarters> {
    let printed = PrintedMeasures::of(score);
    let first = score.measures.first();
    let offset = |(k, measure): (usize, &Measure)| {
        let within = printed.position(k, Quarters::ZERO).map_or(Quarters::ZERO, |position| position.offset);
        let is_first = first.is_some_and(|first| {
            (first.written, first.end - first.start) == (measure.written, measure.end - measure.start)
        });
        if within > Quarters::ZERO { within } else { measure.position(measure.start, is_first) }
    };
    score.measures.iter().enumerate().map(offset).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{Note, NoteId, TimeSignature};

    #[test]
    fn halves_are_counted_from_the_printed_measure_and_a_pick_up_from_the_end() {
        // A pick-up of a quarter, a measure that is repeated from its middle, and the pick-up again.
        let spans = [(0, 0, 1), (1, 1, 5), (1, 5, 7), (0, 7, 8)];
        let measure = |(written, start, end): (u32, i64, i64)| Measure {
            start: Quarters::whole(start),
            end: Quarters::whole(end),
            number: written.to_string(),
            written,
            pass: 1,
            time: TimeSignature::default(),
        };
        let note = |(onset, written, measure): (i64, u32, u32)| Note {
            id: NoteId { written, pass: 1 },
            onset: Quarters::whole(onset),
            measure,
            ..Note::default()
        };
        let score = Score {
            measures: spans.into_iter().map(measure).collect(),
            notes: [(1, 1, 1), (3, 2, 1), (5, 2, 2)].into_iter().map(note).collect(),
            ..Score::default()
        };
        let quarters: Vec<f64> = offsets(&score).into_iter().map(Quarters::to_f64).collect();
        assert_eq!(quarters, [3.0, 0.0, 2.0, 3.0]);
    }
}
