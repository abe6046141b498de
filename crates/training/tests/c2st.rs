//! The test of telling tells what it must and not what it cannot.
#![allow(clippy::unwrap_used)]

use application::Folders;
use burn::tensor::Device;
use training::evaluate::c2st::{HALVES, Options, run};

#[test]
#[ignore = "needs the data folder"]
fn deadpan_is_told_from_people_and_people_are_not_told_from_people_needs_data() {
    let data = Folders::find().data.unwrap();
    let options = Options {
        data,
        performers: Vec::new(),
        pieces: 16,
        limit: Some(12),
        peer: false,
        window: 64,
        steps: 120,
        ..Options::default()
    };
    let report = run(&options, &Device::flex(), &|_| {}).unwrap();
    println!("{report}");
    let told = |name: &str| report.row(name).unwrap().train_to_test.unwrap();
    let deadpan = told("deadpan");
    assert!(deadpan.windows > 0.9 && deadpan.performances > 0.9, "{deadpan:?}");
    let people = told(HALVES);
    assert!((0.35..0.65).contains(&people.windows), "{people:?}");
    assert_eq!(run(&options, &Device::flex(), &|_| {}).unwrap(), report, "the seed says everything");
}
