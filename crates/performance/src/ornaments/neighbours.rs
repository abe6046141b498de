//! The notes above and below: by the accidental at the sign, by the bar, by the key.

use notation::{Marks, Score};

use super::figures::Step;

/// Semitones of the letters C D E F G A B above C.
const LETTERS: [i32; 7] = [0, 2, 4, 5, 7, 9, 11];

/// Letters in the order in which a key signature sharpens them; it flattens them the other way.
const SHARPS: [usize; 7] = [3, 0, 4, 1, 5, 2, 6];

/// A note and its neighbours, MIDI pitches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Neighbours {
    above: u8,
    main: u8,
    below: u8,
}

impl Neighbours {
    /// The neighbours of a note of the score; `signs` may hold accidentals.
    pub fn of(score: &Score, bars: &BarPitches, note: usize, signs: Marks) -> Self {
        let written = &score.notes[note];
        let main = i32::from(written.pitch);
        let key = key_steps(score.key_signature_at(written.onset).fifths);
        let letter = letter_of(main, &key);
        let side = |direction: i32, flat: Marks, natural: Marks, sharp: Marks| {
            let other = (letter as i32 + direction).rem_euclid(7) as usize;
            let alter = match signs {
                s if s.contains(flat) => Some(-1),
                s if s.contains(natural) => Some(0),
                s if s.contains(sharp) => Some(1),
                _ => None,
            };
            let pitch = |alter: i32| near(LETTERS[other] + alter, main, direction);
            let of_key = pitch(key[other]);
            match alter {
                Some(alter) => pitch(alter),
                None => [of_key, pitch(0), pitch(1), pitch(-1)]
                    .into_iter()
                    .find(|p| (1..=2).contains(&((p - main) * direction)) && bars.has(written.measure, *p))
                    .unwrap_or(of_key),
            }
        };
        let above = side(1, Marks::ABOVE_FLAT, Marks::ABOVE_NATURAL, Marks::ABOVE_SHARP);
        let below = side(-1, Marks::BELOW_FLAT, Marks::BELOW_NATURAL, Marks::BELOW_SHARP);
        let key = |pitch: i32| pitch.clamp(0, 127) as u8;
        Self {
            // A whole tone and a half is no neighbour, whatever the spelling was.
            above: key(above.clamp(main + 1, main + 3)),
            main: written.pitch,
            below: key(below.clamp(main - 3, main - 1)),
        }
    }

    /// The pitch of a step.
    pub fn pitch(&self, step: Step) -> u8 {
        match step {
            Step::Above => self.above,
            Step::Main => self.main,
            Step::Below => self.below,
        }
    }

    /// Whether a pitch is one of the three.
    pub fn has(&self, pitch: u8) -> bool {
        [self.above, self.main, self.below].contains(&pitch)
    }
}

/// What a key signature does to each letter.
fn key_steps(fifths: i8) -> [i32; 7] {
    let mut steps = [0; 7];
    let count = usize::from(fifths.unsigned_abs()).min(7);
    for k in 0..count {
        if fifths > 0 { steps[SHARPS[k]] = 1 } else { steps[SHARPS[6 - k]] = -1 }
    }
    steps
}

/// The letter that a pitch is most likely written with: the key's, else a natural one, else the
/// letter that the key would raise or lower.
fn letter_of(pitch: i32, key: &[i32; 7]) -> usize {
    let class = pitch.rem_euclid(12);
    let with = |alter: i32| (0..7).find(|l| (LETTERS[*l] + alter).rem_euclid(12) == class);
    let of_key = (0..7).find(|l| (LETTERS[*l] + key[*l]).rem_euclid(12) == class);
    let flats = key.contains(&-1);
    let altered = if flats { with(-1).or_else(|| with(1)) } else { with(1).or_else(|| with(-1)) };
    of_key.or_else(|| with(0)).or(altered).unwrap_or(0)
}

/// The pitch of that class nearest to a note on one side of it.
fn near(class: i32, main: i32, direction: i32) -> i32 {
    let apart = ((class - main) * direction).rem_euclid(12);
    main + direction * if apart == 0 { 12 } else { apart }
}

/// The pitches of each bar, whatever the octave.
pub struct BarPitches(Vec<u16>);

impl BarPitches {
    pub fn of(score: &Score) -> Self {
        let mut bars: Vec<u16> = Vec::new();
        for note in &score.notes {
            let bar = note.measure as usize;
            if bar >= bars.len() {
                bars.resize(bar + 1, 0);
            }
            bars[bar] |= 1 << (note.pitch % 12);
        }
        Self(bars)
    }

    fn has(&self, bar: u32, pitch: i32) -> bool {
        self.0.get(bar as usize).is_some_and(|pitches| pitches >> pitch.rem_euclid(12) & 1 == 1)
    }
}
