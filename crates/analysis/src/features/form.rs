//! The form of a piece: phrases, harmony, what is coming, and how the KTH rules would play it.

use notation::Score;

use crate::reading::Reading;

/// What is computed once a score.
pub(super) struct Form {
    pub reading: Reading,
    /// Mean of the rules' log2 of seconds per quarter over all onsets.
    pub mean_tempo: f64,
    /// Onsets before which nothing sounds for a moment, in quarters.
    pub silences: Vec<f64>,
}

impl Form {
    pub fn of(score: &Score) -> Self {
        let reading = Reading::of(score);
        let mean_tempo =
            reading.tempo.iter().map(|(tempo, _)| tempo).sum::<f64>() / reading.tempo.len().max(1) as f64;
        let mut silences = Vec::new();
        let mut sounding = 0.0_f64;
        for note in &score.notes {
            let at = note.onset.to_f64();
            if at > sounding + 1e-6 && sounding > 0.0 {
                silences.push(at);
            }
            sounding = sounding.max(note.offset().to_f64());
        }
        Self { reading, mean_tempo, silences }
    }
}
