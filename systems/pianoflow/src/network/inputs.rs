//! What the network reads.

use burn::tensor::{Bool, Tensor};

/// What the network reads: one row a note.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Score features `[batch, notes, features]`.
    pub features: Tensor<3>,
    /// Known values, zero where unknown `[batch, notes, values]`.
    pub known: Tensor<3>,
    /// 1 where a value is to be predicted, 0 where it is known `[batch, notes, values]`.
    pub unknown: Tensor<3>,
    /// The point on the path from noise to values `[batch, notes, values]`.
    pub noisy: Tensor<3>,
    /// Flow time, 0 noise to 1 values `[batch]`.
    pub time: Tensor<1>,
    /// Condition vectors `[batch, notes, condition]`; none is the null condition.
    pub condition: Option<Tensor<3>>,
    /// True where a row is padding `[batch, notes]`.
    pub padding: Option<Tensor<2, Bool>>,
    /// Dropout of each block, drawn by the trainer so that a seed says everything: 0 where an
    /// activation is dropped, else what makes up for it `[batch, memory + notes, hidden]`. Empty
    /// outside training.
    pub kept: Vec<Tensor<3>>,
}
