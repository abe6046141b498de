//! What is played, in whole milliseconds.

use std::collections::BTreeMap;

use performance::{Pedal, PedalEvent};

use super::{Event, LONGEST_DURATION_MS, LONGEST_IOI_MS, Token};

/// A key that goes down and comes up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press {
    /// When it goes down, in ms from the start.
    pub onset_ms: i64,
    /// When it comes up, in ms from the start.
    pub end_ms: i64,
    /// MIDI pitch.
    pub pitch: u8,
    /// MIDI velocity.
    pub velocity: u8,
}

impl Press {
    /// A press between two times in seconds, each to the nearest ms.
    pub fn from_secs(onset_secs: f64, end_secs: f64, pitch: u8, velocity: u8) -> Self {
        Self { onset_ms: ms(onset_secs), end_ms: ms(end_secs), pitch, velocity }
    }
}

/// A movement of the sustain pedal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PedalMove {
    /// When, in ms from the start.
    pub at_ms: i64,
    /// From then on, 0 (up) to 127 (down).
    pub value: u8,
}

impl PedalMove {
    /// A movement at a time in seconds, to the nearest ms.
    pub fn from_secs(time_secs: f64, value: u8) -> Self {
        Self { at_ms: ms(time_secs), value }
    }

    /// The movements of the sustain pedal among those of all pedals, by time.
    pub fn of_sustain(pedals: &[PedalEvent]) -> Vec<Self> {
        let of_sustain = pedals.iter().filter(|event| event.pedal == Pedal::Sustain);
        sorted(of_sustain.map(|event| Self::from_secs(event.time_secs, event.value)).collect())
    }
}

/// Keys and sustain pedal in whole milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Timeline {
    /// By onset, then pitch.
    pub presses: Vec<Press>,
    /// Movements of the sustain pedal, by time.
    pub sustain: Vec<PedalMove>,
}

/// To the nearest; of two that are as near, the even one.
pub(super) fn ms(secs: f64) -> i64 {
    (secs * 1000.0).round_ties_even() as i64
}

impl Timeline {
    /// Of presses and movements of the pedal in any order. Every press lasts at least 1 ms, but a key that
    /// is struck again while it is down comes up then, and of two presses that begin together the later
    /// one in `presses` is kept.
    pub fn new(presses: impl IntoIterator<Item = Press>, sustain: Vec<PedalMove>) -> Self {
        let mut by_pitch: BTreeMap<u8, Vec<Press>> = BTreeMap::new();
        for press in presses {
            let end_ms = press.end_ms.max(press.onset_ms + 1);
            by_pitch.entry(press.pitch).or_default().push(Press { end_ms, ..press });
        }
        let mut presses = Vec::new();
        for mut of_pitch in by_pitch.into_values() {
            of_pitch.sort_by_key(|press| press.onset_ms);
            for k in 1..of_pitch.len() {
                of_pitch[k - 1].end_ms = of_pitch[k - 1].end_ms.min(of_pitch[k].onset_ms);
            }
            presses.extend(of_pitch.into_iter().filter(|press| press.end_ms > press.onset_ms));
        }
        presses.sort_by_key(|press| (press.onset_ms, press.pitch));
        Self { presses, sustain: sorted(sustain) }
    }

    /// One event a press. The first IOI is the time from the start.
    pub fn events(&self) -> Vec<Event> {
        let mut clock_ms = 0;
        let next = self.presses.iter().skip(1).map(|press| Some(press.onset_ms)).chain([None]);
        let event = |(press, next): (&Press, Option<i64>)| {
            let ioi_ms = (press.onset_ms - clock_ms).clamp(0, i64::from(LONGEST_IOI_MS)) as u16;
            clock_ms = press.onset_ms;
            let duration_ms = (press.end_ms - press.onset_ms).clamp(0, i64::from(LONGEST_DURATION_MS));
            let gap_ms = next.map_or(i64::from(LONGEST_IOI_MS), |next| next - press.onset_ms);
            Event {
                pitch: press.pitch,
                ioi_ms,
                velocity: press.velocity,
                duration_ms: duration_ms as u16,
                pedal: pedal_within(&self.sustain, press.onset_ms, gap_ms),
            }
        };
        self.presses.iter().zip(next).map(event).collect()
    }

    /// The tokens of all presses.
    pub fn tokens(&self) -> Vec<Token> {
        self.events().iter().flat_map(Event::tokens).collect()
    }

    /// What events play, from 0 s on, in their order.
    pub fn of_events(events: &[Event]) -> Self {
        let mut timeline = Self::default();
        let mut onset_ms = 0;
        for (k, event) in events.iter().enumerate() {
            onset_ms += i64::from(event.ioi_ms);
            timeline.presses.push(Press {
                onset_ms,
                end_ms: onset_ms + i64::from(event.duration_ms),
                pitch: event.pitch,
                velocity: event.velocity,
            });
            let gap_ms = events.get(k + 1).map_or(LONGEST_IOI_MS, |next| next.ioi_ms);
            timeline.sustain.extend(movements(event, onset_ms, i64::from(gap_ms)));
        }
        let mut last = 0;
        timeline.sustain.retain(|to| std::mem::replace(&mut last, to.value) != to.value);
        timeline
    }
}

fn sorted(mut sustain: Vec<PedalMove>) -> Vec<PedalMove> {
    sustain.sort_by_key(|to| to.at_ms);
    sustain
}

/// The pedal at an onset and after each quarter of the time to the next one (`gap_ms`): its last value
/// not later than that.
pub(super) fn pedal_within(sustain: &[PedalMove], onset_ms: i64, gap_ms: i64) -> [u8; 4] {
    std::array::from_fn(|quarter| {
        let four_times_ms = 4 * onset_ms + quarter as i64 * gap_ms;
        let count = sustain.partition_point(|to| 4 * to.at_ms <= four_times_ms);
        count.checked_sub(1).map_or(0, |last| sustain[last].value)
    })
}

/// The movements that an event's pedal values stand for, at its onset and after each quarter of the time
/// to the next one.
pub(crate) fn movements(event: &Event, onset_ms: i64, gap_ms: i64) -> [PedalMove; 4] {
    std::array::from_fn(|quarter| PedalMove {
        at_ms: onset_ms + (quarter as i64 * gap_ms + 2) / 4,
        value: event.pedal[quarter],
    })
}
