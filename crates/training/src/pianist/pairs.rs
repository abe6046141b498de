//! A score and a performance of it, note by note.

use notation::Score;
use performance::metrics::NoteFlags;
use pianist_transformer::tokens::{
    Chords, Event, LONGEST_DURATION_MS, LONGEST_IOI_MS, SLOTS, Stream, Token, slot,
};

use crate::datasets::Human;

/// So many notes in a row that were not played end a stretch (systems B.4).
const MOST_MISSING: usize = 5;

/// Shorter stretches are left out.
const LEAST_NOTES: usize = 64;

/// A stretch of a score, what was played of it, and which tokens are learned.
pub struct Pair {
    /// The literal performance.
    pub read: Vec<Token>,
    /// What was played; where nothing was, something between.
    pub written: Vec<Token>,
    /// Whether each written token was really played. Pitches are the score's and not learned.
    pub counts: Vec<u8>,
}

/// The stretches of a performance without long holes.
pub fn pairs(score: &Score, human: &Human, chords: Chords) -> Vec<Pair> {
    let stream = Stream::of_score(score, chords);
    let played = stream.events_of(score, &human.performance);
    let mut found = Vec::new();
    for stretch in stretches(&played) {
        let literal = &stream.events[stretch.clone()];
        let written = filled(literal, &played[stretch.clone()]);
        let mut pair = Pair { read: Vec::new(), written: Vec::new(), counts: Vec::new() };
        for (k, note) in stretch.enumerate() {
            pair.read.extend(literal[k].tokens());
            pair.written.extend(written[k].tokens());
            let place = human.performance.notes.binary_search_by_key(&stream.order[note], |p| p.note);
            let flags = place.ok().and_then(|place| human.flags.get(place).copied()).unwrap_or_default();
            pair.counts.extend(counts(played[note].is_some(), k == 0, flags));
        }
        found.push(pair);
    }
    found
}

fn counts(is_played: bool, is_first: bool, flags: NoteFlags) -> [u8; SLOTS] {
    std::array::from_fn(|slot| {
        let doubtful = match slot {
            slot::PITCH => true,
            slot::IOI => flags.timing_outlier || is_first,
            slot::DURATION => flags.duration_unknown,
            _ => false,
        };
        u8::from(is_played && !doubtful)
    })
}

/// The stretches between holes, from a played note to a played note.
fn stretches(played: &[Option<Event>]) -> Vec<std::ops::Range<usize>> {
    let mut stretches: Vec<std::ops::Range<usize>> = Vec::new();
    for k in (0..played.len()).filter(|k| played[*k].is_some()) {
        match stretches.last_mut() {
            Some(last) if k - last.end < MOST_MISSING => last.end = k + 1,
            _ => stretches.push(k..k + 1),
        }
    }
    stretches.retain(|stretch| stretch.len() >= LEAST_NOTES);
    stretches
}

/// Puts notes that were not played between their neighbours, in proportion to written time.
fn filled(literal: &[Event], played: &[Option<Event>]) -> Vec<Event> {
    let mut events: Vec<Event> = Vec::with_capacity(literal.len());
    let mut k = 0;
    while k < played.len() {
        if let Some(event) = played[k] {
            events.push(event);
            k += 1;
            continue;
        }
        let hole = k..played[k..].iter().position(Option::is_some).map_or(played.len(), |n| k + n);
        let next = played.get(hole.end).copied().flatten();
        let before = events.last().copied().unwrap_or(literal[k]);
        let written: u32 =
            literal[k..(hole.end + 1).min(literal.len())].iter().map(|e| u32::from(e.ioi_ms)).sum();
        let all_ms = next.map_or(written, |next| u32::from(next.ioi_ms));
        let share = if written == 0 { 0.0 } else { f64::from(all_ms) / f64::from(written) };
        let mut spent = 0;
        for (n, literal) in literal[hole.clone()].iter().enumerate() {
            let scaled = |ms: u16, most: u16| (f64::from(ms) * share).round().min(f64::from(most)) as u16;
            let after = next.unwrap_or(before);
            let along = (n + 1) as f64 / (hole.len() + 1) as f64;
            let velocity = f64::from(before.velocity) * (1.0 - along) + f64::from(after.velocity) * along;
            let ioi_ms = scaled(literal.ioi_ms, LONGEST_IOI_MS);
            spent += ioi_ms;
            events.push(Event {
                ioi_ms,
                velocity: velocity.round() as u8,
                duration_ms: scaled(literal.duration_ms, LONGEST_DURATION_MS).max(1),
                pedal: [before.pedal[3]; 4],
                ..*literal
            });
        }
        if let Some(next) = next {
            events.push(Event { ioi_ms: next.ioi_ms.saturating_sub(spent), ..next });
        }
        k = hole.end + usize::from(next.is_some());
    }
    events
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(ioi_ms: u16, velocity: u8) -> Event {
        Event { pitch: 60, ioi_ms, velocity, duration_ms: 100, pedal: [0; 4] }
    }

    #[test]
    fn what_was_not_played_lies_between_its_neighbours() {
        let literal = [event(0, 64), event(100, 64), event(100, 64), event(200, 64)];
        let played = [Some(event(0, 40)), None, None, Some(event(800, 70))];
        let filled = filled(&literal, &played);
        assert_eq!(filled.iter().map(|e| e.ioi_ms).collect::<Vec<_>>(), [0, 200, 200, 400]);
        assert_eq!(filled.iter().map(|e| e.velocity).collect::<Vec<_>>(), [40, 50, 60, 70]);
        assert_eq!(filled[1].duration_ms, 200);
    }

    #[test]
    fn long_holes_part_a_performance() {
        let mut played = vec![Some(event(1, 1)); 200];
        played[80..84].fill(None);
        played[100..105].fill(None);
        played[170..].fill(None);
        assert_eq!(stretches(&played), [0..100, 105..170]);
        played[120..126].fill(None);
        assert_eq!(stretches(&played).as_slice(), std::slice::from_ref(&(0..100)));
    }
}
