//! What a window of the network is given.

/// What stays the same in all steps of a window: tables with one row a note.
pub struct Given {
    /// Score features `[notes, features]`.
    pub features: Vec<f32>,
    /// Known values, zero where unknown `[notes, values]`.
    pub known: Vec<f32>,
    /// 1 where a value is to be predicted, 0 where it is known `[notes, values]`.
    pub unknown: Vec<f32>,
    /// Condition vectors `[notes, condition]`. With them there are two passes: the null condition's
    /// and theirs.
    pub condition: Option<Vec<f32>>,
}
