//! One `<note>`: pitch or rest, duration, ties, and the marks at it.

use super::page::{PageNote, SlurEnd};
use super::reader::PageReader;
use super::xml::Tag;
use crate::error::ImportError;
use crate::marks::Marks;
use crate::score::Grace;
use crate::time::Quarters;

/// What a `<note>` says, before it finds its place.
#[derive(Default)]
struct Draft {
    id: Option<u32>,
    duration: Quarters,
    chord: bool,
    grace: Option<Grace>,
    pitched: bool,
    unpitched: bool,
    step: Option<u8>,
    octave: Option<i16>,
    alter: Option<i16>,
    accidental: Option<i16>,
    voice: Option<u8>,
    staff: Option<u8>,
    tie: Ties,
    /// From `<tied>`, for files that leave `<tie>` out.
    tied: Ties,
    marks: Marks,
}

#[derive(Clone, Copy, Default)]
struct Ties {
    start: bool,
    stop: bool,
}

impl Ties {
    fn add(&mut self, tag: &Tag<'_>) {
        match tag.attribute("type").as_deref() {
            Some("start") => self.start = true,
            Some("stop") => self.stop = true,
            Some("continue") => *self = Self { start: true, stop: true },
            _ => {}
        }
    }

    fn any(self) -> bool {
        self.start || self.stop
    }
}

impl<'a> PageReader<'a, '_> {
    pub(super) fn note(&mut self, tag: &Tag<'a>) -> Result<(), ImportError> {
        let mut draft = Draft {
            id: tag.attribute("id").and_then(|id| id.strip_prefix('n')?.parse().ok()),
            ..Draft::default()
        };
        let first_slur = self.page.slurs.len();
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "duration" => draft.duration = self.duration()?,
                "chord" => {
                    draft.chord = true;
                    self.xml.skip()?;
                }
                "grace" => {
                    draft.grace = Some(grace_kind(&tag));
                    self.xml.skip()?;
                }
                "pitch" => self.pitch(&mut draft)?,
                "unpitched" => {
                    draft.unpitched = true;
                    self.xml.skip()?;
                }
                "voice" => draft.voice = self.xml.number::<u8>()?,
                "staff" => draft.staff = self.xml.number::<u8>()?,
                "accidental" => draft.accidental = accidental(&self.xml.text()?),
                "tie" => {
                    draft.tie.add(&tag);
                    self.xml.skip()?;
                }
                "notations" => self.notations(&mut draft)?,
                _ => self.xml.skip()?,
            }
        }
        self.place_note(&draft, first_slur)
    }

    fn place_note(&mut self, draft: &Draft, first_slur: usize) -> Result<(), ImportError> {
        let (onset, duration) = match self.previous {
            Some(previous) if draft.chord => previous,
            _ => (self.position, if draft.grace.is_some() { Quarters::ZERO } else { draft.duration }),
        };
        self.previous = Some((onset, duration));
        self.position = onset;
        if duration < Quarters::ZERO {
            self.warn(
                "a duration is negative; the note has its size, and what follows stands that much earlier",
            );
        }
        if draft.unpitched {
            self.warn("an unpitched note is left out");
        } else if draft.pitched {
            self.push_note(draft, duration, first_slur)?;
        }
        if !draft.pitched {
            self.page.slurs.truncate(first_slur);
        }
        if duration < Quarters::ZERO {
            self.go_back(-duration);
            return Ok(());
        }
        self.advance(duration)
    }

    fn push_note(&mut self, draft: &Draft, duration: Quarters, first_slur: usize) -> Result<(), ImportError> {
        let staff = draft.staff.unwrap_or(1).max(1);
        let voice = draft.voice.unwrap_or(1).max(1);
        let state = self.state();
        let transpose = state.transpose_staff.get(&staff).copied().unwrap_or(state.transpose);
        let sounding = draft.step.zip(draft.octave).and_then(|(step, octave)| {
            let alter = draft.alter.or(draft.accidental).unwrap_or(0);
            let midi = 12 * (octave.clamp(-99, 99) + 1) + i16::from(step) + alter + transpose;
            u8::try_from(midi).ok().filter(|midi| *midi <= 127)
        });
        let Some(pitch) = sounding else {
            self.warn("a note without a pitch from 0 to 127 is left out");
            self.page.slurs.truncate(first_slur);
            return Ok(());
        };
        if self.page.notes.len() >= self.limits.notes {
            return Err(ImportError::TooLarge { what: "notes", limit: self.limits.notes as u64 });
        }
        let note = self.page.notes.len();
        for slur in &mut self.page.slurs[first_slur..] {
            slur.note = note;
            if slur.number == 0 {
                slur.number = u32::from(voice);
            }
        }
        let mut grace = draft.grace;
        if grace.is_none() && duration == Quarters::ZERO {
            self.warn("a note has no duration; it is played as a grace note");
            grace = Some(Grace::Appoggiatura);
        }
        let part = &mut self.page.parts[usize::from(self.part)];
        part.staves = part.staves.max(staff);
        let tie = if draft.tie.any() { draft.tie } else { draft.tied };
        self.page.notes.push(PageNote {
            id: draft.id.unwrap_or(u32::MAX),
            spot: self.here(),
            duration: duration.max(-duration),
            pitch,
            part: self.part,
            staff,
            voice,
            grace,
            marks: draft.marks,
            tie_start: tie.start,
            tie_stop: tie.stop,
        });
        Ok(())
    }

    fn pitch(&mut self, draft: &mut Draft) -> Result<(), ImportError> {
        draft.pitched = true;
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "step" => draft.step = step(&self.xml.text()?),
                "octave" => draft.octave = self.xml.number::<i16>()?,
                // Quarter tones are rounded to the nearest key.
                "alter" => {
                    draft.alter = self.xml.number::<f64>()?.map(|a| a.clamp(-12.0, 12.0).round() as i16)
                }
                _ => self.xml.skip()?,
            }
        }
        Ok(())
    }

    fn notations(&mut self, draft: &mut Draft) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "tied" => draft.tied.add(&tag),
                "slur" => {
                    let number = tag.number::<u32>("number").unwrap_or(0);
                    let is_start = tag.is("type", "start");
                    if is_start || tag.is("type", "stop") {
                        self.page.slurs.push(SlurEnd { note: 0, number, is_start });
                    }
                }
                "fermata" => draft.marks |= Marks::FERMATA,
                "arpeggiate" => {
                    let down = tag.is("direction", "down");
                    draft.marks |=
                        if down { Marks::ARPEGGIO | Marks::ARPEGGIO_DOWN } else { Marks::ARPEGGIO };
                }
                "articulations" | "ornaments" => {
                    self.marks(draft)?;
                    continue;
                }
                _ => {}
            }
            self.xml.skip()?;
        }
        Ok(())
    }
}

impl<'a> PageReader<'a, '_> {
    /// Articulations or ornaments, with the accidentals at these.
    fn marks(&mut self, draft: &mut Draft) -> Result<(), ImportError> {
        while let Some(tag) = self.xml.child()? {
            match tag.name() {
                "accidental-mark" => {
                    let below = tag.is("placement", "below");
                    draft.marks |= accidental_mark(&self.xml.text()?, below);
                }
                "tremolo" if tag.is("type", "start") || tag.is("type", "stop") => {
                    draft.marks |= Marks::TREMOLO | Marks::TREMOLO_PAIR;
                    self.xml.skip()?;
                }
                "tremolo" => {
                    // Three strokes, without a measure, are what most scores mean.
                    draft.marks |= Marks::tremolo(self.xml.number::<u8>()?.unwrap_or(3));
                }
                "wavy-line" if !tag.is("type", "start") => self.xml.skip()?,
                name => {
                    draft.marks |= mark(name);
                    self.xml.skip()?;
                }
            }
        }
        Ok(())
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

fn grace_kind(tag: &Tag<'_>) -> Grace {
    let stolen_before = tag.attribute("steal-time-previous").is_some();
    let stolen_after = tag.attribute("steal-time-following").is_some();
    let slash = tag.is("slash", "yes");
    if stolen_before || (slash && !stolen_after) { Grace::Acciaccatura } else { Grace::Appoggiatura }
}

/// Semitones above C.
fn step(text: &str) -> Option<u8> {
    Some(match text {
        "C" | "c" => 0,
        "D" | "d" => 2,
        "E" | "e" => 4,
        "F" | "f" => 5,
        "G" | "g" => 7,
        "A" | "a" => 9,
        "B" | "b" => 11,
        _ => return None,
    })
}

/// Semitones of an accidental sign, for files that print it but leave `<alter>` out.
fn accidental(text: &str) -> Option<i16> {
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
