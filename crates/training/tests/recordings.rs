//! From performances to sound, to keys, to the five figures: some seconds of two pieces.
#![allow(clippy::unwrap_used)]

use application::Folders;
use training::evaluate::rendered::{Condition, Instrument, Wanted};
use training::evaluate::{recordings, transcription};

/// `cargo nextest run --release -E 'test(some_seconds_are_heard)' --run-ignored only --no-capture` prints both tables.
#[test]
#[ignore = "needs the data folder and the transcriber, and takes minutes"]
fn some_seconds_are_heard_judged_and_kept_on_demand() {
    let folder = tempfile::tempdir().unwrap();
    let data = Folders::find().data.unwrap();
    let wanted = Wanted { data, split: "valid".to_owned(), count: 2, secs: Some(12.0), seed: 3 };
    let (instruments, out) = (vec![Instrument::Generated], folder.path().join("runs"));
    let options = transcription::Options {
        wanted: wanted.clone(),
        instruments: instruments.clone(),
        conditions: vec![Condition::Dry, Condition::Noise],
        out: out.clone(),
        peer: None,
    };
    let report = transcription::run(&options, &|_| ()).unwrap();
    println!("{report}");
    assert_eq!((report.rows.len(), report.sounds.len()), (2, 4));
    let dry = report.rows.iter().find(|row| row.condition == Condition::Dry).unwrap();
    assert!(dry.scores.onset.f1 > 0.8, "{report}");
    assert!(dry.scores.onset.f1 >= dry.scores.ends.f1 && dry.scores.onset.f1 >= dry.scores.velocity.f1);
    // Nothing is heard again, which would take another time.
    assert_eq!(transcription::run(&options, &|_| ()).unwrap(), report);

    let options = recordings::Options { wanted, instruments, out };
    let report = recordings::run(&options, &|_| ()).unwrap();
    println!("{report}");
    assert_eq!(report.pieces.len(), 2);
    assert!(report.rows[0].found > 0.7, "{report}");
    assert!(report.rows[0].mean[0].unwrap() > 0.5, "velocity: {report}");
}
