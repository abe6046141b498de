//! Who computes the network when it plays: Burn on a graphics processor, [`cpu`] on the processor.

use burn::tensor::{Device, Tensor, TensorData};

use super::cpu;
use super::given::Given;
use super::network::{Inputs, Network};
use super::values::WIDTH;

/// A network that is ready to play.
pub enum Engine {
    /// By Burn.
    Tensors {
        /// Weights on the device.
        network: Box<Network>,
        /// Where to compute.
        device: Device,
    },
    /// By [`cpu`].
    Cpu(Box<cpu::Weights>),
}

impl Engine {
    /// For a network on its device.
    pub fn new(network: Network, device: Device) -> Self {
        if device == Device::flex() {
            Self::Cpu(Box::new(cpu::Weights::new(&network)))
        } else {
            Self::Tensors { network: Box::new(network), device }
        }
    }

    /// The network for one window of notes.
    pub fn condition(&self, given: &Given) -> Conditioned<'_> {
        match self {
            Self::Cpu(weights) => Conditioned::Cpu(Box::new(cpu::Conditioned::new(weights, given))),
            Self::Tensors { network, device } => {
                Conditioned::Tensors(Box::new(Tensors::new(network, device, given)))
            }
        }
    }
}

/// A network with what it is given of one window of notes: the velocity field there.
pub enum Conditioned<'a> {
    /// By Burn.
    Tensors(Box<Tensors<'a>>),
    /// By [`cpu`].
    Cpu(Box<cpu::Conditioned<'a>>),
}

impl Conditioned<'_> {
    /// The velocity field at a point of the path `[notes, values]` and a flow time
    /// `[passes, notes, values]`.
    pub fn velocity(&mut self, noisy: &[f32], time: f32) -> Vec<f32> {
        match self {
            Self::Tensors(network) => network.velocity(noisy, time),
            Self::Cpu(network) => network.velocity(noisy, time),
        }
    }
}

/// What is given of a window, in tensors: one batch for both passes.
pub struct Tensors<'a> {
    network: &'a Network,
    device: &'a Device,
    features: Tensor<3>,
    known: Tensor<3>,
    unknown: Tensor<3>,
    condition: Option<Tensor<3>>,
}

impl<'a> Tensors<'a> {
    fn new(network: &'a Network, device: &'a Device, given: &Given) -> Self {
        let notes = given.known.len() / WIDTH;
        let passes = 1 + usize::from(given.condition.is_some());
        let table = |rows: &[f32]| {
            let width = rows.len() / notes;
            Tensor::from_data(TensorData::new(rows.repeat(passes), [passes, notes, width]), device)
        };
        let condition = given.condition.as_ref().map(|rows| {
            let null = vec![0.0; rows.len()];
            let width = rows.len() / notes;
            Tensor::from_data(TensorData::new([null.as_slice(), rows].concat(), [2, notes, width]), device)
        });
        Self {
            network,
            device,
            features: table(&given.features),
            known: table(&given.known),
            unknown: table(&given.unknown),
            condition,
        }
    }

    fn velocity(&self, noisy: &[f32], time: f32) -> Vec<f32> {
        let shape = self.known.dims();
        let [passes, ..] = shape;
        let inputs = Inputs {
            features: self.features.clone(),
            known: self.known.clone(),
            unknown: self.unknown.clone(),
            noisy: Tensor::from_data(TensorData::new(noisy.repeat(passes), shape), self.device),
            time: Tensor::full([passes], time, self.device),
            condition: self.condition.clone(),
            padding: None,
            kept: Vec::new(),
        };
        self.network.forward(inputs).into_data().iter::<f32>().collect()
    }
}
