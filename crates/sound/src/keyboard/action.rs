//! What a MIDI keyboard says: which key or pedal was moved, and how.

use notation::smf::file::DRUM_CHANNEL;
use performance::Pedal;

use crate::events::SoundEventKind;

/// What a hand or a foot did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyAction {
    /// A key went down.
    Down {
        /// MIDI pitch.
        pitch: u8,
        /// MIDI velocity, 1 to 127.
        velocity: u8,
    },
    /// A key came up.
    Up {
        /// MIDI pitch.
        pitch: u8,
    },
    /// A pedal moved.
    Pedal {
        /// Which one.
        pedal: Pedal,
        /// Where to, from 0 (up) to 127 (down). Pedals that know half-way positions send many.
        value: u8,
    },
}

impl KeyAction {
    /// Reads one MIDI message of any channel but that of the drums; nothing if it is about neither keys nor
    /// pedals, or is none.
    pub fn read(message: &[u8]) -> Option<Self> {
        let [status, first, second] = *message else { return None };
        if first > 127 || second > 127 || status & 0x0f == DRUM_CHANNEL {
            return None;
        }
        match status & 0xf0 {
            0x90 if second > 0 => Some(Self::Down { pitch: first, velocity: second }),
            0x80 | 0x90 => Some(Self::Up { pitch: first }),
            0xb0 => Pedal::from_controller(first).map(|pedal| Self::Pedal { pedal, value: second }),
            _ => None,
        }
    }

    /// What an instrument of ours does then; nothing for pedals that it does not have.
    pub(super) fn sound(self) -> Option<SoundEventKind> {
        match self {
            Self::Down { pitch, velocity } => Some(SoundEventKind::NoteOn { pitch, velocity }),
            Self::Up { pitch } => Some(SoundEventKind::NoteOff { pitch }),
            Self::Pedal { pedal: Pedal::Sustain, value } => Some(SoundEventKind::Sustain { value }),
            Self::Pedal { pedal: Pedal::Soft, value } => Some(SoundEventKind::Soft { value }),
            Self::Pedal { .. } => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_pedals_are_read_and_nothing_else() {
        let down = KeyAction::Down { pitch: 60, velocity: 90 };
        let up = KeyAction::Up { pitch: 60 };
        let pedal = |pedal, value| Some(KeyAction::Pedal { pedal, value });
        for (message, expected) in [
            (&[0x90, 60, 90][..], Some(down)),
            (&[0x93, 60, 90], Some(down)),
            // As many keyboards say that a key comes up.
            (&[0x90, 60, 0], Some(up)),
            (&[0x80, 60, 64], Some(up)),
            // A pedal half-way.
            (&[0xb0, 64, 47], pedal(Pedal::Sustain, 47)),
            (&[0xb0, 66, 127], pedal(Pedal::Sostenuto, 127)),
            (&[0xb0, 67, 1], pedal(Pedal::Soft, 1)),
            // Volume, drums, pitch bend, the clock, half a message, a byte that is none.
            (&[0xb0, 7, 100], None),
            (&[0x99, 36, 90], None),
            (&[0xe0, 0, 64], None),
            (&[0xf8], None),
            (&[0x90, 60], None),
            (&[0x90, 200, 90], None),
            (&[], None),
        ] {
            assert_eq!(KeyAction::read(message), expected, "{message:?}");
        }
    }
}
