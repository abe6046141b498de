//! A piece and what people did with it.

use performance::metrics::Figures;

use crate::datasets::{self, Piece};

/// A piece and what people did with it.
pub(crate) struct Judged<'a> {
    pub piece: &'a Piece,
    pub humans: Vec<Figures>,
}

impl<'a> Judged<'a> {
    pub fn new(piece: &'a Piece) -> Self {
        let figures = |h: &datasets::Human| Figures::of(&piece.score, &h.performance, Some(&h.flags));
        Self { piece, humans: piece.humans.iter().map(figures).collect() }
    }
}
