//! Moving notes to note values.
//!
//! Each quarter gets the simplest division that its onsets fit: exactly if one does, else the
//! one with the best balance of simplicity and error. Ends of notes follow the grid of the
//! quarter in which they lie, or a division of it.

use std::collections::BTreeMap;

use crate::time::Quarters;

/// Divisions of a quarter and what each costs, in quarters of error that it must save.
const DIVISIONS: [(u16, f64); 10] = [
    (1, 0.0),
    (2, 0.02),
    (4, 0.04),
    (3, 0.055),
    (8, 0.065),
    (6, 0.075),
    (16, 0.085),
    (12, 0.1),
    (5, 0.115),
    (7, 0.13),
];

/// Divisions for fast passages: taken only where at least [`FAST`] onsets fit to the tick.
const FINE_DIVISIONS: [u16; 8] = [32, 24, 10, 9, 20, 11, 13, 48];
const FAST: usize = 3;

/// Nearer than this to a point of the grid, in quarters, is on it.
const EXACT_QUARTERS: f64 = 0.004;

/// The grid of each quarter in which notes start.
pub struct Grid {
    ticks: u64,
    divisions: BTreeMap<u64, u16>,
}

impl Grid {
    /// Finds the divisions that the onsets ask for; `ticks` is the number of ticks in a quarter.
    pub fn of(ticks: u16, onsets: impl IntoIterator<Item = u64>) -> Self {
        let ticks = u64::from(ticks);
        let mut quarters: BTreeMap<u64, Vec<f64>> = BTreeMap::new();
        for onset in onsets {
            let within = (onset % ticks) as f64 / ticks as f64;
            quarters.entry(onset / ticks).or_default().push(within);
        }
        let exact = exactness(ticks);
        let divisions = quarters
            .into_iter()
            .map(|(quarter, onsets)| (quarter, division(&onsets, exact, 0.51 / ticks as f64)));
        Self { ticks, divisions: divisions.collect() }
    }

    /// The note value nearest to an onset.
    pub fn onset(&self, tick: u64) -> Quarters {
        let quarter = tick / self.ticks;
        self.nearest(tick, self.divisions.get(&quarter).copied().unwrap_or(1))
    }

    /// The note value nearest to the end of a note that starts at `onset`; always later than it.
    pub fn end(&self, tick: u64, onset: Quarters) -> Quarters {
        let base = self.divisions.get(&(tick / self.ticks)).copied().unwrap_or(1);
        let exact = exactness(self.ticks);
        let finer = [1, 2, 4, 8, 16].map(|f| base * f).into_iter().filter(|d| *d <= 48);
        let straight = [4, 8, 3, 6, 16, 12];
        let fits = |d: &u16| (self.nearest(tick, *d).to_f64() - self.quarters(tick)).abs() <= exact;
        // Most ends that fit nothing are notes shortened or lengthened a little by their player.
        let division = finer.chain(straight).find(fits).unwrap_or(match base {
            1 | 2 => 4,
            3 => 6,
            other => other,
        });
        let end = self.nearest(tick, division);
        if end > onset { end } else { onset + Quarters::new(1, i64::from(division.max(4))) }
    }

    fn quarters(&self, tick: u64) -> f64 {
        tick as f64 / self.ticks as f64
    }

    fn nearest(&self, tick: u64, division: u16) -> Quarters {
        let (quarter, rest) = ((tick / self.ticks) as i64, tick % self.ticks);
        let step = (rest * u64::from(division) + self.ticks / 2) / self.ticks;
        Quarters::whole(quarter) + Quarters::new(step as i64, i64::from(division))
    }
}

/// Note values are often rounded to ticks; that is no error.
fn exactness(ticks: u64) -> f64 {
    EXACT_QUARTERS.max(0.51 / ticks as f64)
}

fn division(onsets: &[f64], exact: f64, to_the_tick: f64) -> u16 {
    let error = |division: u16, onset: f64| {
        let steps = onset * f64::from(division);
        (steps - steps.round()).abs() / f64::from(division)
    };
    let fits = |division: u16, by: f64| onsets.iter().all(|onset| error(division, *onset) <= by);
    if let Some((division, _)) = DIVISIONS.into_iter().find(|(division, _)| fits(*division, exact)) {
        return division;
    }
    let fine = FINE_DIVISIONS.into_iter().find(|division| fits(*division, to_the_tick));
    if let Some(division) = fine.filter(|_| onsets.len() >= FAST) {
        return division;
    }
    let cost = |division: u16, price: f64| {
        let squares: f64 = onsets.iter().map(|onset| error(division, *onset).powi(2)).sum();
        (squares / onsets.len() as f64).sqrt() + price
    };
    let costs = DIVISIONS.map(|(division, price)| (division, cost(division, price)));
    costs.into_iter().min_by(|a, b| a.1.total_cmp(&b.1)).map_or(1, |(division, _)| division)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn snapped(ticks: u16, onsets: &[u64]) -> Vec<Quarters> {
        let grid = Grid::of(ticks, onsets.iter().copied());
        onsets.iter().map(|onset| grid.onset(*onset)).collect()
    }

    #[test]
    fn exact_tuplets_are_kept() {
        let thirds = [0, 160, 320].map(|t| t + 960);
        assert_eq!(snapped(480, &thirds), [0, 1, 2].map(|k| Quarters::new(6 + k, 3)));
        let sevenths: Vec<u64> = (0..7).map(|k| (k * 480 + 3) / 7).collect();
        assert_eq!(snapped(480, &sevenths), (0..7).map(|k| Quarters::new(k, 7)).collect::<Vec<_>>());
    }

    #[test]
    fn uneven_playing_finds_the_simple_value() {
        // Sixteenths played up to 15 ticks off, then triplets, then one late quarter.
        assert_eq!(snapped(480, &[5, 112, 250, 371]), [0, 1, 2, 3].map(|k| Quarters::new(k, 4)));
        assert_eq!(snapped(480, &[8, 149, 331]), [0, 1, 2].map(|k| Quarters::new(k, 3)));
        assert_eq!(snapped(480, &[484 + 12, 470 + 960]), [1, 3].map(Quarters::whole));
    }

    #[test]
    fn ends_lie_on_note_values_after_their_onset() {
        let grid = Grid::of(480, [0, 480, 960]);
        assert_eq!(grid.end(455, Quarters::ZERO), Quarters::whole(1));
        assert_eq!(grid.end(240, Quarters::ZERO), Quarters::new(1, 2));
        assert_eq!(grid.end(1, Quarters::ZERO), Quarters::new(1, 4));
    }
}
