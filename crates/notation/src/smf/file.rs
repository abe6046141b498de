//! What a Standard MIDI File holds, in ticks: notes with their ends, pedals, and the events of
//! time. Scores are made of it here, performances in the crate `performance`.

use std::collections::{BTreeMap, HashMap, VecDeque};

use midly::{Format, MetaMessage, MidiMessage, Timing, TrackEvent, TrackEventKind};

use super::SmfError;

/// Notes and controllers beyond this many are no music.
const MOST_EVENTS: usize = 2_000_000;

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
    /// The last event of any track.
    pub end_tick: u64,
}

/// What a tick is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Division {
    /// A part of a quarter note; the number of them in one.
    PerQuarter(u16),
    /// A part of a second (SMPTE time code); the number of them in one.
    PerSecond(f64),
}

/// One track.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Track {
    /// Its place in the file, from 0.
    pub number: usize,
    /// Its name, if it has one.
    pub name: Option<String>,
    /// The last program change of each channel.
    pub programs: BTreeMap<u8, u8>,
    /// Its notes, ordered by start.
    pub notes: Vec<FileNote>,
    /// Controllers, in order.
    pub controls: Vec<Control>,
    /// Notes that the file never ends; they last to the end of the track.
    pub unended: usize,
}

/// One note.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileNote {
    /// Start.
    pub on_tick: u64,
    /// End.
    pub off_tick: u64,
    /// MIDI channel, from 0.
    pub channel: u8,
    /// MIDI pitch.
    pub pitch: u8,
    /// 1 to 127.
    pub velocity: u8,
}

/// One controller event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// When.
    pub tick: u64,
    /// MIDI channel, from 0.
    pub channel: u8,
    /// Controller number.
    pub controller: u8,
    /// 0 to 127.
    pub value: u8,
}

impl MidiFile {
    /// Reads the bytes of a file of format 0 or 1. Chunks that end early are read as far as they
    /// go.
    pub fn read(bytes: &[u8]) -> Result<Self, SmfError> {
        if !(bytes.starts_with(b"MThd") || bytes.starts_with(b"RIFF")) {
            return Err(SmfError::NotMidi);
        }
        let broken = |track: Option<usize>| {
            move |error: midly::Error| SmfError::Broken { track, what: error.to_string() }
        };
        // midly negates this byte, which has no positive counterpart: found by fuzzing.
        if bytes.starts_with(b"MThd") && bytes.get(12) == Some(&0x80) {
            let what = "its time code counts 128 frames a second, which no standard has".to_owned();
            return Err(SmfError::Broken { track: None, what });
        }
        let (header, tracks) = midly::parse(bytes).map_err(broken(None))?;
        if header.format == Format::Sequential {
            return Err(SmfError::ManySongs);
        }
        let mut collector = Collector::new(division(header.timing)?);
        for (number, events) in tracks.enumerate() {
            let events = events.map_err(broken(Some(number)))?;
            let mut track = OpenTrack::new(number);
            for event in events {
                collector.take(&mut track, &event.map_err(broken(Some(number)))?)?;
            }
            collector.close(track);
        }
        Ok(collector.finish())
    }
}

fn division(timing: Timing) -> Result<Division, SmfError> {
    match timing {
        Timing::Metrical(ticks) if ticks.as_int() > 0 => Ok(Division::PerQuarter(ticks.as_int())),
        Timing::Timecode(fps, parts) if parts > 0 => {
            Ok(Division::PerSecond(f64::from(fps.as_f32()) * f64::from(parts)))
        }
        _ => Err(SmfError::NoDivision),
    }
}

/// A track while it is read.
struct OpenTrack {
    track: Track,
    tick: u64,
    /// Notes that sound, by channel and pitch: the one that started first ends first.
    sounding: HashMap<(u8, u8), VecDeque<usize>>,
}

impl OpenTrack {
    fn new(number: usize) -> Self {
        Self { track: Track { number, ..Track::default() }, tick: 0, sounding: HashMap::new() }
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
            end_tick: 0,
        };
        Self { file, tempos: BTreeMap::new(), metres: BTreeMap::new(), keys: BTreeMap::new(), events: 0 }
    }

    fn take(&mut self, open: &mut OpenTrack, event: &TrackEvent<'_>) -> Result<(), SmfError> {
        open.tick = open.tick.saturating_add(u64::from(event.delta.as_int()));
        self.file.end_tick = self.file.end_tick.max(open.tick);
        self.events += 1;
        if self.events > MOST_EVENTS {
            return Err(SmfError::TooLarge { what: "events", most: MOST_EVENTS });
        }
        match event.kind {
            TrackEventKind::Midi { channel, message } => take_message(open, channel.as_int(), message),
            TrackEventKind::Meta(message) => self.take_meta(open, message),
            TrackEventKind::SysEx(_) | TrackEventKind::Escape(_) => {}
        }
        Ok(())
    }

    fn take_meta(&mut self, open: &mut OpenTrack, message: MetaMessage<'_>) {
        match message {
            MetaMessage::TrackName(name) if open.track.name.is_none() => open.track.name = text(name),
            MetaMessage::Tempo(micros) if micros.as_int() > 0 => {
                self.tempos.insert(open.tick, micros.as_int());
            }
            MetaMessage::TimeSignature(beats, power, ..) if beats > 0 && power <= 6 => {
                self.metres.insert(open.tick, (beats, 1 << power));
            }
            MetaMessage::KeySignature(fifths, minor) if (-7..=7).contains(&fifths) => {
                self.keys.insert(open.tick, (fifths, minor));
            }
            _ => {}
        }
    }

    fn close(&mut self, mut open: OpenTrack) {
        for note in open.sounding.into_values().flatten() {
            open.track.notes[note].off_tick = open.tick.max(open.track.notes[note].on_tick);
            open.track.unended += 1;
        }
        if open.track.number == 0 {
            self.file.title = open.track.name.clone();
        }
        if !(open.track.notes.is_empty() && open.track.controls.is_empty()) {
            self.file.tracks.push(open.track);
        }
    }

    fn finish(mut self) -> MidiFile {
        self.file.tempos = self.tempos.into_iter().collect();
        self.file.metres = self.metres.into_iter().collect();
        self.file.keys = self.keys.into_iter().collect();
        self.file
    }
}

fn take_message(open: &mut OpenTrack, channel: u8, message: MidiMessage) {
    match message {
        MidiMessage::NoteOn { key, vel } if vel > 0 => {
            let note = FileNote {
                on_tick: open.tick,
                off_tick: open.tick,
                channel,
                pitch: key.as_int(),
                velocity: vel.as_int(),
            };
            open.sounding.entry((channel, note.pitch)).or_default().push_back(open.track.notes.len());
            open.track.notes.push(note);
        }
        MidiMessage::NoteOn { key, .. } | MidiMessage::NoteOff { key, .. } => {
            let sounding = open.sounding.get_mut(&(channel, key.as_int()));
            if let Some(note) = sounding.and_then(VecDeque::pop_front) {
                open.track.notes[note].off_tick = open.tick;
            }
        }
        MidiMessage::Controller { controller, value } => {
            let (controller, value) = (controller.as_int(), value.as_int());
            open.track.controls.push(Control { tick: open.tick, channel, controller, value });
        }
        MidiMessage::ProgramChange { program } => {
            open.track.programs.insert(channel, program.as_int());
        }
        _ => {}
    }
}

/// Text of a meta event: UTF-8, or else Latin-1; nothing if it is blank.
fn text(bytes: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(bytes)
        .map_or_else(|_| bytes.iter().map(|b| char::from(*b)).collect(), str::to_owned);
    let text = text.trim_matches(|c: char| c.is_whitespace() || c.is_control());
    (!text.is_empty()).then(|| text.chars().take(200).collect())
}
