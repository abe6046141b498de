//! How well two versions agree on the whole, in figures: [`performance::steadiness`] and [`performance::hands`].

use performance::hands::{BothHands, median};
use performance::steadiness::{StruckBeat, onset_times, percent};
use protocol::Agreement;

use super::beats;
use crate::document::Played;
use crate::places;

/// With fewer onsets of both hands nothing is said of them.
const LEAST_ONSETS: usize = 8;

/// Two onsets that are no further apart in the score are one.
const SAME_QUARTERS: f64 = 1e-6;

/// The figures of two versions.
pub(super) fn figures(played: [&Played; 2], hands: [&[BothHands]; 2]) -> Agreement {
    let beats = struck_beats(played);
    let swapped: Vec<StruckBeat> = beats
        .iter()
        .map(|beat| StruckBeat { secs: beat.reference_secs, reference_secs: beat.secs, ..*beat })
        .collect();
    let enough = hands.map(|hands| Some(hands).filter(|hands| hands.len() >= LEAST_ONSETS));
    let middle = |of: fn(f64) -> f64| {
        enough.map(|hands| median(hands?.iter().map(|both| 1000.0 * of(both.right_later_secs))))
    };
    Agreement {
        wander_percent: [percent(&beats), percent(&swapped)],
        hands_apart_ms: middle(f64::abs),
        right_later_ms: middle(|secs| secs),
        ..Agreement::default()
    }
}

/// The beats of the first version, with when both strike them. Where the second goes on with another bar than the first
/// there is a beat that neither strikes.
fn struck_beats([heard, compared]: [&Played; 2]) -> Vec<StruckBeat> {
    let [here, there] = [heard, compared].map(|played| onset_times(played.score(), &played.performance));
    let mut beats = Vec::new();
    let mut before: Option<usize> = None;
    for (k, measure) in heard.score().measures.iter().enumerate() {
        let same = places::bar_in(&heard.written, &compared.written, k);
        if before.is_some_and(|before| same != Some(before + 1)) {
            beats.push(StruckBeat { quarters: measure.start.to_f64(), secs: None, reference_secs: None });
        }
        before = same;
        let other = same.and_then(|bar| compared.score().measures.get(bar));
        for offset in beats::offsets(measure) {
            let quarters = measure.start.to_f64() + offset;
            beats.push(StruckBeat {
                quarters,
                secs: at(&here, quarters),
                reference_secs: other.and_then(|other| at(&there, other.start.to_f64() + offset)),
            });
        }
    }
    beats
}

/// When a place is struck, if it is.
fn at(times: &[(f64, f64)], quarters: f64) -> Option<f64> {
    let first = times.partition_point(|time| time.0 < quarters - SAME_QUARTERS);
    times.get(first).filter(|time| time.0 < quarters + SAME_QUARTERS).map(|time| time.1)
}
