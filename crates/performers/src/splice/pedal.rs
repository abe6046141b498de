//! Pedalling that must stay with its notes.

use performance::{Pedal, PedalEvent, Performance};

use super::interpolate::interpolate;
use crate::request::PedalPin;

/// Puts pinned pedalling in the place of what was played, each movement where it is between the
/// onsets of its notes: where those have moved, it moves along.
///
/// Onsets are those in `played`, of other notes those in `context`. A stretch none of whose notes is
/// in `played` is left alone: it is outside the region.
pub fn keep_pedal(played: &mut Performance, pins: &[PedalPin], context: Option<&Performance>) {
    for pin in pins {
        if pin.onsets.iter().all(|(note, _)| played.get(*note).is_none()) {
            continue;
        }
        let map = time_map(played, pin, context);
        let Some((from, to)) = stretch(&map, pin.is_to_end) else { continue };
        let inside = pin
            .events
            .iter()
            .map(|event| PedalEvent { time_secs: moved(&map, event.time_secs).clamp(from, to), ..*event });
        replace(&mut played.pedals, from, to, inside.collect());
    }
}

/// Seconds of the old performance against seconds of the new one at the onsets of the pin.
fn time_map(played: &Performance, pin: &PedalPin, context: Option<&Performance>) -> Vec<(f64, f64)> {
    let now = |note: u32| {
        let outside = || context.and_then(|context| context.get(note));
        played.get(note).or_else(outside).map(|n| n.onset_secs)
    };
    let mut map: Vec<(f64, f64)> =
        pin.onsets.iter().filter_map(|(note, old)| Some((*old, now(*note)?))).collect();
    map.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Chords are spread otherwise than before; time still goes forwards.
    map.dedup_by(|later, earlier| later.0 <= earlier.0);
    let mut latest = f64::NEG_INFINITY;
    for point in &mut map {
        latest = latest.max(point.1);
        point.1 = latest;
    }
    map
}

fn stretch(map: &[(f64, f64)], is_to_end: bool) -> Option<(f64, f64)> {
    let (first, last) = (map.first()?.1, map.last()?.1);
    Some((first, if is_to_end { f64::INFINITY } else { last }))
}

/// Outside the onsets, as far from the nearest as before.
fn moved(map: &[(f64, f64)], secs: f64) -> f64 {
    let at = secs.clamp(map[0].0, map[map.len() - 1].0);
    interpolate(map, at) + (secs - at)
}

/// `inside` in the place of what is from `from` to before `to`; behind it the pedals are where they were.
fn replace(pedals: &mut Vec<PedalEvent>, from: f64, to: f64, mut inside: Vec<PedalEvent>) {
    let value_before = |events: &[PedalEvent], pedal: Pedal, end: f64| {
        events.iter().rev().find(|e| e.pedal == pedal && e.time_secs < end).map(|e| e.value)
    };
    let outside: Vec<PedalEvent> =
        pedals.iter().filter(|e| e.time_secs < from || e.time_secs >= to).copied().collect();
    for pedal in [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft] {
        let going_out = value_before(pedals, pedal, to);
        let left_at = value_before(&inside, pedal, f64::INFINITY).or(value_before(&outside, pedal, from));
        if to.is_finite() && going_out != left_at {
            inside.push(PedalEvent { time_secs: to, pedal, value: going_out.unwrap_or(0) });
        }
    }
    *pedals = outside;
    pedals.extend(inside);
    // At one time what was pinned and how it is left come first, then what follows.
    pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
}

#[cfg(test)]
mod tests {
    use performance::PlayedNote;

    use super::*;

    fn down(time_secs: f64, value: u8) -> PedalEvent {
        PedalEvent { time_secs, pedal: Pedal::Sustain, value }
    }

    fn notes(onsets: &[f64]) -> Vec<PlayedNote> {
        let note = |(k, onset_secs): (usize, &f64)| PlayedNote {
            note: k as u32,
            onset_secs: *onset_secs,
            duration_secs: 0.5,
            velocity: 64,
        };
        onsets.iter().enumerate().map(note).collect()
    }

    #[test]
    fn pinned_pedalling_goes_along_with_its_notes() {
        let mut played = Performance {
            notes: notes(&[0.0, 2.0, 4.0, 6.0]),
            pedals: vec![down(0.5, 100), down(2.5, 30), down(3.9, 90), down(5.0, 0)],
        };
        let pin = PedalPin {
            onsets: vec![(1, 1.0), (2, 2.0)],
            is_to_end: false,
            events: vec![down(1.0, 0), down(1.25, 127), down(1.75, 0)],
        };
        keep_pedal(&mut played, &[pin], None);
        // From the onset of note 1 to that of note 2, twice as slow as before, then as it was.
        let expected =
            [down(0.5, 100), down(2.0, 0), down(2.5, 127), down(3.5, 0), down(4.0, 90), down(5.0, 0)];
        assert_eq!(played.pedals, expected);
    }

    #[test]
    fn the_last_stretch_reaches_to_the_end() {
        let mut played = Performance { notes: notes(&[0.0, 3.0]), pedals: vec![down(3.1, 60), down(9.0, 0)] };
        let pin =
            PedalPin { onsets: vec![(1, 2.0)], is_to_end: true, events: vec![down(2.0, 127), down(4.5, 0)] };
        keep_pedal(&mut played, &[pin], None);
        assert_eq!(played.pedals, [down(3.0, 127), down(5.5, 0)]);
    }

    #[test]
    fn pins_outside_the_region_change_nothing() {
        let before = Performance { notes: notes(&[0.0, 1.0]), pedals: vec![down(0.2, 70)] };
        let mut played = before.clone();
        let pin = PedalPin { onsets: vec![(7, 1.0)], is_to_end: false, events: vec![down(1.0, 1)] };
        keep_pedal(&mut played, &[pin], None);
        assert_eq!(played, before);
    }
}
