//! Chasing: finding out which notes sound at a place in the piece, and where the pedal is, so that
//! playing can start there.

use crate::events::{Events, SUSTAIN_THRESHOLD, SoundEvent, SoundEventKind, sort};

/// Notes that have been damped for longer than this are not heard any more.
const RELEASE_SECS: f64 = 0.7;

/// Notes that were struck earlier than this are sounded as if struck then: a piano's note has
/// changed little by little since.
const LONGEST_RING_SECS: f64 = 8.0;

/// What has to be played so that a place sounds as if all before it had been played.
pub(crate) struct Chase {
    pub(crate) events: Events,
    /// When to begin with them.
    pub(crate) from_secs: f64,
    /// Whether a note sounds there.
    pub(crate) is_sounding: bool,
}

/// A key that was struck, and what became of it.
struct Stroke {
    pitch: u8,
    velocity: u8,
    on_secs: f64,
    up_secs: Option<f64>,
    damped_secs: Option<f64>,
}

/// Finds what still sounds at a time, and the pedal, among all events before it.
pub(crate) fn chase(events: &Events, until_secs: f64, rate: f64) -> Chase {
    let past = &events.as_slice()[..events.index_at(until_secs)];
    let (mut strokes, pedal_is_down) = strokes(past);
    let last_heard_secs = until_secs - RELEASE_SECS * rate;
    let earliest_secs = until_secs - LONGEST_RING_SECS * rate;
    strokes.retain(|s| s.damped_secs.is_none_or(|damped| damped > last_heard_secs));
    strokes.iter_mut().for_each(|s| s.on_secs = s.on_secs.max(earliest_secs));
    let from_secs = strokes.iter().map(|s| s.on_secs).fold(until_secs, f64::min);
    let mut events = Vec::new();
    let mut add = |time_secs, kind| events.push(SoundEvent { time_secs, kind });
    for Stroke { pitch, velocity, on_secs, up_secs, .. } in &strokes {
        add(*on_secs, SoundEventKind::NoteOn { pitch: *pitch, velocity: *velocity });
        if let Some(up_secs) = up_secs {
            add(up_secs.max(*on_secs), SoundEventKind::NoteOff { pitch: *pitch });
        }
    }
    let is_sustain = |e: &&SoundEvent| e.kind.sustain().is_some();
    let is_soft = |e: &&SoundEvent| e.kind.soft().is_some();
    let first = past.partition_point(|e| e.time_secs < from_secs);
    let (before, after) = past.split_at(first);
    let pedals = [before.iter().rfind(is_sustain), before.iter().rfind(is_soft)];
    pedals.into_iter().flatten().for_each(|pedal| add(from_secs, pedal.kind));
    events.extend(after.iter().filter(|e| is_sustain(e) || is_soft(e)));
    sort(&mut events);
    let is_sounding = !strokes.is_empty();
    // Even in silence the pedal has to go down, which takes a block.
    let from_secs = if events.is_empty() || is_sounding { from_secs } else { until_secs - 1e-3 };
    events.iter_mut().for_each(|e| e.time_secs = e.time_secs.min(until_secs - 1e-9).max(from_secs));
    debug_assert!(is_sounding || !pedal_is_down || !events.is_empty());
    Chase { events: Events::new(events), from_secs, is_sounding }
}

/// Every key struck in `past`, and whether the pedal is down at its end.
fn strokes(past: &[SoundEvent]) -> (Vec<Stroke>, bool) {
    let mut strokes: Vec<Stroke> = Vec::new();
    // Indices of the strokes that sound, so that a long piece is walked through once.
    let mut sounding: Vec<usize> = Vec::new();
    let mut pedal_is_down = false;
    for event in past {
        let at_secs = event.time_secs;
        match event.kind {
            SoundEventKind::NoteOn { pitch, velocity } => {
                sounding.push(strokes.len());
                strokes.push(Stroke { pitch, velocity, on_secs: at_secs, up_secs: None, damped_secs: None });
            }
            SoundEventKind::NoteOff { pitch } => {
                for &k in &sounding {
                    if strokes[k].pitch == pitch {
                        strokes[k].up_secs.get_or_insert(at_secs);
                    }
                }
            }
            SoundEventKind::Sustain { value } => pedal_is_down = value >= SUSTAIN_THRESHOLD,
            SoundEventKind::Soft { .. } => {}
        }
        if !pedal_is_down {
            sounding.retain(|&k| {
                let stroke = &mut strokes[k];
                let is_damped = stroke.up_secs.is_some();
                if is_damped {
                    stroke.damped_secs = Some(at_secs);
                }
                !is_damped
            });
        }
    }
    (strokes, pedal_is_down)
}
