//! A smooth, rising map from the time of a region to the time of the performance around it.

/// The constant slope is at least this share of the mean one, so that the map keeps rising.
const LEAST_SHARE: f64 = 0.25;

/// Where a region onset comes to be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Placed {
    /// Its free time.
    pub free: f64,
    /// The map from free time after `origin` to time after `start`.
    pub warp: Warp,
    pub origin: f64,
    pub start: f64,
}

impl Placed {
    pub fn time(&self) -> f64 {
        self.at(self.free)
    }

    pub fn at(&self, free: f64) -> f64 {
        self.start + self.warp.at(free - self.origin)
    }
}

/// A rising, smooth map of time: slope `left` at 0, going linearly to `middle` at `blend`, constant
/// up to `blend` before `length`, going linearly to `right` at `length`; straight lines outside.
#[derive(Clone, Copy, Debug)]
pub(super) struct Warp {
    length: f64,
    blend: f64,
    left: f64,
    middle: f64,
    right: f64,
}

impl Warp {
    /// One slope throughout.
    pub fn straight(slope: f64) -> Self {
        Self { length: f64::INFINITY, blend: 1.0, left: slope, middle: slope, right: slope }
    }

    /// From a neighbour on, then as played.
    pub fn after(left: Option<f64>, blend: f64) -> Self {
        Self { length: f64::INFINITY, blend, left: left.unwrap_or(1.0), middle: 1.0, right: 1.0 }
    }

    /// As played, then into a neighbour.
    pub fn before(length: f64, right: Option<f64>, blend: f64) -> Self {
        Self { length, blend, left: 1.0, middle: 1.0, right: right.unwrap_or(1.0) }
    }

    /// Takes 0 to 0 and `length` to `target`. The wished slopes at the ends give way where the
    /// slope between them would become too small.
    pub fn between(length: f64, target: f64, left: Option<f64>, right: Option<f64>, blend: f64) -> Self {
        let mean = target / length;
        // The middle slope that ends of slope l and r leave: (target − blend·(l + r)/2)/(length − blend).
        let ends = |share: f64| {
            let towards = |slope: Option<f64>| slope.map(|w| mean + share * (w - mean));
            (towards(left), towards(right))
        };
        let middle = |(l, r): (Option<f64>, Option<f64>)| {
            let fixed: f64 = [l, r].iter().flatten().sum();
            let free_ends = [l, r].iter().filter(|e| e.is_none()).count() as f64;
            // An end without a slope of its own has the middle slope itself.
            (target - blend * fixed / 2.0) / (length - blend + blend * free_ends / 2.0)
        };
        let fits = |share: f64| {
            let m = middle(ends(share));
            m >= LEAST_SHARE * mean && m <= mean / LEAST_SHARE
        };
        let share = [1.0, 0.8, 0.6, 0.4, 0.2, 0.1].into_iter().find(|s| fits(*s)).unwrap_or(0.0);
        let (l, r) = ends(share);
        let m = middle((l, r));
        Self { length, blend, left: l.unwrap_or(m), middle: m, right: r.unwrap_or(m) }
    }

    pub fn at(&self, x: f64) -> f64 {
        let Self { length, blend, left, middle, right } = *self;
        // The integral of the slope; `ramp` is that of one which goes from `from` to `to` in `blend`.
        let ramp = |x: f64, from: f64, to: f64| from * x + (to - from) * x * x / (2.0 * blend);
        if x <= 0.0 {
            return left * x;
        }
        if x <= blend {
            return ramp(x, left, middle);
        }
        let first = ramp(blend, left, middle);
        if x <= length - blend {
            return first + middle * (x - blend);
        }
        let second = first + middle * (length - 2.0 * blend);
        if x <= length {
            return second + ramp(x - (length - blend), middle, right);
        }
        second + ramp(blend, middle, right) + right * (x - length)
    }
}
