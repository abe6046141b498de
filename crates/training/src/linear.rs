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

/// The inverse of a positive definite matrix.
pub fn inverse(mut rows: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = rows.len();
    for (k, row) in rows.iter_mut().enumerate() {
        row.extend((0..size).map(|j| f64::from(u8::from(j == k))));
    }
    eliminate(&mut rows);
    rows.iter_mut().map(|row| row.split_off(size)).collect()
}

/// The solution of equations, far from singular, one a row with the right side last.
pub fn solve(mut rows: Vec<Vec<f64>>) -> Vec<f64> {
    let size = rows.len();
    eliminate(&mut rows);
    rows.iter().map(|row| row[size]).collect()
}

/// Gauss-Jordan elimination; what comes here is far from singular, so no pivots are sought.
fn eliminate(rows: &mut [Vec<f64>]) {
    for k in 0..rows.len() {
        let by = rows[k][k];
        rows[k].iter_mut().for_each(|x| *x /= by);
        let pivot = rows[k].clone();
        for row in rows.iter_mut().enumerate().filter(|(i, _)| *i != k).map(|(_, row)| row) {
            let factor = row[k];
            row.iter_mut().zip(&pivot).skip(k).for_each(|(x, p)| *x -= factor * p);
        }
    }
}
