//! A performer is added by one file (`toy/mod.rs`) and one line, and everything that reads the registry
//! knows it and its knobs.
#![allow(clippy::unwrap_used)]

mod toy;

use std::path::Path;

use application::systems;
use performers::device::DeviceChoice;
use performers::{Controls, Job, KnobValue, Knobs, PerformError, Region, Registry, Request, Resources, take};

/// The one line.
fn registry() -> Registry {
    systems::registry().with(toy::entry())
}

#[test]
fn a_new_performer_plays_with_its_own_knobs() {
    let name = "petzold_minuet_g.musicxml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    let bytes = std::fs::read(path).unwrap();
    let score = notation::read_score(name, &bytes, &notation::ImportOptions::default()).unwrap();
    let registry = registry();
    let info = registry.info("toy").unwrap();
    let resources = Resources { models: Path::new("nowhere"), device: DeviceChoice::Cpu };
    let toy = registry.load("toy", &resources).unwrap();
    // As on the command line, where everything is a text.
    let take = |id: &str, text: &str| {
        let knobs = info.read(&[(id.to_owned(), text.to_owned())])?;
        let controls = Controls { knobs, ..Controls::default() };
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        take::perform(&*toy, &request, &Job::default())
    };
    let (long, short) = (take("length", "1").unwrap(), take("length", "0.5").unwrap());
    let shorter = long.notes.iter().zip(&short.notes).filter(|(l, s)| s.duration_secs < l.duration_secs);
    assert!(shorter.count() > score.notes.len() / 2);
    let levels = |id, text| take(id, text).map(|played| played.notes.iter().map(|n| n.velocity).collect());
    let loud: Vec<u8> = levels("level", "loud").unwrap();
    assert_eq!(loud, vec![100; score.notes.len()]);
    assert_eq!(levels("level", "written").unwrap(), levels("length", "1").unwrap());

    let message = |id, text| take(id, text).unwrap_err().to_string();
    assert_eq!(message("length", "2"), "the setting `length` goes from 0.1 to 1, not to 2");
    assert_eq!(message("length", "long"), "the setting `length` goes from 0.1 to 1, not to long");
    assert_eq!(message("level", "1"), "the setting `level` has no option `1`; it has written, soft, loud");
    assert_eq!(message("swing", "1"), "toy has no setting `swing`; it has length, level");
}

#[test]
fn who_plays_instead_takes_over_what_it_has_and_can_do() {
    let registry = registry();
    let info = registry.info("toy").unwrap();
    let knobs: [(&str, KnobValue); 4] = [
        ("length", KnobValue::Number(0.5)),
        ("level", KnobValue::from("shrill")),
        ("swing", KnobValue::Number(0.5)),
        ("variety", KnobValue::Number(f64::NAN)),
    ];
    let knobs: Knobs = knobs.map(|(id, value)| (id.to_owned(), value)).into();
    assert_eq!(info.own(&knobs), Knobs::from([("length".to_owned(), KnobValue::Number(0.5))]));
    // A value of the wrong kind is refused where it reaches a performer, too.
    for (id, value) in [("length", KnobValue::from("long")), ("level", KnobValue::Number(1.0))] {
        let controls = Controls { knobs: [(id.to_owned(), value)].into(), ..Controls::default() };
        assert!(info.check(&controls).is_err(), "{id}");
    }
}

#[test]
fn the_first_plays_by_default_and_who_needs_no_model_plays_instead() {
    let registry = registry();
    assert_eq!(registry.default_id(), "pianoflow");
    assert_eq!(registry.fallback_id(), Some("rules"));
    let resources = Resources { models: Path::new("nowhere"), device: DeviceChoice::Cpu };
    assert!(matches!(registry.load("pianoflow", &resources), Err(PerformError::Model { .. })));
    let error = registry.load("nobody", &resources).err().unwrap().to_string();
    assert_eq!(
        error,
        "there is no performer `nobody`; there are pianoflow, rules, pianist-transformer, groove, toy"
    );
}
