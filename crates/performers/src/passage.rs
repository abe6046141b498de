//! Some bars of one performance in another.

use std::ops::Range;

use notation::Score;
use performance::{Pedal, PedalEvent, Performance};

use crate::finish;
use crate::request::{Controls, Region, Request};
use crate::splice;

/// `into` with some bars as `from` plays them; both play the same score.
///
/// The bars are joined as bars that are performed anew are: they fill the gap that they come into, with
/// the tempo of their surroundings at its edges, and keep their velocities, their chords and the course
/// of their tempo. Notes outside keep all their values to the bit. Where `from` plays nothing of the
/// bars, nothing changes.
pub fn put(score: &Score, bars: Range<usize>, from: &Performance, into: &Performance) -> Performance {
    let region = Region::Measures(bars);
    let inside = region.notes(score);
    let is_inside = |note: u32| inside.binary_search(&note).is_ok();
    let played = cut(from, is_inside);
    if played.notes.is_empty() {
        return into.clone();
    }
    let notes = into.notes.iter().filter(|n| !is_inside(n.note)).copied().collect();
    let around = Performance { notes, pedals: into.pedals.clone() };
    let mut played = splice::fit(score, played, Some(&around));
    let controls = Controls::default();
    let request = Request { score, region: &region, context: Some(&around), controls: &controls };
    finish::keys(&request, &mut played);
    splice::merge(&around, &played)
}

/// The notes inside, with the pedalling from the first of them to the first note after the last, and
/// how the pedals stand at its beginning.
fn cut(from: &Performance, is_inside: impl Fn(u32) -> bool) -> Performance {
    let notes: Vec<_> = from.notes.iter().filter(|n| is_inside(n.note)).copied().collect();
    let onsets = || notes.iter().map(|n| n.onset_secs);
    let start_secs = onsets().fold(f64::INFINITY, f64::min);
    let last_secs = onsets().fold(f64::NEG_INFINITY, f64::max);
    let outside = from.notes.iter().filter(|n| !is_inside(n.note)).map(|n| n.onset_secs);
    let end_secs = outside.filter(|t| *t > last_secs).fold(f64::INFINITY, f64::min);
    let standing = [Pedal::Sustain, Pedal::Sostenuto, Pedal::Soft].into_iter().filter_map(|pedal| {
        let before = from.pedals.iter().rev().find(|p| p.pedal == pedal && p.time_secs < start_secs)?;
        Some(PedalEvent { time_secs: start_secs, ..*before })
    });
    let moved = from.pedals.iter().filter(|p| (start_secs..end_secs).contains(&p.time_secs)).copied();
    let pedals = standing.chain(moved).collect();
    Performance { notes, pedals }
}
