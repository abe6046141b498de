//! The pooled figures, held against those of the Pianist Transformer's published outputs.
#![allow(clippy::unwrap_used)]

mod common;

use performance::distributions::{Histograms, Likeness, NAMES};
use performance::midi::{MidiNote, PlayedMidi, read_performance};

#[test]
#[ignore = "needs the data folder"]
fn published_outputs_come_out_as_published_needs_data() {
    let data = common::data().unwrap();
    let folder = data.join("pianist-transformer-testset");
    let read = |path: std::path::PathBuf| read_performance(&std::fs::read(path).unwrap()).unwrap();
    let (mut humans, mut renders) = (Histograms::default(), Histograms::default());
    let mut recordings = 0;
    for piece in 0..23 {
        let render = read(folder.join(format!("performance/{piece}.mid")));
        for take in 0.. {
            let path = folder.join(format!("human/{piece}-{take}.mid"));
            if !path.is_file() {
                break;
            }
            humans.add(&read(path));
            // Once for each human recording, so that long and often played pieces weigh alike.
            renders.add(&render);
            recordings += 1;
        }
    }
    let found = Likeness::of(&humans, &renders);
    println!("{recordings} recordings; {NAMES:?}: {found:?}; overall {:?}", found.overall());
    let js = [0.1718, 0.1910, 0.1751, 0.1143];
    let ia = [0.8536, 0.8255, 0.8280, 0.8866];
    for k in 0..4 {
        assert!((found.js[k] - js[k]).abs() < 0.004, "{}: JS {}", NAMES[k], found.js[k]);
        assert!((found.ia[k] - ia[k]).abs() < 0.004, "{}: IA {}", NAMES[k], found.ia[k]);
    }
}

#[test]
fn the_same_is_the_same_and_nothing_shared_is_nothing() {
    let of = |velocity: u8| {
        let note = MidiNote { onset_secs: 0.0, duration_secs: 0.1, pitch: 60, velocity, track: 0 };
        let mut histograms = Histograms::default();
        histograms.add(&PlayedMidi { notes: vec![note], pedals: Vec::new() });
        histograms
    };
    let same = Likeness::of(&of(50), &of(50));
    assert!(same.js.iter().all(|js| *js < 1e-9) && same.ia.iter().all(|ia| (ia - 1.0).abs() < 1e-9));
    let other = Likeness::of(&of(50), &of(60));
    assert!((other.js[0] - 1.0).abs() < 1e-4 && other.ia[0] < 1e-6 && other.js[1] < 1e-9);
}
