//! From the page to the score: the walk written out, ties merged.

use std::collections::HashMap;

use super::page::{Page, PageNote, Spot};
use super::unfold::{Run, unfold};
use super::{chords, slurs};
use crate::error::ImportError;
use crate::marks::{Direction, Marks};
use crate::options::{ImportOptions, Limits, Unfold};
use crate::score::{KeySignature, Measure, Note, NoteId, Score, TimeSignature};
use crate::time::Quarters;

/// Writes the score along the order of play.
pub(super) fn assemble(mut page: Page, options: &ImportOptions) -> Result<Score, ImportError> {
    if page.notes.is_empty() {
        return Err(ImportError::NoNotes);
    }
    let limits = &options.limits;
    let starts = page.starts();
    let end = starts.last().copied().unwrap_or_default();
    check(end, limits.quarters)?;
    number_notes(&mut page.notes);
    let onsets: Vec<Quarters> = page.notes.iter().map(|n| absolute(&starts, n.spot)).collect();
    slurs::mark(&mut page, &onsets);
    chords::spread(&mut page, &onsets);
    let signs: Vec<_> = page.signs.drain(..).map(|(spot, sign)| (absolute(&starts, spot), sign)).collect();
    let runs = match options.unfold {
        Unfold::Maximal => unfold(&signs, end, limits.measures)?,
        Unfold::AsWritten => vec![(Quarters::ZERO, end)],
    };
    let mut writer = Writer::new(&page, &starts, &onsets);
    for run in &runs {
        writer.write(*run, *run == runs[runs.len() - 1]);
        check(writer.at, limits.quarters)?;
        writer.check_size(limits)?;
    }
    let mut score = writer.finish();
    if score.notes.is_empty() || score.measures.is_empty() {
        // What lasts no time is never reached, or has no measure to stand in.
        return Err(ImportError::NoNotes);
    }
    score.title = page.title;
    score.composer = page.composer;
    score.parts = page.parts;
    score.warnings = page.warnings;
    Ok(score)
}

fn check(end: Quarters, limit: i64) -> Result<(), ImportError> {
    if end > Quarters::whole(limit) {
        return Err(ImportError::TooLarge { what: "quarters", limit: limit as u64 });
    }
    Ok(())
}

fn absolute(starts: &[Quarters], spot: Spot) -> Quarters {
    let measure = (spot.measure as usize).min(starts.len().saturating_sub(1));
    starts.get(measure).copied().unwrap_or_default() + spot.at
}

/// Keeps the file's own numbers (`n12`) if every note has one and no two the same; else counts.
fn number_notes(notes: &mut [PageNote]) {
    let mut ids: Vec<u32> = notes.iter().map(|n| n.id).collect();
    ids.sort_unstable();
    let unique = ids.windows(2).all(|w| w[0] != w[1]) && ids.last() != Some(&u32::MAX);
    if !unique {
        for (number, note) in notes.iter_mut().enumerate() {
            note.id = number as u32;
        }
    }
}

/// For each note the next note of its tie, and whether it continues one. Notes are tied when one
/// that starts a tie ends where one of its pitch that stops a tie begins, whatever their voices.
fn link_ties(page: &Page, onsets: &[Quarters]) -> (Vec<Option<usize>>, Vec<Option<usize>>) {
    let count = page.notes.len();
    let (mut next, mut previous) = (vec![None; count], vec![None; count]);
    let mut starts = HashMap::new();
    for (k, note) in page.notes.iter().enumerate().filter(|(_, n)| n.tie_start) {
        starts.insert((note.part, note.pitch, onsets[k] + note.duration), k);
    }
    let mut stops = HashMap::new();
    for (k, note) in page.notes.iter().enumerate().filter(|(_, n)| n.tie_stop) {
        stops.insert((note.part, note.pitch, onsets[k]), k);
    }
    for (place, first) in starts {
        if let Some(second) = stops.get(&place).copied().filter(|s| *s != first) {
            next[first] = Some(second);
            previous[second] = Some(first);
        }
    }
    (next, previous)
}

struct Writer<'p> {
    page: &'p Page,
    starts: &'p [Quarters],
    onsets: &'p [Quarters],
    /// Indices of the page's notes and directions by time.
    by_time: Vec<usize>,
    directions_by_time: Vec<(Quarters, usize)>,
    tie_next: Vec<Option<usize>>,
    tie_previous: Vec<Option<usize>>,
    times: Vec<(Quarters, TimeSignature)>,
    keys: Vec<(Quarters, KeySignature)>,
    note_passes: Vec<u8>,
    measure_passes: Vec<u8>,
    /// Score time reached.
    at: Quarters,
    measures: Vec<Measure>,
    notes: Vec<Note>,
    directions: Vec<Direction>,
    time_signatures: Vec<(Quarters, TimeSignature)>,
    key_signatures: Vec<(Quarters, KeySignature)>,
}

impl<'p> Writer<'p> {
    fn new(page: &'p Page, starts: &'p [Quarters], onsets: &'p [Quarters]) -> Self {
        let mut by_time: Vec<usize> = (0..page.notes.len()).collect();
        by_time.sort_by_key(|n| onsets[*n]);
        let mut directions_by_time: Vec<_> =
            page.directions.iter().enumerate().map(|(k, d)| (absolute(starts, d.spot), k)).collect();
        directions_by_time.sort_by_key(|(at, _)| *at);
        let mut times: Vec<_> = page.times.iter().map(|(spot, t)| (absolute(starts, *spot), *t)).collect();
        times.sort_by_key(|(at, _)| *at);
        let mut keys: Vec<_> = page.keys.iter().map(|(spot, k)| (absolute(starts, *spot), *k)).collect();
        keys.sort_by_key(|(at, _)| *at);
        let (tie_next, tie_previous) = link_ties(page, onsets);
        Self {
            page,
            starts,
            onsets,
            by_time,
            directions_by_time,
            tie_next,
            tie_previous,
            times,
            keys,
            note_passes: vec![0; page.notes.len()],
            measure_passes: vec![0; page.measures.len()],
            at: Quarters::ZERO,
            measures: Vec::new(),
            notes: Vec::new(),
            directions: Vec::new(),
            time_signatures: Vec::new(),
            key_signatures: Vec::new(),
        }
    }

    fn check_size(&self, limits: &Limits) -> Result<(), ImportError> {
        let changes = self.time_signatures.len() + self.key_signatures.len();
        let sizes = [
            ("notes after unfolding", self.notes.len(), limits.notes),
            ("directions after unfolding", self.directions.len(), limits.notes),
            ("metre and key changes after unfolding", changes, limits.notes),
            ("measures after unfolding", self.measures.len(), limits.measures),
        ];
        match sizes.into_iter().find(|(_, size, limit)| size > limit) {
            Some((what, _, limit)) => Err(ImportError::TooLarge { what, limit: limit as u64 }),
            None => Ok(()),
        }
    }

    /// Adds one stretch of the page.
    fn write(&mut self, run: Run, is_last: bool) {
        let shift = self.at - run.0;
        self.write_measures(run, shift);
        self.write_notes(run, shift, is_last);
        self.write_directions(run, shift);
        write_changes(&self.times, run, shift, &mut self.time_signatures);
        write_changes(&self.keys, run, shift, &mut self.key_signatures);
        self.at = run.1 + shift;
    }

    fn write_measures(&mut self, (from, to): Run, shift: Quarters) {
        let first = self.starts.partition_point(|s| *s <= from).saturating_sub(1);
        for k in first..self.page.measures.len() {
            let (start, end) = (self.starts[k].max(from), self.starts[k + 1].min(to));
            if self.starts[k] >= to {
                break;
            }
            if start >= end {
                continue;
            }
            self.measure_passes[k] = self.measure_passes[k].saturating_add(1);
            self.measures.push(Measure {
                start: start + shift,
                end: end + shift,
                number: self.page.measures[k].0.clone(),
                written: k as u32,
                pass: self.measure_passes[k],
                time: in_force(&self.times, start),
            });
        }
    }

    fn write_notes(&mut self, (from, to): Run, shift: Quarters, is_last: bool) {
        let first = self.by_time.partition_point(|n| self.onsets[*n] < from);
        for k in first..self.by_time.len() {
            let index = self.by_time[k];
            let onset = self.onsets[index];
            // Grace notes after the last note of the piece stand on its final bar line.
            if onset > to || (onset == to && !is_last) {
                break;
            }
            if self.tie_previous[index].is_some_and(|p| self.onsets[p] >= from) {
                continue;
            }
            self.note_passes[index] = self.note_passes[index].saturating_add(1);
            let note = self.note(index, to, shift);
            self.notes.push(note);
        }
    }

    /// A note with all that is tied to it up to the end of the run.
    fn note(&self, index: usize, to: Quarters, shift: Quarters) -> Note {
        let written = &self.page.notes[index];
        let (mut duration, mut marks) = (written.duration, written.marks);
        let mut last = index;
        // A chain of ties moves on in time, but for grace notes, so it is bounded by the notes.
        for _ in 0..self.page.notes.len() {
            let Some(next) = self.tie_next[last].filter(|n| self.onsets[*n] < to) else { break };
            duration += self.page.notes[next].duration;
            last = next;
        }
        // How a note is struck is written at its first head, how it ends at its last.
        let release = Marks::FERMATA | Marks::SLUR_STOP | Marks::BREATH;
        marks |= self.page.notes[last].marks & release;
        let onset = self.onsets[index] + shift;
        let measure = self.measures.partition_point(|m| m.start <= onset).saturating_sub(1);
        Note {
            id: NoteId { written: written.id, pass: self.note_passes[index] },
            onset,
            duration,
            pitch: written.pitch,
            measure: measure as u32,
            part: written.part,
            staff: written.staff,
            voice: written.voice,
            grace: written.grace,
            marks,
        }
    }

    fn write_directions(&mut self, (from, to): Run, shift: Quarters) {
        let first = self.directions_by_time.partition_point(|(at, _)| *at < from);
        for (at, index) in self.directions_by_time[first..].iter().take_while(|(at, _)| *at < to) {
            let written = &self.page.directions[*index];
            let end = written.end.map(|spot| absolute(self.starts, spot).min(to).max(*at) + shift);
            self.directions.push(Direction {
                onset: *at + shift,
                end,
                part: written.part,
                staff: written.staff,
                kind: written.kind,
                text: written.text.clone(),
            });
        }
    }

    fn finish(mut self) -> Score {
        self.notes.sort_by_key(|n| (n.onset, n.pitch));
        self.directions.sort_by_key(|d| d.onset);
        Score {
            measures: self.measures,
            notes: self.notes,
            directions: self.directions,
            time_signatures: self.time_signatures,
            key_signatures: self.key_signatures,
            ..Score::default()
        }
    }
}

/// The last value at or before a point, else the first.
fn in_force<T: Copy + Default>(changes: &[(Quarters, T)], at: Quarters) -> T {
    let next = changes.partition_point(|(t, _)| *t <= at);
    changes.get(next.saturating_sub(1)).map_or_else(T::default, |(_, value)| *value)
}

/// Writes what is in force at the start of a run and what changes within it, each only if it differs.
fn write_changes<T: Copy + Default + PartialEq>(
    changes: &[(Quarters, T)],
    (from, to): Run,
    shift: Quarters,
    written: &mut Vec<(Quarters, T)>,
) {
    let mut write = |at: Quarters, value: T| {
        if written.last().is_none_or(|(_, last)| *last != value) {
            written.push((at, value));
        }
    };
    write(from + shift, in_force(changes, from));
    let first = changes.partition_point(|(at, _)| *at <= from);
    let end = changes.partition_point(|(at, _)| *at < to);
    changes[first..end.max(first)].iter().for_each(|(at, value)| write(*at + shift, *value));
}
