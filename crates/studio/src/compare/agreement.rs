//! How well two versions agree on the whole, in figures: [`performance::steadiness`] and [`performance::hands`].

use performance::hands::{BothHands, median};
use performance::steadiness::{StruckBeat, onset_times, percent};
use protocol::{Agreement, OffBeat};

use super::beats;
use crate::document::Played;
use crate::places;

/// With fewer onsets of both hands nothing is said of them.
const LEAST_ONSETS: usize = 8;

/// Two onsets that are no further apart in the score are one.
const SAME_QUARTERS: f64 = 1e-6;

/// A beat that is off by less, in per cents of a beat, is not noticed in music (Repp, "Probing the cognitive
/// representation of musical time", Cognition 44, 1992: lengthened intervals of a piece are found from about a tenth on).
pub(super) const OFF_PERCENT: f64 = 10.0;

/// For each bar of the first version the beat that is furthest from where the second one has it, if that is noticed: both
/// bars are laid over one another, so that tempo plays no part in it. Bars that are not full have no numbered beats.
pub(super) fn off_beats([heard, compared]: [&Played; 2]) -> Vec<Option<OffBeat>> {
    let [here, there] = [heard, compared].map(|played| onset_times(played.score(), &played.performance));
    let measures = &heard.score().measures;
    let of_bar = |k: usize| {
        let measure = &measures[k];
        if measure.end - measure.start != measure.time.measure_length() {
            return None;
        }
        let other = compared.score().measures.get(places::bar_in(&heard.written, &compared.written, k)?)?;
        let bars = [(&here, measure.start.to_f64()), (&there, other.start.to_f64())];
        let length = (measure.end - measure.start).to_f64();
        let count = beats::offsets(measure).count();
        // Where both begin and end, in seconds.
        let [own, theirs] = bars.map(|(times, start)| Some((at(times, start)?, at(times, start + length)?)));
        let (own, theirs) = (own?, theirs?);
        let share = |(times, start): (&Vec<(f64, f64)>, f64), (from, to): (f64, f64), offset: f64| {
            Some((at(times, start + offset)? - from) / (to - from))
        };
        let late = |(beat, offset): (usize, f64)| {
            let later = share(bars[0], own, offset)? - share(bars[1], theirs, offset)?;
            let late_percent = 100.0 * later * count as f64;
            let off =
                OffBeat { beat: beat as u32 + 1, late_ms: 1000.0 * later * (own.1 - own.0), late_percent };
            (late_percent.is_finite() && late_percent.abs() >= OFF_PERCENT).then_some(off)
        };
        let found = beats::offsets(measure).enumerate().skip(1).filter_map(late);
        found.max_by(|a, b| a.late_percent.abs().total_cmp(&b.late_percent.abs()))
    };
    (0..measures.len()).map(of_bar).collect()
}

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
