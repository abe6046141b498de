//! `<notations>`: what is written at a note.

use super::dynamics::dynamics;
use super::reader::Reader;
use super::written::{Passes, SlurEnd, TiePasses};
use super::written_out::{self, SLURS};
use super::xml::Tag;
use crate::error::ImportError;
use crate::marks::{DirectionKind, Marks};

/// What the notations of a note say.
#[derive(Default)]
pub(super) struct Notations {
    /// What is printed; see [`Ties::with`].
    pub tied: Ties,
    pub marks: Marks,
    pub dynamics: Vec<(DirectionKind, String)>,
    /// In a written-out file what the note says of slurs, where that is not what is printed.
    pub hidden_slurs: Option<Marks>,
}

/// Whether a tie starts or stops at a note.
#[derive(Clone, Copy, Default)]
pub(super) struct Ties {
    pub start: bool,
    pub stop: bool,
    pub passes: TiePasses,
}

impl Ties {
    pub fn add(&mut self, tag: &Tag<'_>) {
        let kind = tag.attribute("type");
        let is_both = kind.as_deref() == Some("continue");
        let passes = tag.attribute("time-only").map_or(Passes::default(), |passes| Passes::parse(&passes));
        if is_both || kind.as_deref() == Some("start") {
            (self.start, self.passes.start) = (true, passes);
        }
        if is_both || kind.as_deref() == Some("stop") {
            (self.stop, self.passes.stop) = (true, passes);
        }
    }

    /// What sounds, where `tied` is what is printed: that counts where nothing says what sounds, or
    /// where it says all that sounds and more. Only what sounds says in which passes.
    pub fn with(self, tied: Self) -> Self {
        let is_more = (tied.start || !self.start) && (tied.stop || !self.stop);
        if is_more { Self { passes: self.passes, ..tied } } else { self }
    }
}

/// Adds what one `<notations>` says. The ends of slurs go to the score; their note is not known yet.
pub(super) fn notations(reader: &mut Reader<'_, '_>, found: &mut Notations) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "tied" => found.tied.add(&tag),
            "slur" => {
                let number = tag.number::<u32>("number").unwrap_or(0);
                let is_start = tag.is("type", "start");
                if reader.score.is_exact {
                    found.marks |= slur(&tag);
                } else if is_start || tag.is("type", "stop") {
                    reader.score.slurs.push(SlurEnd { note: 0, number, is_start });
                }
            }
            "other-notation" if reader.score.is_exact => {
                let text = reader.xml.text()?;
                found.hidden_slurs = written_out::parse_hidden_slurs(&text);
                continue;
            }
            "fermata" => found.marks |= Marks::FERMATA,
            "arpeggiate" => {
                let down = tag.is("direction", "down");
                found.marks |= if down { Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN } else { Marks::ARPEGGIO };
            }
            "articulations" | "ornaments" => {
                articulations(reader, &mut found.marks)?;
                continue;
            }
            "dynamics" => {
                found.dynamics.extend(dynamics(reader)?);
                continue;
            }
            _ => {}
        }
        reader.xml.skip()?;
    }
    if let Some(slurs) = found.hidden_slurs {
        found.marks = (found.marks - SLURS) | slurs;
    }
    Ok(())
}

/// Articulations or ornaments, with the accidentals at these. An accidental belongs to the ornament before
/// it; without one it belongs to nothing that a score keeps.
fn articulations(reader: &mut Reader<'_, '_>, marks: &mut Marks) -> Result<(), ImportError> {
    let mut ornament = Marks::empty();
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "accidental-mark" => {
                // The lower neighbour is the only one that a mordent has, unless it is inverted.
                let is_lower = ornament.contains(Marks::MORDENT) && !ornament.contains(Marks::INVERTED);
                let below = tag.attribute("placement").map_or(is_lower, |side| side.trim() == "below");
                let mark = accidental_mark(&reader.xml.text()?, below);
                if ornament.intersects(Marks::TRILL | Marks::TURN | Marks::MORDENT) {
                    *marks |= mark;
                }
            }
            "tremolo" if tag.is("type", "start") || tag.is("type", "stop") => {
                *marks |= Marks::TREMOLO | Marks::TREMOLO_PAIR;
                reader.xml.skip()?;
            }
            "tremolo" => {
                // Three strokes, without a measure, are what most scores mean.
                *marks |= Marks::tremolo(reader.xml.number::<u8>()?.unwrap_or(3));
            }
            "wavy-line" if !tag.is("type", "start") => reader.xml.skip()?,
            name => {
                ornament = mark(name);
                *marks |= ornament;
                reader.xml.skip()?;
            }
        }
    }
    Ok(())
}

/// What a slur says at a note of a written-out file: there every slur has both its ends.
fn slur(tag: &Tag<'_>) -> Marks {
    match tag.attribute("type").as_deref() {
        Some("start") => Marks::SLUR_START | Marks::SLURRED,
        Some("stop") => Marks::SLUR_STOP | Marks::SLURRED,
        _ => Marks::SLURRED,
    }
}

fn accidental_mark(text: &str, below: bool) -> Marks {
    match (accidental(text), below) {
        (Some(..=-1), false) => Marks::ABOVE_FLAT,
        (Some(0), false) => Marks::ABOVE_NATURAL,
        (Some(1..), false) => Marks::ABOVE_SHARP,
        (Some(..=-1), true) => Marks::BELOW_FLAT,
        (Some(0), true) => Marks::BELOW_NATURAL,
        (Some(1..), true) => Marks::BELOW_SHARP,
        (None, _) => Marks::empty(),
    }
}

/// Semitones of an accidental sign.
pub(super) fn accidental(text: &str) -> Option<i16> {
    Some(match text {
        "sharp" => 1,
        "flat" => -1,
        "natural" => 0,
        "double-sharp" | "sharp-sharp" => 2,
        "double-flat" | "flat-flat" => -2,
        _ => return None,
    })
}

fn mark(name: &str) -> Marks {
    match name {
        "staccato" => Marks::STACCATO,
        "staccatissimo" | "spiccato" => Marks::STACCATISSIMO,
        "accent" => Marks::ACCENT,
        "strong-accent" => Marks::MARCATO,
        "tenuto" => Marks::TENUTO,
        "detached-legato" => Marks::TENUTO | Marks::STACCATO,
        "breath-mark" | "caesura" => Marks::BREATH,
        "trill-mark" | "shake" | "wavy-line" => Marks::TRILL,
        "mordent" => Marks::MORDENT,
        "inverted-mordent" => Marks::MORDENT | Marks::INVERTED,
        "turn" | "vertical-turn" => Marks::TURN,
        "inverted-turn" | "inverted-vertical-turn" => Marks::TURN | Marks::INVERTED,
        "delayed-turn" => Marks::TURN | Marks::DELAYED,
        "delayed-inverted-turn" => Marks::TURN | Marks::INVERTED | Marks::DELAYED,
        _ => Marks::empty(),
    }
}
