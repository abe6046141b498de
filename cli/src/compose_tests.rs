#![allow(clippy::unwrap_used)]

use notation::{Measure, TimeSignature};

use super::*;

#[derive(clap::Parser)]
struct Alone {
    #[command(flatten)]
    args: Args,
}

fn args(words: &[&str]) -> Args {
    <Alone as clap::Parser>::try_parse_from([&["compose"][..], words].concat()).unwrap().args
}

#[test]
fn the_first_new_bar_is_one_of_the_score_or_the_next() {
    let measures = (0..4).map(|k| Measure::regular(k, TimeSignature::default())).collect();
    let score = Score { measures, ..Score::default() };
    let first =
        |words: &[&str]| first_new(&args(&[&["--continue", "a.musicxml"][..], words].concat()), &score);
    assert_eq!(first(&[]).unwrap(), 4);
    assert_eq!(first(&["--from", "3"]).unwrap(), 2);
    assert_eq!(first(&["--from", "5"]).unwrap(), 4);
    let message = first(&["--from", "6"]).unwrap_err().to_string();
    assert!(message.contains("\"6\"") && message.contains("last bar of this score is 4"), "{message}");
}

#[test]
fn a_temperature_is_within_its_bounds() {
    assert_eq!(temperature("0.9").unwrap(), 0.9);
    for wrong in ["0", "2.1", "NaN", "hot", ""] {
        assert!(temperature(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn files_are_named_after_the_seed() {
    let named = |words: &[&str], k| targets(&args(words), k).unwrap();
    let (score, midi) = named(&["--seed", "7"], 0);
    assert_eq!((score, midi), ("new-piece-7.musicxml".into(), Some("new-piece-7.mid".into())));
    let (score, _) = named(&["--count", "3", "-o", "no/such/folder"], 2);
    assert_eq!(score, Path::new("no/such/folder/new-piece-3.musicxml"));
    let (_, midi) = named(&["-o", "a.musicxml", "--midi", "b.mid"], 0);
    assert_eq!(midi, Some("b.mid".into()));
    assert!(targets(&args(&["-o", "a.mid"]), 0).is_err());
    assert!(targets(&args(&["--count", "2", "--midi", "b.mid"]), 0).is_err());
}
