//! What a Standard MIDI File holds, in ticks: notes with their ends, controllers, and the events of
//! time. Scores are made of it here, performances in the crate `performance`.

use std::collections::BTreeMap;

use super::chunks::{Chunks, Ending, TrackChunk};
pub use super::division::Division;
use super::error::SmfError;
use super::events::{Event, EventReader, Fault};
use super::resync;
use super::text;
use super::track::OpenTrack;
pub use super::track::{Control, FileNote, Track};
use crate::score::{Place, Warning};

/// Notes and controllers beyond this many are no music.
const MOST_EVENTS: usize = 4_000_000;

/// A text event that marks a file as a performance of a score, whatever its notes look like. Our own exports
/// have it in their first track.
pub const PERFORMED: &str = "Performed with Espressivo";

/// More warnings than anybody reads.
const MOST_WARNINGS: usize = 200;

/// The channel of the General MIDI drum kit, counted from 0.
pub const DRUM_CHANNEL: u8 = 9;

/// A file with its notes paired and its tracks apart.
#[derive(Clone, Debug, PartialEq)]
pub struct MidiFile {
    /// What a tick is.
    pub division: Division,
    /// The tracks that hold notes or controllers.
    pub tracks: Vec<Track>,
    /// Name of the first track, which is that of the piece.
    pub title: Option<String>,
    /// Tempo changes: tick and microseconds per quarter, ordered, one for each tick.
    pub tempos: Vec<(u64, u32)>,
    /// Metres: tick, beats and beat type (4 for a quarter), ordered, one for each tick.
    pub metres: Vec<(u64, (u8, u8))>,
    /// Keys: tick, sharps (flats negative) and whether minor, ordered, one for each tick.
    pub keys: Vec<(u64, (i8, bool))>,
    /// Markers: tick and text, in the order of the file.
    pub markers: Vec<(u64, String)>,
    /// The last event of any track.
    pub end_tick: u64,
    /// Whether the file is marked as a performance; see [`PERFORMED`].
    pub is_performed: bool,
    /// Faults of the file, and what was done about them.
    pub warnings: Vec<Warning>,
    /// The first fault that leaves out what the file may hold.
    pub cut: Option<Warning>,
}

impl MidiFile {
    /// Reads the bytes of a file of format 0 or 1. Where a track makes no sense its notes up to
    /// there are kept, and a warning names the place.
    ///
    /// # Errors
    /// When the bytes are no such file, or have more events than any music.
    pub fn read(bytes: &[u8]) -> Result<Self, SmfError> {
        let mut chunks = Chunks::open(bytes)?;
        let mut collector = Collector::new(chunks.division);
        if chunks.before > 0 {
            let message = format!("{} bytes before the header are no MIDI and are left out", chunks.before);
            collector.warn(Place::default(), message);
        }
        let mut count = 0;
        while let Some(chunk) = chunks.next_track() {
            let mut track = OpenTrack::new(count);
            let next = collector.read_track(&chunks, chunk, &mut track)?;
            collector.close(track);
            chunks.resume(next);
            count += 1;
        }
        let promised = chunks.promised;
        if count != promised {
            let meaning = if count < promised { "the file may be cut short" } else { "all are read" };
            let message = format!("the header promises {promised} tracks and {count} are there; {meaning}");
            if count < promised {
                collector.cut(Place::default(), message.clone());
            }
            collector.warn(Place::default(), message);
        }
        Ok(collector.finish())
    }

    /// The notes that a piano plays, and those of the drum channel.
    pub fn count_notes(&self) -> (usize, usize) {
        let notes = || self.tracks.iter().flat_map(|track| &track.notes);
        let drums = notes().filter(|note| note.channel == DRUM_CHANNEL).count();
        (notes().count() - drums, drums)
    }

    /// Why there is nothing to play, for a file without notes for a piano: a fault that may have cut
    /// them off, else percussion alone, else any fault, else no notes at all.
    pub fn why_empty(&self) -> SmfError {
        let broken = |fault: &Warning, more: &str| {
            let place = fault.place.part.as_ref().map_or(String::new(), |p| format!("{p}: "));
            SmfError::Broken { track: None, what: format!("{place}{}{more}", fault.message) }
        };
        match (self.count_notes().1, &self.cut, self.warnings.first()) {
            (0, Some(cut), _) => broken(cut, ""),
            (notes, Some(cut), _) => {
                broken(cut, &format!("; what could be read are {notes} notes for percussion"))
            }
            (0, None, Some(fault)) => broken(fault, ""),
            (0, None, None) => SmfError::NoNotes,
            (notes, None, _) => SmfError::OnlyPercussion { notes },
        }
    }
}

/// The file while it is read. Maps keep the last event of each tick.
struct Collector {
    file: MidiFile,
    tempos: BTreeMap<u64, u32>,
    metres: BTreeMap<u64, (u8, u8)>,
    keys: BTreeMap<u64, (i8, bool)>,
    events: usize,
}

impl Collector {
    fn new(division: Division) -> Self {
        let file = MidiFile {
            division,
            tracks: Vec::new(),
            title: None,
            tempos: Vec::new(),
            metres: Vec::new(),
            keys: Vec::new(),
            markers: Vec::new(),
            end_tick: 0,
            is_performed: false,
            warnings: Vec::new(),
            cut: None,
        };
        Self { file, tempos: BTreeMap::new(), metres: BTreeMap::new(), keys: BTreeMap::new(), events: 0 }
    }

    /// Reads the events of a track and says where the next chunk starts.
    fn read_track(
        &mut self,
        chunks: &Chunks<'_>,
        chunk: TrackChunk,
        open: &mut OpenTrack,
    ) -> Result<usize, SmfError> {
        let bytes = chunks.bytes();
        let mut events = EventReader::new(bytes, chunk.start);
        let mut goes_on = false;
        loop {
            let at = events.at();
            if chunks.may_end(chunk, at) {
                if at < chunk.end {
                    let missing = chunk.end - at;
                    self.cut_track(
                        open,
                        format!("the file is cut short: {missing} bytes of the track are missing"),
                    );
                }
                return Ok(at);
            }
            goes_on |= at >= chunk.end;
            let end = resync::true_end(&events);
            if end.is_some() {
                open.warn(format!(
                    "the length of the event at byte {at} is wrong; it is corrected by what follows"
                ));
            }
            let next = match end {
                Some(end) => events.next_ending_at(end),
                None => events.next(),
            };
            let (delta, event) = match next {
                Ok(event) => event,
                Err(fault) => {
                    let next = chunks.after_fault(chunk, fault.at);
                    self.cut_track(open, cut_message(fault, next));
                    return Ok(next);
                }
            };
            if delta.is_none() {
                open.warn(format!(
                    "the time of the event at byte {at} has more than four bytes; it is taken as no time"
                ));
            }
            open.advance(delta.unwrap_or_default());
            self.file.end_tick = self.file.end_tick.max(open.tick);
            self.events += 1;
            if self.events > MOST_EVENTS {
                return Err(SmfError::TooLarge { what: "events", most: MOST_EVENTS });
            }
            if event != Event::EndOfTrack {
                self.take(open, event);
                continue;
            }
            match chunks.after_end(chunk, events.at()) {
                Ending::AsSaid => return Ok(chunk.end.min(bytes.len())),
                Ending::OtherLength => {
                    let (said, is) = (chunk.end - chunk.start, events.at() - chunk.start);
                    open.warn(format!("the track says that it is {said} bytes long, but it is {is}"));
                    return Ok(events.at());
                }
                Ending::MoreEvents if !goes_on => {
                    goes_on = true;
                    open.warn(format!("events follow the end of the track at byte {at}; they are read too"));
                }
                Ending::MoreEvents => {}
            }
        }
    }

    fn take(&mut self, open: &mut OpenTrack, event: Event<'_>) {
        match event {
            Event::NoteOn { channel, key, velocity } => open.note_on(channel, key, velocity),
            Event::NoteOff { channel, key } => open.note_off(channel, key),
            Event::Controller { channel, controller, value } => open.control(channel, controller, value),
            Event::Program { channel, program } => open.program(channel, program),
            Event::Meta { kind, data } => self.take_meta(open, kind, data),
            Event::EndOfTrack | Event::Other => {}
        }
    }

    fn take_meta(&mut self, open: &mut OpenTrack, kind: u8, data: &[u8]) {
        let tick = open.tick;
        match (kind, data) {
            (0x01, text) if text == PERFORMED.as_bytes() => self.file.is_performed = true,
            (0x03, name) => open.name(name),
            (0x06, text) => self.file.markers.push((tick, text::shown(text))),
            (0x51, [a, b, c, ..]) => match u32::from_be_bytes([0, *a, *b, *c]) {
                0 => open.warn(format!("a tempo of no time at tick {tick} is left out")),
                micros => drop(self.tempos.insert(tick, micros)),
            },
            (0x58, [beats, power, ..]) if *beats > 0 && *power <= 6 => {
                self.metres.insert(tick, (*beats, 1 << power));
            }
            (0x59, [fifths, minor, ..]) if (-7..=7).contains(&fifths.cast_signed()) => {
                self.keys.insert(tick, (fifths.cast_signed(), *minor == 1));
            }
            (0x51 | 0x58 | 0x59, _) => {
                let what = ["tempo", "time signature", "key signature"];
                let what = what[usize::from(kind == 0x58) + 2 * usize::from(kind == 0x59)];
                open.warn(format!("a {what} at tick {tick} makes no sense and is left out"));
            }
            _ => {}
        }
    }

    fn close(&mut self, open: OpenTrack) {
        let (track, faults) = open.close();
        if track.number == 0 {
            self.file.title = track.name.clone();
        }
        for fault in faults {
            self.warn(track.place(), fault);
        }
        if !(track.notes.is_empty() && track.controls.is_empty()) {
            self.file.tracks.push(track);
        }
    }

    /// Remembers a fault after which the rest of a track is left out.
    fn cut_track(&mut self, open: &mut OpenTrack, message: String) {
        self.cut(open.place(), message.clone());
        open.warn(message);
    }

    fn cut(&mut self, place: Place, message: String) {
        self.file.cut.get_or_insert(Warning { place, message });
    }

    fn warn(&mut self, place: Place, message: String) {
        if self.file.warnings.len() < MOST_WARNINGS {
            self.file.warnings.push(Warning { place, message });
        }
    }

    fn finish(mut self) -> MidiFile {
        self.file.tempos = self.tempos.into_iter().collect();
        self.file.metres = self.metres.into_iter().collect();
        self.file.keys = self.keys.into_iter().collect();
        self.file
    }
}

fn cut_message(fault: Fault, next: usize) -> String {
    format!("{fault}; the notes before it are kept, {} bytes from there on are left out", next - fault.at)
}
