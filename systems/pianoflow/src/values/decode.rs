//! Values as a performance.

use notation::Score;
use performance::{Pedal, PedalEvent, Performance, PlayedNote, SHORTEST_PRESS_SECS};

use super::{
    ARTICULATION, CHORD, NOMINAL_GRACE_SECS, ONSET_TEMPO, PEDAL, QUARTER_TEMPO, VELOCITY, Values, expand,
};

/// Plays values: a performance of the notes `notes` (ascending) that starts at `start_secs`.
///
/// Values that belong to an onset (tempo, pedal) are the mean over its notes.
pub fn decode(score: &Score, values: &Values, notes: &[u32], start_secs: f64) -> Performance {
    let groups = grouped(score, notes);
    let mean = |group: &[u32], column: usize| {
        group.iter().map(|n| values.get(*n as usize, column)).sum::<f64>() / group.len() as f64
    };
    let mut played = Performance::default();
    let mut now = start_secs;
    for (k, group) in groups.iter().enumerate() {
        let at = score.notes[group[0] as usize].onset;
        let quarter = mean(group, QUARTER_TEMPO).clamp(-4.0, 4.0);
        let onset = (quarter + mean(group, ONSET_TEMPO)).clamp(-6.0, 6.0);
        let next = groups.get(k + 1).map(|g| score.notes[g[0] as usize].onset);
        let longest = group.iter().map(|n| score.notes[*n as usize].duration).max();
        let length = next.map_or(longest.unwrap_or_default(), |next| next - at).to_f64();
        let gap = (length * onset.exp2()).max(SHORTEST_PRESS_SECS);
        let period = quarter.exp2();
        play_chord(score, values, group, now, period, &mut played.notes);
        for (j, column) in PEDAL.enumerate() {
            let value = (mean(group, column) * 127.0).round().clamp(0.0, 127.0) as u8;
            let time_secs = now + gap * j as f64 / 4.0;
            push_pedal(&mut played.pedals, time_secs, value);
        }
        now += gap;
    }
    played.notes.sort_by_key(|n| n.note);
    if played.pedals.last().is_some_and(|p| p.value > 0) {
        push_pedal(&mut played.pedals, now, 0);
    }
    release_before_repeats(score, &mut played);
    played
}

fn grouped<'a>(score: &Score, notes: &'a [u32]) -> Vec<&'a [u32]> {
    notes.chunk_by(|a, b| score.notes[*a as usize].onset == score.notes[*b as usize].onset).collect()
}

fn play_chord(
    score: &Score,
    values: &Values,
    group: &[u32],
    now: f64,
    period: f64,
    out: &mut Vec<PlayedNote>,
) {
    let main = || group.iter().filter(|n| score.notes[**n as usize].grace.is_none());
    let offset = |n: u32| expand(values.get(n as usize, CHORD));
    // The curve runs through the mean of the chord, so its deviations must have none.
    let (sum, count) = main().fold((0.0, 0.0), |(s, c), n| (s + offset(*n), c + 1.0));
    let mean = if count > 0.0 { sum / count } else { 0.0 };
    for &n in group {
        let note = &score.notes[n as usize];
        let single = note.grace.is_none() && count < 2.0;
        let shift = match () {
            () if single => 0.0,
            () if note.grace.is_some() => offset(n),
            () => offset(n) - mean,
        };
        let nominal = if note.grace.is_some() { NOMINAL_GRACE_SECS } else { note.duration.to_f64() * period };
        let articulation = values.get(n as usize, ARTICULATION).clamp(-6.0, 4.0);
        out.push(PlayedNote {
            note: n,
            onset_secs: (now + shift).max(0.0),
            duration_secs: (nominal * articulation.exp2()).max(SHORTEST_PRESS_SECS),
            velocity: values.get(n as usize, VELOCITY).round().clamp(1.0, 127.0) as u8,
        });
    }
}

/// Adds a pedal movement if it moves the pedal.
fn push_pedal(pedals: &mut Vec<PedalEvent>, time_secs: f64, value: u8) {
    if pedals.last().map_or(0, |p| p.value) != value {
        pedals.push(PedalEvent { time_secs, pedal: Pedal::Sustain, value });
    }
}

/// A key must be up before it can go down again: shortens notes that run into the next of their
/// pitch.
fn release_before_repeats(score: &Score, played: &mut Performance) {
    const LIFT_SECS: f64 = 0.02;
    let mut order: Vec<usize> = (0..played.notes.len()).collect();
    order.sort_by(|a, b| played.notes[*b].onset_secs.total_cmp(&played.notes[*a].onset_secs));
    let mut next_of = [f64::INFINITY; 128];
    for k in order {
        let note = &mut played.notes[k];
        let pitch = usize::from(score.notes[note.note as usize].pitch & 127);
        let room = next_of[pitch] - note.onset_secs - LIFT_SECS;
        note.duration_secs = note.duration_secs.min(room).max(SHORTEST_PRESS_SECS.min(note.duration_secs));
        next_of[pitch] = note.onset_secs;
    }
}
