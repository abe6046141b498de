#![allow(clippy::unwrap_used)]

use super::*;
use crate::tiny::{SETTINGS, archive, numbers};

#[test]
fn what_is_heard_does_not_depend_on_the_number_of_threads() {
    let network = Network::load(&archive(), SETTINGS).unwrap();
    let segment = numbers(SETTINGS.segment(), 9);
    let hear = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| network.hear(&segment, &Pulse::default())).unwrap()
    };
    let (one, three) = (hear(1), hear(3));
    assert!(one.known == three.known && one.paths == three.paths);
    assert!(one.known.iter().flatten().all(|v| v.is_finite()));
    assert_eq!((one.known.len(), one.paths.len()), (90, 90));
}

/// All lines of all layers; the network itself leaves some of the last layer out.
#[test]
fn lines_that_are_left_out_of_the_last_layer_are_not_needed() {
    let network = Network::load(&archive(), SETTINGS).unwrap();
    let pulse = Pulse::default();
    let map = network.convolve(&numbers(SETTINGS.segment(), 9), &pulse).unwrap();
    let found = network.transform(&map, &pulse).unwrap();
    let (width, Grid { times, bands, .. }) = (SETTINGS.width(), network.grid);
    let mut whole = network.entering(&map);
    let mut over_bands = vec![0.0; whole.len()];
    for [across, along] in &network.layers {
        let lines = Lines { width, count: times, skipped: 0, first: 0, attends_to: Attended::New };
        lines.apply(across, &whole, &mut over_bands, &pulse).unwrap();
        let lines = Lines { count: network.grid.lines(), attends_to: Attended::Old, ..lines };
        lines.apply(along, &over_bands, &mut whole, &pulse).unwrap();
    }
    for line in bands..network.grid.lines() {
        let span = (line * times + 1) * width..(line + 1) * times * width;
        for (a, b) in found[span.clone()].iter().zip(&whole[span]) {
            assert!((a - b).abs() < 1e-4 * b.abs().max(1.0), "{a} for {b}");
        }
    }
}

#[test]
fn a_frame_is_what_its_path_was_found_with() {
    let network = Network::load(&archive(), SETTINGS).unwrap();
    let heard = network.hear(&numbers(SETTINGS.segment(), 9), &Pulse::default()).unwrap();
    let rows = network.rows(&heard.known[5]);
    for frame in [0, 1, 7, 8, 20] {
        let row = &rows[frame * SETTINGS.width()..][..SETTINGS.width()];
        assert_eq!(network.at(&heard, 5, frame), row);
    }
}

#[test]
fn work_that_is_not_wanted_ends() {
    let network = Network::load(&archive(), SETTINGS).unwrap();
    let segment = numbers(SETTINGS.segment(), 9);
    let found = crate::pulse::watch(
        |pulse| {
            while !pulse.is_stopped() {
                std::thread::yield_now();
            }
            network.hear(&segment, pulse)
        },
        &mut |_| false,
    );
    assert!(found.is_none());
}
