//! Damaged settings: a message, never a panic.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::beat_period::BeatPeriod;
use crate::network::NetworkConfig;
use crate::piece_spread::{PieceSpread, cues::CUES};
use crate::settings::{Sampling, Scaling};
use crate::take_variety::TakeVariety;

/// A network of a few thousand weights.
pub(in crate::weights) fn tiny() -> Settings {
    let network = NetworkConfig::new(features::WIDTH, values::WIDTH)
        .with_hidden(8)
        .with_layers(2)
        .with_heads(2)
        .with_feed_forward(1)
        .with_condition(3)
        .with_condition_blocks([1, 2]);
    let scaling = Scaling { mean: [0.5; values::WIDTH], deviation: [1.5; values::WIDTH] };
    let (beat_period, sampling) = (Some(BeatPeriod::default()), Sampling::default());
    Settings {
        network,
        feature_schema: features::schema(),
        networks: 1,
        scaling,
        beat_period,
        mood: None,
        spread: None,
        variety: None,
        sampling,
    }
}

fn text() -> String {
    serde_json::to_string_pretty(&tiny()).unwrap()
}

/// The text with one number replaced, for each of its numbers.
fn with_number(replacement: &str) -> Vec<String> {
    let text = text();
    let is_part = |c: char| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | '+');
    let starts = text.match_indices(|c: char| c.is_ascii_digit() || c == '-').map(|(at, _)| at);
    let starts = starts.filter(|at| text[..*at].ends_with([' ', '[', ':']));
    let replaced = |at: usize| {
        let length = text[at..].find(|c| !is_part(c)).unwrap_or(0);
        format!("{}{replacement}{}", &text[..at], &text[at + length..])
    };
    starts.map(replaced).collect()
}

/// What a text that was accepted promises.
fn check(text: &[u8]) {
    let Ok(settings) = parse_settings(text) else { return };
    let sizes = &settings.network;
    assert!(sizes.hidden % sizes.heads == 0 && (1..=64).contains(&sizes.layers));
    assert!((16..=4096).contains(&settings.sampling.window));
    assert!(settings.scaling.deviation.iter().all(|d| *d > 0.0));
}

#[test]
fn whole_settings_are_read() {
    let settings = parse_settings(text().as_bytes()).unwrap();
    assert_eq!((settings.network, settings.scaling), (tiny().network, tiny().scaling));
}

#[test]
fn settings_from_before_pieces_and_takes_had_their_own_are_read_and_stay_as_they_are() {
    assert!(!text().contains("\"spread\"") && !text().contains("\"variety\""));
    let settings = parse_settings(text().as_bytes()).unwrap();
    assert!(settings.spread.is_none() && settings.variety.is_none());
    let spread = PieceSpread { input_means: vec![0.5; CUES], kinds: Default::default() };
    let variety = TakeVariety { tempo: 0.05, ..TakeVariety::default() };
    let whole = Settings { spread: Some(spread.clone()), variety: Some(variety), ..tiny() };
    let again = parse_settings(&serde_json::to_vec(&whole).unwrap()).unwrap();
    assert_eq!((again.spread, again.variety), (Some(spread), Some(variety)));
}

#[test]
fn cut_settings_are_refused() {
    let text = text();
    for length in 0..text.len() {
        assert!(
            parse_settings(&text.as_bytes()[..length]).unwrap_err().contains("damaged"),
            "{length} bytes"
        );
    }
}

#[test]
fn changed_settings_never_panic() {
    let text = text();
    for at in 0..text.len() {
        for flip in [0x01, 0x10, 0x80, 0xff] {
            let mut bytes = text.clone().into_bytes();
            bytes[at] ^= flip;
            check(&bytes);
        }
    }
    let numbers = [
        "-1",
        "0",
        "1",
        "7",
        "8192",
        "8193",
        "4294967296",
        "9223372036854775808",
        "18446744073709551615",
        "99999999999999999999999",
        "-0.0",
        "0.5",
        "1e-320",
        "1e308",
        "-1e308",
        "1e400",
        "NaN",
        "Infinity",
        "null",
        "true",
        "\"1\"",
        "[]",
        "{}",
    ];
    for number in numbers {
        let texts = with_number(number);
        assert!(texts.len() > 20, "only {} numbers were found", texts.len());
        texts.iter().for_each(|text| check(text.as_bytes()));
    }
}

#[test]
fn impossible_settings_are_refused() {
    let refused = |change: &dyn Fn(&mut Settings)| {
        let mut settings = tiny();
        change(&mut settings);
        parse_settings(serde_json::to_string(&settings).unwrap().as_bytes()).unwrap_err()
    };
    let sizes: [&dyn Fn(&mut Settings); 11] = [
        &|s| s.network.hidden = 0,
        &|s| s.network.hidden = 1 << 40,
        &|s| s.network.hidden = 9,
        &|s| s.network.heads = 0,
        &|s| s.network.heads = 8,
        &|s| s.network.layers = 65,
        &|s| s.network.feed_forward = usize::MAX,
        &|s| s.network.memory = 65,
        &|s| s.network.condition = usize::MAX,
        &|s| s.networks = 0,
        &|s| s.networks = 9,
    ];
    for (k, change) in sizes.iter().enumerate() {
        assert_eq!(refused(change), "the model's settings give impossible sizes", "change {k}");
    }
    assert!(refused(&|s| s.network.features += 1).contains("this version of the app has"));
    assert!(refused(&|s| s.feature_schema = "0".into()).contains("trained on other features"));
    assert!(refused(&|s| s.feature_schema.clear()).contains("trained on other features"));
    assert!(refused(&|s| s.network.values = 0).contains("this version of the app has"));
    let sampling: [&dyn Fn(&mut Settings); 5] = [
        &|s| s.sampling.steps = 0,
        &|s| s.sampling.window = usize::MAX,
        &|s| s.sampling.overlap = s.sampling.window,
        &|s| s.sampling.gain[0] = 1e6,
        &|s| s.sampling.noise[0] = -9.0,
    ];
    for change in sampling {
        assert!(refused(change).contains("impossible way of sampling"));
    }
    let spread = PieceSpread { input_means: vec![0.0; 3], kinds: Default::default() };
    assert!(refused(&|s| s.spread = Some(spread.clone())).contains("`espressivo train spread`"));
    let variety = TakeVariety { velocity: 64.0, ..TakeVariety::default() };
    assert!(refused(&|s| s.variety = Some(variety)).contains("differ more than people"));
    assert!(refused(&|s| s.scaling.deviation[0] = 0.0).contains("not between 0"));
    assert!(refused(&|s| s.scaling.deviation[0] = 1e9).contains("not between 0"));
    assert!(refused(&|s| s.scaling.mean[0] = -1e9).contains("mean"));
}
