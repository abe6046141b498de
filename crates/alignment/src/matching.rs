//! The notes of a stretch, each pitch by itself.

use std::collections::{HashMap, HashSet};

use notation::{Hand, Note, Score};
use performance::midi::MidiNote;

use crate::aligned::{Alignment, Missed, Role, Stretch};
use crate::chords::Chords;
use crate::clock::Clock;
use crate::stretches::Found;

/// How often the times of the score are estimated and the pitches matched by them.
const ROUNDS: usize = 3;
/// How far from its time a note may be: in quarters, and in seconds at least and at most.
const FARTHEST_QUARTERS: f64 = 1.0;
const FARTHEST_SECS: (f64, f64) = (0.35, 1.5);
/// How long before its main note a grace note comes, in seconds.
const GRACE_SECS: f64 = 0.09;
/// A key that comes late costs so many times as much as one that comes early: of the strokes of an ornament that
/// nobody wrote the first is the note.
const LATE: f64 = 1.5;
/// What the distance counts of a key that the path has in the chord of the note.
const ON_PATH: f64 = 0.5;
/// One hand plays alone if it plays at least so large a share of its notes, and the other at most so large a one.
const ALONE: f64 = 0.5;
const SILENT: f64 = 0.2;
/// Longest run of one pitch that is matched at once.
const LONGEST_RUN: usize = 1000;

/// A score note and when it should sound.
#[derive(Clone, Copy, Debug)]
struct Due {
    note: u32,
    chord: usize,
    secs: f64,
    /// How far from that it may be.
    farthest: f64,
}

/// A key of one pitch.
#[derive(Clone, Copy, Debug)]
struct Struck {
    key: usize,
    secs: f64,
    /// The chord that the path has it in.
    chord: Option<usize>,
}

/// Adds a stretch to an alignment.
pub fn add(alignment: &mut Alignment, score: &Score, chords: &Chords, heard: &[MidiNote], found: Found) {
    let Found { keys, chords: range, mut pairs } = found;
    let notes = chords.all[range.start].notes.start..chords.all[range.end - 1].notes.end;
    let on_path: HashMap<usize, usize> = pairs.iter().copied().collect();
    let mut matched: Vec<(u32, usize)> = Vec::new();
    let mut due: Vec<Due> = Vec::new();
    let mut hand = None;
    for round in 0..ROUNDS {
        pairs.sort_unstable_by_key(|(key, chord)| (*chord, *key));
        let point = |(key, chord): &(usize, usize)| (chords.all[*chord].quarters, heard[*key].onset_secs);
        let clock = Clock::of(&pairs.iter().map(point).collect::<Vec<_>>());
        let clock = if round == 0 { clock.smooth() } else { clock };
        due = dues(score, chords, &clock, notes.clone());
        due.retain(|due| hand.is_none_or(|hand| score.notes[due.note as usize].hand() == hand));
        let struck = struck(heard, keys.clone(), &on_path);
        matched = match_pitches(score, &struck, &due);
        let is_main = |(note, _): &&(u32, usize)| score.notes[*note as usize].grace.is_none();
        let pair = |(note, key): &(u32, usize)| (*key, chords.of_note[*note as usize] as usize);
        let found: Vec<(usize, usize)> = matched.iter().filter(is_main).map(pair).collect();
        // Chords of which nothing was found keep their pairs: after a pause the tempo says nothing.
        let is_found: HashSet<usize> = found.iter().map(|(_, chord)| *chord).collect();
        pairs.retain(|(_, chord)| !is_found.contains(chord));
        pairs.extend(found);
        hand = hand.or_else(|| hand_alone(score, &matched, &due));
    }
    for (note, key) in &matched {
        alignment.roles[*key] = Role::Note(*note);
    }
    let secs = |key: Option<usize>| key.map_or(f64::NAN, |key| heard[key].onset_secs);
    let (first, last) = (matched.iter().map(|(_, k)| *k).min(), matched.iter().map(|(_, k)| *k).max());
    alignment.stretches.push(Stretch {
        keys,
        notes: notes.start as u32..notes.end as u32,
        secs: secs(first)..secs(last),
        missed: missed(score, &matched, &due),
    });
}

/// The hand that plays alone, if one does.
fn hand_alone(score: &Score, matched: &[(u32, usize)], due: &[Due]) -> Option<Hand> {
    let hand = |note: u32| score.notes[note as usize].hand();
    let share = |wanted: Hand| {
        let written = due.iter().filter(|due| hand(due.note) == wanted).count();
        let played = matched.iter().filter(|(note, _)| hand(*note) == wanted).count();
        (written > 0).then(|| played as f64 / written as f64)
    };
    let (right, left) = (share(Hand::Right)?, share(Hand::Left)?);
    match (right, left) {
        _ if right >= ALONE && left <= SILENT => Some(Hand::Right),
        _ if left >= ALONE && right <= SILENT => Some(Hand::Left),
        _ => None,
    }
}

/// When the notes should sound: grace notes before their main note, and after the half of the way from the chord
/// before.
fn dues(score: &Score, chords: &Chords, clock: &Clock, notes: std::ops::Range<usize>) -> Vec<Due> {
    let mut dues: Vec<Due> = Vec::with_capacity(notes.len());
    let mut before = f64::NEG_INFINITY;
    for note in notes.clone() {
        let written = &score.notes[note];
        let (quarters, last) = (written.onset.to_f64(), note.saturating_sub(1).max(notes.start));
        if score.notes[last].onset != written.onset {
            before = clock.secs(score.notes[last].onset.to_f64());
        }
        let farthest = FARTHEST_QUARTERS * clock.period_secs(quarters);
        let graces = graces_to_come(score, note) as f64;
        let secs = clock.secs(quarters);
        let room = 0.5 * (secs - before).max(0.0) / (graces + 1.0);
        let secs = if graces > 0.0 { secs - graces * GRACE_SECS.min(room) } else { secs };
        let farthest = farthest.clamp(FARTHEST_SECS.0, FARTHEST_SECS.1);
        let chord = chords.of_note[note] as usize;
        dues.push(Due { note: note as u32, chord, secs, farthest });
    }
    dues
}

/// How many grace notes of its voice there are from a grace note to its main note; 0 for main notes.
fn graces_to_come(score: &Score, note: usize) -> usize {
    let written = &score.notes[note];
    if written.grace.is_none() {
        return 0;
    }
    let is_later = |other: &&Note| {
        let voice = |note: &Note| (note.part, note.staff, note.voice, note.onset);
        other.grace.is_some() && voice(other) == voice(written) && other.id.written >= written.id.written
    };
    let same = |other: &&Note| other.onset == written.onset;
    let before = score.notes[..note].iter().rev().take_while(same).filter(is_later).count();
    before + score.notes[note..].iter().take_while(same).filter(is_later).count()
}

/// Notes without a key that do not share the one of another voice.
fn missed(score: &Score, matched: &[(u32, usize)], due: &[Due]) -> Vec<Missed> {
    let place = |note: u32| (score.notes[note as usize].onset, score.notes[note as usize].pitch);
    let is_found = |note: u32| matched.binary_search_by_key(&note, |(found, _)| *found).is_ok();
    let shares = |due: &Due| {
        let same = |other: &u32| place(*other).0 == place(due.note).0;
        let before = (0..due.note).rev().take_while(same);
        let after = (due.note + 1..score.notes.len() as u32).take_while(same);
        before.chain(after).any(|other| place(other) == place(due.note) && is_found(other))
    };
    let missed = due.iter().filter(|due| !is_found(due.note) && !shares(due));
    missed.map(|due| Missed { note: due.note, expected_secs: due.secs }).collect()
}

/// The keys of each pitch.
fn struck(
    heard: &[MidiNote],
    keys: std::ops::Range<usize>,
    on_path: &HashMap<usize, usize>,
) -> Vec<Vec<Struck>> {
    let mut struck: Vec<Vec<Struck>> = vec![Vec::new(); 256];
    for key in keys {
        let MidiNote { pitch, onset_secs, .. } = heard[key];
        let chord = on_path.get(&key).copied();
        struck[usize::from(pitch)].push(Struck { key, secs: onset_secs, chord });
    }
    struck
}

/// Pairs of score note and key, ordered by note.
fn match_pitches(score: &Score, struck: &[Vec<Struck>], due: &[Due]) -> Vec<(u32, usize)> {
    let mut written: Vec<Vec<Due>> = vec![Vec::new(); 256];
    due.iter().for_each(|due| written[usize::from(score.notes[due.note as usize].pitch)].push(*due));
    let mut matched = Vec::new();
    for (written, struck) in written.iter_mut().zip(struck) {
        written.sort_by(|a, b| a.secs.total_cmp(&b.secs));
        match_pitch(written, struck, &mut matched);
    }
    matched.sort_unstable();
    matched
}

/// Matches the notes of one pitch, both in order, run by run: where neither is due nor struck for a
/// while a new run begins.
fn match_pitch(written: &[Due], struck: &[Struck], matched: &mut Vec<(u32, usize)>) {
    let (mut i, mut j) = (0, 0);
    while i < written.len() && j < struck.len() {
        let (first_i, first_j) = (i, j);
        let mut until = f64::INFINITY;
        loop {
            let a = written.get(i).map_or(f64::INFINITY, |due| due.secs);
            let b = struck.get(j).map_or(f64::INFINITY, |key| key.secs);
            let is_long = i - first_i > LONGEST_RUN || j - first_j > LONGEST_RUN;
            let next = a.min(b);
            if next > until || !next.is_finite() || is_long {
                break;
            }
            until = next + written.get(i).or(written.last()).map_or(0.0, |due| due.farthest);
            if a <= b { i += 1 } else { j += 1 }
        }
        if (i, j) == (first_i, first_j) {
            return;
        }
        match_run(&written[first_i..i], &struck[first_j..j], matched);
    }
}

/// Steps back in a table of pairs: past a pair, a note, a key.
const PAIR: usize = 0;
const WRITTEN: u8 = 1;
const STRUCK: u8 = 2;

/// The pairing in order with the least sum of distances. To leave a note out costs half of the distance
/// that it may have.
fn match_run(written: &[Due], struck: &[Struck], matched: &mut Vec<(u32, usize)>) {
    let (n, m) = (written.len(), struck.len());
    if n == 0 || m == 0 {
        return;
    }
    let leave = |i: usize| written[i.min(n - 1)].farthest / 2.0;
    let width = m + 1;
    let mut steps = vec![STRUCK; (n + 1) * width];
    let mut above: Vec<f64> = (0..=m).map(|j| j as f64 * leave(0)).collect();
    for i in 1..=n {
        let mut row = vec![above[0] + leave(i - 1); width];
        steps[i * width] = WRITTEN;
        for j in 1..=m {
            let late = struck[j - 1].secs - written[i - 1].secs;
            let share = if struck[j - 1].chord == Some(written[i - 1].chord) { ON_PATH } else { 1.0 };
            let apart = share * if late > 0.0 { LATE * late } else { -late };
            // Where they are equal a pair comes first: of voices that share a key the last one has it.
            let choices = [above[j - 1] + apart, above[j] + leave(i - 1), row[j - 1] + leave(i - 1)];
            let best = (0..3).min_by(|a, b| choices[*a].total_cmp(&choices[*b])).unwrap_or(PAIR);
            row[j] = choices[best];
            steps[i * width + j] = best as u8;
        }
        above = row;
    }
    let (mut i, mut j) = (n, m);
    while i > 0 && j > 0 {
        match steps[i * width + j] {
            WRITTEN => i -= 1,
            STRUCK => j -= 1,
            _ => {
                (i, j) = (i - 1, j - 1);
                matched.push((written[i].note, struck[j].key));
            }
        }
    }
}
