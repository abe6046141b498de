//! A performance of a score, note by note.

use performance::{Performance, PlayedNote};

use super::stream::{Stream, duration_ms};
use super::timeline::{PedalMove, ms, pedal_within};
use super::{Event, LONGEST_DURATION_MS, LONGEST_IOI_MS};

/// A performance with one event for each note of a [`Stream`], in its order. Training learns from it, and
/// what was played before a region is read as it: so the network knows both in the same form.
///
/// The clock never goes back: a note that came before the one that stands before it is told as
/// simultaneous with it. Notes that were not played lie between their neighbours, in proportion to
/// written time; before the first and after the last note that was played, they keep written time.
#[derive(Clone, Debug, PartialEq)]
pub struct Aligned {
    /// When each note starts, in ms on the clock of the performance.
    pub onsets_ms: Vec<i64>,
    /// The events, the pedal either down (127) or up (0). Nothing is before the first, so its IOI is
    /// that of the score.
    pub events: Vec<Event>,
    /// Which notes were played.
    pub is_played: Vec<bool>,
}

/// A note that was played: its place in the stream and its time on the clock.
struct Anchor<'a> {
    place: usize,
    onset_ms: i64,
    note: &'a PlayedNote,
}

/// When a note starts, how long and how loud it is.
struct Values {
    onset_ms: i64,
    duration_ms: u16,
    velocity: u8,
}

impl Aligned {
    /// A performance of the score that a stream is of; nothing if it has none of its notes.
    pub fn of(stream: &Stream, played: &Performance) -> Option<Self> {
        let anchors = anchors(stream, played);
        if anchors.is_empty() {
            return None;
        }
        let mut clock_ms = 0;
        let written = stream.events.iter().map(|event| {
            clock_ms += i64::from(event.ioi_ms);
            clock_ms
        });
        let written_ms: Vec<i64> = written.collect();
        let (mut values, mut is_played) = (Vec::with_capacity(written_ms.len()), Vec::new());
        for (place, event) in stream.events.iter().enumerate() {
            let next = anchors.partition_point(|anchor| anchor.place < place);
            let (before, after) = (next.checked_sub(1).map(|k| &anchors[k]), anchors.get(next));
            let here = after.filter(|anchor| anchor.place == place);
            is_played.push(here.is_some());
            values.push(match here {
                Some(Anchor { onset_ms, note, .. }) => {
                    Values { onset_ms: *onset_ms, duration_ms: duration_ms(note), velocity: note.velocity }
                }
                None => between(event, place, &written_ms, before, after),
            });
        }
        let events = events(stream, &values, &PedalMove::of_sustain(&played.pedals));
        Some(Self { onsets_ms: values.iter().map(|value| value.onset_ms).collect(), events, is_played })
    }
}

fn anchors<'a>(stream: &Stream, played: &'a Performance) -> Vec<Anchor<'a>> {
    let mut clock_ms = i64::MIN;
    let anchor = |(place, note): (usize, &u32)| {
        let note = played.get(*note)?;
        clock_ms = clock_ms.max(ms(note.onset_secs));
        Some(Anchor { place, onset_ms: clock_ms, note })
    };
    stream.order.iter().enumerate().filter_map(anchor).collect()
}

/// A note that was not played, between the notes before and after it that were.
fn between(
    event: &Event,
    place: usize,
    written_ms: &[i64],
    before: Option<&Anchor<'_>>,
    after: Option<&Anchor<'_>>,
) -> Values {
    let written = |from: usize, to: usize| (written_ms[to] - written_ms[from]) as f64;
    let velocity = |anchor: &Anchor<'_>| f64::from(anchor.note.velocity);
    let (onset, tempo, velocity) = match (before, after) {
        (Some(before), Some(after)) => {
            let (all, played) = (written(before.place, after.place), after.onset_ms - before.onset_ms);
            let tempo = if all > 0.0 { played as f64 / all } else { 1.0 };
            let share = (place - before.place) as f64 / (after.place - before.place) as f64;
            let velocity = velocity(before) + share * (velocity(after) - velocity(before));
            (before.onset_ms as f64 + tempo * written(before.place, place), tempo, velocity)
        }
        (Some(before), None) => {
            (before.onset_ms as f64 + written(before.place, place), 1.0, velocity(before))
        }
        (None, Some(after)) => (after.onset_ms as f64 - written(place, after.place), 1.0, velocity(after)),
        (None, None) => (written_ms[place] as f64, 1.0, f64::from(event.velocity)),
    };
    let longest_ms = f64::from(LONGEST_DURATION_MS);
    Values {
        onset_ms: onset.round() as i64,
        duration_ms: (tempo * f64::from(event.duration_ms)).round().clamp(1.0, longest_ms) as u16,
        velocity: velocity.round() as u8,
    }
}

fn events(stream: &Stream, values: &[Values], sustain: &[PedalMove]) -> Vec<Event> {
    let longest_ms = i64::from(LONGEST_IOI_MS);
    let event = |(place, written): (usize, &Event)| {
        let Values { onset_ms, duration_ms, velocity } = values[place];
        let ioi_ms = match place.checked_sub(1) {
            Some(before) => (onset_ms - values[before].onset_ms).clamp(0, longest_ms) as u16,
            None => written.ioi_ms,
        };
        let gap_ms = values.get(place + 1).map_or(longest_ms, |next| next.onset_ms - onset_ms);
        let pedal = pedal_within(sustain, onset_ms, gap_ms).map(|value| if value >= 64 { 127 } else { 0 });
        Event { pitch: written.pitch, ioi_ms, velocity, duration_ms, pedal }
    };
    stream.events.iter().enumerate().map(event).collect()
}

#[cfg(test)]
#[path = "aligned_tests.rs"]
mod tests;
