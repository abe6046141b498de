//! A performer is added by one file (`toy/mod.rs`) and one line, and everything that reads the registry
//! knows it and its knobs.
#![allow(clippy::unwrap_used)]

mod toy;

use std::path::Path;

use application::reference::{self, Reference};
use application::systems;
use notation::Score;
use performance::midi::{ExportMode, ExportOptions, export};
use performers::device::DeviceChoice;
use performers::{
    Controls, Job, KnobValue, Knobs, Manner, PerformError, Region, Registry, Request, Resources, take,
};

/// The one line.
fn registry() -> Registry {
    systems::registry().with(toy::entry())
}

fn resources() -> Resources<'static> {
    Resources { models: Path::new("nowhere"), device: DeviceChoice::Cpu }
}

fn minuet() -> Score {
    let name = "petzold_minuet_g.musicxml";
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scores").join(name);
    let bytes = std::fs::read(path).unwrap();
    notation::read_score(name, &bytes, &notation::ImportOptions::default()).unwrap()
}

#[test]
fn a_new_performer_plays_with_its_own_knobs() {
    let score = minuet();
    let registry = registry();
    let info = registry.info("toy").unwrap();
    let toy = registry.load("toy", &resources()).unwrap();
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
    assert_eq!(message("swing", "1"), "toy has no setting `swing`; it has length, level, like");
}

/// Nothing but the performer's own file says that it plays like somebody.
#[test]
fn a_new_performer_plays_like_somebody() {
    let score = minuet();
    let registry = registry();
    let info = registry.info("toy").unwrap();
    let like = info.references().next().unwrap();
    let toy = registry.load("toy", &resources()).unwrap();
    let mut somebody = performance::deadpan(&score);
    for (k, note) in somebody.notes.iter_mut().enumerate() {
        note.onset_secs += 0.05 * (k as f64).sin() + 0.1;
        note.velocity = 80 + (k % 21) as u8;
    }
    let mode = ExportMode::ExactTiming(120.0);
    let bytes = export(&score, &somebody, &ExportOptions { mode, ..ExportOptions::default() }).unwrap().bytes;
    let Reference { score: of, played, .. } = reference::of_midi(bytes, Some(&score)).unwrap();
    let manner = toy.manner(&of, &played, "somebody", &Job::default()).unwrap();
    let mean = manner.numbers[0] as u8;
    assert!((88..=92).contains(&mean), "{mean}");
    let knobs = Knobs::from([(like.id.to_owned(), KnobValue::Manner(manner.clone()))]);
    let controls = Controls { knobs: knobs.clone(), ..Controls::default() };
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let played = take::perform(&*toy, &request, &Job::default()).unwrap();
    assert!(played.notes.iter().all(|note| note.velocity == mean));
    assert_eq!(info.own(&knobs), knobs);

    // Others take no manner, and this knob takes nothing else.
    let rules = registry.info("rules").unwrap();
    assert!(rules.references().next().is_none() && rules.own(&knobs).is_empty());
    let rules = registry.load("rules", &resources()).unwrap();
    let error = rules.manner(&of, &somebody, "x", &Job::default()).unwrap_err();
    assert!(matches!(error, PerformError::NoManner { performer: "rules" }), "{error}");
    let error = info.read(&[("like".to_owned(), "lesson.mid".to_owned())]).unwrap_err();
    assert!(matches!(error, PerformError::KnobReference { id: "like", .. }), "{error}");
    let hostile = Manner { numbers: vec![f32::NAN], ..manner };
    let knobs = Knobs::from([("like".to_owned(), KnobValue::Manner(hostile))]);
    let refused = info.check(&Controls { knobs, ..Controls::default() }).unwrap_err();
    assert!(matches!(refused, PerformError::KnobManner { id: "like", .. }), "{refused}");
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
    assert!(matches!(registry.load("pianoflow", &resources()), Err(PerformError::Model { .. })));
    let error = registry.load("nobody", &resources()).err().unwrap().to_string();
    assert_eq!(
        error,
        "there is no performer `nobody`; there are pianoflow, rules, pianist-transformer, groove, xmvae, toy"
    );
}
