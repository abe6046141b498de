//! Embeddings of a network that has learned nothing: tokens of neighbouring values begin alike.
//!
//! With independent rows the network has to learn of every millisecond by itself: after forty steps the
//! validation loss was 3.9 nats a token, with these 2.3 (`scripts/pianist_torch.py`, `neighbourly`).

use std::f64::consts::TAU;

use burn::tensor::{Device, Distribution, Tensor};
use pianist_transformer::tokens::ladder::{LADDERS, STEPS};
use pianist_transformer::tokens::{VOCABULARY, range, slot};

/// Share of a row's variance that is its own.
const OWN_SHARE: f64 = 0.05;

/// A group of tokens of one kind of value: the first token, a coordinate of each along which its columns are
/// cosines, and the shortest and the longest of their periods.
struct Group {
    first: usize,
    along: Vec<f32>,
    periods: (f64, f64),
}

/// Rows `[VOCABULARY, width]` of variance `1 / width`. Each column is a cosine with a period and a phase of its
/// own, along the value, or along the logarithm of times, with a little noise.
pub fn init(width: usize, device: &Device) -> Tensor<2> {
    let noise = Tensor::<2>::random([VOCABULARY, width], Distribution::Normal(0.0, 1.0), device);
    let (mut parts, mut done) = (Vec::new(), 0);
    for group in groups() {
        let rows = group.along.len();
        if group.first > done {
            parts.push(noise.clone().narrow(0, done, group.first - done));
        }
        let own = noise.clone().narrow(0, group.first, rows);
        parts.push(own * OWN_SHARE.sqrt() + waves(&group, width, device) * (2.0 * (1.0 - OWN_SHARE)).sqrt());
        done = group.first + rows;
    }
    if done < VOCABULARY {
        parts.push(noise.narrow(0, done, VOCABULARY - done));
    }
    Tensor::cat(parts, 0) * (width as f64).powf(-0.5)
}

/// Rows of the steps of all ladders `[LADDERS * STEPS, width]` of variance `1 / width`: steps beside each other
/// begin alike, and so do the same steps of two ladders.
pub fn steps(width: usize, device: &Device) -> Tensor<2> {
    let along = (0..LADDERS * STEPS).map(|row| (row % STEPS) as f32).collect();
    let group = Group { first: 0, along, periods: (8.0, 512.0) };
    let own = independent(LADDERS * STEPS, width, device) * OWN_SHARE.sqrt();
    let share = (2.0 * (1.0 - OWN_SHARE) / width as f64).sqrt();
    own + waves(&group, width, device) * share
}

/// Rows of variance `1 / width` that have nothing in common.
pub fn independent(rows: usize, width: usize, device: &Device) -> Tensor<2> {
    Tensor::random([rows, width], Distribution::Normal(0.0, (width as f64).powf(-0.5)), device)
}

/// The cosines of a group `[tokens, width]`.
fn waves(group: &Group, width: usize, device: &Device) -> Tensor<2> {
    let (shortest, longest) = group.periods;
    let random = || Tensor::<2>::random([1, width], Distribution::Uniform(0.0, 1.0), device);
    let periods = (random() * (longest / shortest).ln()).exp() * shortest;
    let along = Tensor::<1>::from_floats(group.along.as_slice(), device).reshape([group.along.len(), 1]);
    ((along / periods + random()) * TAU).cos()
}

/// The groups in the order of their tokens. Times between onsets are the first of the times that durations
/// can have.
fn groups() -> [Group; 4] {
    let values = |slot: usize, shortest: f64| {
        let range = range(slot);
        let along = (0..range.len()).map(|value| value as f32).collect();
        Group { first: usize::from(range.start), along, periods: (shortest, 256.0) }
    };
    let times = range(slot::DURATION);
    let along = (0..times.len()).map(|ms| (ms as f32 / 10.0).ln_1p()).collect();
    let times = Group { first: usize::from(times.start), along, periods: (0.15, 12.0) };
    [values(slot::PITCH, 4.0), values(slot::VELOCITY, 8.0), times, values(slot::PEDAL, 16.0)]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_alike_and_others_are_not() {
        let width = 128;
        let device = Device::flex();
        let rows: Vec<f32> = init(width, &device).into_data().try_to_vec().unwrap();
        let row = |token: usize| &rows[token * width..][..width];
        let product = |a: usize, b: usize| -> f32 { row(a).iter().zip(row(b)).map(|(a, b)| a * b).sum() };
        let time = |ms: usize| usize::from(range(slot::DURATION).start) + ms;
        let velocity = |v: usize| usize::from(range(slot::VELOCITY).start) + v;
        for token in [0, time(500), velocity(64), VOCABULARY - 1] {
            assert!((product(token, token) - 1.0).abs() < 0.3, "{token}: {}", product(token, token));
        }
        assert!(product(time(500), time(502)) > 0.8 && product(velocity(64), velocity(65)) > 0.7);
        assert!(product(time(500), time(2000)).abs() < 0.5 && product(velocity(64), time(64)).abs() < 0.5);
    }
}
