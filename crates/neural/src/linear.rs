//! Linear layers for the processor, copied from Burn's.

use burn::nn;
use burn::tensor::Tensor;

use crate::matmul::Matrix;

/// A product and a bias.
pub struct Linear {
    /// The product.
    pub matrix: Matrix,
    /// Added to every row.
    pub bias: Vec<f32>,
}

impl Linear {
    /// Copies a layer.
    pub fn new(layer: &nn::Linear) -> Self {
        let matrix = matrix(layer);
        let bias = layer.bias.as_ref().map_or_else(|| vec![0.0; matrix.columns()], |b| numbers(b.val()));
        Self { matrix, bias }
    }

    /// Width of the output.
    pub fn columns(&self) -> usize {
        self.bias.len()
    }

    /// The layer's output for some rows.
    pub fn of(&self, rows: &[f32]) -> Vec<f32> {
        let mut out = self.bias.repeat(rows.len() / self.matrix.rows());
        self.matrix.add_product(rows, &mut out);
        out
    }
}

/// The numbers of a tensor, row after row.
pub fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

/// A layer's product without its bias.
pub fn matrix(layer: &nn::Linear) -> Matrix {
    let [_, columns] = layer.weight.dims();
    Matrix::from_rows(&numbers(layer.weight.val()), columns)
}

/// The two halves of a layer's output as products of their own.
pub fn halves(layer: &nn::Linear) -> [Matrix; 2] {
    let [_, columns] = layer.weight.dims();
    [0, 1].map(|k| {
        let half = layer.weight.val().narrow(1, k * columns / 2, columns / 2);
        Matrix::from_rows(&numbers(half), columns / 2)
    })
}
