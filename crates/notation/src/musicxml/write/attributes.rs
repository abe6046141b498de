//! `<attributes>`: divisions, keys, metres, staves and clefs.

use super::xml::Xml;
use crate::score::{KeySignature, Score, TimeSignature};

/// Staves whose notes lie higher than this on the whole, as a MIDI pitch, have a treble clef.
const MIDDLE_C: f64 = 60.0;

/// What the first measure of a part begins with.
pub(super) struct Start<'s> {
    pub divisions: &'s str,
    pub staves: u8,
    /// For each staff whether it has a treble clef; else a bass clef.
    pub has_treble: Vec<bool>,
}

impl<'s> Start<'s> {
    /// That of a part.
    pub fn of(score: &Score, part: u16, staves: u8, divisions: &'s str) -> Self {
        let mut sums = vec![(0.0, 0.0); usize::from(staves)];
        for note in score.notes.iter().filter(|note| note.part == part) {
            if let Some((sum, count)) = sums.get_mut(usize::from(note.staff.max(1)) - 1) {
                *sum += f64::from(note.pitch);
                *count += 1.0;
            }
        }
        let has_treble = sums
            .iter()
            .enumerate()
            .map(|(k, (sum, count))| if *count > 0.0 { sum / count >= MIDDLE_C } else { k == 0 });
        Self { divisions, staves, has_treble: has_treble.collect() }
    }
}

/// Writes what changes at a point; nothing if that is nothing.
pub(super) fn attributes(
    xml: &mut Xml,
    start: Option<&Start<'_>>,
    key: Option<KeySignature>,
    time: Option<TimeSignature>,
) {
    if start.is_none() && key.is_none() && time.is_none() {
        return;
    }
    xml.open("attributes", &[]);
    if let Some(start) = start {
        xml.leaf("divisions", start.divisions);
    }
    if let Some(KeySignature { fifths, minor }) = key {
        xml.open("key", &[]);
        xml.leaf("fifths", &fifths.to_string());
        xml.leaf("mode", if minor { "minor" } else { "major" });
        xml.close();
    }
    if let Some(TimeSignature { beats, beat_type }) = time {
        xml.open("time", &[]);
        xml.leaf("beats", &beats.to_string());
        xml.leaf("beat-type", &beat_type.to_string());
        xml.close();
    }
    if let Some(start) = start {
        xml.leaf("staves", &start.staves.to_string());
        for (k, is_treble) in start.has_treble.iter().enumerate() {
            let (sign, line) = if *is_treble { ("G", "2") } else { ("F", "4") };
            xml.open("clef", &[("number", &(k + 1).to_string())]);
            xml.leaf("sign", sign);
            xml.leaf("line", line);
            xml.close();
        }
    }
    xml.close();
}
