//! The scale that a new piece is in, so that it stays in one for a while.
//!
//! A network that has not learned much of harmony writes notes of all scales beside each other. So pitches outside the
//! scale that the last notes speak for are made less likely. The scale may change, as pieces modulate: what was
//! written fades.

use analysis::harmony::key_signature;
use notation::{KeySignature, Note, Quarters};

use crate::ecp::{METRIC, NOTE, duration_of};
use crate::network::ScoreTokens;

/// How much less likely a pitch outside the scale is, as a logit.
const OUTSIDE: f32 = 2.5;

/// What is left of a note's weight after a beat.
const KEPT: f64 = 0.93;

/// How much the triad weighs that a piece begins with, in quarters a note.
const BEGINNING: f64 = 3.0;

/// Weights below this are nothing, in quarters.
const LEAST: f64 = 1e-3;

/// Keys that a piece may begin in: twelve major ones and as many minor ones.
const KEYS: f64 = 24.0;

/// The steps of a major scale, and of a natural minor one with its leading note, from the tonic.
const STEPS: [&[u8]; 2] = [&[0, 2, 4, 5, 7, 9, 11], &[0, 2, 3, 5, 7, 8, 10, 11]];

/// What the last notes speak for.
pub struct Scale {
    /// How long each pitch class sounded lately, in quarters.
    weights: [f64; 12],
    /// Whether each pitch class is in the scale.
    is_inside: [bool; 12],
}

impl Scale {
    /// One that is drawn, by a number in 0..1.
    pub fn drawn(chance: f64) -> Self {
        let key = (chance.clamp(0.0, 1.0) * KEYS) as usize;
        let (tonic, third) = (key / 2, if key.is_multiple_of(2) { 4 } else { 3 });
        let mut weights = [0.0; 12];
        for step in [0, third, 7] {
            weights[(tonic + step) % 12] = BEGINNING;
        }
        let mut scale = Self { weights, is_inside: [true; 12] };
        scale.settle();
        scale
    }

    /// Hears a step that is read or was written.
    pub fn hear(&mut self, step: ScoreTokens) {
        let [family, _, pitch, duration] = step;
        if family == NOTE {
            self.weights[usize::from(super::walk::KEYS.0 + pitch.saturating_sub(1)) % 12] +=
                duration_of(duration).to_f64().clamp(0.0, 4.0);
        } else if family == METRIC {
            self.weights.iter_mut().for_each(|weight| *weight *= KEPT);
            self.settle();
        }
    }

    /// Logits of pitches, those outside the scale lowered.
    pub fn lean(&self, logits: &[f32]) -> Vec<f32> {
        let lowered = |(value, logit): (usize, &f32)| {
            let class = (usize::from(super::walk::KEYS.0) + value.saturating_sub(1)) % 12;
            if self.is_inside[class] { *logit } else { logit - OUTSIDE }
        };
        logits.iter().enumerate().map(lowered).collect()
    }

    fn settle(&mut self) {
        let heard = self.weights.iter().enumerate().filter(|(_, weight)| **weight > LEAST);
        let most = self.weights.iter().copied().fold(LEAST, f64::max);
        // The key finder counts a note as four quarters at most.
        let share = |weight: f64| Quarters::new((weight / most * 4000.0) as i64, 1000);
        let notes: Vec<Note> = heard
            .map(|(class, weight)| Note { pitch: class as u8, duration: share(*weight), ..Note::default() })
            .collect();
        self.is_inside = inside(key_signature(&notes));
    }
}

/// The pitch classes of a key's scale.
fn inside(key: KeySignature) -> [bool; 12] {
    let major = (i32::from(key.fifths) * 7).rem_euclid(12);
    let tonic = if key.minor { major + 9 } else { major };
    let mut is_inside = [false; 12];
    for step in STEPS[usize::from(key.minor)] {
        is_inside[((tonic + i32::from(*step)) % 12) as usize] = true;
    }
    is_inside
}

#[cfg(test)]
#[path = "scale_tests.rs"]
mod tests;
