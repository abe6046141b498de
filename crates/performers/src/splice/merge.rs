//! Putting a region into the performance around it.

use performance::{Pedal, PedalEvent, Performance, PlayedNote};

/// `context` with the notes of `region` in the place of its own. Every other note is untouched.
///
/// Pedal movements of the context are replaced from the region's first onset to the first context
/// onset after its last, unless context notes sound from within that time (one hand of two, single
/// notes): the foot serves both hands, so it is then left alone.
pub fn merge(context: &Performance, region: &Performance) -> Performance {
    let kept: Vec<PlayedNote> =
        context.notes.iter().filter(|n| region.get(n.note).is_none()).copied().collect();
    let pedals = merge_pedals(&kept, context, region);
    let mut notes = kept;
    notes.extend_from_slice(&region.notes);
    notes.sort_by_key(|n| n.note);
    Performance { notes, pedals }
}

/// The context's pedalling with the region's in its place.
fn merge_pedals(kept: &[PlayedNote], context: &Performance, region: &Performance) -> Vec<PedalEvent> {
    let onsets = || region.notes.iter().map(|n| n.onset_secs);
    let from = onsets().fold(f64::INFINITY, f64::min);
    let last = onsets().fold(f64::NEG_INFINITY, f64::max);
    let shared = kept.iter().any(|n| n.onset_secs >= from && n.onset_secs <= last);
    if region.notes.is_empty() || shared {
        return context.pedals.clone();
    }
    let to = kept.iter().map(|n| n.onset_secs).filter(|t| *t > last).fold(f64::INFINITY, f64::min);
    let mut pedals: Vec<PedalEvent> = context.pedals.iter().filter(|p| p.time_secs < from).copied().collect();
    let inside = region.pedals.iter().filter(|p| p.time_secs < to);
    let mut inside: Vec<PedalEvent> =
        inside.map(|p| PedalEvent { time_secs: p.time_secs.max(from), ..*p }).collect();
    for pedal in [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft] {
        let value = |events: &[PedalEvent]| events.iter().rev().find(|p| p.pedal == pedal).map(|p| p.value);
        let coming_in = value(&pedals).unwrap_or(0);
        let starts = inside.iter().any(|p| p.pedal == pedal && p.time_secs <= from);
        if coming_in != 0 && !starts {
            inside.insert(0, PedalEvent { time_secs: from, pedal, value: 0 });
        }
        let until: Vec<PedalEvent> = context.pedals.iter().filter(|p| p.time_secs < to).copied().collect();
        let going_out = value(&until).unwrap_or(0);
        let left_at = value(&inside).unwrap_or(0);
        if to.is_finite() && going_out != left_at {
            inside.push(PedalEvent { time_secs: to, pedal, value: going_out });
        }
    }
    pedals.extend(inside);
    pedals.extend(context.pedals.iter().filter(|p| p.time_secs >= to));
    pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
    pedals
}
