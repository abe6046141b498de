//! Scores for the tests, and what the rules make of them.
#![allow(clippy::unwrap_used)]

mod formulas;
mod marks;
mod takes;

use analysis::rules::Weights;
use notation::{
    Direction, DirectionKind, KeySignature, Marks, Measure, Note, NoteId, Quarters, Score, TimeSignature,
};
use performance::Performance;
use performers::{Controls, Job, Performer, Region, Request, Run};

use super::{Rules, Tuning};

fn close(a: f64, b: f64) {
    assert!((a - b).abs() < 1e-4, "{a} is not {b}");
}

/// A score of 4/4 measures: onset, duration, pitch, staff, marks.
fn score(notes: &[(f64, f64, u8, u8, Marks)]) -> Score {
    let mut score = Score {
        time_signatures: vec![(Quarters::ZERO, TimeSignature::default())],
        key_signatures: vec![(Quarters::ZERO, KeySignature::default())],
        ..Score::default()
    };
    let end = notes.iter().map(|n| n.0 + n.1).fold(0.0, f64::max);
    let measures = 0..(end / 4.0).ceil() as u32;
    score.measures = measures.map(|k| Measure::regular(k, TimeSignature::default())).collect();
    for (k, (onset, duration, pitch, staff, marks)) in notes.iter().enumerate() {
        score.notes.push(Note {
            id: NoteId { written: k as u32, pass: 1 },
            onset: Quarters::nearest(*onset, 96),
            duration: Quarters::nearest(*duration, 96),
            pitch: *pitch,
            measure: (*onset / 4.0) as u32,
            staff: *staff,
            voice: *staff,
            marks: *marks,
            ..Note::default()
        });
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    score
}

fn line(pitches: &[u8], duration: f64) -> Score {
    let notes = pitches.iter().enumerate();
    let notes: Vec<_> = notes.map(|(k, p)| (k as f64 * duration, duration, *p, 1, Marks::empty())).collect();
    score(&notes)
}

fn direct(score: &mut Score, onset: f64, end: Option<f64>, kind: DirectionKind, text: &str) {
    let at = |q: f64| Quarters::nearest(q, 96);
    let direction =
        Direction { onset: at(onset), end: end.map(at), part: 0, staff: None, kind, text: text.into() };
    let k = score.directions.partition_point(|d| d.onset <= direction.onset);
    score.directions.insert(k, direction);
}

fn play_with(score: &Score, weights: Weights, seed: u64) -> Performance {
    let controls = Controls { seed, ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    let tuning = Tuning { weights, ..Tuning::deadpan() };
    Rules { tuning }.perform(&request, &Run::of(&Job::default())).unwrap()
}

fn onsets(played: &Performance) -> Vec<f64> {
    played.notes.iter().map(|n| n.onset_secs).collect()
}

fn spans(played: &Performance) -> Vec<f64> {
    onsets(played).windows(2).map(|w| w[1] - w[0]).collect()
}
