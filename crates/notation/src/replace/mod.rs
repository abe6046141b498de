//! Other notes for some measures of a score.

mod error;
mod slurs;

use std::collections::{BTreeSet, HashMap, HashSet, VecDeque};
use std::ops::Range;

pub use error::ReplaceError;

use crate::score::{Grace, Measure, Note, NoteId, Score};
use crate::time::Quarters;

/// A score with other notes in some measures (indices into [`Score::measures`]): those of `passage`, which has
/// as many measures of the same lengths and begins at 0.
///
/// - Only the measures named are changed: where a page repeats them, the other passes stay as they are.
/// - Every other note keeps its id and all that is written at it, but for slurs that lead into the measures or
///   out of them and lose their other end: these end at the bar line.
/// - A note of the passage that the measures have, too, stays that note, with its marks, and with what is
///   tied over the last bar line. All others get ids that the score does not have.
/// - Measures, metre, keys, swing and directions stay; those of the passage are not read.
///
/// So what comes of the measures' own notes is the same score.
///
/// # Errors
/// If the score has no such measures, the passage is not as long, or it has notes that the score has no place
/// for.
pub fn replace_measures(score: &Score, bars: Range<usize>, passage: &Score) -> Result<Score, ReplaceError> {
    let span = Span::of(score, bars)?;
    span.check(score, passage)?;
    let inside = score.notes_in_measures(span.bars.clone());
    let old = &score.notes[inside.clone()];
    let mut waiting: HashMap<Heard, VecDeque<&Note>> = HashMap::new();
    for note in old {
        waiting.entry(Heard::of(note, span.end)).or_default().push_back(note);
    }
    let mut new = Vec::with_capacity(passage.notes.len());
    let mut fresh = Vec::new();
    for note in &passage.notes {
        let placed = span.place(score, note)?;
        let same = waiting.get_mut(&Heard::of(&placed, span.end)).and_then(VecDeque::pop_front);
        if same.is_none() {
            fresh.push(new.len());
        }
        new.push(same.cloned().unwrap_or(placed));
    }
    // In the order of the passage's own numbers, which is that of grace notes.
    fresh.sort_by_key(|k| (new[*k].measure, new[*k].id.written));
    let mut free = free_numbers(score);
    for k in fresh {
        let pass = score.measures[new[k].measure as usize].pass;
        new[k].id = NoteId { written: free.next().ok_or(ReplaceError::Full)?, pass };
    }
    let edges = slurs::Edges::of(old, &changed_voices(old, &new));
    let outside = score.notes.iter().enumerate().filter(|(k, _)| !inside.contains(k));
    let mut notes: Vec<Note> = outside.map(|(_, note)| note.clone()).chain(new).collect();
    notes.sort_by_key(|n| (n.onset, n.pitch));
    slurs::settle(&mut notes, &span.bars, &edges);
    Ok(Score { notes, ..score.clone() })
}

/// The measures that get other notes.
struct Span {
    bars: Range<usize>,
    start: Quarters,
    end: Quarters,
}

impl Span {
    fn of(score: &Score, bars: Range<usize>) -> Result<Self, ReplaceError> {
        let measures = score.measures.get(bars.clone()).unwrap_or_default();
        match (measures.first(), measures.last()) {
            (Some(first), Some(last)) => Ok(Self { bars, start: first.start, end: last.end }),
            _ => Err(ReplaceError::NoSuchMeasures { bars, count: score.measures.len() }),
        }
    }

    /// Whether the passage has measures of the same lengths.
    fn check(&self, score: &Score, passage: &Score) -> Result<(), ReplaceError> {
        let measures = &score.measures[self.bars.clone()];
        if measures.len() != passage.measures.len() {
            let (wanted, found) = (measures.len(), passage.measures.len());
            return Err(ReplaceError::Count { wanted, found });
        }
        let length = |m: &Measure| m.end - m.start;
        let mut pairs = measures.iter().zip(&passage.measures);
        let other = pairs.find(|(m, p)| length(m) != length(p) || m.start - self.start != p.start);
        match other {
            None => Ok(()),
            Some((measure, found)) => Err(ReplaceError::Length {
                bar: measure.number.clone(),
                wanted: length(measure),
                found: length(found),
            }),
        }
    }

    /// A note of the passage where it stands in the score, with the id that it has in the passage.
    fn place(&self, score: &Score, note: &Note) -> Result<Note, ReplaceError> {
        let (onset, offset) = (self.start + note.onset, self.start + note.offset());
        // Grace notes that end a measure stand at its end.
        let is_early = onset < self.end || (onset == self.end && note.grace.is_some());
        let is_in_time = note.onset >= Quarters::ZERO && is_early && offset >= onset;
        let has_part = usize::from(note.part) < score.parts.len().max(1) && note.staff > 0;
        if !is_in_time || !has_part || note.pitch > 127 {
            return Err(ReplaceError::NoPlace { pitch: note.pitch, onset: note.onset });
        }
        let measures = &score.measures[self.bars.clone()];
        let measure = measures.partition_point(|m| m.start <= onset).saturating_sub(1) + self.bars.start;
        let measure = measure as u32;
        Ok(Note { onset, duration: offset.min(self.end) - onset, measure, ..note.clone() })
    }
}

/// What makes two notes the same to a listener, and to the hands.
#[derive(PartialEq, Eq, Hash)]
struct Heard {
    onset: Quarters,
    duration: Quarters,
    pitch: u8,
    part: u16,
    staff: u8,
    grace: Option<Grace>,
}

impl Heard {
    /// A note as far as it lasts up to the end of the passage.
    fn of(note: &Note, end: Quarters) -> Self {
        let Note { onset, pitch, part, staff, grace, .. } = *note;
        Self { onset, duration: note.offset().min(end) - onset, pitch, part, staff, grace }
    }
}

/// Numbers of written notes that the score does not have, nor velocities of: those after its highest first.
fn free_numbers(score: &Score) -> impl Iterator<Item = u32> + use<> {
    let written = score.notes.iter().map(|n| n.id.written);
    // Notes that were replaced before are gone, and their velocities are not.
    let taken: HashSet<u32> = written.chain(score.velocities.keys().copied()).collect();
    let next = taken.iter().max().map_or(Some(0), |highest| highest.checked_add(1));
    let after = next.map(|next| next..=u32::MAX).into_iter().flatten();
    let between = 0..=next.map_or(u32::MAX, |next| next.saturating_sub(1));
    after.chain(between).filter(move |number| !taken.contains(number))
}

/// The voices, by part, whose notes in the passage are not all what they were.
fn changed_voices(old: &[Note], new: &[Note]) -> BTreeSet<(u16, u8)> {
    let ids = |notes: &[Note]| notes.iter().map(|n| (n.part, n.voice, n.id)).collect::<BTreeSet<_>>();
    let (old, new) = (ids(old), ids(new));
    old.symmetric_difference(&new).map(|(part, voice, _)| (*part, *voice)).collect()
}
