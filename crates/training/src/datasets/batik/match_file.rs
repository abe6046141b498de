//! Match files, version 1.0.0: a note alignment as text (Foscarin et al. 2022, arXiv 2206.01104).
//!
//! One statement a line, with a full stop at its end:
//!
//! - `info(midiClockUnits,480).` gives ticks of a quarter, `info(midiClockRate,500000).`
//!   microseconds of a quarter.
//! - `snote(n1-1,[C,#],4,1:1,0,1/4,0.0000,1.0000,[v1,staff1])-note(n3,61,960,1420,64,1,0).` is a score
//!   note (identifier, name, octave, bar and beat, offset and duration in whole notes, onset and end
//!   in beats, attributes) and the key struck for it (identifier, pitch, ticks of start and end,
//!   velocity, channel, track).
//! - `snote(…)-deletion.` is a score note that was not played, `insertion-note(…).` a key that is not
//!   in the score, `ornament(n1-1)-note(…).` a key that belongs to an ornament.

use anyhow::{Context, Result, bail, ensure};
use notation::NoteId;

use crate::datasets::note_id;
use crate::datasets::performed::Struck;

/// An alignment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Match {
    /// Score notes in the order of the file, and the keys struck for them.
    pub notes: Vec<(ScoreNote, Option<Struck>)>,
    /// Keys struck for no score note, those of ornaments included.
    pub extra: Vec<Struck>,
}

/// What a match file says of a score note.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreNote {
    /// Its identifier.
    pub id: NoteId,
    /// Its onset in beats of the metre.
    pub onset_beats: f64,
}

/// Seconds of a tick.
struct Clock {
    units: f64,
    rate: f64,
}

impl Clock {
    fn secs(&self, ticks: f64) -> f64 {
        ticks * self.rate / (1e6 * self.units)
    }
}

/// Reads a match file.
///
/// # Errors
/// When the version is another, or a statement is not as it should be; the message names the line.
pub fn parse(text: &str) -> Result<Match> {
    let mut clock = Clock { units: 480.0, rate: 500_000.0 };
    let mut alignment = Match::default();
    for (number, line) in text.lines().enumerate() {
        statement(line.trim(), &mut clock, &mut alignment).with_context(|| format!("line {}", number + 1))?;
    }
    ensure!(!alignment.notes.is_empty(), "the file has no score notes");
    Ok(alignment)
}

fn statement(line: &str, clock: &mut Clock, alignment: &mut Match) -> Result<()> {
    let line = line.strip_suffix('.').unwrap_or(line);
    if let Some(info) = inside(line, "info(") {
        return header(info, clock);
    }
    if let Some(key) = line.strip_prefix("insertion-").and_then(|l| inside(l, "note(")) {
        alignment.extra.push(struck(key, clock)?);
    } else if let Some(statement) = line.strip_prefix("ornament(") {
        let key = statement.split_once(")-").and_then(|(_, key)| inside(key, "note("));
        alignment.extra.push(struck(key.context("an ornament without a note")?, clock)?);
    } else if line.starts_with("snote(") {
        let (score, played) = line.rsplit_once(")-").context("a score note without what was played")?;
        let score = score_note(score.trim_start_matches("snote("))?;
        let key = match played {
            "deletion" | "deletion." => None,
            played => {
                let key = inside(played, "note(").with_context(|| format!("{played} is no note"))?;
                Some(struck(key, clock)?)
            }
        };
        alignment.notes.push((score, key));
    }
    // Signatures, pedals and sections stand in score and MIDI file too.
    Ok(())
}

/// What stands between a name with its bracket and the last bracket.
fn inside<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    text.strip_prefix(name)?.strip_suffix(')')
}

fn header(info: &str, clock: &mut Clock) -> Result<()> {
    let (name, value) = info.split_once(',').context("an info without a value")?;
    let number = || value.trim().parse::<f64>().with_context(|| format!("{name} is no number: {value}"));
    match name {
        "matchFileVersion" if value.trim() != "1.0.0" => {
            bail!("match files of version {value} cannot be read, only 1.0.0")
        }
        "midiClockUnits" => clock.units = number()?,
        "midiClockRate" => clock.rate = number()?,
        _ => {}
    }
    ensure!(clock.units > 0.0 && clock.rate > 0.0, "the MIDI clock stands still");
    Ok(())
}

fn score_note(text: &str) -> Result<ScoreNote> {
    // The name of the note is a list of its own: [C,#].
    let (id, rest) = text.split_once(',').context("a score note without fields")?;
    let fields: Vec<&str> =
        rest.split_once(']').context("a score note without a name")?.1.split(',').collect();
    // Empty, octave, bar and beat, offset, duration, onset, end, attributes.
    let onset = fields.get(5).context("a score note without an onset in beats")?;
    let onset_beats = onset.trim().parse().with_context(|| format!("{onset} is no number of beats"))?;
    Ok(ScoreNote { id: note_id::parse(id)?, onset_beats })
}

fn struck(text: &str, clock: &Clock) -> Result<Struck> {
    let fields: Vec<&str> = text.split(',').map(str::trim).collect();
    ensure!(fields.len() >= 5, "a played note with {} fields", fields.len());
    let number = |k: usize| {
        fields[k].parse::<f64>().with_context(|| format!("{} is no number in a played note", fields[k]))
    };
    let byte = |k: usize| {
        fields[k]
            .parse::<u8>()
            .ok()
            .filter(|b| *b < 128)
            .with_context(|| format!("{} is no MIDI value", fields[k]))
    };
    let onset_secs = clock.secs(number(2)?);
    let duration_secs = clock.secs(number(3)?) - onset_secs;
    Ok(Struck { onset_secs, duration_secs, pitch: byte(1)?, velocity: byte(4)? })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    const FILE: &str = "\
info(matchFileVersion,1.0.0).
info(piece,An invented piece, of two bars).
info(midiClockUnits,480).
info(midiClockRate,500000).
scoreprop(timeSignature,3/4,1:1,0,0.0000).
snote(n1-1,[C,#],4,1:1,0,0,0.0000,0.0000,[v1,staff1,grace])-note(n0,61,960,1440,64,1,0).
snote(n2-1,[E,n],4,1:1,0,1/2,0.0000,2.0000,[v1,staff1])-deletion.
insertion-note(n1,45,1000,1005,2,1,0).
ornament(n2-1)-note(n4,66,1100,1150,50,1,0).
snote(n2-2,[E,n],4,4:3,1/8,1/8,11.5000,12.0000,[v1,staff1])-note(n2,64,2400,2880,80,1,0).
sustain(2400,127).
";

    #[test]
    fn notes_have_seconds_and_places() {
        let alignment = parse(FILE).unwrap();
        let ids: Vec<_> =
            alignment.notes.iter().map(|(n, _)| (n.id.written, n.id.pass, n.onset_beats)).collect();
        assert_eq!(ids, [(1, 1, 0.0), (2, 1, 0.0), (2, 2, 11.5)]);
        let key = Struck { onset_secs: 1.0, duration_secs: 0.5, pitch: 61, velocity: 64 };
        assert_eq!(alignment.notes[0].1, Some(key));
        assert_eq!(alignment.notes[1].1, None);
        assert_eq!(alignment.extra.iter().map(|k| k.pitch).collect::<Vec<_>>(), [45, 66]);
    }

    #[test]
    fn another_clock_counts_other_seconds() {
        let slow = parse(&FILE.replace("500000", "1000000")).unwrap();
        assert_eq!(slow.notes[0].1.unwrap().onset_secs, 2.0);
    }

    #[test]
    fn a_bad_line_is_named() {
        let message = |text: &str| format!("{:#}", parse(text).unwrap_err());
        let old = FILE.replace("1.0.0", "5.0");
        assert_eq!(message(&old), "line 1: match files of version 5.0 cannot be read, only 1.0.0");
        let short = FILE.replace("note(n1,45,1000,1005,2,1,0)", "note(n1,45)");
        assert_eq!(message(&short), "line 8: a played note with 2 fields");
        let loud = FILE.replace("1440,64,1,0", "1440,640,1,0");
        assert_eq!(message(&loud), "line 6: 640 is no MIDI value");
        assert_eq!(message("info(matchFileVersion,1.0.0)."), "the file has no score notes");
    }
}
