//! What pieces and takes have of their own as wholes, with a tiny network of random weights: the factor of
//! a piece's gains, and numbers that a take draws by its seed.
#![allow(clippy::unwrap_used)]

use analysis::features;
use burn::tensor::Device;
use notation::{Measure, Note, NoteId, Quarters, Score, TimeSignature};
use performance::Performance;
use performers::{Controls, Job, Performer, Region, Request, Run};
use pianoflow::beat_period::BeatPeriod;
use pianoflow::network::NetworkConfig;
use pianoflow::piece_spread::cues::CUES;
use pianoflow::piece_spread::{FIGURES, PieceSpread};
use pianoflow::settings::{Sampling, Scaling, Settings};
use pianoflow::take_variety::TakeVariety;
use pianoflow::values::{ARTICULATION, KINDS, QUARTER_TEMPO, VELOCITY, WIDTH};
use pianoflow::{PianoFlow, values, weights};

/// Two voices in eighths, 4/4.
fn score(bars: usize) -> Score {
    let time = TimeSignature::default();
    let note = |k: usize| Note {
        id: NoteId { written: k as u32, pass: 1 },
        onset: Quarters::new((k / 2) as i64, 2),
        duration: Quarters::new(1, 2),
        pitch: if k.is_multiple_of(2) { 48 } else { 67 } + (k * 7 % 12) as u8,
        measure: (k / 16) as u32,
        staff: if k.is_multiple_of(2) { 2 } else { 1 },
        ..Note::default()
    };
    let measures = (0..bars as u32).map(|bar| Measure::regular(bar, time)).collect();
    Score { notes: (0..16 * bars).map(note).collect(), measures, ..Score::default() }
}

fn player(spread: Option<PieceSpread>, variety: Option<TakeVariety>) -> PianoFlow {
    let device = Device::flex();
    device.seed(3);
    let network = NetworkConfig::new(features::WIDTH, WIDTH)
        .with_hidden(16)
        .with_layers(3)
        .with_heads(2)
        .with_condition(6)
        .with_condition_blocks([1, 2]);
    let settings = Settings {
        networks: 2,
        feature_schema: features::schema(),
        scaling: Scaling {
            mean: [64.0, 0.0, 0.0, 0.0, -0.4, 0.5, 0.5, 0.5, 0.5],
            deviation: [6.0, 0.1, 0.05, 0.2, 0.2, 0.1, 0.1, 0.1, 0.1],
        },
        beat_period: Some(BeatPeriod::default()),
        mood: None,
        spread,
        variety,
        sampling: Sampling { window: 64, overlap: 24, lookahead: 8, ..Sampling::default() },
        network,
    };
    let networks = [(); 2].map(|()| settings.network.init(&device));
    let folder = tempfile::tempdir().unwrap();
    weights::save(&networks, &settings, folder.path()).unwrap();
    PianoFlow::load(folder.path(), device).unwrap()
}

/// A spread of which the velocity's factor has this log2, whatever the piece.
fn wider(mean: f64) -> PieceSpread {
    let mut factors = [0.0; KINDS];
    factors[VELOCITY] = mean;
    PieceSpread::constant(factors)
}

fn play(player: &PianoFlow, score: &Score, seed: u64, variety: f64) -> Performance {
    let controls =
        Controls { seed, knobs: [("variety".to_owned(), variety.into())].into(), ..Controls::default() };
    let request = Request { score, region: &Region::All, context: None, controls: &controls };
    player.perform(&request, &Run::of(&Job::default())).unwrap()
}

fn velocities(played: &Performance) -> Vec<f64> {
    played.notes.iter().map(|n| f64::from(n.velocity)).collect()
}

fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len() as f64
}

#[test]
fn a_factor_widens_its_kind_alone_and_not_beyond_its_bound() {
    let score = score(16);
    let take = |spread| play(&player(spread, None), &score, 1, 1.0);
    let (plain, same) = (take(None), take(Some(wider(0.0))));
    assert_eq!(plain, same);
    let doubled = take(Some(wider(1.0)));
    assert_eq!(doubled, take(Some(wider(7.0))), "twice is the most");
    let (before, after) = (velocities(&plain), velocities(&doubled));
    let center = mean(&before);
    for (before, after) in before.iter().zip(&after) {
        let expected = center + 2.0 * (before - center);
        assert!((after - expected).abs() < 2.0, "{after} for {before}, not {expected}");
    }
    for (before, after) in plain.notes.iter().zip(&doubled.notes) {
        assert_eq!((before.onset_secs, before.duration_secs), (after.onset_secs, after.duration_secs));
    }
}

#[test]
fn what_networks_expect_of_a_score_counts_and_is_always_the_same() {
    let (short, long) = (score(6), score(30));
    let player = player(None, None);
    let job = Job::default();
    let inputs = |score: &Score| player.spread_inputs(score, &Run::of(&job)).unwrap();
    let first = inputs(&short);
    assert_eq!(first.len(), CUES + FIGURES);
    assert_ne!(first, inputs(&long));
    assert_eq!(first, inputs(&short), "after another score, too");
    let apart = &first[CUES + KINDS..];
    assert!(apart.iter().all(|figure| figure.is_finite() && *figure > -9.0), "two networks: {apart:?}");
}

#[test]
fn a_line_through_the_networks_figures_moves_the_take() {
    let score = score(12);
    let player_with = |at: usize, weight: f64| {
        let mut spread = wider(0.0);
        spread.input_means.extend([0.0; FIGURES]);
        spread.kinds[VELOCITY].weights = vec![0.0; CUES + FIGURES];
        spread.kinds[VELOCITY].weights[at] = weight;
        player(Some(spread), None)
    };
    let plain = play(&player(None, None), &score, 1, 1.0);
    assert_eq!(play(&player_with(CUES, 0.0), &score, 1, 1.0), plain);
    assert_ne!(play(&player_with(CUES + KINDS, 0.5), &score, 1, 1.0), plain);
}

#[test]
fn takes_differ_as_wholes_by_their_seed_and_not_without_variety() {
    let score = score(16);
    let variety = TakeVariety { velocity: 8.0, tempo: 0.3, articulation: 0.3, spread: [0.3; KINDS] };
    let (plain, varied) = (player(None, None), player(None, Some(variety)));
    assert_eq!(play(&varied, &score, 5, 1.0), play(&varied, &score, 5, 1.0));
    assert_eq!(play(&varied, &score, 5, 0.0), play(&varied, &score, 6, 0.0));
    assert_eq!(play(&varied, &score, 5, 0.0), play(&plain, &score, 5, 0.0));
    let level = |take: &Performance, column: usize| {
        let table = values::encode(&score, take, None);
        let known: Vec<f64> =
            (0..score.notes.len()).map(|n| table.get(n, column)).filter(|v| v.is_finite()).collect();
        mean(&known)
    };
    let between = |player: &PianoFlow, column: usize| {
        let levels: Vec<f64> = (1..=8).map(|seed| level(&play(player, &score, seed, 1.0), column)).collect();
        let center = mean(&levels);
        mean(&levels.iter().map(|l| (l - center).powi(2)).collect::<Vec<_>>()).sqrt()
    };
    for column in [VELOCITY, QUARTER_TEMPO, ARTICULATION] {
        let (noise, drawn) = (between(&plain, column), between(&varied, column));
        assert!(drawn > 2.0 * noise, "column {column}: {drawn} beside {noise} of the noise alone");
    }
}

#[test]
fn bars_anew_with_the_seed_of_their_take_have_its_level() {
    let score = score(24);
    let variety = TakeVariety { velocity: 16.0, ..TakeVariety::default() };
    let (plain, varied) = (player(None, None), player(None, Some(variety)));
    let shift = |seed: u64| {
        mean(&velocities(&play(&varied, &score, seed, 1.0)))
            - mean(&velocities(&play(&plain, &score, seed, 1.0)))
    };
    let seed = (1..50).find(|seed| shift(*seed) > 10.0).unwrap();
    let whole = play(&varied, &score, seed, 1.0);
    let region = Region::Measures(8..12);
    let controls = Controls { seed, ..Controls::default() };
    let request = Request { score: &score, region: &region, context: Some(&whole), controls: &controls };
    let bars = varied.perform(&request, &Run::of(&Job::default())).unwrap();
    let (found, around) = (mean(&velocities(&bars)), mean(&velocities(&whole)));
    assert!((found - around).abs() < 5.0, "bars at {found} in a take at {around}, moved by {}", shift(seed));
}
