//! A mood painted over a performance: for performers that have no way of their own to follow one.
//!
//! The macro-rules of Bresin & Friberg (2000, *Computer Music Journal* 24/4) do the same to the KTH
//! rules: an emotion is a tempo, a sound level and an articulation, on top of whatever the rules
//! play.

use notation::Score;
use performance::cues::{Cue, Cues};
use performance::{Performance, SHORTEST_PRESS_SECS};

use crate::clock::Clock;
use crate::mood::Mood;

/// What a cue of 1 does: log2 of tempo, velocity, log2 of duration. Over five bars the deviation
/// between pianists of one score of (n)ASAP is .13, 5.0 and .25, on excerpts of 160 notes of its test
/// split .13, 3.8 and .21. Tempo is that deviation; level and articulation are set a fifth above the first
/// of these figures.
const TEMPO: f64 = 0.13;
const LEVEL: f64 = 6.0;
const ARTICULATION: f64 = 0.3;

/// Makes the notes faster or slower, louder or softer, shorter or longer, and moves the pedal along.
pub fn paint(score: &Score, played: &mut Performance, mood: &Mood) {
    if !mood.is_felt() {
        return;
    }
    let leans = mood.leans(score);
    let lean = |note: u32| leans.get(note as usize).copied().unwrap_or_default();
    let slower = |cues: &Cues| (-cues[Cue::Tempo as usize] * TEMPO).exp2();
    let clock = clock_of(played, |note| slower(&lean(note)));
    for note in &mut played.notes {
        let cues = lean(note.note);
        let longer = (cues[Cue::Articulation as usize] * ARTICULATION).exp2();
        note.onset_secs = clock.at(note.onset_secs);
        note.duration_secs = (note.duration_secs * slower(&cues) * longer).max(SHORTEST_PRESS_SECS);
        let velocity = f64::from(note.velocity) + cues[Cue::Level as usize] * LEVEL;
        note.velocity = velocity.round().clamp(1.0, 127.0) as u8;
    }
    played.pedals.iter_mut().for_each(|pedal| pedal.time_secs = clock.at(pedal.time_secs));
}

/// How much slower each note of a score is under a mood, as log2.
pub fn slowness_log2(score: &Score, mood: &Mood) -> Vec<f64> {
    mood.leans(score).iter().map(|cues| -cues[Cue::Tempo as usize] * TEMPO).collect()
}

/// The clock of a performance whose notes make the time after them slower.
fn clock_of(played: &Performance, slower: impl Fn(u32) -> f64) -> Clock {
    let mut notes: Vec<(f64, f64)> = played.notes.iter().map(|n| (n.onset_secs, slower(n.note))).collect();
    notes.sort_by(|a, b| a.0.total_cmp(&b.0));
    let start = notes.first().map_or(0.0, |n| n.0);
    let (mut points, mut now) = (vec![(start, start)], start);
    for pair in notes.windows(2) {
        now += (pair[1].0 - pair[0].0) * pair[0].1;
        points.push((pair[1].0, now));
    }
    Clock { points, last: notes.last().map_or(1.0, |n| n.1) }
}
