//! Undo and redo, with random gestures: all undone is the start, all redone the end, bit for bit;
//! in memory and through the project file.
#![allow(clippy::unwrap_used)]

mod support;

use proptest::prelude::*;
use studio::document::Document;
use studio::history::{History, LEAST_STEPS, Step};
use studio::store::Store;
use support::gestures::{Gesture, cases, gesture};

fn minuet() -> Document {
    support::two_scores()
}

fn run(document: &mut Document, history: &mut History, gestures: &[Gesture]) -> Vec<Document> {
    let mut states = vec![document.clone()];
    for gesture in gestures {
        if let Ok(Some(step)) = gesture.step(document) {
            history.push(document, step);
            states.push(document.clone());
        }
    }
    states
}

/// Numbers of takes are never used twice, so they do not go back.
fn same(a: &Document, b: &Document) -> bool {
    let [mut a, mut b] = [a, b].map(Document::clone);
    (a.next_number, b.next_number) = (0, 0);
    a == b
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn every_undo_gives_the_state_before(gestures in prop::collection::vec(gesture(), 1..60)) {
        let (mut document, mut history) = (minuet(), History::default());
        let states = run(&mut document, &mut history, &gestures);
        for state in states.iter().rev().skip(1) {
            prop_assert!(history.undo(&mut document).is_some());
            prop_assert!(same(&document, state));
        }
        prop_assert!(history.undo(&mut document).is_none() && history.undo_name().is_none());
        for state in &states[1..] {
            prop_assert!(history.redo(&mut document).is_some());
            prop_assert!(same(&document, state));
        }
        prop_assert!(history.redo(&mut document).is_none());
    }

    #[test]
    fn the_project_file_holds_all_of_it(
        gestures in prop::collection::vec(gesture(), 1..25),
        undone in 0usize..10,
    ) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("p.espressivo");
        let (mut document, mut history) = (minuet(), History::default());
        let mut store = Store::create(&path, &document, &history).unwrap();
        for gesture in &gestures {
            if let Ok(Some(step)) = gesture.step(&document) {
                let step = history.push(&mut document, step);
                store.push(&document, &history, &step).unwrap();
            }
        }
        for _ in 0..undone {
            if let Some(step) = history.undo(&mut document) {
                store.moved(&document, &history, &step).unwrap();
            }
        }
        drop(store);
        let names: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().map(|e| e.file_name()).collect();
        prop_assert_eq!(names, ["p.espressivo"], "one file at rest");
        let (_, saved) = Store::open(&path).unwrap();
        prop_assert!(saved.document == document, "the state comes back to the bit");
        prop_assert!(saved.history == history, "and so do the steps");
    }
}

#[test]
fn old_steps_are_forgotten_but_never_the_last_hundreds() {
    let (mut document, mut history) = (minuet(), History::default());
    let step = |k: usize| Step::new(format!("{k}"), Vec::new());
    for k in 0..2500 {
        history.push(&mut document, step(k));
    }
    let kept: Vec<u64> = history.numbered().map(|(n, _)| n).collect();
    assert_eq!((kept.len(), kept[0], kept[999]), (1000, 1500, 2499));
    const { assert!(LEAST_STEPS >= 100) };
    let mut undone = 0;
    while history.undo(&mut document).is_some() {
        undone += 1;
    }
    assert_eq!(undone, 1000);
}
