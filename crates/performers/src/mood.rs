//! A mood as performers take it: laid out over the score, note by note, a condition vector and the cues
//! that are expected to change (SyMuPe, sections 3.3 and 3.4). What a text means is read by the crate
//! `mood`.

use std::ops::Range;

use notation::{Quarters, Score};
use performance::cues::{CUES, Cues};
use serde::{Deserialize, Serialize};

/// Moods over a piece, and how strongly they are followed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mood {
    /// In order of time; they do not overlap.
    pub spans: Vec<Span>,
    /// 0 ignores them, 1 follows them, more exaggerates.
    pub strength: f64,
}

/// A mood and where it holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Span {
    /// Where it starts.
    pub from: Quarters,
    /// Where it ends.
    pub to: Quarters,
    /// Condition vector, as long as the performer's condition input; zero is no mood.
    pub vector: Vec<f32>,
    /// How a performance is expected to lean, in deviations between pianists.
    pub cues: Cues,
}

impl Mood {
    /// Whether it changes anything.
    pub fn is_felt(&self) -> bool {
        self.strength != 0.0 && self.spans.iter().any(|s| s.vector.iter().any(|v| *v != 0.0))
    }

    /// How much of each span is in each note `[notes][spans]`: one mood passes into the next, or
    /// into none, over the bar around their border.
    fn shares(&self, score: &Score, notes: Range<usize>) -> Vec<Vec<f64>> {
        let first = score.notes.first().map_or(0.0, |n| n.onset.to_f64());
        let end = score.end().to_f64();
        let half_bar = |at: Quarters| score.time_signature_at(at).measure_length().to_f64() / 2.0;
        let shape = |span: &Span, at: f64| {
            let (from, to) = (span.from.to_f64(), span.to.to_f64());
            let rise = ramp(at - from, half_bar(span.from), from <= first);
            let fall = ramp(to - at, half_bar(span.to), to >= end);
            rise.min(fall)
        };
        let of_note = |at: f64| self.spans.iter().map(|span| shape(span, at)).collect();
        score.notes[notes].iter().map(|note| of_note(note.onset.to_f64())).collect()
    }

    /// The condition vector of each note of a range, row by row `[notes, width]`.
    pub fn vectors(&self, score: &Score, notes: Range<usize>, width: usize) -> Vec<f32> {
        let mut rows = vec![0.0; notes.len() * width];
        for (row, shares) in rows.chunks_exact_mut(width.max(1)).zip(self.shares(score, notes)) {
            for (span, share) in self.spans.iter().zip(shares) {
                row.iter_mut().zip(&span.vector).for_each(|(cell, v)| *cell += share as f32 * v);
            }
        }
        rows
    }

    /// The expected lean of each note, strength included, in deviations between pianists.
    pub fn leans(&self, score: &Score) -> Vec<Cues> {
        let lean = |shares: Vec<f64>| -> Cues {
            let mut cues = [0.0; CUES];
            for (span, share) in self.spans.iter().zip(shares) {
                cues.iter_mut().zip(span.cues).for_each(|(sum, cue)| *sum += self.strength * share * cue);
            }
            cues
        };
        self.shares(score, 0..score.notes.len()).into_iter().map(lean).collect()
    }

    /// Length of the vectors, if there are any and all agree.
    pub fn width(&self) -> Option<usize> {
        self.spans.first().map(|s| s.vector.len())
    }
}

/// 0 to 1 from half a bar before the border to half a bar after it; 1 from the start where the
/// piece begins there.
fn ramp(inside: f64, half_bar: f64, is_outermost: bool) -> f64 {
    if is_outermost {
        return 1.0;
    }
    ((inside + half_bar) / (2.0 * half_bar).max(1e-9)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use notation::{Measure, Note, TimeSignature};

    use super::*;

    fn score(bars: u32) -> Score {
        let time = TimeSignature { beats: 4, beat_type: 4 };
        let note = |k: i64| Note { onset: Quarters::whole(k), measure: (k / 4) as u32, ..Note::default() };
        Score {
            notes: (0..i64::from(bars) * 4).map(note).collect(),
            measures: (0..bars).map(|k| Measure::regular(k, time)).collect(),
            ..Score::default()
        }
    }

    fn span(from: i64, to: i64, value: f32) -> Span {
        let cues = [f64::from(value); CUES];
        Span { from: Quarters::whole(from), to: Quarters::whole(to), vector: vec![value; 2], cues }
    }

    #[test]
    fn one_mood_passes_into_the_next_over_a_bar() {
        let score = score(4);
        let mood = Mood { spans: vec![span(0, 8, 1.0), span(8, 16, -1.0)], strength: 1.0 };
        let rows = mood.vectors(&score, 0..16, 2);
        let values: Vec<f32> = rows.iter().step_by(2).copied().collect();
        assert_eq!(values[..6], [1.0; 6], "the first mood, pure from the first note");
        assert_eq!(values[6..11], [1.0, 0.5, 0.0, -0.5, -1.0], "a bar of passing over");
        assert_eq!(values[10..], [-1.0; 6]);
        for pair in values.windows(2) {
            assert!((pair[1] - pair[0]).abs() <= 0.5);
        }
    }

    #[test]
    fn outside_its_bars_there_is_no_mood() {
        let score = score(4);
        let mood = Mood { spans: vec![span(4, 8, 1.0)], strength: 2.0 };
        let leans = mood.leans(&score);
        assert_eq!(leans[0][0], 0.0);
        assert_eq!(leans[6][0], 2.0);
        assert_eq!(leans[15][0], 0.0);
        assert!(mood.is_felt());
        assert!(!Mood { strength: 0.0, ..mood }.is_felt());
    }
}
