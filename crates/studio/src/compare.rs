//! Two versions side by side: a row for each bar, the path through tempo and loudness, and how well they agree.
//!
//! | module | what it is |
//! | --- | --- |
//! | `side` | one version: its bars and its path |
//! | `agreement` | how steady each is where the other one is, and how far its hands are apart |
//! | `spread` | what the other versions do in each bar |
//! | `words` | what of it is worth saying, in words that a pupil understands |

mod agreement;
mod beats;
mod side;
mod spread;
mod words;

use notation::Measure;
use protocol::{BarRow, CompareView, Shared, Trajectory, TrajectoryPoint, VersionId};

use crate::document::Played;
use crate::places;
use side::Side;

pub use spread::{LEAST_OTHERS, MOST_OTHERS, add_spread};
pub use words::tell;

/// Compares two versions, bar by bar of the score that the first plays: a bar of the second is the one
/// that shows the same. Names and loudness are for the caller to fill in; [`add_spread`] adds what other versions do, and
/// then [`tell`] what there is to say.
pub fn compare_view(versions: [VersionId; 2], played: [&Played; 2]) -> CompareView {
    let [heard, compared] = played.map(|p| &p.written);
    let sides = played.map(|p| Side::new(p.score(), &p.performance));
    let same = |k: usize| compared.score.measures.get(places::bar_in(heard, compared, k)?);
    let off_beats = agreement::off_beats(played);
    let row = |(k, m): (usize, &Measure)| BarRow {
        number: m.number.clone(),
        pass: m.pass,
        start_quarters: m.start.to_f64(),
        end_quarters: m.end.to_f64(),
        values: [sides[0].bar(m), same(k).and_then(|m| sides[1].bar(m))],
        off_beat: off_beats.get(k).copied().flatten(),
        ..BarRow::default()
    };
    let shared = places::shared(heard, compared);
    let second = sides[1].trajectory(&compared.score);
    CompareView {
        versions,
        bars: heard.score.measures.iter().enumerate().map(row).collect(),
        trajectories: [sides[0].trajectory(&heard.score), placed(&second, &shared)],
        shared,
        agreement: agreement::figures(played, [sides[0].hands(), sides[1].hands()]),
        ..CompareView::default()
    }
}

/// The path of the second version at the places of the first one's score.
fn placed(path: &Trajectory, shared: &[Shared]) -> Trajectory {
    let places = |p: &TrajectoryPoint| {
        let point = *p;
        places::places_of(shared, p.quarters).map(move |quarters| TrajectoryPoint { quarters, ..point })
    };
    let mut points: Vec<TrajectoryPoint> = path.points.iter().flat_map(places).collect();
    points.sort_by(|a, b| a.quarters.total_cmp(&b.quarters));
    Trajectory { points }
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
