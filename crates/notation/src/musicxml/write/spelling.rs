//! Which name a key has: F sharp or G flat.
//!
//! A score keeps keys of the piano, not their names. Names lie on the line of fifths (… B flat, F, C, G
//! …, C at 0), and each note gets the name that is nearest to the middle of what is heard around it:
//! of the key signature and of the notes before and after it. The idea is that of D. Temperley, *The
//! Cognition of Basic Musical Structures*, 2001, chapter 5. A note that goes on by a semitone has, unless
//! that is far off, the name from which a minor second leads to the next: G sharp to A, not A flat to A.

use std::collections::BTreeMap;

use crate::score::{Note, Score};

/// Notes before and after a note that count for its name.
const BEFORE: usize = 24;
const AFTER: usize = 40;

/// How many notes the key signature weighs as much as.
const KEY_WEIGHT: f64 = 8.0;

/// The middle of the names that music in a key uses lies so far from the tonic of the major key.
const MIDDLE_OF_KEY: f64 = 2.5;

/// A minor key raises its sixth and seventh.
const MIDDLE_OF_MINOR: f64 = 3.0;

/// Names are chosen so often, each time among those of the time before.
const PASSES: usize = 3;

/// By how many fifths the name before a semitone may be further off.
const MOST_FOR_SEMITONE: f64 = 4.0;

/// Fifths from a name to that a minor second above it.
const MINOR_SECOND: i32 = -5;

/// The flattest and sharpest name: F double flat and B double sharp.
const FLATTEST: i32 = -15;
const SHARPEST: i32 = 19;

/// Letters along the line of fifths.
const LETTERS: [u8; 7] = *b"FCGDAEB";

/// A written pitch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Spelled {
    /// The letter, `C` to `B`.
    pub step: char,
    /// Semitones that the accidental adds.
    pub alter: i8,
    /// Scientific octave of the letter; that of middle C is 4.
    pub octave: i8,
}

/// The names of all notes of a score, in their order.
pub(super) fn spell(score: &Score) -> Vec<Spelled> {
    let guessed = if score.key_signatures.is_empty() { guess_fifths(score) } else { 0 };
    let middle = |note: &Note| {
        let key = score.key_signature_at(note.onset);
        let middle = if key.minor { MIDDLE_OF_MINOR } else { MIDDLE_OF_KEY };
        f64::from(key.fifths) + f64::from(guessed) + middle
    };
    let middles: Vec<f64> = score.notes.iter().map(middle).collect();
    let semitones = semitones(score);
    let mut names: Vec<i32> =
        score.notes.iter().zip(&middles).map(|(note, middle)| nearest(note.pitch, *middle)).collect();
    for _ in 0..PASSES {
        names = among(score, &middles, &semitones, &names);
    }
    score.notes.iter().zip(names).map(|(note, fifths)| name(note.pitch, fifths)).collect()
}

/// Names by those of the notes around, as places on the line of fifths.
fn among(score: &Score, middles: &[f64], semitones: &[Option<usize>], around: &[i32]) -> Vec<i32> {
    let mut window: i64 = around.iter().take(AFTER).map(|n| i64::from(*n)).sum();
    let (mut first, mut end) = (0, around.len().min(AFTER));
    let mut names = Vec::with_capacity(around.len());
    for (k, note) in score.notes.iter().enumerate() {
        if end < around.len() {
            window += i64::from(around[end]);
            end += 1;
        }
        if k > BEFORE {
            window -= i64::from(around[first]);
            first += 1;
        }
        let centre = (KEY_WEIGHT * middles[k] + window as f64) / (KEY_WEIGHT + (end - first) as f64);
        let plain = nearest(note.pitch, centre);
        let leading = semitones[k].map(|next| {
            let is_up = score.notes[next].pitch > note.pitch;
            around[next] - if is_up { MINOR_SECOND } else { -MINOR_SECOND }
        });
        let distance = |name: i32| (f64::from(name) - centre).abs();
        let fits = |name: &i32| {
            (FLATTEST..=SHARPEST).contains(name) && distance(*name) <= distance(plain) + MOST_FOR_SEMITONE
        };
        names.push(leading.filter(fits).unwrap_or(plain));
    }
    names
}

/// For each note one a semitone away that follows in its voice.
fn semitones(score: &Score) -> Vec<Option<usize>> {
    let mut voices: BTreeMap<(u16, u8), Vec<usize>> = BTreeMap::new();
    for (index, note) in score.notes.iter().enumerate() {
        voices.entry((note.part, note.voice)).or_default().push(index);
    }
    let mut found = vec![None; score.notes.len()];
    for notes in voices.values() {
        let chords: Vec<&[usize]> =
            notes.chunk_by(|a, b| score.notes[*a].onset == score.notes[*b].onset).collect();
        for pair in chords.windows(2) {
            let mut next = [None; 128];
            for index in pair[1] {
                next[usize::from(score.notes[*index].pitch & 127)] = Some(*index);
            }
            for index in pair[0] {
                let pitch = usize::from(score.notes[*index].pitch & 127);
                let above = next.get(pitch + 1).copied().flatten();
                found[*index] = above.or_else(|| next[pitch.checked_sub(1)?]);
            }
        }
    }
    found
}

/// The place on the line of fifths of a pitch's name that is nearest to a point.
fn nearest(pitch: u8, centre: f64) -> i32 {
    // Seven fifths are a semitone, but for octaves.
    let some = i32::from(pitch % 12) * 7 % 12;
    let turns = ((centre - f64::from(some)) / 12.0).round() as i32;
    let found = some + 12 * turns;
    if found > SHARPEST {
        found - 12
    } else if found < FLATTEST {
        found + 12
    } else {
        found
    }
}

/// A pitch by the place of its name on the line of fifths.
fn name(pitch: u8, fifths: i32) -> Spelled {
    let letter = fifths + 1;
    let alter = letter.div_euclid(7);
    let step = char::from(LETTERS[letter.rem_euclid(7) as usize]);
    let octave = (i32::from(pitch) - alter).div_euclid(12) - 1;
    Spelled { step, alter: alter as i8, octave: octave as i8 }
}

/// The key signature that most notes belong to, if the score names none.
fn guess_fifths(score: &Score) -> i32 {
    let mut counts = [0_usize; 12];
    for note in &score.notes {
        counts[usize::from(note.pitch % 12)] += 1;
    }
    let within = |fifths: &i32| {
        let names = (fifths - 1..=fifths + 5).map(|f| (f * 7).rem_euclid(12) as usize);
        names.map(|class| counts[class]).sum::<usize>()
    };
    (-5..=6).max_by_key(|fifths| (within(fifths), -i32::abs(*fifths))).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::KeySignature;
    use crate::time::Quarters;

    fn names(fifths: i8, minor: bool, pitches: &[u8]) -> String {
        let note = |(k, pitch): (usize, &u8)| Note {
            pitch: *pitch,
            onset: Quarters::whole(k as i64),
            ..Note::default()
        };
        let score = Score {
            notes: pitches.iter().enumerate().map(note).collect(),
            key_signatures: vec![(Quarters::ZERO, KeySignature { fifths, minor })],
            ..Score::default()
        };
        let text = |s: Spelled| {
            let sign = if s.alter < 0 { "b" } else { "#" };
            format!("{}{}{}", s.step, sign.repeat(s.alter.unsigned_abs().into()), s.octave)
        };
        spell(&score).into_iter().map(text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn names_follow_the_key() {
        assert_eq!(names(0, false, &[60, 62, 64, 66, 70, 71]), "C4 D4 E4 F#4 A#4 B4");
        assert_eq!(names(-4, false, &[56, 58, 60, 61, 63, 65, 67]), "Ab3 Bb3 C4 Db4 Eb4 F4 G4");
        assert_eq!(names(4, false, &[64, 66, 68, 69, 71, 73, 75]), "E4 F#4 G#4 A4 B4 C#5 D#5");
        assert_eq!(names(0, true, &[57, 59, 60, 62, 64, 65, 68, 69]), "A3 B3 C4 D4 E4 F4 G#4 A4");
        assert_eq!(names(-7, false, &[59, 71]), "Cb4 Cb5");
        assert_eq!(names(7, false, &[60, 72]), "B#3 B#4");
        assert_eq!(names(0, false, &[67, 68, 69, 68, 67]), "G4 G#4 A4 Ab4 G4");
    }
}
