//! One track of a MIDI file.

use std::collections::{BTreeMap, VecDeque};

use super::text;
use crate::score::Place;

/// More faults of one track than anybody reads.
const MOST_FAULTS: usize = 20;

/// Controllers that let go of all keys of a channel: *all sound off* and *all notes off*.
const ALL_OFF: [u8; 2] = [120, 123];

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

impl Track {
    /// Its number and name, for messages.
    pub fn place(&self) -> Place {
        let name = self.name.as_ref().map_or(String::new(), |n| format!(" ({n})"));
        Place { part: Some(format!("track {}{name}", self.number + 1)), ..Place::default() }
    }
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

/// A track while it is read.
pub(super) struct OpenTrack {
    track: Track,
    /// Now.
    pub tick: u64,
    /// Notes that sound, by channel and pitch: the one that started first ends first.
    sounding: BTreeMap<(u8, u8), VecDeque<usize>>,
    faults: Vec<String>,
}

impl OpenTrack {
    pub fn new(number: usize) -> Self {
        let track = Track { number, ..Track::default() };
        Self { track, tick: 0, sounding: BTreeMap::new(), faults: Vec::new() }
    }

    /// The number and name of the track, for messages.
    pub fn place(&self) -> Place {
        self.track.place()
    }

    pub fn advance(&mut self, ticks: u32) {
        self.tick = self.tick.saturating_add(u64::from(ticks));
    }

    /// Remembers a fault of the track.
    pub fn warn(&mut self, message: String) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(message);
        }
    }

    pub fn note_on(&mut self, channel: u8, pitch: u8, velocity: u8) {
        let (on_tick, off_tick) = (self.tick, self.tick);
        self.sounding.entry((channel, pitch)).or_default().push_back(self.track.notes.len());
        self.track.notes.push(FileNote { on_tick, off_tick, channel, pitch, velocity });
    }

    pub fn note_off(&mut self, channel: u8, pitch: u8) {
        let sounding = self.sounding.get_mut(&(channel, pitch));
        if let Some(note) = sounding.and_then(VecDeque::pop_front) {
            self.track.notes[note].off_tick = self.tick;
        }
    }

    pub fn control(&mut self, channel: u8, controller: u8, value: u8) {
        if ALL_OFF.contains(&controller) {
            self.all_off(channel);
        }
        self.track.controls.push(Control { tick: self.tick, channel, controller, value });
    }

    /// Ends what sounds on a channel.
    fn all_off(&mut self, channel: u8) {
        let keys: Vec<(u8, u8)> =
            self.sounding.range((channel, 0)..=(channel, 127)).map(|(k, _)| *k).collect();
        for note in keys.into_iter().filter_map(|key| self.sounding.remove(&key)).flatten() {
            self.track.notes[note].off_tick = self.tick;
        }
    }

    pub fn program(&mut self, channel: u8, program: u8) {
        self.track.programs.insert(channel, program);
    }

    /// The first name counts.
    pub fn name(&mut self, bytes: &[u8]) {
        let name = text::shown(bytes);
        if self.track.name.is_none() && !name.is_empty() {
            self.track.name = Some(name);
        }
    }

    /// The track, whose open notes end now, and its faults.
    pub fn close(mut self) -> (Track, Vec<String>) {
        for note in self.sounding.into_values().flatten() {
            self.track.notes[note].off_tick = self.tick.max(self.track.notes[note].on_tick);
            self.track.unended += 1;
        }
        (self.track, self.faults)
    }
}
