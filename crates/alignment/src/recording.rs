//! An alignment as one performance of the score.

use std::ops::Range;

use notation::Score;
use performance::midi::{self, Matched, MidiNote, PlayedMidi, match_take, share_strokes};
use performance::{Performance, PlayedNote, ornaments};

use crate::aligned::{Alignment, Missed, Role, Stretch};
use crate::aligning::align;
use crate::clock::Clock;
use crate::transposition;

/// Pairs of note and key up to which a recording is aligned: several hours of music; that takes minutes.
const MOST_PAIRS: usize = 20_000_000_000;

/// A recording with its notes given to those of a score.
#[derive(Clone, Debug, PartialEq)]
pub struct Given {
    /// What it plays of the score, and whose each of its notes is. What was played several times is taken from
    /// the last time ([`choose`]); the notes of the other times have no owners.
    pub matched: Matched,
    /// Notes that are not in the score or stand for another one, ordered by onset, as high as the piano of the
    /// score would sound.
    pub extra: Vec<MidiNote>,
    /// Notes that were struck as they are written, every time counted.
    pub found: usize,
    /// Notes that were left out between the first and the last note of what was played in one go.
    pub left_out: usize,
    /// What each note was struck for, and what was played in one go.
    pub alignment: Alignment,
}

/// Gives the notes of a recording to those of a score, whatever was played. The strokes of an
/// ornament are taken together. A file that has exactly the notes of the score, as takes of ours do, is matched
/// note by note, however freely it is played.
pub fn match_recording(score: &Score, midi: &PlayedMidi) -> Given {
    if let Some(matched) = match_take(score, midi) {
        let found = matched.played.notes.len();
        let alignment = in_one_go(score, midi, &matched);
        return Given { matched, extra: Vec::new(), found, left_out: 0, alignment };
    }
    if score.notes.len().saturating_mul(midi.notes.len()) > MOST_PAIRS {
        return in_order(score, midi);
    }
    let alignment = align(score, &midi.notes);
    let is_extra = |role: &Role| matches!(role, Role::Extra | Role::Wrong(_));
    let extra = midi.notes.iter().zip(&alignment.roles).filter(|(_, role)| is_extra(role));
    let extra: Vec<MidiNote> = extra.map(|(note, _)| *note).collect();
    Given {
        matched: chosen_notes(score, midi, &alignment),
        extra: transposition::moved(&extra, alignment.transposition),
        found: alignment.matched(),
        left_out: alignment.stretches.iter().map(|stretch| stretch.missed.len()).sum(),
        alignment,
    }
}

/// A recording that is too long to be aligned, as if it were played from the beginning to the end.
fn in_order(score: &Score, midi: &PlayedMidi) -> Given {
    let matched = midi::match_recording(score, midi);
    let extra = midi.notes.iter().zip(&matched.owners).filter(|(_, owner)| owner.is_none());
    let extra = extra.map(|(note, _)| *note).collect();
    let found = matched.played.notes.len();
    let alignment = in_one_go(score, midi, &matched);
    Given { extra, found, left_out: 0, alignment, matched }
}

/// The alignment of a recording that is matched from the beginning to the end.
fn in_one_go(score: &Score, midi: &PlayedMidi, matched: &Matched) -> Alignment {
    let role = |(owner, key): (&Option<u32>, &MidiNote)| match owner {
        Some(note) if score.notes[*note as usize].pitch == key.pitch => Role::Note(*note),
        Some(note) => Role::Ornament(*note),
        None => Role::Extra,
    };
    let roles: Vec<Role> = matched.owners.iter().zip(&midi.notes).map(role).collect();
    let secs = |note: Option<&MidiNote>| note.map_or(0.0, |note| note.onset_secs);
    let place = |note: u32| score.notes[note as usize].onset.to_f64();
    let notes = &matched.played.notes;
    let clock = Clock::of(&notes.iter().map(|n| (place(n.note), n.onset_secs)).collect::<Vec<_>>());
    let is_played = |note: &u32| notes.binary_search_by_key(note, |played| played.note).is_ok();
    let missing = (0..score.notes.len() as u32).filter(|note| !is_played(note));
    let stretch = Stretch {
        keys: 0..midi.notes.len(),
        notes: 0..score.notes.len() as u32,
        secs: secs(midi.notes.first())..secs(midi.notes.last()),
        missed: missing.map(|note| Missed { note, expected_secs: clock.secs(place(note)) }).collect(),
    };
    Alignment { transposition: 0, roles, stretches: vec![stretch] }
}

/// The notes of the stretches that are chosen.
fn chosen_notes(score: &Score, midi: &PlayedMidi, alignment: &Alignment) -> Matched {
    let chosen = choose(alignment);
    let stretches = &alignment.stretches;
    let mut owners = vec![None; midi.notes.len()];
    let mut notes: Vec<PlayedNote> = Vec::new();
    for k in &chosen {
        for key in stretches[*k].keys.clone() {
            let Role::Note(note) = alignment.roles[key] else { continue };
            let last = chosen.iter().rev().find(|other| stretches[**other].notes.contains(&note));
            if last == Some(k) {
                owners[key] = Some(note);
                let MidiNote { onset_secs, duration_secs, velocity, .. } = midi.notes[key];
                notes.push(PlayedNote { note, onset_secs, duration_secs, velocity });
            }
        }
    }
    notes.sort_by_key(|note| note.note);
    let heard = transposition::moved(&midi.notes, alignment.transposition);
    ornaments::fold(score, &heard, &mut notes, &mut owners);
    share_strokes(score, &mut notes);
    Matched { played: Performance { notes, pedals: midi.pedals.clone() }, owners }
}

/// The measures of which nothing was played though there is something to play, as ranges of indices into
/// [`Score::measures`].
pub fn unplayed(score: &Score, played: &Performance) -> Vec<Range<usize>> {
    let mut is_written = vec![false; score.measures.len()];
    let mut is_played = is_written.clone();
    for note in &score.notes {
        if let Some(bar) = is_written.get_mut(note.measure as usize) {
            *bar = true;
        }
    }
    for note in played.notes.iter().filter_map(|played| score.notes.get(played.note as usize)) {
        if let Some(bar) = is_played.get_mut(note.measure as usize) {
            *bar = true;
        }
    }
    let mut ranges: Vec<Range<usize>> = Vec::new();
    for bar in (0..is_written.len()).filter(|bar| is_written[*bar] && !is_played[*bar]) {
        match ranges.last_mut() {
            // Bars of rests between two that were not played are not told apart.
            Some(last) if (last.end..bar).all(|between| !is_written[between]) => last.end = bar + 1,
            _ => ranges.push(bar..bar + 1),
        }
    }
    ranges
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
