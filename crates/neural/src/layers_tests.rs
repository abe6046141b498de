#![allow(clippy::unwrap_used)]

use super::*;
use crate::archive::{self, Numbers};

const SIZES: LayerSizes = LayerSizes { hidden: 8, feed_forward: 12, heads: 2, key_value_heads: 2, head: 4 };

fn numbers(count: usize, seed: usize) -> Vec<f32> {
    (0..count).map(|k| (((k + 97 * seed) * 7919 % 1009) as f32 / 500.0 - 1.0).sin()).collect()
}

fn attention() -> Attention {
    let shapes: [(&str, &[usize]); 6] = [
        ("a.before.gamma", &[8]),
        ("a.query.weight", &[8, 8]),
        ("a.key.weight", &[8, 8]),
        ("a.value.weight", &[8, 8]),
        ("a.out.weight", &[8, 8]),
        ("a.after.gamma", &[8]),
    ];
    let tensors: Vec<Vec<f32>> =
        shapes.iter().enumerate().map(|(k, (_, shape))| numbers(shape.iter().product(), k)).collect();
    let named: Vec<(&str, &[usize], Numbers<'_>)> =
        shapes.iter().zip(&tensors).map(|((name, shape), v)| (*name, *shape, Numbers::Single(v))).collect();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("weights.safetensors");
    std::fs::write(&path, archive::write(&named).unwrap()).unwrap();
    Attention::load(&Archive::read(&path).unwrap(), "a", &SIZES).unwrap()
}

/// Rows of two groups, of which each sees its own: as if each group were alone, since positions are rotary and
/// count from wherever.
#[test]
fn rows_see_the_positions_that_are_given_for_them() {
    let attention = attention();
    let rotary = Rotary::new(7, 2, 10_000.0);
    let rows = numbers(7 * 8, 50);
    let mut both = rows.clone();
    let sights: Vec<Range<usize>> = (0..7).map(|k| if k < 3 { 0..3 } else { 3..7 }).collect();
    attention.attend_to_self(&mut both, &mut attention.memories(), &rotary, 0, Sight::Each(&sights));
    let mut all = rows.clone();
    attention.attend_to_self(&mut all, &mut attention.memories(), &rotary, 0, Sight::All);
    assert_ne!(both, all);
    for group in [0..3, 3..7] {
        let mut alone = rows[group.start * 8..group.end * 8].to_vec();
        attention.attend_to_self(&mut alone, &mut attention.memories(), &rotary, 0, Sight::All);
        let furthest =
            alone.iter().zip(&both[group.start * 8..]).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        assert!(furthest < 1e-5, "{furthest}");
    }
}
