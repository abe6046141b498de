//! The scale of some bars.

use notation::Score;

/// Steps from the tonic of a major scale and of a harmonic minor one.
const SCALES: [[usize; 7]; 2] = [[0, 2, 4, 5, 7, 9, 11], [0, 2, 3, 5, 7, 8, 11]];

/// Seven pitch classes: a major or a harmonic minor scale.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale([bool; 12]);

impl Scale {
    /// The scale that most notes of a score are in, by their number. Of those that have as many it is that of
    /// the key signature at its beginning, then the minor scale of that signature, then the one with the most
    /// pitch classes in common with it.
    pub fn of(score: &Score) -> Self {
        let fifths = score.key_signatures.first().map_or(0, |(_, key)| i32::from(key.fifths));
        let tonic = (7 * fifths).rem_euclid(12).unsigned_abs() as usize;
        let signature = Self::new(tonic, 0);
        let all = (0..12).flat_map(|tonic| [Self::new(tonic, 0), Self::new(tonic, 1)]);
        let candidates = [signature, Self::new((tonic + 9) % 12, 1)].into_iter().chain(all);
        let count = |scale: &Self| score.notes.iter().filter(|note| scale.has(note.pitch)).count();
        let shared = |scale: &Self| (0..12).filter(|k| scale.0[*k] && signature.0[*k]).count();
        let mut best = (signature, (0, 0));
        for candidate in candidates {
            let rank = (count(&candidate), shared(&candidate));
            if rank > best.1 {
                best = (candidate, rank);
            }
        }
        best.0
    }

    fn new(tonic: usize, kind: usize) -> Self {
        let mut classes = [false; 12];
        SCALES[kind].iter().for_each(|step| classes[(tonic + step) % 12] = true);
        Self(classes)
    }

    /// Whether a pitch, as a MIDI number, is in the scale.
    pub fn has(&self, pitch: u8) -> bool {
        self.0[usize::from(pitch) % 12]
    }

    /// The share of pitches that are in the scale; of none, all.
    pub fn share(&self, pitches: impl IntoIterator<Item = u8>) -> f64 {
        let (mut inside, mut all) = (0_u32, 0_u32);
        for pitch in pitches {
            inside += u32::from(self.has(pitch));
            all += 1;
        }
        if all == 0 { 1.0 } else { f64::from(inside) / f64::from(all) }
    }
}

#[cfg(test)]
mod tests {
    use notation::{KeySignature, Note, Quarters};

    use super::*;

    fn score(fifths: i8, pitches: &[u8]) -> Score {
        Score {
            notes: pitches.iter().map(|pitch| Note { pitch: *pitch, ..Note::default() }).collect(),
            key_signatures: vec![(Quarters::ZERO, KeySignature { fifths, minor: false })],
            ..Score::default()
        }
    }

    /// Bach, Invention 4: d e f g a b flat, c sharp; one flat.
    #[test]
    fn a_minor_key_has_its_leading_note() {
        let scale = Scale::of(&score(-1, &[62, 64, 65, 67, 69, 70, 61]));
        assert!(scale.has(61) && !scale.has(60) && scale.has(82));
    }

    #[test]
    fn the_signature_decides_where_notes_do_not() {
        let scale = Scale::of(&score(2, &[62, 66, 69]));
        assert!(scale.has(61) && scale.has(67) && !scale.has(68) && !scale.has(60));
        assert_eq!(scale.share([62, 60, 61, 65]), 0.5);
        assert_eq!(scale.share([]), 1.0);
    }

    #[test]
    fn bars_in_another_key_than_the_signature_have_their_own_scale() {
        let scale = Scale::of(&score(0, &[68, 70, 72, 73, 75, 77, 79, 80]));
        assert!(scale.has(68) && !scale.has(69));
    }
}
