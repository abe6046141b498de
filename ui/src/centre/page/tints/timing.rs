//! How much earlier or later notes come than the tempo around them has it.
//!
//! The version's clock is read from beat to beat against that of the deadpan, as the tempo lane does, and each beat is
//! put where a parabola through the three beats before and after it and itself is nearest to all of them (the
//! smoothing of Savitzky and Golay, 1964): a steady tempo and one that changes evenly stay as they are, a beat that
//! hesitates does not. A note is late by as much as it comes after the place where that has it.

use protocol::{ScoreView, VersionView};

use crate::centre::axis::Clock;
use crate::centre::smoothed::beats;

/// Beats before and after a beat that its place is found from.
const REACH: usize = 3;
/// Fewer beats than these say nothing of the tempo around.
const LEAST: usize = 4;
/// Nobody hears less than this.
const NOTHING_SECS: f64 = 0.001;

/// Notes of a version that come early or late, with seconds; more than 0 is late. `straight` is the deadpan of the
/// same score; without it the tempo is reckoned against the page, and grace notes have no place there.
pub(super) fn lateness(
    score: &ScoreView,
    heard: &VersionView,
    straight: Option<&VersionView>,
) -> Vec<(u32, f64)> {
    let clock = Clock::new(&heard.clock);
    let plain = straight.map(|version| Clock::new(&version.clock));
    let place = |quarters: f64| plain.as_ref().map_or(quarters, |plain| plain.secs_at(quarters));
    let lines = score.measures.iter().map(|measure| measure.start_quarters).chain([score.end_quarters]);
    let mut places: Vec<f64> = lines.chain(beats(score)).collect();
    places.sort_by(f64::total_cmp);
    places.dedup_by(|b, a| *b - *a < 1e-6);
    let played: Vec<(f64, f64)> =
        places.into_iter().map(|quarters| (place(quarters), clock.secs_at(quarters))).collect();
    let smooth = Clock::new(&smoothed(&played));
    let written = |note: u32| score.notes.get(note as usize).filter(|note| !note.is_grace);
    let place_of = |note: u32| match straight {
        Some(version) => version.performance.get(note).map(|note| note.onset_secs),
        None => written(note).map(|note| note.onset_quarters),
    };
    let late = |note: &protocol::PlayedNote| {
        let late = note.onset_secs - smooth.secs_at(place_of(note.note)?);
        (late.abs() >= NOTHING_SECS).then_some((note.note, late))
    };
    heard.performance.notes.iter().filter_map(late).collect()
}

/// Points with their second numbers on the parabola that is nearest to the points around each.
fn smoothed(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let around = |k: usize| &points[k.saturating_sub(REACH)..(k + REACH + 1).min(points.len())];
    points.iter().enumerate().map(|(k, point)| (point.0, nearest(around(k), *point))).collect()
}

/// The height at one of some points of the parabola that has the least squared distance from all.
fn nearest(points: &[(f64, f64)], (at, height): (f64, f64)) -> f64 {
    if points.len() < LEAST {
        return height;
    }
    // Sums of powers of the distance from the point, and of these times heights over it.
    let (mut powers, mut heights) = ([0.0; 5], [0.0; 3]);
    for (x, y) in points {
        let (dx, dy) = (x - at, y - height);
        let mut power = 1.0;
        for (k, sum) in powers.iter_mut().enumerate() {
            *sum += power;
            if let Some(sum) = heights.get_mut(k) {
                *sum += power * dy;
            }
            power *= dx;
        }
    }
    let [s0, s1, s2, s3, s4] = powers;
    let [t0, t1, t2] = heights;
    // Cramer's rule for the first of three unknowns.
    let determinant = s0 * (s2 * s4 - s3 * s3) - s1 * (s1 * s4 - s2 * s3) + s2 * (s1 * s3 - s2 * s2);
    let first = t0 * (s2 * s4 - s3 * s3) - s1 * (t1 * s4 - t2 * s3) + s2 * (t1 * s3 - t2 * s2);
    let over = first / determinant;
    if over.is_finite() { height + over } else { height }
}

#[cfg(test)]
mod tests {
    use protocol::{Performance, PlayedNote};

    use super::*;
    use crate::centre::page::test_score::score;

    #[test]
    fn even_changes_of_tempo_stay_and_a_beat_that_hesitates_does_not() {
        let slowing: Vec<(f64, f64)> =
            (0..12).map(f64::from).map(|beat| (beat, beat * 0.5 + beat * beat * 0.01)).collect();
        for (smooth, point) in smoothed(&slowing).iter().zip(&slowing) {
            assert!((smooth.1 - point.1).abs() < 1e-9, "{smooth:?} {point:?}");
        }
        let mut late = slowing.clone();
        late[6].1 += 0.1;
        // The middle weight of seven is 7/21.
        assert!((late[6].1 - smoothed(&late)[6].1 - 0.1 * (1.0 - 7.0 / 21.0)).abs() < 1e-9);
        assert_eq!(smoothed(&late[..3]), late[..3]);
    }

    /// A version that plays each note at its clock: twice as fast from bar 3 on, all of it in another tempo.
    fn version(tempo: f64) -> VersionView {
        let secs_at = |k: u32| tempo * (f64::from(k.min(8)) + f64::from(k.saturating_sub(8)) / 2.0);
        let note = |note| PlayedNote { note, onset_secs: secs_at(note), duration_secs: 0.1, velocity: 64 };
        VersionView {
            clock: (0..17).map(|k| (f64::from(k), secs_at(k))).collect(),
            performance: Performance { notes: (0..16).map(note).collect(), pedals: Vec::new() },
            ..VersionView::default()
        }
    }

    #[test]
    fn notes_are_late_against_the_tempo_around_them() {
        let (score, plain) = (score(4, 4), version(0.5));
        assert!(lateness(&score, &plain, Some(&plain)).is_empty());
        let mut heard = version(0.7);
        assert!(lateness(&score, &heard, Some(&plain)).is_empty(), "a written change of tempo is none");
        heard.performance.notes[5].onset_secs += 0.05;
        heard.performance.notes[11].onset_secs -= 0.02;
        let found = lateness(&score, &heard, Some(&plain));
        let [(5, late), (11, early)] = found[..] else { panic!("two notes, not {found:?}") };
        assert!((late - 0.05).abs() < 1e-9 && (early + 0.02).abs() < 1e-9, "{late} {early}");
    }

    #[test]
    fn without_a_deadpan_the_page_is_the_measure() {
        let (mut score, mut heard) = (score(4, 4), version(0.5));
        score.notes[2].is_grace = true;
        heard.performance.notes[1].onset_secs += 0.03;
        heard.performance.notes[2].onset_secs += 0.03;
        let found = lateness(&score, &heard, None);
        assert!(found.iter().any(|(note, late)| *note == 1 && (late - 0.03).abs() < 1e-6), "{found:?}");
        assert!(found.iter().all(|(note, _)| *note != 2), "{found:?}");
    }
}
