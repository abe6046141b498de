//! Notes and pedals as small records of bytes, so that a project file is compact and keeps every
//! number to the last bit.

use ::performance::{Pedal, PedalEvent, PlayedNote};
use serde::de::{Error, Visitor};
use serde::{Deserializer, Serializer};

/// Bytes of a note: number, onset, duration, velocity.
const NOTE_BYTES: usize = 4 + 8 + 8 + 1;

/// Bytes of a pedal movement: time, controller, value.
const PEDAL_BYTES: usize = 8 + 1 + 1;

fn note_bytes(notes: &[PlayedNote]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(notes.len() * NOTE_BYTES);
    for note in notes {
        bytes.extend(note.note.to_le_bytes());
        bytes.extend(note.onset_secs.to_le_bytes());
        bytes.extend(note.duration_secs.to_le_bytes());
        bytes.push(note.velocity);
    }
    bytes
}

fn read_notes(bytes: &[u8]) -> Option<Vec<PlayedNote>> {
    let (records, []) = bytes.as_chunks::<NOTE_BYTES>() else { return None };
    let note = |record: &[u8; NOTE_BYTES]| {
        Some(PlayedNote {
            note: u32::from_le_bytes(record[..4].try_into().ok()?),
            onset_secs: f64::from_le_bytes(record[4..12].try_into().ok()?),
            duration_secs: f64::from_le_bytes(record[12..20].try_into().ok()?),
            velocity: record[20],
        })
    };
    records.iter().map(note).collect()
}

fn pedal_bytes(pedals: &[PedalEvent]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(pedals.len() * PEDAL_BYTES);
    for pedal in pedals {
        bytes.extend(pedal.time_secs.to_le_bytes());
        bytes.extend([pedal.pedal.controller(), pedal.value]);
    }
    bytes
}

fn read_pedals(bytes: &[u8]) -> Option<Vec<PedalEvent>> {
    let (records, []) = bytes.as_chunks::<PEDAL_BYTES>() else { return None };
    let pedal = |record: &[u8; PEDAL_BYTES]| {
        Some(PedalEvent {
            time_secs: f64::from_le_bytes(record[..8].try_into().ok()?),
            pedal: Pedal::from_controller(record[8])?,
            value: record[9],
        })
    };
    records.iter().map(pedal).collect()
}

/// Takes the bytes as they come.
struct Bytes;

impl<'de> Visitor<'de> for Bytes {
    type Value = Vec<u8>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
        Ok(bytes.to_vec())
    }

    fn visit_byte_buf<E: Error>(self, bytes: Vec<u8>) -> Result<Vec<u8>, E> {
        Ok(bytes)
    }
}

/// For `#[serde(with)]` on a list of notes.
pub mod notes {
    use super::*;

    /// Writes them.
    pub fn serialize<S: Serializer>(notes: &[PlayedNote], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&note_bytes(notes))
    }

    /// Reads them.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PlayedNote>, D::Error> {
        let bytes = deserializer.deserialize_byte_buf(Bytes)?;
        read_notes(&bytes).ok_or_else(|| D::Error::custom("the notes are damaged"))
    }
}

/// For `#[serde(with)]` on a list of pedal movements.
pub mod pedals {
    use super::*;

    /// Writes them.
    pub fn serialize<S: Serializer>(pedals: &[PedalEvent], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&pedal_bytes(pedals))
    }

    /// Reads them.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<PedalEvent>, D::Error> {
        let bytes = deserializer.deserialize_byte_buf(Bytes)?;
        read_pedals(&bytes).ok_or_else(|| D::Error::custom("the pedals are damaged"))
    }
}

/// For `#[serde(with)]` on a whole performance.
pub mod performance {
    use std::sync::Arc;

    use ::performance::Performance;
    use serde::{Deserialize, Serialize};

    use super::*;

    #[derive(Serialize)]
    struct Borrowed<'a> {
        #[serde(with = "super::notes")]
        notes: &'a [PlayedNote],
        #[serde(with = "super::pedals")]
        pedals: &'a [PedalEvent],
    }

    #[derive(Deserialize)]
    struct Owned {
        #[serde(with = "super::notes")]
        notes: Vec<PlayedNote>,
        #[serde(with = "super::pedals")]
        pedals: Vec<PedalEvent>,
    }

    /// Writes it.
    pub fn serialize<S: Serializer>(played: &Arc<Performance>, serializer: S) -> Result<S::Ok, S::Error> {
        Borrowed { notes: &played.notes, pedals: &played.pedals }.serialize(serializer)
    }

    /// Reads it.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<Performance>, D::Error> {
        let Owned { notes, pedals } = Owned::deserialize(deserializer)?;
        Ok(Arc::new(Performance { notes, pedals }))
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_bit_comes_back() {
        let note =
            |k: u32, x: f64| PlayedNote { note: k, onset_secs: x, duration_secs: x / 3.0, velocity: 99 };
        let notes = vec![note(0, 0.1), note(7, 1e-300), note(u32::MAX, std::f64::consts::PI)];
        assert_eq!(read_notes(&note_bytes(&notes)).unwrap(), notes);
        let pedals = vec![PedalEvent { time_secs: 1.0 / 3.0, pedal: Pedal::Soft, value: 127 }];
        assert_eq!(read_pedals(&pedal_bytes(&pedals)).unwrap(), pedals);
    }

    #[test]
    fn damaged_records_are_refused() {
        assert!(read_notes(&[0; NOTE_BYTES + 1]).is_none());
        assert!(read_pedals(&[0; PEDAL_BYTES]).is_none(), "there is no pedal with the controller 0");
    }
}
