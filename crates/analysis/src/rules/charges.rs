//! The two charge rules: notes and chords far from tonic and key are louder and slower.
//!
//! Sundberg, Friberg & Frydén, *Common secrets of musicians and listeners: an analysis-by-synthesis
//! study of musical performance* (1991).

use crate::harmony::{Chord, Harmony, harmonic_charge, melodic_charge};
use crate::sketch::Sketch;

/// The crescendo towards a charged chord starts so long before it.
const CRESCENDO_SECS: f64 = 1.9;

/// Melodic charge: Δsl = 0.2·C_M·k dB, dr ×= 1 + (2/300)·C_M·k.
pub fn melodic(sketch: &mut Sketch<'_>, harmony: &Harmony, k: f64) {
    for index in 0..sketch.onsets.len() {
        let (Some(melody), Some(chord)) = (sketch.onsets[index].melody, harmony.chord_at(index)) else {
            continue;
        };
        let charge = melodic_charge(usize::from(sketch.score.notes[melody].pitch), chord.root);
        sketch.notes[melody].level_db += 0.2 * charge * k;
        sketch.onsets[index].secs *= 1.0 + 2.0 / 300.0 * charge * k;
    }
}

/// Harmonic charge: the level of a chord is 1.5·√C_H·k dB, reached by a crescendo or diminuendo
/// over the last 1.9 s before it; dr += 2·√C_H·k ms, and 8·√C_H·k ms where the chord changes.
pub fn harmonic(sketch: &mut Sketch<'_>, harmony: &Harmony, k: f64) {
    let root_charge = |chord: &Chord| harmonic_charge(chord, harmony.tonics[chord.onset]).sqrt();
    let charges: Vec<f64> = harmony.chords.iter().map(root_charge).collect();
    let times = sketch.times_secs();
    let mut chord = 0;
    for index in 0..sketch.onsets.len() {
        while chord + 1 < harmony.chords.len() && harmony.chords[chord + 1].onset <= index {
            chord += 1;
        }
        let Some(charge) = charges.get(chord).copied() else { return };
        let next = harmony.chords.get(chord + 1).zip(charges.get(chord + 1));
        let level = next.map_or(charge, |(next, next_charge)| {
            let start = (times[next.onset] - CRESCENDO_SECS).max(times[harmony.chords[chord].onset]);
            let length = (times[next.onset] - start).max(1e-9);
            charge + (next_charge - charge) * ((times[index] - start) / length).clamp(0.0, 1.0)
        });
        let changes = harmony.chords[chord].onset == index;
        sketch.onsets[index].secs += charge * k * if changes { 0.008 } else { 0.002 };
        for n in sketch.onsets[index].notes.clone() {
            sketch.notes[n].level_db += 1.5 * level * k;
        }
    }
}
