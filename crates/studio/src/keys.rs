//! What a person plays on a keyboard, as it comes, and as notes.

use performance::PedalEvent;
use performance::midi::{MidiNote, PlayedMidi};
use protocol::VersionId;
use sound::keyboard::KeyAction;

use crate::playback::PlayedKey;

/// The movements of keys and pedals since recording began, in order.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    list: Vec<PlayedKey>,
}

impl Keys {
    /// Goes on with what was played since.
    pub fn add(&mut self, played: Vec<PlayedKey>) {
        self.list.extend(played);
    }

    /// How many keys went down.
    pub fn struck(&self) -> usize {
        self.strikes().count()
    }

    /// How many movements there were.
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Whether nothing was moved.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// When the first key went down.
    pub fn first_secs(&self) -> Option<f64> {
        self.strikes().map(|key| key.at_secs).next()
    }

    fn strikes(&self) -> impl Iterator<Item = &PlayedKey> {
        self.list.iter().filter(|key| matches!(key.action, KeyAction::Down { .. }))
    }

    /// Leaves out the keys that went down where this place in the score, or a later one, was heard.
    pub fn end_at(&mut self, quarters: f64) {
        self.list.retain(|key| {
            let is_later = key.heard.is_some_and(|heard| heard.quarters >= quarters);
            !(is_later && matches!(key.action, KeyAction::Down { .. }))
        });
    }

    /// Which version was heard when the first key went down and when the last one did, and where; none if none
    /// was, or several were.
    pub fn heard(&self) -> Option<(VersionId, f64, f64)> {
        let mut places = self.strikes().filter_map(|key| key.heard);
        let first = places.next()?;
        let (mut start, mut end) = (first.quarters, first.quarters);
        for place in places {
            if place.version != first.version {
                return None;
            }
            (start, end) = (start.min(place.quarters), end.max(place.quarters));
        }
        Some((first.version, start, end))
    }

    /// The time on the clock at which second 0 of a version that goes on like this is heard: the first key that
    /// went down while a version was heard has its second. If nothing was heard the first key has
    /// `start_secs`. No key comes before second 0.
    pub fn zero_secs(&self, start_secs: f64) -> f64 {
        let heard = self.strikes().find_map(|key| Some(key.at_secs - key.heard?.secs));
        let Some(first_secs) = self.first_secs() else { return 0.0 };
        heard.unwrap_or(first_secs - start_secs).min(first_secs)
    }

    /// What was played as notes, in seconds from `zero_secs`; a key that is still down came up at `now_secs`.
    pub fn midi(&self, zero_secs: f64, now_secs: f64) -> PlayedMidi {
        let mut midi = PlayedMidi::default();
        let mut down: [Option<(f64, u8)>; 128] = [None; 128];
        for key in &self.list {
            match key.action {
                KeyAction::Down { pitch, velocity } => {
                    let before = down[usize::from(pitch & 127)].replace((key.at_secs, velocity));
                    midi.notes.extend(before.map(|on| note(on, pitch, zero_secs, key.at_secs)));
                }
                KeyAction::Up { pitch } => {
                    let on = down[usize::from(pitch & 127)].take();
                    midi.notes.extend(on.map(|on| note(on, pitch, zero_secs, key.at_secs)));
                }
                KeyAction::Pedal { pedal, value } => {
                    let time_secs = (key.at_secs - zero_secs).max(0.0);
                    midi.pedals.push(PedalEvent { time_secs, pedal, value });
                }
            }
        }
        for (pitch, on) in (0..128).zip(down) {
            midi.notes.extend(on.map(|on| note(on, pitch, zero_secs, now_secs)));
        }
        let order =
            |a: &MidiNote, b: &MidiNote| a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch));
        midi.notes.sort_by(order);
        midi
    }
}

fn note((at_secs, velocity): (f64, u8), pitch: u8, zero_secs: f64, up_secs: f64) -> MidiNote {
    let duration_secs = (up_secs - at_secs).max(0.0);
    MidiNote { onset_secs: (at_secs - zero_secs).max(0.0), duration_secs, pitch, velocity, track: 0 }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use performance::Pedal;

    use super::*;
    use crate::playback::HeardPlace;

    fn key(at_secs: f64, action: KeyAction, heard_secs: Option<f64>) -> PlayedKey {
        let place = |secs: f64| HeardPlace { version: VersionId::Deadpan, quarters: 2.0 * secs, secs };
        PlayedKey { at_secs, action, heard: heard_secs.map(place) }
    }

    fn down(pitch: u8) -> KeyAction {
        KeyAction::Down { pitch, velocity: 70 }
    }

    #[test]
    fn keys_become_notes_and_pedals_at_the_seconds_that_were_heard() {
        let mut keys = Keys::default();
        let half = KeyAction::Pedal { pedal: Pedal::Sustain, value: 50 };
        // Second 8 of the version was heard at 100.5; the person came in a little before.
        keys.add(vec![
            key(100.3, half, None),
            key(100.45, down(60), None),
            key(100.5, down(64), Some(8.0)),
            key(100.9, KeyAction::Up { pitch: 60 }, Some(8.4)),
            key(101.0, down(64), Some(8.5)),
            key(101.5, down(67), Some(9.0)),
            key(101.6, KeyAction::Up { pitch: 67 }, Some(9.1)),
        ]);
        assert_eq!((keys.struck(), keys.len(), keys.first_secs()), (4, 7, Some(100.45)));
        let zero_secs = keys.zero_secs(3.0);
        assert!((zero_secs - 92.5).abs() < 1e-9);
        let midi = keys.midi(zero_secs, 102.0);
        let notes: Vec<(u8, f64, f64)> =
            midi.notes.iter().map(|n| (n.pitch, n.onset_secs, n.duration_secs)).collect();
        let expected = [(60, 7.95, 0.45), (64, 8.0, 0.5), (64, 8.5, 1.0), (67, 9.0, 0.1)];
        assert_eq!(notes.len(), expected.len());
        for (note, expected) in notes.iter().zip(expected) {
            assert!(note.0 == expected.0 && (note.1 - expected.1).abs() < 1e-9, "{note:?}");
            assert!((note.2 - expected.2).abs() < 1e-9, "{note:?}");
        }
        assert_eq!((midi.pedals[0].value, midi.pedals[0].pedal), (50, Pedal::Sustain));
        assert_eq!(keys.heard(), Some((VersionId::Deadpan, 16.0, 18.0)));
        keys.end_at(17.0);
        assert_eq!(keys.midi(zero_secs, 102.0).notes.len(), 2);
    }

    #[test]
    fn a_free_recording_begins_where_it_is_said_to() {
        let mut keys = Keys::default();
        keys.add(vec![key(40.0, down(60), None), key(41.0, KeyAction::Up { pitch: 60 }, None)]);
        let midi = keys.midi(keys.zero_secs(12.5), 42.0);
        assert!((midi.notes[0].onset_secs - 12.5).abs() < 1e-9);
        assert_eq!((Keys::default().zero_secs(1.0), keys.heard()), (0.0, None));
    }
}
