//! The trend of a tempo: the curve of straight lines that takes as long.
//!
//! The trend of log tempi is the curve of straight lines between knots, about [`KNOT_QUARTERS`]
//! apart, along which the music takes as long as it does, weighed by every knot: where `d` are the
//! tempi (log2 of seconds per quarter), `w` the lengths in quarters and `h` how near a knot is (1 there,
//! falling to 0 at its neighbours), the trend `s` has `sum w h 2^(d - s) = sum w h` at every knot.
//! These are the equations of a gamma regression with a logarithmic link (McCullagh and Nelder,
//! "Generalized Linear Models", chapter 8), whose solution is unique.
//!
//! Means of log tempi would not do: two notes of an ornament struck almost together count as five
//! octaves there, and as no time here. And a tempo that is fast and slow by turns takes longer than
//! one that keeps to the mean of its logarithms.
//!
//! Two things follow that make it safe to scale one part and not the other. What is slow is all slow,
//! and nothing of the rest is: the trend of `d - s` is 0. And adding a curve of such lines to the
//! tempi adds it to the trend.

/// Slow changes of tempo are those that straight lines of this length can follow: about what a tempo
/// measured over two quarters to either side shows ([`crate::metrics::Figure::QuarterTempo`]).
const KNOT_QUARTERS: f64 = 2.0;

/// Steps of the solution, which takes about ten.
const MOST_STEPS: usize = 100;

/// The solution is good when no knot moves by more than this, in octaves.
const CLOSE_OCTAVES: f64 = 1e-12;

/// Places in a score from each of which a tempo goes on to the next; the last ends the music.
pub struct Line {
    /// Quarters from each place to the next.
    lengths: Vec<f64>,
    /// For each place, the stretch between two knots that it lies in and how far through it is, 0 to 1.
    places: Vec<(usize, f64)>,
    knots: usize,
}

impl Line {
    /// Of rising places in quarters.
    pub fn through(at: Vec<f64>) -> Self {
        let lengths: Vec<f64> = at.windows(2).map(|at| at[1] - at[0]).collect();
        let at = &at[..lengths.len()];
        let knots = knots(at);
        let mut stretch = 0;
        let place = |k: usize| {
            while stretch + 2 < knots.len() && k >= knots[stretch + 1] {
                stretch += 1;
            }
            match knots.get(stretch + 1) {
                Some(to) => (stretch, (at[k] - at[knots[stretch]]) / (at[*to] - at[knots[stretch]])),
                None => (stretch, 0.0),
            }
        };
        let places = (0..at.len()).map(place).collect();
        Self { places, lengths, knots: knots.len() }
    }

    /// Mean of values at the places, by length.
    pub fn mean(&self, values: &[f64]) -> f64 {
        let sum: f64 = values.iter().zip(&self.lengths).map(|(v, l)| v * l).sum();
        sum / self.lengths.iter().sum::<f64>().max(f64::MIN_POSITIVE)
    }

    /// The trend of log tempi, one for each place but the last (octaves).
    pub fn trend(&self, tempi: &[f64]) -> Vec<f64> {
        let ratios: Vec<f64> = tempi.iter().map(|d| d.exp2()).collect();
        let level = self.mean(&ratios).max(f64::MIN_POSITIVE).log2();
        let mut heights = vec![level; self.knots];
        for _ in 0..MOST_STEPS {
            let step = self.step(tempi, &heights);
            let here = self.cost(tempi, &heights);
            // The cost is convex; half of a step that is too long is one that is not.
            let mut share = 1.0;
            let mut next = moved(&heights, &step, share);
            while share > 1e-6 && self.cost(tempi, &next) > here + 1e-14 * here.abs() {
                share *= 0.5;
                next = moved(&heights, &step, share);
            }
            heights = next;
            if step.iter().all(|s| s.abs() < CLOSE_OCTAVES) {
                break;
            }
        }
        self.curve(&heights)
    }

    /// The lines between the knots, at every place.
    fn curve(&self, heights: &[f64]) -> Vec<f64> {
        let height = |(k, through): &(usize, f64)| {
            let after = heights.get(k + 1).copied().unwrap_or_default();
            heights[*k] * (1.0 - through) + after * through
        };
        self.places.iter().map(height).collect()
    }

    /// What is least where the equations hold.
    fn cost(&self, tempi: &[f64], heights: &[f64]) -> f64 {
        let cost = |(d, s): (&f64, f64)| s * std::f64::consts::LN_2 + (d - s).exp2();
        let costs = tempi.iter().zip(self.curve(heights)).map(cost);
        costs.zip(&self.lengths).map(|(c, l)| c * l).sum()
    }

    /// Newton's step at every knot, in octaves. Each knot meets its two neighbours, so the equations
    /// have three diagonals and are solved from one end to the other and back.
    fn step(&self, tempi: &[f64], heights: &[f64]) -> Vec<f64> {
        let mut diagonal = vec![0.0; self.knots];
        let mut beside = vec![0.0; self.knots];
        let mut right = vec![0.0; self.knots];
        let curve = self.curve(heights);
        for (n, (k, through)) in self.places.iter().enumerate() {
            let ratio = (tempi[n] - curve[n]).exp2();
            // Where hardly any time passes the curvature is almost nothing and the step would be endless.
            let weight = self.lengths[n] * ratio.clamp(0.2, 5.0) * std::f64::consts::LN_2;
            for (knot, share) in [(*k, 1.0 - through), (k + 1, *through)] {
                if let Some(diagonal) = diagonal.get_mut(knot) {
                    *diagonal += weight * share * share;
                    right[knot] += self.lengths[n] * share * (ratio - 1.0);
                }
            }
            beside[*k] += weight * through * (1.0 - through);
        }
        for k in 1..self.knots {
            let factor = beside[k - 1] / diagonal[k - 1];
            diagonal[k] -= factor * beside[k - 1];
            right[k] -= factor * right[k - 1];
        }
        for k in (0..self.knots).rev() {
            let after = right.get(k + 1).map_or(0.0, |after| beside[k] * after);
            right[k] = (right[k] - after) / diagonal[k];
        }
        right
    }
}

fn moved(heights: &[f64], step: &[f64], share: f64) -> Vec<f64> {
    heights.iter().zip(step).map(|(h, s)| h + share * s).collect()
}

/// Which places are knots: the first, the last, and between them one every [`KNOT_QUARTERS`] or a
/// little more. Since something is played at each, the curve through them is always determined.
fn knots(at: &[f64]) -> Vec<usize> {
    let mut knots: Vec<usize> = Vec::new();
    for (k, here) in at.iter().enumerate() {
        if knots.last().is_none_or(|last| here - at[*last] >= KNOT_QUARTERS) {
            knots.push(k);
        }
    }
    if let Some(last) = at.len().checked_sub(1).filter(|last| knots.last() != Some(last)) {
        // A knot close to the last one would make single notes slow.
        if knots.len() > 1 && knots.last().is_some_and(|k| at[last] - at[*k] < 0.5 * KNOT_QUARTERS) {
            knots.pop();
        }
        knots.push(last);
    }
    knots
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Eighths and sixteenths with a long rest, and tempi with an outlier of five octaves.
    fn example() -> (Line, Vec<f64>) {
        let mut at = vec![0.0];
        for k in 0..200usize {
            let step = if k == 77 { 11.0 } else { [0.5, 0.25, 0.25, 1.0][k % 4] };
            at.push(at[k] + step);
        }
        let tempo = |k: usize| match k {
            50 => -5.0,
            k => (k as f64 / 20.0).sin() * 0.3 + ((k * k) % 17) as f64 / 20.0,
        };
        (Line::through(at), (0..200).map(tempo).collect())
    }

    #[test]
    fn the_trend_takes_as_long_around_every_knot() {
        let (line, tempi) = example();
        let trend = line.trend(&tempi);
        let mut off = vec![0.0; line.knots];
        for (n, (k, through)) in line.places.iter().enumerate() {
            let excess = line.lengths[n] * ((tempi[n] - trend[n]).exp2() - 1.0);
            off[*k] += (1.0 - through) * excess;
            off[k + 1] += through * excess;
        }
        assert!(off.iter().all(|o| o.abs() < 1e-9), "{off:?}");
    }

    #[test]
    fn no_trend_is_left_and_the_trend_is_all_trend() {
        let (line, tempi) = example();
        let trend = line.trend(&tempi);
        let rubato: Vec<f64> = tempi.iter().zip(&trend).map(|(d, s)| d - s).collect();
        assert!(line.trend(&rubato).iter().all(|s| s.abs() < 1e-9));
        let both: Vec<f64> = rubato.iter().zip(&trend).map(|(f, s)| f - 2.5 * s).collect();
        assert!(line.trend(&both).iter().zip(&trend).all(|(b, s)| (b + 2.5 * s).abs() < 1e-9));
        assert!(line.trend(&trend).iter().zip(&trend).all(|(a, b)| (a - b).abs() < 1e-9));
    }

    #[test]
    fn short_music_has_a_trend_too() {
        for notes in 0..4 {
            let line = Line::through((0..notes).map(f64::from).collect());
            let tempi = vec![0.7; usize::try_from(notes - 1).unwrap_or_default()];
            assert!(line.trend(&tempi).iter().all(|s| (s - 0.7).abs() < 1e-9), "{notes}");
        }
    }
}
