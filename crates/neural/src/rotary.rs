//! Rotary positions.

/// Cosines and sines of the rotary positions `[tokens, half]`.
pub struct Rotary {
    /// Half the width of a head.
    pub half: usize,
    /// `[tokens, half]`
    pub cos: Vec<f32>,
    /// `[tokens, half]`
    pub sin: Vec<f32>,
}

impl Rotary {
    /// The angles of `tokens` positions, `position * base^(-k / half)` for pair `k`.
    pub fn new(tokens: usize, half: usize, base: f64) -> Self {
        let angle = |k: usize| (k / half) as f64 * base.powf(-((k % half) as f64) / half as f64);
        let table = |f: fn(f64) -> f64| (0..tokens * half).map(|k| f(angle(k)) as f32).collect();
        Self { half, cos: table(f64::cos), sin: table(f64::sin) }
    }

    /// How many positions there are.
    pub fn tokens(&self) -> usize {
        self.cos.len() / self.half
    }
}
