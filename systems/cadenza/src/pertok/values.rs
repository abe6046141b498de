//! The values that have tokens.

use super::config::{Config, Grid, MicroTiming};

/// The values of all grids in ticks, above 0, each once, in the order of the grids.
pub(super) fn grid_ticks(config: &Config) -> Vec<u32> {
    let mut values = Vec::new();
    for Grid { from, to, steps } in &config.grids {
        let step_ticks = config.ticks_per_quarter / steps;
        for quarter in *from..*to {
            for step in 0..*steps {
                let value = quarter * config.ticks_per_quarter + step * step_ticks;
                if value > 0 && !values.contains(&value) {
                    values.push(value);
                }
            }
        }
    }
    values
}

/// Places in a bar, in ticks from the bar line, ascending, the bar line itself first.
pub(super) fn positions_ticks(grid_ticks: &[u32]) -> Vec<u32> {
    let mut positions = vec![0];
    positions.extend(grid_ticks);
    positions.sort_unstable();
    positions
}

/// Distances from the grid in ticks, ascending: evenly spaced, and each taken down to a whole tick, as
/// NumPy's `linspace` does for whole numbers. Where bins are narrower than a tick, fewer are left.
pub(super) fn micro_timing_ticks(ticks_per_quarter: u32, micro_timing: MicroTiming) -> Vec<i32> {
    let longest = micro_timing.max_shift_quarters * f64::from(ticks_per_quarter);
    let mut values = linspace_down(-longest, longest, micro_timing.bins);
    values.dedup();
    values
}

/// Velocities above 0, ascending, evenly spaced, the last 127.
pub(super) fn velocities(bins: u8) -> Vec<u8> {
    linspace_down(0.0, 127.0, u32::from(bins)).into_iter().skip(1).map(|value| value as u8).collect()
}

/// Both ends of a range and what divides it into so many bins, taken down to whole numbers. The order of
/// the operations is NumPy's, so that what falls on a whole number does so there, too.
fn linspace_down(first: f64, last: f64, bins: u32) -> Vec<i32> {
    let step = (last - first) / f64::from(bins);
    let value = |k: u32| if k == bins { last } else { f64::from(k) * step + first };
    (0..=bins).map(|k| value(k).floor() as i32).collect()
}

/// The value nearest to what is wanted; of two as near, the one that comes first.
pub(super) fn nearest<T: Copy + Into<i64>>(values: impl IntoIterator<Item = T>, wanted: i64) -> Option<T> {
    values.into_iter().min_by_key(|value| ((*value).into() - wanted).abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `np.linspace(-40, 40, 31, dtype=np.intc)` and `np.linspace(0, 127, 33, dtype=np.intc)[1:]`.
    #[test]
    fn bins_are_those_of_numpy() {
        let micro_timing = MicroTiming { max_shift_quarters: 0.125, bins: 30 };
        let expected = [
            -40, -38, -35, -32, -30, -27, -24, -22, -19, -16, -14, -11, -8, -6, -3, 0, 2, 5, 8, 10, 13, 16,
            18, 21, 24, 26, 29, 32, 34, 37, 40,
        ];
        assert_eq!(micro_timing_ticks(320, micro_timing), expected);
        let expected = [
            3, 7, 11, 15, 19, 23, 27, 31, 35, 39, 43, 47, 51, 55, 59, 63, 67, 71, 75, 79, 83, 87, 91, 95, 99,
            103, 107, 111, 115, 119, 123, 127,
        ];
        assert_eq!(velocities(32), expected);
        assert!(velocities(127).into_iter().eq(1..=127));
    }

    #[test]
    fn grids_overlap_and_share_what_they_have_in_common() {
        let ticks = grid_ticks(&Config::default());
        assert_eq!(ticks.len(), 15 + 8);
        assert_eq!(ticks[..4], [80, 160, 240, 320]);
        assert_eq!(ticks[15..17], [106, 212]);
        assert_eq!(positions_ticks(&ticks)[..6], [0, 80, 106, 160, 212, 240]);
    }

    #[test]
    fn of_two_as_near_the_first_is_nearest() {
        assert_eq!(nearest([80u32, 160, 106], 133), Some(160));
        assert_eq!(nearest([80u32, 106, 160], 133), Some(106));
        assert_eq!(nearest([] as [u32; 0], 133), None);
    }
}
