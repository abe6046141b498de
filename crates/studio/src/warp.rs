//! Drawing the tempo: a time map that bends what lies under the curve and moves what follows.

use notation::Score;
use performance::{BeatCurve, Performance, codec};
use protocol::CurvePoint;

/// Tempi that can be drawn, in quarters per minute.
pub const TEMPI: std::ops::RangeInclusive<f64> = 5.0..=1000.0;

/// The performance with the tempo of a curve: at least two points that rise in score time, joined
/// by straight lines. Times before the curve stay to the last bit, times after it all move by the
/// same amount. Between its ends everything moves with the music, so that notes keep their order
/// and pedals their notes.
pub fn draw_tempo(score: &Score, played: &Performance, curve: &[CurvePoint]) -> Performance {
    let old = codec::encode(score, played).curve();
    let Some(warp) = Warp::new(score, &old, curve) else { return played.clone() };
    let mut warped = played.clone();
    for note in &mut warped.notes {
        let end_secs = note.onset_secs + note.duration_secs;
        if end_secs > warp.from_secs {
            let onset_secs = warp.at(note.onset_secs);
            // A note that only moves keeps its length to the last bit.
            if note.onset_secs < warp.to_secs {
                note.duration_secs = warp.at(end_secs) - onset_secs;
            }
            note.onset_secs = onset_secs;
        }
    }
    warped.pedals.iter_mut().for_each(|p| p.time_secs = warp.at(p.time_secs));
    warped
}

/// A rising map of time.
struct Warp<'a> {
    old: &'a BeatCurve,
    drawn: Vec<CurvePoint>,
    from_secs: f64,
    to_secs: f64,
    /// What is added after the curve.
    shift_secs: f64,
}

impl<'a> Warp<'a> {
    fn new(score: &Score, old: &'a BeatCurve, curve: &[CurvePoint]) -> Option<Self> {
        let first = score.notes.first()?.onset.to_f64().min(0.0);
        let end = score.end().to_f64();
        let tempo = |value: f64| value.clamp(*TEMPI.start(), *TEMPI.end());
        let mut drawn: Vec<CurvePoint> =
            curve.iter().map(|p| CurvePoint { value: tempo(p.value), ..*p }).collect();
        clip(&mut drawn, first, end);
        let (from, to) = (drawn.first()?.quarters, drawn.last()?.quarters);
        let mut warp =
            Self { old, drawn, from_secs: old.secs_at(from), to_secs: old.secs_at(to), shift_secs: 0.0 };
        warp.shift_secs = warp.from_secs + warp.elapsed_secs(to) - warp.to_secs;
        (to > from && warp.to_secs > warp.from_secs).then_some(warp)
    }

    fn at(&self, secs: f64) -> f64 {
        if secs <= self.from_secs {
            secs
        } else if secs >= self.to_secs {
            (secs + self.shift_secs).max(0.0)
        } else {
            self.from_secs + self.elapsed_secs(self.old.quarters_at(secs))
        }
    }

    /// Seconds from the start of the curve to a place on it.
    fn elapsed_secs(&self, quarters: f64) -> f64 {
        let mut secs = 0.0;
        for pair in self.drawn.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            let to = quarters.min(b.quarters);
            if to <= a.quarters {
                break;
            }
            secs += ramp_secs(a, b, to);
        }
        secs
    }
}

/// Seconds from `a` to a place before `b` while the tempo goes in a straight line: the integral of
/// 60 over the tempo.
fn ramp_secs(a: CurvePoint, b: CurvePoint, to: f64) -> f64 {
    let slope = (b.value - a.value) / (b.quarters - a.quarters);
    let length = to - a.quarters;
    let ratio = slope * length / a.value;
    // ln(1 + x) / x, which is 1 where the tempo does not change.
    let factor = if ratio.abs() < 1e-9 { 1.0 - ratio / 2.0 } else { ratio.ln_1p() / ratio };
    60.0 * length / a.value * factor
}

/// Cuts a curve to a stretch of the score.
fn clip(curve: &mut Vec<CurvePoint>, from: f64, to: f64) {
    let at = |curve: &[CurvePoint], quarters: f64| {
        let k = curve.partition_point(|p| p.quarters <= quarters).clamp(1, curve.len() - 1);
        let (a, b) = (curve[k - 1], curve[k]);
        let share = (quarters - a.quarters) / (b.quarters - a.quarters);
        CurvePoint { quarters, value: a.value + share * (b.value - a.value) }
    };
    let (Some(first), Some(last)) = (curve.first().copied(), curve.last().copied()) else { return };
    if curve.len() < 2 || last.quarters <= from || first.quarters >= to {
        curve.clear();
        return;
    }
    let ends =
        [(first.quarters < from).then(|| at(curve, from)), (last.quarters > to).then(|| at(curve, to))];
    curve.retain(|p| (from..=to).contains(&p.quarters));
    let [start, end] = ends;
    if let Some(start) = start.filter(|s| curve.first().is_none_or(|p| p.quarters > s.quarters)) {
        curve.insert(0, start);
    }
    curve.extend(end.filter(|e| curve.last().is_none_or(|p| p.quarters < e.quarters)));
}
