//! From the similarity that is asked for to what the network is asked.

use crate::composer::Posterior;

use super::sampler::Chance;

/// The passage's own token is taken where it may be with a probability of the nearness to this power: a note
/// is equal only if its place, pitch and duration are.
const KEEP_POWER: f64 = 0.4;

/// Likenesses beyond which an attempt says nothing about the others.
const TELLING: std::ops::Range<f64> = 0.005..0.995;

/// How much of what was known stays when attempts have been made.
const MEMORY: f64 = 0.5;

/// Bounds of the power.
const POWERS: (f64, f64) = (0.2, 5.0);

/// Which nearness leads to the similarity that is asked for. Similarity is taken to be a power of
/// nearness, which attempts tell.
#[derive(Clone, Copy, Debug)]
pub struct Dial {
    target: f64,
    power: f64,
}

impl Dial {
    /// For a similarity that is asked for, 0 to 1, before the first attempt.
    pub fn new(target: f64) -> Self {
        Self { target, power: 1.0 }
    }

    /// The similarity that is asked for.
    pub fn target(&self) -> f64 {
        self.target
    }

    /// What is to be tried next: 0 asks for an idea of the network's own, 1 for the passage.
    pub fn nearness(&self) -> f64 {
        self.target.clamp(0.0, 1.0).powf(1.0 / self.power)
    }

    /// Takes account of what came of a nearness.
    pub fn learn(&mut self, nearness: f64, found: f64) {
        if TELLING.contains(&nearness) && TELLING.contains(&found) {
            let told = found.ln() / nearness.ln();
            let power = MEMORY * self.power + (1.0 - MEMORY) * told;
            self.power = power.clamp(POWERS.0, POWERS.1);
        }
    }
}

/// How often the passage's own token is taken where it may be.
pub fn keep(nearness: f64) -> f64 {
    nearness.clamp(0.0, 1.0).powf(KEEP_POWER)
}

/// A latent vector: on the way from the posterior of the passage, whose deviations count the less the nearer
/// it is, to a random one, along a circle, so that it is as long as latent vectors are everywhere on the way.
pub fn latent(posterior: &Posterior, nearness: f64, chance: &mut Chance) -> Vec<f32> {
    let (near, far) = (nearness * std::f64::consts::FRAC_PI_2).sin_cos();
    let places = posterior.mean.iter().zip(&posterior.deviation);
    places
        .map(|(mean, deviation)| {
            let around = (1.0 - nearness) * f64::from(*deviation) * chance.normal();
            (near * (f64::from(*mean) + around) + far * chance.normal()) as f32
        })
        .collect()
}

/// A latent vector drawn from a posterior.
pub fn drawn(posterior: &Posterior, chance: &mut Chance) -> Vec<f32> {
    let places = posterior.mean.iter().zip(&posterior.deviation);
    places.map(|(mean, deviation)| mean + deviation * chance.normal() as f32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_the_dial_are_the_passage_and_an_idea() {
        assert_eq!((Dial::new(0.0).nearness(), Dial::new(1.0).nearness()), (0.0, 1.0));
        assert_eq!((keep(0.0), keep(1.0)), (0.0, 1.0));
        let posterior = Posterior { mean: vec![3.0, -2.0], deviation: vec![0.5, 0.1] };
        let near = latent(&posterior, 1.0, &mut Chance::of(1, 0, 0));
        assert!(near.iter().zip(&posterior.mean).all(|(found, mean)| (found - mean).abs() < 1e-6));
        let normals = |far: &Posterior| latent(far, 0.0, &mut Chance::of(1, 0, 0));
        let still = Posterior { mean: vec![0.0, 0.0], deviation: vec![0.5, 0.1] };
        assert_eq!(normals(&posterior), normals(&still), "nothing of the passage is left");
    }

    /// A system in which similarity is the square of nearness.
    #[test]
    fn the_dial_finds_the_nearness_that_gives_what_is_asked_for() {
        for target in [0.1, 0.4, 0.7, 0.9] {
            let mut dial = Dial::new(target);
            for _ in 0..8 {
                let nearness = dial.nearness();
                dial.learn(nearness, nearness * nearness);
            }
            let found = dial.nearness().powi(2);
            assert!((found - target).abs() < 0.01, "{found} instead of {target}");
        }
    }

    /// Means and variances of 10,000 numbers within four standard errors.
    #[test]
    fn random_numbers_are_normal() {
        let mut chance = Chance::of(7, 0, 0);
        let numbers: Vec<f64> = (0..10_000).map(|_| chance.normal()).collect();
        let mean = numbers.iter().sum::<f64>() / 1e4;
        let variance = numbers.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / 1e4;
        assert!(mean.abs() < 0.04 && (variance - 1.0).abs() < 0.057, "{mean} {variance}");
    }
}
