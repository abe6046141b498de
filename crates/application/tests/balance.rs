//! The balance of melody and accompaniment moves velocities and nothing else.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use analysis::melody::melody;
use application::systems;
use notation::Score;
use performance::{Performance, PlayedNote};
use performers::device::DeviceChoice;
use performers::{Amounts, Controls, Job, Pin, Region, Request, Resources, take};

fn score(name: &str) -> Score {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    notation::read_score(name, &std::fs::read(path).unwrap(), &notation::ImportOptions::default()).unwrap()
}

fn perform(score: &Score, region: &Region, context: Option<&Performance>, balance_db: f64) -> Performance {
    let amounts = Amounts { balance_db, ..Amounts::default() };
    let pins = vec![Pin { note: 30, velocity: Some(99), onset_secs: None, duration_secs: None }];
    let controls = Controls { amounts, pins, ..Controls::default() };
    let resources = Resources { models: Path::new("nowhere"), device: DeviceChoice::Cpu };
    let rules = systems::registry().load("rules", &resources).unwrap();
    let request = Request { score, region, context, controls: &controls };
    take::perform(&*rules, &request, &Job::default()).unwrap()
}

/// Mean velocity of the notes that are melody, or are not.
fn level(played: &Performance, is_melody: &[bool], wanted: bool) -> f64 {
    let of = played.notes.iter().filter(|n| is_melody[n.note as usize] == wanted && n.note != 30);
    let velocities: Vec<f64> = of.map(|n| f64::from(n.velocity)).collect();
    velocities.iter().sum::<f64>() / velocities.len() as f64
}

fn assert_only_velocities_differ(one: &Performance, other: &Performance) {
    assert_eq!(one.pedals, other.pedals);
    assert_eq!(one.notes.len(), other.notes.len());
    for (a, b) in one.notes.iter().zip(&other.notes) {
        assert_eq!(a.note, b.note);
        assert_eq!(a.onset_secs.to_bits(), b.onset_secs.to_bits());
        assert_eq!(a.duration_secs.to_bits(), b.duration_secs.to_bits());
    }
}

#[test]
fn the_balance_moves_the_melody_against_the_rest_and_nothing_else() {
    let score = score("chopin_prelude_op28_4.musicxml");
    let is_melody = melody(&score);
    let even = perform(&score, &Region::All, None, 0.0);
    assert_eq!(even, perform(&score, &Region::All, None, f64::NAN), "what is no number changes nothing");
    let gap = |p: &Performance| level(p, &is_melody, true) - level(p, &is_melody, false);
    let mean =
        |p: &Performance| p.notes.iter().map(|n| f64::from(n.velocity)).sum::<f64>() / p.notes.len() as f64;
    for balance_db in [-8.0, -3.0, 0.5, 4.0, 8.0] {
        let changed = perform(&score, &Region::All, None, balance_db);
        assert_only_velocities_differ(&even, &changed);
        let moved = gap(&changed) - gap(&even);
        // 2.5 velocity steps to a decibel; each side is rounded to whole steps.
        assert!((moved - 2.5 * balance_db).abs() <= 1.0, "{balance_db} dB moves by {moved:.2} steps");
        assert!((mean(&changed) - mean(&even)).abs() < 0.6, "{balance_db} dB changes the level");
        assert_eq!(changed.notes[30].velocity, 99, "a pinned velocity stays");
        // Within the melody, and within the rest, all keep their differences.
        for wanted in [true, false] {
            let is_free = |b: &PlayedNote| (2..=126).contains(&b.velocity);
            let pairs = even.notes.iter().zip(&changed.notes).filter(|(_, b)| is_free(b));
            let moves = pairs.filter(|(a, _)| is_melody[a.note as usize] == wanted && a.note != 30);
            let mut moves = moves.map(|(a, b)| i16::from(b.velocity) - i16::from(a.velocity));
            let first = moves.next().unwrap();
            assert!(moves.all(|by| by == first), "{balance_db} dB");
        }
    }
    let most = perform(&score, &Region::All, None, 1e9);
    assert_eq!(most, perform(&score, &Region::All, None, 12.0));
}

#[test]
fn the_balance_of_some_bars_leaves_the_others_alone() {
    let score = score("schumann_kinderszenen_1.musicxml");
    let whole = perform(&score, &Region::All, None, 0.0);
    let bars = Region::Measures(4..8);
    let (even, changed) =
        (perform(&score, &bars, Some(&whole), 0.0), perform(&score, &bars, Some(&whole), 6.0));
    assert_only_velocities_differ(&even, &changed);
    let inside = bars.notes(&score);
    for (a, b) in whole.notes.iter().zip(&changed.notes) {
        assert!(inside.contains(&a.note) || a == b);
    }
    assert_ne!(even, changed);
}
