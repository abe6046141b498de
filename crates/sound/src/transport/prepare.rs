//! Making decks: what rings at a place in the piece is found out and sounded unheard, away from the
//! audio callback.

use std::sync::Arc;

use super::deck::{Deck, Start};
use super::programme::Programme;
use crate::error::SoundError;
use crate::events::{SoundEvent, SoundEventKind};
use crate::instrument::{BLOCK_FRAMES, Instrument, VOICES};
use crate::soundfont::Piano;

const BLOCK: f64 = BLOCK_FRAMES as f64;

/// How long a deck takes to come in or to go out.
pub(crate) const FADE_SECS: f64 = 0.010;

/// Notes that a pianist plays this much before their place in the score belong to it, so a start
/// there does not cut into them.
const EARLY_SECS: f64 = 0.030;

/// Notes that have been damped for longer than this are not heard any more.
const RELEASE_SECS: f64 = 0.7;

/// Notes that were struck earlier than this are sounded as if struck then: a piano's note has
/// changed little by little since.
const LONGEST_RING_SECS: f64 = 8.0;

/// What a deck is made of and for.
pub(crate) struct Plan<'a> {
    pub id: u64,
    pub version: u64,
    pub programme: &'a Arc<Programme>,
    pub piano: &'a Piano,
    pub sample_rate: u32,
    pub rate: f64,
    /// The place in the score where it will be heard.
    pub quarters: f64,
    /// Whether it comes in under another deck at the same place, and not a little before the place.
    pub joins: bool,
}

/// Makes a deck.
pub(crate) fn prepare(plan: &Plan<'_>) -> Result<Box<Deck>, SoundError> {
    let programme = plan.programme;
    let sample_rate = f64::from(plan.sample_rate);
    let secs = |frame: f64| frame * plan.rate / sample_rate;
    let place_secs = programme.clock.secs_at(plan.quarters);
    let wanted_secs = if plan.joins { place_secs } else { start_before(programme, place_secs, plan.rate) };
    // On the grid of blocks that a rendering from the start has, so that both are the same sound.
    let block = (wanted_secs * sample_rate / BLOCK + 1e-6).floor().max(0.0);
    let start_frame = block * BLOCK / plan.rate;
    // An event in the second half of a block sounds with the next one.
    let heard_secs = secs(start_frame - 0.5 * BLOCK);
    let chase = chase(programme, heard_secs, plan.rate);
    let mut instrument = Instrument::new(plan.piano, plan.sample_rate, VOICES)?;
    let mut block = [0.0; 2 * BLOCK_FRAMES];
    let blocks = ((secs(start_frame) - chase.from_secs) / secs(BLOCK)).ceil().max(0.0);
    let mut next = 0;
    for k in 0..blocks as u64 {
        let middle_secs = secs(start_frame - (blocks - k as f64) * BLOCK + 0.5 * BLOCK);
        let due = chase.events[next..].iter().take_while(|e| e.time_secs < middle_secs).count();
        let played = instrument.step(&chase.events[next..next + due], &mut block);
        next += due;
        played.map_err(|reason| SoundError::Unplayable {
            piano: plan.piano.name().to_owned(),
            at_secs: secs(start_frame),
            reason: reason.to_owned(),
        })?;
    }
    let start = Start {
        frame: start_frame,
        shown_from_quarters: plan.quarters,
        rate: plan.rate,
        is_ringing: chase.is_ringing,
        next_event: programme.event_at(heard_secs),
    };
    let deck =
        Deck::new((plan.id, plan.version), Arc::clone(programme), instrument, plan.sample_rate, &start);
    Ok(Box::new(deck))
}

/// Where to start so that the notes of a place are heard from their beginning: before those that
/// come early, and time to fade in if something rings there.
fn start_before(programme: &Programme, place_secs: f64, rate: f64) -> f64 {
    let early = programme.events[programme.event_at(place_secs - EARLY_SECS)..]
        .iter()
        .take_while(|e| e.time_secs < place_secs)
        .find(|e| matches!(e.kind, SoundEventKind::NoteOn { .. }));
    let first_secs = early.map_or(place_secs, |e| e.time_secs);
    let is_ringing = chase(programme, first_secs, rate).is_ringing;
    if is_ringing { first_secs - FADE_SECS * rate } else { first_secs }
}

/// What has to be played so that it rings at a place as it would have.
struct Chase {
    events: Vec<SoundEvent>,
    from_secs: f64,
    is_ringing: bool,
}

/// A key that was struck, and what became of it.
struct Stroke {
    pitch: u8,
    velocity: u8,
    on_secs: f64,
    up_secs: Option<f64>,
    damped_secs: Option<f64>,
}

fn chase(programme: &Programme, until_secs: f64, rate: f64) -> Chase {
    let past = &programme.events[..programme.event_at(until_secs)];
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
    let is_pedal = |e: &&SoundEvent| matches!(e.kind, SoundEventKind::Sustain { .. });
    let first = past.partition_point(|e| e.time_secs < from_secs);
    if let Some(pedal) = past[..first].iter().rfind(is_pedal) {
        add(from_secs, pedal.kind);
    }
    events.extend(past[first..].iter().filter(is_pedal));
    // A stable sort: what lies at one moment keeps keys up, pedal, keys down as far as it was there.
    let rank = |e: &SoundEvent| match e.kind {
        SoundEventKind::NoteOff { .. } => 0,
        SoundEventKind::Sustain { .. } => 1,
        SoundEventKind::NoteOn { .. } => 2,
    };
    events.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs).then(rank(a).cmp(&rank(b))));
    let is_ringing = !strokes.is_empty();
    // Even in silence the pedal has to go down, which takes a block.
    let from_secs = if events.is_empty() || is_ringing { from_secs } else { until_secs - 1e-3 };
    events.iter_mut().for_each(|e| e.time_secs = e.time_secs.min(until_secs - 1e-9).max(from_secs));
    debug_assert!(is_ringing || !pedal_is_down || !events.is_empty());
    Chase { events, from_secs, is_ringing }
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
            SoundEventKind::Sustain { down } => pedal_is_down = down,
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
