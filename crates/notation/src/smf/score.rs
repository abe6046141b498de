//! A score out of the ticks of a MIDI file.

use std::collections::BTreeMap;

use super::file::{DRUM_CHANNEL, Division, FileNote, MidiFile, Track};
use super::hands::{Keyed, split};
use super::snap::Grid;
use super::{SmfError, SmfOptions};
use crate::marks::{Direction, DirectionKind, Marks};
use crate::score::{Hand, KeySignature, Measure, Note, NoteId, Part, Place, Score, TimeSignature, Warning};
use crate::time::Quarters;

/// No piece has more.
const MOST_NOTES: usize = 500_000;
const MOST_MEASURES: usize = 100_000;

/// Reads a file of format 0 or 1 as a score. Drums are left out.
///
/// # Errors
/// When the bytes are no such file or pass a limit; see [`SmfError`].
pub fn read(bytes: &[u8], options: &SmfOptions) -> Result<Score, SmfError> {
    let file = MidiFile::read(bytes)?;
    let Division::PerQuarter(ticks) = file.division else { return Err(SmfError::NoBeats) };
    let mut score = Score { title: file.title.clone(), warnings: warnings(&file), ..Score::default() };
    let lines = lines(&file.tracks);
    let count: usize = lines.iter().map(|l| l.notes.len()).sum();
    match count {
        0 => return Err(SmfError::NoNotes),
        n if n > MOST_NOTES => return Err(SmfError::TooLarge { what: "notes", most: MOST_NOTES }),
        _ => {}
    }
    let place = Placer { ticks, grid: options.snap.then(|| grid(ticks, &lines)) };
    (score.parts, score.notes) = parts_and_notes(&lines, &place);
    score.notes.sort_by_key(|n| (n.onset, n.pitch, n.part, n.staff));
    measure(&mut score, &file, &place)?;
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
        // The longest file has 2^53 ticks at most (2^21 events of 2^28 ticks), so this fits.
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

/// The notes of one channel of one track: a hand, or an instrument.
struct Line<'a> {
    name: Option<&'a str>,
    /// Instrument family of General MIDI; 0 is pianos.
    family: u8,
    notes: Vec<FileNote>,
}

impl Line<'_> {
    fn mean_pitch(&self) -> f64 {
        self.notes.iter().map(|n| f64::from(n.pitch)).sum::<f64>() / self.notes.len().max(1) as f64
    }

    /// The hand that its name speaks of.
    fn named_hand(&self) -> Option<Hand> {
        let name = self.name?.to_lowercase();
        let says = |words: &[&str]| {
            words.iter().any(|w| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == *w))
        };
        let right = says(&["right", "rh", "r", "treble", "upper", "droite", "rechts", "destra"]);
        let left = says(&["left", "lh", "l", "bass", "lower", "gauche", "links", "sinistra"]);
        match (right, left) {
            (true, false) => Some(Hand::Right),
            (false, true) => Some(Hand::Left),
            _ => None,
        }
    }
}

fn lines(tracks: &[Track]) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    for track in tracks {
        let mut channels: BTreeMap<u8, Vec<FileNote>> = BTreeMap::new();
        for note in track.notes.iter().filter(|n| n.channel != DRUM_CHANNEL) {
            channels.entry(note.channel).or_default().push(*note);
        }
        for (channel, notes) in channels {
            let family = track.programs.get(&channel).map_or(0, |p| p / 8);
            lines.push(Line { name: track.name.as_deref(), family, notes });
        }
    }
    lines
}

/// One part for each instrument family; within it the lines become two hands.
fn parts_and_notes(lines: &[Line<'_>], place: &Placer) -> (Vec<Part>, Vec<Note>) {
    let mut families: Vec<u8> = Vec::new();
    for line in lines {
        if !families.contains(&line.family) {
            families.push(line.family);
        }
    }
    let (mut parts, mut notes) = (Vec::new(), Vec::new());
    for (index, family) in families.into_iter().enumerate() {
        let members: Vec<&Line<'_>> = lines.iter().filter(|l| l.family == family).collect();
        let first = notes.len();
        for (line, hand) in members.iter().zip(line_hands(&members)) {
            notes.extend(
                line.notes.iter().map(|n| write(n, index as u16, hand.unwrap_or(Hand::Right), place)),
            );
        }
        // One line on a keyboard (pianos, or organs and accordions) is two hands in one.
        if members.len() == 1 && members[0].named_hand().is_none() && matches!(family, 0..=2) {
            split_hands(&mut notes[first..]);
        }
        let staves = 1 + u8::from(notes[first..].iter().any(|n| n.staff == 2));
        let name = members[0].name.filter(|_| members.len() == 1);
        let name = name.unwrap_or(if family == 0 { "Piano" } else { "Instrument" }).to_owned();
        parts.push(Part { id: format!("P{}", index + 1), name, staves });
    }
    (parts, notes)
}

fn split_hands(notes: &mut [Note]) {
    notes.sort_by_key(|n| (n.onset, n.pitch));
    let keyed: Vec<Keyed> =
        notes.iter().map(|n| Keyed { onset: n.onset, end: n.offset(), pitch: n.pitch }).collect();
    for (note, hand) in notes.iter_mut().zip(split(&keyed)) {
        if hand == Hand::Left {
            (note.staff, note.voice) = (2, 2);
        }
    }
}

/// The hand of each line: as named, else of two the higher is the right, of more those whose mean
/// lies above middle C. A single line has none.
fn line_hands(lines: &[&Line<'_>]) -> Vec<Option<Hand>> {
    let named: Vec<Option<Hand>> = lines.iter().map(|l| l.named_hand()).collect();
    let hand = |right: bool| Some(if right { Hand::Right } else { Hand::Left });
    match lines {
        [_] => named,
        [a, b] => {
            let a_is_right = match (named[0], named[1]) {
                (Some(a), _) => a == Hand::Right,
                (None, Some(b)) => b == Hand::Left,
                (None, None) => a.mean_pitch() >= b.mean_pitch(),
            };
            vec![
                hand(a_is_right),
                if named[0].is_some() && named[0] == named[1] { named[1] } else { hand(!a_is_right) },
            ]
        }
        many => {
            many.iter().zip(named).map(|(l, named)| named.or_else(|| hand(l.mean_pitch() >= 60.0))).collect()
        }
    }
}

fn write(note: &FileNote, part: u16, hand: Hand, place: &Placer) -> Note {
    let (onset, duration) = place.note(note);
    let staff = if hand == Hand::Right { 1 } else { 2 };
    Note {
        id: NoteId { written: 0, pass: 1 },
        onset,
        duration,
        pitch: note.pitch,
        measure: 0,
        part,
        staff,
        voice: staff,
        grace: None,
        marks: Marks::empty(),
    }
}

/// Writes the bar lines: full measures from each metre event to the next, which cuts the last.
fn measure(score: &mut Score, file: &MidiFile, place: &Placer) -> Result<(), SmfError> {
    let mut metres: Vec<(Quarters, TimeSignature)> = vec![(Quarters::ZERO, TimeSignature::default())];
    for (tick, (beats, beat_type)) in &file.metres {
        let (at, time) = (place.at(*tick), TimeSignature { beats: *beats, beat_type: *beat_type });
        match metres.last_mut() {
            Some(last) if last.0 == at => last.1 = time,
            Some(last) if last.1 == time => {}
            _ => metres.push((at, time)),
        }
    }
    let end = score.notes.iter().map(|n| n.offset()).fold(Quarters::whole(1), Quarters::max);
    metres.retain(|(at, _)| *at < end);
    for (k, (from, time)) in metres.iter().enumerate() {
        let stop = metres.get(k + 1).map(|m| m.0);
        let mut start = *from;
        while start < stop.unwrap_or(end) {
            let full = start + time.measure_length();
            let measure_end = stop.map_or(full, |s| full.min(s));
            if score.measures.len() >= MOST_MEASURES {
                return Err(SmfError::TooLarge { what: "measures", most: MOST_MEASURES });
            }
            let written = score.measures.len() as u32;
            let number = (written + 1).to_string();
            score.measures.push(Measure { start, end: measure_end, number, written, pass: 1, time: *time });
            start = measure_end;
        }
    }
    mark_pick_up(score, &mut metres);
    score.time_signatures = metres;
    Ok(())
}

/// A first measure that has a shorter metre of its own is a pick-up to the second.
fn mark_pick_up(score: &mut Score, metres: &mut Vec<(Quarters, TimeSignature)>) {
    let [first, second, ..] = score.measures.as_mut_slice() else { return };
    if first.time == second.time || first.end - first.start >= second.time.measure_length() {
        return;
    }
    first.time = second.time;
    metres.remove(0);
    metres[0].0 = Quarters::ZERO;
    for (k, measure) in score.measures.iter_mut().enumerate() {
        measure.number = k.to_string();
    }
}

/// Tempo events as metronome marks, those left out that change nothing one could hear.
fn tempo_directions(file: &MidiFile, place: &Placer) -> Vec<Direction> {
    let mut directions: Vec<Direction> = Vec::new();
    let mut last_micros = 0;
    for (tick, micros) in &file.tempos {
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

fn warnings(file: &MidiFile) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let mut warn = |track: &Track, message: String| {
        let name = track.name.as_ref().map_or(String::new(), |n| format!(" ({n})"));
        let place = Place { part: Some(format!("track {}{name}", track.number + 1)), ..Place::default() };
        warnings.push(Warning { place, message });
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
    warnings.truncate(1000);
    warnings
}
