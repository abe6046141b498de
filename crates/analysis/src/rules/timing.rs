//! Rules on time in the small: duration contrast, metre, inégales and swing.
//!
//! They work on the rhythm of all onsets together, so that voices stay in step (melodic sync,
//! Sundberg, Friberg & Frydén 1989, *Rules for automated performance of ensemble music*).

use notation::Marks;

use crate::sketch::Sketch;

/// A fermata adds this share of the note's length, within limits in seconds.
const FERMATA_SHARE: f64 = 0.8;
const FERMATA_SECS: (f64, f64) = (0.4, 2.0);

/// The melody comes so much before its chord at k = 1 (Goebl 2001: 20 to 30 ms, most of it
/// because louder hammers are faster; a synthesiser needs less).
const LEAD_SECS: f64 = 0.006;

/// Duration contrast: the change of an inter-onset interval in milliseconds, before 1.5·k
/// (Bresin & Friberg; negative: short notes become shorter).
pub fn contrast_ms(dr: f64) -> f64 {
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
pub fn duration_contrast(sketch: &mut Sketch<'_>, k: f64) {
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
pub fn metrical_accent(sketch: &mut Sketch<'_>, k: f64) {
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
pub fn swing_ratio(bpm: f64) -> f64 {
    (4.1019 - 0.01 * bpm).clamp(1.0, 3.1)
}

/// Moves the second of two eighths later: by 0.22·k of an eighth (inégales), or to the swing
/// ratio times k. No note becomes shorter than 50 ms.
pub fn unequal_eighths(sketch: &mut Sketch<'_>, inegales: f64, swing: f64) {
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

/// Holds notes with a fermata, and everything with them.
pub fn fermatas(sketch: &mut Sketch<'_>) {
    let score = sketch.score;
    let mut holds: Vec<(usize, f64)> = Vec::new();
    for note in score.notes.iter().filter(|n| n.marks.contains(Marks::FERMATA) && n.grace.is_none()) {
        let end = note.offset().to_f64();
        let under_end = sketch.onsets.partition_point(|o| o.at < end - 1e-9).saturating_sub(1);
        let onset = &sketch.onsets[under_end];
        let written = note.duration.to_f64() * onset.nominal_secs / onset.span_quarters;
        holds.push((under_end, (FERMATA_SHARE * written).clamp(FERMATA_SECS.0, FERMATA_SECS.1)));
    }
    holds.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.total_cmp(&a.1)));
    holds.dedup_by_key(|h| h.0);
    for (onset, secs) in holds {
        sketch.onsets[onset].secs += secs;
    }
}

/// Top notes a little early, inner notes a little late.
pub fn melody_lead(sketch: &mut Sketch<'_>, k: f64) {
    for onset in &sketch.onsets {
        if onset.notes.len() < 2 {
            continue;
        }
        let low = onset.notes.clone().min_by_key(|n| sketch.score.notes[*n].pitch);
        for n in onset.notes.clone() {
            let role = if onset.melody == Some(n) {
                -1.0
            } else if low == Some(n) {
                0.0
            } else {
                0.5
            };
            sketch.notes[n].shift_secs += k * LEAD_SECS * role;
        }
    }
}
