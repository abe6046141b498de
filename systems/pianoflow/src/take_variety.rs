//! How takes differ as wholes.
//!
//! Noise from note to note averages out over a piece, so takes of different seeds are about as fast, as
//! loud and as wide in range as each other; pianists are not. Some numbers a take, drawn by its seed apart
//! from the noise, scale the gains and move the levels. Bars that are performed anew with the seed of their
//! take draw the same numbers.

use rand::SeedableRng;
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};

use super::values::KINDS;

/// Told apart from the noise of the same seed.
const STREAM: u64 = 0x7461_6b65_735f_3031;

/// No take is further from the others than this, in deviations.
const FURTHEST: f64 = 2.0;

/// Standard deviations between takes of one piece, beyond what noise from note to note makes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TakeVariety {
    /// log2 of the gain of each kind of value.
    pub spread: [f64; KINDS],
    /// MIDI velocity as a whole.
    pub velocity: f64,
    /// Tempo of the piece, log2 of seconds per quarter.
    pub tempo: f64,
    /// Articulation as a whole, log2 of duration.
    pub articulation: f64,
}

/// What one take has of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Drawn {
    /// What the gain of each kind of value is multiplied by.
    pub factors: [f64; KINDS],
    /// What is added to MIDI velocities.
    pub velocity: f64,
    /// What is added to log2 of seconds per quarter.
    pub tempo: f64,
    /// What is added to log2 of durations.
    pub articulation: f64,
}

impl TakeVariety {
    /// What the take of this seed has of its own; `variety` multiplies all deviations.
    pub fn draw(&self, seed: u64, variety: f64) -> Drawn {
        let mut rng = Pcg64Mcg::seed_from_u64(seed ^ STREAM);
        let mut normal = |deviation: f64| {
            let z: f64 = StandardNormal.sample(&mut rng);
            variety * deviation * z.clamp(-FURTHEST, FURTHEST)
        };
        // Each has its draw whether it is used or not, so that one deviation does not change the others.
        let factors = self.spread.map(|deviation| normal(deviation).exp2());
        let [velocity, tempo, articulation] = [self.velocity, self.tempo, self.articulation].map(normal);
        Drawn { factors, velocity, tempo, articulation }
    }

    /// Whether these can be: far beyond how people differ is no take.
    pub fn is_sound(&self) -> bool {
        let of_octaves = self.spread.iter().chain([&self.tempo, &self.articulation]);
        of_octaves.into_iter().all(|x| (0.0..=1.0).contains(x)) && (0.0..=32.0).contains(&self.velocity)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VARIETY: TakeVariety =
        TakeVariety { spread: [0.2; KINDS], velocity: 4.0, tempo: 0.1, articulation: 0.2 };

    #[test]
    fn a_seed_draws_its_own_and_always_the_same() {
        assert_eq!(VARIETY.draw(5, 1.0), VARIETY.draw(5, 1.0));
        assert_ne!(VARIETY.draw(5, 1.0), VARIETY.draw(6, 1.0));
        let (one, two) = (VARIETY.draw(5, 1.0), VARIETY.draw(5, 2.0));
        assert!((two.tempo - 2.0 * one.tempo).abs() < 1e-12);
        let louder = TakeVariety { velocity: 8.0, ..VARIETY }.draw(5, 1.0);
        assert_eq!((louder.tempo, louder.factors), (one.tempo, one.factors));
    }

    #[test]
    fn without_variety_takes_are_as_they_were() {
        let none = Drawn { factors: [1.0; KINDS], velocity: 0.0, tempo: 0.0, articulation: 0.0 };
        assert_eq!(VARIETY.draw(5, 0.0), none);
        assert_eq!(TakeVariety::default().draw(5, 1.0), none);
    }

    #[test]
    fn takes_differ_as_much_as_was_asked() {
        let drawn: Vec<Drawn> = (0..2000).map(|seed| VARIETY.draw(seed, 1.0)).collect();
        let deviation = |of: &dyn Fn(&Drawn) -> f64| {
            let mean = drawn.iter().map(of).sum::<f64>() / 2000.0;
            (drawn.iter().map(|d| (of(d) - mean).powi(2)).sum::<f64>() / 2000.0).sqrt()
        };
        // Cut at two deviations, .96 of it is left.
        for (found, asked) in [
            (deviation(&|d| d.velocity), 4.0),
            (deviation(&|d| d.tempo), 0.1),
            (deviation(&|d| d.factors[0].log2()), 0.2),
        ] {
            assert!((0.9..1.02).contains(&(found / asked)), "{found} for {asked}");
        }
        assert!(drawn.iter().all(|d| d.velocity.abs() <= 8.0));
    }

    #[test]
    fn what_no_take_is_is_not_sound() {
        assert!(VARIETY.is_sound() && TakeVariety::default().is_sound());
        assert!(!TakeVariety { velocity: 33.0, ..VARIETY }.is_sound());
        assert!(!TakeVariety { tempo: -0.1, ..VARIETY }.is_sound());
        assert!(!TakeVariety { spread: [f64::NAN; KINDS], ..VARIETY }.is_sound());
    }
}
