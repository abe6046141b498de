//! From the columns of a container to a score.

use anyhow::{Result, bail};
use notation::{
    Direction, DirectionKind, Dynamic, Grace, KeySignature, Marks, Measure, Note, NoteId, Part, Quarters,
    Score, TimeSignature,
};

use super::classes;
use super::container::{Columns, ScoreEntry};

/// Steps of a quarter to which the data's decimal score times are rounded: fine enough for every
/// tuplet in the set, coarse enough to undo the rounding to f32.
const GRID: i64 = 10_080;

fn quarters(q: f64) -> Quarters {
    Quarters::nearest(q, GRID)
}

/// The score of an entry.
///
/// # Errors
/// When the entry has rows that a column has not, or a note is in a bar that the entry has not.
pub fn read(entry: &ScoreEntry, columns: &Columns) -> Result<Score> {
    let get = |name: &str| columns.get(name, (entry.first, entry.count));
    let (onset, dur, pitch, bar) = (get("onset_q")?, get("dur_q")?, get("pitch")?, get("bar")?);
    let (ts_num, ts_den, key) = (get("ts_num")?, get("ts_den")?, get("key")?);
    let (voice, staff, flags, marks) = (get("voice")?, get("staff")?, get("flags")?, get("marks")?);
    let (xml_n, xml_rep, dyns, hairpins) = (get("xml_n")?, get("xml_rep")?, get("dyn")?, get("hairpin")?);
    let (bars, folder) = (entry.bars.len(), &entry.folder);
    if let Some(found) = bar.iter().find(|bar| **bar as usize >= bars) {
        bail!("column bar has a note in bar {found} of {folder}, expected one of its {bars} from 0 on");
    }
    let mut score = Score {
        title: Some(entry.title.clone()),
        composer: Some(entry.composer.clone()),
        parts: vec![Part { id: "P1".into(), name: "Piano".into(), staves: 2 }],
        ..Score::default()
    };
    for k in 0..entry.count {
        score.notes.push(Note {
            id: NoteId { written: xml_n[k] as u32, pass: (xml_rep[k] as u8).max(1) },
            onset: quarters(onset[k]),
            duration: quarters(dur[k]),
            pitch: pitch[k] as u8,
            measure: bar[k] as u32,
            part: 0,
            staff: (staff[k] as u8).max(1),
            voice: voice[k] as u8,
            grace: grace(flags[k] as u8),
            marks: Marks::from_bits_truncate(u32::from(marks[k] as u16)),
        });
        let at = quarters(onset[k]);
        let time = TimeSignature { beats: ts_num[k] as u8, beat_type: ts_den[k] as u8 };
        if score.time_signatures.last().is_none_or(|(_, t)| *t != time) {
            score.time_signatures.push((at, time));
        }
        let key = KeySignature { fifths: key[k] as i8, minor: false };
        if score.key_signatures.last().is_none_or(|(_, t)| *t != key) {
            score.key_signatures.push((at, key));
        }
    }
    for (start, end, number) in &entry.bars {
        let start = quarters(*start);
        let number = number.as_str().map_or_else(|| number.to_string(), str::to_owned);
        let time = score.time_signature_at(start);
        score.measures.push(Measure { start, end: quarters(*end), number, written: 0, pass: 1, time });
    }
    score.directions = directions(entry, &score, &dyns, &hairpins);
    Ok(score)
}

fn grace(flags: u8) -> Option<Grace> {
    match flags {
        f if f & 2 != 0 => Some(Grace::Acciaccatura),
        f if f & 1 != 0 => Some(Grace::Appoggiatura),
        _ => None,
    }
}

/// Dynamics and hairpins from the columns that hold what partitura made of them, everything else
/// from the list of directions.
fn directions(entry: &ScoreEntry, score: &Score, dyns: &[f64], hairpins: &[f64]) -> Vec<Direction> {
    let mut directions = dynamics(score, dyns);
    directions.extend(wedges(score, hairpins, 1.0, DirectionKind::Crescendo));
    directions.extend(wedges(score, hairpins, -1.0, DirectionKind::Diminuendo));
    for (onset, end, class, text, staff) in &entry.directions {
        let text = text.as_deref().unwrap_or_default();
        if let Some(kind) = classes::kind(class, text) {
            let (onset, end) = (quarters(*onset), end.map(quarters));
            directions.push(Direction { onset, end, part: 0, staff: *staff, kind, text: text.to_owned() });
        }
    }
    for (onset, bpm, unit) in &entry.tempi {
        let per_minute = bpm * classes::unit_quarters(unit.as_deref().unwrap_or("q"));
        directions.push(sign(quarters(*onset), None, DirectionKind::Metronome(per_minute)));
    }
    directions.sort_by_key(|d| d.onset);
    directions
}

fn sign(onset: Quarters, end: Option<Quarters>, kind: DirectionKind) -> Direction {
    Direction { onset, end, part: 0, staff: None, kind, text: String::new() }
}

/// A dynamic wherever the column changes.
fn dynamics(score: &Score, dyns: &[f64]) -> Vec<Direction> {
    let mut directions = Vec::new();
    let mut level = 0;
    for (note, dynamic) in score.notes.iter().zip(dyns) {
        if *dynamic as u8 != level {
            level = *dynamic as u8;
            if let Some(dynamic) = Dynamic::from_level(level) {
                directions.push(sign(note.onset, None, DirectionKind::Dynamic(dynamic)));
            }
        }
    }
    directions
}

/// A hairpin wherever the column has the value `inside`.
fn wedges(score: &Score, hairpins: &[f64], inside: f64, kind: DirectionKind) -> Vec<Direction> {
    let mut directions = Vec::new();
    let mut start = None;
    for (note, hairpin) in score.notes.iter().zip(hairpins) {
        match (start, *hairpin == inside) {
            (None, true) => start = Some(note.onset),
            (Some(from), false) => {
                directions.push(sign(from, Some(note.onset), kind));
                start = None;
            }
            _ => {}
        }
    }
    directions.extend(start.map(|from| sign(from, Some(score.end()), kind)));
    directions
}
