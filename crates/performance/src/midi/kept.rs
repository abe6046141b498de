//! Which notes of a take's file stay when some bars are performed anew.

use std::collections::HashMap;

use notation::smf::file::{DRUM_CHANNEL, FileNote, MidiFile};
use notation::{Hand, Score};

use super::import::{self, Clock};
use crate::Performance;

/// A track and a channel of a file.
pub(super) type Line = (usize, u8);

/// The notes that stay, and where new ones go.
pub(super) struct Kept {
    /// For each track of the file and each of its notes, whether it stays.
    stays: Vec<Vec<bool>>,
    /// Where the notes of each part and hand (left or not) are.
    lines: HashMap<(u16, bool), Line>,
    /// Where most notes are.
    most: Line,
    /// Notes of the file that the score does not have and that do not stay.
    pub left_out: usize,
}

impl Kept {
    /// Of a file that plays `take`; `owners` has the note that each of its notes plays, and the notes
    /// `changed` (ascending) are performed anew. Nothing if the owners are not those of the file.
    pub fn of(
        score: &Score,
        file: &MidiFile,
        take: &Performance,
        owners: &[Option<u32>],
        changed: &[u32],
    ) -> Option<Self> {
        let notes = import::notes(file, &Clock::of(file));
        if notes.len() != owners.len() {
            return None;
        }
        let mut stays: Vec<Vec<bool>> = file.tracks.iter().map(|t| vec![true; t.notes.len()]).collect();
        let is_changed = |note: &u32| changed.binary_search(note).is_ok();
        let strokes = notes.iter().zip(owners).filter(|(_, owner)| owner.as_ref().is_some_and(is_changed));
        let from_secs = strokes.map(|((note, _), _)| note.onset_secs).fold(f64::INFINITY, f64::min);
        let bars = from_secs..end_secs(score, take, changed);
        let (mut left_out, mut counts) = (0, HashMap::<_, HashMap<Line, usize>>::new());
        let mut totals = HashMap::<Line, usize>::new();
        for ((note, (track, k)), owner) in notes.iter().zip(owners) {
            let line = (*track, file.tracks[*track].notes[*k].channel);
            *totals.entry(line).or_default() += 1;
            stays[*track][*k] = match owner {
                Some(owner) => !is_changed(owner),
                None => !bars.contains(&note.onset_secs),
            };
            left_out += usize::from(owner.is_none() && !stays[*track][*k]);
            if let Some(written) = owner.and_then(|owner| score.notes.get(owner as usize)) {
                let hand = (written.part, written.hand() == Hand::Left);
                *counts.entry(hand).or_default().entry(line).or_default() += 1;
            }
        }
        let most = most(&totals)?;
        let lines = counts.iter().filter_map(|(hand, lines)| Some((*hand, self::most(lines)?))).collect();
        Some(Self { stays, lines, most, left_out })
    }

    /// The notes of a track that stay.
    pub fn notes<'f>(&self, file: &'f MidiFile, track: usize) -> impl Iterator<Item = &'f FileNote> {
        let stays = self.stays[track].iter();
        file.tracks[track].notes.iter().zip(stays).filter(|(_, stays)| **stays).map(|(note, _)| note)
    }

    /// Where the notes that stay start, ascending. Drums do not count: they keep no time of bars.
    pub fn on_ticks(&self, file: &MidiFile) -> Vec<u64> {
        let notes = (0..file.tracks.len()).flat_map(|track| self.notes(file, track));
        let mut ticks: Vec<u64> = notes.filter(|n| n.channel != DRUM_CHANNEL).map(|n| n.on_tick).collect();
        ticks.sort_unstable();
        ticks
    }

    /// Where new notes of a part's hand go: to the others of the hand, else to the other hand.
    pub fn line(&self, part: u16, left: bool) -> Line {
        let hands = [(part, left), (part, !left)];
        hands.iter().find_map(|hand| self.lines.get(hand)).copied().unwrap_or(self.most)
    }
}

fn most(counts: &HashMap<Line, usize>) -> Option<Line> {
    counts.iter().max_by_key(|(line, count)| (**count, std::cmp::Reverse(**line))).map(|(line, _)| *line)
}

/// When the first note after the changed ones is played; where notes that stay are written among them,
/// nothing between them is anybody's but theirs, so there is no such time.
fn end_secs(score: &Score, take: &Performance, changed: &[u32]) -> f64 {
    let onset = |note: &u32| score.notes.get(*note as usize).map(|n| n.onset);
    let (Some(first), Some(last)) = (changed.first().and_then(onset), changed.last().and_then(onset)) else {
        return f64::NEG_INFINITY;
    };
    let stays = take.notes.iter().filter(|n| changed.binary_search(&n.note).is_err());
    let mut end = f64::INFINITY;
    for note in stays {
        match onset(&note.note) {
            Some(at) if at > last => end = end.min(note.onset_secs),
            Some(at) if at >= first => return f64::NEG_INFINITY,
            _ => {}
        }
    }
    end
}
