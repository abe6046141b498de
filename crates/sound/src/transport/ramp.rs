//! Values that change without a click.

/// A factor that moves to its target in a straight line.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Ramp {
    value: f32,
    target: f32,
    step: f32,
}

impl Ramp {
    pub(crate) fn at(value: f32) -> Self {
        Self { value, target: value, step: 0.0 }
    }

    /// Arrives at `target` in so many frames.
    pub(crate) fn go_to(&mut self, target: f32, frames: f32) {
        if target != self.target {
            self.target = target;
            self.step = (target - self.value).abs() / frames.max(1.0);
        }
    }

    pub(crate) fn is_steady_at(&self, value: f32) -> bool {
        self.value == value && self.target == value
    }

    /// The factor of the next frame.
    pub(crate) fn next(&mut self) -> f32 {
        let value = self.value;
        let way = self.target - value;
        self.value = if way.abs() <= self.step { self.target } else { value + self.step.copysign(way) };
        value
    }
}

/// Fading in or out. Bends gently at both ends, and two fades the other way round add up to
/// one at every frame, so that a crossfade of equal sounds is that sound.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fade {
    phase: f32,
    step: f32,
}

impl Fade {
    pub(crate) const OUT: Self = Self { phase: 0.0, step: 0.0 };
    pub(crate) const IN: Self = Self { phase: 1.0, step: 0.0 };

    pub(crate) fn fade_in(&mut self, frames: f32) {
        self.step = 1.0 / frames.max(1.0);
    }

    pub(crate) fn fade_out(&mut self, frames: f32) {
        self.step = -1.0 / frames.max(1.0);
    }

    pub(crate) fn is_out(&self) -> bool {
        self.phase <= 0.0 && self.step <= 0.0
    }

    pub(crate) fn is_in(&self) -> bool {
        self.phase >= 1.0 && self.step >= 0.0
    }

    pub(crate) fn is_fading_out(&self) -> bool {
        self.step < 0.0 && self.phase > 0.0
    }

    pub(crate) fn phase(&self) -> f32 {
        self.phase
    }

    /// The factor of the next frame.
    pub(crate) fn next(&mut self) -> f32 {
        let p = self.phase;
        self.phase = (p + self.step).clamp(0.0, 1.0);
        p * p * (3.0 - 2.0 * p)
    }
}
