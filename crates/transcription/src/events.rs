//! Notes and pedals of overlapping segments, put together.

use std::collections::BTreeMap;

use crate::notes::{TranscribedNote, Transcription};
use crate::settings::PEDALS;

/// A note or a pedal that was heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// MIDI pitch, or a pedal.
    pub pitch: i16,
    /// MIDI velocity.
    pub velocity: u8,
    /// Onset in seconds.
    pub start: f64,
    /// End in seconds.
    pub end: f64,
    /// Whether the onset was heard. Else it began before the segment.
    pub has_onset: bool,
    /// Whether the end was heard. Else it sounds on after the segment.
    pub has_end: bool,
}

/// The events of the segments so far, in order of onset for each pitch.
#[derive(Debug, Default)]
pub struct Events {
    by_pitch: BTreeMap<i16, Vec<Event>>,
}

impl Events {
    /// Adds the events of the next segment, which are in order of onset. One that overlaps the last event
    /// of its pitch takes its place, or, if its onset was not heard, continues it.
    pub fn add(&mut self, segment: &[Event]) {
        for event in segment {
            let events = self.by_pitch.entry(event.pitch).or_default();
            match events.last_mut() {
                Some(last) if event.start < last.end => {
                    if event.has_onset {
                        *last = *event;
                    } else {
                        last.has_end = event.has_end;
                        last.end = last.end.max(event.end);
                    }
                }
                _ if event.has_onset => events.push(*event),
                _ => {}
            }
        }
    }

    /// What was heard in all. The last event of each pitch counts even if its end was not heard; others
    /// without an end do not.
    pub fn finish(mut self, length_secs: f64) -> Transcription {
        for events in self.by_pitch.values_mut() {
            if let Some(last) = events.last_mut() {
                last.has_end = true;
            }
            events.retain(|event| event.has_end);
            events.sort_by(by_time);
            let starts: Vec<f64> = events.iter().skip(1).map(|event| event.start).collect();
            for (event, next) in events.iter_mut().zip(starts) {
                event.end = event.end.min(next);
            }
            events.retain(|event| event.start < event.end);
        }
        let pedal = self.by_pitch.remove(&PEDALS[0]).unwrap_or_default();
        let pedal = pedal.iter().flat_map(|p| [(p.start, p.velocity), (p.end, 0)]).collect();
        let mut events: Vec<Event> = self.by_pitch.into_values().flatten().collect();
        events.sort_by(by_time);
        let note = |event: &Event| {
            let pitch = u8::try_from(event.pitch).ok()?;
            let (onset_secs, end_secs) = (event.start, event.end);
            Some(TranscribedNote { pitch, velocity: event.velocity, onset_secs, end_secs })
        };
        Transcription { notes: events.iter().filter_map(note).collect(), pedal, length_secs }
    }
}

/// By onset, then end, then pitch.
pub fn by_time(a: &Event, b: &Event) -> std::cmp::Ordering {
    a.start.total_cmp(&b.start).then(a.end.total_cmp(&b.end)).then(a.pitch.cmp(&b.pitch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(pitch: i16, start: f64, end: f64, has_onset: bool, has_end: bool) -> Event {
        Event { pitch, velocity: pitch.unsigned_abs() as u8, start, end, has_onset, has_end }
    }

    fn spans(segments: &[&[Event]]) -> Vec<(u8, f64, f64)> {
        let mut events = Events::default();
        segments.iter().for_each(|segment| events.add(segment));
        let notes = events.finish(20.0).notes;
        notes.iter().map(|n| (n.pitch, n.onset_secs, n.end_secs)).collect()
    }

    #[test]
    fn what_is_held_over_the_border_is_one_note() {
        let first = [event(60, 1.0, 2.0, true, true), event(60, 6.0, 8.0, true, false)];
        let second = [event(60, 4.0, 9.0, false, true), event(64, 4.5, 5.0, false, true)];
        assert_eq!(spans(&[&first, &second]), [(60, 1.0, 2.0), (60, 6.0, 9.0)]);
    }

    #[test]
    fn what_is_heard_anew_takes_the_place_of_what_was_heard() {
        let first = [event(60, 6.0, 8.0, true, false)];
        let second = [event(60, 6.1, 8.5, true, true), event(60, 9.0, 9.5, true, true)];
        assert_eq!(spans(&[&first, &second]), [(60, 6.1, 8.5), (60, 9.0, 9.5)]);
    }

    #[test]
    fn only_the_last_note_of_a_pitch_may_lack_its_end() {
        let first = [event(60, 6.0, 8.0, true, false)];
        let second = [event(60, 9.0, 9.5, true, false)];
        assert_eq!(spans(&[&first, &second]), [(60, 9.0, 9.5)]);
    }

    #[test]
    fn pedals_go_down_and_up() {
        let mut events = Events::default();
        events.add(&[event(-67, 0.5, 1.0, true, true), event(-64, 1.0, 2.0, true, true)]);
        let found = events.finish(3.0);
        assert_eq!((found.pedal, found.notes.len()), (vec![(1.0, 64), (2.0, 0)], 0));
        assert_eq!(found.length_secs, 3.0);
    }
}
