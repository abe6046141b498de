//! Rules on time in the small: duration contrast, metre, inégales and swing.
//!
//! They work on the rhythm of all onsets together, so that voices stay in step (melodic sync,
//! Sundberg, Friberg & Frydén 1989, *Rules for automated performance of ensemble music*).

use super::sketch::Sketch;

/// Duration contrast: the change of an inter-onset interval in milliseconds, before 1.5·k
/// (Bresin & Friberg; negative: short notes become shorter).
pub(super) fn contrast_ms(dr: f64) -> f64 {
    match dr {
        dr if dr < 30.0 => 0.0,
        dr if dr <= 200.0 => -(11.0 / 170.0) * (dr - 30.0),
        dr if dr <= 400.0 => -(4.0 / 200.0) * (400.0 - dr) - 7.0,
        dr if dr <= 600.0 => -(7.0 / 200.0) * (600.0 - dr),
        _ => 0.0,
    }
}

/// Short notes shorter and softer: dr += 1.5·k·d ms, sl += 0.075·k·d dB. A note half as long as
/// the one before it, with a longer one after it, is spared: there performers make the pair more
/// even (rule double duration).
pub(super) fn duration_contrast(sketch: &mut Sketch<'_>, k: f64) {
    let spans: Vec<f64> = sketch.onsets.iter().map(|o| o.nominal_secs * 1000.0).collect();
    for index in 0..spans.len() {
        let before = index.checked_sub(1).map(|i| spans[i]);
        let double = before.is_some_and(|b| (b / spans[index] - 2.0).abs() < 0.05);
        let longer_next = spans.get(index + 1).is_some_and(|next| *next > spans[index] * 1.05);
        if double && longer_next {
            continue;
        }
        let change = contrast_ms(spans[index]) * k;
        let onset = &mut sketch.onsets[index];
        onset.secs = (onset.secs + 1.5 * change / 1000.0).max(onset.secs * 0.5);
        for n in onset.notes.clone() {
            sketch.notes[n].level_db += 0.075 * change;
        }
    }
}

/// First notes of measures 2·k dB louder, notes on other beats half a decibel.
pub(super) fn metrical_accent(sketch: &mut Sketch<'_>, k: f64) {
    let score = sketch.score;
    for onset in &sketch.onsets {
        let Some(measure) = score.measures.get(score.notes[onset.notes.start].measure as usize) else {
            continue;
        };
        let is_first = measure.start == score.measures[0].start;
        let position = measure.position(score.notes[onset.notes.start].onset, is_first).to_f64();
        let beat = measure.time.beat_length().to_f64().max(0.125);
        let off = position / beat - (position / beat).round();
        let db = if position.abs() < 1e-6 {
            2.0
        } else if off.abs() < 1e-6 {
            0.5
        } else {
            0.0
        };
        for n in onset.notes.clone() {
            sketch.notes[n].level_db += k * db;
        }
    }
}

/// Ratio of long to short eighths in swing at a tempo (Friberg & Sundström 2002, *Swing ratios
/// and ensemble timing in jazz performance*).
pub(super) fn swing_ratio(bpm: f64) -> f64 {
    (4.1019 - 0.01 * bpm).clamp(1.0, 3.1)
}

/// Moves the second of two eighths later: by 0.22·k of an eighth (inégales), or to the swing
/// ratio times k. No note becomes shorter than 50 ms.
pub(super) fn unequal_eighths(sketch: &mut Sketch<'_>, inegales: f64, swing: f64) {
    if inegales <= 0.0 && swing <= 0.0 {
        return;
    }
    for index in 1..sketch.onsets.len() {
        let (before, here) = (&sketch.onsets[index - 1], &sketch.onsets[index]);
        let half = |at: f64| (at - at.floor() - 0.5).abs() < 1e-6;
        let pair = (before.span_quarters - 0.5).abs() < 1e-6 && (here.span_quarters - 0.5).abs() < 1e-6;
        if !pair || !half(here.at) {
            continue;
        }
        let eighth = here.nominal_secs;
        let ratio = swing_ratio(30.0 / eighth.max(1e-3));
        let swung = swing * (2.0 * ratio / (1.0 + ratio) - 1.0) * eighth;
        let later = (0.22 * inegales * eighth + swung).min(here.secs - 0.05).max(0.0);
        sketch.onsets[index - 1].secs += later;
        sketch.onsets[index].secs -= later;
    }
}
