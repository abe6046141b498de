//! PianoFlow as a performer, with a tiny network of random weights: what must hold whatever the
//! weights are.
#![allow(clippy::unwrap_used)]

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use analysis::features;
use burn::tensor::Device;
use notation::{Marks, Measure, Note, NoteId, Quarters, Score, TimeSignature};
use performance::Performance;
use performance::cues::CUES;
use performers::mood::Span;
use performers::{Controls, Job, Mood, PerformError, Performer, Pin, Region, Request, Run, take};
use pianoflow::beat_period::BeatPeriod;
use pianoflow::network::NetworkConfig;
use pianoflow::settings::{MoodScale, Sampling, Scaling, Settings};
use pianoflow::values::{self, WIDTH};
use pianoflow::{PianoFlow, weights};

/// A melody in eighths over a chord a bar, 4/4.
fn score(bars: usize) -> Score {
    let time = TimeSignature::default();
    let mut score = Score { time_signatures: vec![(Quarters::ZERO, time)], ..Score::default() };
    for bar in 0..bars {
        let start = Quarters::whole(4 * bar as i64);
        score.measures.push(Measure::regular(bar as u32, time));
        let mut add = |at: Quarters, length: Quarters, pitch: u8, staff: u8| {
            score.notes.push(Note {
                id: NoteId { written: score.notes.len() as u32, pass: 1 },
                onset: start + at,
                duration: length,
                pitch,
                measure: bar as u32,
                part: 0,
                staff,
                voice: staff,
                grace: None,
                marks: Marks::empty(),
            });
        };
        for (k, pitch) in [48, 52, 55].into_iter().enumerate() {
            add(Quarters::ZERO, Quarters::whole(4), pitch + (bar % 5) as u8 - k as u8 % 2, 2);
        }
        for eighth in 0..8 {
            add(
                Quarters::new(eighth, 2),
                Quarters::new(1, 2),
                67 + ((eighth as usize * 5 + bar) % 12) as u8,
                1,
            );
        }
    }
    score.notes.sort_by_key(|n| (n.onset, n.pitch));
    score
}

/// Values of a plausible pianist, so that random weights make a playable performance.
fn settings() -> Settings {
    let network = NetworkConfig::new(features::WIDTH, WIDTH)
        .with_hidden(16)
        .with_layers(3)
        .with_heads(2)
        .with_condition(6)
        .with_condition_blocks([1, 2]);
    let scaling = Scaling {
        mean: [64.0, -1.0, 0.0, 0.0, -0.4, 0.5, 0.5, 0.5, 0.5],
        deviation: [12.0, 0.2, 0.1, 0.4, 0.5, 0.3, 0.3, 0.3, 0.3],
    };
    let sampling = Sampling { window: 64, overlap: 24, lookahead: 8, ..Sampling::default() };
    Settings {
        network,
        networks: 1,
        scaling,
        feature_schema: features::schema(),
        beat_period: Some(BeatPeriod::default()),
        mood: Some(MoodScale { tempo_deviation: 0.1 }),
        spread: None,
        variety: None,
        sampling,
    }
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("espressivo-pianoflow-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

fn player(name: &str) -> PianoFlow {
    let device = Device::flex();
    device.seed(3);
    let settings = settings();
    let folder = folder(name);
    weights::save(&[settings.network.init(&device)], &settings, &folder).unwrap();
    let player = PianoFlow::load(&folder, device).unwrap();
    std::fs::remove_dir_all(folder).unwrap();
    player
}

fn play(
    player: &PianoFlow,
    score: &Score,
    region: &Region,
    context: Option<&Performance>,
    controls: &Controls,
) -> Performance {
    let job = Job::default();
    player.perform(&Request { score, region, context, controls }, &Run::of(&job)).unwrap()
}

/// As [`play`], and what the host does with it.
fn take(
    player: &PianoFlow,
    score: &Score,
    region: &Region,
    context: Option<&Performance>,
    controls: &Controls,
) -> Performance {
    take::perform(player, &Request { score, region, context, controls }, &Job::default()).unwrap()
}

fn seed(seed: u64) -> Controls {
    Controls { seed, ..Controls::default() }
}

#[test]
fn every_note_is_played_once_and_sanely() {
    let (player, score) = (player("sane"), score(30));
    let played = play(&player, &score, &Region::All, None, &seed(1));
    let notes: Vec<u32> = played.notes.iter().map(|n| n.note).collect();
    assert_eq!(notes, (0..score.notes.len() as u32).collect::<Vec<_>>());
    for note in &played.notes {
        assert!(note.onset_secs >= 0.0 && note.onset_secs.is_finite());
        assert!(note.duration_secs > 0.0 && (1..=127).contains(&note.velocity));
    }
    assert!(played.pedals.windows(2).all(|p| p[0].time_secs <= p[1].time_secs));
    assert!(played.end_secs() > 20.0, "30 bars in {} s", played.end_secs());
}

#[test]
fn a_seed_is_a_take() {
    let (player, score) = (player("seed"), score(24));
    let take = |s: u64| play(&player, &score, &Region::All, None, &seed(s));
    assert_eq!(take(5), take(5));
    assert_ne!(take(5), take(6));
}

#[test]
fn a_region_leaves_the_rest_alone() {
    let (player, score) = (player("region"), score(24));
    let whole = play(&player, &score, &Region::All, None, &seed(1));
    let region = Region::Measures(8..12);
    let bars = play(&player, &score, &region, Some(&whole), &seed(2));
    assert_eq!(bars.notes.iter().map(|n| n.note).collect::<Vec<_>>(), region.notes(&score));
    let merged = take(&player, &score, &region, Some(&whole), &seed(2));
    let inside = region.notes(&score);
    let mut changed = 0;
    for (before, after) in whole.notes.iter().zip(&merged.notes) {
        if inside.contains(&before.note) {
            changed += usize::from(before != after);
        } else {
            assert_eq!(before, after);
            assert_eq!(before.onset_secs.to_bits(), after.onset_secs.to_bits());
        }
    }
    assert!(changed > inside.len() / 2, "only {changed} of {} notes changed", inside.len());
    let first = *inside.first().unwrap() as usize;
    let last_before = whole.notes[first - 1].onset_secs;
    assert!(merged.notes[first..first + inside.len()].iter().all(|n| n.onset_secs > last_before - 0.3));
}

#[test]
fn a_pinned_note_comes_out_exactly() {
    let (player, score) = (player("pin"), score(12));
    let free = play(&player, &score, &Region::All, None, &seed(1));
    let onset_secs = free.notes[40].onset_secs + 0.05;
    let pin = Pin { note: 40, velocity: Some(99), onset_secs: Some(onset_secs), duration_secs: Some(0.321) };
    let played = take(&player, &score, &Region::All, None, &Controls { pins: vec![pin], ..seed(1) });
    let note = played.notes[40];
    assert_eq!((note.velocity, note.onset_secs, note.duration_secs), (99, onset_secs, 0.321));
}

#[test]
fn strength_zero_is_the_take_without_a_mood() {
    let (player, score) = (player("mood"), score(8));
    let mood = |width: usize, strength: f64| {
        let (from, to) = (Quarters::default(), score.end());
        let span = Span { from, to, vector: vec![0.5; width], cues: [0.5; CUES] };
        Controls { mood: Some(Mood { spans: vec![span], strength }), ..seed(1) }
    };
    let none = play(&player, &score, &Region::All, None, &seed(1));
    assert_eq!(none, play(&player, &score, &Region::All, None, &mood(6, 0.0)));
    assert_ne!(none, play(&player, &score, &Region::All, None, &mood(6, 1.0)), "a mood moves the tempo");
    let wrong = mood(7, 1.0);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &wrong };
    let error = player.perform(&request, &Run::of(&Job::default())).unwrap_err();
    assert!(matches!(error, PerformError::MoodSize { expected: 6, found: 7, .. }), "{error}");
}

#[test]
fn a_cancel_is_heard_within_200_ms() {
    let (player, score) = (player("cancel"), score(400));
    let calls = Arc::new(AtomicUsize::new(0));
    let job = Job::new({
        let calls = calls.clone();
        move |_| {
            calls.fetch_add(1, Ordering::Relaxed);
        }
    });
    let stopper = job.clone();
    let asked = std::thread::spawn(move || {
        while calls.load(Ordering::Relaxed) < 5 {
            std::thread::yield_now();
        }
        stopper.cancel();
        Instant::now()
    });
    let controls = seed(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let result = player.perform(&request, &Run::of(&job));
    let heard = Instant::now();
    assert!(matches!(result, Err(PerformError::Cancelled)));
    assert!(heard.duration_since(asked.join().unwrap()) < Duration::from_millis(200));
}

#[test]
fn ten_thousand_notes_do_not_drift() {
    let (player, score) = (player("long"), score(910));
    assert!(score.notes.len() > 10_000);
    let played = play(&player, &score, &Region::All, None, &seed(1));
    assert_eq!(played.notes.len(), score.notes.len());
    // The same music all along: the last hundred bars take as long as the first.
    let at = |bar: usize| {
        let note = score.notes_in_measures(bar..bar + 1).start;
        played.notes[note].onset_secs
    };
    let ratio = (at(900) - at(800)) / (at(110) - at(10));
    assert!((0.8..1.25).contains(&ratio), "the end is {ratio} times as slow as the beginning");
}

#[test]
fn values_survive_the_way_there_and_back() {
    let (player, score) = (player("codec"), score(16));
    let played = play(&player, &score, &Region::All, None, &seed(4));
    let read = values::encode(&score, &played, None);
    let notes: Vec<u32> = (0..score.notes.len() as u32).collect();
    let filled = values::Values(read.0.iter().map(|v| if v.is_nan() { 0.0 } else { *v }).collect());
    let again = values::decode(&score, &filled, &notes, played.notes[0].onset_secs);
    let start = again.notes[0].onset_secs - played.notes[0].onset_secs;
    for (a, b) in played.notes.iter().zip(&again.notes) {
        assert_eq!(a.velocity, b.velocity);
        let error = (a.onset_secs - b.onset_secs + start).abs();
        assert!(error < 0.005, "note {} moved by {error} s", a.note);
    }
}

#[test]
fn the_first_notes_are_handed_over_while_the_rest_is_played() {
    let (score, player) = (score(30), player("partial"));
    let parts: Arc<std::sync::Mutex<Vec<Performance>>> = Arc::default();
    let seen = parts.clone();
    let job = Job::default().with_partial(move |part| seen.lock().unwrap().push(part.clone()));
    let controls = seed(3);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let whole = take::perform(&player, &request, &job).unwrap();
    assert_eq!(whole, take(&player, &score, &Region::All, None, &controls), "listening changes nothing");
    let parts = parts.lock().unwrap();
    assert!(parts.len() >= 3, "{} parts", parts.len());
    let mut before = 0;
    for part in parts.iter() {
        assert!(part.notes.len() > before && part.notes.len() < whole.notes.len());
        before = part.notes.len();
        for (k, note) in part.notes.iter().enumerate() {
            assert_eq!(note.note, k as u32, "the first notes, none left out");
            let last = whole.notes[k];
            assert!((note.onset_secs - last.onset_secs).abs() < 0.25 * (1.0 + last.onset_secs), "note {k}");
            assert!(note.velocity.abs_diff(last.velocity) < 40, "note {k}");
        }
    }
}

#[test]
fn bars_are_heard_after_what_is_before_them() {
    let (score, player) = (score(60), player("partial-bars"));
    let whole = take(&player, &score, &Region::All, None, &seed(1));
    let parts: Arc<std::sync::Mutex<Vec<Performance>>> = Arc::default();
    let seen = parts.clone();
    let job = Job::default().with_partial(move |part| seen.lock().unwrap().push(part.clone()));
    let controls = seed(3);
    let region = Region::Measures(10..50);
    let request = Request { score: &score, region: &region, context: Some(&whole), controls: &controls };
    take::perform(&player, &request, &job).unwrap();
    let bars = score.notes_in_measures(10..50);
    let parts = parts.lock().unwrap();
    assert!(parts.len() >= 3, "{} parts", parts.len());
    for part in parts.iter() {
        assert_eq!(part.notes[..bars.start], whole.notes[..bars.start]);
        assert!(part.notes.len() > bars.start && part.notes.len() < bars.end);
        assert!(part.notes.iter().enumerate().all(|(k, note)| note.note == k as u32));
        let last_before = part.notes[..bars.start].iter().map(|n| n.onset_secs).fold(0.0, f64::max);
        assert!(part.notes[bars.start..].iter().all(|n| n.onset_secs > last_before - 0.3));
    }
}

#[test]
fn a_group_of_features_can_be_silenced_and_no_other_with_it() {
    let score = score(8);
    let table = features::of(&score);
    let mut silenced = vec![0; features::WIDTH];
    for (group, columns) in features::groups().into_iter().zip(features::columns()) {
        let mut flat = table.clone();
        features::flatten(&mut flat, columns);
        for (column, silenced) in silenced.iter_mut().enumerate() {
            let cells =
                |t: &[f32]| t.iter().skip(column).step_by(features::WIDTH).copied().collect::<Vec<_>>();
            if cells(&flat) != cells(&table) {
                *silenced += 1;
                assert!(cells(&flat).windows(2).all(|w| w[0] == w[1]), "{group}, column {column}");
            }
        }
    }
    assert!(silenced.iter().all(|n| *n <= 1), "groups overlap: {silenced:?}");
    assert!(silenced.iter().filter(|n| **n == 1).count() > 20);
}

/// A chord of so many notes, each a whole note.
fn wide_chord(notes: usize) -> Score {
    let note = |k: usize| Note {
        id: NoteId { written: k as u32, pass: 1 },
        pitch: 21 + (k * 88 / notes) as u8,
        duration: Quarters::whole(4),
        ..Note::default()
    };
    let measures = vec![Measure::regular(0, TimeSignature::default())];
    Score { notes: (0..notes).map(note).collect(), measures, ..Score::default() }
}

#[test]
fn a_chord_wider_than_a_window_takes_as_many_windows_as_its_notes_need() {
    let (player, score) = (player("wide"), wide_chord(600));
    let steps = Arc::new(AtomicUsize::new(0));
    let counted = steps.clone();
    let job = Job::new(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let request = Request { score: &score, region: &Region::All, context: None, controls: &seed(1) };
    let played = player.perform(&request, &Run::of(&job)).unwrap();
    assert_eq!(played.notes.len(), 600);
    // Windows of 64 notes that begin with 24 of those before; ten steps each.
    let windows = steps.load(Ordering::Relaxed) / 10;
    assert!(windows <= 600 / (64 - 24) + 2, "{windows} windows");
}

#[test]
fn a_chord_that_no_music_has_is_refused_by_its_bar() {
    let (player, score) = (player("refused"), wide_chord(1025));
    let request = Request { score: &score, region: &Region::All, context: None, controls: &seed(1) };
    let error = player.perform(&request, &Run::of(&Job::default())).unwrap_err();
    assert!(matches!(error, PerformError::Chord { found: 1025, most: 1024, .. }), "{error}");
    assert!(error.to_string().starts_with("bar 1 has 1025 notes at one moment"), "{error}");
}
