//! Linear layers as the published weights hold them: a row for each output.

use neural::archive::Archive;
use neural::matmul::Matrix;
use neural::weights::WeightsError;

use crate::rows::gelu;

/// A product and a bias.
pub struct Linear {
    matrix: Matrix,
    bias: Vec<f32>,
}

impl Linear {
    /// Reads a layer of so many inputs and outputs.
    pub fn load(archive: &Archive, name: &str, inputs: usize, outputs: usize) -> Result<Self, WeightsError> {
        Self::scaled(archive, name, inputs, &vec![1.0; outputs])
    }

    /// Reads a layer whose outputs are each multiplied by a factor.
    pub fn scaled(
        archive: &Archive,
        name: &str,
        inputs: usize,
        factors: &[f32],
    ) -> Result<Self, WeightsError> {
        let rows = archive.numbers(&format!("{name}.weight"), &[factors.len(), inputs])?;
        let mut bias = archive.numbers(&format!("{name}.bias"), &[factors.len()])?;
        let mut matrix = Matrix::zeros(inputs, factors.len());
        for (k, (row, factor)) in rows.chunks_exact(inputs).zip(factors).enumerate() {
            let column: Vec<f32> = row.iter().map(|v| v * factor).collect();
            matrix.set_column(k, &column);
        }
        bias.iter_mut().zip(factors).for_each(|(v, factor)| *v *= factor);
        Ok(Self { matrix, bias })
    }

    /// The outputs for some rows, into `out`.
    pub fn of(&self, rows: &[f32], out: &mut Vec<f32>) {
        out.clear();
        for _ in 0..rows.len() / self.matrix.rows() {
            out.extend_from_slice(&self.bias);
        }
        self.matrix.add_product(rows, out);
    }

    /// Adds the outputs for some rows to `out`.
    pub fn add(&self, rows: &[f32], out: &mut [f32]) {
        for row in out.chunks_exact_mut(self.bias.len()) {
            row.iter_mut().zip(&self.bias).for_each(|(v, bias)| *v += bias);
        }
        self.matrix.add_product(rows, out);
    }
}

/// Two layers with the Gaussian error linear unit between them.
pub struct Perceptron {
    layers: [Linear; 2],
}

impl Perceptron {
    /// Reads the layers `name.0` and `name.3`, with these widths before, between and after.
    pub fn load(archive: &Archive, name: &str, widths: [usize; 3]) -> Result<Self, WeightsError> {
        Self::scaled(archive, name, [widths[0], widths[1]], &vec![1.0; widths[2]])
    }

    /// Reads them, with a factor for each output.
    pub fn scaled(
        archive: &Archive,
        name: &str,
        widths: [usize; 2],
        factors: &[f32],
    ) -> Result<Self, WeightsError> {
        let first = Linear::load(archive, &format!("{name}.0"), widths[0], widths[1])?;
        Ok(Self { layers: [first, Linear::scaled(archive, &format!("{name}.3"), widths[1], factors)?] })
    }

    /// The outputs for some rows.
    pub fn of(&self, rows: &[f32]) -> Vec<f32> {
        let (mut hidden, mut out) = (Vec::new(), Vec::new());
        self.layers[0].of(rows, &mut hidden);
        gelu(&mut hidden);
        self.layers[1].of(&hidden, &mut out);
        out
    }

    /// Adds the outputs for some rows to `out`; `hidden` is overwritten.
    pub fn add(&self, rows: &[f32], hidden: &mut Vec<f32>, out: &mut [f32]) {
        self.layers[0].of(rows, hidden);
        gelu(hidden);
        self.layers[1].add(hidden, out);
    }
}
