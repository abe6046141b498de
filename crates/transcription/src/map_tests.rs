#![allow(clippy::unwrap_used)]

use super::*;
use crate::tiny::{archive_of, numbers};

fn map(times: usize, bands: usize, channels: usize) -> Map {
    Map { times, bands, channels, values: numbers(times * bands * channels, 5) }
}

#[test]
fn convolutions_are_those_of_plain_loops() {
    let (inputs, outputs) = (3, 5);
    let (kernels, bias) = (numbers(outputs * inputs * 9, 1), numbers(outputs, 2));
    let archive =
        archive_of(&[("c.weight", &[outputs, inputs, 3, 3], &kernels), ("c.bias", &[outputs], &bias)]);
    for (times, bands, strides) in
        [(7, 6, [1, 1]), (7, 5, [2, 1]), (8, 7, [2, 2]), (1, 1, [1, 1]), (2, 1, [2, 2])]
    {
        let map = map(times, bands, inputs);
        let shift = numbers(bands.div_ceil(strides[1]) * outputs, 3);
        let found = Convolution::load(&archive, "c", [inputs, outputs], strides).unwrap().of(&map, &shift);
        assert_eq!((found.times, found.bands), (times.div_ceil(strides[0]), bands.div_ceil(strides[1])));
        for (at, v) in found.values.iter().enumerate() {
            let (time, band, output) = (at / outputs / found.bands, at / outputs % found.bands, at % outputs);
            let mut expected = bias[output] + shift[band * outputs + output];
            for (dt, db, input) in (0..27).map(|k| (k / 9, k / 3 % 3, k % 3)) {
                let t = (time * strides[0] + dt).checked_sub(1).filter(|t| *t < times);
                let b = (band * strides[1] + db).checked_sub(1).filter(|b| *b < bands);
                if let (Some(t), Some(b)) = (t, b) {
                    let kernel = kernels[((output * inputs + input) * 3 + dt) * 3 + db];
                    expected += kernel * map.values[(t * bands + b) * inputs + input];
                }
            }
            assert!((v - expected).abs() < 1e-5, "{times} x {bands}, {strides:?}: {v} for {expected}");
        }
    }
}

#[test]
fn zeros_are_around_a_padded_map() {
    let map = map(2, 3, 4);
    let padded = map.padded([1, 2], [2, 1]);
    assert_eq!((padded.times, padded.bands), (5, 6));
    for (k, v) in padded.values.iter().enumerate() {
        let (time, band, channel) = (k / 24, k / 4 % 6, k % 4);
        let inside = (1..3).contains(&time) && (2..5).contains(&band);
        let expected = if inside { map.values[((time - 1) * 3 + band - 2) * 4 + channel] } else { 0.0 };
        assert_eq!(*v, expected);
    }
}

#[test]
fn groups_of_channels_are_normalized_over_the_whole_map() {
    let mut found = map(9, 11, 8);
    found.values.iter_mut().for_each(|v| *v = *v * 3.0 + 20.0);
    let before = found.clone();
    let (factors, shifts) = (numbers(8, 6), numbers(8, 7));
    found.normalize(&Norm { factors: factors.clone(), shifts: shifts.clone() }, false);
    for group in 0..4 {
        let of_group = |k: &usize| k % 8 / 2 == group;
        let values: Vec<f64> =
            (0..before.values.len()).filter(of_group).map(|k| f64::from(before.values[k])).collect();
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / values.len() as f64;
        for k in (0..before.values.len()).filter(of_group) {
            let normal = (f64::from(before.values[k]) - mean) / (variance + 1e-5).sqrt();
            let expected = normal * f64::from(factors[k % 8]) + f64::from(shifts[k % 8]);
            assert!(
                (f64::from(found.values[k]) - expected).abs() < 1e-4,
                "{} for {expected}",
                found.values[k]
            );
        }
    }
}
