//! `<attributes>`: divisions, keys, metres, staves and clefs.

use super::clefs::Clef;
use super::xml::Xml;
use crate::score::{KeySignature, TimeSignature};

/// What changes at a point.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Changes<'c> {
    /// Divisions of a quarter and the number of staves, in the first measure of the part.
    pub start: Option<(i64, u8)>,
    pub key: Option<KeySignature>,
    pub time: Option<TimeSignature>,
    /// Staves and their new clefs.
    pub clefs: &'c [(u8, Clef)],
}

impl Changes<'_> {
    /// Whether nothing changes.
    pub fn is_empty(&self) -> bool {
        self.start.is_none() && self.key.is_none() && self.time.is_none() && self.clefs.is_empty()
    }
}

/// Writes what changes.
pub(super) fn attributes(xml: &mut Xml, changes: Changes<'_>) {
    let Changes { start, key, time, clefs } = changes;
    xml.open("attributes", &[]);
    if let Some((divisions, _)) = start {
        xml.leaf("divisions", &divisions.to_string());
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
    if let Some((_, staves)) = start {
        xml.leaf("staves", &staves.to_string());
    }
    for (staff, clef) in clefs {
        let (sign, line) = clef.sign();
        xml.open("clef", &[("number", &staff.to_string())]);
        xml.leaf("sign", sign);
        xml.leaf("line", line);
        xml.close();
    }
    xml.close();
}
