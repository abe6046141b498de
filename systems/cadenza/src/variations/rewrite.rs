//! From what was written to a score.

use notation::{Marks, Note, NoteId, Quarters, Score};
use performers::composer::close_slurs;

use super::passage::{Own, Passage};
use super::walk::Written;

/// How many semitones count as much as a quarter between two onsets, when the neighbour of a new note is
/// looked for.
const SEMITONES_A_QUARTER: f64 = 6.0;

/// A note of the variation: what it is, and whether the passage has it.
struct Rewritten {
    note: Note,
    is_kept: bool,
}

/// The bars of the passage with other notes. A note that the passage has, with its onset, pitch and duration,
/// is the passage's in all else too, grace notes before it included. A new one is in the part, on the staff
/// and in the voice of a note of the passage with the same onset, if there is one with the same duration,
/// else of the nearest, and without marks.
///
/// A new note ends where the same key is struck again, unless `keep_rhythm` says that durations stay.
pub fn score(passage: &Passage, written: &[Written], keep_rhythm: bool) -> Score {
    let mut notes: Vec<Rewritten> = written.iter().map(|note| rewritten(passage, note)).collect();
    notes.sort_by_key(|new| (new.note.onset, new.note.pitch));
    if !keep_rhythm {
        end_before_restrikes(&mut notes);
    }
    let voice = |note: &Note| (note.part, note.staff, note.voice, note.onset);
    let kept: Vec<_> = notes.iter().filter(|new| new.is_kept).map(|new| voice(&new.note)).collect();
    let graces = passage.score.notes.iter().filter(|note| note.grace.is_some());
    let graces = graces.filter(|note| kept.contains(&voice(note))).cloned();
    let mut all: Vec<Note> = graces.chain(notes.into_iter().map(|new| new.note)).collect();
    // Grace notes come before their main note in the file's numbers, which say in which order they are
    // struck.
    let order = |note: &Note| (note.onset, note.grace.is_none(), note.id.written);
    all.sort_by_key(order);
    for (written, note) in (0_u32..).zip(&mut all) {
        note.id = NoteId { written, pass: 1 };
    }
    all.sort_by_key(|note| (note.onset, note.pitch, note.id));
    close_slurs(&mut all);
    Score { notes: all, warnings: Vec::new(), ..passage.score.clone() }
}

fn rewritten(passage: &Passage, written: &Written) -> Rewritten {
    let here = passage.notes_at(written.bar, written.place);
    let lasts = |own: &&Own| own.duration == written.duration;
    if let Some(own) = here.iter().filter(lasts).find(|own| own.pitch == written.pitch) {
        return Rewritten { note: passage.score.notes[own.note].clone(), is_kept: true };
    }
    let ticks = |ticks: u32| Quarters::new(i64::from(ticks), i64::from(passage.ticks_per_quarter));
    let of_passage = |own: &Own| passage.score.notes.get(own.note);
    let by_pitch = |own: &&Own| own.pitch.abs_diff(written.pitch);
    // Written values may be finer than tokens tell.
    let onset = here.first().and_then(of_passage).map(|note| note.onset);
    let bar = &passage.bars[written.bar];
    let onset = onset.unwrap_or_else(|| bar.start + ticks(written.place - bar.from));
    let alike = here.iter().filter(lasts).min_by_key(by_pitch).and_then(of_passage);
    let duration = alike.map_or_else(|| ticks(written.duration), |note| note.duration);
    // Where the passage begins notes a little later than tokens tell, they still end with it.
    let duration = duration.min(passage.end() - onset);
    let neighbour = alike.or_else(|| here.iter().min_by_key(by_pitch).and_then(of_passage));
    let neighbour = neighbour.or_else(|| nearest(&passage.score, onset, written.pitch));
    Rewritten {
        note: Note {
            onset,
            duration,
            pitch: written.pitch,
            measure: u32::try_from(written.bar).unwrap_or(u32::MAX),
            grace: None,
            marks: Marks::empty(),
            ..neighbour.cloned().unwrap_or_default()
        },
        is_kept: false,
    }
}

/// The note of a score that is nearest in time and pitch.
fn nearest(score: &Score, onset: Quarters, pitch: u8) -> Option<&Note> {
    let distance = |note: &Note| {
        let quarters = (note.onset - onset).abs().to_f64();
        SEMITONES_A_QUARTER * quarters + f64::from(note.pitch.abs_diff(pitch))
    };
    let notes = score.notes.iter().filter(|note| note.grace.is_none());
    notes.min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// Ends notes where their key is struck again, if either is new. Notes are in order.
fn end_before_restrikes(notes: &mut [Rewritten]) {
    for k in 0..notes.len() {
        let (onset, pitch) = (notes[k].note.onset, notes[k].note.pitch);
        let again = notes[k + 1..].iter().find(|later| later.note.pitch == pitch && later.note.onset > onset);
        let Some((at, is_kept)) = again.map(|later| (later.note.onset, later.is_kept)) else { continue };
        if notes[k].note.offset() > at && !(notes[k].is_kept && is_kept) {
            notes[k].note.duration = at - onset;
        }
    }
}
