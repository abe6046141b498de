//! Keys and pedal, as they were played or heard.

use application::hearing::Transcription;
use performance::midi::{MidiNote, PlayedMidi};
use performance::pedal::down_spans;
use performance::{Pedal, PedalEvent, SHORTEST_PRESS_SECS};
use serde::{Deserialize, Serialize};

/// Value of a pedal that is all the way down.
const DOWN: u8 = 127;

/// What was played, or heard, on a piano.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Keys {
    /// The keys, by onset.
    pub keys: Vec<Key>,
    /// When the sustain pedal was down, by time.
    pub pedal: Vec<Press>,
}

/// A key that went down and came up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Key {
    /// MIDI pitch.
    pub pitch: u8,
    /// MIDI velocity.
    pub velocity: u8,
    /// When it went down, from the start of the sound.
    pub onset_secs: f64,
    /// When it came up.
    pub end_secs: f64,
}

/// The sustain pedal going down and coming up.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Press {
    /// When it went down, from the start of the sound.
    pub from_secs: f64,
    /// When it came up.
    pub to_secs: f64,
}

impl Keys {
    /// What was played: a key is down once at a time, at least [`SHORTEST_PRESS_SECS`]; two strokes that are nearer to
    /// each other are one. The pedal counts as down from value 64 on, and is lifted at the end.
    pub fn played(notes: &[MidiNote], pedals: &[PedalEvent], end_secs: f64) -> Self {
        let mut keys: Vec<Key> = notes.iter().map(key).collect();
        keys.sort_by(|a, b| a.pitch.cmp(&b.pitch).then(a.onset_secs.total_cmp(&b.onset_secs)));
        keys.dedup_by(|later, kept| {
            let is_same =
                later.pitch == kept.pitch && later.onset_secs - kept.onset_secs < SHORTEST_PRESS_SECS;
            if is_same {
                kept.end_secs = kept.end_secs.max(later.end_secs);
                kept.velocity = kept.velocity.max(later.velocity);
            }
            is_same
        });
        for k in 1..keys.len() {
            if keys[k].pitch == keys[k - 1].pitch {
                keys[k - 1].end_secs = keys[k - 1].end_secs.min(keys[k].onset_secs);
            }
        }
        keys.sort_by(by_onset);
        let press = |(from_secs, to_secs): (f64, f64)| Press { from_secs, to_secs: to_secs.min(end_secs) };
        Self { keys, pedal: down_spans(pedals).into_iter().map(press).collect() }
    }

    /// What was heard.
    pub fn heard(found: &Transcription) -> Self {
        let key = |note: &application::hearing::TranscribedNote| Key {
            pitch: note.pitch,
            velocity: note.velocity,
            onset_secs: note.onset_secs,
            end_secs: note.end_secs,
        };
        let mut keys: Vec<Key> = found.notes.iter().map(key).collect();
        keys.sort_by(by_onset);
        let mut pedal = Vec::new();
        let mut down = None;
        for (secs, value) in &found.pedal {
            match (down, *value > 0) {
                (None, true) => down = Some(*secs),
                (Some(from_secs), false) => {
                    pedal.push(Press { from_secs, to_secs: *secs });
                    down = None;
                }
                _ => {}
            }
        }
        pedal.extend(down.map(|from_secs| Press { from_secs, to_secs: found.length_secs.max(from_secs) }));
        Self { keys, pedal }
    }

    /// The same as if it had been played on a keyboard.
    pub fn midi(&self) -> PlayedMidi {
        let note = |key: &Key| MidiNote {
            onset_secs: key.onset_secs,
            duration_secs: key.end_secs - key.onset_secs,
            pitch: key.pitch,
            // A stroke of velocity 0 would be a release.
            velocity: key.velocity.clamp(1, 127),
            track: 0,
        };
        let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let press = |press: &Press| [event(press.from_secs, DOWN), event(press.to_secs, 0)];
        PlayedMidi {
            notes: self.keys.iter().map(note).collect(),
            pedals: self.pedal.iter().flat_map(press).collect(),
        }
    }
}

fn key(note: &MidiNote) -> Key {
    Key {
        pitch: note.pitch,
        velocity: note.velocity,
        onset_secs: note.onset_secs,
        end_secs: note.onset_secs + note.duration_secs.max(SHORTEST_PRESS_SECS),
    }
}

fn by_onset(a: &Key, b: &Key) -> std::cmp::Ordering {
    a.onset_secs.total_cmp(&b.onset_secs).then(a.pitch.cmp(&b.pitch))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn note(pitch: u8, onset_secs: f64, duration_secs: f64, velocity: u8) -> MidiNote {
        MidiNote { onset_secs, duration_secs, pitch, velocity, track: 0 }
    }

    #[test]
    fn a_key_is_down_once_at_a_time() {
        let notes =
            [note(60, 0.0, 2.0, 50), note(60, 1.0, 0.5, 60), note(60, 1.01, 1.0, 40), note(55, 0.5, 0.0, 9)];
        let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        let played =
            Keys::played(&notes, &[event(0.2, 30), event(0.4, 90), event(0.9, 63), event(2.0, 127)], 2.5);
        let keys: Vec<(u8, u8, f64, f64)> =
            played.keys.iter().map(|k| (k.pitch, k.velocity, k.onset_secs, k.end_secs)).collect();
        assert_eq!(keys, [(60, 50, 0.0, 1.0), (55, 9, 0.5, 0.52), (60, 60, 1.0, 2.01)]);
        let pedal: Vec<(f64, f64)> = played.pedal.iter().map(|p| (p.from_secs, p.to_secs)).collect();
        assert_eq!(pedal, [(0.4, 0.9), (2.0, 2.5)]);
        let midi = played.midi();
        assert_eq!((midi.notes.len(), midi.pedals.len()), (3, 4));
        assert_eq!(Keys::played(&midi.notes, &midi.pedals, 2.5).pedal, played.pedal);
    }

    #[test]
    fn a_pedal_that_is_still_down_at_the_end_comes_up_there() {
        let found = Transcription {
            notes: Vec::new(),
            pedal: vec![(1.0, 20), (2.0, 0), (3.0, 20)],
            length_secs: 4.0,
        };
        let pedal: Vec<(f64, f64)> =
            Keys::heard(&found).pedal.iter().map(|p| (p.from_secs, p.to_secs)).collect();
        assert_eq!(pedal, [(1.0, 2.0), (3.0, 4.0)]);
    }
}
