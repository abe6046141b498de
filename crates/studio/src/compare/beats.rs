//! The beats of bars.

use notation::{Measure, Score};

/// No bar has more beats.
const MOST_IN_A_BAR: usize = 1000;

/// How far the beats of a bar are from its start, in quarters.
pub(super) fn offsets(measure: &Measure) -> impl Iterator<Item = f64> + use<> {
    let beat = measure.time.beat_length().to_f64().max(1.0 / 16.0);
    let length = (measure.end - measure.start).to_f64();
    let count = (length / beat - 1e-9).ceil().max(0.0) as usize;
    (0..count.min(MOST_IN_A_BAR)).map(move |k| k as f64 * beat)
}

/// Every beat with the length of its bar.
pub(super) fn all(score: &Score) -> Vec<(f64, f64)> {
    let of = |measure: &Measure| {
        let beat = measure.time.beat_length().to_f64().max(1.0 / 16.0);
        let bar = measure.time.measure_length().to_f64().max(beat);
        let start = measure.start.to_f64();
        offsets(measure).map(move |offset| (start + offset, bar))
    };
    score.measures.iter().flat_map(of).collect()
}
