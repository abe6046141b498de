//! What other versions do in each bar: between which values they are.

use protocol::{BarValues, CompareView};

use super::side::Side;
use crate::document::Played;
use crate::places;

/// So few others have no spread.
pub const LEAST_OTHERS: usize = 3;

/// No more are looked at: the last ones.
pub const MOST_OTHERS: usize = 8;

/// Adds the spread of other versions to the bars of a comparison, whose first version is `heard`.
pub fn add_spread(view: &mut CompareView, heard: &Played, others: &[Played]) {
    if others.len() < LEAST_OTHERS {
        return;
    }
    view.agreement.others = others.len();
    let sides: Vec<(Side, &Played)> =
        others.iter().map(|other| (Side::new(other.score(), &other.performance), other)).collect();
    for (k, row) in view.bars.iter_mut().enumerate() {
        let of = |(side, other): &(Side, &Played)| {
            let bar = places::bar_in(&heard.written, &other.written, k)?;
            side.bar(other.score().measures.get(bar)?)
        };
        let values: Vec<BarValues> = sides.iter().filter_map(of).collect();
        row.spread =
            (values.len() >= LEAST_OTHERS).then(|| [bound(&values, f64::min), bound(&values, f64::max)]);
    }
}

/// The least or the largest of each value.
fn bound(values: &[BarValues], further: fn(f64, f64) -> f64) -> BarValues {
    let of = |value: fn(&BarValues) -> f64| values.iter().map(value).reduce(further).unwrap_or_default();
    BarValues {
        start_secs: of(|v| v.start_secs),
        quarters_per_minute: of(|v| v.quarters_per_minute),
        velocity: of(|v| v.velocity),
        articulation: of(|v| v.articulation),
        pedal: of(|v| v.pedal),
        hands_apart_ms: values.iter().filter_map(|v| v.hands_apart_ms).reduce(further),
    }
}
