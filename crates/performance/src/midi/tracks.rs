//! The tracks of an exported file.
//!
//! Each hand has its own track and its own channel, so that a pitch that both hands hold is not
//! cut by the other's key. The pedals stand in both tracks: a sequencer gives each its own
//! instrument, and a synthesizer each channel its own pedals.

use std::collections::BTreeMap;

use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, Smf, Timing, TrackEvent, TrackEventKind};
use notation::{Hand, KeySignature, Score, TimeSignature};

use super::export::ExportError;
use crate::tempo_map::TempoMap;
use crate::{Pedal, PedalEvent, PlayedNote, ornaments};

/// The longest pause between two events.
const LONGEST_DELTA: u32 = (1 << 28) - 1;

/// What stands in the first track.
pub struct Conductor<'a> {
    pub score: &'a Score,
    pub map: &'a TempoMap,
    pub metres: Vec<(u64, TimeSignature)>,
    pub keys: Vec<(u64, KeySignature)>,
    pub first_bar: (u64, String),
    /// The file lasts at least to here.
    pub end_tick: u64,
}

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

/// Events of a track by tick; at one tick the lower rank comes first.
type Events<'a> = Vec<(u64, u8, TrackEventKind<'a>)>;

/// A note in ticks.
#[derive(Clone, Copy)]
struct Struck {
    on: u64,
    off: u64,
    pitch: u8,
    velocity: u8,
}

impl Sheet<'_> {
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
        for (k, (notes, name)) in hands.into_values().zip(&names).enumerate() {
            tracks.push(self.hand(conductor.map, notes, name, channel(k), end_tick));
        }
        let ticks = u15::from(conductor.map.ticks_per_quarter().min(0x7fff) as u16);
        let mut smf = Smf::new(Header::new(Format::Parallel, Timing::Metrical(ticks)));
        for track in tracks {
            smf.tracks.push(deltas(track, end_tick)?);
        }
        let mut bytes = Vec::new();
        // Writing to memory fails only for more tracks than the parts that a score can have.
        smf.write_std(&mut bytes).map_err(|_| ExportError::Empty)?;
        Ok(bytes)
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

    fn hand<'n>(
        &self,
        map: &TempoMap,
        mut notes: Vec<Struck>,
        name: &'n str,
        channel: u4,
        end: u64,
    ) -> Events<'n> {
        let mut events: Events<'n> = vec![
            (0, 0, TrackEventKind::Meta(MetaMessage::TrackName(name.as_bytes()))),
            (0, 1, midi(channel, MidiMessage::ProgramChange { program: u7::from(self.program.min(127)) })),
        ];
        self.add_pedals(map, channel, end, &mut events);
        strike_once(&mut notes);
        for note in notes {
            let key = u7::from(note.pitch);
            events.push((
                note.on,
                4,
                midi(channel, MidiMessage::NoteOn { key, vel: u7::from(note.velocity) }),
            ));
            events.push((note.off, 2, midi(channel, MidiMessage::NoteOff { key, vel: u7::from(64) })));
        }
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
                events.push((tick, 3, controller(channel, pedal, value)));
            }
        }
    }
}

fn controller<'a>(channel: u4, pedal: Pedal, value: u8) -> TrackEventKind<'a> {
    let (controller, value) = (u7::from(pedal.controller()), u7::from(value.min(127)));
    midi(channel, MidiMessage::Controller { controller, value })
}

/// Channels 0, 1, 2 … without that of the drums.
fn channel(track: usize) -> u4 {
    let k = (track % 15) as u8;
    u4::from(if k >= 9 { k + 1 } else { k })
}

fn midi<'a>(channel: u4, message: MidiMessage) -> TrackEventKind<'a> {
    TrackEventKind::Midi { channel, message }
}

/// One stroke of a key at a time: two voices that share it at one tick are one, as loud as the louder
/// of them, and a key that is still down comes up before it is struck again and then stays down until
/// the later of the two ends.
fn strike_once(notes: &mut Vec<Struck>) {
    notes.sort_by_key(|n| (n.pitch, n.on, n.off));
    notes.dedup_by(|later, kept| {
        let same = (later.pitch, later.on) == (kept.pitch, kept.on);
        if same {
            kept.off = kept.off.max(later.off);
            kept.velocity = kept.velocity.max(later.velocity);
        }
        same
    });
    for k in 1..notes.len() {
        let (before, note) = (notes[k - 1], &mut notes[k]);
        if before.pitch == note.pitch && before.off > note.on {
            note.off = note.off.max(before.off);
            notes[k - 1].off = notes[k].on;
        }
    }
}

impl Conductor<'_> {
    fn events(&self) -> Events<'_> {
        let meta = |tick, rank, message| (tick, rank, TrackEventKind::Meta(message));
        let title = self.score.title.as_deref().unwrap_or("Score");
        let mut events = vec![meta(0, 0, MetaMessage::TrackName(title.as_bytes()))];
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
        events.push(meta(self.first_bar.0, 4, MetaMessage::Marker(self.first_bar.1.as_bytes())));
        events
    }
}

/// Sorts events and turns their ticks into steps; ends the track.
fn deltas(mut events: Events<'_>, end_tick: u64) -> Result<Vec<TrackEvent<'_>>, ExportError> {
    events.sort_by_key(|(tick, rank, _)| (*tick, *rank));
    let end_tick = events.last().map_or(end_tick, |(tick, ..)| end_tick.max(*tick));
    events.push((end_tick, u8::MAX, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
    let mut now = 0;
    let mut track = Vec::with_capacity(events.len());
    for (tick, _, kind) in events {
        let delta = u32::try_from(tick - now).ok().filter(|d| *d <= LONGEST_DELTA);
        let delta = delta.ok_or(ExportError::Pause(LONGEST_DELTA))?;
        track.push(TrackEvent { delta: u28::from(delta), kind });
        now = tick;
    }
    Ok(track)
}
