#![allow(clippy::unwrap_used)]

use super::*;
use crate::tiny;

/// The spectrogram by its definition, in double precision.
fn plain(archive: &Archive, segment: &[f32]) -> Vec<f64> {
    let Settings { window, hop, bands, extra_windows, .. } = tiny::SETTINGS;
    let read = |name: &str, shape: &[usize]| -> Vec<f64> {
        let numbers = archive.numbers(&format!("framewiseFeatureExtractor.{name}"), shape).unwrap();
        numbers.into_iter().map(f64::from).collect()
    };
    let filters = read("freq2mels", &[window / 2 + 1, bands]);
    let sigmas = read("spectrogramExtractor.winGen.sigma", &[extra_windows]);
    let centres = read("spectrogramExtractor.winGen.center", &[extra_windows]);
    let sigmoid = |v: f64| 1.0 / (1.0 + (-v).exp());
    let mut windows = vec![read("spectrogramExtractor.win", &[window])];
    for (sigma, centre) in sigmas.iter().zip(centres) {
        let (width, centre) = (sigmoid(*sigma) * window as f64 / 2.0, sigmoid(centre) * window as f64);
        windows.push((0..window).map(|k| (-0.5 * ((k as f64 - centre) / width).powi(2)).exp()).collect());
    }
    let frames: Vec<Vec<f64>> = (0..tiny::SETTINGS.frames())
        .map(|frame| {
            let sample = |k: usize| (frame * hop + k).checked_sub(window / 2).and_then(|at| segment.get(at));
            (0..window).map(|k| f64::from(*sample(k).unwrap_or(&0.0))).collect()
        })
        .collect();
    let count = (frames.len() * window) as f64;
    let mean = frames.iter().flatten().sum::<f64>() / count;
    let variance = frames.iter().flatten().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
    let mut out = Vec::new();
    // Two frames of the middle are enough: a plain transform takes long.
    for frame in &frames[10..12] {
        let mut levels = vec![0.0; bands * windows.len()];
        for (channel, shape) in windows.iter().enumerate() {
            let seen: Vec<f64> =
                frame.iter().zip(shape).map(|(v, w)| (v - mean) / variance.sqrt() * w).collect();
            for bin in 0..=window / 2 {
                let turn = |k: usize| (k * bin % window) as f64 / window as f64 * std::f64::consts::TAU;
                let part =
                    |f: fn(f64) -> f64| -> f64 { seen.iter().enumerate().map(|(k, v)| v * f(turn(k))).sum() };
                let power = (part(f64::cos).powi(2) + part(f64::sin).powi(2)) / window as f64;
                for band in 0..bands {
                    levels[band * windows.len() + channel] += power * filters[bin * bands + band];
                }
            }
        }
        out.extend(levels.iter().map(|power| ((power + 1e-5).ln() - 1e-5_f64.ln()) / -1e-5_f64.ln()));
    }
    out
}

/// The tiny network's filters reach over all bins and may be below zero; here they are few and positive.
fn archive() -> Archive {
    let Settings { window, bands, extra_windows, .. } = tiny::SETTINGS;
    let mut filters = vec![0.0; (window / 2 + 1) * bands];
    for band in 0..bands {
        let weights = tiny::numbers(3 + band, band as u64 + 1);
        weights.iter().enumerate().for_each(|(k, w)| filters[(5 * band + k) * bands + band] = w.abs());
    }
    let name = |name: &str| format!("framewiseFeatureExtractor.{name}");
    let [hann, sigmas, centres] =
        [window, extra_windows, extra_windows].map(|n| tiny::numbers(n, n as u64 + 7));
    tiny::archive_of(&[
        (&name("freq2mels"), &[window / 2 + 1, bands], &filters),
        (&name("spectrogramExtractor.win"), &[window], &hann),
        (&name("spectrogramExtractor.winGen.sigma"), &[extra_windows], &sigmas),
        (&name("spectrogramExtractor.winGen.center"), &[extra_windows], &centres),
    ])
}

#[test]
fn levels_are_those_of_a_plain_transform() {
    let archive = archive();
    let wave = |k: usize| (k as f32 * 0.01).sin() * 0.4 + (k as f32 * 0.003).sin() * 0.1 + 0.05;
    let noise = tiny::numbers(tiny::SETTINGS.segment(), 3);
    let segment: Vec<f32> = noise.iter().enumerate().map(|(k, v)| wave(k) + 0.02 * v).collect();
    let found = Spectrogram::load(&archive, &tiny::SETTINGS).unwrap().of(&segment);
    let size = tiny::SETTINGS.bands * tiny::SETTINGS.channels();
    assert_eq!(found.len(), tiny::SETTINGS.frames() * size);
    let expected = plain(&archive, &segment);
    for (found, expected) in found[10 * size..12 * size].iter().zip(&expected) {
        assert!((f64::from(*found) - expected).abs() < 1e-4, "{found} for {expected}");
    }
    assert!(expected.iter().any(|level| *level > 0.3));
}

#[test]
fn silence_is_zero() {
    let spectrogram = Spectrogram::load(&archive(), &tiny::SETTINGS).unwrap();
    let found = spectrogram.of(&vec![0.0; tiny::SETTINGS.segment()]);
    assert!(found.iter().all(|level| level.abs() < 1e-6));
}
