//! The network with weights by a formula.
#![allow(clippy::unwrap_used)]

mod common;

use common::{TINY, model, settings};
use xmvae::config::NetworkConfig;
use xmvae::ecp::{END, METRIC, NOTE};
use xmvae::network::{ComposerDecoder, ScoreTokens, SubToken, quantile};

/// The likeliest value of those that can stand there.
fn likeliest(sub_token: SubToken, logits: &[f32]) -> usize {
    let allowed = |value: &usize| match sub_token {
        SubToken::Family => *value == usize::from(NOTE) || *value == usize::from(METRIC),
        _ => *value > 0,
    };
    let values = (0..logits.len()).filter(allowed);
    values.max_by(|a, b| logits[*a].total_cmp(&logits[*b])).unwrap()
}

/// Notes of some variety, four a beat.
fn steps(beats: u8) -> Vec<ScoreTokens> {
    let note = |beat: u8, k: u8| [NOTE, 1 + 6 * k, 30 + (beat * 7 + k * 5) % 40, 10 + k];
    let of_beat =
        |beat: u8| std::iter::once([METRIC, 1 + beat % 4, 0, 26]).chain((0..4).map(move |k| note(beat, k)));
    (0..beats).flat_map(of_beat).collect()
}

/// Longer than a window, so that it begins anew on the way: what is written and what is given lead to the same.
#[test]
fn steps_that_are_given_lead_to_the_same_as_those_that_are_chosen() {
    let model = model(&settings(TINY));
    let mut decoder = ComposerDecoder::new(&model);
    let mut given = ComposerDecoder::new(&model);
    for count in 0..120 {
        let mut said = Vec::new();
        let (step, code) = decoder.next(&mut |sub_token, logits| {
            said.extend_from_slice(logits);
            // The network may want notes alone.
            match sub_token {
                SubToken::Family if count % 5 == 0 => usize::from(METRIC),
                _ => likeliest(sub_token, logits),
            }
        });
        assert_eq!(code.is_some(), step[0] == METRIC);
        let mut again = Vec::new();
        let targets = [step[0], step[1], step[2], step[3]];
        given.next(&mut |sub_token, logits| {
            again.extend_from_slice(logits);
            match sub_token {
                SubToken::Code => usize::from(code.unwrap()) + 1,
                _ => usize::from(targets[sub_token as usize]),
            }
        });
        assert_eq!(said, again, "step {count}");
    }
    // A third one is given all of it.
    let mut written = Vec::new();
    let mut first = ComposerDecoder::new(&model);
    for _ in 0..40 {
        written.push(first.next(&mut likeliest));
    }
    let mut third = ComposerDecoder::new(&model);
    written.iter().for_each(|(step, code)| third.push(*step, *code));
    assert_eq!(third.next(&mut likeliest), first.next(&mut likeliest));
}

#[test]
fn a_piece_ends_when_the_end_is_chosen_and_nothing_is_written_then() {
    let model = model(&settings(TINY));
    let mut decoder = ComposerDecoder::new(&model);
    let mut asked = 0;
    let mut end = |_: SubToken, _: &[f32]| {
        asked += 1;
        usize::from(END)
    };
    assert_eq!(decoder.next(&mut end), ([END, 0, 0, 0], None));
    assert_eq!(
        decoder.next(&mut |_, _| 1_000_000),
        ([END, 0, 0, 0], None),
        "what is no value is the last one"
    );
    assert_eq!(asked, 1);
}

/// To the bit, with one thread or several; and without what a window does not hold.
#[test]
fn the_number_of_threads_changes_nothing() {
    let model = model(&settings(TINY));
    let score = steps(8);
    let features: Vec<f32> =
        (0..score.len() * TINY.features).map(|k| ((k * 37 % 101) as f32 - 50.0) / 50.0).collect();
    let values: Vec<[f32; 5]> =
        (0..score.len()).map(|k| [0.1, 60.0 + k as f32, 0.01, -0.3, f32::NAN]).collect();
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let codes = model.codes(&score);
            let reading = model.read(&score, &features, &codes);
            let states = model.states(&reading, Some(&[0.5, -1.0, 0.0, 2.0, 0.25]));
            let median = |_: usize, column: usize, logits: &[f32]| quantile(column, logits, 0.5);
            let played = model.play(&reading, &states, 0..score.len(), &median);
            (codes, played, model.posterior(&reading, &values))
        })
    };
    let (one, several) = (run(1), run(3));
    assert_eq!(one, several);
    let (codes, played, posterior) = one;
    assert_eq!(codes.len(), 8);
    assert!(codes.iter().all(|code| usize::from(*code) < TINY.codes));
    assert!(posterior.mean.iter().all(|v| v.is_finite()) && posterior.deviation.iter().all(|v| *v > 0.0));
    for (step, played) in score.iter().zip(&played) {
        let zeros = if step[0] == METRIC { 1..5 } else { 0..1 };
        assert!(played[zeros].iter().all(|v| *v == 0.0));
        assert!(step[0] == METRIC || (1.0..=127.5).contains(&played[1].max(1.0)), "{played:?}");
    }
}

/// With and without attention within the beat, and with and without a decoder of sub-tokens, networks differ.
#[test]
fn ablations_play_something_else() {
    let score = steps(4);
    let features = vec![0.25; score.len() * TINY.features];
    let expected = |network: NetworkConfig| {
        let model = model(&settings(network));
        let reading = model.read(&score, &features, &model.codes(&score));
        let states = model.states(&reading, None);
        model.expected(&reading, &states)
    };
    let whole = expected(TINY);
    assert_ne!(whole, expected(NetworkConfig { beat_attention: false, ..TINY }));
    assert_ne!(whole, expected(NetworkConfig { sub_token_decoder: false, ..TINY }));
}

/// A distribution of a half, a quarter and a quarter over the first bins of the pedal.
#[test]
fn quantiles_are_in_the_units_of_their_column() {
    let logits = [f32::ln(2.0), 0.0, 0.0, f32::NEG_INFINITY, f32::NEG_INFINITY];
    for (below, value) in [(0.25, 0.1), (0.5, 0.2), (0.625, 0.3), (0.0, 0.0), (0.75, 0.4)] {
        let found = quantile(4, &logits, below);
        assert!((found - value).abs() < 1e-6, "{below}: {found}, not {value}");
    }
}
