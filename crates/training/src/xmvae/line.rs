//! The line in training: normal distributions from which what is played is told ([`xmvae::network::line_says`]). Its
//! weights and deviations are fitted once (`fit.rs`) and have no gradient; what rows do to it learns.

use burn::module::{Module, Param};
use burn::nn::Linear;
use burn::tensor::{Device, Tensor, TensorData};
use xmvae::config::{NetworkConfig, PERFORMANCE_SIZES};
use xmvae::ecp::{FAMILY, PERFORMANCE_COLUMNS, SCORE_COLUMNS};
use xmvae::network::{WIDEST, eighths, line_says};

use super::layers::affine;
use super::windows::Played;

/// What is added to the logit of no value where there is one.
const NEVER: f32 = -30.0;

/// What layers that tell values begin at, of the deviation of others: what rows do is little at first.
const TELLING: f64 = 0.1;

/// Numbers of what is played at a step.
type Columns = [f32; PERFORMANCE_COLUMNS];

/// The line, and what rows do to it.
#[derive(Module, Debug)]
pub(super) struct Line {
    /// `[features, 5]`, without a gradient.
    mean: Linear,
    /// Logarithms of the deviations, without a gradient.
    deviation: Param<Tensor<1>>,
    moves: Moves,
}

/// From the row of a value to how many deviations the middle moves and how much wider the distribution becomes.
#[derive(Module, Debug)]
struct Moves {
    beat_period: Linear,
    velocity: Linear,
    timing: Linear,
    articulation: Linear,
    pedal: Linear,
}

/// What is fitted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fitted {
    /// `[features, 5]`
    pub(super) weights: Vec<Columns>,
    /// What it says of nothing.
    pub(super) bias: Columns,
    /// Logarithms of the deviations of what it leaves.
    pub(super) deviation: Columns,
}

impl Line {
    /// A line that says nothing.
    pub(super) fn init(sizes: &NetworkConfig, device: &Device) -> Self {
        let width = if sizes.sub_token_decoder { sizes.sub_hidden } else { sizes.hidden };
        let numbers = || Param::from_tensor(Tensor::<1>::zeros([PERFORMANCE_COLUMNS], device));
        let weight = Tensor::<2>::zeros([sizes.features, PERFORMANCE_COLUMNS], device);
        let moves = || affine(width, 2, TELLING, 0.0, device);
        Self {
            mean: Linear { weight: Param::from_tensor(weight), bias: Some(numbers()) },
            deviation: numbers(),
            moves: Moves {
                beat_period: moves(),
                velocity: moves(),
                timing: moves(),
                articulation: moves(),
                pedal: moves(),
            },
        }
    }

    /// Takes what was fitted.
    pub(super) fn set(&mut self, fitted: &Fitted) {
        let five = |numbers: Columns| move |old: Tensor<1>| Tensor::<1>::from_data(numbers, &old.device());
        let weights: Vec<f32> = fitted.weights.iter().flatten().copied().collect();
        let replaced =
            |old: Tensor<2>| Tensor::from_data(TensorData::new(weights, old.dims()), &old.device());
        self.mean.weight = self.mean.weight.clone().map(replaced);
        self.mean.bias = self.mean.bias.clone().map(|bias| bias.map(five(fitted.bias)));
        self.deviation = self.deviation.clone().map(five(fitted.deviation));
    }

    /// What it says of each step of a batch `[batch * width]`.
    pub(super) fn says(&self, batch: &Played) -> Vec<Columns> {
        let weights: Vec<f32> = self.mean.weight.val().into_data().iter::<f32>().collect();
        let bias = self.mean.bias.as_ref().map_or([0.0; PERFORMANCE_COLUMNS], |bias| columns(bias.val()));
        let families: Vec<u8> =
            batch.steps.written.iter().skip(FAMILY).step_by(SCORE_COLUMNS).copied().collect();
        line_says(weights.as_chunks().0, bias, &batch.features, &families)
    }

    /// What is added to the logits of a column `[n, values]`, given the rows of the values `[n, width]` and what the
    /// line says of each.
    pub(super) fn added(&self, row: Tensor<2>, column: usize, said: Vec<f32>) -> Tensor<2> {
        let ([count, _], device) = (row.dims(), row.device());
        let deviation = columns(self.deviation.val())[column];
        let moved = self.moves.all()[column].forward(row);
        let further = moved.clone().narrow(1, 0, 1) * f64::from(deviation.exp());
        let middle = Tensor::<2>::from_data(TensorData::new(said, [count, 1]), &device) + further;
        let wider = moved.narrow(1, 1, 1).clamp(-WIDEST, WIDEST) + f64::from(deviation);
        let places: Vec<f32> = eighths(PERFORMANCE_SIZES[column].1 - 1).collect();
        let bins = places.len();
        let places = Tensor::<2>::from_data(TensorData::new(places, [1, bins]), &device);
        let all = [count, bins];
        let off = (places.expand(all) - middle.expand(all)) * wider.neg().exp().expand(all);
        let never = Tensor::<2>::full([count, 1], NEVER, &device);
        Tensor::cat(vec![never, off.square() * -0.5], 1)
    }
}

impl Moves {
    fn all(&self) -> [&Linear; PERFORMANCE_COLUMNS] {
        [&self.beat_period, &self.velocity, &self.timing, &self.articulation, &self.pedal]
    }
}

fn columns(numbers: Tensor<1>) -> Columns {
    let mut numbers = numbers.into_data().iter::<f32>().collect::<Vec<f32>>().into_iter();
    std::array::from_fn(|_| numbers.next().unwrap_or(0.0))
}
