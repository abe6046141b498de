//! The file of a take with some of its notes in another form, everything else in its place.

use std::collections::{BTreeMap, BTreeSet};

use midly::num::u4;
use notation::smf::file::MidiFile;
use notation::{Hand, KeySignature, Score, TimeSignature};

use super::conductor::Conductor;
use super::events::{self, Events, controller};
use super::kept::Kept;
use super::options::ExportError;
use super::regrid::TakeGrid;
use super::struck::{Struck, add_notes, make_room, strike_once};
use super::take_pedals::PedalChange;
use crate::tempo_map::TempoMap;
use crate::{Performance, ornaments};

/// What is written.
pub(super) struct InPlace<'a> {
    pub score: &'a Score,
    pub file: &'a MidiFile,
    pub kept: &'a Kept,
    /// What is played now, and what the file plays.
    pub played: &'a Performance,
    pub before: &'a Performance,
    /// The notes that are performed anew, ascending.
    pub changed: &'a [u32],
    /// The tempo of the new file.
    pub map: &'a TempoMap,
    /// Where the tempo is another than in the file, if it is.
    pub grid: Option<&'a TakeGrid>,
}

/// New notes by track and channel.
type NewNotes = BTreeMap<(usize, u8), Vec<Struck>>;

impl InPlace<'_> {
    /// The bytes of the file.
    pub fn write(&self) -> Result<Vec<u8>, ExportError> {
        let conductor = self.conductor();
        let new_notes = self.new_notes();
        let pedals = PedalChange::of(self.file, &self.before.pedals, &self.played.pedals);
        let mut tracks = vec![conductor.events()];
        tracks.extend((0..self.file.tracks.len()).map(|track| self.track(track, &new_notes, &pedals)));
        let ends = tracks.iter().flatten().map(|(tick, ..)| *tick);
        let end_tick = ends.fold(conductor.end_tick, u64::max);
        events::file(self.map.ticks_per_quarter(), tracks, end_tick)
    }

    /// Where the first marker stands, which is that of the first bar in files of ours.
    pub fn first_bar_tick(&self) -> u64 {
        self.file.markers.first().map_or(0, |(tick, _)| self.moved(*tick))
    }

    /// Where something of the file comes to be that stays when it is: where the tempo is another, on
    /// another tick.
    fn moved(&self, tick: u64) -> u64 {
        match self.grid.filter(|grid| grid.changes_at(tick)) {
            Some(grid) => self.map.tick_at(grid.map().secs_at(tick)),
            None => tick,
        }
    }

    fn conductor(&self) -> Conductor<'_> {
        let file = self.file;
        let metre = |(tick, (beats, beat_type)): &(u64, (u8, u8))| {
            (*tick, TimeSignature { beats: *beats, beat_type: *beat_type })
        };
        let key = |(tick, (fifths, minor)): &(u64, (i8, bool))| {
            (*tick, KeySignature { fifths: *fifths, minor: *minor })
        };
        Conductor {
            title: file.title.as_deref(),
            map: self.map,
            metres: file.metres.iter().map(metre).collect(),
            keys: file.keys.iter().map(key).collect(),
            markers: file.markers.clone(),
            is_performed: file.is_performed,
            end_tick: self.moved(file.end_tick),
        }
    }

    fn new_notes(&self) -> NewNotes {
        let mut notes = NewNotes::new();
        let is_new = |note: u32| self.changed.binary_search(&note).is_ok();
        for stroke in ornaments::strokes(self.score, &self.played.notes) {
            let times_are_numbers = stroke.onset_secs.is_finite() && stroke.duration_secs.is_finite();
            if !is_new(stroke.note) || !times_are_numbers {
                continue;
            }
            let written = &self.score.notes[stroke.note as usize];
            let on = self.map.tick_at(stroke.onset_secs);
            let off = self.map.tick_at(stroke.onset_secs + stroke.duration_secs).max(on + 1);
            let (pitch, velocity) = (stroke.pitch.min(127), stroke.velocity.clamp(1, 127));
            let line = self.kept.line(written.part, written.hand() == Hand::Left);
            notes.entry(line).or_default().push(Struck { on, off, pitch, velocity });
        }
        notes.values_mut().for_each(strike_once);
        notes
    }

    fn track(&self, index: usize, new_notes: &NewNotes, pedals: &PedalChange<'_>) -> Events<'_> {
        let track = &self.file.tracks[index];
        let mut events = Events::new();
        if let Some(name) = &track.name {
            events::name_track(&mut events, name);
        }
        for (channel, program) in &track.programs {
            events.push(events::program(u4::from(*channel), *program));
        }
        self.add_controls(index, pedals, &mut events);
        let channels = track.notes.iter().map(|n| n.channel);
        let channels =
            channels.chain(new_notes.keys().filter(|(t, _)| *t == index).map(|(_, channel)| *channel));
        for channel in channels.collect::<BTreeSet<u8>>() {
            let of_channel = self.kept.notes(self.file, index).filter(|n| n.channel == channel);
            let mut notes: Vec<Struck> = of_channel
                .map(|n| {
                    let (on, off) = (self.moved(n.on_tick), self.moved(n.off_tick));
                    Struck { on, off: off.max(on + 1), pitch: n.pitch, velocity: n.velocity }
                })
                .collect();
            if let Some(new) = new_notes.get(&(index, channel)) {
                make_room(&mut notes, new);
            }
            notes.sort_by_key(|n| (n.pitch, n.on, n.off));
            add_notes(&mut events, u4::from(channel), &notes);
        }
        events
    }

    /// Controllers that stay, and the new movements of the pedals: one for each pedal and tick.
    fn add_controls(&self, index: usize, pedals: &PedalChange<'_>, events: &mut Events<'_>) {
        let track = &self.file.tracks[index];
        let clock = self.grid.map_or(self.map, TakeGrid::map);
        let new = pedals.new.iter().filter(|p| p.time_secs.is_finite());
        let new: BTreeMap<(u64, u8), u8> =
            new.map(|p| ((self.map.tick_at(p.time_secs), p.pedal.controller()), p.value)).collect();
        let hears = |channel: u8| pedals.is_heard(track, channel);
        for control in track.controls.iter().filter(|c| pedals.keeps(c, clock.secs_at(c.tick))) {
            let tick = self.moved(control.tick);
            if !(new.contains_key(&(tick, control.controller)) && hears(control.channel)) {
                let event = controller(u4::from(control.channel), control.controller, control.value);
                events.push((tick, 3, event));
            }
        }
        let channels = track.controls.iter().map(|c| c.channel).chain(track.notes.iter().map(|n| n.channel));
        for channel in channels.collect::<BTreeSet<u8>>().into_iter().filter(|channel| hears(*channel)) {
            let event = |(pedal, value): (u8, u8)| controller(u4::from(channel), pedal, value);
            events.extend(new.iter().map(|((tick, pedal), value)| (*tick, 3, event((*pedal, *value)))));
        }
    }
}
