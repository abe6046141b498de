//! Whether variations are new and in order.

use std::collections::HashSet;

use cadenza::variations::Scale;
use notation::Score;
use performers::composer::Sound;
use serde::Serialize;

use super::subject::Segment;
use super::written::Asked;

/// The similarity at which variations are looked at one by one.
pub const ORDERED: f64 = 0.7;

/// How far from the passage's lowest and highest pitch a variation may go, in semitones.
const BEYOND: u8 = 12;

/// How much lower the share of notes in the passage's scale may be.
const SCALE_SLACK: f64 = 0.05;

/// Shares of variations at 70 per cent, 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Ordered {
    /// Variations that were asked for; those that were not found have none of what follows.
    pub variations: usize,
    /// Neither the passage nor another variation of it.
    pub new: f64,
    /// No pitch is more than an octave beyond the passage's.
    pub in_range: f64,
    /// Every note begins within the bars, one a pitch and onset, and ends within them.
    pub in_bars: f64,
    /// The share of notes in the passage's scale is no lower than the passage's less .05.
    pub in_scale: f64,
    /// All of these.
    pub all: f64,
    /// Mean distance of similarity from the one that was asked for.
    pub miss: f64,
}

/// Looks at what was written of the first segments, which was to be so many variations of each.
pub(super) fn judge(segments: &[Segment], asked: &[Asked], count: usize) -> Ordered {
    let look = |(segment, asked): (&Segment, &Asked)| -> Vec<[f64; 6]> {
        let mut seen = HashSet::from([sounds(&segment.score)]);
        let mut rows = vec![[0.0; 6]; count];
        for (written, variation) in rows.iter_mut().zip(&asked.ordered) {
            let is_new = seen.insert(sounds(&variation.score));
            let miss = (variation.similarity.overall() - ORDERED).abs();
            *written = row(&segment.score, &variation.score, is_new, miss);
        }
        rows
    };
    let rows: Vec<[f64; 6]> = segments.iter().zip(asked).flat_map(look).collect();
    let mean = |k: usize| rows.iter().map(|row| row[k]).sum::<f64>() / rows.len().max(1) as f64;
    Ordered {
        variations: rows.len(),
        new: mean(0),
        in_range: mean(1),
        in_bars: mean(2),
        in_scale: mean(3),
        all: mean(4),
        miss: mean(5),
    }
}

fn row(passage: &Score, variation: &Score, is_new: bool, miss: f64) -> [f64; 6] {
    let pitches = |score: &Score| -> Vec<u8> { score.notes.iter().map(|note| note.pitch).collect() };
    let (own, other) = (pitches(passage), pitches(variation));
    let lowest = own.iter().min().map_or(0, |pitch| pitch.saturating_sub(BEYOND));
    let highest = own.iter().max().map_or(127, |pitch| pitch.saturating_add(BEYOND));
    let in_range = other.iter().all(|pitch| (lowest..=highest).contains(pitch));
    let scale = Scale::of(passage);
    let in_scale = scale.share(other) >= scale.share(own) - SCALE_SLACK;
    let checks = [is_new, in_range, in_bars(passage, variation), in_scale];
    let all = checks.iter().all(|is_met| *is_met);
    let [new, range, bars, scale] = checks.map(|is_met| f64::from(u8::from(is_met)));
    [new, range, bars, scale, f64::from(u8::from(all)), miss]
}

fn in_bars(passage: &Score, variation: &Score) -> bool {
    let mut struck = HashSet::new();
    passage.measures == variation.measures
        && variation.notes.iter().all(|note| {
            let measure = variation.measures.get(note.measure as usize);
            measure.is_some_and(|measure| measure.start <= note.onset && note.onset < measure.end)
                && note.offset() <= passage.end()
                && struck.insert((note.onset, note.pitch))
        })
}

fn sounds(score: &Score) -> Vec<Sound> {
    let mut sounds = Sound::of(score);
    sounds.sort_unstable();
    sounds
}

#[cfg(test)]
mod tests {
    use notation::{Measure, Note, Quarters, TimeSignature};

    use super::*;

    fn score(notes: &[(i64, u8)]) -> Score {
        let note = |(quarter, pitch): &(i64, u8)| Note {
            onset: Quarters::whole(*quarter),
            pitch: *pitch,
            measure: (*quarter / 4) as u32,
            ..Note::default()
        };
        let measures = (0..2).map(|index| Measure::regular(index, TimeSignature::default())).collect();
        Score { measures, notes: notes.iter().map(note).collect(), ..Score::default() }
    }

    #[test]
    fn each_fault_is_seen() {
        let passage = score(&[(0, 60), (1, 64), (2, 67), (4, 72)]);
        let faults = |notes: &[(i64, u8)]| row(&passage, &score(notes), true, 0.0);
        assert_eq!(faults(&[(0, 60), (1, 62), (4, 84)]), [1.0, 1.0, 1.0, 1.0, 1.0, 0.0]);
        assert_eq!(faults(&[(0, 47), (4, 72)]), [1.0, 0.0, 1.0, 1.0, 0.0, 0.0]);
        assert_eq!(faults(&[(0, 60), (0, 60)]), [1.0, 1.0, 0.0, 1.0, 0.0, 0.0]);
        assert_eq!(faults(&[(8, 60)])[2], 0.0);
        assert_eq!(faults(&[(0, 60), (1, 61)]), [1.0, 1.0, 1.0, 0.0, 0.0, 0.0]);
        assert_eq!(row(&passage, &passage, false, 0.5), [0.0, 1.0, 1.0, 1.0, 0.0, 0.5]);
    }
}
