//! A score out of the ticks of a MIDI file.

use super::error::SmfError;
use super::file::{DRUM_CHANNEL, Division, FileNote, MidiFile, Track};
use super::measures;
use super::options::SmfOptions;
use super::parts::{self, Line};
use super::snap::Grid;
use crate::marks::{Direction, DirectionKind};
use crate::score::{KeySignature, NoteId, Score, Warning};
use crate::time::Quarters;

/// No piece has more.
const MOST_NOTES: usize = 500_000;

/// More warnings than anybody reads.
const MOST_WARNINGS: usize = 1000;

/// Reads a file of format 0 or 1 as a score. Drums are left out.
///
/// # Errors
/// When the bytes are no such file or pass a limit; see [`SmfError`].
pub fn read(bytes: &[u8], options: &SmfOptions) -> Result<Score, SmfError> {
    let file = MidiFile::read(bytes)?;
    let Division::PerQuarter(ticks) = file.division else { return Err(SmfError::NoBeats) };
    let mut score = Score { title: file.title.clone(), warnings: warnings(&file), ..Score::default() };
    match file.count_notes().0 {
        0 => return Err(file.why_empty()),
        n if n > MOST_NOTES => return Err(SmfError::TooLarge { what: "notes", most: MOST_NOTES }),
        _ => {}
    }
    let lines = parts::lines(&file.tracks);
    let place = Placer { ticks, grid: options.snap.then(|| grid(ticks, &lines)) };
    let (parts, mut notes) = parts::parts_and_notes(&lines, |note| place.note(note));
    notes.sort_by_key(|(n, _)| (n.onset, n.pitch, n.part, n.staff));
    if notes.iter().any(|(_, velocity)| *velocity != notes[0].1) {
        score.velocities = (0..).zip(&notes).map(|(n, (_, velocity))| (n, *velocity)).collect();
    }
    score.parts = parts;
    score.notes = notes.into_iter().map(|(note, _)| note).collect();
    measures::write(&mut score, &file.metres, |tick| place.at(tick))?;
    for (n, note) in score.notes.iter_mut().enumerate() {
        note.id = NoteId { written: n as u32, pass: 1 };
        let next = score.measures.partition_point(|m| m.start <= note.onset);
        note.measure = next.saturating_sub(1) as u32;
    }
    score.directions = tempo_directions(&file, &place);
    score.key_signatures = file
        .keys
        .iter()
        .map(|(t, (fifths, minor))| (place.at(*t), KeySignature { fifths: *fifths, minor: *minor }))
        .collect();
    Ok(score)
}

/// Turns ticks into score time.
struct Placer {
    ticks: u16,
    grid: Option<Grid>,
}

impl Placer {
    /// Exactly where a tick lies.
    fn at(&self, tick: u64) -> Quarters {
        // The longest file has 2^50 ticks at most (2^22 events of 2^28 ticks), so this fits.
        Quarters::new(tick as i64, i64::from(self.ticks))
    }

    /// Onset and duration of a note.
    fn note(&self, note: &FileNote) -> (Quarters, Quarters) {
        match &self.grid {
            Some(grid) => {
                let onset = grid.onset(note.on_tick);
                (onset, grid.end(note.off_tick.max(note.on_tick), onset) - onset)
            }
            None => {
                let length = (note.off_tick - note.on_tick.min(note.off_tick)).max(1);
                (self.at(note.on_tick), self.at(length))
            }
        }
    }
}

fn grid(ticks: u16, lines: &[Line<'_>]) -> Grid {
    Grid::of(ticks, lines.iter().flat_map(|l| l.notes.iter().map(|n| n.on_tick)))
}

/// What a quarter lasts before the first tempo event, in microseconds: 120 a minute, as the standard says.
const DEFAULT_MICROS: u32 = 500_000;

/// Tempo events as metronome marks, those left out that change nothing one could hear.
fn tempo_directions(file: &MidiFile, place: &Placer) -> Vec<Direction> {
    let mut directions: Vec<Direction> = Vec::new();
    let mut last_micros = 0;
    let is_given = file.tempos.first().is_some_and(|(tick, _)| *tick == 0);
    let default = (!is_given).then_some((0, DEFAULT_MICROS));
    for (tick, micros) in default.iter().chain(&file.tempos) {
        if micros.abs_diff(last_micros) <= last_micros / 1000 {
            continue;
        }
        last_micros = *micros;
        directions.push(Direction {
            onset: place.at(*tick),
            end: None,
            part: 0,
            staff: None,
            kind: DirectionKind::Metronome(60e6 / f64::from(*micros)),
            text: String::new(),
        });
    }
    directions
}

/// Faults of the file, and notes that are left out or lengthened.
fn warnings(file: &MidiFile) -> Vec<Warning> {
    let mut warnings = file.warnings.clone();
    let mut warn = |track: &Track, message: String| {
        warnings.push(Warning { place: track.place(), message });
    };
    for track in &file.tracks {
        let drums = track.notes.iter().filter(|n| n.channel == DRUM_CHANNEL).count();
        if drums > 0 {
            warn(track, format!("{drums} notes of the drum channel were left out"));
        }
        if track.unended > 0 {
            warn(track, format!("{} notes had no end; they last to the end of the track", track.unended));
        }
    }
    warnings.truncate(MOST_WARNINGS);
    warnings
}
