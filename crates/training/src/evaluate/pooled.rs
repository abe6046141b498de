//! Pooled likeness: how alike the distributions of all values are, wherever in the music they stand.
//!
//! [`performance::distributions`] has the definition (the Pianist Transformer's, arXiv 2512.02652).
//! Renders count once for each recording of their piece. A blind draw, each value drawn at random from
//! what pianists do elsewhere, has a line of its own: it does best, so one should not read these
//! figures without the correlations.

use std::fmt;
use std::path::Path;

use anyhow::{Context, Result};
use performance::Performance;
use performance::distributions::{Histograms, Likeness, NAMES};
use performance::midi::{PlayedMidi, read_performance};
use serde::Serialize;

use super::Judged;
use super::row::width;
use crate::datasets::Split;

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PooledRow {
    /// Who played.
    pub name: String,
    /// Scores that were played.
    pub scores: usize,
    /// Jensen-Shannon distance of velocity, duration, onset interval and pedal: 0 is the same.
    pub js: [f64; 4],
    /// Intersection area of the four: 1 is the same.
    pub ia: [f64; 4],
    /// Mean distance.
    pub overall_js: f64,
    /// Mean area.
    pub overall_ia: f64,
}

impl PooledRow {
    fn new(name: &str, scores: usize, people: &Histograms, other: &Histograms) -> Self {
        let likeness = Likeness::of(people, other);
        let (overall_js, overall_ia) = likeness.overall();
        Self { name: name.to_owned(), scores, js: likeness.js, ia: likeness.ia, overall_js, overall_ia }
    }
}

/// What people did with each piece, all recordings together.
pub struct People(Vec<Histograms>);

impl People {
    /// Counts the recordings.
    pub fn of(pieces: &[Judged<'_>]) -> Self {
        Self(pieces.iter().map(|p| of_all(p, 0)).collect())
    }

    fn all(&self) -> Histograms {
        let mut all = Histograms::default();
        self.0.iter().for_each(|piece| all.merge(piece, 1.0));
        all
    }

    /// One performance of every piece against all people.
    pub fn compare(&self, name: &str, pieces: &[Judged<'_>], takes: &[Performance]) -> PooledRow {
        let mut renders = Histograms::default();
        for (piece, take) in pieces.iter().zip(takes) {
            let mut render = Histograms::default();
            render.add_performance(&piece.piece.score, take);
            renders.merge(&render, piece.piece.humans.len() as f64);
        }
        PooledRow::new(name, pieces.len(), &self.all(), &renders)
    }

    /// Values drawn blindly from what pianists do in other pieces; so many draws that their histogram is
    /// the one they are drawn from.
    pub fn blind(&self, elsewhere: &Split) -> PooledRow {
        let mut blind = Histograms::default();
        for piece in &elsewhere.pieces {
            piece.humans.iter().for_each(|h| blind.add_performance(&piece.score, &h.performance));
        }
        PooledRow::new("blind draw", self.0.len(), &self.all(), &blind)
    }
}

/// Histograms of the recordings of a piece from the `from`-th on.
fn of_all(piece: &Judged<'_>, from: usize) -> Histograms {
    let mut all = Histograms::default();
    for human in piece.piece.humans.iter().skip(from) {
        all.add_performance(&piece.piece.score, &human.performance);
    }
    all
}

/// The first recording of each piece against the others: what a perfect renderer would score.
pub fn humans(pieces: &[Judged<'_>]) -> PooledRow {
    let (mut first, mut others) = (Histograms::default(), Histograms::default());
    let several: Vec<_> = pieces.iter().filter(|p| p.piece.humans.len() > 1).collect();
    for piece in &several {
        let mut one = Histograms::default();
        one.add_performance(&piece.piece.score, &piece.piece.humans[0].performance);
        first.merge(&one, (piece.piece.humans.len() - 1) as f64);
        others.merge(&of_all(piece, 1), 1.0);
    }
    PooledRow::new("humans, first | others", several.len(), &others, &first)
}

/// The peer's outputs against the recordings of its own test set, as it counts itself: all notes of
/// the files, all of its pieces.
pub fn published(folder: &Path) -> Result<PooledRow> {
    let read = |path: &Path| -> Result<PlayedMidi> {
        let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok(read_performance(&bytes)?)
    };
    let (mut people, mut renders) = (Histograms::default(), Histograms::default());
    let mut pieces = 0;
    loop {
        let path = folder.join(format!("performance/{pieces}.mid"));
        if !path.is_file() {
            break;
        }
        let mut render = Histograms::default();
        render.add(&read(&path)?);
        for take in 0.. {
            let path = folder.join(format!("human/{pieces}-{take}.mid"));
            if !path.is_file() {
                break;
            }
            people.add(&read(&path)?);
            renders.merge(&render, 1.0);
        }
        pieces += 1;
    }
    Ok(PooledRow::new("pianist tr., its pieces", pieces, &people, &renders))
}

/// The rows as a table.
pub struct Table<'a>(pub &'a [PooledRow]);

impl fmt::Display for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "pooled over all notes: distance (0 the same) | shared area (1 the same); a blind draw does best"
        )?;
        let wide = width(26, self.0.iter().map(|row| row.name.as_str()));
        write!(f, "{:wide$}{:>6}", "", "scores")?;
        for _ in 0..2 {
            f.write_str(" |")?;
            let short = NAMES.iter().filter_map(|name| name.split(' ').next_back());
            short.chain(["mean"]).try_for_each(|name| write!(f, "{name:>9}"))?;
        }
        writeln!(f)?;
        for row in self.0 {
            write!(f, "{:wide$}{:>6}", row.name, row.scores)?;
            for (four, mean) in [(row.js, row.overall_js), (row.ia, row.overall_ia)] {
                f.write_str(" |")?;
                four.iter().chain([&mean]).try_for_each(|v| write!(f, "{v:>9.3}"))?;
            }
            writeln!(f)?;
        }
        Ok(())
    }
}
