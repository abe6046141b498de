//! A performer is added by one file (`toy/mod.rs`) and one line, and everything that reads the registry
//! knows it and its knob.
#![allow(clippy::unwrap_used)]

mod toy;

use std::path::Path;

use application::systems;
use performers::device::DeviceChoice;
use performers::{Controls, Job, PerformError, Region, Registry, Request, Resources, take};

/// The one line.
fn registry() -> Registry {
    systems::registry().with(toy::entry())
}

#[test]
fn a_new_performer_plays_with_its_own_knob() {
    let name = "petzold_minuet_g.musicxml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    let bytes = std::fs::read(path).unwrap();
    let score = notation::read_score(name, &bytes, &notation::ImportOptions::default()).unwrap();
    let registry = registry();
    let info = registry.info("toy").unwrap();
    let resources = Resources { models: Path::new("nowhere"), device: DeviceChoice::Cpu };
    let toy = registry.load("toy", &resources).unwrap();
    let take = |value: f64| {
        let knobs = [(info.knobs[0].id.to_owned(), value)].into();
        let controls = Controls { knobs, ..Controls::default() };
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        take::perform(&*toy, &request, &Job::default())
    };
    let (long, short) = (take(1.0).unwrap(), take(0.5).unwrap());
    let shorter = long.notes.iter().zip(&short.notes).filter(|(l, s)| s.duration_secs < l.duration_secs);
    assert!(shorter.count() > score.notes.len() / 2);
    assert!(matches!(take(2.0), Err(PerformError::KnobRange { id: "length", .. })));
}

#[test]
fn the_first_plays_by_default_and_who_needs_no_model_plays_instead() {
    let registry = registry();
    assert_eq!(registry.default_id(), "pianoflow");
    assert_eq!(registry.fallback_id(), Some("rules"));
    let resources = Resources { models: Path::new("nowhere"), device: DeviceChoice::Cpu };
    assert!(matches!(registry.load("pianoflow", &resources), Err(PerformError::Model { .. })));
    let error = registry.load("nobody", &resources).err().unwrap().to_string();
    assert_eq!(error, "there is no performer `nobody`; there are pianoflow, rules, pianist-transformer, toy");
}
