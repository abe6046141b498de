//! Fitting a region that was played in its own free time into the performance around it.
//!
//! A performer that plays some bars decides how they go, but not when: their neighbours are
//! already there. [`fit`] moves the region between them so that
//! - the neighbours' times are kept (only notes of the region move),
//! - onsets lie between those of the last context onset before and the first one after,
//! - the tempo at a join is that of the context and changes smoothly into the region's own,
//!   unless the score itself has a new tempo there,
//! - the order of onsets within the region stays as it was played.
//!
//! The time map of a stretch of region between two neighbours has a slope that goes linearly from
//! the one that continues the context's tempo to a constant one, and back: a piecewise quadratic
//! map, smooth and increasing. With a neighbour on one side only, the constant slope is 1.
//!
//! [`merge`] puts the result into the context; [`pin`] makes single values come out exactly.

use std::ops::Range;

use notation::{DirectionKind, Score};
use performance::{Pedal, PedalEvent, Performance, PlayedNote};

use crate::performer::Pin;

/// Half the width of the window in which a local tempo is measured, in quarters.
const TEMPO_WINDOW_QUARTERS: f64 = 2.0;

/// Share of a stretch over which the tempo at a join blends into the region's own, and its limit.
const BLEND_SHARE: f64 = 0.3;
const BLEND_QUARTERS: f64 = 4.0;

/// A join changes the tempo of the region's first notes by at most this factor.
const LARGEST_SLOPE: f64 = 3.0;

/// The constant slope is at least this share of the mean one, so that the map keeps rising.
const LEAST_SHARE: f64 = 0.25;

/// Distance kept from the neighbours' onsets, if there is room.
const CLEAR_SECS: f64 = 0.001;

/// No note becomes shorter than this.
const SHORTEST_SECS: f64 = 0.02;

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

/// Makes the pinned values of a fitted region come out exactly.
///
/// Notes around a pinned onset move with it, less the farther they are from it, down to nothing at
/// the next pin and at the region's neighbours in `context`. Pins of notes that are not in
/// `played` are ignored.
pub fn pin(score: &Score, played: &mut Performance, pins: &[Pin], context: Option<&Performance>) {
    let index_of = |pin: &Pin| played.notes.binary_search_by_key(&pin.note, |n| n.note).ok();
    let placed: Vec<(usize, &Pin)> = pins.iter().filter_map(|pin| Some((index_of(pin)?, pin))).collect();
    if placed.iter().any(|(_, pin)| onset_of(pin).is_some()) {
        let moves = displacements(score, played, &placed, context);
        for note in &mut played.notes {
            note.onset_secs += interpolate(&moves, score.notes[note.note as usize].onset.to_f64());
        }
    }
    for (index, pin) in placed {
        let note = &mut played.notes[index];
        note.onset_secs = onset_of(pin).unwrap_or(note.onset_secs);
        note.velocity = pin.velocity.map_or(note.velocity, |v| v.clamp(1, 127));
        note.duration_secs =
            pin.duration_secs.filter(|d| d.is_finite() && *d > 0.0).unwrap_or(note.duration_secs);
    }
}

fn onset_of(pin: &Pin) -> Option<f64> {
    pin.onset_secs.filter(|t| t.is_finite())
}

/// How far the notes at a score time move, as points to interpolate between.
fn displacements(
    score: &Score,
    played: &Performance,
    placed: &[(usize, &Pin)],
    context: Option<&Performance>,
) -> Vec<(f64, f64)> {
    let at = |n: u32| score.notes[n as usize].onset.to_f64();
    let mut moves: Vec<(f64, f64)> = Vec::new();
    for (index, pin) in placed {
        if let Some(wanted) = onset_of(pin) {
            moves.push((at(pin.note), wanted - played.notes[*index].onset_secs));
        }
    }
    moves.sort_by(|a, b| a.0.total_cmp(&b.0));
    // Several pins at one place: their mean.
    let mut merged: Vec<(f64, f64, f64)> = Vec::new();
    for (q, secs) in moves {
        match merged.last_mut() {
            Some(last) if last.0 == q => (last.1, last.2) = (last.1 + secs, last.2 + 1.0),
            _ => merged.push((q, secs, 1.0)),
        }
    }
    let mut moves: Vec<(f64, f64)> = merged.into_iter().map(|(q, sum, count)| (q, sum / count)).collect();
    if let (Some(context), Some(first), Some(last)) = (context, played.notes.first(), played.notes.last()) {
        let outside = || context.notes.iter().filter(|n| played.get(n.note).is_none()).map(|n| at(n.note));
        let before = outside().filter(|q| *q < at(first.note)).fold(f64::NEG_INFINITY, f64::max);
        let after = outside().filter(|q| *q > at(last.note)).fold(f64::INFINITY, f64::min);
        if before.is_finite() {
            moves.insert(0, (before, 0.0));
        }
        if after.is_finite() {
            moves.push((after, 0.0));
        }
    }
    moves
}

/// Linear between points, constant outside.
fn interpolate(points: &[(f64, f64)], x: f64) -> f64 {
    let k = points.partition_point(|(p, _)| *p <= x);
    match (k.checked_sub(1).and_then(|k| points.get(k)), points.get(k)) {
        (Some((a, s)), Some((b, t))) => s + (t - s) * (x - a) / (b - a),
        (Some((_, s)), None) | (None, Some((_, s))) => *s,
        (None, None) => 0.0,
    }
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
                    note.duration_secs = (place.at(end) - place.at(onset)).max(SHORTEST_SECS);
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

/// Least-squares slope, if there are two points or more that differ.
fn slope(points: &[(f64, f64)]) -> Option<f64> {
    let count = points.len() as f64;
    let (mx, my) =
        (points.iter().map(|p| p.0).sum::<f64>() / count, points.iter().map(|p| p.1).sum::<f64>() / count);
    let (xy, xx) =
        points.iter().fold((0.0, 0.0), |(xy, xx), (x, y)| (xy + (x - mx) * (y - my), xx + (x - mx).powi(2)));
    (points.len() >= 2 && xx > 1e-12).then(|| xy / xx)
}

/// Draws notes in between two times, linearly, if some are outside.
fn squeeze(notes: &mut [PlayedNote], before: Option<f64>, after: Option<f64>) {
    let range = |notes: &[PlayedNote]| {
        let onsets = notes.iter().map(|n| n.onset_secs);
        onsets.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), t| (a.min(t), b.max(t)))
    };
    let (first, last) = range(notes);
    let room = match (before, after) {
        (Some(a), Some(b)) => (b - a).max(0.0),
        _ => f64::INFINITY,
    };
    let clear = CLEAR_SECS.min(room / 4.0);
    // Nothing comes before the start of the performance.
    let low = before.map_or(first.max(0.0), |b| first.max(b + clear));
    let high = after.map_or(last, |a| last.min(a - clear)).max(low);
    // A run that lay wholly on one side comes in with half the room that there is.
    let (low, high) = match (before, after) {
        (Some(b), Some(a)) if high <= low && last > first => (b + clear, (a - clear).max(b + clear)),
        _ => (low, high),
    };
    if low == first && high == last {
        return;
    }
    let factor = if last > first { (high - low) / (last - first) } else { 0.0 };
    notes.iter_mut().for_each(|n| n.onset_secs = low + (n.onset_secs - first) * factor);
}

/// Where a region onset comes to be.
#[derive(Clone, Copy, Debug)]
struct Placed {
    /// Its free time.
    free: f64,
    /// The map from free time after `origin` to time after `start`.
    warp: Warp,
    origin: f64,
    start: f64,
}

impl Placed {
    fn time(&self) -> f64 {
        self.at(self.free)
    }

    fn at(&self, free: f64) -> f64 {
        self.start + self.warp.at(free - self.origin)
    }
}

/// A rising, smooth map of time: slope `left` at 0, going linearly to `middle` at `blend`, constant
/// up to `blend` before `length`, going linearly to `right` at `length`; straight lines outside.
#[derive(Clone, Copy, Debug)]
struct Warp {
    length: f64,
    blend: f64,
    left: f64,
    middle: f64,
    right: f64,
}

impl Warp {
    /// One slope throughout.
    fn straight(slope: f64) -> Self {
        Self { length: f64::INFINITY, blend: 1.0, left: slope, middle: slope, right: slope }
    }

    /// From a neighbour on, then as played.
    fn after(left: Option<f64>, blend: f64) -> Self {
        Self { length: f64::INFINITY, blend, left: left.unwrap_or(1.0), middle: 1.0, right: 1.0 }
    }

    /// As played, then into a neighbour.
    fn before(length: f64, right: Option<f64>, blend: f64) -> Self {
        Self { length, blend, left: 1.0, middle: 1.0, right: right.unwrap_or(1.0) }
    }

    /// Takes 0 to 0 and `length` to `target`. The wished slopes at the ends give way where the
    /// slope between them would become too small.
    fn between(length: f64, target: f64, left: Option<f64>, right: Option<f64>, blend: f64) -> Self {
        let mean = target / length;
        // The middle slope that ends of slope l and r leave: (target − blend·(l + r)/2)/(length − blend).
        let ends = |share: f64| {
            let towards = |wish: Option<f64>| wish.map(|w| mean + share * (w - mean));
            (towards(left), towards(right))
        };
        let middle = |(l, r): (Option<f64>, Option<f64>)| {
            let fixed: f64 = [l, r].iter().flatten().sum();
            let free_ends = [l, r].iter().filter(|e| e.is_none()).count() as f64;
            // An end without a wish has the middle slope itself.
            (target - blend * fixed / 2.0) / (length - blend + blend * free_ends / 2.0)
        };
        let fits = |share: f64| {
            let m = middle(ends(share));
            m >= LEAST_SHARE * mean && m <= mean / LEAST_SHARE
        };
        let share = [1.0, 0.8, 0.6, 0.4, 0.2, 0.1].into_iter().find(|s| fits(*s)).unwrap_or(0.0);
        let (l, r) = ends(share);
        let m = middle((l, r));
        Self { length, blend, left: l.unwrap_or(m), middle: m, right: r.unwrap_or(m) }
    }

    fn at(&self, x: f64) -> f64 {
        let Self { length, blend, left, middle, right } = *self;
        // The integral of the slope; `ramp` is that of one which goes from `from` to `to` in `blend`.
        let ramp = |x: f64, from: f64, to: f64| from * x + (to - from) * x * x / (2.0 * blend);
        if x <= 0.0 {
            return left * x;
        }
        if x <= blend {
            return ramp(x, left, middle);
        }
        let first = ramp(blend, left, middle);
        if x <= length - blend {
            return first + middle * (x - blend);
        }
        let second = first + middle * (length - 2.0 * blend);
        if x <= length {
            return second + ramp(x - (length - blend), middle, right);
        }
        second + ramp(blend, middle, right) + right * (x - length)
    }
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

#[cfg(test)]
#[path = "join_tests.rs"]
mod tests;
