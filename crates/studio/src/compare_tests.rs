#![allow(clippy::unwrap_used)]

use super::*;
use crate::scores::Scores;
use notation::{Note, Quarters, Score, TimeSignature};
use performance::{Pedal, PedalEvent, Performance, PlayedNote};
use protocol::ScoreId;
use std::sync::Arc;

/// Four bars of four quarters, a note on each beat.
fn score() -> Score {
    let note = |k: i64| Note { onset: Quarters::whole(k), measure: (k / 4) as u32, ..Note::default() };
    let measure = |k: u32| Measure::regular(k, TimeSignature::default());
    Score { notes: (0..16).map(note).collect(), measures: (0..4).map(measure).collect(), ..Score::default() }
}

/// Half a second a quarter in the first two bars, one second after; keys down for half of it.
fn played() -> Performance {
    let secs = |k: f64| if k <= 8.0 { 0.5 * k } else { 4.0 + (k - 8.0) };
    let note = |k: u32| PlayedNote {
        note: k,
        onset_secs: secs(f64::from(k)),
        duration_secs: 0.5 * (secs(f64::from(k + 1)) - secs(f64::from(k))),
        velocity: 40 + k as u8,
    };
    let sustain = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
    let pedals = vec![sustain(0.5, 127), sustain(1.5, 0), sustain(4.0, 127)];
    Performance { notes: (0..16).map(note).collect(), pedals }
}

fn version(score: Score, performance: Performance) -> Played {
    let written = Scores::new(score).get(ScoreId(0)).clone();
    Played { written, performance: Arc::new(performance) }
}

#[test]
fn bars_hold_what_can_be_worked_out_by_hand() {
    let first = version(score(), played());
    let mut second = played();
    second.notes.retain(|n| n.note < 4 || n.note >= 8);
    let ids = [VersionId::Deadpan, VersionId::Take(1)];
    let view = compare_view(ids, [&first, &version(score(), second)]);
    assert_eq!(view.bars.len(), 4);
    let bar = |k: usize| view.bars[k].values[0].unwrap();
    let close = |a: f64, b: f64| assert!((a - b).abs() < 1e-9, "{a} {b}");
    close(bar(0).quarters_per_minute, 120.0);
    close(bar(3).quarters_per_minute, 60.0);
    close(bar(2).start_secs, 4.0);
    close(bar(1).velocity, 45.5);
    close(bar(0).articulation, 0.5);
    close(bar(0).pedal, 0.5);
    close(bar(1).pedal, 0.0);
    close(bar(3).pedal, 1.0);
    assert!(view.bars[1].values[1].is_none(), "no note, no values");
    assert!(view.bars[2].values[1].is_some());
}

#[test]
fn the_trajectory_looks_over_about_a_bar() {
    let first = version(score(), played());
    let view = compare_view([VersionId::Deadpan; 2], [&first, &first]);
    let points = &view.trajectories[0].points;
    assert_eq!(points.len(), 16, "one for each beat");
    // Far from the change the tempo is that of the page, at the change it is between, and it falls.
    assert!((points[0].quarters_per_minute - 120.0).abs() < 2.0, "{:?}", points[0]);
    assert!((points[15].quarters_per_minute - 60.0).abs() < 2.0);
    assert!((70.0..100.0).contains(&points[8].quarters_per_minute), "{:?}", points[8]);
    assert!(points.windows(2).all(|p| p[1].quarters_per_minute <= p[0].quarters_per_minute + 1e-9));
    // Velocity rises by one a beat: in the middle the bell is even, so the mean is the note's own.
    assert!((points[7].velocity - 47.0).abs() < 0.1, "{:?}", points[7]);
    let silent = version(score(), Performance::default());
    let view = compare_view([VersionId::Deadpan; 2], [&first, &silent]);
    assert!(view.trajectories[1].points.is_empty());
}

#[test]
fn a_bar_is_compared_with_the_one_that_shows_the_same() {
    // The second version plays bars 1 and 2 twice.
    let mut repeated = score();
    let pass = |measure: u32| if measure < 2 { 1 } else { 2 };
    for (k, (measure, written)) in repeated.measures.iter_mut().zip([0, 1, 0, 1]).enumerate() {
        (measure.written, measure.number, measure.pass) =
            (written, (written + 1).to_string(), pass(k as u32));
    }
    let both = [version(score(), played()), version(repeated, played())];
    let view = compare_view([VersionId::Deadpan, VersionId::Take(1)], [&both[0], &both[1]]);
    let values = |k: usize, side: usize| view.bars[k].values[side].unwrap();
    assert_eq!(values(0, 0), values(0, 1));
    assert_eq!(view.bars[2].values[1], None, "it has no bar 3");
    assert_eq!(view.shared, [Shared { from_quarters: 0.0, to_quarters: 8.0, there_quarters: 0.0 }]);
    let other = compare_view([VersionId::Take(1), VersionId::Deadpan], [&both[1], &both[0]]);
    assert_eq!(other.bars[2].number, "1");
    assert_eq!(other.bars[2].values[1], view.bars[0].values[0], "bar 1 again");
    assert_eq!(other.bars[3].values[1], view.bars[1].values[0]);
    assert!(other.trajectories[1].points.is_sorted_by_key(|p| (p.quarters * 4.0) as i64));
    assert!(other.trajectories[1].points.iter().any(|p| p.quarters == 9.0), "in the second pass too");
}
