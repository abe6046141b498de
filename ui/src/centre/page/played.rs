//! Where on the page the bars stand, in the order in which they are played.

use protocol::{ScoreView, SystemView};

/// Places closer than this are one, in quarters.
const SAME_QUARTERS: f64 = 1e-9;

/// Where on the page a bar stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BarPlace {
    /// In which system.
    pub system: usize,
    /// Which of its measures it is.
    pub measure: usize,
}

/// The bars that are played, and where on the page they stand: those that are repeated where they stood before.
#[derive(Clone, Debug, Default)]
pub struct PlayedBars {
    /// Where each begins, in quarters; rising.
    starts: Vec<f64>,
    /// Where the last one ends.
    end_quarters: f64,
    /// None for bars that are not engraved yet.
    places: Vec<Option<BarPlace>>,
}

impl PlayedBars {
    /// Finds the bars of a score on its page.
    pub fn new(systems: &[SystemView], score: &ScoreView) -> Self {
        let mut places = vec![None; score.measures.len()];
        for (system, view) in systems.iter().enumerate() {
            for (measure, engraved) in view.measures.iter().enumerate() {
                for bar in &engraved.measures {
                    if let Some(place) = places.get_mut(*bar as usize) {
                        *place = Some(BarPlace { system, measure });
                    }
                }
            }
        }
        let starts = score.measures.iter().map(|measure| measure.start_quarters).collect();
        let end_quarters = score.measures.last().map_or(0.0, |measure| measure.end_quarters);
        Self { starts, end_quarters, places }
    }

    /// The bar that is played at a place of the score: the first or the last for what is outside.
    pub fn at(&self, quarters: f64) -> Option<usize> {
        let next = self.starts.partition_point(|start| *start <= quarters + SAME_QUARTERS);
        (!self.starts.is_empty()).then_some(next.saturating_sub(1))
    }

    /// Where a bar stands, if it is engraved.
    pub fn place(&self, bar: usize) -> Option<BarPlace> {
        *self.places.get(bar)?
    }

    /// Where in the score a bar begins and ends, in quarters.
    pub fn span(&self, bar: usize) -> Option<(f64, f64)> {
        let start = *self.starts.get(bar)?;
        Some((start, self.starts.get(bar + 1).copied().unwrap_or(self.end_quarters)))
    }
}
