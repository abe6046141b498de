//! An alignment as one performance of the score.

use notation::Score;
use performance::midi::{Matched, PlayedMidi, match_take, share_strokes};
use performance::{Performance, PlayedNote, ornaments};

use crate::aligned::{Alignment, Role};
use crate::align;

/// Gives the notes of a recording to those of a score, whatever was played. What was played several
/// times is taken from the last time ([`choose`]); the other times have no owners. The strokes of an
/// ornament are taken together. None in place of the alignment for a file that has exactly the notes of the
/// score, as takes of ours do: it is matched note by note, however freely it is played.
pub fn match_recording(score: &Score, midi: &PlayedMidi) -> (Matched, Option<Alignment>) {
    if let Some(matched) = match_take(score, midi) {
        return (matched, None);
    }
    let alignment = align(score, &midi.notes);
    let chosen = choose(&alignment);
    let mut owners = vec![None; midi.notes.len()];
    let mut notes: Vec<PlayedNote> = Vec::new();
    for (key, owner) in owners.iter_mut().enumerate() {
        let is_chosen = |note: &u32| {
            let owner = chosen.iter().rev().find(|k| alignment.stretches[**k].notes.contains(note));
            owner.is_some_and(|k| alignment.stretches[*k].keys.contains(&key))
        };
        if let Role::Note(note) = alignment.roles[key] && is_chosen(&note) {
            let heard = &midi.notes[key];
            *owner = Some(note);
            let (onset_secs, duration_secs) = (heard.onset_secs, heard.duration_secs);
            notes.push(PlayedNote { note, onset_secs, duration_secs, velocity: heard.velocity });
        }
    }
    notes.sort_by_key(|note| note.note);
    ornaments::fold(score, &midi.notes, &mut notes, &mut owners);
    share_strokes(score, &mut notes);
    (Matched { played: Performance { notes, pedals: midi.pedals.clone() }, owners }, Some(alignment))
}

/// The stretches that make one performance from the beginning of the score to its end, in order: as many keys
/// as possible; of what was played several times the last time. Where two of them overlap the later one holds.
pub fn choose(alignment: &Alignment) -> Vec<usize> {
    let stretches = &alignment.stretches;
    let mut best: Vec<(usize, Option<usize>)> = Vec::with_capacity(stretches.len());
    for (k, stretch) in stretches.iter().enumerate() {
        let own = stretch.notes.len().saturating_sub(stretch.missed.len());
        let before = (0..k).filter(|j| stretches[*j].notes.start <= stretch.notes.start);
        let worth = |j: &usize| {
            let both = stretches[*j].notes.end.saturating_sub(stretch.notes.start) as usize;
            best[*j].0.saturating_sub(both)
        };
        let before = before.max_by_key(|j| (worth(j), *j));
        best.push((own + before.map_or(0, |j| worth(&j)), before));
    }
    let mut at = (0..stretches.len()).max_by_key(|k| (best[*k].0, *k));
    let mut chosen = Vec::new();
    while let Some(k) = at {
        chosen.push(k);
        at = best[k].1;
    }
    chosen.reverse();
    chosen
}
