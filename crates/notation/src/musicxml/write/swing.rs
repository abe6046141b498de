//! How pairs of notes are played: `<swing>` for eighths and sixteenths, for others a metronome mark.

use super::values::{self, Value};
use super::xml::Xml;
use crate::note_value::Tuplet;
use crate::swing::Swing;
use crate::time::{Quarters, lcm};

/// What is written for a swing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Marking {
    /// Even eighths.
    Straight,
    /// Pairs of notes of a type.
    Sound(Swing, &'static str),
    /// Two notes of a value that are played like two others.
    Relation(Swing, Value),
}

impl Marking {
    /// That of a swing; nothing for one that a file cannot say.
    pub fn of(swing: Swing) -> Option<Self> {
        let (first, second) = (i64::from(swing.first), i64::from(swing.second));
        if first == 0 || second == 0 || swing.pair <= Quarters::ZERO {
            return None;
        }
        if swing == Swing::default() {
            return Some(Self::Straight);
        }
        if swing.pair == Quarters::whole(1) {
            return Some(Self::Sound(swing, "eighth"));
        }
        if swing.pair == Quarters::fraction(1, 2) {
            return Some(Self::Sound(swing, "16th"));
        }
        // What is read is the ratio of two note values, in lowest terms.
        let is_ratio = lcm(first, second) == Some(first * second);
        let half = Quarters::new(swing.pair.numerator(), swing.pair.denominator() * 2);
        Some(Self::Relation(swing, value(half)?)).filter(|_| is_ratio)
    }

    /// Writes it.
    pub fn write(self, xml: &mut Xml) {
        if let Self::Relation(swing, half) = self {
            xml.open("direction", &[]);
            xml.open("direction-type", &[]);
            relation(xml, swing, half);
            xml.close();
            xml.close();
            return;
        }
        xml.open("sound", &[]);
        xml.open("swing", &[]);
        if let Self::Sound(swing, kind) = self {
            xml.leaf("first", &swing.first.to_string());
            xml.leaf("second", &swing.second.to_string());
            xml.leaf("swing-type", kind);
        } else {
            xml.empty("straight", &[]);
        }
        xml.close();
        xml.close();
    }
}

/// A note value that lasts so long: a usual one, else quarters as a tuplet.
fn value(length: Quarters) -> Option<Value> {
    if let [(_, Some(value))] = values::heads(Quarters::ZERO, length).as_slice() {
        return Some(*value);
    }
    let normal = u8::try_from(length.numerator()).ok()?;
    let actual = u8::try_from(length.denominator()).ok()?;
    Some(Value { kind: "quarter", dots: 0, tuplet: Some(Tuplet { actual, normal }) })
}

fn relation(xml: &mut Xml, swing: Swing, half: Value) {
    let long_and_short = |normal| Some(Tuplet { actual: 1, normal });
    let notes = [half.tuplet, half.tuplet, long_and_short(swing.first), long_and_short(swing.second)];
    xml.open("metronome", &[]);
    for (k, tuplet) in notes.into_iter().enumerate() {
        if k == 2 {
            xml.leaf("metronome-relation", "equals");
        }
        xml.open("metronome-note", &[]);
        xml.leaf("metronome-type", half.kind);
        (0..half.dots).for_each(|_| xml.empty("metronome-dot", &[]));
        if let Some(Tuplet { actual, normal }) = tuplet {
            xml.open("metronome-tuplet", &[("type", "start")]);
            xml.leaf("actual-notes", &actual.to_string());
            xml.leaf("normal-notes", &normal.to_string());
            xml.close();
        }
        xml.close();
    }
    xml.close();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_a_file_can_say_has_a_marking() {
        let of = |pair, first, second| Marking::of(Swing { pair, first, second });
        assert_eq!(of(Quarters::whole(1), 1, 1), Some(Marking::Straight));
        assert!(matches!(of(Quarters::whole(1), 4, 2), Some(Marking::Sound(_, "eighth"))));
        assert!(matches!(of(Quarters::new(1, 2), 3, 2), Some(Marking::Sound(_, "16th"))));
        let relation = of(Quarters::new(2, 3), 2, 1);
        assert!(matches!(relation, Some(Marking::Relation(_, Value { kind: "eighth", dots: 0, .. }))));
        assert!(matches!(of(Quarters::new(34, 19), 2, 1), Some(Marking::Relation(..))));
        assert_eq!(of(Quarters::whole(2), 4, 2), None, "not in lowest terms");
        assert_eq!(of(Quarters::new(1, 4801), 2, 1), None);
        assert_eq!(of(Quarters::whole(1), 0, 1), None);
    }
}
