#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;

use super::*;

#[test]
fn every_worker_of_every_step_of_every_run_has_a_seed_of_its_own() {
    let mut seeds = BTreeSet::new();
    for seed in 1..=5 {
        for step in 0..50 {
            let progress = Progress { step, ..Progress::new(seed) };
            seeds.extend((0..3).map(|worker| progress.seed_of(worker, 3)));
        }
    }
    assert_eq!(seeds.len(), 5 * 50 * 3);
    assert_eq!(validation_seeds(8), 1_000_000..1_000_008);
}

#[test]
fn a_curve_has_its_columns_named_once() {
    let folder = tempfile::tempdir().unwrap();
    append_to_curve(folder.path(), "step,loss", "1,0.5").unwrap();
    append_to_curve(folder.path(), "step,loss", "2,0.4").unwrap();
    let text = std::fs::read_to_string(folder.path().join("curve.csv")).unwrap();
    assert_eq!(text, "step,loss\n1,0.5\n2,0.4\n");
    let error = append_to_curve(&folder.path().join("none"), "step", "1").unwrap_err();
    assert!(error.to_string().starts_with("cannot write "), "{error}");
}
