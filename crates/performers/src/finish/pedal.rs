//! The pedal clears where the harmony changes, and where what it holds clashes with what is struck.
//!
//! Legato pedalling: the foot comes up just after the new bass is struck and goes down again while
//! its key is still held, so that the old harmony ends and the new one does not break.

use std::collections::BTreeMap;

use notation::{DirectionKind, Score};
use performance::blur::clashes;
use performance::pedal::DOWN;
use performance::{Pedal, PedalEvent, Performance};

use super::scene::Scene;
use analysis::chord_changes;

/// The foot comes up this long after the new onset, and is down again this long after that.
const UP_SECS: f64 = 0.02;
const LIFTED_SECS: f64 = 0.1;

/// Dampers need this long.
const SHORTEST_DAMPING_SECS: f64 = 0.05;

/// A foot that clears what clashes does not come up more often.
const BETWEEN_SECS: f64 = 0.25;

/// Before and after the change the pedal must be down for as long as this to be held through.
const BEFORE_SECS: f64 = 0.15;
const AFTER_SECS: f64 = 0.3;

pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance, at_harmony: bool) {
    let groups = scene.score.onset_groups();
    let marks = Marks::of(scene.score);
    if at_harmony {
        let curve = curve(played);
        let changes = chord_changes(scene.score).into_iter();
        let lifts =
            changes.filter_map(|onset| Lift::at(scene, played, &curve, &marks, groups[onset].clone()));
        write(lifts.collect(), played);
    }
    let curve = curve(played);
    let mut lifts: Vec<Lift> = Vec::new();
    clashes(scene.score, played, |onset, _| {
        let last_secs = lifts.last().map_or(f64::NEG_INFINITY, |lift| lift.up_secs);
        let lift = Lift::at(scene, played, &curve, &marks, groups[onset].clone());
        let lift = lift.filter(|lift| lift.up_secs > last_secs + BETWEEN_SECS);
        let is_lifted = lift.is_some();
        lifts.extend(lift);
        is_lifted
    });
    write(lifts, played);
}

fn curve(played: &Performance) -> Vec<PedalEvent> {
    played.pedals.iter().filter(|p| p.pedal == Pedal::Sustain).copied().collect()
}

/// Puts lifts into the pedalling, in the place of what the foot did meanwhile.
fn write(lifts: Vec<Lift>, played: &mut Performance) {
    // By time and then by the order in which they came.
    let mut pedals: BTreeMap<(i64, usize), PedalEvent> =
        played.pedals.iter().enumerate().map(|(k, p)| ((in_order(p.time_secs), k), *p)).collect();
    for (k, Lift { up_secs, down_secs, value }) in lifts.into_iter().enumerate() {
        let meanwhile = (in_order(up_secs) + 1, 0)..=(in_order(down_secs), usize::MAX);
        let replaced = pedals.range(meanwhile).filter(|(_, p)| p.pedal == Pedal::Sustain);
        let replaced: Vec<(i64, usize)> = replaced.map(|(key, _)| *key).collect();
        for key in &replaced {
            pedals.remove(key);
        }
        for (time_secs, value) in [(up_secs, 0), (down_secs, value)] {
            let event = PedalEvent { time_secs, pedal: Pedal::Sustain, value };
            pedals.insert((in_order(time_secs), played.pedals.len() + 2 * k + usize::from(value > 0)), event);
        }
    }
    played.pedals = pedals.into_values().collect();
}

/// A number in the order of [`f64::total_cmp`].
fn in_order(secs: f64) -> i64 {
    let bits = secs.to_bits().cast_signed();
    if bits < 0 { bits ^ i64::MAX } else { bits }
}

/// The pedal marks of a score.
struct Marks {
    /// Where each begins, in quarters, ascending, and where the last of those up to it ends.
    spans: Vec<(f64, f64)>,
}

impl Marks {
    fn of(score: &Score) -> Self {
        let marks = score.directions.iter().filter(|d| d.kind == DirectionKind::SustainPedal);
        let mut end = f64::NEG_INFINITY;
        let span = |mark: &notation::Direction| {
            end = mark.end.map_or(end, |at| end.max(at.to_f64()));
            (mark.onset.to_f64(), end)
        };
        Self { spans: marks.map(span).collect() }
    }

    /// Whether the pedal is held over a place according to the score.
    fn hold_through(&self, at: f64) -> bool {
        let before = self.spans.partition_point(|(onset, _)| *onset < at - 1e-6);
        before.checked_sub(1).is_some_and(|k| self.spans[k].1 > at + 1e-6)
    }
}

/// The foot comes up and goes down again, to where it was.
#[derive(Debug)]
struct Lift {
    up_secs: f64,
    down_secs: f64,
    value: u8,
}

impl Lift {
    /// Just after the notes of an onset are struck, if the pedal would be held through and the keys
    /// keep the new sound.
    fn at(
        scene: &Scene<'_>,
        played: &Performance,
        curve: &[PedalEvent],
        marks: &Marks,
        group: std::ops::Range<usize>,
    ) -> Option<Self> {
        let bass = group.clone().min_by_key(|n| scene.score.notes[*n].pitch)?;
        let bass = played.get(bass as u32)?;
        let (_, struck) = scene.extent(played, group.clone())?;
        let up_secs = struck + UP_SECS;
        let key_up_secs = bass.onset_secs + bass.duration_secs;
        let down_secs = (up_secs + LIFTED_SECS).min(key_up_secs - UP_SECS);
        let at = scene.score.notes[group.start].onset.to_f64();
        let is_wanted = down_secs - up_secs >= SHORTEST_DAMPING_SECS
            && !marks.hold_through(at)
            && is_down(curve, struck - BEFORE_SECS, struck + AFTER_SECS);
        is_wanted.then(|| Self { up_secs, down_secs, value: value_at(curve, down_secs) })
    }
}

fn value_at(curve: &[PedalEvent], secs: f64) -> u8 {
    let k = curve.partition_point(|p| p.time_secs <= secs);
    k.checked_sub(1).map_or(0, |k| curve[k].value)
}

/// Whether the pedal is down from one time to another without a break.
fn is_down(curve: &[PedalEvent], from: f64, to: f64) -> bool {
    let first = curve.partition_point(|p| p.time_secs <= from);
    let within = curve[first..].iter().take_while(|p| p.time_secs <= to);
    value_at(curve, from) >= DOWN && within.into_iter().all(|p| p.value >= DOWN)
}
