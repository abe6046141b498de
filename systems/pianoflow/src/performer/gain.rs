//! The gain: how far values lie from the mean of the piece is multiplied, and divided again.

use notation::Score;

use crate::settings::Sampling;
use crate::steadiness::steady;
use crate::values::{self, CHORD, KINDS, ONSET_TEMPO, QUARTER_TEMPO, Values, WIDTH};

/// Distances of onset tempo up to this, in log2, are what the gain is for. A wait before the last
/// chord, or a rest that is cut short, is larger and comes out of the network in full: with the gain
/// on it the last chord came 2.5 s after a sixteenth, people's .5 s.
const ONSET_TEMPO_KNEE: f64 = 0.25;

/// The gains of one take.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Gains {
    /// Of each column; of quarter tempo, that of its fast changes.
    columns: [f64; WIDTH],
    /// Of slow changes of quarter tempo.
    drift: f64,
    /// What is this piece's and this take's in both gains of quarter tempo.
    tempo_factor: f64,
}

impl Gains {
    /// Those of all pieces, multiplied by what this piece and this take have of their own, by kind of value.
    pub fn new(sampling: &Sampling, factors: &[f64; KINDS]) -> Self {
        let tempo_factor = factors[QUARTER_TEMPO];
        Self {
            columns: std::array::from_fn(|k| sampling.gain[k] * factors[values::kind_of(k)]),
            drift: sampling.drift * tempo_factor,
            tempo_factor,
        }
    }

    /// Values with the gains, but for quarter tempo's, which [`Self::steady`] has.
    pub fn apply(&self, score: &Score, raw: &Values) -> Values {
        about_mean(score, raw, |column, distance| self.of(column).apply(distance))
    }

    /// Gives changes of quarter tempo their gains.
    pub fn steady(&self, score: &Score, values: &mut Values) {
        steady(score, values, self.drift, self.columns[QUARTER_TEMPO]);
    }

    /// Values that were made with the gains, without them. Those of quarter tempo that all pieces have are
    /// near 1 and left in.
    pub fn undo(&self, score: &Score, raw: &Values) -> Values {
        let mut plain = about_mean(score, raw, |column, distance| self.of(column).undo(distance));
        if self.tempo_factor != 1.0 {
            steady(score, &mut plain, self.tempo_factor.recip(), self.tempo_factor.recip());
        }
        plain
    }

    fn of(&self, column: usize) -> Gain {
        match column {
            // It has a treatment of its own: [`steady`].
            QUARTER_TEMPO => Gain { factor: 1.0, knee: f64::INFINITY },
            ONSET_TEMPO => Gain { factor: self.columns[column], knee: ONSET_TEMPO_KNEE },
            _ => Gain { factor: self.columns[column], knee: f64::INFINITY },
        }
    }
}

/// What a column's distance from its mean is multiplied by: in full up to the knee; what goes beyond
/// is not made larger still.
struct Gain {
    factor: f64,
    knee: f64,
}

impl Gain {
    fn apply(&self, distance: f64) -> f64 {
        distance + (self.factor - 1.0) * distance.clamp(-self.knee, self.knee)
    }

    fn undo(&self, distance: f64) -> f64 {
        if distance.abs() <= self.factor * self.knee {
            distance / self.factor
        } else {
            distance - (self.factor - 1.0) * self.knee * distance.signum()
        }
    }
}

/// Changes every column's distance from its mean. How far a grace note lies from its chord is no
/// spread of a chord: it has neither part in that mean nor a gain, which would put it a whole note
/// early.
fn about_mean(score: &Score, raw: &Values, change: impl Fn(usize, f64) -> f64) -> Values {
    let mut out = raw.clone();
    for column in 0..WIDTH {
        let counts = |n: usize| column != CHORD || score.notes[n].grace.is_none();
        let notes = (0..score.notes.len()).filter(|n| counts(*n) && raw.get(*n, column).is_finite());
        let (sum, count) = notes.clone().fold((0.0, 0.0), |(s, c), n| (s + raw.get(n, column), c + 1.0));
        let mean = sum / f64::max(count, 1.0);
        for n in notes {
            out.0[n * WIDTH + column] = (mean + change(column, raw.get(n, column) - mean)) as f32;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use notation::{Note, Quarters};

    #[test]
    fn a_pieces_factor_widens_every_kind_and_can_be_undone() {
        let note = |k: i64| Note { onset: Quarters::whole(k), ..Note::default() };
        let score = Score { notes: (0..100).map(note).collect(), ..Score::default() };
        let cell = |k: usize| (0.1 * (0.7 * k as f64).sin()) as f32;
        let raw = Values((0..100 * WIDTH).map(cell).collect());
        let made = |factor: f64| {
            let gains = Gains::new(&Sampling::default(), &[factor; KINDS]);
            let mut values = gains.apply(&score, &raw);
            gains.steady(&score, &mut values);
            (gains, values)
        };
        let deviation = |values: &Values, column: usize| {
            let mean = (0..100).map(|n| values.get(n, column)).sum::<f64>() / 100.0;
            ((0..100).map(|n| (values.get(n, column) - mean).powi(2)).sum::<f64>() / 100.0).sqrt()
        };
        for factor in [0.5, 1.0, 1.5] {
            let (gains, values) = made(factor);
            for column in 0..WIDTH {
                let ratio = deviation(&values, column) / deviation(&raw, column);
                assert!((ratio - factor).abs() < 1e-3, "column {column}: {ratio} for {factor}");
            }
            let again = gains.undo(&score, &values);
            assert!(again.0.iter().zip(&raw.0).all(|(a, b)| (a - b).abs() < 1e-4), "factor {factor}");
        }
    }

    #[test]
    fn a_gain_goes_as_far_as_its_knee_and_can_be_undone() {
        for (factor, knee) in [(2.5, 0.25), (0.6, 0.25), (1.8, f64::INFINITY), (1.0, 0.25)] {
            let gain = Gain { factor, knee };
            for k in -40..=40 {
                let distance = f64::from(k) * 0.05;
                assert!((gain.undo(gain.apply(distance)) - distance).abs() < 1e-12, "{factor} {distance}");
            }
            assert!((gain.apply(0.2) - 0.2 * factor).abs() < 1e-12);
        }
        let gain = Gain { factor: 2.5, knee: 0.25 };
        assert!((gain.apply(1.0) - 1.375).abs() < 1e-12 && (gain.apply(-1.0) + 1.375).abs() < 1e-12);
    }

    #[test]
    fn a_grace_note_has_neither_gain_nor_part_in_the_mean() {
        use notation::Grace;
        let note = |grace| Note { grace, ..Note::default() };
        let score = Score {
            notes: vec![note(Some(Grace::Acciaccatura)), note(None), note(None)],
            ..Score::default()
        };
        let mut raw = Values(vec![0.0; 3 * WIDTH]);
        for (n, chord) in [-2.0, 0.25, 0.75].into_iter().enumerate() {
            raw.0[n * WIDTH + CHORD] = chord;
            raw.0[n * WIDTH + values::VELOCITY] = chord;
        }
        let doubled = about_mean(&score, &raw, |_, distance| 2.0 * distance);
        let column = |column: usize| [0, 1, 2].map(|n| doubled.get(n, column));
        assert_eq!(column(CHORD), [-2.0, 0.0, 1.0]);
        let mean = -1.0 / 3.0;
        for (found, before) in column(values::VELOCITY).into_iter().zip([-2.0, 0.25, 0.75]) {
            assert!((found - mean - 2.0 * (before - mean)).abs() < 1e-6, "{found} for {before}");
        }
    }
}
