//! `<attributes>`: divisions, key, metre, staves, transposition and the style of measures.

use super::measure_style::measure_style;
use super::reader::{FINEST_GRID, Reader};
use super::xml::Tag;
use crate::error::ImportError;
use crate::score::{KeySignature, TimeSignature};
use crate::time::lcm;

/// Reads the attributes at a point of a measure.
pub(super) fn attributes(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "divisions" => divisions(reader)?,
            "key" => key(reader)?,
            "time" => time(reader)?,
            "staves" => {
                let staves = reader.xml.number::<u8>()?.unwrap_or(1).max(1);
                let part = &mut reader.score.parts[usize::from(reader.part)];
                part.staves = part.staves.max(staves);
            }
            "transpose" => transpose(reader, &tag)?,
            "measure-style" => measure_style(reader, &tag)?,
            _ => reader.xml.skip()?,
        }
    }
    Ok(())
}

fn divisions(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let most = if reader.score.is_exact { FINEST_GRID as f64 } else { 1e6 };
    match reader.xml.number::<f64>()? {
        Some(divisions) if (1.0..=most).contains(&divisions) => {
            reader.state_mut().divisions = divisions.round() as i64;
        }
        _ => {
            reader.warn("the divisions of a quarter are not a number from 1 to a million; left as they were")
        }
    }
    Ok(())
}

fn key(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let (mut fifths, mut minor) = (None, false);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "fifths" => fifths = reader.xml.number::<i8>()?,
            "mode" => minor = reader.xml.text()? == "minor",
            _ => reader.xml.skip()?,
        }
    }
    let Some(written) = fifths else { return Ok(()) };
    let fifths = written.clamp(-7, 7);
    if fifths != written {
        reader.warn(format!("a key signature of {written} fifths is read as {fifths}"));
    }
    if !reader.is_repeated_part() {
        let here = reader.here();
        reader.score.keys.push((here, KeySignature { fifths, minor }));
    }
    Ok(())
}

/// Beats and beat type; sums such as 3+2 and metres such as 3/8 + 2/4 are added up.
fn time(reader: &mut Reader<'_, '_>) -> Result<(), ImportError> {
    let (mut beats, mut time, mut is_free) = (None, None, false);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "beats" => {
                let text = reader.xml.text()?;
                beats = text.split('+').try_fold(0_u8, |sum, n| sum.checked_add(n.trim().parse().ok()?));
            }
            "beat-type" => {
                let beat_type = reader.xml.number::<u8>()?;
                if let (Some(beats @ 1..), Some(beat_type @ 1..)) = (beats.take(), beat_type) {
                    time = added(time, TimeSignature { beats, beat_type });
                }
            }
            name => {
                is_free |= name == "senza-misura";
                reader.xml.skip()?;
            }
        }
    }
    match time {
        Some(time) => {
            reader.admit(time.measure_length().denominator())?;
            let measure = reader.measure;
            let state = reader.state_mut();
            // At the beginning there was none.
            state.time_before = (measure > 0).then_some((state.time, measure));
            (state.time, state.is_free) = (time, false);
            if !reader.is_repeated_part() {
                let here = reader.here();
                reader.score.times.push((here, time));
            }
        }
        _ if is_free => reader.state_mut().is_free = true,
        _ => reader.warn("a time signature without plain beats; the metre before it goes on"),
    }
    Ok(())
}

/// A metre and another one after it, in the smaller of their beats; the first alone where the sum has too
/// many beats.
fn added(first: Option<TimeSignature>, second: TimeSignature) -> Option<TimeSignature> {
    let Some(first) = first else { return Some(second) };
    let beat_type = lcm(first.beat_type.into(), second.beat_type.into())?;
    let beats_of = |time: TimeSignature| i64::from(time.beats) * (beat_type / i64::from(time.beat_type));
    let beats = u8::try_from(beats_of(first) + beats_of(second)).ok();
    let sum = beats.zip(u8::try_from(beat_type).ok());
    Some(sum.map_or(first, |(beats, beat_type)| TimeSignature { beats, beat_type }))
}

fn transpose<'a>(reader: &mut Reader<'a, '_>, tag: &Tag<'a>) -> Result<(), ImportError> {
    let staff = tag.number::<u8>("number");
    let (mut chromatic, mut octaves) = (0.0, 0.0);
    while let Some(tag) = reader.xml.child()? {
        match tag.name() {
            "chromatic" => chromatic = reader.xml.number::<f64>()?.unwrap_or(0.0),
            "octave-change" => octaves = reader.xml.number::<f64>()?.unwrap_or(0.0),
            _ => reader.xml.skip()?,
        }
    }
    let written: f64 = (chromatic + 12.0 * octaves).round();
    let semitones = written.clamp(-127.0, 127.0) as i16;
    if f64::from(semitones) != written {
        reader.warn(format!("a transposition by {written} semitones is read as {semitones}"));
    }
    let state = reader.state_mut();
    match staff {
        Some(staff) => drop(state.transpose_staff.insert(staff, semitones)),
        None => {
            state.transpose = semitones;
            state.transpose_staff.clear();
        }
    }
    Ok(())
}
