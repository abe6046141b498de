//! Slurs between the notes that say where one starts and stops.
//!
//! A note of a score says that a slur starts, that one stops, and that it is under one, not which start
//! belongs to which stop. A slur covers the notes of its first note's voice from there to its last note,
//! so all of those are marked, which leaves few ways to pair the ends. Ends that no pair is found for are
//! not printed.

use std::collections::BTreeMap;

use super::layers::Layer;
use crate::marks::Marks;
use crate::score::{Note, NoteId, Score};
use crate::time::Quarters;

/// MusicXML numbers slurs from 1 to this.
const NUMBERS: usize = 16;

/// No part has more slurs open at a time; the first is given up for a new one.
const MOST_OPEN: usize = 64;

/// A tied note that a slur starts at is looked for among so many notes before its end.
const MOST_BETWEEN: usize = 256;

/// Numbers of the slurs that are printed at a note.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Numbers {
    pub starts: Vec<usize>,
    /// Those that start at the last head of a tied note.
    pub late_starts: Vec<usize>,
    pub stops: Vec<usize>,
    /// That of one that goes over it.
    pub over: Option<usize>,
}

/// A slur from note to note.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Slur {
    start: usize,
    stop: usize,
    /// Whether it starts at the last head of its first note.
    is_late: bool,
}

/// Where the heads of a note stand: the first and the last in the document, as counts, and when the last
/// one starts.
#[derive(Clone, Copy, Debug, Default)]
struct Heads {
    first: usize,
    last: usize,
    last_onset: Quarters,
}

/// The heads of the notes of a part, counted measure by measure, and in each layer by layer.
fn heads(score: &Score, layers: &[Vec<Layer>]) -> BTreeMap<usize, Heads> {
    let mut heads: BTreeMap<usize, Heads> = BTreeMap::new();
    let mut count = 0;
    for (measure, layers) in score.measures.iter().zip(layers) {
        for slot in layers.iter().flat_map(|layer| &layer.slots) {
            for head in &slot.heads {
                let of_note = heads.entry(head.note).or_insert(Heads { first: count, ..Heads::default() });
                (of_note.last, of_note.last_onset) = (count, measure.start + slot.at);
                count += 1;
            }
        }
    }
    heads
}

/// The numbers for the notes of one part. Slurs with the same number overlap neither in the order of the
/// document, which is what MusicXML asks for, nor in time.
pub(super) fn numbers(score: &Score, part: u16, layers: &[Vec<Layer>]) -> BTreeMap<usize, Numbers> {
    let notes = Notes { score, heads: heads(score, layers), voices: voices(score, part) };
    let mut slurs: Vec<_> = notes.slurs().into_iter().map(|slur| (notes.extent(slur), slur)).collect();
    slurs.sort_unstable();
    let mut numbers: BTreeMap<usize, Numbers> = BTreeMap::new();
    // Up to which place and until when each number is taken.
    let mut taken: [Option<(usize, Quarters)>; NUMBERS] = [None; NUMBERS];
    for ((from, to), slur) in slurs {
        let ((begun, _), (ended, _)) = (notes.start_key(slur), notes.stop_key(slur.stop));
        let is_free = |(place, until): (usize, Quarters)| place < from && until < begun;
        let Some(free) = taken.iter().position(|taken| taken.is_none_or(is_free)) else { continue };
        taken[free] = Some((to, taken[free].map_or(ended, |(_, until)| until.max(ended))));
        let number = free + 1;
        let of_start = numbers.entry(slur.start).or_default();
        if slur.is_late { &mut of_start.late_starts } else { &mut of_start.starts }.push(number);
        numbers.entry(slur.stop).or_default().stops.push(number);
        for note in notes.under(slur) {
            numbers.entry(*note).or_default().over = Some(number);
        }
    }
    numbers
}

/// The notes of a part.
struct Notes<'n> {
    score: &'n Score,
    heads: BTreeMap<usize, Heads>,
    voices: BTreeMap<u8, Voice>,
}

/// A voice.
#[derive(Default)]
struct Voice {
    /// By time; at one onset grace notes come first.
    notes: Vec<usize>,
    /// For each of them its run: notes with the same number have only notes under slurs between them.
    /// Nothing for a note that is not under one.
    runs: Vec<Option<usize>>,
}

/// What notes are in order by: their onset, and whether they are main notes.
type Key = (Quarters, bool);

fn key(score: &Score, note: usize) -> Key {
    (score.notes[note].onset, score.notes[note].grace.is_none())
}

/// The voices of a part.
fn voices(score: &Score, part: u16) -> BTreeMap<u8, Voice> {
    let mut voices: BTreeMap<u8, Voice> = BTreeMap::new();
    for (index, note) in score.notes.iter().enumerate().filter(|(_, note)| note.part == part) {
        voices.entry(note.voice).or_default().notes.push(index);
    }
    for voice in voices.values_mut() {
        voice.notes.sort_by_key(|k| (key(score, *k), score.notes[*k].id));
        let mut run = 0;
        for note in &voice.notes {
            let is_under = score.notes[*note].marks.contains(Marks::SLURRED);
            run += usize::from(!is_under);
            voice.runs.push(is_under.then_some(run));
        }
    }
    voices
}

impl Notes<'_> {
    fn heads(&self, note: usize) -> Heads {
        self.heads.get(&note).copied().unwrap_or_default()
    }

    /// When a slur stops at a note: at its last head.
    fn stop_key(&self, note: usize) -> Key {
        let Heads { first, last, last_onset } = self.heads(note);
        if first == last { key(self.score, note) } else { (last_onset, true) }
    }

    fn start_key(&self, Slur { start, is_late, .. }: Slur) -> Key {
        if is_late { (self.heads(start).last_onset, true) } else { key(self.score, start) }
    }

    fn voice(&self, note: usize) -> Option<&Voice> {
        self.voices.get(&self.score.notes[note].voice)
    }

    /// The run of a voice that goes on at a point.
    fn run_at(&self, voice: &Voice, at: Key) -> Option<usize> {
        let next = voice.notes.partition_point(|k| key(self.score, *k) <= at);
        *voice.runs.get(next.checked_sub(1)?)?
    }

    /// The notes under a slur.
    fn under(&self, slur: Slur) -> &[usize] {
        let Some(Voice { notes, .. }) = self.voice(slur.start) else { return &[] };
        let first = notes.partition_point(|k| key(self.score, *k) < self.start_key(slur));
        let end = notes.partition_point(|k| key(self.score, *k) <= self.stop_key(slur.stop));
        &notes[first..end.max(first)]
    }

    /// The first and the last place in the document where a slur is written.
    fn extent(&self, slur: Slur) -> (usize, usize) {
        let start = self.heads(slur.start);
        let ends = [if slur.is_late { start.last } else { start.first }, self.heads(slur.stop).last];
        let under = self.under(slur).iter().map(|note| self.heads(*note).first);
        ends.into_iter().chain(under).fold((usize::MAX, 0), |(from, to), at| (from.min(at), to.max(at)))
    }

    /// Starts and stops that belong together.
    fn slurs(&self) -> Vec<Slur> {
        let mut open: Vec<usize> = Vec::new();
        let mut slurs = Vec::new();
        for (note, is_start) in self.ends() {
            if is_start {
                if open.len() >= MOST_OPEN {
                    open.remove(0);
                }
                open.push(note);
            } else {
                slurs.extend(self.slur_to(note, &mut open));
            }
        }
        slurs
    }

    /// The note whose last head a slur starts at that stops at another note: a score keeps no start at a
    /// note that is tied to one before, only that what follows it is under a slur.
    fn held_before(&self, stop: usize) -> Option<usize> {
        let voice = self.voice(stop)?;
        let at = key(self.score, stop);
        let run = self.run_at(voice, at).filter(|_| self.is_under(stop))?;
        let before = voice.notes.partition_point(|k| key(self.score, *k) < at);
        let mut chord = None;
        for k in (before.saturating_sub(MOST_BETWEEN)..before).rev() {
            let note = voice.notes[k];
            if chord.is_some_and(|found| key(self.score, found) != key(self.score, note)) {
                break;
            }
            let Heads { first, last, last_onset } = self.heads(note);
            let is_end = self.score.notes[note].marks.contains(Marks::SLUR_STOP);
            if first != last && (last_onset, true) < self.stop_key(stop) {
                chord = Some(note);
            } else if chord.is_none() && (voice.runs[k] != Some(run) || is_end) {
                return None;
            }
        }
        chord
    }

    fn is_under(&self, note: usize) -> bool {
        self.score.notes[note].marks.contains(Marks::SLURRED)
    }

    /// The ends of slurs in time: notes, and whether a slur starts there. Grace notes are played one after
    /// the other; at the main notes of one onset slurs stop before others start.
    fn ends(&self) -> Vec<(usize, bool)> {
        let mut ends: Vec<(Key, bool, NoteId, bool, usize)> = Vec::new();
        for index in self.voices.values().flat_map(|voice| &voice.notes) {
            let Note { marks, id, grace, .. } = self.score.notes[*index];
            if marks.contains(Marks::SLUR_STOP) {
                ends.push((self.stop_key(*index), false, id, false, *index));
            }
            // A start that is not under its own slur has lost the other end.
            if marks.contains(Marks::SLUR_START | Marks::SLURRED) {
                ends.push((key(self.score, *index), grace.is_none(), id, true, *index));
            }
        }
        ends.sort_unstable();
        ends.into_iter().map(|(.., is_start, note)| (note, is_start)).collect()
    }

    /// The slur that stops at a note: the last that is open in its voice, else one from a tied note, else
    /// one from another voice.
    fn slur_to(&self, stop: usize, open: &mut Vec<usize>) -> Option<Slur> {
        let (is_under, voice) = (self.is_under(stop), self.score.notes[stop].voice);
        let is_own = |start: usize| self.score.notes[start].voice == voice;
        let own = self.last_open(open, stop, |start| is_under && is_own(start));
        if own.is_none()
            && let Some(start) = self.held_before(stop)
        {
            return Some(Slur { start, stop, is_late: true });
        }
        let found = own.or_else(|| self.last_open(open, stop, |start| !is_own(start)))?;
        Some(Slur { start: open.remove(found), stop, is_late: false })
    }

    /// The place of the last open slur that may stop at a note; of those that start in one chord it is the
    /// first.
    fn last_open(&self, open: &[usize], stop: usize, is_meant: impl Fn(usize) -> bool) -> Option<usize> {
        let fits = |start: &usize| {
            let Some(voice) = self.voice(*start) else { return false };
            let run = self.run_at(voice, key(self.score, *start));
            run.is_some() && run == self.run_at(voice, self.stop_key(stop))
        };
        let last = open.iter().rposition(|start| is_meant(*start) && fits(start))?;
        let chord = |start: usize| (key(self.score, start), self.score.notes[start].voice);
        open.iter().position(|start| chord(*start) == chord(open[last]))
    }
}
