//! The performer with a tiny network of weights by a formula.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TINY, settings, write_model};
use notation::Score;
use performance::{Pedal, Performance, PlayedNote};
use performers::{Controls, Job, KnobValue, Manner, PerformError, Performer, Region, Request, Run, take};
use twins::minuet;
use xmvae::config::Settings;
use xmvae::performer::Xmvae;

fn load(change: impl Fn(&str, &mut Vec<f32>)) -> Result<Xmvae, PerformError> {
    let folder = tempfile::tempdir().unwrap();
    write_model(folder.path(), &settings(TINY), change);
    Xmvae::load(folder.path())
}

fn performer() -> Xmvae {
    load(|_, _| {}).unwrap()
}

fn seeded(seed: u64) -> Controls {
    Controls { seed, ..Controls::default() }
}

fn with(seed: u64, knobs: &[(&str, KnobValue)]) -> Controls {
    let knobs = knobs.iter().map(|(id, value)| ((*id).to_owned(), value.clone())).collect();
    Controls { knobs, ..seeded(seed) }
}

/// In free time, without finishing.
fn play(performer: &Xmvae, score: &Score, region: &Region, controls: &Controls) -> Performance {
    let request = Request { score, region, context: None, controls };
    performer.perform(&request, &Run::of(&Job::default())).unwrap()
}

fn manner(numbers: Vec<f32>, of: &Manner) -> KnobValue {
    KnobValue::Manner(Manner { numbers, ..of.clone() })
}

/// A reference: the piece played by a seed.
fn reference(performer: &Xmvae, score: &Score, seed: u64) -> Manner {
    let played = play(performer, score, &Region::All, &seeded(seed));
    performer.manner(score, &played, "lesson.mid", &Job::default()).unwrap()
}

#[test]
fn every_note_is_played_once_and_seeds_differ() {
    let (performer, score) = (performer(), minuet());
    let perform = |controls: &Controls| {
        let request = Request { score: &score, region: &Region::All, context: None, controls };
        take::perform(&performer, &request, &Job::default()).unwrap()
    };
    let take = perform(&seeded(1));
    assert!(take.notes.iter().map(|n| n.note).eq(0..score.notes.len() as u32));
    assert!(take.pedals.iter().any(|pedal| pedal.pedal == Pedal::Sustain));
    assert_eq!(take, perform(&seeded(1)));
    assert_ne!(take, perform(&seeded(2)));
    let still = [("variety", KnobValue::from(0.0))];
    let free = |seed: u64| play(&performer, &score, &Region::All, &with(seed, &still));
    assert_eq!(free(1), free(2));
}

/// As long, as loud, as far from each other, in free time; also in a manner that goes further, where trends hang on
/// what is around.
#[test]
fn bars_alone_are_those_of_the_whole_piece() {
    let (performer, score) = (performer(), minuet());
    let known = reference(&performer, &score, 1);
    let numbers = known.numbers[..TINY.latent].iter().copied().chain([0.4, 0.6, 0.5]).collect();
    for controls in [seeded(3), with(3, &[("like", manner(numbers, &known))])] {
        let whole = play(&performer, &score, &Region::All, &controls);
        for bars in [0..3, 5..9, 30..32] {
            alone_as_in(&whole, &performer, &score, &Region::Measures(bars), &controls);
        }
    }
}

fn alone_as_in(whole: &Performance, performer: &Xmvae, score: &Score, region: &Region, controls: &Controls) {
    let alone = play(performer, score, region, controls);
    assert!(alone.notes.iter().map(|n| n.note).eq(region.notes(score).iter().copied()));
    let same = |note: &PlayedNote| *whole.get(note.note).unwrap();
    let shift_secs = alone.notes[0].onset_secs - same(&alone.notes[0]).onset_secs;
    for note in &alone.notes {
        let of_whole = same(note);
        assert_eq!(note.velocity, of_whole.velocity);
        assert!((note.duration_secs - of_whole.duration_secs).abs() < 1e-9);
        assert!((note.onset_secs - of_whole.onset_secs - shift_secs).abs() < 1e-9, "{note:?}");
    }
    let onsets = alone.notes.iter().map(|n| n.onset_secs);
    let first_secs = onsets.fold(f64::INFINITY, f64::min);
    assert!(alone.pedals.iter().all(|pedal| pedal.time_secs >= first_secs), "pedal before the bars");
}

/// How far velocities are from their mean.
fn range(played: &Performance) -> f64 {
    let velocities = || played.notes.iter().map(|note| f64::from(note.velocity));
    let count = played.notes.len() as f64;
    let mean = velocities().sum::<f64>() / count;
    (velocities().map(|velocity| (velocity - mean).powi(2)).sum::<f64>() / count).sqrt()
}

#[test]
fn a_take_goes_as_far_as_its_reference() {
    let (performer, score) = (performer(), minuet());
    let known = reference(&performer, &score, 1);
    let play_like = |numbers: Vec<f32>| {
        play(&performer, &score, &Region::All, &with(5, &[("like", manner(numbers, &known))]))
    };
    let of_network = &known.numbers[..TINY.latent];
    let going = |further: [f32; 3]| play_like(of_network.iter().copied().chain(further).collect());
    let plain = going([0.0; 3]);
    // Takes of older versions of the app have the network's numbers alone.
    assert_eq!(play_like(of_network.to_vec()), plain);
    let double = 2.0_f32.ln();
    let wide = going([0.0, double, 0.0]);
    assert!(range(&wide) > 1.4 * range(&plain), "{} of {}", range(&wide), range(&plain));
    assert!(wide.notes.iter().zip(&plain.notes).all(|(a, b)| a.onset_secs == b.onset_secs));
    for further in [[double, 0.0, 0.0], [0.0, 0.0, double]] {
        let other = going(further);
        assert_ne!(other, plain, "{further:?}");
        assert!(other.notes.iter().zip(&plain.notes).all(|(a, b)| a.velocity == b.velocity));
    }
    // What goes further than its piece asks for is heard to.
    let mut loud = play(&performer, &score, &Region::All, &seeded(1));
    for note in &mut loud.notes {
        note.velocity = (64.0 + 1.8 * (f64::from(note.velocity) - 64.0)).clamp(1.0, 127.0) as u8;
    }
    let read = performer.manner(&score, &loud, "loud.mid", &Job::default()).unwrap();
    let [before, after] = [&known, &read].map(|manner| manner.numbers[TINY.latent + 1]);
    assert!(after > before + 0.2, "{after}, {before}");
}

#[test]
fn a_reference_changes_the_take_as_strongly_as_is_asked_for() {
    let (performer, score) = (performer(), minuet());
    let first = reference(&performer, &score, 1);
    assert_eq!((first.name.as_str(), first.numbers.len()), ("lesson.mid", TINY.latent + 3));
    assert_eq!(first.check(), Ok(()));
    assert_eq!(first, reference(&performer, &score, 1));
    let second = reference(&performer, &score, 9);
    assert_ne!(first.numbers, second.numbers);
    let [a, b] = [&first, &second].map(|of| KnobValue::Manner(of.clone()));
    let play = |knobs: &[(&str, KnobValue)]| play(&performer, &score, &Region::All, &with(5, knobs));
    let [like_a, like_b] = [&a, &b].map(|manner| play(&[("like", manner.clone())]));
    assert_ne!(like_a, like_b);
    let both = |blend: f64| {
        play(&[("like", a.clone()), ("like-second", b.clone()), ("blend", KnobValue::from(blend))])
    };
    assert_eq!((both(0.0), both(1.0)), (like_a.clone(), like_b.clone()));
    let middle: Vec<f32> =
        first.numbers.iter().zip(&second.numbers).map(|(a, b)| 0.5 * a + 0.5 * b).collect();
    assert_eq!(both(0.5), play(&[("like", manner(middle, &first))]));
    let strongly = |strength: f64| play(&[("like", a.clone()), ("manner", KnobValue::from(strength))]);
    let none = manner(vec![0.0; TINY.latent], &first);
    assert_eq!(strongly(0.0), play(&[("like", none)]));
    let more = first.numbers.iter().map(|number| 1.5 * number).collect();
    assert_eq!(strongly(1.5), play(&[("like", manner(more, &first))]));
    // The seed draws chance alone where there is a reference.
    let still = |seed: u64| {
        let knobs = [("like", a.clone()), ("variety", KnobValue::from(0.0))];
        self::play(&performer, &score, &Region::All, &with(seed, &knobs))
    };
    assert_eq!(still(1), still(2));
}

#[test]
fn bad_references_are_told() {
    let (performer, score) = (performer(), minuet());
    let mut played = play(&performer, &score, &Region::All, &seeded(1));
    played.notes.truncate(29);
    let error = performer.manner(&score, &played, "short.mid", &Job::default()).unwrap_err();
    assert!(matches!(error, PerformError::FewNotes { found: 29, least: 30, .. }), "{error}");
    // A manner that another model has read, and one of another size.
    let known = reference(&performer, &score, 1);
    let others = [
        Manner { model: "0123".to_owned(), ..known.clone() },
        Manner { numbers: vec![0.0; TINY.latent + 1], ..known },
    ];
    for other in others {
        let controls = with(1, &[("like", KnobValue::Manner(other))]);
        let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
        let error = performer.perform(&request, &Run::of(&Job::default())).unwrap_err();
        assert!(matches!(error, PerformError::OtherManner { .. }), "{error}");
    }
}

/// Values that are no numbers, which damaged files may give, are unknown.
#[test]
fn manners_are_numbers_whatever_was_played() {
    let (performer, score) = (performer(), minuet());
    let mut played = play(&performer, &score, &Region::All, &seeded(1));
    for (k, note) in played.notes.iter_mut().enumerate() {
        match k % 5 {
            0 => note.duration_secs = 0.0,
            1 => note.velocity = 0,
            2 => note.onset_secs += if k > 40 { 1e4 } else { 0.0 },
            _ => {}
        }
    }
    let manner = performer.manner(&score, &played, "x", &Job::default()).unwrap();
    assert!(manner.numbers.iter().all(|number| number.is_finite()));
    let long = performer.manner(&score, &played, &"ä".repeat(500), &Job::default()).unwrap();
    assert_eq!(long.check(), Ok(()), "names are shortened");
}

#[test]
fn a_cancel_ends_playing_and_reading() {
    let (performer, score) = (performer(), minuet());
    let played = play(&performer, &score, &Region::All, &seeded(1));
    let job = Job::default();
    job.cancel();
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let error = take::perform(&performer, &request, &job).unwrap_err();
    assert!(matches!(error, PerformError::Cancelled), "{error}");
    let error = performer.manner(&score, &played, "x", &job).unwrap_err();
    assert!(matches!(error, PerformError::Cancelled), "{error}");
    let nothing = Region::Notes(Vec::new());
    let request = Request { score: &score, region: &nothing, context: None, controls: &controls };
    let error = performer.perform(&request, &Run::of(&Job::default())).unwrap_err();
    assert!(matches!(error, PerformError::EmptyRegion), "{error}");
}

#[test]
fn chords_of_more_than_a_thousand_notes_are_refused() {
    let performer = performer();
    let mut score = minuet();
    let note = score.notes[0].clone();
    score.notes.splice(0..0, std::iter::repeat_n(note, 1024));
    let controls = seeded(1);
    let request = Request { score: &score, region: &Region::All, context: None, controls: &controls };
    let error = performer.perform(&request, &Run::of(&Job::default())).unwrap_err();
    assert!(matches!(error, PerformError::Chord { most: 1024, .. }), "{error}");
}

#[test]
fn bad_models_say_what_is_wrong() {
    let says = |error: Result<Xmvae, PerformError>| error.err().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let missing = says(Xmvae::load(folder.path()));
    assert!(missing.starts_with("the model's settings cannot be read"), "{missing}");
    let advice = "reinstall the models folder or choose a performer that needs no model";
    assert!(missing.ends_with(advice), "{missing}");

    let of = |wanted: &'static str, change: fn(&mut Vec<f32>)| {
        says(load(move |name, numbers| {
            if name == wanted {
                change(numbers);
            }
        }))
    };
    let misfit = "the model's weights do not fit its settings: ";
    let smaller = of("score.norm.gamma", |numbers| numbers.truncate(3));
    assert!(smaller.starts_with(&format!("{misfit}`score.norm.gamma` has")), "{smaller}");
    let gone = of("codebook.weight", Vec::clear);
    assert!(gone.starts_with(&format!("{misfit}there is no `codebook.weight`")), "{gone}");
    let broken = of("manner.mean.bias", |numbers| numbers[0] = f32::NAN);
    assert!(broken.starts_with("the model's weights are damaged: some are infinite"), "{broken}");

    let other = Settings { feature_schema: "0".to_owned(), ..settings(TINY) };
    write_model(folder.path(), &other, |_, _| {});
    let schema = says(Xmvae::load(folder.path()));
    assert!(schema.starts_with("the model was trained on other features of scores"), "{schema}");
}
