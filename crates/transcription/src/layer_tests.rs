#![allow(clippy::unwrap_used)]

use super::*;
use crate::tiny::{SETTINGS, archive, numbers};

const NAME: &str = "backbone.encoderLayers.1";

/// Rows times a matrix `[input][output]`, in double precision.
fn product(rows: &[Vec<f64>], matrix: &[f32], outputs: usize) -> Vec<Vec<f64>> {
    let of = |row: &Vec<f64>, k: usize| -> f64 {
        row.iter().enumerate().map(|(i, v)| v * f64::from(matrix[i * outputs + k])).sum()
    };
    rows.iter().map(|row| (0..outputs).map(|k| of(row, k)).collect()).collect()
}

/// Rows times a matrix `[output][input]`, and a bias.
fn linear(archive: &Archive, name: &str, rows: &[Vec<f64>], outputs: usize) -> Vec<Vec<f64>> {
    let inputs = rows[0].len();
    let matrix = archive.numbers(&format!("{name}.weight"), &[outputs, inputs]).unwrap();
    let bias = archive.numbers(&format!("{name}.bias"), &[outputs]).unwrap();
    let turned: Vec<f32> =
        (0..inputs * outputs).map(|k| matrix[k % outputs * inputs + k / outputs]).collect();
    let mut out = product(rows, &turned, outputs);
    out.iter_mut().for_each(|row| row.iter_mut().zip(&bias).for_each(|(v, b)| *v += f64::from(*b)));
    out
}

fn normed(rows: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let norm = |row: &Vec<f64>| {
        let square = row.iter().map(|v| v * v).sum::<f64>() / row.len() as f64;
        row.iter().map(|v| v / (square + 1e-6).sqrt()).collect()
    };
    rows.iter().map(norm).collect()
}

fn add_scaled(archive: &Archive, name: &str, rows: &mut [Vec<f64>], added: &[Vec<f64>]) {
    let scale = archive.numbers(&format!("{name}.scale"), &[SETTINGS.width()]).unwrap();
    for (row, added) in rows.iter_mut().zip(added) {
        row.iter_mut().zip(added.iter().zip(&scale)).for_each(|(v, (a, s))| *v += a * f64::from(*s));
    }
}

/// The block by its definition.
fn plain(archive: &Archive, axis: &str, rows: &mut [Vec<f64>], remembered: &[Vec<f64>]) {
    let (width, size) = (SETTINGS.width(), SETTINGS.width() / SETTINGS.heads);
    let attention = format!("{NAME}.mhaBlock{axis}");
    let project = |rows: &[Vec<f64>], what: &str| {
        let name = format!("{attention}.module.{what}_proj_weight");
        product(rows, &archive.numbers(&name, &[width, width]).unwrap(), width)
    };
    let queries = project(&normed(rows), "q");
    let (keys, values) = (project(remembered, "k"), project(remembered, "v"));
    let mix = |query: &Vec<f64>, at: usize| {
        let head = at / size * size..at / size * size + size;
        let score = |key: &Vec<f64>| -> f64 {
            let dot: f64 = query[head.clone()].iter().zip(&key[head.clone()]).map(|(q, k)| q * k).sum();
            (dot / (size as f64).sqrt()).exp()
        };
        let weights: Vec<f64> = keys.iter().map(score).collect();
        weights.iter().zip(&values).map(|(w, v)| w * v[at]).sum::<f64>() / weights.iter().sum::<f64>()
    };
    let mixed: Vec<Vec<f64>> =
        queries.iter().map(|query| (0..width).map(|at| mix(query, at)).collect()).collect();
    let out = linear(archive, &format!("{attention}.module.out_proj"), &mixed, width);
    add_scaled(archive, &attention, rows, &out);
    let feed = format!("{NAME}.fnnBlock{axis}");
    let mut hidden = linear(archive, &format!("{feed}.module.0"), &normed(rows), SETTINGS.growth * width);
    for v in hidden.iter_mut().flatten() {
        let mut unit = [*v as f32];
        crate::rows::gelu(&mut unit);
        *v = f64::from(unit[0]);
    }
    let out = linear(archive, &format!("{feed}.module.3"), &hidden, width);
    add_scaled(archive, &feed, rows, &out);
}

#[test]
fn a_block_is_that_of_plain_loops() {
    let (archive, width) = (archive(), SETTINGS.width());
    let mut work = Workspace::default();
    // One workspace for lines of all lengths.
    for (axis, remembered, changed) in [("F", 37, 37), ("T", 19, 18), ("F", 5, 2), ("T", 37, 37)] {
        let block = Block::load(&archive, NAME, axis, [width, SETTINGS.heads, SETTINGS.growth]).unwrap();
        let (old, mut rows) = (numbers(remembered * width, 11), numbers(changed * width, 12));
        let wide = |rows: &[f32]| -> Vec<Vec<f64>> {
            rows.chunks(width).map(|row| row.iter().map(|v| f64::from(*v)).collect()).collect()
        };
        let mut expected = wide(&rows);
        plain(&archive, axis, &mut expected, &wide(&old));
        block.remember(&old, &mut work);
        block.apply(&mut rows, &mut work);
        for (found, expected) in rows.iter().zip(expected.iter().flatten()) {
            assert!((f64::from(*found) - expected).abs() < 1e-4, "{axis}: {found} for {expected}");
        }
    }
}
