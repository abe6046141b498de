//! The way that a recording takes through the bars of the score.

use std::ops::Range;

use notation::Score;

use super::figures::Figures;

/// Bars that are played one after the other as they stand on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The stretch.
    pub stretch: u32,
    /// Indices into [`Score::measures`].
    pub measures: Range<usize>,
}

/// The runs of bars in the order in which they were played. A new one begins with a new stretch, and where the
/// score itself goes on elsewhere on the page, as it does at a repeat.
pub fn path(score: &Score, figures: &Figures) -> Vec<Run> {
    let written = |measure: usize| score.measures.get(measure).map(|measure| measure.written);
    let mut runs: Vec<Run> = Vec::new();
    for bar in &figures.bars {
        let measure = bar.measure as usize;
        // A printed bar that a repeat sign cuts is two measures.
        let follows = |a: usize| {
            let (a, b) = (written(a), written(measure));
            a.zip(b).is_none_or(|(a, b)| b == a || b == a + 1)
        };
        match runs.last_mut() {
            Some(run)
                if run.stretch == bar.stretch && run.measures.end == measure && follows(measure - 1) =>
            {
                run.measures.end = measure + 1;
            }
            _ => runs.push(Run { stretch: bar.stretch, measures: measure..measure + 1 }),
        }
    }
    runs
}
