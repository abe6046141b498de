//! The classifier learns what can be learned, bar by bar; a seed says how; files keep it.
#![allow(clippy::unwrap_used)]

use burn::tensor::Device;
use rand::RngExt;
use rand_pcg::Pcg64Mcg;
use training::classifier::{Classifier, ClassifierConfig, Example, Fit, fingerprint, fit, load, save};

const NOTES: usize = 12;

/// Three bars of four notes. The class of a bar is whether its first column rises, with a doubt of a
/// tenth; the second column is noise. A third of the windows lack their last bar.
fn window(rng: &mut Pcg64Mcg) -> Example {
    let notes = if rng.random_bool(0.3) { NOTES - 4 } else { NOTES };
    let mut example = Example::default();
    let mut rising = false;
    for n in 0..notes {
        if n % 4 == 0 {
            rising = rng.random_bool(0.5);
            example.targets.extend(if rising { [0.1, 0.9] } else { [0.9, 0.1] });
        }
        let place = (n % 4) as f32 - 1.5;
        example.rows.extend([if rising { place } else { -place }, rng.random_range(-1.0..1.0)]);
        example.segments.push((n / 4) as u32);
    }
    example
}

fn learned(seed: u64, steps: usize) -> Classifier {
    let config = ClassifierConfig::new(2, 2).with_hidden(16).with_layers(1).with_dropout(0.1);
    let options = Fit { steps, batch: 16, learning_rate: 1e-2, seed, ..Fit::default() };
    fit(&config, &options, &Device::flex(), &|rng, count| (0..count).map(|_| window(rng)).collect())
}

fn judged() -> Vec<Example> {
    let mut rng: Pcg64Mcg = rand::SeedableRng::seed_from_u64(99);
    (0..100).map(|_| window(&mut rng)).collect()
}

#[test]
fn bars_are_told_apart_with_the_doubt_that_was_taught() {
    let measured = learned(1, 150).measure(&judged());
    assert!(measured.accuracy > 0.95, "{measured:?}");
    // The entropy of nine to one is .325.
    assert!((0.32..0.40).contains(&measured.cross_entropy), "{measured:?}");
}

#[test]
fn what_classes_are_told_from_is_of_each_segment() {
    let (windows, classifier) = (judged(), learned(1, 5));
    let states = classifier.states(&windows);
    for (window, states) in windows.iter().zip(&states) {
        assert_eq!(states.len(), window.segments() * 16);
        // Alone a window has no padding.
        let alone = classifier.states(std::slice::from_ref(window)).concat();
        assert!(alone.iter().zip(states).all(|(a, b)| (a - b).abs() < 1e-3), "{alone:?} {states:?}");
    }
    assert_ne!(states[0], states[1]);
}

#[test]
fn a_seed_says_everything_and_files_keep_it() {
    let windows = judged();
    let first = learned(1, 5);
    assert_eq!(first.predict(&windows), learned(1, 5).predict(&windows));
    assert_ne!(first.predict(&windows), learned(2, 5).predict(&windows));

    let folder = std::env::temp_dir().join(format!("espressivo-classifier-{}", std::process::id()));
    save(&first, &folder).unwrap();
    let again = load(&folder, &Device::flex()).unwrap();
    assert_eq!(again.config(), first.config());
    for (a, b) in first.predict(&windows).concat().iter().zip(again.predict(&windows).concat()) {
        assert!((a - b).abs() < 2e-3, "{a} {b}");
    }
    let print = fingerprint(&folder).unwrap();
    save(&learned(2, 5), &folder).unwrap();
    assert_ne!(fingerprint(&folder).unwrap(), print);
    std::fs::write(folder.join("config.json"), "{}").unwrap();
    assert!(load(&folder, &Device::flex()).is_err());
    std::fs::remove_dir_all(folder).unwrap();
    assert!(load("/no/such/folder".as_ref(), &Device::flex()).is_err());
}
