//! Where the metronome clicks in a score.

use notation::{Quarters, Score};

/// A click of the metronome.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Click {
    /// Where in the score.
    pub quarters: f64,
    /// Whether it is the first of a bar.
    pub is_downbeat: bool,
}

/// No score has more bars' worth of beats than this; a broken metre must not fill the memory.
const MOST_BEATS_A_BAR: i64 = 64;

/// The clicks of a score: every beat that a musician counts. The bar before a pick-up is counted
/// from its end, so that the pick-up's beats fall where they belong.
pub fn clicks(score: &Score) -> Vec<Click> {
    let mut clicks = Vec::new();
    for (k, measure) in score.measures.iter().enumerate() {
        let beat = measure.time.beat_length();
        if beat <= Quarters::ZERO {
            continue;
        }
        let missing = measure.position(measure.start, k == 0);
        let beats = (0..MOST_BEATS_A_BAR).map(|n| (n, measure.start - missing + beat * n));
        for (n, at) in beats.skip_while(|(_, at)| *at < measure.start).take_while(|(_, at)| *at < measure.end)
        {
            clicks.push(Click { quarters: at.to_f64(), is_downbeat: n == 0 });
        }
    }
    clicks
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use notation::{Measure, TimeSignature};

    use super::*;

    fn score(bars: &[(i64, i64, u8, u8)]) -> Score {
        let measure = |&(start, end, beats, beat_type): &(i64, i64, u8, u8)| Measure {
            start: Quarters::new(start, 2),
            end: Quarters::new(end, 2),
            number: String::new(),
            written: 0,
            pass: 1,
            time: TimeSignature { beats, beat_type },
        };
        Score { measures: bars.iter().map(measure).collect(), ..Score::default() }
    }

    fn places(score: &Score) -> Vec<(f64, bool)> {
        clicks(score).iter().map(|c| (c.quarters, c.is_downbeat)).collect()
    }

    #[test]
    fn every_beat_of_a_bar_clicks_and_the_first_is_marked() {
        let expected = [(0.0, true), (1.0, false), (2.0, false), (3.0, true), (4.0, false), (5.0, false)];
        assert_eq!(places(&score(&[(0, 6, 3, 4), (6, 12, 3, 4)])), expected);
    }

    #[test]
    fn six_eight_is_counted_in_two() {
        assert_eq!(places(&score(&[(0, 6, 6, 8)])), [(0.0, true), (1.5, false)]);
    }

    #[test]
    fn a_pick_up_is_counted_from_the_end_of_its_bar() {
        // An eighth before the bar: no beat of four-four falls on it.
        assert_eq!(places(&score(&[(0, 1, 4, 4), (1, 9, 4, 4)]))[0], (0.5, true));
        // Two quarters: the third and the fourth beat.
        assert_eq!(places(&score(&[(0, 4, 4, 4)])), [(0.0, false), (1.0, false)]);
    }

    #[test]
    fn a_broken_metre_does_not_hang() {
        assert!(places(&score(&[(0, 100_000, 255, 255), (0, 0, 0, 0)])).len() <= 64);
    }
}
