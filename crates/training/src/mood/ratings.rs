//! Rated performances as examples to learn from: how each differs from the others of its segment.

use super::left_out::Example;
use crate::evaluate::percepiano::{Rated, Segment, centred};

/// Steps of the scale, which is published divided by it.
pub(super) const STEPS: f64 = 7.0;

/// Farthest that a value counts, in deviations: a wrong match is no way of playing.
const FARTHEST: f64 = 4.0;

/// What is less in a column does not vary.
const NOTHING: f64 = 1e-9;

/// All performances, and how much of each column counts as one in them: its deviation between the players of a
/// segment, times a unit. A larger unit pulls the weight of the column more to zero. `known` tells what is
/// known of the performances of a segment by its number, `[players][columns]`; NaN is not known.
pub(super) fn examples(
    rated: &Rated,
    units: &[f64],
    known: &dyn Fn(usize) -> Vec<Vec<f64>>,
) -> (Vec<f64>, Vec<Example>) {
    let segments = &rated.segments;
    let rows: Vec<Vec<f64>> = (0..segments.len()).flat_map(|k| less_mean(known(k), units.len())).collect();
    let size = |(column, unit): (usize, &f64)| {
        let values = || rows.iter().map(|row| row[column]).filter(|value| value.is_finite());
        let square: f64 = values().map(|value| value * value).sum();
        (square / values().count().max(1) as f64).sqrt().max(NOTHING) * unit
    };
    let sizes: Vec<f64> = units.iter().enumerate().map(size).collect();
    let lean = |row: &Vec<f64>| -> Vec<f64> {
        let of = |(k, value): (usize, &f64)| {
            let farthest = FARTHEST / units[k];
            if value.is_finite() { (value / sizes[k]).clamp(-farthest, farthest) } else { 0.0 }
        };
        row.iter().enumerate().map(of).collect()
    };
    let rating = |scale: usize| {
        centred(segments, &|segment: &Segment| segment.means.iter().map(|row| STEPS * row[scale]).collect())
    };
    let ratings: Vec<Vec<f64>> = (0..rated.scales.len()).map(rating).collect();
    let who = segments.iter().flat_map(|s| s.players.iter().map(|player| (player.clone(), s.piece.clone())));
    let example = |(n, (player, piece)): (usize, (String, String))| Example {
        player,
        piece,
        known: lean(&rows[n]),
        ratings: ratings.iter().map(|ratings| ratings[n]).collect(),
    };
    let examples = who.enumerate().map(example).collect();
    (sizes, examples)
}

/// Performances that may vary: a mean is taken out of every segment. At least 1.
pub(super) fn free(rated: &Rated) -> f64 {
    rated.segments.iter().map(|segment| segment.len().saturating_sub(1)).sum::<usize>().max(1) as f64
}

/// Rows less the mean of each column, of the values that are known.
fn less_mean(mut rows: Vec<Vec<f64>>, columns: usize) -> Vec<Vec<f64>> {
    for column in 0..columns {
        let known = rows.iter().map(|row| row[column]).filter(|value| value.is_finite());
        let (sum, count) = known.fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
        rows.iter_mut().for_each(|row| row[column] -= sum / count);
    }
    rows
}

#[cfg(test)]
mod tests {
    use performance::cues::CUES;

    use super::*;

    #[test]
    fn examples_differ_from_their_segment_in_deviations() {
        let mut rated = Rated { scales: vec!["slow - fast".into()], segments: Vec::new(), left_out: 0 };
        for piece in ["a", "b"] {
            let mut segment = Segment { piece: piece.into(), ..Segment::default() };
            for player in 0..3 {
                segment.add(&player.to_string(), &[0.1 * f64::from(player)], &[0.0], None, [0.0; CUES]);
            }
            rated.segments.push(segment);
        }
        let known = |k: usize| {
            let level = 100.0 * k as f64;
            vec![vec![level - 3.0, 1.0, f64::NAN], vec![level, 1.0, 0.0], vec![level + 3.0, 1.0, 1.0]]
        };
        let (sizes, examples) = examples(&rated, &[1.0, 1.0, 2.0], &known);
        assert!((sizes[0] - 6.0f64.sqrt()).abs() < 1e-12 && (sizes[2] - 1.0).abs() < 1e-12, "{sizes:?}");
        assert_eq!(examples.len(), 6);
        let last = &examples[5];
        assert_eq!((last.player.as_str(), last.piece.as_str()), ("2", "b"));
        assert!((last.known[0] - 3.0 / 6.0f64.sqrt()).abs() < 1e-12 && last.known[1] == 0.0, "{last:?}");
        assert!((last.known[2] - 0.5).abs() < 1e-12 && examples[3].known[2] == 0.0, "{last:?}");
        assert!((last.ratings[0] - 0.7).abs() < 1e-12, "{last:?}");
        assert_eq!(free(&rated), 4.0);
    }
}
