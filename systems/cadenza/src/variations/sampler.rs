//! Choosing the next token: the passage's own, or one of the network's.

use neural::sampling::Choice;
use rand::{RngExt, SeedableRng};
use rand_pcg::Pcg64Mcg;

use super::scale::Scale;
use super::walk::Walk;
use super::words::{Word, Words};

/// How much lower than the passage's the share of notes in its scale may be.
pub const SCALE_SLACK: f64 = 0.05;

/// Random numbers of one attempt.
pub struct Chance(Pcg64Mcg);

impl Chance {
    /// Those of a seed, a variation and an attempt.
    pub fn of(seed: u64, variation: usize, attempt: usize) -> Self {
        // Odd numbers that spread what differs in few bits (Steele and others, "Fast Splittable Pseudorandom
        // Number Generators", 2014).
        let mixed = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15)
            ^ (variation as u64).wrapping_mul(0xBF58_476D_1CE4_E5B9)
            ^ (attempt as u64).wrapping_mul(0x94D0_49BB_1331_11EB);
        Self(Pcg64Mcg::seed_from_u64(mixed))
    }

    /// A number in 0..1.
    pub fn share(&mut self) -> f64 {
        self.0.random::<f64>()
    }

    /// A normal number (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.share()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.share()).cos()
    }
}

/// Chooses among what may come next.
pub struct Sampler<'a> {
    /// The words.
    pub words: &'a Words,
    /// How the network's tokens are chosen.
    pub choice: Choice,
    /// How often the passage's own token is taken where it may be, 0 to 1.
    pub keep: f64,
    /// The share of notes that have to be in the passage's scale, and that scale; the network's notes outside
    /// it are passed over where there would be fewer.
    pub scale: Option<(Scale, f64)>,
    /// The random numbers.
    pub chance: Chance,
}

impl Sampler<'_> {
    /// The number of the next token, or nothing where none may follow.
    pub fn choose(&mut self, logits: &[f32], walk: &Walk<'_>) -> Option<usize> {
        let allowed = walk.allowed();
        if let [only] = allowed[..] {
            return Some(only);
        }
        let own = walk.own().filter(|_| self.keep > 0.0 && self.chance.share() < self.keep);
        if let Some(own) = own.and_then(|own| allowed.iter().find(|id| self.words.all[**id] == own)) {
            return Some(*own);
        }
        let preferred: Vec<usize> =
            allowed.iter().copied().filter(|id| self.is_preferred(*id, walk)).collect();
        let among = if preferred.is_empty() { &allowed } else { &preferred };
        let chosen: Vec<f32> = among.iter().map(|id| logits.get(*id).copied().unwrap_or(f32::MIN)).collect();
        if chosen.is_empty() {
            return None;
        }
        among.get(self.choice.choose(&chosen, 0..chosen.len(), self.chance.share())).copied()
    }

    /// Whether a token is chosen before others: those that are not are a key that is held already, and a note
    /// outside the scale where there are too many.
    fn is_preferred(&self, id: usize, walk: &Walk<'_>) -> bool {
        let Word::Pitch(pitch) = self.words.all[id] else { return true };
        if walk.is_own(pitch) {
            return true;
        }
        !walk.sounds(pitch)
            && self.scale.is_none_or(|(scale, least)| {
                let outside = walk.written.iter().filter(|note| !scale.has(note.pitch)).count();
                let most = (1.0 - least) * (walk.written.len() + 1) as f64;
                scale.has(pitch) || (outside + 1) as f64 <= most
            })
    }
}
