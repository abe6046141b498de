//! Which measures of a system are marked, as stretches of measures that look alike.

use protocol::{Bars, EngravedMeasure};

/// Measures beside one another that are marked alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// The first, by its place in the system.
    pub from: usize,
    /// The last.
    pub to: usize,
    /// Whether they are marked each time that they are played; else only some times.
    pub is_whole: bool,
    /// Whether what is marked begins here, and whether it ends here.
    pub ends: [bool; 2],
}

/// The measures of a system that some bars stand in. What is selected in the order of play may be several stretches
/// of the page.
pub(super) fn of_bars(measures: &[EngravedMeasure], bars: &Bars) -> Vec<Run> {
    let has = |measure: &EngravedMeasure, bar: Option<usize>| {
        measure.passes.iter().any(|pass| Some(pass.measure as usize) == bar)
    };
    let ends =
        |measure: &EngravedMeasure| [has(measure, Some(bars.start)), has(measure, bars.end.checked_sub(1))];
    runs(measures, |bar| bars.contains(&bar), ends)
}

/// The measures of a system that are marked at some time, without ends.
pub(super) fn marked(measures: &[EngravedMeasure], is_marked: impl Fn(usize) -> bool) -> Vec<Run> {
    runs(measures, is_marked, |_| [false; 2])
}

fn runs(
    measures: &[EngravedMeasure],
    is_marked: impl Fn(usize) -> bool,
    ends: impl Fn(&EngravedMeasure) -> [bool; 2],
) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (k, measure) in measures.iter().enumerate() {
        let mut times = measure.passes.iter().map(|pass| is_marked(pass.measure as usize));
        if !times.clone().any(|is_marked| is_marked) {
            continue;
        }
        let is_whole = times.all(|is_marked| is_marked);
        let [begins, is_last] = ends(measure);
        match runs.last_mut() {
            Some(run) if run.to + 1 == k && run.is_whole == is_whole && !run.ends[1] && !begins => {
                (run.to, run.ends[1]) = (k, is_last);
            }
            _ => runs.push(Run { from: k, to: k, is_whole, ends: [begins, is_last] }),
        }
    }
    runs
}

#[cfg(test)]
mod tests {
    use protocol::EngravedPass;

    use super::*;

    fn measures(bars: &[&[u32]]) -> Vec<EngravedMeasure> {
        let pass = |bar: &u32| EngravedPass { measure: *bar, start_quarters: f64::from(*bar) };
        let measure = |bars: &&[u32]| EngravedMeasure {
            passes: bars.iter().map(pass).collect(),
            length_quarters: 1.0,
            left: 0.0,
            right: 1.0,
        };
        bars.iter().map(measure).collect()
    }

    fn run(from: usize, to: usize, is_whole: bool, ends: [bool; 2]) -> Run {
        Run { from, to, is_whole, ends }
    }

    #[test]
    fn bars_that_are_played_once_are_one_run() {
        let system = measures(&[&[2], &[3], &[4], &[5]]);
        assert_eq!(of_bars(&system, &(3..5)), [run(1, 2, true, [true, true])]);
        assert_eq!(of_bars(&system, &(0..4)), [run(0, 1, true, [false, true])]);
        assert_eq!(of_bars(&system, &(6..9)), []);
        assert_eq!(of_bars(&system, &(3..3)), []);
        assert_eq!(marked(&system, |bar| bar > 3), [run(2, 3, true, [false; 2])]);
    }

    #[test]
    fn what_is_marked_at_one_of_its_times_is_marked_in_part() {
        // Two bars that are repeated, with a first and a second ending.
        let system = measures(&[&[0, 3], &[1, 4], &[2], &[5]]);
        assert_eq!(of_bars(&system, &(3..5)), [run(0, 1, false, [true, true])]);
        // From the second bar through the first ending to the first bar of the repeat.
        let through =
            [run(0, 0, false, [false, true]), run(1, 1, false, [true, false]), run(2, 2, true, [false; 2])];
        assert_eq!(of_bars(&system, &(1..4)), through);
        assert_eq!(of_bars(&system, &(0..6)), [run(0, 3, true, [true, true])]);
        assert_eq!(
            marked(&system, |bar| bar >= 4),
            [run(1, 1, false, [false; 2]), run(3, 3, true, [false; 2])]
        );
    }
}
