//! Ridge regression, for what a straight line learns as well as anything more bent.

/// The coefficients of `inputs` columns that fit the targets best. The squares of the first `pulled`
/// are weighed with `ridge` against the errors; a column of ones, say, is not to be pulled to zero.
pub fn ridge(
    inputs: usize,
    pulled: usize,
    ridge: f64,
    examples: impl Iterator<Item = (Vec<f64>, f64)>,
) -> Vec<f64> {
    // The normal equations, with the right side last.
    let mut rows = vec![vec![0.0; inputs + 1]; inputs];
    for (x, target) in examples {
        for (i, row) in rows.iter_mut().enumerate() {
            row.iter_mut().zip(&x).for_each(|(sum, y)| *sum += x[i] * y);
            row[inputs] += x[i] * target;
        }
    }
    (0..pulled).for_each(|k| rows[k][k] += ridge);
    solve(rows)
}

/// Gauss-Jordan elimination; the ridge keeps the matrix far from singular, so no pivots are sought.
fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let size = rows.len();
    for k in 0..size {
        let by = rows[k][k];
        rows[k].iter_mut().for_each(|x| *x /= by);
        let pivot = rows[k].clone();
        for row in rows.iter_mut().enumerate().filter(|(i, _)| *i != k).map(|(_, row)| row) {
            let factor = row[k];
            row.iter_mut().zip(&pivot).skip(k).for_each(|(x, p)| *x -= factor * p);
        }
    }
    rows.iter().map(|row| row[size]).collect()
}
