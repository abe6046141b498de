//! The score written out along the order of play.

use super::changes::Changes;
use super::chords::RELEASE;
use super::repeats::Run;
use super::tempi::Tempi;
use super::ties::{self, Head, Link};
use super::written::{Position, WrittenScore};
use crate::error::ImportError;
use crate::marks::Direction;
use crate::options::Limits;
use crate::score::{KeySignature, Measure, Note, NoteId, Score, TimeSignature};
use crate::swing::Swing;
use crate::time::Quarters;

/// A score while it is written out, run after run.
pub(super) struct Writer<'w> {
    written: &'w WrittenScore,
    /// Times of the measures and of the notes on a time line without repeats.
    starts: &'w [Quarters],
    onsets: &'w [Quarters],
    /// Indices of the notes by time; of those at one time, grace notes that end a measure first.
    notes_by_time: Vec<usize>,
    directions_by_time: Vec<(Quarters, usize)>,
    times: Changes<TimeSignature>,
    keys: Changes<KeySignature>,
    swings: Changes<Swing>,
    tempi: Tempi<'w>,
    /// How often each measure was played, in all and since the last jump.
    measure_passes: Vec<u8>,
    passes_since_jump: Vec<u8>,
    /// Score time reached.
    at: Quarters,
    measures: Vec<Measure>,
    heads: Vec<Head>,
    directions: Vec<Direction>,
}

impl<'w> Writer<'w> {
    pub fn new(written: &'w WrittenScore, starts: &'w [Quarters], onsets: &'w [Quarters]) -> Self {
        let mut notes_by_time: Vec<usize> = (0..written.notes.len()).collect();
        notes_by_time.sort_by_key(|n| (onsets[*n], !written.notes[*n].ends_measure));
        let directions = written.directions.iter().enumerate();
        let mut directions_by_time: Vec<_> =
            directions.map(|(k, d)| (absolute(starts, d.position), k)).collect();
        directions_by_time.sort_by_key(|(at, _)| *at);
        let time = |position: &Position| absolute(starts, *position);
        let times = written.times.iter().map(|(p, t)| (time(p), *t));
        let keys = written.keys.iter().map(|(p, k)| (time(p), *k));
        let swings = written.swings.iter().map(|(p, s)| (time(p), *s));
        let (times, keys, swings) = if written.is_written_out {
            (Changes::listed(times), Changes::listed(keys), Changes::listed(swings))
        } else {
            (Changes::new(times), Changes::new(keys), Changes::from_default(swings))
        };
        let first_measure = starts.get(1).copied().unwrap_or_default();
        let opening_end = times.at(Quarters::ZERO).measure_length().max(first_measure);
        let tempi = Tempi::new(&written.directions, &directions_by_time, opening_end);
        Self {
            written,
            starts,
            onsets,
            notes_by_time,
            directions_by_time,
            tempi,
            times,
            keys,
            swings,
            measure_passes: vec![0; written.measures.len()],
            passes_since_jump: vec![0; written.measures.len()],
            at: Quarters::ZERO,
            measures: Vec::new(),
            heads: Vec::new(),
            directions: Vec::new(),
        }
    }

    /// Adds one stretch of the written score.
    pub fn write(&mut self, run: Run, limits: &Limits) -> Result<(), ImportError> {
        let shift = self.at - run.from;
        if run.after_jump {
            self.passes_since_jump.fill(0);
        }
        self.write_measures(run, shift);
        self.write_heads(run, shift);
        if !self.written.is_written_out {
            self.directions.extend(self.tempi.arrive(run.from, self.at));
            self.tempi.play(run.from, run.to);
        }
        self.write_directions(run, shift);
        self.times.write(run.from, run.to, shift);
        self.keys.write(run.from, run.to, shift);
        self.swings.write(run.from, run.to, shift);
        self.at = run.to + shift;
        self.check(limits)
    }

    fn check(&self, limits: &Limits) -> Result<(), ImportError> {
        let changes = self.times.written.len() + self.keys.written.len() + self.swings.written.len();
        let sizes = [
            ("notes after unfolding", self.heads.len(), limits.notes),
            ("directions after unfolding", self.directions.len(), limits.notes),
            ("metre and key changes after unfolding", changes, limits.notes),
            ("measures after unfolding", self.measures.len(), limits.measures),
        ];
        if let Some((what, _, limit)) = sizes.into_iter().find(|(_, size, limit)| size > limit) {
            return Err(ImportError::too_large(what, limit as u64));
        }
        if self.at > Quarters::whole(limits.quarters) {
            return Err(ImportError::too_large("quarters", limits.quarters as u64));
        }
        Ok(())
    }

    fn write_measures(&mut self, Run { from, to, .. }: Run, shift: Quarters) {
        let first = self.starts.partition_point(|s| *s <= from).saturating_sub(1);
        for k in first..self.written.measures.len() {
            let (start, end) = (self.starts[k].max(from), self.starts[k + 1].min(to));
            if self.starts[k] >= to {
                break;
            }
            if start >= end {
                continue;
            }
            self.measure_passes[k] = self.measure_passes[k].saturating_add(1);
            self.passes_since_jump[k] = self.passes_since_jump[k].saturating_add(1);
            let own_name = self.written.measures[k].own_name;
            let (written, pass) = own_name.unwrap_or((k as u32, self.measure_passes[k]));
            self.measures.push(Measure {
                start: start + shift,
                end: end + shift,
                number: self.written.measures[k].number.clone(),
                written,
                pass,
                time: self.times.at(start),
            });
        }
    }

    /// Notes from the start of the run to its end; grace notes that end a measure belong to the run
    /// that the measure is in.
    fn write_heads(&mut self, Run { from, to, .. }: Run, shift: Quarters) {
        let key = |n: &usize| (self.onsets[*n], !self.written.notes[*n].ends_measure);
        let first = self.notes_by_time.partition_point(|n| key(n) < (from, true));
        // What stands on the last bar line belongs to the last measure.
        let is_end = self.starts.last() == Some(&to);
        let end = self.notes_by_time.partition_point(|n| key(n) <= (to, is_end));
        for k in first..end.max(first) {
            let note = self.notes_by_time[k];
            let written = &self.written.notes[note];
            let pass = self.passes_since_jump.get(written.position.measure as usize).copied();
            let pass = pass.unwrap_or(1).max(1);
            if !written.passes.contains(pass) {
                continue;
            }
            let onset = self.onsets[note] + shift;
            let tie_start = written.tie_start && written.tie_passes.start.contains(pass);
            let tie_stop = written.tie_stop && written.tie_passes.stop.contains(pass);
            self.heads.push(Head { note, onset, measure: self.measure_at(onset), tie_start, tie_stop });
        }
    }

    /// The measure in which a point lies, of those written so far.
    fn measure_at(&self, at: Quarters) -> u32 {
        self.measures.partition_point(|m| m.start <= at).saturating_sub(1) as u32
    }

    fn write_directions(&mut self, Run { from, to, .. }: Run, shift: Quarters) {
        let first = self.directions_by_time.partition_point(|(at, _)| *at < from);
        let is_written_out = self.written.is_written_out;
        let within = self.directions_by_time[first..].iter().take_while(|(at, _)| is_written_out || *at < to);
        for (at, index) in within {
            let written = &self.written.directions[*index];
            let pass = self.passes_since_jump.get(written.position.measure as usize).copied();
            if !written.passes.contains(pass.unwrap_or(1).max(1)) {
                continue;
            }
            if !written.passes.are_all() {
                self.tempi.depart(*index, *at, to);
            }
            let end = written.end.map(|p| absolute(self.starts, p));
            let end = if is_written_out { end } else { end.map(|end| end.min(to).max(*at) + shift) };
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

    /// The score, and what of the written one is in it.
    pub fn finish(mut self) -> (Score, Played) {
        let is_written_out = self.written.is_written_out;
        let named = is_written_out.then(|| ties::link_by_name(&self.written.notes, &self.heads)).flatten();
        let is_named = named.is_some();
        let links =
            named.unwrap_or_else(|| ties::link(&self.written.notes, &self.heads, self.written.parts.len()));
        let mut played = Played {
            notes: vec![false; self.written.notes.len()],
            measures: self.measure_passes.iter().map(|passes| *passes > 0).collect(),
        };
        let mut note_passes = vec![0_u8; self.written.notes.len()];
        let mut notes = Vec::with_capacity(self.heads.len());
        for (k, head) in self.heads.iter().enumerate() {
            played.notes[head.note] = true;
            if links[k].continues {
                continue;
            }
            note_passes[head.note] = note_passes[head.note].saturating_add(1);
            if !self.written.notes[head.note].is_silent {
                let mut note = self.note(&links, k, note_passes[head.note]);
                let own_name = self.written.notes[head.note].own_name.filter(|_| is_named);
                note.id = own_name.map_or(note.id, |name| name.note);
                // In an exact file the numbers of the notes tell the order of equals.
                let rank = self.written.notes[head.note].own_name.map_or(0, |name| name.note.written);
                notes.push((rank, note));
            }
        }
        notes.sort_by_key(|(rank, note)| (note.onset, note.pitch, *rank));
        let notes = notes.into_iter().map(|(_, note)| note).collect();
        self.directions.sort_by_key(|d| d.onset);
        let score = Score {
            measures: self.measures,
            notes,
            directions: self.directions,
            time_signatures: self.times.written,
            key_signatures: self.keys.written,
            swing: self.swings.written,
            ..Score::default()
        };
        (score, played)
    }

    /// A note with all that is tied to it.
    fn note(&self, links: &[Link], first: usize, pass: u8) -> Note {
        let head = self.heads[first];
        let last = self.heads[ties::last(links, first)];
        let (written, last_written) = (&self.written.notes[head.note], &self.written.notes[last.note]);
        // The measure of what ends one was the last so far; like all else it is told by its time.
        let measure = if written.grace.is_some() { self.measure_at(head.onset) } else { head.measure };
        // How a note is struck is written at its first head, how it ends at its last.
        Note {
            id: NoteId { written: written.id, pass },
            onset: head.onset,
            duration: written.duration.max(last.onset + last_written.duration - head.onset),
            pitch: written.pitch,
            measure,
            part: written.part,
            staff: written.staff,
            voice: written.voice,
            grace: written.grace,
            marks: written.marks | (last_written.marks & RELEASE),
        }
    }
}

/// What of a written score is played at least once.
pub(super) struct Played {
    pub notes: Vec<bool>,
    pub measures: Vec<bool>,
}

/// A position on a time line without repeats.
pub(super) fn absolute(starts: &[Quarters], position: Position) -> Quarters {
    let measure = (position.measure as usize).min(starts.len().saturating_sub(1));
    starts.get(measure).copied().unwrap_or_default() + position.offset
}
