//! The region between its neighbours.

use std::ops::Range;

use notation::{DirectionKind, Score};
use performance::{PedalEvent, Performance, SHORTEST_PRESS_SECS};

use super::between::squeeze;
use super::interpolate::{interpolate, slope};
use super::warp::{Placed, Warp};

/// Half the width of the window in which a local tempo is measured, in quarters.
const TEMPO_WINDOW_QUARTERS: f64 = 2.0;

/// Share of a stretch over which the tempo at a join blends into the region's own, and its limit.
pub(super) const BLEND_SHARE: f64 = 0.3;
const BLEND_QUARTERS: f64 = 4.0;

/// A join changes the tempo of the region's first notes by at most this factor.
const LARGEST_SLOPE: f64 = 3.0;

/// Seconds per quarter where nothing can be measured.
const UNKNOWN_PERIOD: f64 = 0.5;

/// Moves a region played in its own free time to where it belongs within `context`.
///
/// The region is the notes of `played`. Notes of it that `context` has too are ignored. Without
/// context, or without any note outside the region in it, the region is returned as it is.
pub fn fit(score: &Score, played: Performance, context: Option<&Performance>) -> Performance {
    let Some(context) = context else { return played };
    let map = Places::new(score, &played, context);
    if map.known.iter().all(Option::is_none) || played.notes.is_empty() {
        return played;
    }
    map.fit(score, played)
}

/// When and in what company a context onset was played.
#[derive(Clone, Copy, Debug)]
struct Known {
    mean: f64,
    first: f64,
    last: f64,
}

/// Score onsets with the times of the region (free) and of the context (known) at them.
struct Places {
    groups: Vec<Range<usize>>,
    quarters: Vec<f64>,
    free: Vec<Option<f64>>,
    known: Vec<Option<Known>>,
}

/// Region onsets (indices into the groups) without a context onset among them.
type Run = Range<usize>;

impl Places {
    fn new(score: &Score, played: &Performance, context: &Performance) -> Self {
        let groups = score.onset_groups();
        let quarters = groups.iter().map(|g| score.notes[g.start].onset.to_f64()).collect();
        let mut free = vec![None; groups.len()];
        let mut known = vec![None; groups.len()];
        for (k, group) in groups.iter().enumerate() {
            let ours = times_of(score, played, group.clone(), |_| true);
            free[k] = mean_time(&ours);
            let theirs = times_of(score, context, group.clone(), |n| played.get(n).is_none());
            known[k] = mean_time(&theirs).map(|mean| Known {
                mean,
                first: theirs.iter().map(|t| t.0).fold(f64::INFINITY, f64::min),
                last: theirs.iter().map(|t| t.0).fold(f64::NEG_INFINITY, f64::max),
            });
        }
        Self { groups, quarters, free, known }
    }

    fn fit(&self, score: &Score, mut played: Performance) -> Performance {
        let mut places: Vec<Option<Placed>> = vec![None; self.groups.len()];
        for (k, place) in places.iter_mut().enumerate() {
            if let (Some(free), Some(known)) = (self.free[k], self.known[k]) {
                let scale = (self.period_known(k) / self.period_free(k)).clamp(0.5, 2.0);
                *place = Some(Placed { free, warp: Warp::straight(scale), origin: free, start: known.mean });
            }
        }
        for run in self.runs() {
            self.place_run(score, run, &mut places);
        }
        self.move_pedals(&mut played.pedals, &places);
        for (k, group) in self.groups.iter().enumerate() {
            let Some(place) = places[k] else { continue };
            for n in group.clone() {
                if let Ok(index) = played.notes.binary_search_by_key(&(n as u32), |p| p.note) {
                    let note = &mut played.notes[index];
                    let (onset, end) = (note.onset_secs, note.onset_secs + note.duration_secs);
                    note.onset_secs = place.time() + (onset - place.free);
                    note.duration_secs = (place.at(end) - place.at(onset)).max(SHORTEST_PRESS_SECS);
                }
            }
        }
        self.keep_between(&mut played);
        played
    }

    /// The stretches of region that lie between context onsets.
    fn runs(&self) -> Vec<Run> {
        let mut runs = Vec::new();
        let mut current: Option<Run> = None;
        for k in 0..self.groups.len() {
            match (self.free[k], self.known[k]) {
                (_, Some(_)) => runs.extend(current.take()),
                (Some(_), None) => {
                    current = Some(current.map_or(k..k + 1, |run| run.start..k + 1));
                }
                (None, None) => {}
            }
        }
        runs.extend(current);
        runs
    }

    /// Places every onset of a run.
    fn place_run(&self, score: &Score, run: Run, places: &mut [Option<Placed>]) {
        let before = (0..run.start).rev().find(|k| self.known[*k].is_some());
        let after = (run.end..self.groups.len()).find(|k| self.known[*k].is_some());
        let (Some(first), Some(last)) = (self.free[run.start], self.free[run.end - 1]) else { return };
        // Free times at which the neighbours would have come, and the slopes that continue them.
        let left = before.map(|k| (self.known_time(k), self.edge(score, k, run.start, first)));
        let right = after.map(|k| (self.known_time(k), self.edge(score, k, run.end - 1, last)));
        let quarters = (self.quarters[run.end - 1] - self.quarters[run.start]).max(1e-6);
        let blend = |length: f64| {
            let by_quarters = BLEND_QUARTERS * (last - first).max(0.0) / quarters;
            (BLEND_SHARE * length).min(by_quarters.max(0.05)).max(1e-6)
        };
        let (origin, start, warp) = match (left, right) {
            (Some((from, (a, m0))), Some((to, (b, m1)))) => {
                let length = (b - a).max(1e-6);
                (a, from, Warp::between(length, (to - from).max(0.0), m0, m1, blend(length)))
            }
            (Some((from, (a, m0))), None) => (a, from, Warp::after(m0, blend(last - a))),
            (None, Some((to, (b, m1)))) => {
                let length = (b - first).max(1e-6);
                let warp = Warp::before(length, m1, blend(length));
                let start = to - warp.at(length);
                if start >= 0.0 {
                    (first, start, warp)
                } else {
                    // No room before: squeeze it in from 0 on.
                    (first, 0.0, Warp::between(length, to.max(0.0), None, m1, blend(length)))
                }
            }
            (None, None) => return,
        };
        for k in run {
            if let (Some(free), None) = (self.free[k], self.known[k]) {
                places[k] = Some(Placed { free, warp, origin, start });
            }
        }
    }

    fn known_time(&self, k: usize) -> f64 {
        self.known[k].map_or(0.0, |known| known.mean)
    }

    /// The free time at which the neighbour `k` of the region's onset `inner` would have come, and
    /// the slope there that makes the tempo continuous; none where the score has a new tempo.
    fn edge(&self, score: &Score, k: usize, inner: usize, inner_free: f64) -> (f64, Option<f64>) {
        let (theirs, ours) = (self.period_known(k), self.period_free(inner));
        let (from, to) =
            (self.quarters[k].min(self.quarters[inner]), self.quarters[k].max(self.quarters[inner]));
        let new_tempo = score.directions.iter().any(|d| {
            let at = d.onset.to_f64();
            matches!(d.kind, DirectionKind::Metronome(_) | DirectionKind::Tempo(_) | DirectionKind::ATempo)
                && at > from
                && at <= to
        });
        let slope = (!new_tempo).then(|| (theirs / ours).clamp(1.0 / LARGEST_SLOPE, LARGEST_SLOPE));
        if let Some(free) = self.free[k] {
            return (free, slope);
        }
        // Before a new tempo the old one holds up to the join. Elsewhere the slope turns the
        // region's tempo into the context's.
        let left = self.quarters[k] < self.quarters[inner];
        let gap = (to - from) * if new_tempo && left { theirs } else { ours };
        (if left { inner_free - gap } else { inner_free + gap }, slope)
    }

    fn period_free(&self, k: usize) -> f64 {
        self.period(k, |g| self.free[g])
    }

    fn period_known(&self, k: usize) -> f64 {
        self.period(k, |g| self.known[g].map(|known| known.mean))
    }

    /// Slope of the least-squares line through the onsets near `k`; wider where there are too few.
    fn period(&self, k: usize, time: impl Fn(usize) -> Option<f64>) -> f64 {
        for window in [TEMPO_WINDOW_QUARTERS, 4.0 * TEMPO_WINDOW_QUARTERS, f64::INFINITY] {
            let near = |g: usize| (self.quarters[g] - self.quarters[k]).abs() <= window + 1e-9;
            let first = (0..=k).rev().take_while(|g| near(*g)).last().unwrap_or(k);
            let points = (first..self.groups.len()).take_while(|g| near(*g));
            let points: Vec<(f64, f64)> = points.filter_map(|g| Some((self.quarters[g], time(g)?))).collect();
            if let Some(slope) = slope(&points).filter(|s| *s > 0.01 && *s < 60.0) {
                return slope;
            }
        }
        UNKNOWN_PERIOD
    }

    /// Where notes passed their neighbours, draws the run's onsets together, keeping their order.
    fn keep_between(&self, played: &mut Performance) {
        let mut runs = self.runs();
        runs.extend(
            (0..self.groups.len())
                .filter(|k| self.free[*k].is_some() && self.known[*k].is_some())
                .map(|k| k..k + 1),
        );
        for run in runs {
            let before = (0..run.start).rev().find_map(|k| self.known[k]).map(|known| known.last);
            let after = (run.end..self.groups.len()).find_map(|k| self.known[k]).map(|known| known.first);
            let notes = self.groups[run.start].start as u32..self.groups[run.end - 1].end as u32;
            let from = played.notes.partition_point(|n| n.note < notes.start);
            let to = played.notes.partition_point(|n| n.note < notes.end);
            squeeze(&mut played.notes[from..to], before, after);
        }
    }

    /// Moves pedal events with the onsets around them.
    fn move_pedals(&self, pedals: &mut [PedalEvent], places: &[Option<Placed>]) {
        let mut points: Vec<(f64, f64)> = places.iter().flatten().map(|p| (p.free, p.time())).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        points.dedup_by(|a, b| a.0 <= b.0);
        let (Some(first), Some(last)) = (points.first().copied(), points.last().copied()) else { return };
        for event in pedals {
            let time = event.time_secs;
            event.time_secs = if time <= first.0 {
                first.1 + (time - first.0)
            } else if time >= last.0 {
                last.1 + (time - last.0)
            } else {
                interpolate(&points, time)
            };
            event.time_secs = event.time_secs.max(0.0);
        }
    }
}

/// Onsets of the played notes of a group that `counts`, and whether they are grace notes.
fn times_of(
    score: &Score,
    played: &Performance,
    group: Range<usize>,
    counts: impl Fn(u32) -> bool,
) -> Vec<(f64, bool)> {
    let notes = group.filter(|n| counts(*n as u32));
    notes.filter_map(|n| Some((played.get(n as u32)?.onset_secs, score.notes[n].grace.is_some()))).collect()
}

/// Mean onset, grace notes left out if there are others.
fn mean_time(times: &[(f64, bool)]) -> Option<f64> {
    let mean = |grace: bool| {
        let chosen: Vec<f64> = times.iter().filter(|t| t.1 == grace).map(|t| t.0).collect();
        (!chosen.is_empty()).then(|| chosen.iter().sum::<f64>() / chosen.len() as f64)
    };
    mean(false).or_else(|| mean(true))
}
