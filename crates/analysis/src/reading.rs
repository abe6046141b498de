//! How the KTH rules read a score: what networks that learn from people are given of it.

use notation::Score;

use crate::harmony::{Harmony, harmonic_charge, melodic_charge};
use crate::phrases::{Phrase, Phrases};
use crate::rules::{self, Weights, articulation, dynamics};
use crate::sketch::{Sketch, VELOCITY_PER_DB};
use crate::written_tempo::WrittenTempo;

/// A score as the rules see it. Onsets are indices into [`Score::onset_groups`].
pub struct Reading {
    /// The phrase and the sub-phrase over each onset: its first onset, the one after its last, and
    /// whether it ends with a longer one.
    pub phrases: [Vec<(usize, usize, bool)>; 2],
    /// The melody note of each onset, if it has one.
    pub melody: Vec<Option<usize>>,
    /// First onset of the chord over each onset, that of the next, and the chord's harmonic charge.
    pub chords: Vec<(usize, usize, f64)>,
    /// Melodic charge of each note over its chord's root, and which of its tones it is (root 0).
    pub tones: Vec<(f64, Option<usize>)>,
    /// log2 of seconds per quarter at each onset as the rules play it, and how much of that is
    /// theirs alone.
    pub tempo: Vec<(f64, f64)>,
    /// MIDI velocity of each note as the rules play it, chance left out.
    pub velocity: Vec<f64>,
    /// log2 of played over written length of each note.
    pub articulation: Vec<f64>,
}

impl Reading {
    /// Reads a score with [`Weights::FOR_FEATURES`].
    pub fn of(score: &Score) -> Self {
        let weights = Weights::FOR_FEATURES;
        let mut sketch = Sketch::new(score);
        let found = Phrases::find(&sketch);
        WrittenTempo::read(score).apply(&mut sketch);
        dynamics::written(&mut sketch, &weights);
        articulation::marks(&mut sketch, &weights);
        let harmony = Harmony::read(&sketch);
        rules::apply(&mut sketch, &harmony, &weights);
        let onsets = sketch.onsets.len();
        let tempo = sketch.onsets.iter().map(|o| {
            let secs = o.secs + o.pause_secs;
            ((secs / o.span_quarters).log2(), (secs / o.nominal_secs).log2())
        });
        let velocity = sketch.notes.iter().map(|n| n.written_velocity + VELOCITY_PER_DB * n.level_db);
        Self {
            phrases: [over(&found.phrases, onsets), over(&found.subphrases, onsets)],
            melody: sketch.onsets.iter().map(|o| o.melody).collect(),
            chords: chords(&harmony, onsets),
            tones: tones(&sketch, &harmony),
            tempo: tempo.collect(),
            velocity: velocity.collect(),
            articulation: sketch.notes.iter().map(|n| n.ratio.max(1e-3).log2()).collect(),
        }
    }
}

/// The phrase over each onset.
fn over(phrases: &[Phrase], onsets: usize) -> Vec<(usize, usize, bool)> {
    let mut spans = vec![(0, onsets, true); onsets];
    for phrase in phrases {
        spans[phrase.first..phrase.end].fill((phrase.first, phrase.end, phrase.ends_higher));
    }
    spans
}

/// The chord over each onset.
fn chords(harmony: &Harmony, onsets: usize) -> Vec<(usize, usize, f64)> {
    let mut spans = vec![(0, onsets, 0.0); onsets];
    for (k, chord) in harmony.chords.iter().enumerate() {
        let end = harmony.chords.get(k + 1).map_or(onsets, |next| next.onset);
        for (onset, span) in spans.iter_mut().enumerate().take(end).skip(chord.onset) {
            let charge = harmony.tonics.get(onset).map_or(0.0, |tonic| harmonic_charge(chord, *tonic));
            *span = (chord.onset, end, charge);
        }
    }
    spans
}

/// What each note is in its chord.
fn tones(sketch: &Sketch<'_>, harmony: &Harmony) -> Vec<(f64, Option<usize>)> {
    let tone = |(n, note): (usize, &notation::Note)| {
        let Some(chord) = harmony.chord_at(sketch.notes[n].onset) else { return (0.0, None) };
        let class = usize::from(note.pitch) % 12;
        let above = (class + 12 - chord.root) % 12;
        (melodic_charge(class, chord.root), chord.tones.iter().position(|tone| *tone == above))
    };
    sketch.score.notes.iter().enumerate().map(tone).collect()
}
