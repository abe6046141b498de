//! What a key of the piano is called where a piece is in some key: C♯ or D♭.
//!
//! Names lie on the line of fifths (… B♭, F, C, G …, C at 0). Those that music in a key uses are the twelve from
//! four fifths below its tonic in a major key, and from three below that of its relative major in a minor one, where
//! the seventh is raised: A♭ in C major, G♯ in A minor.

use crate::score::KeySignature;

/// Letters along the line of fifths, from F on.
const LETTERS: [char; 7] = ['F', 'C', 'G', 'D', 'A', 'E', 'B'];

/// Names with two accidentals are not used: the first of the twelve lies between F♭ and D♭, so that the last is B♯ at
/// most.
const FLATTEST: i32 = -8;
const SHARPEST: i32 = 1;

/// A MIDI pitch by its name in a key and its octave: `C4` is middle C.
pub fn pitch_name(pitch: u8, key: KeySignature) -> String {
    let below = if key.minor { 3 } else { 4 };
    let first = (i32::from(key.fifths) - below).clamp(FLATTEST, SHARPEST);
    let pitch = i32::from(pitch);
    let place = first + (7 * pitch - first).rem_euclid(12);
    let (letter, alter) = ((place + 1).rem_euclid(7), (place + 1).div_euclid(7));
    let sign = match alter {
        1 => "♯",
        -1 => "♭",
        _ => "",
    };
    let octave = (pitch - alter).div_euclid(12) - 1;
    format!("{}{sign}{octave}", LETTERS[letter as usize])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(fifths: i8, minor: bool, pitches: &[u8]) -> String {
        let key = KeySignature { fifths, minor };
        pitches.iter().map(|pitch| pitch_name(*pitch, key)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_key_is_called_as_the_key_of_the_piece_has_it() {
        assert_eq!(names(0, false, &[60, 61, 63, 66, 68, 70]), "C4 C♯4 E♭4 F♯4 A♭4 B♭4");
        assert_eq!(names(0, true, &[68, 70]), "G♯4 B♭4");
        assert_eq!(names(4, false, &[61, 63, 66, 68, 70]), "C♯4 D♯4 F♯4 G♯4 A♯4");
        assert_eq!(names(-5, false, &[61, 63, 66, 68, 70]), "D♭4 E♭4 G♭4 A♭4 B♭4");
    }

    #[test]
    fn octaves_are_those_of_the_letter_and_no_name_has_two_accidentals() {
        assert_eq!(names(0, false, &[21, 108]), "A0 C8");
        assert_eq!(names(-7, false, &[59, 60]), "C♭4 C4");
        assert_eq!(names(7, false, &[61, 60, 65]), "C♯4 B♯3 E♯4");
        for (fifths, minor) in (-7..=7).flat_map(|fifths| [(fifths, false), (fifths, true)]) {
            for pitch in 21..=108 {
                let name = names(fifths, minor, &[pitch]);
                assert!(name.chars().count() <= 3, "{name}");
            }
        }
    }
}
