//! The sustain pedal: to and from the time that notes sound.

use notation::Score;

use crate::{Pedal, PedalEvent, Performance};

/// From this value on a pedal that knows only two states is down.
pub const DOWN: u8 = 64;

/// Ends of notes that lie closer together than this are one lifting of the pedal.
const SAME_LIFT_SECS: f64 = 0.05;

/// How long the pedal stays up between two presses when notes ask for it to be down on both sides.
const LIFT_SECS: f64 = 0.06;

/// A note that sounds less than this beyond its key is not held by the pedal.
const LEAST_HELD_SECS: f64 = 0.005;

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

/// A pedal that makes notes sound as long as asked: down from the key release of each note that
/// sounds on to its end. Where notes disagree, the majority decides whether the pedal is lifted.
/// What [`sounding_secs`] made of an on-and-off pedal comes back with the same sounding times.
pub fn from_sounding(score: &Score, played: &Performance, sounding_secs: &[f64]) -> Vec<PedalEvent> {
    let next = next_onsets(score, played);
    let mut wishes: Vec<Wish> = Vec::new();
    for ((note, sounding), next_secs) in played.notes.iter().zip(sounding_secs).zip(next) {
        if sounding - note.duration_secs >= LEAST_HELD_SECS {
            let to_secs = note.onset_secs + sounding;
            let cut = to_secs >= next_secs - LEAST_HELD_SECS;
            wishes.push(Wish { from_secs: note.onset_secs + note.duration_secs, to_secs, cut });
        }
    }
    let lifts = lifts(&wishes);
    let mut events = Vec::new();
    let mut push = |time_secs, value| events.push(PedalEvent { time_secs, pedal: Pedal::Sustain, value });
    for (from_secs, to_secs) in presses(wishes, &lifts) {
        push(from_secs, 127);
        push(to_secs, 0);
    }
    events
}

/// A note's wish that the pedal be down.
#[derive(Clone, Copy)]
struct Wish {
    from_secs: f64,
    to_secs: f64,
    /// Its end is that of the string, struck again, not of the pedal.
    cut: bool,
}

/// When the pedal must come up: ends of wishes that are not outvoted by wishes across them.
fn lifts(wishes: &[Wish]) -> Vec<f64> {
    let mut ends: Vec<f64> = wishes.iter().filter(|w| !w.cut).map(|w| w.to_secs).collect();
    ends.sort_by(f64::total_cmp);
    let mut starts: Vec<f64> = wishes.iter().map(|w| w.from_secs).collect();
    starts.sort_by(f64::total_cmp);
    let mut all_ends: Vec<f64> = wishes.iter().map(|w| w.to_secs).collect();
    all_ends.sort_by(f64::total_cmp);
    let mut lifts = Vec::new();
    let mut k = 0;
    while k < ends.len() {
        let cluster = k + ends[k..].partition_point(|e| *e <= ends[k] + SAME_LIFT_SECS);
        let lift = ends[(k + cluster) / 2];
        let begun = starts.partition_point(|s| *s < lift - SAME_LIFT_SECS);
        let over = all_ends.partition_point(|e| *e <= lift + SAME_LIFT_SECS);
        if cluster - k >= begun.saturating_sub(over) {
            lifts.push(lift);
        }
        k = cluster;
    }
    lifts
}

/// Spans in which the pedal is down: the union of the wishes, cut at the lifts.
fn presses(mut wishes: Vec<Wish>, lifts: &[f64]) -> Vec<(f64, f64)> {
    wishes.sort_by(|a, b| a.from_secs.total_cmp(&b.from_secs));
    let mut spans: Vec<(f64, f64)> = Vec::new();
    for wish in wishes {
        match spans.last_mut() {
            Some(last) if wish.from_secs < last.1 => last.1 = last.1.max(wish.to_secs),
            _ => spans.push((wish.from_secs, wish.to_secs)),
        }
    }
    let mut cut: Vec<(f64, f64)> = Vec::new();
    for (mut from, to) in spans {
        let first = lifts.partition_point(|l| *l <= from);
        for lift in lifts[first..].iter().take_while(|l| **l < to) {
            if *lift > from {
                cut.push((from, *lift));
                from = (lift + LIFT_SECS).max(from);
            }
        }
        // What is left of a wish that ends just after a lift is not worth a press.
        if to - from > LIFT_SECS || cut.last().is_none_or(|(_, end)| from - end > 2.0 * LIFT_SECS) {
            cut.push((from, to));
        }
    }
    cut
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

    #[test]
    fn syncopated_pedalling_is_found_again() {
        // Pedal down just after each chord, up with the next: the releases lie within.
        let notes = [(60, 0.0, 0.9), (64, 0.0, 0.4), (62, 1.0, 0.9), (65, 1.0, 0.5), (60, 2.0, 0.5)];
        let (score, played) = scene(&notes, &[(0.2, 127), (1.05, 0), (1.2, 127), (2.05, 0)]);
        let sounding = sounding_secs(&score, &played);
        let bare = Performance { notes: played.notes.clone(), pedals: Vec::new() };
        let pedals = from_sounding(&score, &bare, &sounding);
        let again = sounding_secs(&score, &Performance { notes: played.notes, pedals: pedals.clone() });
        assert!(sounding.iter().zip(&again).all(|(a, b)| (a - b).abs() < 1e-9), "{sounding:?} {again:?}");
        let values: Vec<u8> = pedals.iter().map(|p| p.value).collect();
        assert_eq!(values, [127, 0, 127, 0]);
    }

    #[test]
    fn the_majority_lifts_the_pedal() {
        let notes = [(60, 0.0, 0.3), (64, 0.0, 0.3), (67, 0.0, 0.3), (72, 0.5, 0.3)];
        let (score, played) = scene(&notes, &[]);
        // Three notes end at 1.0 within some milliseconds; the fourth would ring on.
        let pedals = from_sounding(&score, &played, &[1.0, 1.02, 0.99, 1.5]);
        let times: Vec<f64> = pedals.iter().map(|p| p.time_secs).collect();
        assert_eq!(pedals.len(), 4);
        assert!((times[0] - 0.3).abs() < 1e-9 && (times[1] - 1.0).abs() < 0.021, "{times:?}");
        assert!(times[2] > times[1] && (times[3] - 2.0).abs() < 1e-9, "{times:?}");
    }
}
