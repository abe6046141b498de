#![allow(clippy::unwrap_used)]

use super::*;
use crate::pertok::PerTok;

fn why(config: Config) -> String {
    PerTok::new(config).unwrap_err().to_string()
}

#[test]
fn what_cannot_be_is_refused_with_the_setting() {
    let grid = |from, to, steps| Config { grids: vec![Grid { from, to, steps }], ..Config::default() };
    assert_eq!(
        why(grid(0, 4, 0)),
        "a grid from quarter 0 to 4 in steps of 1/0, at 320 ticks a quarter: it needs a value above 0, steps \
         of at least 2 ticks and at most 256 quarters"
    );
    assert!(why(grid(0, 4, 161)).starts_with("a grid"));
    assert!(why(grid(4, 4, 4)).starts_with("a grid"));
    assert!(why(grid(0, 1, 1)).starts_with("a grid"));
    assert!(why(grid(0, u32::MAX, 4)).starts_with("a grid"));
    assert!(why(grid(0, 256, 100)).starts_with("grids of 25600 values"));
    assert!(why(Config { grids: Vec::new(), ..Config::default() }).starts_with("no grid"));
    let ticks = Config { ticks_per_quarter: 0, ..Config::default() };
    assert_eq!(why(ticks), "0 ticks a quarter: choose 1 to 32767");
    let pitches = Config { pitches: (60, 59), ..Config::default() };
    assert_eq!(why(pitches), "pitches 60 to 59: choose a range within 0 to 127");
    assert_eq!(why(Config { velocities: Some(0), ..Config::default() }), "0 velocities: choose 1 to 127");
    for (max_shift_quarters, bins) in [(f64::NAN, 30), (-0.1, 30), (0.125, 0)] {
        let micro_timing = Some(MicroTiming { max_shift_quarters, bins });
        assert!(why(Config { micro_timing, ..Config::default() }).starts_with("micro-timing of"));
    }
}

#[test]
fn bars_are_whole_ticks() {
    let metre = |beats, beat_type| Config { metre: TimeSignature { beats, beat_type }, ..Config::default() };
    let seventh = "a bar of 1/7 is no whole number of ticks at 320 a quarter: choose others";
    assert_eq!(why(metre(1, 7)), seventh);
    assert!(why(metre(0, 4)).starts_with("a bar of 0/4"));
    assert!(why(metre(4, 0)).starts_with("a bar of 4/0"));
    let config = Config::default();
    let ticks = |beats, beat_type| config.bar_ticks(TimeSignature { beats, beat_type });
    assert_eq!([ticks(4, 4), ticks(2, 2), ticks(3, 8), ticks(6, 8)], [1280, 1280, 480, 960].map(Some));
}

#[test]
fn settings_that_a_file_leaves_out_are_the_default() {
    let config: Config = serde_json::from_str(r#"{"places": "position", "velocities": null}"#).unwrap();
    let expected = Config { places: Places::Position, velocities: None, ..Config::default() };
    assert_eq!(config, expected);
    let text = serde_json::to_string(&expected).unwrap();
    assert_eq!(serde_json::from_str::<Config>(&text).unwrap(), expected);
}
