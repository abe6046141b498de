//! Two parts of one staff each that are the two hands of one piano.
//!
//! A piano is one part of two staves. Some programs, and many conversions from other formats, write a part
//! for each hand instead; which hand a note belongs to would be lost.

use crate::hand_names::named_hand;
use crate::score::{Hand, Part, Place, Score, Warning};

/// Words of the names of keyboard instruments.
const KEYBOARDS: [&str; 8] =
    ["piano", "pianoforte", "klavier", "clavier", "keyboard", "cembalo", "harpsichord", "clavecin"];

/// Makes one part of two hands, if the score has two parts that are such hands: by their names, or
/// because both have the name of one keyboard instrument.
pub(super) fn join(score: &mut Score) {
    let Some(right) = right_hand(score) else { return };
    let voices = score.notes.iter().filter(|note| note.part == right).map(|note| note.voice);
    let voices = voices.max().unwrap_or(0);
    for note in &mut score.notes {
        if note.part != right {
            (note.staff, note.voice) = (2, note.voice.saturating_add(voices));
        }
        note.part = 0;
    }
    for direction in &mut score.directions {
        if direction.part != right {
            direction.staff = Some(2);
        }
        direction.part = 0;
    }
    let [first, second] = score.parts.as_slice() else { return };
    let name = if first.name == second.name { first.name.clone() } else { "Piano".to_owned() };
    let message = "two parts of one staff each are taken for the two hands of a piano".to_owned();
    score.warnings.push(Warning { place: Place::default(), message });
    score.parts = vec![Part { id: first.id.clone(), name, staves: 2 }];
}

/// Which of two parts is the right hand; none if they are no hands of one piano.
fn right_hand(score: &Score) -> Option<u16> {
    let [first, second] = score.parts.as_slice() else { return None };
    if first.staves != 1 || second.staves != 1 {
        return None;
    }
    let pitches = [mean_pitch(score, 0)?, mean_pitch(score, 1)?];
    match (named_hand(&first.name), named_hand(&second.name)) {
        (Some(Hand::Right), Some(Hand::Left)) => Some(0),
        (Some(Hand::Left), Some(Hand::Right)) => Some(1),
        (None, None) if first.name == second.name && is_keyboard(&first.name) => {
            Some(u16::from(pitches[1] > pitches[0]))
        }
        _ => None,
    }
}

/// The mean pitch of a part that has notes.
fn mean_pitch(score: &Score, part: u16) -> Option<f64> {
    let pitches = score.notes.iter().filter(|note| note.part == part).map(|note| f64::from(note.pitch));
    let (sum, count) = pitches.fold((0.0, 0_u32), |(sum, count), pitch| (sum + pitch, count + 1));
    (count > 0).then(|| sum / f64::from(count))
}

fn is_keyboard(name: &str) -> bool {
    let name = name.to_lowercase();
    name.split(|c: char| !c.is_alphanumeric()).any(|word| KEYBOARDS.contains(&word))
}
