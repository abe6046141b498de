//! Recordings on the grid of beats: everything sounds when it did.
#![allow(clippy::unwrap_used)]

mod common;

use common::invented;
use midly::num::{u4, u7, u15, u24, u28};
use midly::{Format, Header, MetaMessage, MidiMessage, PitchBend, Smf, Timing, TrackEvent, TrackEventKind};
use notation::smf::file::MidiFile;
use performance::BeatGrid;
use performance::beats::{BeatOptions, estimate};
use performance::midi::{MidiNote, OnBeatsError, PlayedMidi, on_beats, read_performance};
use performance::tempo_map::TempoMap;
use proptest::prelude::*;

fn midi<'a>(message: MidiMessage) -> TrackEventKind<'a> {
    TrackEventKind::Midi { channel: u4::new(0), message }
}

/// A file of one track with events at ticks.
fn file(ticks_per_quarter: u16, mut events: Vec<(u32, TrackEventKind<'_>)>) -> Vec<u8> {
    events.sort_by_key(|(tick, _)| *tick);
    let end = events.last().map_or(0, |(tick, _)| *tick);
    events.push((end, TrackEventKind::Meta(MetaMessage::EndOfTrack)));
    let mut now = 0;
    let mut track = Vec::new();
    for (tick, kind) in events {
        track.push(TrackEvent { delta: u28::new(tick - now), kind });
        now = tick;
    }
    let header = Header::new(Format::SingleTrack, Timing::Metrical(u15::new(ticks_per_quarter)));
    let mut bytes = Vec::new();
    Smf { header, tracks: vec![track] }.write_std(&mut bytes).unwrap();
    bytes
}

/// Notes (step from the one before, length, velocity) of rising pitches, with a pedal movement at each.
fn recording(ticks_per_quarter: u16, micros: u32, notes: &[(u32, u32, u8)]) -> Vec<u8> {
    let tempo = |micros| TrackEventKind::Meta(MetaMessage::Tempo(u24::new(micros)));
    let mut events = vec![(0, tempo(micros)), (4000, tempo(micros / 2))];
    let mut now = 0;
    for (k, (step, length, velocity)) in notes.iter().enumerate() {
        now += step;
        let key = u7::new(21 + k as u8);
        events.push((now, midi(MidiMessage::NoteOn { key, vel: u7::new(*velocity) })));
        events.push((now + length, midi(MidiMessage::NoteOff { key, vel: u7::new(30) })));
        let (controller, value) = (u7::new(64), u7::new((k * 5 % 128) as u8));
        events.push((now + step / 2, midi(MidiMessage::Controller { controller, value })));
    }
    file(ticks_per_quarter, events)
}

fn by_pitch(bytes: &[u8]) -> (Vec<MidiNote>, PlayedMidi) {
    let played = read_performance(bytes).unwrap();
    let mut notes = played.notes.clone();
    notes.sort_by_key(|n| n.pitch);
    (notes, played)
}

/// How long a tick lasts at most around a time.
fn tick_secs(map: &TempoMap, secs: f64) -> f64 {
    let tick = map.tick_at(secs);
    let lasts = |tick: u64| map.secs_at(tick + 1) - map.secs_at(tick);
    lasts(tick).max(lasts(tick.saturating_sub(1)))
}

/// Everything of a recording is in the file on the grid, at most a tick off.
fn assert_sounds_the_same(before: &[u8], after: &[u8]) {
    let file = MidiFile::read(after).unwrap();
    let notation::smf::file::Division::PerQuarter(ticks) = file.division else { panic!() };
    let map = TempoMap::new(u32::from(ticks), file.tempos.iter().copied());
    let ((notes, played), (moved, replayed)) = (by_pitch(before), by_pitch(after));
    assert_eq!(notes.len(), moved.len());
    let near = |a: f64, b: f64| assert!((a - b).abs() <= 1.001 * tick_secs(&map, a) + 1e-9, "{a} s is {b} s");
    for (a, b) in notes.iter().zip(&moved) {
        assert_eq!((a.pitch, a.velocity), (b.pitch, b.velocity));
        near(a.onset_secs, b.onset_secs);
        near(a.onset_secs + a.duration_secs, b.onset_secs + b.duration_secs);
    }
    for pedal in &replayed.pedals {
        let same = played.pedals.iter().find(|p| p.value == pedal.value).unwrap();
        near(same.time_secs, pedal.time_secs);
    }
}

proptest! {
    #![proptest_config(invented::cases(200))]

    #[test]
    fn whatever_the_grid_everything_sounds_when_it_did(
        notes in prop::collection::vec((0..900u32, 1..2000u32, 1..=127u8), 1..80),
        ticks_per_quarter in prop::sample::select(vec![96u16, 384, 480, 960]),
        micros in 300_000..900_000u32,
        start in 0.0..5.0f64,
        lengths in prop::collection::vec(0.07..3.0f64, 1..120),
        beats_per_bar in 1..=6u8,
        first_bar in 0..4usize,
    ) {
        let before = recording(ticks_per_quarter, micros, &notes);
        let mut beats_secs = vec![start];
        for length in &lengths {
            beats_secs.push(beats_secs[beats_secs.len() - 1] + length);
        }
        let first_beats = (first_bar..beats_secs.len()).step_by(usize::from(beats_per_bar)).collect();
        let grid = BeatGrid { beats_secs: beats_secs.clone(), beats_per_bar, first_beats };
        let after = on_beats(&before, &grid).unwrap();
        assert_sounds_the_same(&before, &after.bytes);
        let file = MidiFile::read(&after.bytes).unwrap();
        // A change a beat, at beats alone.
        prop_assert_eq!(after.tempo_events, file.tempos.len());
        prop_assert!(file.tempos.iter().all(|(tick, _)| tick % 960 == 0));
        // Beats are where the grid has them.
        let map = TempoMap::new(960, file.tempos.iter().copied());
        let first = (0..400u64).min_by(|a, b| {
            let off = |beat: u64| (map.secs_at(beat * 960) - beats_secs[beats_secs.len() - 1]).abs();
            off(*a).total_cmp(&off(*b))
        });
        let off = map.secs_at(first.unwrap() * 960) - beats_secs[beats_secs.len() - 1];
        prop_assert!(off.abs() < 1e-4, "the last beat is {} s off", off);
    }
}

/// Four notes a beat, beats as they come.
fn steady(beats_secs: &[f64]) -> Vec<u8> {
    let tick = |secs: f64| (secs * 1000.0).round() as u32;
    let mut events = Vec::new();
    for (k, pair) in beats_secs.windows(2).enumerate() {
        for part in 0..4u8 {
            let on = tick(pair[0] + f64::from(part) * 0.25 * (pair[1] - pair[0]));
            let key = u7::new(60 + (k % 12) as u8 + 2 * part);
            let vel = u7::new(if part == 0 { 90 } else { 50 });
            events.push((on, midi(MidiMessage::NoteOn { key, vel })));
            events.push((on + 60, midi(MidiMessage::NoteOff { key, vel })));
        }
    }
    let bend = PitchBend::from_int(1000);
    events.push((1500, midi(MidiMessage::PitchBend { bend })));
    events.push((0, TrackEventKind::Meta(MetaMessage::KeySignature(-3, true))));
    file(500, events)
}

fn grid(start_secs: f64, first_bar: usize) -> BeatGrid {
    let beats_secs: Vec<f64> = (0..40).map(|k| start_secs + 0.5 * f64::from(k)).collect();
    BeatGrid { beats_secs, beats_per_bar: 4, first_beats: (first_bar..40).step_by(4).collect() }
}

#[test]
fn bar_lines_fall_on_the_first_beats_whatever_comes_before() {
    // Two beats of silence and one before the first bar: three beats of silence are near enough.
    for (start_secs, first_bar, first_bar_tick, metres) in [
        (1.0, 1, 4 * 960, vec![(0, (4, 4))]),
        (0.5, 1, 2 * 960, vec![(0, (2, 4)), (2 * 960, (4, 4))]),
        (0.0, 0, 0, vec![(0, (4, 4))]),
        (0.0, 3, 3 * 960, vec![(0, (3, 4)), (3 * 960, (4, 4))]),
    ] {
        let grid = grid(start_secs, first_bar);
        let after = on_beats(&steady(&grid.beats_secs), &grid).unwrap();
        let file = MidiFile::read(&after.bytes).unwrap();
        assert_eq!(
            (after.first_bar_tick, file.metres),
            (first_bar_tick, metres),
            "{start_secs}, {first_bar}"
        );
        assert_eq!(file.keys, [(0, (-3, true))]);
    }
}

#[test]
fn a_short_bar_has_a_metre_of_its_own() {
    let mut grid = grid(2.0, 0);
    grid.first_beats = vec![0, 4, 7, 11, 15];
    let file = MidiFile::read(&on_beats(&steady(&grid.beats_secs), &grid).unwrap().bytes).unwrap();
    let tick = |beat: u64| (4 + beat) * 960;
    assert_eq!(file.metres, [(0, (4, 4)), (tick(4), (3, 4)), (tick(7), (4, 4))]);
}

#[test]
fn what_no_note_is_stays_too() {
    let grid = grid(1.0, 0);
    let after = on_beats(&steady(&grid.beats_secs), &grid).unwrap();
    let smf = Smf::parse(&after.bytes).unwrap();
    let is_bend = |e: &&TrackEvent<'_>| {
        matches!(e.kind, TrackEventKind::Midi { message: MidiMessage::PitchBend { .. }, .. })
    };
    assert_eq!(smf.tracks.iter().flatten().filter(is_bend).count(), 1);
    assert_eq!(after.tempo_events, 1, "one tempo throughout, its lead-in included");
    assert!(after.worst_secs < 0.0003);
}

#[test]
fn what_cannot_be_read_whole_is_refused() {
    let grid = grid(1.0, 0);
    let mut bytes = steady(&grid.beats_secs);
    assert!(matches!(on_beats(b"no music", &grid), Err(OnBeatsError::Unreadable(_))));
    bytes.truncate(bytes.len() / 2);
    // Cut short it may still be read, but never with fewer notes than there are in it.
    if let Ok(after) = on_beats(&bytes, &grid) {
        let notes = |bytes: &[u8]| read_performance(bytes).unwrap().notes.len();
        assert_eq!(notes(&after.bytes), notes(&bytes));
    }
}

#[test]
fn a_recording_comes_onto_its_own_beats() {
    let mut beats_secs = vec![0.8];
    for k in 0..80 {
        beats_secs.push(beats_secs[k] + 0.6 * (1.0 + 0.1 * (0.3 * k as f64).sin()));
    }
    let before = steady(&beats_secs);
    let found = estimate(&read_performance(&before).unwrap(), &BeatOptions::default()).unwrap();
    assert_sounds_the_same(&before, &on_beats(&before, &found.grid).unwrap().bytes);
}
