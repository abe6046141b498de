//! Which played note is which note of the score.
//!
//! Three steps: the longest common sequence of pitches finds where in the score the playing is;
//! the matched notes give a rough tempo curve; with it each pitch is matched on its own, in order
//! and near its time. That is enough for files of our own and for clean recordings of the whole
//! text; it does not follow a player who jumps back.

use std::collections::HashMap;

use notation::{Hand, Quarters, Score};

use super::common_sequence::common_sequence;
use super::expected_times::{FARTHEST_SECS, expected_times};
use super::import::{MidiNote, PlayedMidi};
use crate::{Performance, PlayedNote, ornaments};

/// How often the tempo curve is drawn and the pitches matched by it.
const ROUNDS: usize = 2;

/// Longest run of one pitch that is matched at once.
const LONGEST_RUN: usize = 2000;

/// A recording with its notes given to those of a score.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Matched {
    /// What it plays of the score.
    pub played: Performance,
    /// For each note of the recording the score note that it belongs to, as an index into
    /// [`Score::notes`]; none for notes that the score does not have.
    pub owners: Vec<Option<u32>>,
}

/// A note of the score and the recorded note that was found for it, as an index.
struct Found {
    note: u32,
    stroke: usize,
}

/// Gives the notes of a recording to the notes of the score. Score notes without a recorded one
/// are left out, and so are recorded notes that the score does not have; the strokes of an ornament
/// are taken together ([`ornaments::fold`]).
pub fn match_to_score(score: &Score, played: &PlayedMidi) -> Performance {
    match_recording(score, played).played
}

/// The same, and whose each recorded note is.
pub fn match_recording(score: &Score, played: &PlayedMidi) -> Matched {
    match_take(score, played).unwrap_or_else(|| {
        let mut matched = matched(played, &match_freely(score, &played.notes));
        ornaments::fold(score, &played.notes, &mut matched.played.notes, &mut matched.owners);
        share_strokes(score, &mut matched.played.notes);
        matched
    })
}

/// The same for a file that has exactly the notes of the score, as takes of ours do; none for others.
pub fn match_take(score: &Score, played: &PlayedMidi) -> Option<Matched> {
    let complete = |shares_keys| match_complete(score, &played.notes, shares_keys);
    [false, true].into_iter().find_map(complete).map(|found| matched(played, &found))
}

fn matched(played: &PlayedMidi, found: &[Found]) -> Matched {
    let heard = &played.notes;
    let mut owners = vec![None; heard.len()];
    for found in found {
        owners[found.stroke].get_or_insert(found.note);
    }
    let notes = found.iter().map(|f| play(f.note, &heard[f.stroke])).collect();
    Matched { played: Performance { notes, pedals: played.pedals.clone() }, owners }
}

/// The notes of a recording that has others than the score.
fn match_freely(score: &Score, heard: &[MidiNote]) -> Vec<Found> {
    let mut pairs = common_sequence(score, heard);
    let mut found = Vec::new();
    for _ in 0..ROUNDS {
        found = match_pitches(score, heard, &expected_times(score, &pairs));
        pairs = found.iter().map(|f| (f.note as usize, heard[f.stroke].onset_secs)).collect();
    }
    found
}

/// Gives a note that was not found the stroke of another voice on the same key. Notes are ordered by
/// score note.
pub fn share_strokes(score: &Score, notes: &mut Vec<PlayedNote>) {
    let key = |n: usize| (score.notes[n].onset, score.notes[n].pitch);
    let is_main = |n: &usize| score.notes[*n].grace.is_none();
    let strokes: HashMap<_, PlayedNote> =
        notes.iter().filter(|p| is_main(&(p.note as usize))).map(|p| (key(p.note as usize), *p)).collect();
    let is_missing = |n: &usize| notes.binary_search_by_key(n, |p| p.note as usize).is_err();
    let missing = (0..score.notes.len()).filter(is_main).filter(is_missing);
    let shared: Vec<PlayedNote> =
        missing.filter_map(|n| Some(PlayedNote { note: n as u32, ..*strokes.get(&key(n))? })).collect();
    notes.extend(shared);
    notes.sort_by_key(|p| p.note);
}

/// A recording with exactly the notes of the score, as takes of ours are: the k-th of a pitch is the
/// k-th. However freely it is played, nothing is left out. Voices of a hand that share a key have one
/// stroke if `shares_keys`, else one each.
fn match_complete(score: &Score, played: &[MidiNote], shares_keys: bool) -> Option<Vec<Found>> {
    let heard = by_pitch(played);
    let mut next = [0usize; 256];
    let mut last: HashMap<(u8, u16, bool), (Quarters, usize)> = HashMap::new();
    let mut notes = Vec::with_capacity(score.notes.len());
    let mut found = 0;
    for (note, written) in (0_u32..).zip(&score.notes) {
        let key = (written.pitch, written.part, written.hand() == Hand::Left);
        let shared = last
            .get(&key)
            .filter(|(onset, _)| shares_keys && written.grace.is_none() && *onset == written.onset);
        if let Some((_, stroke)) = shared {
            notes.push(Found { note, stroke: *stroke });
            continue;
        }
        let pitch = usize::from(written.pitch);
        let stroke = *heard[pitch].get(next[pitch])?;
        next[pitch] += 1;
        found += 1;
        if written.grace.is_none() {
            last.insert(key, (written.onset, stroke));
        }
        notes.push(Found { note, stroke });
    }
    (found == played.len()).then_some(notes)
}

/// The recorded notes of each pitch, as indices.
fn by_pitch(played: &[MidiNote]) -> Vec<Vec<usize>> {
    let mut pitches = vec![Vec::new(); 256];
    for (stroke, note) in played.iter().enumerate() {
        pitches[usize::from(note.pitch)].push(stroke);
    }
    pitches
}

/// Matches each pitch on its own, given when each score note should sound.
fn match_pitches(score: &Score, played: &[MidiNote], expected: &[f64]) -> Vec<Found> {
    let mut written: Vec<Vec<usize>> = vec![Vec::new(); 256];
    for (n, note) in score.notes.iter().enumerate() {
        written[usize::from(note.pitch)].push(n);
    }
    let mut found: Vec<Found> = Vec::with_capacity(score.notes.len());
    for (written, strokes) in written.iter().zip(by_pitch(played)) {
        let heard: Vec<Heard> =
            strokes.iter().map(|s| Heard { stroke: *s, onset_secs: played[*s].onset_secs }).collect();
        match_pitch(written, &heard, expected, &mut found);
    }
    found.sort_by_key(|f| f.note);
    found
}

/// A recorded note of the pitch at hand.
struct Heard {
    stroke: usize,
    onset_secs: f64,
}

/// Matches the notes of one pitch, both in order, run by run: a gap longer than the farthest that
/// a note may be from its time parts two runs.
fn match_pitch(written: &[usize], heard: &[Heard], expected: &[f64], notes: &mut Vec<Found>) {
    if let Some(all) = match_each(written, heard, expected) {
        notes.extend(all);
        return;
    }
    let (mut i, mut j) = (0, 0);
    while i < written.len() && j < heard.len() {
        let (first_i, first_j) = (i, j);
        let mut last = f64::NEG_INFINITY;
        loop {
            let a = written.get(i).map_or(f64::INFINITY, |n| expected[*n]);
            let b = heard.get(j).map_or(f64::INFINITY, |n| n.onset_secs);
            let next = a.min(b);
            let fresh = i == first_i && j == first_j;
            let long = i - first_i > LONGEST_RUN || j - first_j > LONGEST_RUN;
            if !next.is_finite() || (!fresh && (next - last > FARTHEST_SECS || long)) {
                break;
            }
            last = next;
            if a <= b { i += 1 } else { j += 1 }
        }
        if (i, j) == (first_i, first_j) {
            return;
        }
        match_run(&written[first_i..i], &heard[first_j..j], expected, notes);
    }
}

/// The first with the first, the second with the second … where there are as many written as
/// heard and none comes at a quite different time.
fn match_each(written: &[usize], heard: &[Heard], expected: &[f64]) -> Option<Vec<Found>> {
    let near = |(n, heard): (&usize, &Heard)| (heard.onset_secs - expected[*n]).abs() < FARTHEST_SECS;
    let all = written.len() == heard.len() && written.iter().zip(heard).all(near);
    all.then(|| written.iter().zip(heard).map(|(n, heard)| found(*n, heard)).collect())
}

fn found(note: usize, heard: &Heard) -> Found {
    Found { note: note as u32, stroke: heard.stroke }
}

fn play(note: u32, heard: &MidiNote) -> PlayedNote {
    PlayedNote {
        note,
        onset_secs: heard.onset_secs,
        duration_secs: heard.duration_secs,
        velocity: heard.velocity,
    }
}

/// The pairing in order with the least sum of distances; leaving a note out costs half of
/// [`FARTHEST_SECS`].
fn match_run(written: &[usize], heard: &[Heard], expected: &[f64], notes: &mut Vec<Found>) {
    let (n, m) = (written.len(), heard.len());
    let skip = FARTHEST_SECS / 2.0;
    let width = m + 1;
    let mut steps = vec![1u8; (n + 1) * width];
    let mut above: Vec<f64> = (0..=m).map(|j| j as f64 * skip).collect();
    for i in 1..=n {
        let mut current = vec![i as f64 * skip; width];
        steps[i * width] = 0;
        for j in 1..=m {
            let pair = above[j - 1] + (heard[j - 1].onset_secs - expected[written[i - 1]]).abs();
            let choices = [above[j] + skip, current[j - 1] + skip, pair];
            let best = (0..3).min_by(|a, b| choices[*a].total_cmp(&choices[*b])).unwrap_or(2);
            current[j] = choices[best];
            steps[i * width + j] = best as u8;
        }
        above = current;
    }
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        match steps[i * width + j] {
            0 => i -= 1,
            1 => j -= 1,
            _ => {
                (i, j) = (i - 1, j - 1);
                notes.push(found(written[i], &heard[j]));
            }
        }
    }
}
