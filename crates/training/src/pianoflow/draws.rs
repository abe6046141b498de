//! How often each performance is drawn.

use rand::{Rng, RngExt};

/// Piece and performance, and the running sum of the chances of drawing it.
pub struct Draws(pub Vec<(usize, usize, f64)>);

impl Draws {
    /// A piece and one of its performances, by chance.
    pub fn draw(&self, rng: &mut impl Rng) -> (usize, usize) {
        let total = self.0.last().map_or(0.0, |d| d.2);
        let ticket = rng.random_range(0.0..total);
        let k = self.0.partition_point(|d| d.2 <= ticket).min(self.0.len() - 1);
        (self.0[k].0, self.0[k].1)
    }

    /// The pieces from `first` on are drawn this share of the time, 0 to 1, and the others the rest of it;
    /// among themselves as before. Nothing changes where there are none of one kind.
    pub fn with_share(self, first: usize, share: f64) -> Self {
        let split = self.0.partition_point(|(piece, ..)| *piece < first);
        let before = split.checked_sub(1).map_or(0.0, |k| self.0[k].2);
        let total = self.0.last().map_or(0.0, |d| d.2);
        let after = total - before;
        if before <= 0.0 || after <= 0.0 {
            return self;
        }
        let share = share.clamp(0.0, 1.0);
        let sum = |sum: f64| {
            if sum <= before {
                (1.0 - share) * sum / before
            } else {
                1.0 - share + share * (sum - before) / after
            }
        };
        Self(self.0.into_iter().map(|(piece, take, at)| (piece, take, sum(at))).collect())
    }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_pcg::Pcg64Mcg;

    use super::*;

    /// Chance of each performance.
    fn chances(draws: &Draws) -> Vec<f64> {
        let mut last = 0.0;
        draws.0.iter().map(|d| d.2 - std::mem::replace(&mut last, d.2)).collect()
    }

    #[test]
    fn further_sets_have_the_share_that_is_asked_for_and_all_else_stays() {
        // Two pieces of two and one performances, then one with three.
        let draws =
            || Draws(vec![(0, 0, 1.0), (0, 1, 2.0), (1, 0, 6.0), (2, 0, 7.0), (2, 1, 8.0), (2, 2, 9.0)]);
        let expected = [0.1, 0.1, 0.4, 0.4 / 3.0, 0.4 / 3.0, 0.4 / 3.0];
        let shared = draws().with_share(2, 0.4);
        for (found, expected) in chances(&shared).into_iter().zip(expected) {
            assert!((found - expected).abs() < 1e-12);
        }
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let further = (0..10_000).filter(|_| shared.draw(&mut rng).0 == 2).count();
        assert!((3_800..4_200).contains(&further), "{further}");
        // Never, and always.
        let mut never = || draws().with_share(2, 0.0).draw(&mut rng).0;
        assert!((0..1_000).all(|_| never() < 2));
        let mut always = || draws().with_share(2, 1.0).draw(&mut rng).0;
        assert!((0..1_000).all(|_| always() == 2));
        // Nothing to share with.
        for first in [0, 3] {
            assert_eq!(draws().with_share(first, 0.4).0, draws().0);
        }
    }
}
