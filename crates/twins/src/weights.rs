//! Small networks by a formula.

use neural::archive::{self, Numbers};

/// Numbers that follow no rule a mistake could follow, all exact in half precision; as `formula` in
/// `scripts/espressivo_torch.py`.
fn formula(count: usize, seed: usize) -> impl Iterator<Item = f32> {
    (0..count as u64).map(move |k| {
        let mask = u64::from(u32::MAX);
        let x = (k * 2_654_435_761 + (seed as u64 + 1) * 40_503) & mask;
        let x = ((x ^ (x >> 15)) * 22_468_225) & mask;
        let x = x ^ (x >> 13);
        (((x >> 8) % 1009) as f32 - 504.0) / 1024.0
    })
}

/// A file of weights in half precision: tensors by their names and shapes, with numbers by the formula.
///
/// `change` gets the name and the numbers of each. One that has another count then is written as a single row; one
/// that is empty is left out.
pub fn weights(tensors: Vec<(String, Vec<usize>)>, change: impl Fn(&str, &mut Vec<f32>)) -> Vec<u8> {
    let made = tensors.into_iter().enumerate().map(|(seed, (name, shape))| {
        let count: usize = shape.iter().product();
        let more = if name.ends_with("gamma") { 1.0 } else { 0.0 };
        let mut numbers: Vec<f32> = formula(count, seed).map(|number| number + more).collect();
        change(&name, &mut numbers);
        let shape = if numbers.len() == count { shape } else { vec![numbers.len()] };
        (name, shape, numbers)
    });
    let made: Vec<_> = made.filter(|(_, _, numbers)| !numbers.is_empty()).collect();
    let tensors: Vec<_> = made
        .iter()
        .map(|(name, shape, numbers)| (name.as_str(), &shape[..], Numbers::Half(numbers)))
        .collect();
    archive::write(&tensors).expect("tensors have as many numbers as their shapes say")
}
