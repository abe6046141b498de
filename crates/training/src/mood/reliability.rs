//! How far a chance that is told can be trusted.

use serde::Serialize;

use crate::linear;

/// Borders between the rows of the table.
const BORDERS: [f64; 4] = [0.5, 0.75, 0.9, 0.97];

/// Steps of Newton's method: it stands still after about six.
const STEPS: usize = 12;

/// Cases whose told chance is about the same.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// From which chance on.
    pub from: f64,
    /// Number of cases.
    pub cases: usize,
    /// Mean of what was told.
    pub told: f64,
    /// Share that was right.
    pub right: f64,
}

/// The told chances against what was so; rows without cases are left out.
pub fn table(cases: &[(f64, bool)]) -> Vec<Row> {
    let of = |k: usize| {
        let from = if k == 0 { 0.0 } else { BORDERS[k - 1] };
        let to = BORDERS.get(k).copied().unwrap_or(f64::INFINITY);
        let within: Vec<&(f64, bool)> = cases.iter().filter(|c| (from..to).contains(&c.0)).collect();
        let count = within.len() as f64;
        let told = within.iter().map(|c| c.0).sum::<f64>() / count;
        let right = within.iter().filter(|c| c.1).count() as f64 / count;
        (!within.is_empty()).then_some(Row { from, cases: within.len(), told, right })
    };
    (0..=BORDERS.len()).filter_map(of).collect()
}

/// The area under the curve: how often a case that is right was told a higher chance than one that
/// is not, ties by half. None without cases of both kinds.
pub fn auc(cases: &[(f64, bool)]) -> Option<f64> {
    let (right, wrong): (Vec<&(f64, bool)>, Vec<_>) = cases.iter().partition(|case| case.1);
    let beats = |a: f64, b: f64| if a > b { 1.0 } else { f64::from(u8::from(a == b)) / 2.0 };
    let sum: f64 = right.iter().flat_map(|r| wrong.iter().map(move |w| beats(r.0, w.0))).sum();
    let pairs = right.len() * wrong.len();
    (pairs > 0).then(|| sum / pairs as f64)
}

/// Logistic regression: log odds at 0, and how much they grow with each value (Newton's method, as
/// least squares weighted anew in each step).
pub fn logistic(values: &[[f64; 2]], right: &[bool]) -> [f64; 3] {
    let mut odds = [0.0; 3];
    for _ in 0..STEPS {
        let example = |([a, b], right): (&[f64; 2], &bool)| {
            let x = [1.0, *a, *b];
            let log_odds: f64 = x.iter().zip(odds).map(|(x, o)| x * o).sum();
            let chance = 1.0 / (1.0 + (-log_odds).exp());
            let weight = (chance * (1.0 - chance)).max(1e-6);
            let target = log_odds + (f64::from(u8::from(*right)) - chance) / weight;
            (x.iter().map(|x| x * weight.sqrt()).collect(), target * weight.sqrt())
        };
        // A pull so weak that only a column of zeros needs it.
        let solved = linear::ridge(3, 3, 1e-6, values.iter().zip(right).map(example));
        odds.iter_mut().zip(solved).for_each(|(odds, found)| *odds = found);
    }
    odds
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_area_is_half_for_chance_and_one_for_knowing() {
        assert_eq!(auc(&[(0.9, true), (0.8, true), (0.2, false)]), Some(1.0));
        assert_eq!(auc(&[(0.5, true), (0.5, false)]), Some(0.5));
        assert_eq!(auc(&[(0.9, true), (0.4, true), (0.6, false)]), Some(0.5));
        assert_eq!(auc(&[(0.9, true)]), None);
    }

    #[test]
    fn rows_hold_what_was_told_and_what_was_so() {
        let rows = table(&[(0.2, false), (0.8, true), (0.76, false), (1.0, true)]);
        assert_eq!(rows.iter().map(|r| r.cases).collect::<Vec<_>>(), [1, 2, 1]);
        assert!((rows[1].told - 0.78).abs() < 1e-12);
        assert_eq!((rows[1].right, rows[1].from, rows[2].from), (0.5, 0.75, 0.97));
    }

    #[test]
    fn the_odds_of_drawn_cases_are_found_again() {
        let truth = [-0.5, 1.5, 2.0];
        let (mut values, mut right) = (Vec::new(), Vec::new());
        for a in 0..20 {
            for b in 0..20 {
                let x = [f64::from(a) / 20.0, f64::from(b) / 20.0];
                let chance = 1.0 / (1.0 + (-(truth[0] + truth[1] * x[0] + truth[2] * x[1])).exp());
                // A hundred cases at each place, as many right as the chance says.
                for case in 0..100 {
                    values.push(x);
                    right.push(f64::from(case) + 0.5 < 100.0 * chance);
                }
            }
        }
        let found = logistic(&values, &right);
        assert!(found.iter().zip(truth).all(|(f, t)| (f - t).abs() < 0.05), "{found:?}");
    }
}
