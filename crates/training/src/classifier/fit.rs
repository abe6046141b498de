//! Learning, and asking what was learned.

use std::sync::Mutex;

use burn::grad_clipping::GradientClippingConfig;
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams};
use burn::tensor::activation::{log_softmax, softmax};
use burn::tensor::{Device, Tensor};
use rand::SeedableRng;
use rand_pcg::Pcg64Mcg;

use super::examples::{Batch, Example};
use super::network::{Classifier, ClassifierConfig, Inputs};
use crate::runs::settle;

/// How a classifier learns.
#[derive(Clone, Debug, PartialEq)]
pub struct Fit {
    /// Steps of the optimizer.
    pub steps: usize,
    /// Windows in a step.
    pub batch: usize,
    /// Highest learning rate; it rises over the first twentieth and then falls straight to nothing.
    pub learning_rate: f64,
    /// Weight decay of AdamW.
    pub weight_decay: f64,
    /// Seed: first weights, windows and dropout. The same seed gives the same classifier on the
    /// same device.
    pub seed: u64,
}

impl Default for Fit {
    fn default() -> Self {
        Self { steps: 500, batch: 32, learning_rate: 2e-3, weight_decay: 0.05, seed: 1 }
    }
}

/// Windows that are asked at once.
const ASKED: usize = 64;

/// Learns from the windows that `draw` gives: as many as it is asked for, with the random numbers it is given.
/// It need not give exactly as many. The loss is the cross-entropy with the soft targets, every
/// segment counting the same.
pub fn fit(
    config: &ClassifierConfig,
    options: &Fit,
    device: &Device,
    draw: &dyn Fn(&mut Pcg64Mcg, usize) -> Vec<Example>,
) -> Classifier {
    let device = device.clone().autodiff();
    let mut network = first_weights(config, options.seed, &device);
    let mut optimizer = AdamWConfig::new()
        .with_weight_decay(options.weight_decay as f32)
        .with_grad_clipping(Some(GradientClippingConfig::Norm(1.0)))
        .init();
    let mut rng = Pcg64Mcg::seed_from_u64(options.seed);
    for step in 0..options.steps {
        let examples = draw(&mut rng, options.batch);
        let batch = Batch::new(&examples, config, &device).with_dropout(config, &mut rng, &device);
        let loss = cross_entropy(&network, batch);
        let grads = GradientsParams::from_grads(loss.backward(), &network);
        network = optimizer.step(options.rate(step), network, grads);
    }
    network.valid()
}

impl Fit {
    fn rate(&self, step: usize) -> f64 {
        let up = (step + 1) as f64 * 20.0 / self.steps as f64;
        let down = (self.steps - step) as f64 / self.steps as f64;
        self.learning_rate * up.min(down).min(1.0)
    }
}

/// Mean over the segments that count.
fn cross_entropy(network: &Classifier, batch: Batch) -> Tensor<1> {
    let logits = network.forward(batch.inputs);
    (log_softmax(logits, 2) * batch.targets).sum().neg() / batch.counted.max(1) as f64
}

/// Random weights that depend on the seed alone: a device has one generator of random numbers for all
/// threads.
fn first_weights(config: &ClassifierConfig, seed: u64, device: &Device) -> Classifier {
    static DRAWING: Mutex<()> = Mutex::new(());
    let _alone = DRAWING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    device.seed(seed);
    let network = config.init(device);
    settle(&network);
    network
}

/// How well a classifier does.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Measured {
    /// Mean cross-entropy with the targets, in nats.
    pub cross_entropy: f64,
    /// Share of segments whose likeliest class is that of the target.
    pub accuracy: f64,
    /// Segments that counted.
    pub segments: usize,
}

impl Classifier {
    /// Probabilities of the classes of every window, `[segments, classes]` row by row; a segment
    /// without notes gets what the network says of nothing.
    pub fn predict(&self, examples: &[Example]) -> Vec<Vec<f32>> {
        self.ask(examples, |inputs| softmax(self.forward(inputs), 2))
    }

    /// What the classes of every window are told from, `[segments, hidden]` row by row.
    pub fn states(&self, examples: &[Example]) -> Vec<Vec<f32>> {
        self.ask(examples, |inputs| self.pooled(inputs))
    }

    /// The answers to every window, segment by segment.
    fn ask(&self, examples: &[Example], answer: impl Fn(Inputs) -> Tensor<3>) -> Vec<Vec<f32>> {
        let mut answers = Vec::with_capacity(examples.len());
        for asked in examples.chunks(ASKED) {
            let batch = Batch::new(asked, self.config(), &self.device());
            let answer = answer(batch.inputs);
            let [_, segments, width] = answer.dims();
            let numbers: Vec<f32> = answer.into_data().iter::<f32>().collect();
            let of = numbers.chunks(segments * width);
            answers.extend(of.zip(asked).map(|(n, e)| n[..e.segments() * width].to_vec()));
        }
        answers
    }

    /// How well it does on windows with targets.
    pub fn measure(&self, examples: &[Example]) -> Measured {
        let classes = self.config().classes;
        let likeliest = |p: &[f32]| p.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1)).map(|(k, _)| k);
        let mut measured = Measured::default();
        for (example, answer) in examples.iter().zip(self.predict(examples)) {
            let segments = example.targets.chunks(classes).zip(answer.chunks(classes)).enumerate();
            for (segment, (target, answer)) in segments {
                if !example.segments.contains(&(segment as u32)) {
                    continue;
                }
                let log = |p: f32| f64::from(p.max(f32::MIN_POSITIVE)).ln();
                measured.cross_entropy -=
                    target.iter().zip(answer).map(|(t, p)| f64::from(*t) * log(*p)).sum::<f64>();
                measured.accuracy += f64::from(u8::from(likeliest(target) == likeliest(answer)));
                measured.segments += 1;
            }
        }
        measured.cross_entropy /= measured.segments.max(1) as f64;
        measured.accuracy /= measured.segments.max(1) as f64;
        measured
    }
}
