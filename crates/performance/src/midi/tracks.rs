//! The tracks of an exported file.
//!
//! Each hand has its own track and its own channel, so that a pitch that both hands hold is not
//! cut by the other's key; of more than fifteen hands some share a channel, and there a key is struck
//! once for both. The pedals stand in both tracks: a sequencer gives each its own
//! instrument, and a synthesizer each channel its own pedals.

use std::collections::BTreeMap;

use midly::num::u4;
use notation::{Hand, Score};

use super::conductor::Conductor;
use super::events::{self, Events, controller};
use super::options::{ExportError, ExportOptions};
use super::struck::{Struck, add_notes, strike_once_each};
use crate::tempo_map::TempoMap;
use crate::{Pedal, PedalEvent, Performance, PlayedNote, ornaments};

/// What is played.
pub struct Sheet<'a> {
    pub score: &'a Score,
    pub notes: &'a [PlayedNote],
    pub pedals: &'a [PedalEvent],
    /// Seconds of the performance at tick 0.
    pub zero_secs: f64,
    pub program: u8,
    /// Whether this is all of the performance.
    pub whole: bool,
}

impl<'a> Sheet<'a> {
    /// Notes of a performance and its pedals.
    pub fn of(
        score: &'a Score,
        notes: &'a [PlayedNote],
        played: &'a Performance,
        zero_secs: f64,
        options: &ExportOptions,
    ) -> Self {
        let (pedals, program) = (&played.pedals, options.program);
        Self { score, notes, pedals, zero_secs, program, whole: options.bars.is_none() }
    }

    /// The bytes of the file.
    pub fn write(&self, conductor: &Conductor<'_>) -> Result<Vec<u8>, ExportError> {
        let mut hands: BTreeMap<(u16, bool), Vec<Struck>> = BTreeMap::new();
        for stroke in ornaments::strokes(self.score, self.notes) {
            let note = &self.score.notes[stroke.note as usize];
            let on = conductor.map.tick_at(stroke.onset_secs - self.zero_secs);
            let off = conductor.map.tick_at(stroke.onset_secs + stroke.duration_secs - self.zero_secs);
            let velocity = stroke.velocity.clamp(1, 127);
            let struck = Struck { on, off: off.max(on + 1), pitch: stroke.pitch.min(127), velocity };
            hands.entry((note.part, note.hand() == Hand::Left)).or_default().push(struck);
        }
        let names: Vec<String> = hands.keys().map(|(part, left)| self.name(*part, *left)).collect();
        let mut tracks = vec![conductor.events()];
        let ends = hands.values().flatten().map(|n| n.off);
        let end_tick = ends.fold(conductor.end_tick, u64::max).max(self.last_pedal(conductor.map));
        let mut strokes: Vec<Vec<Struck>> = hands.into_values().collect();
        strike_once_each(&mut strokes, CHANNELS);
        for (k, (notes, name)) in strokes.iter().zip(&names).enumerate() {
            tracks.push(self.hand(conductor.map, notes, name, channel(k), end_tick));
        }
        events::file(conductor.map.ticks_per_quarter(), tracks, end_tick)
    }

    /// The last pedal movement of a whole piece; what follows a selection is not part of it.
    fn last_pedal(&self, map: &TempoMap) -> u64 {
        let last = self.pedals.last().filter(|p| self.whole && p.time_secs.is_finite());
        last.map_or(0, |p| map.tick_at(p.time_secs - self.zero_secs))
    }

    fn name(&self, part: u16, left: bool) -> String {
        let hand = if left { "left hand" } else { "right hand" };
        match self.score.parts.get(usize::from(part)) {
            Some(p) if self.score.parts.len() > 1 && !p.name.is_empty() => format!("{}, {hand}", p.name),
            _ => hand.replacen(['l', 'r'], if left { "L" } else { "R" }, 1),
        }
    }

    fn hand<'n>(&self, map: &TempoMap, notes: &[Struck], name: &'n str, channel: u4, end: u64) -> Events<'n> {
        let mut events = Events::new();
        events::name_track(&mut events, name);
        events.push(events::program(channel, self.program));
        self.add_pedals(map, channel, end, &mut events);
        add_notes(&mut events, channel, notes);
        events
    }

    /// Pedal movements within the file, one for each pedal and tick; those before it are summed up
    /// at its start, and a pedal that is still down at its end comes up there.
    fn add_pedals(&self, map: &TempoMap, channel: u4, end_tick: u64, events: &mut Events<'_>) {
        let mut moves: BTreeMap<(u64, Pedal), u8> = BTreeMap::new();
        let mut states: BTreeMap<Pedal, u8> = BTreeMap::new();
        for event in self.pedals.iter().filter(|p| p.time_secs.is_finite()) {
            let tick = map.tick_at(event.time_secs - self.zero_secs);
            if tick > end_tick {
                break;
            }
            moves.insert((tick, event.pedal), event.value.min(127));
            states.insert(event.pedal, event.value);
        }
        let down = states.into_iter().filter(|(_, value)| *value > 0);
        moves.extend(down.map(|(pedal, _)| ((end_tick, pedal), 0)));
        let mut values: BTreeMap<Pedal, u8> = BTreeMap::new();
        for ((tick, pedal), value) in moves {
            if values.insert(pedal, value) != Some(value) {
                events.push((tick, 3, controller(channel, pedal.controller(), value)));
            }
        }
    }
}

/// The channels without that of the drums.
const CHANNELS: usize = 15;

/// Channels 0, 1, 2 … without that of the drums.
fn channel(track: usize) -> u4 {
    let k = (track % CHANNELS) as u8;
    u4::from(if k >= 9 { k + 1 } else { k })
}
