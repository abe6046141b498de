//! Onsets of a performance, and how much each stands out among its neighbours.

use std::ops::Range;

use crate::midi::MidiNote;

/// Notes that start this soon after the first of a chord belong to it.
const CHORD_SECS: f64 = 0.035;

/// What an onset is compared with lies this near, before and after.
const AROUND_SECS: f64 = 2.0;

/// Harmony changes where what sounds for this long before and after differs.
const HARMONY_SECS: f64 = 0.7;

/// A low note counts as a bass from so many octaves below its neighbours on.
const BASS_OCTAVES: f64 = 0.5;

/// Properties of an onset.
pub(super) const PROPERTIES: usize = 8;

/// Notes that start together.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Onset {
    /// Their mean onset.
    pub secs: f64,
    /// How it stands out: number of notes, lowest pitch (octaves), loudest velocity (in steps of 16
    /// values), longest note, time to the next and from the last onset (log2), each less its mean around;
    /// change of harmony, 0 to 1; depth of a bass, octaves.
    pub properties: [f64; PROPERTIES],
}

/// A chord before it is compared.
struct Chord {
    notes: Range<usize>,
    secs: f64,
}

/// The onsets of notes that are ordered by onset, and whose times are numbers.
pub(super) fn onsets(notes: &[MidiNote]) -> Vec<Onset> {
    let chords = chords(notes);
    let secs: Vec<f64> = chords.iter().map(|c| c.secs).collect();
    let of = |value: &dyn Fn(&[MidiNote]) -> f64| -> Vec<f64> {
        chords.iter().map(|c| value(&notes[c.notes.clone()])).collect()
    };
    let lowest = of(&|n| f64::from(n.iter().map(|n| n.pitch).min().unwrap_or(0)) / 12.0);
    let steps = |from: f64, to: f64| (to - from).clamp(0.03, 3.0).log2();
    let next = secs.windows(2).map(|w| steps(w[0], w[1])).chain([0.0]);
    let last = [0.0].into_iter().chain(secs.windows(2).map(|w| steps(w[0], w[1])));
    let compared = [
        of(&|n| n.len().min(5) as f64),
        lowest,
        of(&|n| f64::from(n.iter().map(|n| n.velocity).max().unwrap_or(0)) / 16.0),
        of(&|n| n.iter().map(|n| n.duration_secs.clamp(0.03, 4.0)).fold(0.03, f64::max).log2()),
        next.take(secs.len()).collect(),
        last.take(secs.len()).collect(),
    ]
    .map(|values| less_their_mean(&secs, &values));
    let harmony = harmony_changes(notes, &chords, &secs);
    let onset = |k: usize| {
        let mut properties = [0.0; PROPERTIES];
        for (property, values) in properties.iter_mut().zip(&compared) {
            *property = values[k];
        }
        properties[6] = harmony[k];
        properties[7] = (-compared[1][k] - BASS_OCTAVES).max(0.0);
        Onset { secs: secs[k], properties }
    };
    (0..secs.len()).map(onset).collect()
}

fn chords(notes: &[MidiNote]) -> Vec<Chord> {
    let mut chords: Vec<Chord> = Vec::new();
    for (k, note) in notes.iter().enumerate() {
        match chords.last_mut() {
            Some(chord) if note.onset_secs - notes[chord.notes.start].onset_secs <= CHORD_SECS => {
                chord.notes.end = k + 1;
            }
            _ => chords.push(Chord { notes: k..k + 1, secs: note.onset_secs }),
        }
    }
    for chord in &mut chords {
        let onsets = notes[chord.notes.clone()].iter().map(|n| n.onset_secs);
        chord.secs = onsets.sum::<f64>() / chord.notes.len() as f64;
    }
    chords
}

/// Each value less the mean of those that are near it in time.
fn less_their_mean(secs: &[f64], values: &[f64]) -> Vec<f64> {
    let mut sums = Vec::with_capacity(values.len() + 1);
    sums.push(0.0);
    for value in values {
        sums.push(sums[sums.len() - 1] + value);
    }
    let less_mean = |k: usize| {
        let from = secs.partition_point(|s| *s < secs[k] - AROUND_SECS);
        let to = secs.partition_point(|s| *s <= secs[k] + AROUND_SECS);
        values[k] - (sums[to] - sums[from]) / (to - from) as f64
    };
    (0..values.len()).map(less_mean).collect()
}

/// One less the cosine between the pitch classes before and from each chord on.
fn harmony_changes(notes: &[MidiNote], chords: &[Chord], secs: &[f64]) -> Vec<f64> {
    let mut sums = vec![[0.0f64; 12]];
    for chord in chords {
        let mut sum = sums[sums.len() - 1];
        for note in &notes[chord.notes.clone()] {
            sum[usize::from(note.pitch % 12)] += note.duration_secs.clamp(0.05, 0.6);
        }
        sums.push(sum);
    }
    let between =
        |from: usize, to: usize| -> [f64; 12] { std::array::from_fn(|p| sums[to][p] - sums[from][p]) };
    let dot = |a: &[f64; 12], b: &[f64; 12]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let change = |k: usize| {
        let from = secs.partition_point(|s| *s < secs[k] - HARMONY_SECS);
        let to = secs.partition_point(|s| *s < secs[k] + HARMONY_SECS).max(k + 1);
        let (before, after) = (between(from, k), between(k, to));
        1.0 - dot(&before, &after) / (dot(&before, &before) * dot(&after, &after) + 1e-9).sqrt()
    };
    (0..chords.len()).map(change).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(onset_secs: f64, pitch: u8) -> MidiNote {
        MidiNote { onset_secs, duration_secs: 0.4, pitch, velocity: 64, track: 0 }
    }

    #[test]
    fn a_chord_is_one_onset_and_its_bass_stands_out() {
        let mut notes: Vec<MidiNote> = (1..8).map(|k| note(0.5 * f64::from(k), 72)).collect();
        notes.extend([note(2.01, 40), note(2.02, 64)]);
        notes.sort_by(|a, b| a.onset_secs.total_cmp(&b.onset_secs));
        let onsets = onsets(&notes);
        assert_eq!(onsets.len(), 7);
        let chord = onsets[3];
        assert!((chord.secs - 2.01).abs() < 1e-9);
        assert!(chord.properties[0] > 1.0 && chord.properties[1] < -2.0 && chord.properties[7] > 1.5);
        assert!(onsets[2].properties[7] == 0.0 && chord.properties[6] > onsets[2].properties[6]);
    }

    #[test]
    fn nothing_stands_out_where_all_is_alike() {
        let notes: Vec<MidiNote> = (0..40).map(|k| note(0.25 * f64::from(k), 60)).collect();
        let middle = onsets(&notes)[20];
        assert!(middle.properties.iter().all(|p| p.abs() < 1e-6), "{middle:?}");
    }
}
