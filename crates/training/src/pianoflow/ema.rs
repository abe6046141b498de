//! An exponential moving average of the weights.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::Tensor;
use pianoflow::network::Network;

/// The averaged weights, as a network of their own.
#[derive(Clone)]
pub struct Ema {
    /// The average so far.
    pub network: Network,
}

impl Ema {
    /// Starts at the given weights.
    pub fn new(network: &Network) -> Self {
        Self { network: network.valid() }
    }

    /// `average = decay * average + (1 - decay) * weights`.
    pub fn update(&mut self, weights: &Network, decay: f64) {
        let mut collect = Collect(Vec::new());
        weights.valid().visit(&mut collect);
        let mut blend = Blend { weights: collect.0.into_iter(), decay };
        self.network = self.network.clone().map(&mut blend);
    }
}

/// All parameters in visiting order, flattened.
struct Collect(Vec<Tensor<1>>);

impl ModuleVisitor for Collect {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        self.0.push(param.val().flatten(0, D - 1));
    }
}

struct Blend {
    weights: std::vec::IntoIter<Tensor<1>>,
    decay: f64,
}

impl ModuleMapper for Blend {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let Some(new) = self.weights.next() else { return param };
        param.map(|old| {
            let new = new.reshape(old.dims());
            old * self.decay + new * (1.0 - self.decay)
        })
    }
}
