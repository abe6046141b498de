//! What is drawn: curves of tempo and loudness, and pedals.

use notation::Score;
use performance::{Pedal, PedalEvent, Performance};
use protocol::CurvePoint;

use super::error::EditError;
use crate::document::LONGEST_SECS;

/// A drawn curve as points that rise in score time; where two lie at one place, the later counts.
pub(super) fn curve(points: &[CurvePoint]) -> Result<Vec<CurvePoint>, EditError> {
    let finite = points.iter().filter(|p| p.quarters.is_finite() && p.value.is_finite());
    let mut sorted: Vec<CurvePoint> = finite.copied().collect();
    sorted.sort_by(|a, b| a.quarters.total_cmp(&b.quarters));
    let mut rising: Vec<CurvePoint> = Vec::with_capacity(sorted.len());
    for point in sorted {
        match rising.last_mut() {
            Some(last) if point.quarters - last.quarters < 1e-6 => last.value = point.value,
            _ => rising.push(point),
        }
    }
    if rising.len() < 2 { Err(EditError::ShortCurve) } else { Ok(rising) }
}

/// The value of a curve at a place; none outside of it.
fn value_at(curve: &[CurvePoint], quarters: f64) -> Option<f64> {
    let k = curve.partition_point(|p| p.quarters <= quarters);
    let before = curve.get(k.checked_sub(1)?)?;
    match curve.get(k) {
        Some(after) => {
            let share = (quarters - before.quarters) / (after.quarters - before.quarters);
            Some(before.value + share * (after.value - before.value))
        }
        None => (quarters - before.quarters < 1e-6).then_some(before.value),
    }
}

/// The mean velocity of each onset follows the curve, its notes keep their differences.
pub(super) fn draw_dynamics(score: &Score, played: &mut Performance, curve: &[CurvePoint]) {
    for group in score.onset_groups() {
        let Some(wanted) = value_at(curve, score.notes[group.start].onset.to_f64()) else { continue };
        let from = played.notes.partition_point(|n| (n.note as usize) < group.start);
        let to = played.notes.partition_point(|n| (n.note as usize) < group.end);
        let notes = &mut played.notes[from..to];
        if notes.is_empty() {
            continue;
        }
        let mean = notes.iter().map(|n| f64::from(n.velocity)).sum::<f64>() / notes.len() as f64;
        let louder = (wanted - mean).round().clamp(-127.0, 127.0);
        for note in notes {
            note.velocity = (f64::from(note.velocity) + louder).clamp(1.0, 127.0) as u8;
        }
    }
}

/// Replaces the movements of one pedal between two times; afterwards it is where it was.
pub(super) fn redraw_pedal(
    old: &[PedalEvent],
    from_secs: f64,
    to_secs: f64,
    events: &[PedalEvent],
) -> Vec<PedalEvent> {
    if !(from_secs.is_finite() && to_secs.is_finite()) {
        return old.to_vec();
    }
    let (from, to) = (from_secs.min(to_secs).max(0.0), from_secs.max(to_secs).clamp(0.0, LONGEST_SECS));
    let pedal = events.first().map_or(Pedal::Sustain, |e| e.pedal);
    let last_value = |events: &mut dyn Iterator<Item = &PedalEvent>| {
        events.filter(|e| e.pedal == pedal).last().map(|e| e.value)
    };
    let mut drawn: Vec<PedalEvent> = events
        .iter()
        .filter(|e| e.pedal == pedal && e.time_secs.is_finite())
        .map(|e| PedalEvent { time_secs: e.time_secs.clamp(from, to), value: e.value.min(127), ..*e })
        .collect();
    drawn.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    let before = last_value(&mut old.iter().filter(|e| e.time_secs < from)).unwrap_or(0);
    let after = last_value(&mut old.iter().filter(|e| e.time_secs <= to)).unwrap_or(0);
    if last_value(&mut drawn.iter()).unwrap_or(before) != after {
        drawn.push(PedalEvent { time_secs: to, pedal, value: after });
    }
    let outside = |e: &&PedalEvent| e.pedal != pedal || e.time_secs < from || e.time_secs > to;
    let mut all: Vec<PedalEvent> = old.iter().filter(outside).copied().collect();
    all.extend(drawn);
    all.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pedal_is_redrawn_and_afterwards_as_before() {
        let sustain = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let soft = PedalEvent { time_secs: 2.5, pedal: Pedal::Soft, value: 127 };
        let old = vec![sustain(1.0, 127), sustain(2.0, 0), soft, sustain(3.0, 127), sustain(6.0, 0)];
        let drawn = redraw_pedal(&old, 1.5, 4.0, &[sustain(2.2, 50), sustain(0.0, 90)]);
        let expected =
            [sustain(1.0, 127), sustain(1.5, 90), sustain(2.2, 50), soft, sustain(4.0, 127), sustain(6.0, 0)];
        assert_eq!(drawn, expected);
        // Nothing drawn takes the movements away; the pedal that was down at the end still is.
        assert_eq!(redraw_pedal(&old, 1.5, 4.0, &[]), [sustain(1.0, 127), soft, sustain(6.0, 0)]);
        assert_eq!(redraw_pedal(&old, 2.8, 7.0, &[]), [sustain(1.0, 127), sustain(2.0, 0), soft]);
        assert_eq!(redraw_pedal(&old, f64::NAN, 7.0, &[]), old);
    }
}
