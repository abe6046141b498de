//! Pinned values of a version, as requests give them to performers.

use notation::{Quarters, Score};
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use performers::{PedalPin, Pin};
use protocol::{PinKind, VersionId};

use super::Document;

impl Document {
    /// The pinned values of some notes of a version; `notes` in order.
    pub fn pins_of(&self, id: VersionId, notes: &[u32]) -> Vec<Pin> {
        let Some(take) = self.take(id) else { return Vec::new() };
        let mut pins: Vec<Pin> = Vec::new();
        for (note, kind) in take.pins.iter().filter(|(note, _)| notes.binary_search(note).is_ok()) {
            let Some(played) = take.performance.get(*note) else { continue };
            if *kind == PinKind::Pedal {
                continue;
            }
            if pins.last().is_none_or(|p| p.note != *note) {
                pins.push(Pin { note: *note, velocity: None, onset_secs: None, duration_secs: None });
            }
            let Some(pin) = pins.last_mut() else { continue };
            match kind {
                PinKind::Velocity => pin.velocity = Some(played.velocity),
                PinKind::Onset => pin.onset_secs = Some(played.onset_secs),
                PinKind::Duration => pin.duration_secs = Some(played.duration_secs),
                PinKind::Pedal => {}
            }
        }
        pins
    }

    /// The pinned pedalling of some notes of a version, a stretch at a time; `notes` in order.
    pub fn pedal_pins_of(&self, id: VersionId, notes: &[u32]) -> Vec<PedalPin> {
        let Some(take) = self.take(id) else { return Vec::new() };
        let score = self.score_of(id);
        let mut chords =
            take.performance.notes.chunk_by(|a, b| at(score, a.note) == at(score, b.note)).peekable();
        let is_pinned = |chord: &[PlayedNote]| {
            chord.iter().any(|n| {
                take.pins.contains(&(n.note, PinKind::Pedal)) && notes.binary_search(&n.note).is_ok()
            })
        };
        let mut pins = Vec::new();
        while let Some(chord) = chords.next() {
            if !is_pinned(chord) {
                continue;
            }
            let mut onsets = onsets(chord);
            while let Some(next) = chords.next_if(|chord| is_pinned(chord)) {
                onsets.extend(self::onsets(next));
            }
            // What comes next ends the stretch with the first of its notes that is heard.
            let end = chords.peek().and_then(|chord| earliest(chord));
            onsets.extend(end);
            pins.push(pedal_pin(&take.performance, onsets, end.is_none()));
        }
        pins
    }
}

fn at(score: &Score, note: u32) -> Quarters {
    score.notes[note as usize].onset
}

fn onsets(chord: &[PlayedNote]) -> Vec<(u32, f64)> {
    chord.iter().map(|n| (n.note, n.onset_secs)).collect()
}

fn earliest(chord: &[PlayedNote]) -> Option<(u32, f64)> {
    onsets(chord).into_iter().min_by(|a, b| a.1.total_cmp(&b.1))
}

/// The movements of a stretch, with where each pedal is when it begins.
fn pedal_pin(played: &Performance, onsets: Vec<(u32, f64)>, is_to_end: bool) -> PedalPin {
    let from = onsets.iter().map(|o| o.1).fold(f64::INFINITY, f64::min);
    let to = if is_to_end { f64::INFINITY } else { onsets.last().map_or(from, |o| o.1) };
    let value = |pedal: Pedal| {
        let before = played.pedals.iter().rev().find(|e| e.pedal == pedal && e.time_secs <= from);
        before.map_or(0, |e| e.value)
    };
    let start = [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft].map(|pedal| PedalEvent {
        time_secs: from,
        pedal,
        value: value(pedal),
    });
    let is_used = |pedal: Pedal| pedal == Pedal::Sustain || played.pedals.iter().any(|e| e.pedal == pedal);
    let inside = played.pedals.iter().filter(|e| e.time_secs > from && e.time_secs < to);
    let events = start.into_iter().filter(|e| is_used(e.pedal)).chain(inside.copied()).collect();
    PedalPin { onsets, is_to_end, events }
}
