//! The last chord is held.

use notation::Marks;
use performance::Performance;

use super::final_ritard::{BARS, ends};
use super::scene::Scene;

/// What is held less than this share of its written value, at the tempo of the bars before, is held
/// for the whole of it. People of the train split of (n)ASAP hold 1.11 of it in the median of 644
/// notes, 1.16 under a fermata (975 notes).
const TOO_SHORT: f64 = 0.95;

/// Chords that are written shorter than this many quarters end as they like.
const LEAST_QUARTERS: f64 = 1.0;

/// Holds the keys of the last onset as long as they are written; what is marked short stays short.
pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    let score = scene.score;
    let groups = score.onset_groups();
    let (Some(last), true) = (groups.last(), ends(scene)) else { return };
    let Some(secs_per_quarter) = tempo_before(scene, played) else { return };
    for n in last.clone() {
        let note = &score.notes[n];
        let is_short = note.marks.intersects(Marks::STACCATO | Marks::STACCATISSIMO)
            || note.duration.to_f64() < LEAST_QUARTERS;
        if is_short || !scene.may_end(n as u32) {
            continue;
        }
        let written_secs = note.duration.to_f64() * secs_per_quarter;
        if let Ok(k) = played.notes.binary_search_by_key(&(n as u32), |p| p.note)
            && played.notes[k].duration_secs < TOO_SHORT * written_secs
        {
            played.notes[k].duration_secs = written_secs;
        }
    }
}

/// Mean seconds per quarter from the start of the last bars to the last onset.
fn tempo_before(scene: &Scene<'_>, played: &Performance) -> Option<f64> {
    let score = scene.score;
    let groups = score.onset_groups();
    let last = groups.last()?;
    let measure = (score.notes[last.start].measure as usize).saturating_sub(BARS);
    let is_near = |g: &&std::ops::Range<usize>| score.notes[g.start].measure as usize >= measure;
    // Of the last bar alone, as far back as the region goes.
    let first = groups.iter().filter(is_near).find(|g| scene.extent(played, (*g).clone()).is_some())?;
    let at = |group: &std::ops::Range<usize>| score.notes[group.start].onset.to_f64();
    let quarters = at(last) - at(first);
    let secs = scene.extent(played, last.clone())?.0 - scene.extent(played, first.clone())?.0;
    (quarters > 0.0 && secs > 0.0).then(|| secs / quarters)
}
