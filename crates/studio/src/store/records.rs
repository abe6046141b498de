//! Notes and pedals as small records of bytes, so that a project file is compact and keeps every
//! number to the last bit.

use std::fmt;

use notation::NoteId;
use performance::{Pedal, PedalEvent, PlayedNote};
use serde::de::{Error, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Bytes of a note: number of the written note, pass, onset, duration, velocity.
const NOTE_BYTES: usize = 4 + 1 + 8 + 8 + 1;

/// Bytes of a note in files of format 1: index, onset, duration, velocity.
const NOTE_BYTES_1: usize = 4 + 8 + 8 + 1;

/// Bytes of a pedal movement: time, controller, value.
const PEDAL_BYTES: usize = 8 + 1 + 1;

/// A played note by its name.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NamedNote {
    pub id: NoteId,
    pub onset_secs: f64,
    pub duration_secs: f64,
    pub velocity: u8,
}

/// Played notes.
#[derive(Debug, PartialEq)]
pub(super) struct Notes(pub Vec<NamedNote>);

/// Played notes of a file of format 1, by their index in a score that is read anew each time.
#[derive(Debug, PartialEq)]
pub(super) struct IndexedNotes(pub Vec<PlayedNote>);

/// Pedal movements.
#[derive(Debug, PartialEq)]
pub(super) struct Pedals(pub Vec<PedalEvent>);

impl Serialize for Notes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.0.len() * NOTE_BYTES);
        for note in &self.0 {
            bytes.extend(note.id.written.to_le_bytes());
            bytes.push(note.id.pass);
            bytes.extend(note.onset_secs.to_le_bytes());
            bytes.extend(note.duration_secs.to_le_bytes());
            bytes.push(note.velocity);
        }
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Notes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let note = |record: &[u8; NOTE_BYTES]| {
            Some(NamedNote {
                id: NoteId { written: u32::from_le_bytes(record[..4].try_into().ok()?), pass: record[4] },
                onset_secs: f64::from_le_bytes(record[5..13].try_into().ok()?),
                duration_secs: f64::from_le_bytes(record[13..21].try_into().ok()?),
                velocity: record[21],
            })
        };
        records(deserializer, note, "the notes are damaged").map(Self)
    }
}

impl<'de> Deserialize<'de> for IndexedNotes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let note = |record: &[u8; NOTE_BYTES_1]| {
            Some(PlayedNote {
                note: u32::from_le_bytes(record[..4].try_into().ok()?),
                onset_secs: f64::from_le_bytes(record[4..12].try_into().ok()?),
                duration_secs: f64::from_le_bytes(record[12..20].try_into().ok()?),
                velocity: record[20],
            })
        };
        records(deserializer, note, "the notes are damaged").map(Self)
    }
}

impl Serialize for Pedals {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.0.len() * PEDAL_BYTES);
        for pedal in &self.0 {
            bytes.extend(pedal.time_secs.to_le_bytes());
            bytes.extend([pedal.pedal.controller(), pedal.value]);
        }
        serializer.serialize_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Pedals {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let pedal = |record: &[u8; PEDAL_BYTES]| {
            Some(PedalEvent {
                time_secs: f64::from_le_bytes(record[..8].try_into().ok()?),
                pedal: Pedal::from_controller(record[8])?,
                value: record[9],
            })
        };
        records(deserializer, pedal, "the pedals are damaged").map(Self)
    }
}

/// The records of a byte string, each of `N` bytes.
fn records<'de, D: Deserializer<'de>, T, const N: usize>(
    deserializer: D,
    read: impl Fn(&[u8; N]) -> Option<T>,
    why_not: &str,
) -> Result<Vec<T>, D::Error> {
    let bytes = deserializer.deserialize_byte_buf(Bytes)?;
    let all = match bytes.as_chunks::<N>() {
        (records, []) => records.iter().map(read).collect(),
        _ => None,
    };
    all.ok_or_else(|| D::Error::custom(why_not))
}

/// Takes the bytes as they come.
struct Bytes;

impl Visitor<'_> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_comes_back() {
        let note = |written: u32, x: f64| NamedNote {
            id: NoteId { written, pass: 3 },
            onset_secs: x,
            duration_secs: x / 3.0,
            velocity: 99,
        };
        let notes = Notes(vec![note(0, 0.1), note(7, 1e-300), note(u32::MAX, std::f64::consts::PI)]);
        let bytes = rmp_serde::to_vec_named(&notes).unwrap();
        assert_eq!(rmp_serde::from_slice::<Notes>(&bytes).unwrap(), notes);
        let pedals = Pedals(vec![PedalEvent { time_secs: 1.0 / 3.0, pedal: Pedal::Soft, value: 127 }]);
        let bytes = rmp_serde::to_vec_named(&pedals).unwrap();
        assert_eq!(rmp_serde::from_slice::<Pedals>(&bytes).unwrap(), pedals);
    }

    #[test]
    fn damaged_records_are_refused() {
        // A byte string of MessagePack: its length, then the bytes.
        let bytes = |length: usize| [vec![0xc4, length as u8], vec![0; length]].concat();
        assert!(rmp_serde::from_slice::<Notes>(&bytes(NOTE_BYTES)).is_ok());
        assert!(rmp_serde::from_slice::<Notes>(&bytes(NOTE_BYTES + 1)).is_err());
        assert!(rmp_serde::from_slice::<IndexedNotes>(&bytes(NOTE_BYTES)).is_err());
        let no_pedal = rmp_serde::from_slice::<Pedals>(&bytes(PEDAL_BYTES));
        assert!(no_pedal.is_err(), "there is no pedal with the controller 0");
    }
}
