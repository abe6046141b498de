//! Straight lines from an embedding to valence and arousal (ridge regression).

use mood::text::WIDTH;
use mood::text::table::Lines;
use performance::metrics;

use crate::linear;

/// Pull towards zero: the best of .1, .3, 1, 3 and 10 on held-out words.
const PULL: f64 = 3.0;

/// One word of so many is held out to judge the lines.
const HELD_OUT: usize = 10;

/// The lines that fit embeddings `[words][WIDTH]` to valence and arousal `[words]` best.
pub fn fit(embeddings: &[Vec<f32>], targets: &[[f64; 2]]) -> Lines {
    let mut lines = Lines([[0.0; WIDTH + 1]; 2]);
    for (k, line) in lines.0.iter_mut().enumerate() {
        // A column of ones stands for what is added, and is not pulled.
        let full = |row: &Vec<f32>| row.iter().map(|v| f64::from(*v)).chain([1.0]).collect::<Vec<f64>>();
        let examples = embeddings.iter().zip(targets).map(|(row, target)| (full(row), target[k]));
        let solved = linear::ridge(WIDTH + 1, WIDTH, PULL, examples);
        line.iter_mut().zip(solved).for_each(|(w, x)| *w = x as f32);
    }
    lines
}

/// How many words were held out, and the correlations on them of lines fitted to the others.
pub fn judge(embeddings: &[Vec<f32>], targets: &[[f64; 2]]) -> (usize, [f64; 2]) {
    let part = |held: bool| {
        let is_in = move |k: &usize| (k % HELD_OUT == HELD_OUT / 2) == held;
        let places = (0..embeddings.len()).filter(is_in);
        places.map(|k| (embeddings[k].clone(), targets[k])).unzip()
    };
    let (seen, seen_targets): (Vec<_>, Vec<_>) = part(false);
    let (held, held_targets): (Vec<Vec<f32>>, Vec<[f64; 2]>) = part(true);
    let lines = fit(&seen, &seen_targets);
    let guesses: Vec<[f64; 2]> = held.iter().map(|row| lines.apply(row)).collect();
    let pairs = |k: usize| guesses.iter().zip(&held_targets).map(|(g, t)| (g[k], t[k])).collect::<Vec<_>>();
    let r = |k: usize| metrics::correlation(&pairs(k)).unwrap_or_default();
    (held.len(), [r(0), r(1)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn straight_lines_are_found_again() {
        let row = |k: usize| (0..WIDTH).map(|c| ((k * (2 * c + 3) + c * c) % 101) as f32 / 10.0).collect();
        let rows: Vec<Vec<f32>> = (0..1200).map(row).collect();
        let truth = |row: &Vec<f32>| [0.02 * f64::from(row[3]) - 0.3, 0.1 - 0.01 * f64::from(row[200])];
        let targets: Vec<[f64; 2]> = rows.iter().map(truth).collect();
        let lines = fit(&rows, &targets);
        for (row, target) in rows.iter().zip(&targets) {
            let found = lines.apply(row);
            assert!((0..2).all(|k| (found[k] - target[k]).abs() < 0.01), "{found:?} for {target:?}");
        }
        let (held, r) = judge(&rows, &targets);
        assert!(held == 120 && r.iter().all(|r| *r > 0.99), "{held} {r:?}");
    }
}
