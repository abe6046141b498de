//! A recording on the grid of beats that were found in it, with everything where it sounds.

use std::collections::HashMap;

use midly::{Format, MetaMessage, MidiMessage, Smf, TrackEvent, TrackEventKind};
use notation::smf::SmfError;
use notation::smf::file::MidiFile;
use notation::{KeySignature, TimeSignature};
use thiserror::Error;

use super::conductor::Conductor;
use super::events::{self, Events};
use super::import::Clock;
use super::options::ExportError;
use crate::BeatGrid;
use crate::tempo_map::TempoMap;

/// Ticks in a quarter, which is a beat: at 30 beats a minute a tick lasts 2 ms.
const TICKS_PER_QUARTER: u32 = 960;

/// A beat before the music lasts at most this long, as sequencers want it.
const LONGEST_BEAT_SECS: f64 = 6.0;

/// What comes before the first beat by less than this has no beat of its own: no tempo that is written is as
/// fast.
const LEAST_LEAD_IN_SECS: f64 = 0.0601;

/// A recording on a grid.
#[derive(Clone, Debug, PartialEq)]
pub struct OnBeats {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The tick where the first full bar starts.
    pub first_bar_tick: u64,
    /// Tempo events, at most one a beat.
    pub tempo_events: usize,
    /// By how much an event sounds earlier or later than in the recording, at most: half a tick, or up to a
    /// whole one at the start or end of a note that is shorter than a tick.
    pub worst_secs: f64,
}

/// Why a recording could not be laid on a grid.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum OnBeatsError {
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] SmfError),
    /// It can be read in part alone, and what is left out would be lost.
    #[error("the MIDI file has faults, and some of it would be lost: {0}; export it again")]
    Faulty(String),
    /// It cannot be written.
    #[error(transparent)]
    Unwritable(#[from] ExportError),
}

/// Writes a MIDI file again with a tempo map under which its beats are those of `grid`, each a quarter long.
/// Every event keeps its time, to the nearest tick, and its track; tempi and metres are new, keys stay.
///
/// # Errors
/// When the file cannot be read whole, or has a pause that is too long.
pub fn on_beats(bytes: &[u8], grid: &BeatGrid) -> Result<OnBeats, OnBeatsError> {
    let file = MidiFile::read(bytes)?;
    let smf = Smf::parse(bytes).map_err(|why| OnBeatsError::Faulty(why.to_string()))?;
    if smf.header.format == Format::Sequential {
        return Err(SmfError::ManySongs.into());
    }
    let (piano, drums) = file.count_notes();
    if smf.tracks.iter().flatten().filter(|event| is_struck(event)).count() != piano + drums {
        let first = file.warnings.first().map_or("notes are missing", |warning| warning.message.as_str());
        return Err(OnBeatsError::Faulty(first.to_owned()));
    }
    let bars = BarLines::of(grid);
    let map = TempoMap::through(TICKS_PER_QUARTER, &bars.anchors(grid), 0.0);
    let mut moved = Moved { clock: &Clock::of(&file), map: &map, keys: Vec::new(), worst_secs: 0.0 };
    let mut tracks: Vec<Events<'_>> = smf.tracks.iter().map(|track| moved.track(track)).collect();
    tracks.retain(|track| track.iter().any(|(.., kind)| !is_name(kind)));
    let (mut keys, worst_secs) = (moved.keys, moved.worst_secs);
    keys.sort_by_key(|(tick, _)| *tick);
    keys.dedup();
    let conductor = Conductor {
        title: file.title.as_deref(),
        map: &map,
        metres: bars.metres(grid),
        keys,
        markers: Vec::new(),
        is_performed: false,
        end_tick: 0,
    };
    tracks.insert(0, conductor.events());
    let end_tick = tracks.iter().flatten().map(|(tick, ..)| *tick).max().unwrap_or(0);
    let bytes = events::file(TICKS_PER_QUARTER, tracks, end_tick)?;
    let first_bar_tick = bars.tick(grid.first_beats.first().copied().unwrap_or(0));
    Ok(OnBeats { bytes, first_bar_tick, tempo_events: map.changes().count(), worst_secs })
}

fn is_struck(event: &TrackEvent<'_>) -> bool {
    matches!(event.kind, TrackEventKind::Midi { message: MidiMessage::NoteOn { vel, .. }, .. } if vel > 0)
}

fn is_name(kind: &TrackEventKind<'_>) -> bool {
    matches!(kind, TrackEventKind::Meta(MetaMessage::TrackName(_)))
}

/// Where the beats lie in the file.
struct BarLines {
    /// Beats from the start of the file to the first beat.
    lead_in: usize,
}

impl BarLines {
    /// The silence before the first beat is filled with beats that are about as long as the first, so many
    /// that the first bar line falls on one; where this asks for a tempo that is twice or half as fast, the
    /// file begins with a shorter bar.
    fn of(grid: &BeatGrid) -> Self {
        let first_secs = grid.beats_secs.first().copied().unwrap_or(0.0);
        if first_secs < LEAST_LEAD_IN_SECS {
            return Self { lead_in: 0 };
        }
        let second_secs = grid.beats_secs.get(1).copied().unwrap_or(first_secs + 0.5);
        let usual = first_secs / (second_secs - first_secs).clamp(LEAST_LEAD_IN_SECS, LONGEST_BEAT_SECS);
        let full = usize::from(grid.beats_per_bar.max(1));
        let before_bar = grid.first_beats.first().copied().unwrap_or(0);
        let most = (first_secs / LEAST_LEAD_IN_SECS).floor();
        let nearest = usual.round().min(most).max(1.0) as usize;
        let off = |beats: usize| (beats as f64 / usual).ln().abs();
        let is_possible = |beats: &usize| {
            let each_secs = first_secs / *beats as f64;
            (*beats + before_bar).is_multiple_of(full)
                && (LEAST_LEAD_IN_SECS..=LONGEST_BEAT_SECS).contains(&each_secs)
                && off(*beats) < 2.0f64.ln()
        };
        let around = nearest.saturating_sub(full).max(1)..=nearest + full;
        let best = around.filter(is_possible).min_by(|a, b| off(*a).total_cmp(&off(*b)));
        Self { lead_in: best.unwrap_or(nearest) }
    }

    fn tick(&self, beat: usize) -> u64 {
        (self.lead_in + beat) as u64 * u64::from(TICKS_PER_QUARTER)
    }

    /// Ticks and seconds of the beats of the lead-in and of the grid.
    fn anchors(&self, grid: &BeatGrid) -> Vec<(u64, f64)> {
        let first_secs = grid.beats_secs.first().copied().unwrap_or(0.0);
        let before = (1..self.lead_in).map(|beat| first_secs * beat as f64 / self.lead_in as f64);
        let mut secs: Vec<f64> = [0.0].into_iter().chain(before).collect();
        // Without a lead-in the file begins on the first beat.
        secs.extend(grid.beats_secs.iter().skip(usize::from(self.lead_in == 0)));
        let ticks = (0..).step_by(TICKS_PER_QUARTER as usize);
        ticks.zip(secs).collect()
    }

    /// The metre of the first bar, and each change.
    fn metres(&self, grid: &BeatGrid) -> Vec<(u64, TimeSignature)> {
        let metre = |beats: usize| TimeSignature { beats: beats.clamp(1, 255) as u8, beat_type: 4 };
        let full = usize::from(grid.beats_per_bar.max(1));
        let before_bar = self.lead_in + grid.first_beats.first().copied().unwrap_or(0);
        let mut metres =
            vec![(0, metre(if before_bar < full && before_bar > 0 { before_bar } else { full }))];
        let mut change = |tick: u64, beats: usize| {
            let time = metre(beats);
            match metres.last_mut() {
                Some((_, last)) if *last == time => {}
                Some((at, last)) if *at == tick => *last = time,
                _ => metres.push((tick, time)),
            }
        };
        // More than a bar before the first one: what is no full bar comes first.
        if before_bar >= full && !before_bar.is_multiple_of(full) {
            change(0, before_bar % full);
            change((before_bar % full) as u64 * u64::from(TICKS_PER_QUARTER), full);
        }
        for (k, first) in grid.first_beats.iter().enumerate() {
            let next = grid.first_beats.get(k + 1);
            change(self.tick(*first), next.map_or(full, |next| next - first));
        }
        metres
    }
}

/// The events of a file on their new ticks.
struct Moved<'a> {
    clock: &'a Clock,
    map: &'a TempoMap,
    /// Keys of all tracks.
    keys: Vec<(u64, KeySignature)>,
    worst_secs: f64,
}

/// Where a key was struck last: index of the event, new tick and time.
type Stroke = (usize, u64, f64);

impl Moved<'_> {
    fn track<'e>(&mut self, track: &[TrackEvent<'e>]) -> Events<'e> {
        let mut events = Events::with_capacity(track.len());
        let mut struck: HashMap<(u8, u8), Stroke> = HashMap::new();
        let mut old_tick = 0u64;
        for event in track {
            old_tick += u64::from(event.delta.as_int());
            let secs = self.clock.secs(old_tick);
            let mut tick = self.map.tick_at(secs);
            match event.kind {
                TrackEventKind::Meta(
                    MetaMessage::Tempo(_) | MetaMessage::TimeSignature(..) | MetaMessage::EndOfTrack,
                ) => continue,
                TrackEventKind::Meta(MetaMessage::KeySignature(fifths, minor)) => {
                    self.keys.push((tick, KeySignature { fifths, minor }));
                    continue;
                }
                TrackEventKind::Midi { channel, message } => match stroke(message) {
                    Some((key, true)) => {
                        struck.insert((channel.as_int(), key), (events.len(), tick, secs));
                    }
                    Some((key, false)) => {
                        let on = struck.remove(&(channel.as_int(), key)).filter(|(_, on, _)| *on == tick);
                        tick += on.map_or(0, |on| self.lengthen(&mut events, on, secs));
                    }
                    None => {}
                },
                _ => {}
            }
            self.note_error(tick, secs);
            events.push((tick, 1, event.kind));
        }
        events
    }

    /// Makes a note that is shorter than a tick last one, at the place that is nearer: either it starts a
    /// tick earlier, or it ends by the returned number of ticks later.
    fn lengthen(&mut self, events: &mut Events<'_>, (index, tick, on_secs): Stroke, off_secs: f64) -> u64 {
        let is_early = 0.5 * (on_secs + off_secs) < self.map.secs_at(tick) && tick > 0;
        let Some(on) = events.get_mut(index).filter(|_| is_early) else { return 1 };
        on.0 -= 1;
        self.note_error(on.0, on_secs);
        0
    }

    /// Remembers how far a tick is from the time that is meant.
    fn note_error(&mut self, tick: u64, secs: f64) {
        self.worst_secs = self.worst_secs.max((self.map.secs_at(tick) - secs).abs());
    }
}

/// The key of a note's start or end, and whether it is its start.
fn stroke(message: MidiMessage) -> Option<(u8, bool)> {
    match message {
        MidiMessage::NoteOn { key, vel } => Some((key.as_int(), vel > 0)),
        MidiMessage::NoteOff { key, .. } => Some((key.as_int(), false)),
        _ => None,
    }
}
