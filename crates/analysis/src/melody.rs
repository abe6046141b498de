//! Which notes are the melody.

use notation::Score;

use crate::sketch::Sketch;

/// Whether each note of a score belongs to the melody: the melody notes of the onsets, and the grace
/// notes before them in the same voice.
pub fn melody(score: &Score) -> Vec<bool> {
    let sketch = Sketch::new(score);
    let mut is_melody = vec![false; score.notes.len()];
    for onset in &sketch.onsets {
        let Some(main) = onset.melody else { continue };
        let voice = |n: usize| (score.notes[n].part, score.notes[n].staff, score.notes[n].voice);
        for n in onset.notes.clone() {
            is_melody[n] = n == main || (score.notes[n].grace.is_some() && voice(n) == voice(main));
        }
    }
    is_melody
}
