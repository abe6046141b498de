//! The tracks of a file as parts: one for each family of instruments, and in it two hands.

use std::collections::BTreeMap;

use super::file::{DRUM_CHANNEL, FileNote, Track};
use super::hands::{Keyed, split};
use crate::hand_names::named_hand;
use crate::score::{Hand, Note, Part};
use crate::time::Quarters;

/// The notes of one channel of one track: a hand, or an instrument.
pub(super) struct Line<'a> {
    name: Option<&'a str>,
    /// Instrument family of General MIDI; 0 is pianos.
    family: u8,
    pub notes: Vec<FileNote>,
}

impl Line<'_> {
    fn mean_pitch(&self) -> f64 {
        self.notes.iter().map(|n| f64::from(n.pitch)).sum::<f64>() / self.notes.len().max(1) as f64
    }

    /// The hand that its name speaks of.
    fn named_hand(&self) -> Option<Hand> {
        named_hand(self.name?)
    }
}

/// The notes of every track and channel but drums.
pub(super) fn lines(tracks: &[Track]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for track in tracks {
        let mut channels: BTreeMap<u8, Vec<FileNote>> = BTreeMap::new();
        for note in track.notes.iter().filter(|n| n.channel != DRUM_CHANNEL) {
            channels.entry(note.channel).or_default().push(*note);
        }
        for (channel, notes) in channels {
            let family = track.programs.get(&channel).map_or(0, |p| p / 8);
            lines.push(Line { name: track.name.as_deref(), family, notes });
        }
    }
    lines
}

/// One part for each instrument family; within it the lines become two hands. `place` gives onset
/// and duration of a note. Each note comes with its velocity.
pub(super) fn parts_and_notes(
    lines: &[Line<'_>],
    place: impl Fn(&FileNote) -> (Quarters, Quarters),
) -> (Vec<Part>, Vec<(Note, u8)>) {
    let mut families: Vec<u8> = Vec::new();
    for line in lines {
        if !families.contains(&line.family) {
            families.push(line.family);
        }
    }
    let (mut parts, mut notes) = (Vec::new(), Vec::new());
    for (index, family) in families.into_iter().enumerate() {
        let members: Vec<&Line<'_>> = lines.iter().filter(|l| l.family == family).collect();
        let first = notes.len();
        for (line, hand) in members.iter().zip(line_hands(&members)) {
            let hand = hand.unwrap_or(Hand::Right);
            notes.extend(line.notes.iter().map(|n| (write(n, place(n), index as u16, hand), n.velocity)));
        }
        // One line on a keyboard (pianos, or organs and accordions) is two hands in one.
        if members.len() == 1 && members[0].named_hand().is_none() && matches!(family, 0..=2) {
            split_hands(&mut notes[first..]);
        }
        let staves = 1 + u8::from(notes[first..].iter().any(|(n, _)| n.staff == 2));
        let name = members[0].name.filter(|_| members.len() == 1);
        let name = name.unwrap_or(if family == 0 { "Piano" } else { "Instrument" }).to_owned();
        parts.push(Part { id: format!("P{}", index + 1), name, staves });
    }
    (parts, notes)
}

fn split_hands(notes: &mut [(Note, u8)]) {
    notes.sort_by_key(|(n, _)| (n.onset, n.pitch));
    let keyed: Vec<Keyed> =
        notes.iter().map(|(n, _)| Keyed { onset: n.onset, end: n.offset(), pitch: n.pitch }).collect();
    for ((note, _), hand) in notes.iter_mut().zip(split(&keyed)) {
        if hand == Hand::Left {
            (note.staff, note.voice) = (2, 2);
        }
    }
}

/// The hand of each line: as named, else of two the higher is the right, of more those whose mean
/// lies above middle C. A single line has none.
fn line_hands(lines: &[&Line<'_>]) -> Vec<Option<Hand>> {
    let named: Vec<Option<Hand>> = lines.iter().map(|l| l.named_hand()).collect();
    let hand = |right: bool| Some(if right { Hand::Right } else { Hand::Left });
    match lines {
        [_] => named,
        [a, b] => {
            let a_is_right = match (named[0], named[1]) {
                (Some(a), _) => a == Hand::Right,
                (None, Some(b)) => b == Hand::Left,
                (None, None) => a.mean_pitch() >= b.mean_pitch(),
            };
            vec![
                hand(a_is_right),
                if named[0].is_some() && named[0] == named[1] { named[1] } else { hand(!a_is_right) },
            ]
        }
        many => {
            many.iter().zip(named).map(|(l, named)| named.or_else(|| hand(l.mean_pitch() >= 60.0))).collect()
        }
    }
}

fn write(note: &FileNote, (onset, duration): (Quarters, Quarters), part: u16, hand: Hand) -> Note {
    let staff = if hand == Hand::Right { 1 } else { 2 };
    Note { onset, duration, pitch: note.pitch, part, staff, voice: staff, ..Note::default() }
}
