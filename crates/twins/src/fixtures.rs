//! Numbers that a twin made, and a score to play.

use std::path::Path;

use notation::{ImportOptions, Score, read_score};
use serde_json::Value;

use crate::speed::root;

/// Single precision, a few layers: a mistake is larger than this.
const TOLERANCE: f32 = 1e-4;

/// The minuet in `scores/`.
///
/// # Panics
/// When it is not there.
pub fn minuet() -> Score {
    let name = "petzold_minuet_g.musicxml";
    let file = std::fs::read(root().join("scores").join(name)).expect("the minuet is there");
    read_score(name, &file, &ImportOptions::default()).expect("the minuet is whole")
}

/// What a file of JSON says.
///
/// # Panics
/// When it cannot be read.
pub fn json(path: impl AsRef<Path>) -> Value {
    let text = std::fs::read(path).expect("the file is there");
    serde_json::from_slice(&text).expect("the file is JSON")
}

/// A list of numbers.
///
/// # Panics
/// When it is none.
pub fn floats(value: &Value) -> Vec<f32> {
    list(value).iter().map(|v| v.as_f64().expect("a number") as f32).collect()
}

/// A list of numbers, NaN where there is none.
///
/// # Panics
/// When it is no list.
pub fn floats_or_nan(value: &Value) -> Vec<f32> {
    list(value).iter().map(|v| v.as_f64().map_or(f32::NAN, |v| v as f32)).collect()
}

/// A list of whole numbers.
///
/// # Panics
/// When it is none, or one is too large for its type.
pub fn whole<T: TryFrom<u64>>(value: &Value) -> Vec<T> {
    let number = |v: &Value| v.as_u64().and_then(|v| T::try_from(v).ok()).expect("a whole number");
    list(value).iter().map(number).collect()
}

/// Names and shapes of tensors.
///
/// # Panics
/// When it is none such list.
pub fn tensors(value: &Value) -> Vec<(String, Vec<usize>)> {
    serde_json::from_value(value.clone()).expect("names and shapes")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// Fails unless the numbers of a network are those of its twin, but for rounding.
///
/// # Panics
/// When they are not, or are all so small that they say nothing.
pub fn compare(found: &[f32], expected: &[f32]) {
    assert_eq!(found.len(), expected.len());
    let worst = found.iter().zip(expected).map(|(f, e)| (f - e).abs()).fold(0.0, f32::max);
    println!("largest difference {worst:.2e}");
    assert!(worst < TOLERANCE, "the networks differ by {worst}");
    assert!(expected.iter().any(|v| v.abs() > 0.5), "the fixture says nothing");
}
