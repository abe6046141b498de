//! The performer with a tiny network of random weights.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::Path;
use std::sync::{Arc, Mutex};

use common::{write_model, write_model_of};
use notation::Score;
use performance::{Performance, PlayedNote};
use performers::{Controls, Job, PerformError, Performer, Region, Request, Run, take};
use pianist_transformer::PianistTransformer;
use twins::minuet;

/// With windows of 32 notes, so that a short piece has several.
fn performer() -> PianistTransformer {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), |_, _| {});
    set_windows(folder.path());
    PianistTransformer::load(folder.path()).unwrap()
}

/// The same, told which note it plays.
fn guided() -> PianistTransformer {
    let folder = tempfile::tempdir().unwrap();
    write_model_of("guided", folder.path(), |_, _| {});
    set_windows(folder.path());
    PianistTransformer::load(folder.path()).unwrap()
}

fn set_windows(folder: &Path) {
    let path = folder.join("config.json");
    let text = std::fs::read_to_string(&path).unwrap();
    let text = text.replace("\"window\": 512", "\"window\": 32");
    let text =
        text.replace("\"prefix\": 205", "\"prefix\": 12").replace("\"lookahead\": 51", "\"lookahead\": 4");
    assert!(text.contains("\"window\": 32") && text.contains("\"lookahead\": 4"), "{text}");
    std::fs::write(path, text).unwrap();
}

fn perform(
    performer: &PianistTransformer,
    score: &Score,
    region: &Region,
    context: Option<&Performance>,
    controls: &Controls,
) -> Performance {
    take::perform(performer, &Request { score, region, context, controls }, &Job::default()).unwrap()
}

fn seeded(seed: u64) -> Controls {
    Controls { seed, ..Controls::default() }
}

#[test]
fn every_note_of_a_score_is_played_once() {
    let (performer, score) = (performer(), minuet());
    let take = perform(&performer, &score, &Region::All, None, &seeded(1));
    assert!(take.notes.iter().map(|n| n.note).eq(0..score.notes.len() as u32));
    assert_eq!(take, perform(&performer, &score, &Region::All, None, &seeded(1)));
    assert_ne!(take, perform(&performer, &score, &Region::All, None, &seeded(2)));
}

#[test]
fn bars_performed_anew_leave_the_others_to_the_bit() {
    let (performer, score) = (performer(), minuet());
    let take = perform(&performer, &score, &Region::All, None, &seeded(1));
    let region = Region::Measures(4..8);
    let inside = region.notes(&score);
    assert!(inside.len() > 10 && inside.len() < score.notes.len() / 2);
    let anew = perform(&performer, &score, &region, Some(&take), &seeded(7));
    let outside = |take: &Performance| -> Vec<PlayedNote> {
        take.notes.iter().filter(|n| !inside.contains(&n.note)).copied().collect()
    };
    assert_eq!(outside(&anew), outside(&take));
    assert_eq!(anew.notes.len(), take.notes.len());
    let changed = inside.iter().filter(|n| anew.get(**n) != take.get(**n)).count();
    assert!(changed > inside.len() / 2, "{changed} of {} notes changed", inside.len());
    // What is before the region is a prefix that is heeded.
    let mut louder = take.clone();
    louder.notes.iter_mut().filter(|n| n.note < inside[0]).for_each(|n| n.velocity = 127);
    let after_louder = perform(&performer, &score, &region, Some(&louder), &seeded(7));
    assert!(inside.iter().any(|n| after_louder.get(*n) != anew.get(*n)));
}

/// In free time, before they are finished.
#[test]
fn bars_without_a_context_are_those_of_the_whole_piece() {
    let (performer, score) = (performer(), minuet());
    let (job, controls) = (Job::default(), seeded(1));
    let play = |region: &Region| {
        let request = Request { score: &score, region, context: None, controls: &controls };
        performer.perform(&request, &Run::of(&job)).unwrap()
    };
    let (whole, bars) = (play(&Region::All), play(&Region::Measures(4..8)));
    let inside = Region::Measures(4..8).notes(&score);
    assert!(bars.notes.iter().map(|note| note.note).eq(inside.iter().copied()));
    assert!(bars.notes.iter().all(|note| whole.get(note.note) == Some(note)));
}

#[test]
fn knobs_decide_how_far_takes_differ() {
    let (performer, score) = (performer(), minuet());
    let with = |seed, knob: &str, value: f64| {
        let mut controls = seeded(seed);
        controls.knobs.insert(knob.into(), value.into());
        perform(&performer, &score, &Region::All, None, &controls)
    };
    assert_eq!(with(1, "temperature", 0.0), with(2, "temperature", 0.0));
    assert_eq!(with(1, "temperature", 0.0), with(1, "top-p", 0.0));
    assert_ne!(with(1, "temperature", 0.5), with(1, "temperature", 1.0));
    assert_ne!(with(1, "top-p", 0.5), with(1, "top-p", 1.0));
}

#[test]
fn first_notes_are_handed_over_while_the_rest_is_played() {
    let (performer, score) = (performer(), minuet());
    let heard: Arc<Mutex<Vec<usize>>> = Arc::default();
    let counts = heard.clone();
    let job = Job::default().with_partial(move |part| counts.lock().unwrap().push(part.notes.len()));
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let take = take::perform(&performer, &request, &job).unwrap();
    let heard = heard.lock().unwrap();
    assert!(heard.len() > 1 && heard.is_sorted() && heard[0] <= 40, "{heard:?}");
    assert!(heard.iter().all(|count| *count < take.notes.len()));
}

#[test]
fn a_cancel_ends_it() {
    let (performer, score) = (performer(), minuet());
    let job = Job::default();
    job.cancel();
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let error = performer_error(&performer, &request, &job);
    assert!(matches!(error, PerformError::Cancelled), "{error}");
}

/// Windows overlap, and what is before a region is heard as it was played.
#[test]
fn a_guided_network_plays_every_note_and_bars_anew() {
    let (performer, score) = (guided(), minuet());
    let take = perform(&performer, &score, &Region::All, None, &seeded(1));
    assert!(take.notes.iter().map(|n| n.note).eq(0..score.notes.len() as u32));
    assert_ne!(take, perform(&performer, &score, &Region::All, None, &seeded(2)));
    let bars = 4..8;
    let again = perform(&performer, &score, &Region::Measures(bars.clone()), Some(&take), &seeded(3));
    let inside = score.notes_in_measures(bars);
    for (old, new) in take.notes.iter().zip(&again.notes) {
        assert!(old == new || inside.contains(&(old.note as usize)), "{old:?} {new:?}");
    }
    assert_ne!(take, again);
}

fn performer_error(performer: &PianistTransformer, request: &Request<'_>, job: &Job) -> PerformError {
    take::perform(performer as &dyn Performer, request, job).unwrap_err()
}

#[test]
fn bad_models_say_what_is_wrong() {
    let error = |change: &dyn Fn(&str, &mut Vec<f32>)| {
        let folder = tempfile::tempdir().unwrap();
        write_model(folder.path(), change);
        PianistTransformer::load(folder.path()).err().map(|e| e.to_string()).unwrap_or_default()
    };
    let damaged = error(&|name, numbers| {
        if name == "decoder.norm.gamma" {
            numbers[3] = f32::NAN;
        }
    });
    assert!(
        damaged.starts_with("the model's weights are damaged: some are infinite or no numbers"),
        "{damaged}"
    );
    let smaller = error(&|name, numbers| {
        if name == "encoder.norm.gamma" {
            numbers.pop();
        }
    });
    assert!(
        smaller.starts_with("the model's weights do not fit its settings: `encoder.norm.gamma` has"),
        "{smaller}"
    );
    let folder = tempfile::tempdir().unwrap();
    let missing = PianistTransformer::load(folder.path()).err().unwrap().to_string();
    assert!(missing.starts_with("the model's settings cannot be read"), "{missing}");
    write_model(folder.path(), |_, _| {});
    std::fs::write(folder.path().join("weights.safetensors"), b"x").unwrap();
    let cut = PianistTransformer::load(folder.path()).err().unwrap().to_string();
    assert!(cut.starts_with("the model's weights are damaged"), "{cut}");
}
