//! How well beats agree with annotated ones.

/// Beats this near to each other are one.
const NEAR_SECS: f64 = 0.07;

/// F-measures of estimated beats: harmonic mean of the share of them that is annotated and the share of the
/// annotated ones that is found.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Agreement {
    /// Of the beats as they are.
    pub as_they_are: f64,
    /// The best of this and those of every second beat and of twice as many.
    pub at_half_or_double: f64,
}

/// Compares estimated with annotated beats, both rising in seconds; estimated beats before the first and
/// after the last annotated one do not count.
pub fn agreement(estimated: &[f64], annotated: &[f64]) -> Agreement {
    let (Some(first), Some(last)) = (annotated.first(), annotated.last()) else {
        return Agreement::default();
    };
    let within = *first - NEAR_SECS..=*last + NEAR_SECS;
    let beats: Vec<f64> = estimated.iter().copied().filter(|beat| within.contains(beat)).collect();
    let every_second = |from: usize| -> Vec<f64> { beats.iter().copied().skip(from).step_by(2).collect() };
    let mut twice: Vec<f64> = beats.windows(2).flat_map(|w| [w[0], 0.5 * (w[0] + w[1])]).collect();
    twice.extend(beats.last());
    let as_they_are = f_measure(&beats, annotated);
    let levels = [every_second(0), every_second(1), twice];
    let at_half_or_double = levels.iter().map(|l| f_measure(l, annotated)).fold(as_they_are, f64::max);
    Agreement { as_they_are, at_half_or_double }
}

fn f_measure(estimated: &[f64], annotated: &[f64]) -> f64 {
    let (mut k, mut n, mut found) = (0, 0, 0u32);
    while let (Some(a), Some(b)) = (estimated.get(k), annotated.get(n)) {
        if (a - b).abs() <= NEAR_SECS {
            (k, n, found) = (k + 1, n + 1, found + 1);
        } else if a < b {
            k += 1;
        } else {
            n += 1;
        }
    }
    2.0 * f64::from(found) / (estimated.len() + annotated.len()).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_beats_agree_and_those_at_half_and_double_at_their_level() {
        let beats: Vec<f64> = (0..41).map(|k| 0.5 * f64::from(k)).collect();
        let same = agreement(&beats, &beats);
        assert_eq!((same.as_they_are, same.at_half_or_double), (1.0, 1.0));
        let half: Vec<f64> = beats.iter().copied().skip(1).step_by(2).collect();
        for (a, b) in [(&half, &beats), (&beats, &half)] {
            let found = agreement(a, b);
            assert!(found.as_they_are < 0.7 && found.at_half_or_double > 0.97, "{found:?}");
        }
        let off: Vec<f64> = beats.iter().map(|beat| beat + 0.1).collect();
        assert_eq!(agreement(&off, &beats).as_they_are, 0.0);
        assert_eq!(agreement(&beats, &[]), Agreement::default());
    }
}
