//! A performance of one score as a performance of another score of the piece: with a bar more, with
//! other repeats, with some notes changed.
//!
//! What both scores have keeps its values. Where they run in parallel it keeps its times, too; where
//! the other score has bars in between, all that follows moves by as long as these take in the tempo
//! of the bar before, and bars that are gone leave no gap.

mod clock;
mod pedals;

use notation::{NoteMatch, Score};

use crate::codec::{self, Coded, CodedOnset};
use crate::{BeatCurve, Performance, PlayedNote, deadpan};
use clock::Clock;

/// What becomes of notes that only the new score has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NewNotes {
    /// They are played as in the deadpan, in the tempo of the performance and as loud as the note
    /// before them.
    Played,
    /// They are not played: the recording lacks them.
    Silent,
}

/// Carries a performance of one score over to another. `matched` has the notes that they have in
/// common, as [`notation::match_notes`] of the two does.
pub fn transfer(
    played: &Performance,
    from: &Score,
    to: &Score,
    matched: &NoteMatch,
    new_notes: NewNotes,
) -> Performance {
    let curve = codec::encode(from, played).curve();
    let clock = Clock::new(from, to, &curve);
    let mut notes: Vec<PlayedNote> = (0..)
        .zip(&matched.back)
        .filter_map(|(n, old)| Some(kept(played.get((*old)?)?, n, from, to, &curve, &clock)))
        .collect();
    if new_notes == NewNotes::Played && !played.notes.is_empty() {
        let added = added(to, matched, &notes, &clock);
        notes.extend(added);
        notes.sort_by_key(|n| n.note);
    }
    Performance { notes, pedals: pedals::carried_over(&played.pedals, &clock) }
}

/// A note that both scores have.
fn kept(
    played: &PlayedNote,
    n: u32,
    from: &Score,
    to: &Score,
    curve: &BeatCurve,
    clock: &Clock<'_>,
) -> PlayedNote {
    let (old, new) = (&from.notes[played.note as usize], &to.notes[n as usize]);
    let onset_secs = match clock.shift_secs(old.onset, new.onset) {
        Some(shift_secs) => played.onset_secs + shift_secs,
        None => {
            let late_secs = played.onset_secs - curve.secs_at(old.onset.to_f64());
            clock.secs_at(new.onset.to_f64()) + late_secs
        }
    };
    let mut duration_secs = played.duration_secs;
    if old.duration != new.duration {
        // Held for the same share of what is written.
        let length = |secs_at: &dyn Fn(f64) -> f64, note: &notation::Note| {
            secs_at(note.offset().to_f64()) - secs_at(note.onset.to_f64())
        };
        let old_secs = length(&|quarters| curve.secs_at(quarters), old);
        let new_secs = length(&|quarters| clock.secs_at(quarters), new);
        if old_secs > 0.0 && new_secs > 0.0 {
            duration_secs *= new_secs / old_secs;
        }
    }
    PlayedNote { note: n, onset_secs: onset_secs.max(0.0), duration_secs, velocity: played.velocity }
}

/// The notes that only the new score has.
fn added(to: &Score, matched: &NoteMatch, kept: &[PlayedNote], clock: &Clock<'_>) -> Vec<PlayedNote> {
    let is_new = |note: u32| matched.back.get(note as usize).is_some_and(Option::is_none);
    let literal = codec::encode(to, &deadpan(to)).notes;
    let mut new = tempo(to, clock);
    new.notes = literal.into_iter().filter(|n| is_new(n.note)).collect();
    for note in &mut new.notes {
        let next = kept.partition_point(|k| k.note < note.note);
        note.velocity = kept.get(next.saturating_sub(1)).map_or(note.velocity, |before| before.velocity);
    }
    let mut notes = codec::decode(to, &new).notes;
    notes.iter_mut().for_each(|n| n.onset_secs = n.onset_secs.max(0.0));
    notes
}

/// The tempo curve of the new performance.
fn tempo(to: &Score, clock: &Clock<'_>) -> Coded {
    let onsets: Vec<_> = to.onset_groups().iter().map(|group| to.notes[group.start].onset).collect();
    let secs: Vec<f64> = onsets.iter().map(|at| clock.secs_at(at.to_f64())).collect();
    let mut coded = Coded { start_secs: secs.first().copied().unwrap_or(0.0), ..Coded::default() };
    let mut beat_period_secs = 60.0 / deadpan::DEFAULT_QUARTERS_PER_MINUTE;
    for (k, at) in onsets.iter().enumerate() {
        if let (Some(next), Some(next_secs)) = (onsets.get(k + 1), secs.get(k + 1)) {
            beat_period_secs = (next_secs - secs[k]) / (*next - *at).to_f64();
        }
        coded.onsets.push(CodedOnset { at: *at, beat_period_secs });
    }
    coded
}

#[cfg(test)]
mod tests;
