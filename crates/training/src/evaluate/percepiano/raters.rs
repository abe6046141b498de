//! How well raters agree on how the players of a segment differ.
//!
//! The published ratings are means and deviations; each rater gave whole numbers, so how many there were
//! is the smallest number with which all means and deviations come out. From it comes the variance of a
//! mean by chance, and from that what halves of the raters would have in common: with V the variance of
//! true means between players and E that by chance of the mean of all, V / (V + E) is the reliability of
//! the mean and V / (V + 2 E) r between halves (Spearman-Brown). Where the same people rated all players
//! of a segment their own levels cancel out, which is not known here; so both figures are lower bounds.

use super::segments::Segment;

/// Steps of the scale: ratings are whole numbers up to this, divided by it.
const STEPS: f64 = 7.0;

/// Half a unit of the last decimal that is published, and a little.
const ROUNDING: f64 = 0.000_06;

/// More raters than these could not be told by four decimals.
const MOST: u32 = 40;

/// How many people rated, told from means and deviations; nothing if no number fits, as where some left
/// out a scale.
pub fn count(means: &[f64], sds: &[f64]) -> Option<u32> {
    let is_whole = |value: f64, tolerance: f64| (value - value.round()).abs() < tolerance;
    let fits = |count: &u32| {
        let n = f64::from(*count);
        means.iter().zip(sds).all(|(mean, sd)| {
            let (sum, sd) = (STEPS * n * mean, STEPS * sd);
            // The sum of squares is n (sd squared + mean squared).
            let squares = n * (sd * sd + (sum.round() / n).powi(2));
            let tolerance = 2.0 * n * sd * STEPS * ROUNDING + 0.01;
            is_whole(sum, STEPS * n * ROUNDING) && is_whole(squares, tolerance)
        })
    };
    (2..=MOST).find(fits)
}

/// Variances of a scale's mean ratings between the players of a segment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Of the means as they are.
    observed: f64,
    /// By chance.
    chance: f64,
}

impl Agreement {
    fn truth(&self) -> f64 {
        (self.observed - self.chance).max(0.0)
    }

    /// r between the means of two halves of the raters.
    pub fn halves(&self) -> Option<f64> {
        let all = self.truth() + 2.0 * self.chance;
        (all > 0.0).then(|| self.truth() / all)
    }

    /// r of the true mean with the mean of all raters.
    pub fn ceiling(&self) -> Option<f64> {
        let all = self.truth() + self.chance;
        (all > 0.0).then(|| (self.truth() / all).sqrt())
    }
}

/// From the performances whose raters were counted; nothing if they are too few.
pub fn agreement(segments: &[Segment], scale: usize) -> Option<Agreement> {
    let (mut squares, mut free, mut chance, mut count) = (0.0, 0usize, 0.0, 0usize);
    for segment in segments {
        let known = || segment.raters.iter().enumerate().filter_map(|(k, raters)| Some((k, (*raters)?)));
        let means: Vec<f64> = known().map(|(k, _)| segment.means[k][scale]).collect();
        if means.len() < 2 {
            continue;
        }
        let mean = means.iter().sum::<f64>() / means.len() as f64;
        squares += means.iter().map(|value| (value - mean).powi(2)).sum::<f64>();
        free += means.len() - 1;
        // The published deviation divides by n; the variance of a mean is that of one over n.
        chance += known().map(|(k, n)| segment.sds[k][scale].powi(2) / f64::from(n - 1)).sum::<f64>();
        count += means.len();
    }
    (free > 0).then(|| Agreement { observed: squares / free as f64, chance: chance / count as f64 })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::cues::CUES;

    use super::*;

    /// Mean and deviation as they are published.
    fn published(ratings: &[f64]) -> [f64; 2] {
        let n = ratings.len() as f64;
        let mean = ratings.iter().sum::<f64>() / n;
        let variance = ratings.iter().map(|r| (r - mean).powi(2)).sum::<f64>() / n;
        [mean, variance.sqrt()].map(|value| (value / STEPS * 1e4).round() / 1e4)
    }

    #[test]
    fn raters_are_counted_from_means_and_deviations() {
        let scales = [[3.0, 4.0, 6.0, 7.0, 2.0], [1.0, 1.0, 2.0, 5.0, 4.0], [7.0, 7.0, 6.0, 7.0, 5.0]];
        let [means, sds] = [0, 1].map(|k| scales.map(|scale| published(&scale)[k]));
        assert_eq!(count(&means, &sds), Some(5));
        // The smallest number that fits, here of six.
        assert_eq!(count(&[4.0 / 7.0], &[published(&[1.0, 4.0, 4.0, 4.0, 4.0, 7.0])[1]]), Some(2));
        assert_eq!(count(&[0.5714, 0.5952], &[0.2474, 0.2246]), Some(6));
        assert_eq!(count(&[0.123_4], &[0.033_3]), None);
    }

    #[test]
    fn chance_is_taken_out_of_what_halves_have_in_common() {
        // Two players, means 3 and 5, five raters each with a sum of squares of 10: variance 2, of which
        // 10 / 4 / 5 = .5 is chance.
        let mut segment = Segment::default();
        for ratings in [[1.0, 2.0, 3.0, 4.0, 5.0], [3.0, 4.0, 5.0, 6.0, 7.0]] {
            let [mean, sd] = published(&ratings);
            segment.add("1", &[mean], &[sd], Some(5), [0.0; CUES]);
        }
        let agreement = agreement(&[segment], 0).unwrap();
        assert!(
            (49.0 * agreement.observed - 2.0).abs() < 1e-2 && (49.0 * agreement.chance - 0.5).abs() < 1e-2
        );
        assert!((agreement.halves().unwrap() - 1.5 / 2.5).abs() < 1e-2);
        assert!((agreement.ceiling().unwrap() - 0.75f64.sqrt()).abs() < 1e-2);
        assert_eq!(super::agreement(&[Segment::default()], 0), None);
    }
}
