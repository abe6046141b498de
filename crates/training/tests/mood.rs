//! Words and what they lean to, by the table that comes with the project.
#![allow(clippy::unwrap_used)]

use std::path::Path;

use burn::tensor::Device;
use mood::labels::ALL;
use mood::{Feeler, Feeling};
use training::mood::evaluate::JUDGED;
use training::mood::phrases;

fn feeler() -> Feeler {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../models");
    Feeler::load(&models, None, Device::flex()).unwrap()
}

/// Signs that are as expected, of how many.
fn right(feeling: &Feeling, expected: [f64; 3]) -> (usize, usize) {
    let judged = (0..3).filter(|k| expected[*k] != 0.0);
    judged.fold((0, 0), |(right, all), k| {
        let lean = feeling.cues[JUDGED[k] as usize];
        (right + usize::from(lean * expected[k] > 0.0), all + 1)
    })
}

#[test]
fn phrases_lean_as_people_expect() {
    let feeler = feeler();
    let (mut sum, mut all, mut wrong) = (0, 0, Vec::new());
    for phrase in phrases::all().unwrap() {
        let (right, of) = right(&feeler.feel(phrase.text).unwrap(), phrase.expected);
        (sum, all) = (sum + right, all + of);
        if right < of {
            wrong.push(phrase.text);
        }
    }
    println!("{sum} of {all} signs, {} of 40 phrases wholly; not: {wrong:?}", 40 - wrong.len());
    assert!(sum * 10 >= all * 8, "{sum} of {all}");
}

#[test]
fn a_label_is_itself() {
    let feeler = feeler();
    for label in &ALL {
        let feeling = feeler.feel(label.name).unwrap();
        assert_eq!(feeling.cues, label.cues, "{}", label.name);
        assert_eq!(feeling.nearest(1)[0], (label.name, 1.0));
    }
    let (sad, very) = (feeler.feel("sad").unwrap(), feeler.feel("very sad").unwrap());
    assert!(very.cues[0] < sad.cues[0]);
}

#[test]
fn what_nobody_knows_changes_nothing_and_is_said() {
    let feeling = feeler().feel("blorp").unwrap();
    assert!(feeling.cues.iter().all(|c| *c == 0.0) && feeling.vector.iter().all(|v| *v == 0.0));
    assert_eq!(feeling.unknown, ["blorp"]);
    assert_eq!(feeling.sureness, 0.0);
}
