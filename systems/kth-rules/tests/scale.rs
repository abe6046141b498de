//! Time grows with the notes: four times as many take no more than some four times as long. What grew
//! with their square took sixteen times.
#![allow(clippy::unwrap_used)]

use std::time::Instant;

use kth_rules::Rules;
use notation::{
    Direction, DirectionKind, Grace, Marks, Measure, Note, NoteId, Quarters, Score, TimeSignature,
};
use performance::midi::{ExportOptions, export, match_to_score, read_performance};
use performance::{Performance, deadpan};
use performers::{Controls, Job, Pin, Region, Request, take};

/// Processor time of this thread where the system tells it, so that other programs do not count; else
/// time.
struct Watch(Option<f64>, Instant);

impl Watch {
    fn start() -> Self {
        Self(Self::thread_secs(), Instant::now())
    }

    fn secs(&self) -> f64 {
        let since = |start| Some(Self::thread_secs()? - start);
        self.0.and_then(since).unwrap_or_else(|| self.1.elapsed().as_secs_f64())
    }

    fn thread_secs() -> Option<f64> {
        let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
        Some(text.split_whitespace().next()?.parse::<f64>().ok()? * 1e-9)
    }
}

/// The shortest of three times.
fn shortest_secs(run: impl Fn()) -> f64 {
    let times = (0..3).map(|_| {
        let watch = Watch::start();
        run();
        watch.secs()
    });
    times.fold(f64::INFINITY, f64::min)
}

/// Compares `notes` and four times as many; `make` prepares, `run` is timed.
fn grows_with_the_notes<T>(what: &str, notes: usize, make: impl Fn(usize) -> T, run: impl Fn(&T)) {
    let (few, many) = (make(notes), make(4 * notes));
    let (few, many) = (shortest_secs(|| run(&few)), shortest_secs(|| run(&many)));
    println!("{what}: {few:.4} s, four times as many {many:.4} s");
    assert!(many < 9.0 * few + 0.02, "{what}: {few:.4} s, four times as many {many:.4} s");
}

/// Notes at (onset in sixteenths), changed by `each`; 4/4.
fn score(notes: usize, each: impl Fn(usize, &mut Note)) -> Score {
    let mut score =
        Score { time_signatures: vec![(Quarters::ZERO, TimeSignature::default())], ..Score::default() };
    for k in 0..notes {
        let mut note = Note {
            id: NoteId { written: k as u32, pass: 1 },
            onset: Quarters::new(k as i64, 4),
            duration: Quarters::new(1, 4),
            pitch: 40 + (k * 7 % 45) as u8,
            ..Note::default()
        };
        each(k, &mut note);
        note.measure = (note.onset.to_f64() / 4.0) as u32;
        score.notes.push(note);
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    let bars = score.notes.last().map_or(0, |n| n.measure) + 1;
    score.measures = (0..bars).map(|k| Measure::regular(k, TimeSignature::default())).collect();
    score
}

fn play(score: &Score, pins: Vec<Pin>) -> Performance {
    let controls = Controls { pins, ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    take::perform(&Rules::default(), &request, &Job::default()).unwrap()
}

fn write(score: &Score, played: &Performance) -> Vec<u8> {
    export(score, played, &ExportOptions::default()).unwrap().bytes
}

#[test]
fn a_chord_with_an_ornament_at_each_note() {
    let chord = |n| score(n, |_, note| (note.onset, note.marks) = (Quarters::ZERO, Marks::MORDENT));
    grows_with_the_notes("mordents", 3000, chord, |score| drop(write(score, &deadpan(score))));
}

#[test]
fn grace_notes_of_a_voice_that_has_no_main_notes() {
    let graces = |n| {
        score(n, |k, note| {
            if k % 2 == 0 {
                (note.grace, note.duration, note.voice) = (Some(Grace::Acciaccatura), Quarters::ZERO, 2);
            }
        })
    };
    grows_with_the_notes("grace notes", 6000, graces, |score| drop(play(score, Vec::new())));
}

#[test]
fn notes_that_never_end() {
    let endless = |n| score(n, |_, note| (note.duration, note.pitch) = (Quarters::whole(1000), 60));
    grows_with_the_notes("endless notes", 6000, endless, |score| drop(play(score, Vec::new())));
}

#[test]
fn a_chord_on_one_key() {
    let chord = |n| score(n, |_, note| (note.onset, note.pitch) = (Quarters::ZERO, 60));
    grows_with_the_notes("one key", 6000, chord, |score| drop(play(score, Vec::new())));
}

/// Chords so wide that the rules pedal them, and change the pedal at each.
#[test]
fn pedal_changes() {
    let chords = |n| {
        score(n, |k, note| {
            let (bar, within) = (k / 4, k % 4);
            note.onset = Quarters::new((4 * bar + 2 * (within / 2)) as i64, 4);
            note.pitch = (36 + 24 * (within % 2) + 12 * (within / 2) + bar * 5 % 12) as u8;
            note.staff = 2;
        })
    };
    grows_with_the_notes("pedal changes", 8000, chords, |score| drop(play(score, Vec::new())));
}

#[test]
fn marks_between_the_notes() {
    use DirectionKind::{Crescendo, Dynamic, Metronome, Ritardando, Sforzando, Tempo};
    let kinds = [
        ("crescendi", vec![Crescendo]),
        ("sforzandi and levels", vec![Sforzando, Dynamic(notation::Dynamic::F)]),
        ("metronome marks", vec![Metronome(90.0), Metronome(120.0)]),
        ("tempo words", vec![Tempo(Some(70.0)), Tempo(None), Ritardando]),
    ];
    for (what, kinds) in kinds {
        // Half of the marks are spread over the notes, half stand at the beginning.
        let marked = |n: usize| {
            let mut score = score(n, |_, _| ());
            let direction = |k: usize| {
                let onset = Quarters::new(k.saturating_sub(n / 2) as i64, 2);
                let kind = kinds[k % kinds.len()];
                Direction { onset, end: None, part: 0, staff: None, kind, text: "molto".into() }
            };
            score.directions = (0..n).map(direction).collect();
            score
        };
        grows_with_the_notes(what, 6000, marked, |score| drop(play(score, Vec::new())));
    }
}

#[test]
fn a_score_longer_than_any_performance_is_refused() {
    let score = score(4, |_, note| note.onset = note.onset * 4_000_000);
    let (controls, region) = (Controls::default(), Region::All);
    let request = Request { score: &score, region: &region, context: None, controls: &controls };
    let error = take::perform(&Rules::default(), &request, &Job::default()).unwrap_err();
    assert!(error.to_string().starts_with("the score lasts 500 hours"), "{error}");
}

#[test]
fn pinned_notes() {
    let line = |n| score(n, |_, _| ());
    let pin = |note| Pin { note, velocity: None, onset_secs: None, duration_secs: Some(0.1) };
    let run = |score: &Score| drop(play(score, (0..score.notes.len() as u32).map(pin).collect()));
    grows_with_the_notes("pins", 6000, line, run);
}

#[test]
fn a_take_that_is_written_and_read_again() {
    let line = |n| score(n, |_, _| ());
    grows_with_the_notes("a line", 6000, line, |score| {
        let bytes = write(score, &play(score, Vec::new()));
        let back = match_to_score(score, &read_performance(&bytes).unwrap());
        assert_eq!(back.notes.len(), score.notes.len());
    });
}

#[test]
fn many_parts() {
    let parts = |n: usize| {
        score(n, move |k, note| {
            (note.part, note.onset) = ((k % (n / 64)) as u16, Quarters::new((k / (n / 64)) as i64, 4))
        })
    };
    grows_with_the_notes("parts", 8000, parts, |score| drop(write(score, &play(score, Vec::new()))));
}

/// Twenty thousand trills of ten minutes would be millions of strokes.
#[test]
fn the_strokes_of_all_ornaments_are_bounded() {
    let trills = |k: usize, note: &mut Note| {
        (note.duration, note.marks, note.voice) = (Quarters::whole(1000), Marks::TRILL, (k % 200) as u8);
    };
    let score = score(4000, trills);
    let strokes = performance::ornaments::strokes(&score, &deadpan(&score).notes);
    assert!((1_000_000..1_010_000).contains(&strokes.len()), "{}", strokes.len());
}
