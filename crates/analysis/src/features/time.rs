//! Durations, metre and the place in the piece.

use notation::{Grace, Note};

use super::context::{Context, Onset};
use super::row::{Row, log_length};

pub(super) fn time_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let k = context.onsets.partition_point(|o| o.at < note.onset.to_f64());
    let at = context.onsets[k].at;
    let gap = |other: Option<&Onset>| other.map_or(2.0, |o| log_length((o.at - at).abs()));
    row.push(log_length(note.duration.to_f64()));
    row.push(gap(context.onsets.get(k + 1)));
    row.push(gap(context.onsets.get(k + 2)));
    row.push(gap(k.checked_sub(1).map(|p| &context.onsets[p])));
    row.flag(note.grace.is_some());
    row.flag(note.grace == Some(Grace::Acciaccatura));
    row.flag(context.score.notes[context.onsets[k].notes.clone()].iter().any(|n| n.grace.is_some()));
    row.push(context.density[k].max(0.25).log2() / 2.0 - 1.0);
}

pub(super) fn metre_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let score = context.score;
    let time = score.time_signature_at(note.onset);
    let bar = score.measures.get(note.measure as usize);
    let position = bar.map_or(0.0, |m| m.position(note.onset, note.measure == 0).to_f64());
    let length = time.measure_length().to_f64().max(0.25);
    let beat = time.beat_length().to_f64();
    let in_bar = (position / length).rem_euclid(1.0);
    let in_beat = (position / beat).rem_euclid(1.0);
    let near = |x: f64| x.min(1.0 - x) < 1e-3;
    for turns in [1.0, 2.0] {
        let angle = std::f64::consts::TAU * in_bar * turns;
        row.push(angle.sin());
        row.push(angle.cos());
    }
    let angle = std::f64::consts::TAU * in_beat;
    row.push(angle.sin());
    row.push(angle.cos());
    row.flag(near(in_bar));
    row.flag(near(in_beat));
    row.flag(near((in_bar * 2.0).rem_euclid(1.0)));
    row.push(length / 4.0 - 1.0);
    row.push(beat - 1.0);
    row.flag(time.beats.is_multiple_of(3));
    for bars in [4.0, 8.0] {
        let angle = std::f64::consts::TAU * f64::from(note.measure) / bars;
        row.push(angle.sin());
        row.push(angle.cos());
    }
}

pub(super) fn place_features(row: &mut Row<'_>, note: &Note, context: &Context<'_>) {
    let at = note.onset.to_f64();
    let k = context.onsets.partition_point(|o| o.at < at);
    row.push(if context.end > 0.0 { at / context.end * 2.0 - 1.0 } else { 0.0 });
    row.push(log_length(at) / 2.0);
    row.push(log_length(context.end - at) / 2.0);
    row.flag(k + 1 == context.onsets.len());
    let near = context.onsets[k..].iter().take(4).position(|o| o.fermata);
    row.flag(near == Some(0));
    row.push(near.map_or(0.0, |n| 1.0 - n as f64 / 4.0));
}
