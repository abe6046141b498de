//! What the network knows of where a token stands.

use neural::archive::Archive;
use neural::weights::WeightsError;
use rayon::prelude::*;

use crate::linear::Perceptron;

/// Places that are embedded at once.
const PLACES: usize = 64;

/// Turns places of so many coordinates into rows of numbers: cosines of learned frequencies and phases,
/// then a perceptron.
pub struct Positions {
    width: usize,
    coordinates: usize,
    /// For each number, one frequency a coordinate.
    frequencies: Vec<f32>,
    phases: Vec<f32>,
    perceptron: Perceptron,
}

impl Positions {
    /// Reads frequencies, phases and perceptron.
    pub fn load(
        archive: &Archive,
        name: &str,
        width: usize,
        coordinates: usize,
    ) -> Result<Self, WeightsError> {
        Ok(Self {
            width,
            coordinates,
            frequencies: archive.numbers(&format!("{name}.proj.weight"), &[width, coordinates])?,
            phases: archive.numbers(&format!("{name}.proj.bias"), &[width])?,
            perceptron: Perceptron::load(archive, &format!("{name}.mlp"), [width, 4 * width, width])?,
        })
    }

    /// A row for each place, of which `places` has the coordinates one after the other.
    pub fn of(&self, places: &[f32]) -> Vec<f32> {
        let factor = (self.width as f32 / 2.0).sqrt();
        let parts = places.par_chunks(PLACES * self.coordinates).map(|places| {
            let mut waves = Vec::with_capacity(places.len() / self.coordinates * self.width);
            for place in places.chunks_exact(self.coordinates) {
                let frequencies = self.frequencies.chunks_exact(self.coordinates);
                waves.extend(frequencies.zip(&self.phases).map(|(frequencies, phase)| {
                    let angle = place.iter().zip(frequencies).map(|(a, b)| a * b).sum::<f32>() + phase;
                    angle.cos() / factor
                }));
            }
            self.perceptron.of(&waves)
        });
        parts.collect::<Vec<_>>().concat()
    }
}
