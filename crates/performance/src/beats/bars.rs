//! Which beats are the first of a bar.

use super::onsets::{Onset, PROPERTIES};
use crate::midi::MidiNote;

/// Beats in a bar that are tried where nobody has said how many there are.
const COUNTS: [u8; 3] = [2, 3, 4];

/// A note that starts this little before a beat belongs to it.
const EARLY_SECS: f64 = 0.05;

/// What a bar that ends too soon costs.
const SHORT_BAR: f64 = 4.0;

/// How much less than the mean an onset that is not there stands out.
const NOT_THERE: f64 = 0.5;

/// Log odds that a beat is the first of a bar, against all beats: for each property of its onset, for each
/// less its mean over the beats before and after, for the change of harmony from the beat before, the same
/// less its mean over the beats before and after, the same over two beats, and for a beat without an onset.
/// Logistic regression on the annotated beats of one performance of each piece of the training split of
/// (n)ASAP.
const OF_ONSET: [f64; PROPERTIES] = [0.010, -0.101, 0.106, -0.062, -0.068, -0.079, 0.001, -0.297];
const BESIDE_NEIGHBOURS: [f64; PROPERTIES] = [0.008, 0.105, -0.021, 0.476, 0.082, -0.040, 0.673, 1.343];
const HARMONY: f64 = -0.384;
const HARMONY_BESIDE_NEIGHBOURS: f64 = 1.090;
const HARMONY_OF_TWO: f64 = 0.837;
const WITHOUT_ONSET: f64 = -0.144;
const ALWAYS: f64 = 0.143;

/// Beats as bars.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Bars {
    /// Beats in a full bar.
    pub beats_per_bar: u8,
    /// The first beat of each bar, as indices, rising.
    pub first_beats: Vec<usize>,
}

/// The bars of a row of beats: of `beats_per_bar` if that is given, else of what explains it best.
pub(super) fn bars(
    notes: &[MidiNote],
    onsets: &[Onset],
    beats: &[(f64, Option<usize>)],
    beats_per_bar: Option<u8>,
) -> Bars {
    let odds = log_odds(notes, onsets, beats);
    let counts = beats_per_bar.map_or_else(|| COUNTS.to_vec(), |count| vec![count.max(1)]);
    let mut best: Option<(f64, Bars)> = None;
    for count in counts {
        let (worth, first_beats) = counted_in(&odds, usize::from(count));
        if best.as_ref().is_none_or(|(most, _)| worth > *most) {
            best = Some((worth, Bars { beats_per_bar: count, first_beats }));
        }
    }
    best.map_or(Bars { beats_per_bar: 4, first_beats: Vec::new() }, |(_, bars)| bars)
}

/// The best bars of so many beats, of which some may be shorter, and what they are worth.
fn counted_in(odds: &[f64], count: usize) -> (f64, Vec<usize>) {
    let mut here = vec![0.0; count];
    // For each beat, its place in the bar before it if it is the first of one.
    let mut before: Vec<usize> = Vec::with_capacity(odds.len());
    for (beat, odds) in odds.iter().enumerate() {
        let cost = |place: usize| if beat == 0 || place + 1 == count { 0.0 } else { SHORT_BAR };
        let worths = here.iter().enumerate().map(|(place, worth)| (place, worth - cost(place)));
        let (from, worth) = worths.fold((0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a });
        // Each place follows the one before it; a row may start at any.
        here.rotate_right(1);
        here[0] = worth + odds;
        before.push(from);
    }
    let all = here.iter().copied().enumerate();
    let (mut place, worth) = all.fold((0, f64::NEG_INFINITY), |a, b| if b.1 > a.1 { b } else { a });
    let mut first_beats = Vec::new();
    for beat in (0..odds.len()).rev() {
        if place == 0 {
            first_beats.push(beat);
            place = before[beat];
        } else {
            place -= 1;
        }
    }
    first_beats.reverse();
    (worth, first_beats)
}

/// For each beat, log odds that it is the first of a bar.
fn log_odds(notes: &[MidiNote], onsets: &[Onset], beats: &[(f64, Option<usize>)]) -> Vec<f64> {
    let mut mean = [0.0; PROPERTIES];
    for onset in onsets {
        for (mean, property) in mean.iter_mut().zip(onset.properties) {
            *mean += property / onsets.len() as f64;
        }
    }
    let not_there = mean.map(|property| property - NOT_THERE);
    let of = |beat: usize| beats[beat].1.map_or(not_there, |onset| onsets[onset].properties);
    let harmony = Harmony::of(notes, beats);
    let (one, two) = (harmony.changes(1), harmony.changes(2));
    let last = beats.len().saturating_sub(1);
    let beside = |values: &[f64], beat: usize| {
        values[beat] - 0.5 * (values[beat.saturating_sub(1)] + values[last.min(beat + 1)])
    };
    let odds = |beat: usize| {
        let (own, before, after) = (of(beat), of(beat.saturating_sub(1)), of(last.min(beat + 1)));
        let onset: f64 = (0..PROPERTIES)
            .map(|k| OF_ONSET[k] * own[k] + BESIDE_NEIGHBOURS[k] * (own[k] - 0.5 * (before[k] + after[k])))
            .sum();
        let harmony = HARMONY * one[beat]
            + HARMONY_BESIDE_NEIGHBOURS * beside(&one, beat)
            + HARMONY_OF_TWO * beside(&two, beat);
        let missing = if beats[beat].1.is_none() { WITHOUT_ONSET } else { 0.0 };
        onset + harmony + missing + ALWAYS
    };
    (0..beats.len()).map(odds).collect()
}

/// Pitch classes of the notes that start in each beat, by their lengths.
struct Harmony(Vec<[f64; 12]>);

impl Harmony {
    fn of(notes: &[MidiNote], beats: &[(f64, Option<usize>)]) -> Self {
        let mut classes = vec![[0.0; 12]; beats.len()];
        for note in notes {
            let next = beats.partition_point(|(secs, _)| secs - EARLY_SECS <= note.onset_secs);
            if let Some(beat) = next.checked_sub(1) {
                classes[beat][usize::from(note.pitch % 12)] += note.duration_secs.clamp(0.05, 1.0);
            }
        }
        Self(classes)
    }

    /// For each beat, one less the cosine between so many beats before it and as many from it on.
    fn changes(&self, beats: usize) -> Vec<f64> {
        let sum = |from: usize, to: usize| {
            let mut sum = [0.0; 12];
            for classes in &self.0[from..to.min(self.0.len())] {
                sum.iter_mut().zip(classes).for_each(|(sum, class)| *sum += class);
            }
            sum
        };
        let dot = |a: &[f64; 12], b: &[f64; 12]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
        let change = |beat: usize| {
            let (before, after) = (sum(beat.saturating_sub(beats), beat), sum(beat, beat + beats));
            1.0 - dot(&before, &after) / (dot(&before, &before) * dot(&after, &after) + 1e-6).sqrt()
        };
        (0..self.0.len()).map(change).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_are_counted_from_the_beats_that_stand_out() {
        let mut odds = [-1.0; 23];
        (2..23).step_by(3).for_each(|beat| odds[beat] = 2.0);
        let three = counted_in(&odds, 3);
        assert_eq!(three.1, (2..23).step_by(3).collect::<Vec<_>>());
        assert!(three.0 > counted_in(&odds, 2).0.max(counted_in(&odds, 4).0));
    }

    #[test]
    fn a_bar_may_be_short_where_much_speaks_for_it() {
        let mut odds = [-2.0; 40];
        let firsts = [0, 4, 8, 12, 15, 19, 23, 27, 31, 35, 39];
        firsts.iter().for_each(|beat| odds[*beat] = 2.0);
        assert_eq!(counted_in(&odds, 4).1, firsts);
    }

    #[test]
    fn without_beats_there_are_no_bars() {
        assert!(bars(&[], &[], &[], None).first_beats.is_empty());
    }
}
