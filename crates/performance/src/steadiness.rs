//! How much the tempo wanders where a reference keeps it.
//!
//! Beats are told by what is struck on them. Three beats in a row that both performances strike are a step: its
//! *change* is how much the second of its two beat periods is longer or shorter than the first, as the absolute value of
//! the log2 of their ratio. It counts if the reference keeps its tempo there, that is, if its own change is at most
//! [`KEPT_PERCENT`]. [`percent`] is the median of the changes that count, as a share of the beat: 0 for a metronome, 6 if
//! half of all beats are at least 6 % longer or shorter than the one before. The median is the same whether a player
//! stops once or never: waits are counted by themselves.

use notation::Score;

use crate::Performance;
use crate::hands::median;

/// A reference whose beat changes by no more than so many per cents keeps its tempo: what is just noticed of one
/// interval (Drake and Botte, "Tempo sensitivity in auditory sequences: evidence for a multiple-look model",
/// Perception & Psychophysics 54(3), 1993: 6 % for one interval, 2 % for many).
pub const KEPT_PERCENT: f64 = 6.0;

/// With fewer steps that count nothing is said.
const LEAST_STEPS: usize = 8;

/// A beat of a score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StruckBeat {
    /// Where it is, in quarters.
    pub quarters: f64,
    /// When it is struck in the performance that is judged; none where nothing is.
    pub secs: Option<f64>,
    /// When it is struck in the reference; none where nothing is, or where the two do not play the same.
    pub reference_secs: Option<f64>,
}

/// The onsets that a performance strikes, in quarters, each with the mean time of its notes. Grace notes are left out.
pub fn onset_times(score: &Score, played: &Performance) -> Vec<(f64, f64)> {
    let mut times = Vec::new();
    for group in score.onset_groups() {
        let onset = score.notes[group.start].onset.to_f64();
        let notes = group.filter(|note| score.notes[*note].grace.is_none());
        let (sum, count) = notes
            .filter_map(|note| played.get(note as u32))
            .fold((0.0, 0u32), |(sum, count), note| (sum + note.onset_secs, count + 1));
        if count > 0 {
            times.push((onset, sum / f64::from(count)));
        }
    }
    times
}

/// The changes that count, each with the quarters of the beat in its middle.
pub fn changes(beats: &[StruckBeat]) -> Vec<(f64, f64)> {
    let kept = (1.0 + KEPT_PERCENT / 100.0).log2();
    let change = |three: &[StruckBeat]| {
        let [a, b, c] = [three.first()?, three.get(1)?, three.get(2)?];
        let of = |secs: fn(&StruckBeat) -> Option<f64>| {
            let first = (secs(b)? - secs(a)?) / (b.quarters - a.quarters);
            let second = (secs(c)? - secs(b)?) / (c.quarters - b.quarters);
            let change = (second / first).log2().abs();
            (first > 0.0 && second > 0.0 && change.is_finite()).then_some(change)
        };
        (of(|beat| beat.reference_secs)? <= kept).then_some((b.quarters, of(|beat| beat.secs)?))
    };
    beats.windows(3).filter_map(change).collect()
}

/// How much the tempo wanders, in per cents of a beat; none if too little of it counts.
pub fn percent(beats: &[StruckBeat]) -> Option<f64> {
    let changes = changes(beats);
    let middle = median(changes.iter().map(|change| change.1)).filter(|_| changes.len() >= LEAST_STEPS)?;
    Some(100.0 * (middle.exp2() - 1.0))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    /// Beats of so many seconds each, and those of a reference.
    fn beats(periods: &[f64], reference: &[f64]) -> Vec<StruckBeat> {
        let times = |periods: &[f64]| {
            let mut now = 0.0;
            let ends = periods.iter().map(|period| {
                now += period;
                now
            });
            std::iter::once(0.0).chain(ends).collect::<Vec<f64>>()
        };
        let both = times(periods).into_iter().zip(times(reference));
        let beat = |(k, (secs, reference)): (usize, (f64, f64))| StruckBeat {
            quarters: k as f64,
            secs: Some(secs),
            reference_secs: Some(reference),
        };
        both.enumerate().map(beat).collect()
    }

    #[test]
    fn a_beat_that_is_longer_and_shorter_by_turns_wanders_by_that_much() {
        let periods: Vec<f64> = (0..20).map(|k| if k % 2 == 0 { 0.5 } else { 0.55 }).collect();
        let found = percent(&beats(&periods, &[0.5; 20])).unwrap();
        assert!((found - 10.0).abs() < 1e-9, "{found}");
        assert_eq!(percent(&beats(&[0.75; 20], &[0.5; 20])), Some(0.0), "slower is as steady");
    }

    #[test]
    fn where_the_reference_changes_its_tempo_nothing_counts() {
        // Both slow down over the second half by a tenth a beat.
        let slower: Vec<f64> =
            (0..30).map(|k| if k < 15 { 0.5 } else { 0.5 * 1.1_f64.powi(k - 14) }).collect();
        assert_eq!(percent(&beats(&slower, &slower)), Some(0.0));
        // Against a metronome the same is no steady tempo in as many places.
        let found = changes(&beats(&slower, &[0.5; 30]));
        assert_eq!(found.len(), 29);
        assert_eq!(found.iter().filter(|change| change.1 > 0.1).count(), 15);
    }

    #[test]
    fn one_stop_does_not_change_it_and_beats_that_are_not_struck_say_nothing() {
        let mut periods = [0.5; 24];
        periods[11] = 3.0;
        assert_eq!(percent(&beats(&periods, &[0.5; 24])), Some(0.0));
        let mut silent = beats(&periods, &[0.5; 24]);
        silent.iter_mut().step_by(2).for_each(|beat| beat.secs = None);
        assert_eq!(percent(&silent), None);
        assert_eq!(percent(&[]), None);
    }
}
