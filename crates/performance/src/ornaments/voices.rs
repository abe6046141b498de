//! When the voice of each note goes on.

use std::collections::HashMap;

use notation::{Quarters, Score};

use crate::PlayedNote;

/// For each played note when the next one of its voice is played.
pub(super) struct NextInVoice(Vec<Option<f64>>);

/// The notes of a voice at one onset: where it is and when the first of them is played.
type Onset = (Quarters, f64);

/// What of a voice is known on the way back: its onset at hand, and the one after it.
struct Voice {
    here: Onset,
    later: Option<Onset>,
}

impl NextInVoice {
    /// Of notes in the order of the score.
    pub fn of(score: &Score, notes: &[PlayedNote]) -> Self {
        let mut voices: HashMap<(u16, u8, u8), Voice> = HashMap::new();
        let mut next = vec![None; notes.len()];
        for (k, played) in notes.iter().enumerate().rev() {
            let Some(written) = score.notes.get(played.note as usize) else { continue };
            let here = (written.onset, played.onset_secs);
            let key = (written.part, written.staff, written.voice);
            let voice = voices.entry(key).or_insert(Voice { here, later: None });
            if voice.here.0 == written.onset {
                voice.here.1 = voice.here.1.min(played.onset_secs);
            } else {
                *voice = Voice { here, later: Some(voice.here) };
            }
            next[k] = voice.later.map(|(_, secs)| secs);
        }
        Self(next)
    }

    /// When the voice of the `k`-th played note goes on, in seconds.
    pub fn secs(&self, k: usize) -> Option<f64> {
        self.0.get(k).copied().flatten()
    }
}
