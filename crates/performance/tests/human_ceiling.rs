//! The definition of the figures, held against the published agreement of human pianists.
#![allow(clippy::unwrap_used)]

mod common;

use performance::metrics::{Figure, Figures, mean, mutual_agreement};

/// Humans among themselves on the test split.
const CEILING: [f64; 5] = [0.668, 0.512, 0.694, 0.401, 0.664];

#[test]
#[ignore = "needs the data folder"]
fn humans_agree_with_each_other_as_published_needs_data() {
    let pieces = common::test_split().unwrap();
    let per_piece = pieces.iter().map(|piece| {
        let figures: Vec<Figures> = piece
            .humans
            .iter()
            .map(|(played, flags)| Figures::of(&piece.score, played, Some(flags)))
            .collect();
        mutual_agreement(&figures)
    });
    let ceiling = mean(per_piece);
    for (figure, expected) in Figure::ALL.into_iter().zip(CEILING) {
        let found = ceiling[figure as usize].unwrap();
        println!("{}: {found:.4}, published {expected}", figure.name());
    }
    for (figure, expected) in Figure::ALL.into_iter().zip(CEILING) {
        let found = ceiling[figure as usize].unwrap();
        assert!((found - expected).abs() < 0.01, "{} is {found:.4}, not {expected}", figure.name());
    }
}
