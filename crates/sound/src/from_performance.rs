//! From a performance to the events that an instrument gets.

use notation::Score;
use performance::{Pedal, Performance, ornaments};

use crate::events::{Events, SoundEvent, SoundEventKind, sort};

/// The instructions for a performance, ordered by time; ornaments are written out.
///
/// A key that is struck while it is still down comes up at the new stroke and then stays down
/// until the later of the two ends. The sustain pedal and the soft pedal move as they were played, every value
/// of them; the sostenuto is left out. Notes whose times are no numbers, or that the score does not have, are
/// left out too.
pub fn events(score: &Score, performance: &Performance) -> Events {
    let mut strokes = strokes(score, performance);
    strokes.sort_by(|a, b| a.pitch.cmp(&b.pitch).then(a.on_secs.total_cmp(&b.on_secs)));
    let mut events = Vec::with_capacity(2 * strokes.len() + performance.pedals.len());
    for k in 0..strokes.len() {
        if let Some(next) = strokes.get(k + 1).copied().filter(|n| n.pitch == strokes[k].pitch)
            && strokes[k].off_secs > next.on_secs
        {
            strokes[k + 1].off_secs = next.off_secs.max(strokes[k].off_secs);
            strokes[k].off_secs = next.on_secs;
        }
        let Stroke { pitch, velocity, on_secs, off_secs } = strokes[k];
        events.push(SoundEvent { time_secs: on_secs, kind: SoundEventKind::NoteOn { pitch, velocity } });
        events.push(SoundEvent { time_secs: off_secs, kind: SoundEventKind::NoteOff { pitch } });
    }
    events.extend(pedal(performance, Pedal::Sustain, |value| SoundEventKind::Sustain { value }));
    events.extend(pedal(performance, Pedal::Soft, |value| SoundEventKind::Soft { value }));
    sort(&mut events);
    Events::new(events)
}

#[derive(Clone, Copy)]
struct Stroke {
    pitch: u8,
    velocity: u8,
    on_secs: f64,
    off_secs: f64,
}

/// A key is down for at least this long, or two strokes at one moment would undo each other.
const SHORTEST_SECS: f64 = 0.001;

fn strokes(score: &Score, performance: &Performance) -> Vec<Stroke> {
    let mut strokes = Vec::with_capacity(performance.notes.len());
    for struck in ornaments::strokes(score, &performance.notes) {
        let times_are_numbers = struck.onset_secs.is_finite() && struck.duration_secs.is_finite();
        if struck.pitch > 127 || !times_are_numbers {
            continue;
        }
        let on_secs = struck.onset_secs.max(0.0);
        strokes.push(Stroke {
            pitch: struck.pitch,
            velocity: struck.velocity.clamp(1, 127),
            on_secs,
            off_secs: on_secs + struck.duration_secs.max(SHORTEST_SECS),
        });
    }
    // Two notes of one pitch at one moment are one key: the louder one is heard.
    strokes.sort_by(|a, b| {
        (a.pitch.cmp(&b.pitch)).then(a.on_secs.total_cmp(&b.on_secs)).then(b.velocity.cmp(&a.velocity))
    });
    strokes.dedup_by(|later, kept| {
        let same = later.pitch == kept.pitch && later.on_secs - kept.on_secs < SHORTEST_SECS;
        if same {
            kept.off_secs = kept.off_secs.max(later.off_secs);
            kept.velocity = kept.velocity.max(later.velocity);
        }
        same
    });
    strokes
}

/// A pedal's movements; what repeats the position before is left out.
fn pedal(performance: &Performance, pedal: Pedal, kind: fn(u8) -> SoundEventKind) -> Vec<SoundEvent> {
    let mut moves: Vec<_> = performance.pedals.iter().filter(|p| p.pedal == pedal).collect();
    moves.retain(|p| p.time_secs.is_finite());
    moves.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    let mut position = 0;
    let mut events = Vec::new();
    for movement in moves {
        let value = movement.value.min(127);
        if value != position {
            position = value;
            let time_secs = movement.time_secs.max(0.0);
            events.push(SoundEvent { time_secs, kind: kind(value) });
        }
    }
    events
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use notation::Note;
    use performance::{PedalEvent, PlayedNote};

    fn score(pitches: &[u8]) -> Score {
        let note = |pitch: &u8| Note { pitch: *pitch, ..Note::default() };
        Score { notes: pitches.iter().map(note).collect(), ..Score::default() }
    }

    fn played(note: u32, onset_secs: f64, duration_secs: f64) -> PlayedNote {
        PlayedNote { note, onset_secs, duration_secs, velocity: 64 }
    }

    #[test]
    fn a_key_struck_again_comes_up_first_and_stays_until_the_later_end() {
        let take = Performance { notes: vec![played(0, 0.0, 4.0), played(1, 1.0, 1.0)], pedals: vec![] };
        let list = events(&score(&[60, 60]), &take);
        let on = SoundEventKind::NoteOn { pitch: 60, velocity: 64 };
        let off = SoundEventKind::NoteOff { pitch: 60 };
        let expected = [(0.0, on), (1.0, off), (1.0, on), (4.0, off)];
        assert_eq!(list.as_slice().iter().map(|e| (e.time_secs, e.kind)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_unison_is_one_key() {
        let take = Performance { notes: vec![played(0, 1.0, 0.5), played(1, 1.0, 2.0)], pedals: vec![] };
        let list = events(&score(&[60, 60]), &take);
        assert_eq!(list.as_slice().len(), 2);
        assert_eq!(list.as_slice()[1].time_secs, 3.0);
    }

    #[test]
    fn the_pedal_moves_continuously_and_repeats_are_dropped() {
        let value = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let mut pedals =
            vec![value(0.0, 0), value(0.5, 64), value(0.6, 127), value(0.7, 127), value(1.0, 63)];
        pedals.push(PedalEvent { time_secs: 0.2, pedal: Pedal::Soft, value: 127 });
        let list = events(&score(&[]), &Performance { notes: vec![], pedals });
        let sustain = |time_secs, value| SoundEvent { time_secs, kind: SoundEventKind::Sustain { value } };
        let soft = SoundEvent { time_secs: 0.2, kind: SoundEventKind::Soft { value: 127 } };
        assert_eq!(list.as_slice(), [soft, sustain(0.5, 64), sustain(0.6, 127), sustain(1.0, 63)]);
        assert_eq!(list.end_secs(), Some(1.0));
    }

    #[test]
    fn broken_notes_are_left_out() {
        let notes = vec![played(0, f64::NAN, 1.0), played(0, 0.0, f64::INFINITY), played(9, 0.0, 1.0)];
        assert!(events(&score(&[60]), &Performance { notes, pedals: vec![] }).as_slice().is_empty());
    }
}
