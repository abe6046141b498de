//! One `<note>`: pitch or rest, duration, ties, and when it sounds.
//!
//! Small notes (`<cue/>`) sound. By the standard they are those of another player and many programs keep
//! them silent; but in piano scores they are what the one player plays, in small print: cadenzas, an
//! *ossia*, notes added to a doubled voice. What is not to sound says `dynamics="0"`.

use super::notations::{Notations, Ties, accidental, notations};
use super::reader::Reader;
use super::tuplet;
use super::written::{Passes, Position, WrittenDirection, WrittenNote};
use super::written_out::{HeadId, VOICES};
use super::xml::Tag;
use super::{chords, fermatas};
use crate::error::ImportError;
use crate::marks::Marks;
use crate::note_value::{self, Tuplet};
use crate::score::Grace;
use crate::time::Quarters;

/// No note is longer, in quarters: ten minutes at a hundred a minute.
const LONGEST_NOTE: Quarters = Quarters::whole(1000);

/// So many directions at one place are looked through for one that says the same.
const MOST_AT_ONE_PLACE: usize = 64;

/// No accidental is further from its step, in semitones.
const MOST_ALTER: f64 = 12.0;

/// What a `<note>` says, before it finds its place.
#[derive(Default)]
struct Draft {
    id: Option<u32>,
    own_name: Option<HeadId>,
    /// As written; nothing if the file does not say.
    duration: Option<Quarters>,
    /// Printed value without dots.
    value: Option<Quarters>,
    dots: u32,
    tuplet: Option<Tuplet>,
    chord: bool,
    grace: Option<Grace>,
    rest: bool,
    /// Whether the file says that the rest lasts for its measure.
    of_measure: bool,
    pitched: bool,
    unpitched: bool,
    step: Option<u8>,
    octave: Option<i16>,
    alter: Option<i16>,
    accidental: Option<i16>,
    voice: Option<u8>,
    staff: Option<u8>,
    tie: Ties,
    notations: Notations,
    silent: bool,
    passes: Passes,
}

/// Reads a note or rest.
pub(super) fn note<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    let mut draft = Draft::default();
    draft.read_attributes(tag);
    let first_slur = reader.score.slurs.len();
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "duration" => draft.duration = Some(reader.duration()?),
            "pitch" => pitch(reader, &mut draft)?,
            "voice" => draft.voice = voice(reader)?,
            "staff" => draft.staff = reader.xml.number::<u8>()?,
            "type" => draft.value = note_value::of_type(&reader.xml.text()?),
            "time-modification" => draft.tuplet = tuplet::tuplet(reader)?,
            "accidental" => draft.accidental = accidental(&reader.xml.text()?),
            "notations" => notations(reader, &mut draft.notations)?,
            name => {
                match name {
                    "chord" => draft.chord = true,
                    "dot" => draft.dots += 1,
                    "grace" => draft.grace = Some(grace_kind(&tag)),
                    "rest" => {
                        draft.rest = true;
                        draft.of_measure = tag.is("measure", "yes");
                    }
                    "tie" => draft.tie.add(&tag),
                    "unpitched" => draft.unpitched = true,
                    _ => {}
                }
                reader.xml.skip()?;
            }
        }
    }
    place(reader, draft, first_slur)
}

impl Draft {
    fn read_attributes(&mut self, tag: &Tag<'_>) {
        for (name, value) in tag.attributes() {
            match name {
                "id" => {
                    self.id = value.strip_prefix('n').and_then(|id| id.parse().ok());
                    self.own_name = HeadId::parse(&value);
                }
                "dynamics" => self.silent = value.trim().parse::<f64>().is_ok_and(|loudness| loudness <= 0.0),
                "time-only" => self.passes = Passes::parse(&value),
                _ => {}
            }
        }
    }

    /// The MIDI pitch, if there is one.
    fn pitch(&self, transpose: i16) -> Option<u8> {
        let (step, octave) = self.step.zip(self.octave)?;
        let alter = self.alter.or(self.accidental).unwrap_or(0);
        let midi = 12 * (octave.clamp(-99, 99) + 1) + i16::from(step) + alter + transpose;
        u8::try_from(midi).ok().filter(|midi| *midi <= 127)
    }
}

/// Puts a note where reading stands, and moves on.
fn place(reader: &mut Reader<'_, '_>, mut draft: Draft, first_slur: usize) -> Result<(), ImportError> {
    // Grace notes of an exact file take no time, and their mark alone says that they are struck together.
    let is_alone = draft.grace.is_some() && reader.score.is_exact;
    let follows = if draft.chord && !is_alone { reader.previous } else { None };
    let (written, exact) = durations(reader, &draft);
    let (onset, of_first) = follows.unwrap_or((reader.cursor.position(), written));
    reader.previous = Some((onset, of_first));
    // A note of a chord may end before the first one, not after it.
    let is_shorter = follows.is_some() && written > Quarters::ZERO && written < of_first;
    let duration = if is_shorter { written } else { of_first };
    if duration < Quarters::ZERO {
        reader
            .warn("a duration is negative; the note has its size, and what follows stands that much earlier");
    }
    place_dynamics(reader, &mut draft, onset)?;
    if draft.unpitched {
        reader.warn("an unpitched note is left out");
    } else if draft.pitched {
        push(reader, &draft, (onset, duration), first_slur)?;
    } else {
        reader.score.slurs.truncate(first_slur);
        reader.open_graces.clear();
        if draft.rest && draft.notations.marks.contains(Marks::FERMATA) && duration > Quarters::ZERO {
            fermatas::on_rest(reader, (onset, onset + duration), draft.staff, draft.passes)?;
        }
    }
    if follows.is_some() {
        return Ok(());
    }
    if duration < Quarters::ZERO {
        reader.go_back(-duration);
        return Ok(());
    }
    reader.advance(written, exact)
}

/// The duration of a note as written and as meant: where the file gives none, the value that is
/// printed; for a rest without either, the rest of the measure.
fn durations(reader: &mut Reader<'_, '_>, draft: &Draft) -> (Quarters, Quarters) {
    if draft.grace.is_some() {
        return (Quarters::ZERO, Quarters::ZERO);
    }
    if let Some(full) = too_long_rest(reader, draft) {
        reader.warn(format!("a rest for the whole measure is written too long; it lasts {full} quarters"));
        return (full, full);
    }
    let notated = draft.value.map(|plain| note_value::value(plain, draft.dots, draft.tuplet));
    match (draft.duration, notated) {
        (Some(written), _) if written > Quarters::ZERO => (written, reader.exact_duration(written, notated)),
        (Some(written), _) => (written, written),
        (None, Some(notated)) if reader.admit(notated.denominator()).is_ok() => (notated, notated),
        (None, _) if draft.rest => {
            let full = reader.state().time.measure_length();
            let left = (full - reader.cursor.position()).max(Quarters::ZERO);
            (left, left)
        }
        (None, _) => (Quarters::ZERO, Quarters::ZERO),
    }
}

/// The length of the measure, for a rest that fills it and is written longer, where nothing before it lasts
/// so long: a whole rest stands for measures of every metre, and some programs write it as four quarters in
/// each.
fn too_long_rest(reader: &Reader<'_, '_>, draft: &Draft) -> Option<Quarters> {
    let is_whole = draft.of_measure || (draft.value == Some(Quarters::whole(4)) && draft.dots == 0);
    let is_first = draft.rest && is_whole && reader.cursor.position().is_zero();
    let has_metre = !(reader.score.is_exact || reader.state().is_free || reader.score.times.is_empty());
    let measure = reader.score.measures.get(reader.measure as usize);
    let reached = measure.map_or(Quarters::ZERO, |measure| measure.length).max(reader.cursor.reached());
    let full = reader.state().time.measure_length();
    let is_longer = |written: &Quarters| *written > full && *written > reached;
    draft.duration.filter(is_longer).filter(|_| is_first && has_metre).map(|_| full)
}

/// Dynamics at a note are directions at its onset. Notes of a chord often say the same.
fn place_dynamics(
    reader: &mut Reader<'_, '_>,
    draft: &mut Draft,
    onset: Quarters,
) -> Result<(), ImportError> {
    let position = Position { measure: reader.measure, offset: onset };
    let (part, staff) = (reader.part, draft.staff);
    for (kind, text) in std::mem::take(&mut draft.notations.dynamics) {
        let passes = draft.passes;
        let direction =
            WrittenDirection { position, end: None, part, staff, kind, text, tempo_ratio: None, passes };
        let key = |d: &WrittenDirection| (d.part, d.staff, d.kind);
        let here = reader.score.directions.iter().rev().take(MOST_AT_ONE_PLACE);
        let here = here.take_while(|d| d.position == position);
        if !here.map(key).any(|known| known == key(&direction)) {
            reader.add_direction(direction)?;
        }
    }
    Ok(())
}

fn push(
    reader: &mut Reader<'_, '_>,
    draft: &Draft,
    (onset, duration): (Quarters, Quarters),
    first_slur: usize,
) -> Result<(), ImportError> {
    let staff = draft.staff.unwrap_or(1).max(1);
    let voice = draft.voice.unwrap_or(1).max(1);
    let state = reader.state();
    let transpose = state.transpose_staff.get(&staff).copied().unwrap_or(state.transpose);
    let Some(pitch) = draft.pitch(transpose) else {
        reader.warn("a note without a pitch from 0 to 127 is left out");
        reader.score.slurs.truncate(first_slur);
        return Ok(());
    };
    if reader.score.notes.len() >= reader.limits.notes {
        return Err(ImportError::too_large("notes", reader.limits.notes as u64));
    }
    reader.state_mut().silent_notes += usize::from(draft.silent);
    let note = reader.score.notes.len();
    for slur in &mut reader.score.slurs[first_slur..] {
        slur.note = note;
        if slur.number == 0 {
            slur.number = u32::from(voice);
        }
    }
    let (duration, grace) = believed(reader, duration.abs(), draft.grace);
    if grace.is_none() {
        reader.open_graces.clear();
    } else {
        reader.open_graces.push(note);
    }
    let part = &mut reader.score.parts[usize::from(reader.part)];
    part.staves = part.staves.max(staff);
    let tie = draft.tie.with(draft.notations.tied);
    let is_grace_chord = draft.chord && draft.grace.is_some();
    let chord = if is_grace_chord { Marks::GRACE_CHORD } else { Marks::empty() };
    let of_chord = if draft.chord && draft.grace.is_none() && reader.score.is_exact {
        reader.score.notes.last().map_or(Marks::empty(), |first| first.marks & chords::SHARED)
    } else {
        Marks::empty()
    };
    reader.score.notes.push(WrittenNote {
        id: draft.id.unwrap_or(u32::MAX),
        own_name: draft.own_name.filter(|_| reader.score.is_exact),
        position: Position { measure: reader.measure, offset: onset },
        duration,
        pitch,
        part: reader.part,
        staff,
        voice,
        grace,
        is_of_chord: draft.chord,
        marks: draft.notations.marks | chord | of_chord,
        tie_start: tie.start,
        tie_stop: tie.stop,
        tie_passes: tie.passes,
        ends_measure: false,
        is_silent: draft.silent,
        passes: draft.passes,
    });
    Ok(())
}

/// A duration that is not too long, and a kind of grace note for what has none.
fn believed(
    reader: &mut Reader<'_, '_>,
    duration: Quarters,
    grace: Option<Grace>,
) -> (Quarters, Option<Grace>) {
    if duration > LONGEST_NOTE {
        reader.warn(format!("a note of {duration} quarters is cut to {LONGEST_NOTE}"));
    }
    if grace.is_some() || duration > Quarters::ZERO {
        return (duration.min(LONGEST_NOTE), grace);
    }
    reader.warn("a note has no duration; it is played as a grace note");
    (duration, Some(Grace::Appoggiatura))
}

fn pitch(reader: &mut Reader<'_, '_>, draft: &mut Draft) -> Result<(), ImportError> {
    draft.pitched = true;
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "step" => draft.step = step(&reader.xml.text()?),
            "octave" => draft.octave = reader.xml.number::<i16>()?,
            "alter" => {
                let written = reader.xml.number::<f64>()?;
                if let Some(alter) = written.filter(|a| a.is_nan() || a.abs() > MOST_ALTER) {
                    reader.warn(format!("an accidental of {alter} semitones is read as one of {MOST_ALTER}"));
                }
                // Quarter tones are rounded to the nearest key.
                draft.alter = written.map(|a| a.clamp(-MOST_ALTER, MOST_ALTER).round() as i16);
            }
            _ => reader.xml.skip()?,
        }
    }
    Ok(())
}

fn voice(reader: &mut Reader<'_, '_>) -> Result<Option<u8>, ImportError> {
    let text = reader.xml.text()?;
    let voice = match text.parse::<u32>().ok() {
        Some(voice) if reader.score.is_exact => u8::try_from(voice % VOICES).ok(),
        voice => voice.and_then(|voice| u8::try_from(voice).ok()),
    };
    if voice.is_none() && !text.is_empty() {
        reader.warn("a voice is not a number from 0 to 255; it is taken as the first");
    }
    Ok(voice)
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
