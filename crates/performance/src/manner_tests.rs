#![allow(clippy::unwrap_used)]

use serde_json::json;

use super::*;
use crate::{KnobValue, Knobs};

fn manner(numbers: Vec<f32>) -> Manner {
    Manner { name: "lesson.mid".to_owned(), model: "0123".to_owned(), numbers }
}

#[test]
fn a_knob_that_is_a_manner_comes_back_beside_the_others() {
    // The last has a fraction that no short decimal has.
    let kept = manner(vec![0.0, -1.5, 1e-30, 1.0 / 3.0]);
    let knobs: Knobs = [
        ("like".to_owned(), KnobValue::Manner(kept.clone())),
        ("blend".to_owned(), KnobValue::Number(0.5)),
        ("style".to_owned(), KnobValue::from("pop")),
    ]
    .into();
    let text = serde_json::to_string(&knobs).unwrap();
    let read: Knobs = serde_json::from_str(&text).unwrap();
    assert_eq!(read, knobs);
    assert_eq!(read["like"].manner(), Some(&kept));
    assert_eq!((read["like"].number(), read["like"].choice()), (None, None));
    assert_eq!(read["blend"].manner(), None);
    assert_eq!(read["like"].to_string(), "lesson.mid");
}

#[test]
fn what_is_no_manner_is_refused() {
    let most = Manner::MOST_NUMBERS;
    assert_eq!(manner(vec![0.0; most]).check(), Ok(()));
    assert_eq!(manner(vec![0.0; most + 1]).check(), Err(MannerError::Numbers { found: most + 1 }));
    assert_eq!(manner(vec![f32::NAN]).check(), Err(MannerError::NotFinite));
    assert_eq!(manner(vec![0.0, f32::INFINITY]).check(), Err(MannerError::NotFinite));
    let long = Manner { name: "a".repeat(2001), ..manner(Vec::new()) };
    assert_eq!(long.check(), Err(MannerError::Name { found: 2001 }));
    assert!(!KnobValue::Manner(manner(vec![f32::NAN])).is_finite());
    assert!(KnobValue::Manner(manner(vec![1.0])).is_finite());
}

#[test]
fn files_with_hostile_manners_are_refused() {
    let knob = |numbers: serde_json::Value| {
        let like = json!({"name": "x", "model": "y", "numbers": numbers});
        serde_json::from_value::<KnobValue>(like)
    };
    assert!(knob(json!([0.5])).is_ok());
    // JSON writes NaN as null; 1e300 is infinite as a number of 32 bits.
    for numbers in [json!([null]), json!([1e300]), json!(vec![0.0; 1_000_000]), json!("none")] {
        assert!(knob(numbers).is_err());
    }
    assert!(serde_json::from_value::<KnobValue>(json!({"name": "x"})).is_err());
}
