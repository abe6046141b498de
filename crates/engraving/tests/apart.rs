//! Verovio in a process of its own draws what it draws within.
#![allow(clippy::unwrap_used)]

mod common;

use std::path::PathBuf;

use common::{engrave, our_scores, read};
use notation::Unfold;

#[test]
fn a_process_of_its_own_draws_the_same() {
    let scores: Vec<_> =
        our_scores().iter().map(|(name, bytes)| read(name, bytes, Unfold::AsWritten)).collect();
    let within: Vec<_> = scores.iter().map(|score| engrave(score, 90.0)).collect();
    engraving::run_apart(PathBuf::from(env!("CARGO_BIN_EXE_espressivo-engraver")), Vec::new());
    for (score, within) in scores.iter().zip(&within) {
        let apart = engrave(score, 90.0);
        assert_eq!(apart.len(), within.len());
        for (apart, within) in apart.iter().zip(within) {
            assert_eq!(apart.layout, within.layout);
            assert_eq!(apart.draw(6.0).unwrap(), within.draw(6.0).unwrap());
        }
    }
    let count = std::cell::Cell::new(0);
    let ready = |_, _| count.set(count.get() + 1);
    engraving::Engraver::new(&scores[0]).unwrap().systems(60.0, || count.get() > 0, ready).unwrap();
    assert_eq!(count.get(), 1, "what is no longer wanted ends");
}
