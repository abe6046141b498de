#![allow(clippy::unwrap_used)]

use super::*;

/// Two scores, of two steps and of one; the second is played twice.
fn packed() -> Packed {
    let mut packed = Packed::new();
    let features = |steps: usize| -> Vec<f32> { (0..steps * WIDTH).map(|k| (k % 7) as f32 / 4.0).collect() };
    packed.push_score(&[[2, 1, 0, 26], [1, 1, 40, 26]], &features(2));
    packed.push_score(&[[2, 1, 0, 26]], &features(1));
    let tempo = [-0.2, f32::NAN, f32::NAN, f32::NAN, f32::NAN];
    packed.push_performance(1, &[[73, 0, 0, 0, 0]], &[tempo]);
    packed.push_performance(1, &[[0; 5]], &[[f32::NAN; 5]]);
    packed
}

fn read_back(packed: &Packed) -> Result<Packed> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    packed.write(&path).unwrap();
    Packed::read(&path)
}

fn fault(change: impl FnOnce(&mut Packed)) -> String {
    let mut packed = packed();
    change(&mut packed);
    format!("{:#}", read_back(&packed).unwrap_err())
}

#[test]
fn a_file_gives_back_what_was_packed() {
    let packed = packed();
    assert_eq!((packed.scores(), packed.performances()), (2, 2));
    let mut back = read_back(&packed).unwrap();
    let bits = |packed: &Packed| -> Vec<u32> { packed.values.iter().map(|value| value.to_bits()).collect() };
    assert_eq!(bits(&back), bits(&packed));
    back.values.clear();
    assert_eq!(back, Packed { values: Vec::new(), ..packed.clone() });
    assert_eq!(back.features(1..3)[..4], [4.0, 5.0, 6.0, 0.0].map(|k: f32| k / 4.0));
    assert_eq!(back.features(1..3).len(), 2 * WIDTH);
}

#[test]
fn a_file_of_scores_alone_has_no_features() {
    let mut packed = Packed::new();
    packed.push_score(&[[2, 1, 0, 26]], &[]);
    let back = read_back(&packed).unwrap();
    assert_eq!(back, packed);
    assert_eq!(back.features(0..1), vec![0.0; WIDTH]);
    assert_eq!(read_back(&Packed::new()).unwrap().scores(), 0);
}

#[test]
fn what_is_no_file_of_steps_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("x.safetensors");
    let error = Packed::read(&path).unwrap_err().to_string();
    assert!(error.contains("espressivo data ecp"), "{error}");
    std::fs::write(&path, b"nothing").unwrap();
    assert!(Packed::read(&path).unwrap_err().to_string().contains("is damaged"));
}

#[test]
fn values_that_cannot_be_are_named() {
    let says = |found: String, expected: &str| assert!(found.contains(expected), "{found}");
    says(
        fault(|p| p.score_starts[1] = 9),
        "array score_starts goes from 0 to 3, expected 0 to 3 without going back",
    );
    says(
        fault(|p| p.performance_starts[0] = 1),
        "array performance_starts goes from 1 to 2, expected 0 to 2",
    );
    says(fault(|p| p.score[1] = 2), "array score has 2 for performance 1, expected less than 2");
    says(fault(|p| p.score[0] = 0), "performance 0 has 1 steps, expected the 2 of its score");
    says(
        fault(|p| p.score_tokens[3] = 52),
        "array score_tokens has 52 in column 3 of step 0, expected 51 at most",
    );
    says(fault(|p| p.performance_tokens[9] = 6), "array performance_tokens has 6 in column 4 of step 1");
    says(fault(|p| p.values[5] = f32::INFINITY), "array values has an infinite number in step 1");
    says(fault(|p| p.score.truncate(1)), "array performance_starts has 3 numbers, expected 2");
}
