//! The events that an instrument gets, in time.

use std::sync::Arc;

/// One instruction for the instrument.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SoundEvent {
    /// When, in seconds from the start of the sound; never negative.
    pub time_secs: f64,
    /// What happens.
    pub kind: SoundEventKind,
}

/// What can happen on a piano.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SoundEventKind {
    /// A key comes up.
    NoteOff {
        /// MIDI pitch.
        pitch: u8,
    },
    /// The sustain pedal moves.
    Sustain {
        /// Its position, from 0 (up) to 127 (down).
        value: u8,
    },
    /// The soft pedal moves: what is struck from now on is softer and darker.
    Soft {
        /// Its position, from 0 (up) to 127 (down).
        value: u8,
    },
    /// A key goes down.
    NoteOn {
        /// MIDI pitch.
        pitch: u8,
        /// MIDI velocity, 1 to 127.
        velocity: u8,
    },
}

impl SoundEventKind {
    /// Where the sustain pedal goes, if it moves.
    pub(crate) fn sustain(self) -> Option<u8> {
        match self {
            Self::Sustain { value } => Some(value),
            Self::NoteOff { .. } | Self::NoteOn { .. } | Self::Soft { .. } => None,
        }
    }

    /// Where the soft pedal goes, if it moves.
    pub(crate) fn soft(self) -> Option<u8> {
        match self {
            Self::Soft { value } => Some(value),
            Self::NoteOff { .. } | Self::NoteOn { .. } | Self::Sustain { .. } => None,
        }
    }

    /// Order of events at one moment: keys come up before they are struck again.
    fn rank(self) -> u8 {
        match self {
            Self::NoteOff { .. } => 0,
            Self::Sustain { .. } | Self::Soft { .. } => 1,
            Self::NoteOn { .. } => 2,
        }
    }
}

/// Pedal value from which the dampers count as lifted (as General MIDI receivers do).
pub const SUSTAIN_THRESHOLD: u8 = 64;

/// Sorts by time; at one moment keys come up, then pedals move, then keys go down.
pub(crate) fn sort(events: &mut [SoundEvent]) {
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs).then(a.kind.rank().cmp(&b.kind.rank())));
}

/// A list of events, ordered by time. Never changes and is cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Events {
    list: Arc<[SoundEvent]>,
    /// Events up to the last that matters for how long the sound lasts, see [`Self::end_secs`].
    decisive: usize,
}

impl Events {
    /// A list of these events; those at one moment keep their order.
    pub fn new(mut events: Vec<SoundEvent>) -> Self {
        events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
        let decisive = decisive(&events);
        Self { list: events.into(), decisive }
    }

    /// The events in order.
    pub fn as_slice(&self) -> &[SoundEvent] {
        &self.list
    }

    /// The index of the first event at or after a time.
    pub(crate) fn index_at(&self, secs: f64) -> usize {
        self.list.partition_point(|e| e.time_secs < secs)
    }

    /// The events before a time, without the first `done`.
    pub(crate) fn due(&self, done: usize, before_secs: f64) -> &[SoundEvent] {
        let waiting = &self.list[done.min(self.list.len())..];
        &waiting[..waiting.iter().take_while(|e| e.time_secs < before_secs).count()]
    }

    /// When a key moves or the pedal crosses [`SUSTAIN_THRESHOLD`] for the last time; nothing if
    /// that never happens. Other movements of the pedal let nothing sound longer, so the end of the
    /// sound does not wait for them.
    pub fn end_secs(&self) -> Option<f64> {
        Some(self.list[..self.decisive].last()?.time_secs)
    }

    /// Whether [`Self::end_secs`] has come after so many events.
    pub(crate) fn are_over_after(&self, done: usize) -> bool {
        done >= self.decisive
    }
}

/// How many events there are up to the last key and the last crossing of the threshold.
fn decisive(events: &[SoundEvent]) -> usize {
    let (mut is_down, mut count) = (false, 0);
    for (k, event) in events.iter().enumerate() {
        let is_decisive = match event.kind {
            SoundEventKind::Sustain { value } => {
                let was_down = std::mem::replace(&mut is_down, value >= SUSTAIN_THRESHOLD);
                was_down != is_down
            }
            SoundEventKind::Soft { .. } => false,
            SoundEventKind::NoteOff { .. } | SoundEventKind::NoteOn { .. } => true,
        };
        if is_decisive {
            count = k + 1;
        }
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sustain(time_secs: f64, value: u8) -> SoundEvent {
        SoundEvent { time_secs, kind: SoundEventKind::Sustain { value } }
    }

    #[test]
    fn half_pedalling_after_the_last_key_does_not_lengthen_the_sound() {
        let off = SoundEvent { time_secs: 2.0, kind: SoundEventKind::NoteOff { pitch: 60 } };
        let end = |events: &[SoundEvent]| Events::new(events.to_vec()).end_secs();
        assert_eq!(end(&[off, sustain(3.0, 40), sustain(4.0, 0)]), Some(2.0));
        assert_eq!(
            end(&[sustain(1.0, 64), off, sustain(3.0, 100), sustain(4.0, 63), sustain(5.0, 9)]),
            Some(4.0)
        );
        assert_eq!(end(&[sustain(1.0, 63)]), None);
        assert_eq!(end(&[]), None);
    }
}
