//! The fingerprint of a score: a number by which two readings of a piece are compared.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::marks::{Direction, DirectionKind};
use crate::score::{KeySignature, Measure, Note, Part, Score, TimeSignature};
use crate::swing::Swing;
use crate::time::Quarters;

/// A number that is the same for equal scores and almost certainly another one for others. Title,
/// composer, warnings and velocities do not count: they change nothing that is written.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Fingerprint(u64);

impl Fingerprint {
    /// From a number that [`Fingerprint::to_bits`] gave.
    pub fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// As a number, to be stored.
    pub fn to_bits(self) -> u64 {
        self.0
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl Score {
    /// Its fingerprint. The number is stored in project files, so it must not change for a score
    /// that has not: a field that is added to a score later counts only where it differs from its
    /// default.
    pub fn fingerprint(&self) -> Fingerprint {
        let Self {
            title: _,
            composer: _,
            parts,
            measures,
            notes,
            directions,
            time_signatures,
            key_signatures,
            warnings: _,
            swing,
            velocities: _,
        } = self;
        let mut hash = Fnv::default();
        hash.list(parts, Fnv::part);
        hash.list(measures, Fnv::measure);
        hash.list(notes, Fnv::note);
        hash.list(directions, Fnv::direction);
        hash.list(time_signatures, |hash, (at, time)| hash.quarters(*at).time(*time));
        hash.list(key_signatures, |hash, (at, key)| hash.quarters(*at).key(*key));
        // Newer than the first stored numbers.
        if !swing.is_empty() {
            hash.list(swing, |hash, (at, swing)| hash.quarters(*at).swing(*swing));
        }
        Fingerprint(hash.0)
    }
}

/// FNV-1a with 64 bits, fed with the parts of a score. Numbers are written with eight bytes each.
struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    fn byte(&mut self, byte: u8) -> &mut Self {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        self
    }

    fn number(&mut self, number: u64) -> &mut Self {
        number.to_le_bytes().into_iter().fold(self, Self::byte)
    }

    fn text(&mut self, text: &str) -> &mut Self {
        text.bytes().fold(self.number(text.len() as u64), Self::byte)
    }

    fn quarters(&mut self, quarters: Quarters) -> &mut Self {
        self.number(quarters.numerator().cast_unsigned()).number(quarters.denominator().cast_unsigned())
    }

    fn list<T>(&mut self, list: &[T], write: impl for<'a> Fn(&'a mut Self, &T) -> &'a mut Self) {
        self.number(list.len() as u64);
        for item in list {
            write(self, item);
        }
    }

    fn part(&mut self, part: &Part) -> &mut Self {
        let Part { id, name, staves } = part;
        self.text(id).text(name).byte(*staves)
    }

    fn measure(&mut self, measure: &Measure) -> &mut Self {
        let Measure { start, end, number, written, pass, time } = measure;
        self.quarters(*start).quarters(*end).text(number).number(u64::from(*written)).byte(*pass).time(*time)
    }

    fn time(&mut self, TimeSignature { beats, beat_type }: TimeSignature) -> &mut Self {
        self.byte(beats).byte(beat_type)
    }

    fn swing(&mut self, Swing { pair, first, second }: Swing) -> &mut Self {
        self.quarters(pair).byte(first).byte(second)
    }

    fn key(&mut self, KeySignature { fifths, minor }: KeySignature) -> &mut Self {
        self.byte(fifths.cast_unsigned()).byte(u8::from(minor))
    }

    fn note(&mut self, note: &Note) -> &mut Self {
        let Note { id, onset, duration, pitch, measure, part, staff, voice, grace, marks } = note;
        self.number(u64::from(id.written)).byte(id.pass).quarters(*onset).quarters(*duration);
        self.byte(*pitch).number(u64::from(*measure)).number(u64::from(*part)).byte(*staff).byte(*voice);
        self.byte(grace.map_or(0, |grace| grace as u8 + 1)).number(u64::from(marks.bits()))
    }

    fn direction(&mut self, direction: &Direction) -> &mut Self {
        let Direction { onset, end, part, staff, kind, text } = direction;
        self.quarters(*onset).byte(u8::from(end.is_some())).quarters(end.unwrap_or_default());
        self.number(u64::from(*part)).byte(staff.unwrap_or(0)).text(text);
        let (tag, value) = match *kind {
            DirectionKind::Dynamic(level) => (0, f64::from(level.level())),
            DirectionKind::Sforzando => (1, 0.0),
            DirectionKind::Crescendo => (2, 0.0),
            DirectionKind::Diminuendo => (3, 0.0),
            DirectionKind::Metronome(tempo) => (4, tempo),
            DirectionKind::Tempo(tempo) => (5, tempo.unwrap_or(0.0)),
            DirectionKind::Ritardando => (6, 0.0),
            DirectionKind::Accelerando => (7, 0.0),
            DirectionKind::ATempo => (8, 0.0),
            DirectionKind::SustainPedal => (9, 0.0),
            DirectionKind::SoftPedal => (10, 0.0),
            DirectionKind::Words => (11, 0.0),
            DirectionKind::Fermata => (12, 0.0),
        };
        self.byte(tag).number(value.to_bits())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Dynamic, Grace, Marks, NoteId, Warning};

    fn score() -> Score {
        let note = |k: u32| Note {
            id: NoteId { written: k, pass: 1 },
            onset: Quarters::new(i64::from(k), 3),
            ..Note::default()
        };
        let direction = Direction {
            onset: Quarters::ZERO,
            end: None,
            part: 0,
            staff: None,
            kind: DirectionKind::Dynamic(Dynamic::P),
            text: String::new(),
        };
        Score {
            parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
            measures: vec![Measure::regular(0, TimeSignature::default())],
            notes: (0..4).map(note).collect(),
            directions: vec![direction],
            time_signatures: vec![(Quarters::ZERO, TimeSignature::default())],
            key_signatures: vec![(Quarters::ZERO, KeySignature::default())],
            ..Score::default()
        }
    }

    #[test]
    fn whatever_is_played_counts() {
        type Change = fn(&mut Score);
        let changes: [Change; 20] = [
            |s| s.parts[0].staves = 1,
            |s| s.measures[0].number = "2".into(),
            |s| s.measures[0].end = Quarters::whole(3),
            |s| s.measures[0].pass = 2,
            |s| s.notes[1].id.pass = 2,
            |s| s.notes[1].onset = Quarters::new(1, 4),
            |s| s.notes[1].duration = Quarters::new(1, 2),
            |s| s.notes[1].pitch = 61,
            |s| s.notes[1].staff = 2,
            |s| s.notes[1].voice = 2,
            |s| s.notes[1].grace = Some(Grace::Acciaccatura),
            |s| s.notes[1].marks = Marks::TRILL,
            |s| s.notes.truncate(3),
            |s| s.directions[0].kind = DirectionKind::Dynamic(Dynamic::F),
            |s| s.directions[0].kind = DirectionKind::Words,
            |s| s.directions[0].end = Some(Quarters::ZERO),
            |s| s.time_signatures[0].1.beats = 3,
            |s| s.key_signatures[0].1.fifths = -1,
            |s| s.key_signatures.clear(),
            |s| s.swing.push((Quarters::ZERO, Swing::default())),
        ];
        let mut prints = vec![score().fingerprint()];
        for change in changes {
            let mut changed = score();
            change(&mut changed);
            prints.push(changed.fingerprint());
        }
        prints.sort();
        prints.dedup();
        assert_eq!(prints.len(), changes.len() + 1);
    }

    #[test]
    fn what_the_reader_says_about_it_does_not_count() {
        let mut other = score();
        other.title = Some("Nocturne".into());
        other.warnings.push(Warning { place: crate::Place::default(), message: "guessed".into() });
        assert_eq!(other.fingerprint(), score().fingerprint());
    }

    #[test]
    fn the_number_in_older_files_stays_true() {
        assert_eq!(format!("{:?}", Score::default().fingerprint()), "a09d945a1cd8d6e5");
        assert_eq!(format!("{:?}", score().fingerprint()), "8d317ab3d6b243d6");
    }
}
