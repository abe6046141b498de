//! How fast a piece is taken can be told from its score, for pieces that were not learnt from.
#![allow(clippy::unwrap_used)]

use analysis::tempo_cues;
use application::Folders;
use pianoflow::values;
use training::datasets::{self, Piece};

/// The mean level at which people played a piece.
fn played(piece: &Piece) -> Option<f64> {
    let level =
        |h: &datasets::Human| values::encode(&piece.score, &h.performance, Some(&h.flags)).log_beat_period();
    let levels: Vec<f64> = piece.humans.iter().filter_map(level).collect();
    (!levels.is_empty()).then(|| levels.iter().sum::<f64>() / levels.len() as f64)
}

#[test]
#[ignore = "needs the data folder"]
fn the_level_of_new_pieces_is_told_better_than_by_their_mean_needs_data() {
    let data = Folders::find().data.unwrap();
    let learnt = datasets::load(&data, "train").unwrap();
    let pairs: Vec<_> =
        learnt.pieces.iter().filter_map(|p| Some((tempo_cues::of(&p.score), played(p)?))).collect();
    let level = training::pianoflow::fit_beat_period(&pairs);
    let valid = datasets::load(&data, "valid").unwrap();
    let found: Vec<(f64, f64)> =
        valid.pieces.iter().filter_map(|p| Some((level.of(&p.score), played(p)?))).collect();
    let rms = |error: &dyn Fn(f64, f64) -> f64| {
        let square: f64 = found.iter().map(|(told, played)| error(*told, *played).powi(2)).sum();
        (square / found.len() as f64).sqrt()
    };
    let told = rms(&|told, played| told - played);
    let mean = rms(&|_, played| level.mean - played);
    println!("{} pieces: {told:.3} octaves of tempo off, by their mean {mean:.3}", found.len());
    assert!(told < 0.8 * mean, "{told:.3} against {mean:.3}");
}
