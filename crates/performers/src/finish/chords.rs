//! Chords are struck together.
//!
//! People's chord notes lie 6.5 ms from the mean of their chord in the median, nine of ten within
//! 23 ms, in the root mean square 22 ms (train split of (n)ASAP, chords without an arpeggio sign,
//! distances cut at .25 s). A network that learns deviations on a logarithmic scale and has its
//! spread given back there plays some pieces three times as wide. Such a take is drawn together as
//! a whole, so that its chords keep their relations; a single chord that is wide beyond people's is
//! drawn together first. The mean of each chord stays, and with it the tempo.

use notation::Marks;
use performance::Performance;

use super::scene::Scene;

/// What the root mean square is brought down to.
const TIGHT_SECS: f64 = 0.0205;

/// Beyond this a deviation grows with the logarithm: 99 of a hundred people's are smaller.
const WIDE_SECS: f64 = 0.09;

/// A few chords say little: the figure of so many notes as tight as wanted is added.
const PRIOR_NOTES: f64 = 16.0;

/// A chord's notes and when each is played, from their mean.
type Chord = (f64, Vec<(usize, f64)>);

pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    let groups = scene.score.onset_groups().into_iter();
    let chords: Vec<Chord> = groups.filter_map(|group| chord(scene, played, group)).collect();
    let deviations = chords.iter().flat_map(|(_, notes)| notes.iter().map(|(_, d)| limited(*d)));
    let (sum, count) = deviations.fold((0.0, 0.0), |(s, c), d| (s + d * d, c + 1.0));
    let wide = ((sum + PRIOR_NOTES * TIGHT_SECS.powi(2)) / (count + PRIOR_NOTES)).sqrt();
    let share = (TIGHT_SECS / wide).min(1.0);
    if share > 0.999 && chords.iter().all(|(_, notes)| notes.iter().all(|(_, d)| d.abs() <= WIDE_SECS)) {
        return;
    }
    for (mean, notes) in chords {
        let middle = notes.iter().map(|(_, d)| limited(*d)).sum::<f64>() / notes.len() as f64;
        for (n, deviation) in notes {
            // The key goes down at another time and stays down as long.
            if let Ok(k) = played.notes.binary_search_by_key(&(n as u32), |p| p.note) {
                played.notes[k].onset_secs = (mean + share * (limited(deviation) - middle)).max(0.0);
            }
        }
    }
}

/// A chord of the region that may be changed: of one that is rolled in part, what is not.
fn chord(scene: &Scene<'_>, played: &Performance, group: std::ops::Range<usize>) -> Option<Chord> {
    let together = |n: &usize| {
        let note = &scene.score.notes[*n];
        note.grace.is_none() && !note.marks.contains(Marks::ARPEGGIO)
    };
    let notes = group.filter(together);
    let onsets: Vec<(usize, f64)> = notes.filter_map(|n| Some((n, scene.onset_secs(played, n)?))).collect();
    if onsets.len() < 2 || !onsets.iter().all(|(n, _)| scene.may_move(played, *n)) {
        return None;
    }
    let mean = onsets.iter().map(|(_, t)| t).sum::<f64>() / onsets.len() as f64;
    Some((mean, onsets.into_iter().map(|(n, t)| (n, t - mean)).collect()))
}

fn limited(secs: f64) -> f64 {
    let beyond = (secs.abs() - WIDE_SECS).max(0.0);
    secs.signum() * (secs.abs().min(WIDE_SECS) + 0.5 * WIDE_SECS * (beyond / WIDE_SECS).ln_1p())
}
