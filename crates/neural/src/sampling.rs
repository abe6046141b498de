//! Choosing among tokens.

use std::ops::Range;

use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// How a token is chosen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Choice {
    /// Divides the logarithms; at 0 the likeliest is chosen.
    pub temperature: f64,
    /// Only the likeliest tokens count that are as likely together (Holtzman and others, arXiv 1904.09751,
    /// section 3.1).
    pub top_p: f64,
}

/// Random numbers of a place in what is chosen, such as a note, one a token of it, in 0..1. They belong to
/// the place, so they do not depend on what was chosen before it.
pub fn chances<const TOKENS: usize>(seed: u64, place: usize) -> [f64; TOKENS] {
    let mut random = Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ place as u64);
    std::array::from_fn(|_| random.random::<f64>())
}

impl Choice {
    /// The index of one of the logits within `among`, by a number in 0..1. The smallest numbers choose
    /// the likeliest.
    pub fn choose(&self, logits: &[f32], among: Range<usize>, chance: f64) -> usize {
        let first = among.start;
        let logits = &logits[among];
        let (best, most) =
            logits.iter().enumerate().fold((0, f32::NEG_INFINITY), |(at, most), (k, logit)| {
                if *logit > most { (k, *logit) } else { (at, most) }
            });
        if self.temperature <= 0.0 || self.top_p <= 0.0 {
            return first + best;
        }
        let weight = |logit: &f32| (f64::from(logit - most) / self.temperature).exp();
        let total: f64 = logits.iter().map(weight).sum();
        // Those below this come to less than what is left out, together.
        let least = (1.0 - self.top_p) / logits.len() as f64;
        let shares = logits.iter().enumerate().map(|(k, logit)| (k, weight(logit) / total));
        let mut shares: Vec<(usize, f64)> = shares.filter(|(_, share)| *share >= least).collect();
        shares.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        let (mut sum, mut count) = (0.0, 0);
        while count < shares.len() && (sum < self.top_p || count == 0) {
            sum += shares[count].1;
            count += 1;
        }
        let mut left = chance * sum;
        for (k, share) in &shares[..count] {
            left -= share;
            if left < 0.0 {
                return first + k;
            }
        }
        first + shares.get(count.saturating_sub(1)).map_or(best, |(k, _)| *k)
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::LN_2;

    use super::*;

    /// Shares of .5, .25, .125, .125 in another order.
    const LOGITS: [f32; 4] = [-3.0 * LN_2, -LN_2, -3.0 * LN_2, -2.0 * LN_2];

    fn counts(choice: Choice) -> [usize; 4] {
        let mut counts = [0; 4];
        (0..1000).for_each(|k| counts[choice.choose(&LOGITS, 0..4, (f64::from(k) + 0.5) / 1000.0)] += 1);
        counts
    }

    #[test]
    fn tokens_are_chosen_as_often_as_they_are_likely() {
        assert_eq!(counts(Choice { temperature: 1.0, top_p: 1.0 }), [125, 500, 125, 250]);
        assert_eq!(counts(Choice { temperature: 0.0, top_p: 1.0 }), [0, 1000, 0, 0]);
        // Shares of the square roots, of the squares.
        let warm = counts(Choice { temperature: 2.0, top_p: 1.0 });
        assert!(warm[1].abs_diff(369) <= 1 && warm[3].abs_diff(261) <= 1, "{warm:?}");
        let cool = counts(Choice { temperature: 0.5, top_p: 1.0 });
        assert!(cool[1].abs_diff(727) <= 1 && cool[3].abs_diff(182) <= 1, "{cool:?}");
    }

    #[test]
    fn the_unlikely_are_left_out() {
        assert_eq!(counts(Choice { temperature: 1.0, top_p: 0.4 }), [0, 1000, 0, 0]);
        let two = counts(Choice { temperature: 1.0, top_p: 0.7 });
        assert!(two[1].abs_diff(667) <= 1 && two[3].abs_diff(333) <= 1, "{two:?}");
        assert_eq!(counts(Choice { temperature: 1.0, top_p: 0.0 }), [0, 1000, 0, 0]);
    }

    #[test]
    fn only_those_asked_for_are_chosen() {
        let choice = Choice { temperature: 0.0, top_p: 1.0 };
        assert_eq!(choice.choose(&LOGITS, 2..4, 0.5), 3);
        assert_eq!(choice.choose(&LOGITS, 2..3, 0.5), 2);
    }

    #[test]
    fn chances_are_a_seeds_and_a_places_own() {
        let chances = chances::<8>;
        assert_eq!(chances(1, 5), chances(1, 5));
        assert!(chances(1, 5) != chances(1, 6) && chances(1, 5) != chances(2, 5));
        assert!((0..100).flat_map(|n| chances(3, n)).all(|x| (0.0..1.0).contains(&x)));
    }
}
