//! What chord and what key: found by template matching, used by the two charge rules and by features.
//!
//! The rules are those of Sundberg, Friberg & Frydén, *Common secrets of musicians and listeners:
//! an analysis-by-synthesis study of musical performance* (1991). They need a chord analysis,
//! which a score rarely has; ours matches the notes of each beat with triads and seventh chords
//! and lets a chord go on unless the notes speak clearly for another.

use notation::{KeySignature, Note, Score};

use super::sketch::Sketch;

/// Melodic charge by semitones above the root.
const MELODIC_CHARGE: [f64; 12] = [0.0, 6.5, 2.0, 4.5, 4.0, 2.5, 6.0, 1.0, 5.5, 3.0, 3.5, 5.0];

/// Chord types as semitones above the root.
const CHORDS: [&[usize]; 5] = [&[0, 4, 7], &[0, 3, 7], &[0, 3, 6], &[0, 4, 7, 10], &[0, 3, 6, 9]];

/// What a change of chord costs, in quarters of well-fitting notes.
const CHANGE_COST: f64 = 0.6;

/// A note is taken to sound in at most so many beats.
const LONGEST_BEATS: usize = 16;

/// Krumhansl & Kessler's probe-tone profiles (1982).
const MAJOR: [f64; 12] = [6.35, 2.23, 3.48, 2.33, 4.38, 4.09, 2.52, 5.19, 2.39, 3.66, 2.29, 2.88];
const MINOR: [f64; 12] = [6.33, 2.68, 3.52, 5.38, 2.60, 3.53, 2.54, 4.75, 3.98, 2.69, 3.34, 3.17];

/// A chord that holds from one onset to the next chord.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Chord {
    /// Index of the onset that it starts at.
    pub onset: usize,
    /// Pitch class of its root.
    pub root: usize,
    /// Its tones, semitones above the root.
    pub tones: &'static [usize],
}

/// Melodic charge C_M of a pitch over a root.
pub fn melodic_charge(pitch: usize, root: usize) -> f64 {
    MELODIC_CHARGE[(pitch + 12 - root % 12) % 12]
}

/// Harmonic charge C_H of a chord in a key.
pub fn harmonic_charge(chord: &Chord, tonic: usize) -> f64 {
    let charge = |tone: usize| melodic_charge(chord.root + chord.tones[tone], tonic);
    (charge(0) + 2.0 / 3.0 * charge(1) + 1.0 / 3.0 * charge(2) - 3.0).max(0.0)
}

/// Chords and keys of a score.
pub struct Harmony {
    /// In order; the first starts at the first onset.
    pub chords: Vec<Chord>,
    /// Tonic's pitch class by onset.
    pub tonics: Vec<usize>,
}

impl Harmony {
    /// Analyses the score of a sketch.
    pub fn read(sketch: &Sketch<'_>) -> Self {
        let beats = Beats::of(sketch);
        Self { chords: chords(&beats), tonics: tonics(sketch) }
    }

    /// Index of the chord that sounds at an onset.
    pub fn chord_at(&self, onset: usize) -> Option<&Chord> {
        let k = self.chords.partition_point(|c| c.onset <= onset);
        k.checked_sub(1).map(|k| &self.chords[k])
    }
}

/// Beats in which something starts, and how long each pitch class sounds in them.
struct Beats {
    /// First onset of each.
    onsets: Vec<usize>,
    /// Quarters by pitch class.
    weights: Vec<[f64; 12]>,
}

impl Beats {
    fn of(sketch: &Sketch<'_>) -> Self {
        let score = sketch.score;
        let mut starts: Vec<(usize, i64)> = Vec::new();
        let mut onsets: Vec<usize> = Vec::new();
        for (k, onset) in sketch.onsets.iter().enumerate() {
            let measure = score.notes[onset.notes.start].measure as usize;
            let start = score.measures.get(measure).map_or(0.0, |m| m.start.to_f64());
            let beat = score.measures.get(measure).map_or(1.0, |m| m.time.beat_length().to_f64());
            let key = (measure, ((onset.at - start) / beat.max(0.125) + 1e-6).floor() as i64);
            if starts.last() != Some(&key) {
                starts.push(key);
                onsets.push(k);
            }
        }
        let at = |beat: usize| onsets.get(beat).map_or(f64::INFINITY, |k| sketch.onsets[*k].at);
        let mut weights = vec![[0.0; 12]; onsets.len()];
        for (n, note) in score.notes.iter().enumerate().filter(|(_, n)| n.grace.is_none()) {
            let first = onsets.partition_point(|k| *k <= sketch.notes[n].onset).saturating_sub(1);
            let (from, to) = (note.onset.to_f64(), note.offset().to_f64());
            for beat in first..weights.len().min(first + LONGEST_BEATS) {
                let sounding = to.min(at(beat + 1)) - from.max(at(beat));
                if sounding <= 0.0 {
                    break;
                }
                weights[beat][usize::from(note.pitch) % 12] += sounding.min(4.0);
            }
        }
        Self { onsets, weights }
    }
}

/// How well a beat's notes fit a chord: tones of the chord count for it, the root a little more,
/// others against it.
fn fit(weights: &[f64; 12], root: usize, tones: &[usize]) -> f64 {
    let mut sum = 0.0;
    for (class, weight) in weights.iter().enumerate() {
        let above = (class + 12 - root) % 12;
        sum += weight
            * if above == 0 {
                1.15
            } else if tones.contains(&above) {
                1.0
            } else {
                -0.8
            };
    }
    // A seventh must be heard to be worth its larger net.
    sum - if tones.len() > 3 { 0.25 } else { 0.0 }
}

/// The best path through all chords, a change costing something (Viterbi).
fn chords(beats: &Beats) -> Vec<Chord> {
    const STATES: usize = 12 * CHORDS.len();
    let mut best = [0.0f64; STATES];
    let mut came_from: Vec<[u8; STATES]> = Vec::with_capacity(beats.onsets.len());
    for weights in &beats.weights {
        let champion = (0..STATES).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
        let change = best[champion] - CHANGE_COST;
        let mut from = [0u8; STATES];
        for state in 0..STATES {
            let stay = best[state] >= change;
            from[state] = if stay { state } else { champion } as u8;
            best[state] = if stay { best[state] } else { change };
            best[state] += fit(weights, state % 12, CHORDS[state / 12]);
        }
        came_from.push(from);
    }
    let mut state = (0..STATES).max_by(|a, b| best[*a].total_cmp(&best[*b])).unwrap_or(0);
    let mut path = vec![0; came_from.len()];
    for (k, from) in came_from.iter().enumerate().rev() {
        path[k] = state;
        state = usize::from(from[state]);
    }
    let mut chords: Vec<Chord> = Vec::new();
    for (k, state) in path.into_iter().enumerate() {
        let (root, tones) = (state % 12, CHORDS[state / 12]);
        if chords.last().is_none_or(|c| c.root != root || c.tones != tones) {
            chords.push(Chord { onset: beats.onsets[k], root, tones });
        }
    }
    chords
}

/// The tonic at each onset: of the two keys of the signature, the one whose profile fits the
/// notes under it better, unless the score names minor itself.
fn tonics(sketch: &Sketch<'_>) -> Vec<usize> {
    let score = sketch.score;
    let mut changes: Vec<f64> = score.key_signatures.iter().map(|(q, _)| q.to_f64()).collect();
    changes.push(f64::INFINITY);
    let mut section = 0;
    let mut tonic = section_tonic(score, f64::NEG_INFINITY, changes[0].max(1e-9));
    let mut tonics = Vec::with_capacity(sketch.onsets.len());
    for onset in &sketch.onsets {
        while section + 1 < changes.len() && onset.at + 1e-9 >= changes[section] {
            tonic = section_tonic(score, changes[section], changes[section + 1]);
            section += 1;
        }
        tonics.push(tonic);
    }
    tonics
}

fn section_tonic(score: &Score, from: f64, to: f64) -> usize {
    let mut weights = [0.0; 12];
    let first = score.notes.partition_point(|n| n.onset.to_f64() < from - 1e-9);
    for note in score.notes[first..].iter().take_while(|n| n.onset.to_f64() < to - 1e-9) {
        weights[usize::from(note.pitch) % 12] += note.duration.to_f64().clamp(0.0, 4.0);
    }
    let k = score.key_signatures.partition_point(|(q, _)| q.to_f64() <= from + 1e-9).saturating_sub(1);
    let key = score.key_signatures.get(k).map(|(_, key)| *key).unwrap_or_default();
    let major = (i32::from(key.fifths) * 7).rem_euclid(12) as usize;
    let minor = (major + 9) % 12;
    let sounds_minor = correlation(&weights, &MINOR, minor) > correlation(&weights, &MAJOR, major);
    if key.minor || sounds_minor { minor } else { major }
}

/// The key signature that notes speak for: that of the one of 24 keys whose profile fits best how long each pitch class
/// sounds. Where nothing sounds it has no accidentals.
pub fn key_signature(notes: &[Note]) -> KeySignature {
    let mut weights = [0.0; 12];
    for note in notes {
        weights[usize::from(note.pitch) % 12] += note.duration.to_f64().clamp(0.0, 4.0);
    }
    let (mut found, mut most) = (KeySignature::default(), f64::NEG_INFINITY);
    for tonic in 0..12 {
        for (profile, minor) in [(&MAJOR, false), (&MINOR, true)] {
            let fits = correlation(&weights, profile, tonic);
            if fits > most {
                let major = if minor { (tonic + 3) % 12 } else { tonic };
                // Five flats to six sharps.
                let fifths = (major * 7 + 5) % 12;
                (found, most) = (KeySignature { fifths: fifths as i8 - 5, minor }, fits);
            }
        }
    }
    found
}

/// Pearson correlation of pitch-class weights with a key profile.
fn correlation(weights: &[f64; 12], profile: &[f64; 12], tonic: usize) -> f64 {
    let mean = |values: &[f64; 12]| values.iter().sum::<f64>() / 12.0;
    let (mw, mp) = (mean(weights), mean(profile));
    let mut sums = (0.0, 0.0, 0.0);
    for (class, weight) in weights.iter().enumerate() {
        let (x, y) = (weight - mw, profile[(class + 12 - tonic) % 12] - mp);
        sums = (sums.0 + x * y, sums.1 + x * x, sums.2 + y * y);
    }
    sums.0 / (sums.1 * sums.2).sqrt().max(1e-12)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A scale on a tonic, with its triad once more.
    fn found(tonic: u8, steps: [u8; 7]) -> (i8, bool) {
        let pitches = steps.into_iter().chain([steps[0], steps[2], steps[4]]);
        let notes: Vec<Note> = pitches.map(|step| Note { pitch: tonic + step, ..Note::default() }).collect();
        let KeySignature { fifths, minor } = key_signature(&notes);
        (fifths, minor)
    }

    #[test]
    fn a_scale_has_its_key() {
        let (major, minor) = ([0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 11]);
        assert_eq!(found(60, major), (0, false));
        assert_eq!(found(63, major), (-3, false));
        assert_eq!(found(66, major), (6, false));
        assert_eq!(found(57, minor), (0, true));
        assert_eq!(found(64, minor), (1, true));
        assert_eq!(key_signature(&[]), KeySignature::default());
    }
}
