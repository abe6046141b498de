//! The sustain pedal, and how long it makes notes sound.

use notation::Score;

use crate::{Pedal, PedalEvent, Performance};

/// From this value on a pedal that has only two states is down.
pub const DOWN: u8 = 64;

/// How far down the sustain pedal is over time.
pub struct PedalCurve {
    /// Seconds and depth, 0 up to 1 down.
    events: Vec<(f64, f64)>,
}

impl PedalCurve {
    /// The curve of a performance.
    pub fn of(played: &Performance) -> Self {
        let sustain = played.pedals.iter().filter(|p| p.pedal == Pedal::Sustain);
        Self { events: sustain.map(|p| (p.time_secs, f64::from(p.value) / 127.0)).collect() }
    }

    /// Depth at a moment; NaN at none.
    pub fn at(&self, secs: f64) -> f64 {
        if secs.is_nan() {
            return f64::NAN;
        }
        let next = self.events.partition_point(|(t, _)| *t <= secs);
        next.checked_sub(1).map_or(0.0, |k| self.events[k].1)
    }
}

/// When the sustain pedal is down, as (from, to) in seconds; to infinity if it is never lifted.
pub fn down_spans(pedals: &[PedalEvent]) -> Vec<(f64, f64)> {
    let mut spans: Vec<(f64, f64)> = Vec::new();
    let mut down_since = None;
    for event in pedals.iter().filter(|p| p.pedal == Pedal::Sustain) {
        match (down_since, event.value >= DOWN) {
            (None, true) => down_since = Some(event.time_secs),
            (Some(from), false) => {
                spans.push((from, event.time_secs));
                down_since = None;
            }
            _ => {}
        }
    }
    spans.extend(down_since.map(|from| (from, f64::INFINITY)));
    spans
}

/// How long each played note sounds: a note whose key comes up while the pedal is down lasts to
/// the lifting of the pedal, or to the end of the performance, and is cut by the next onset of
/// the same pitch; never shorter than its key is held.
pub fn sounding_secs(score: &Score, played: &Performance) -> Vec<f64> {
    let spans = down_spans(&played.pedals);
    let end_secs = played.end_secs();
    let next = next_onsets(score, played);
    let sounding = |(note, next_secs): (&crate::PlayedNote, f64)| {
        let release_secs = note.onset_secs + note.duration_secs;
        let k = spans.partition_point(|(_, to)| *to <= release_secs);
        let held = spans.get(k).filter(|(from, _)| *from <= release_secs);
        let lifted_secs = held.map_or(release_secs, |(_, to)| to.min(end_secs));
        (lifted_secs.min(next_secs) - note.onset_secs).max(note.duration_secs)
    };
    played.notes.iter().zip(next).map(sounding).collect()
}

/// When each played note's pitch is next struck after it, or infinity.
fn next_onsets(score: &Score, played: &Performance) -> Vec<f64> {
    let pitch = |k: usize| score.notes.get(played.notes[k].note as usize).map_or(0, |n| n.pitch);
    let mut order: Vec<usize> = (0..played.notes.len()).collect();
    order.sort_by(|a, b| played.notes[*a].onset_secs.total_cmp(&played.notes[*b].onset_secs));
    let mut last: [Option<f64>; 256] = [None; 256];
    let mut next = vec![f64::INFINITY; played.notes.len()];
    for k in order.into_iter().rev() {
        let secs = played.notes[k].onset_secs;
        let slot = &mut last[usize::from(pitch(k))];
        next[k] = slot.unwrap_or(f64::INFINITY);
        *slot = Some(secs);
    }
    next
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::PlayedNote;
    use notation::Note;

    /// Notes as (pitch, onset, duration) and sustain pedal as (time, value).
    fn scene(notes: &[(u8, f64, f64)], pedals: &[(f64, u8)]) -> (Score, Performance) {
        let written = |(pitch, ..): &(u8, f64, f64)| Note { pitch: *pitch, ..Note::default() };
        let played = |(k, (_, onset, duration)): (usize, &(u8, f64, f64))| PlayedNote {
            note: k as u32,
            onset_secs: *onset,
            duration_secs: *duration,
            velocity: 64,
        };
        let event = |(time_secs, value): &(f64, u8)| PedalEvent {
            time_secs: *time_secs,
            pedal: Pedal::Sustain,
            value: *value,
        };
        let score = Score { notes: notes.iter().map(written).collect(), ..Score::default() };
        let notes = notes.iter().enumerate().map(played).collect();
        (score, Performance { notes, pedals: pedals.iter().map(event).collect() })
    }

    #[test]
    fn the_pedal_holds_until_it_is_lifted_or_the_pitch_returns() {
        let notes = [(60, 0.0, 0.5), (62, 0.2, 0.2), (60, 1.5, 0.2), (64, 2.5, 0.3)];
        let (score, played) = scene(&notes, &[(0.1, 100), (2.0, 30), (2.9, 127)]);
        let sounding = sounding_secs(&score, &played);
        let expected = [1.5, 1.8, 0.5, 0.3];
        assert!(sounding.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-12), "{sounding:?}");
    }
}
