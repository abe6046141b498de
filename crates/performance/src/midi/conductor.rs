//! The first track of an exported file: tempo, metre, keys, markers.

use midly::num::u24;
use midly::{MetaMessage, TrackEventKind};
use notation::smf::file::PERFORMED;
use notation::{KeySignature, TimeSignature};

use super::events::Events;
use crate::tempo_map::TempoMap;

/// What stands in the first track.
pub struct Conductor<'a> {
    pub title: Option<&'a str>,
    pub map: &'a TempoMap,
    pub metres: Vec<(u64, TimeSignature)>,
    pub keys: Vec<(u64, KeySignature)>,
    pub markers: Vec<(u64, String)>,
    /// Whether the file is marked as a performance, so that nobody takes it for a score.
    pub is_performed: bool,
    /// The file lasts at least to here.
    pub end_tick: u64,
}

impl Conductor<'_> {
    /// The events of the track.
    pub fn events(&self) -> Events<'_> {
        let meta = |tick, rank, message| (tick, rank, TrackEventKind::Meta(message));
        let title = self.title.unwrap_or("Score");
        let mut events = vec![meta(0, 0, MetaMessage::TrackName(title.as_bytes()))];
        if self.is_performed {
            events.push(meta(0, 0, MetaMessage::Text(PERFORMED.as_bytes())));
        }
        for (tick, time) in &self.metres {
            let power = time.beat_type.max(1).ilog2() as u8;
            // MIDI clocks (24 a quarter) for each beat that a musician counts.
            let clocks = (24.0 * time.beat_length().to_f64()).round().clamp(1.0, 255.0) as u8;
            events.push(meta(*tick, 1, MetaMessage::TimeSignature(time.beats.max(1), power, clocks, 8)));
        }
        for (tick, key) in &self.keys {
            events.push(meta(*tick, 2, MetaMessage::KeySignature(key.fifths.clamp(-7, 7), key.minor)));
        }
        for (tick, micros) in self.map.changes() {
            events.push(meta(tick, 3, MetaMessage::Tempo(u24::from(micros.min(0xff_ffff)))));
        }
        for (tick, name) in &self.markers {
            events.push(meta(*tick, 4, MetaMessage::Marker(name.as_bytes())));
        }
        events
    }
}
