//! How sure a reading is: the chance that people would agree with it.

use performance::cues::{Cue, Cues};

/// Cues that people were asked about, and that a mood is told by, in this order.
pub const ASKED: [Cue; 5] = [Cue::Tempo, Cue::Level, Cue::Articulation, Cue::Pedal, Cue::Rubato];

/// Log odds of being right, and how much they grow with nearness and strength. By logistic
/// regression on the texts of the judged lists and on the imitations, each read without the
/// imitations that share a word with it; `espressivo evaluate mood --meanings` fits them anew.
const ODDS: [f64; 3] = [-2.10, 2.71, 4.71];

/// What tells whether a reading is right.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Cosine of the nearest thing that is known; 1 for what is known by itself.
    pub nearness: f64,
    /// Root mean square of the cues that people were asked about, in deviations.
    pub strength: f64,
    /// Share of the words that somebody knows.
    pub known: f64,
}

impl Evidence {
    /// Of a reading that leans so.
    pub fn of(nearness: f64, cues: &Cues, known: f64) -> Self {
        let sum: f64 = ASKED.iter().map(|cue| cues[*cue as usize].powi(2)).sum();
        Self { nearness, strength: (sum / ASKED.len() as f64).sqrt(), known }
    }

    /// Chance that every cue that people expect to change does, 0 to 1. Words that nobody knows may
    /// mean anything: the chance falls with their share.
    pub fn sureness(&self) -> f64 {
        let [all, nearness, strength] = ODDS;
        let odds = all + nearness * self.nearness + strength * self.strength;
        self.known / (1.0 + (-odds).exp())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearer_and_stronger_is_surer_and_unknown_words_are_guesses() {
        let sureness = |nearness, lean, known| Evidence::of(nearness, &[lean; 8], known).sureness();
        assert!(sureness(0.9, 0.5, 1.0) > sureness(0.4, 0.5, 1.0));
        assert!(sureness(0.5, -0.9, 1.0) > sureness(0.5, 0.2, 1.0));
        assert!(sureness(1.0, 1.0, 1.0) > 0.95 && sureness(0.2, 0.05, 1.0) < 0.45);
        assert!((sureness(0.9, 0.5, 0.5) - 0.5 * sureness(0.9, 0.5, 1.0)).abs() < 1e-12);
    }

    #[test]
    fn only_what_people_were_asked_about_counts() {
        let mut cues = [0.0; 8];
        for cue in [Cue::Range, Cue::Swell, Cue::Spread] {
            cues[cue as usize] = 3.0;
        }
        assert_eq!(Evidence::of(0.5, &cues, 1.0).strength, 0.0);
        cues[Cue::Tempo as usize] = 2.0;
        assert!((Evidence::of(0.5, &cues, 1.0).strength - 0.8f64.sqrt()).abs() < 1e-12);
    }
}
