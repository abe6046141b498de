//! The order of play that an alignment tells: which stretches of the page were played.
//!
//! The notes of the alignment, in their order, are looked for on the page. Where the next note is not
//! the next of the page, the player jumped: back to repeat, or forward past a first ending. A jump
//! leaves from and arrives at a bar line, unless notes of the bar were left out; what both together
//! must last, the beats of the alignment tell.

use std::collections::HashMap;

use notation::{Quarters, Score};

use super::match_file::ScoreNote;

/// A stretch of the page: start and end in quarters.
pub type Run = (Quarters, Quarters);

/// A note on the page.
#[derive(Clone, Copy)]
struct Place {
    page: Quarters,
    beats: f64,
    pass: u8,
}

/// The stretches of `page`, a score read as written, that the notes were played along.
pub fn runs(page: &Score, notes: &[ScoreNote]) -> Vec<Run> {
    let places = places(page, notes);
    let (Some(first), Some(last)) = (places.first(), places.last()) else { return Vec::new() };
    let onsets: Vec<Quarters> = page.onset_groups().iter().map(|g| page.notes[g.start].onset).collect();
    let mut runs = Vec::new();
    let mut from = arrival(page, &onsets, first.page);
    for pair in places.windows(2) {
        let [a, b] = [pair[0], pair[1]];
        if goes_on(&onsets, a, b) {
            continue;
        }
        let to = arrival(page, &onsets, b.page);
        let beat = page.time_signature_at(a.page).beat_type;
        let apart = Quarters::nearest((b.beats - a.beats) * 4.0 / f64::from(beat.max(1)), 48);
        let end = departure(page, &onsets, a.page);
        // If bars without notes lie at the end, the beats tell how many.
        let told = a.page + apart - (b.page - to);
        let (end, to) = match end == told {
            true => (end, to),
            false if is_bar_line(page, told) && told > a.page => (told, to),
            false => (end, b.page - (apart - (end - a.page)).max(Quarters::ZERO).min(b.page)),
        };
        runs.push((from, end));
        from = to;
    }
    runs.push((from, departure(page, &onsets, last.page)));
    runs
}

/// Where the notes are on the page, those of one onset once.
fn places(page: &Score, notes: &[ScoreNote]) -> Vec<Place> {
    let onset: HashMap<u32, Quarters> = page.notes.iter().map(|n| (n.id.written, n.onset)).collect();
    let mut places: Vec<Place> = Vec::with_capacity(notes.len());
    for note in notes {
        let Some(page) = onset.get(&note.id.written) else { continue };
        let place = Place { page: *page, beats: note.onset_beats, pass: note.id.pass };
        let same = |p: &Place| p.page == place.page && p.beats == place.beats;
        if !places.last().is_some_and(same) {
            places.push(place);
        }
    }
    places.sort_by(|a, b| a.beats.total_cmp(&b.beats));
    places.dedup_by(|a, b| a.page == b.page && a.beats == b.beats);
    places
}

/// Whether nothing of the page lies between two notes.
fn goes_on(onsets: &[Quarters], a: Place, b: Place) -> bool {
    let next = onsets.partition_point(|o| *o <= a.page);
    b.page > a.page && onsets.get(next) == Some(&b.page) && b.pass >= 1
}

/// Where a stretch begins whose first note is here: at the bar line if no other note is between.
fn arrival(page: &Score, onsets: &[Quarters], at: Quarters) -> Quarters {
    let bar = page.measures.iter().rev().find(|m| m.start <= at).map_or(at, |m| m.start);
    let first = onsets.partition_point(|o| *o < bar);
    if onsets.get(first) == Some(&at) { bar } else { at }
}

/// Where a stretch ends whose last note is here: at the bar line if no other note is between.
fn departure(page: &Score, onsets: &[Quarters], at: Quarters) -> Quarters {
    let bar = page.measures.iter().find(|m| m.end > at).map_or_else(|| page.end(), |m| m.end);
    let next = onsets.get(onsets.partition_point(|o| *o <= at));
    next.filter(|o| **o < bar).copied().unwrap_or(bar)
}

fn is_bar_line(page: &Score, at: Quarters) -> bool {
    page.measures.iter().any(|m| m.end == at)
}
