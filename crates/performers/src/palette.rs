//! A mood painted over a performance: for performers that have no way of their own to follow one.
//!
//! The macro-rules of Bresin & Friberg (2000, *Computer Music Journal* 24/4) do the same to the KTH
//! rules: an emotion is a tempo, a sound level and an articulation, on top of whatever the rules
//! play. The range of levels is painted too: for listeners it tells *dramatic* and *spacious* more than
//! the level does (`models/mood/CARD.md`). The pedal, which tells them most, only moves along in time.

use notation::Score;
use performance::cues::{Cue, Cues};
use performance::{Performance, SHORTEST_PRESS_SECS};

use crate::clock::Clock;
use crate::mood::Mood;

/// What a cue of 1 does: log2 of tempo, velocity, deviation of velocities, log2 of duration. Over five bars
/// the deviation between pianists of one score of (n)ASAP is .13, 5.0, 2.2 and .25, on excerpts of 160 notes of
/// its test split .13, 3.8 and .21 for all but the third. Tempo and range are that deviation; level and
/// articulation are set a fifth above the first of these figures.
const TEMPO: f64 = 0.13;
const LEVEL: f64 = 6.0;
const RANGE: f64 = 2.2;
const ARTICULATION: f64 = 0.3;

/// Velocities that hardly differ are not driven apart as if they did.
const LEAST_DEVIATION: f64 = 4.0;

/// Velocities keep at least this share of their distance from the mean.
const NARROWEST: f64 = 0.3;

/// Makes the notes faster or slower, louder or softer, more or less apart in loudness, shorter or longer, and
/// moves the pedal along.
pub fn paint(score: &Score, played: &mut Performance, mood: &Mood) {
    if !mood.is_felt() {
        return;
    }
    let leans = mood.leans(score);
    let lean = |note: u32| leans.get(note as usize).copied().unwrap_or_default();
    let slower = |cues: &Cues| (-cues[Cue::Tempo as usize] * TEMPO).exp2();
    let clock = clock_of(played, |note| slower(&lean(note)));
    let (mean, deviation) = velocities(played);
    let wider = |cues: &Cues| (1.0 + cues[Cue::Range as usize] * RANGE / deviation).max(NARROWEST);
    for note in &mut played.notes {
        let cues = lean(note.note);
        let longer = (cues[Cue::Articulation as usize] * ARTICULATION).exp2();
        note.onset_secs = clock.at(note.onset_secs);
        note.duration_secs = (note.duration_secs * slower(&cues) * longer).max(SHORTEST_PRESS_SECS);
        let apart = (f64::from(note.velocity) - mean) * wider(&cues);
        let velocity = mean + apart + cues[Cue::Level as usize] * LEVEL;
        note.velocity = velocity.round().clamp(1.0, 127.0) as u8;
    }
    played.pedals.iter_mut().for_each(|pedal| pedal.time_secs = clock.at(pedal.time_secs));
}

/// Mean and standard deviation of the velocities, the latter at least [`LEAST_DEVIATION`].
fn velocities(played: &Performance) -> (f64, f64) {
    let count = played.notes.len().max(1) as f64;
    let mean = played.notes.iter().map(|note| f64::from(note.velocity)).sum::<f64>() / count;
    let square = played.notes.iter().map(|note| (f64::from(note.velocity) - mean).powi(2)).sum::<f64>();
    (mean, (square / count).sqrt().max(LEAST_DEVIATION))
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

#[cfg(test)]
mod tests {
    use notation::{Measure, Note, Quarters, TimeSignature};
    use performance::PlayedNote;
    use performance::cues::CUES;

    use super::*;
    use crate::mood::Span;

    /// Four bars of quarters at half a second, loud and soft in turn.
    fn example() -> (Score, Performance) {
        let time = TimeSignature { beats: 4, beat_type: 4 };
        let note = |k: i64| Note { onset: Quarters::whole(k), measure: (k / 4) as u32, ..Note::default() };
        let score = Score {
            notes: (0..16).map(note).collect(),
            measures: (0..4).map(|k| Measure::regular(k, time)).collect(),
            ..Score::default()
        };
        let played = |k: u32| PlayedNote {
            note: k,
            onset_secs: 0.5 * f64::from(k),
            duration_secs: 0.4,
            velocity: if k.is_multiple_of(2) { 70 } else { 50 },
        };
        (score, Performance { notes: (0..16).map(played).collect(), pedals: Vec::new() })
    }

    fn painted(cue: Cue, lean: f64) -> Performance {
        let (score, mut played) = example();
        let mut cues = [0.0; CUES];
        cues[cue as usize] = lean;
        let span = Span { from: Quarters::ZERO, to: score.end(), vector: vec![1.0], cues };
        paint(&score, &mut played, &Mood { spans: vec![span], strength: 1.0 });
        played
    }

    #[test]
    fn range_moves_velocities_apart_and_leaves_their_mean_and_all_else() {
        let (_, plain) = example();
        let (wide, narrow) = (painted(Cue::Range, 1.5), painted(Cue::Range, -1.5));
        // The deviation is 10, so 1.5 cues of 2.2 make it 13.3 and 6.7.
        let velocities = |played: &Performance| [played.notes[0].velocity, played.notes[1].velocity];
        assert_eq!((velocities(&wide), velocities(&narrow)), ([73, 47], [67, 53]));
        for (note, before) in wide.notes.iter().zip(&plain.notes) {
            assert_eq!((note.onset_secs, note.duration_secs), (before.onset_secs, before.duration_secs));
        }
        assert_eq!(velocities(&painted(Cue::Range, -9.0)), [63, 57], "they keep some of what they were");
    }

    #[test]
    fn a_cue_that_is_not_painted_changes_nothing() {
        assert_eq!(painted(Cue::Pedal, 1.0), example().1);
        assert_eq!(painted(Cue::Range, 0.0), example().1);
        let louder = painted(Cue::Level, 1.0);
        assert!(louder.notes.iter().zip(&example().1.notes).all(|(l, p)| l.velocity == p.velocity + 6));
    }
}
