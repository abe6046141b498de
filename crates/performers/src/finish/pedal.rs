//! The pedal clears where the harmony changes, and where what it holds clashes with what is struck.
//!
//! Legato pedalling: the foot comes up just after the new bass is struck and goes down again while
//! its key is still held, so that the old harmony ends and the new one does not break.

use notation::DirectionKind;
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
    if at_harmony {
        let curve = curve(played);
        let changes = chord_changes(scene.score).into_iter();
        let lifts = changes.filter_map(|onset| Lift::at(scene, played, &curve, groups[onset].clone()));
        write(lifts.collect(), played);
    }
    let curve = curve(played);
    let mut lifts: Vec<Lift> = Vec::new();
    clashes(scene.score, played, |onset, _| {
        let last_secs = lifts.last().map_or(f64::NEG_INFINITY, |lift| lift.up_secs);
        let lift = Lift::at(scene, played, &curve, groups[onset].clone());
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

fn write(lifts: Vec<Lift>, played: &mut Performance) {
    if lifts.is_empty() {
        return;
    }
    for Lift { up_secs, down_secs, value } in lifts {
        let within =
            |p: &PedalEvent| p.pedal == Pedal::Sustain && p.time_secs > up_secs && p.time_secs <= down_secs;
        played.pedals.retain(|p| !within(p));
        let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        played.pedals.extend([event(up_secs, 0), event(down_secs, value)]);
    }
    played.pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
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
            && !marked_through(scene, at)
            && is_down(curve, struck - BEFORE_SECS, struck + AFTER_SECS);
        is_wanted.then(|| Self { up_secs, down_secs, value: value_at(curve, down_secs) })
    }
}

/// Whether the score says that the pedal is held over a place.
fn marked_through(scene: &Scene<'_>, at: f64) -> bool {
    let held = |onset: f64, end: Option<f64>| onset < at - 1e-6 && end.is_some_and(|end| end > at + 1e-6);
    let pedals = scene.score.directions.iter().filter(|d| d.kind == DirectionKind::SustainPedal);
    pedals.into_iter().any(|d| held(d.onset.to_f64(), d.end.map(|e| e.to_f64())))
}

fn value_at(curve: &[PedalEvent], secs: f64) -> u8 {
    let k = curve.partition_point(|p| p.time_secs <= secs);
    k.checked_sub(1).map_or(0, |k| curve[k].value)
}

/// Whether the pedal is down from one time to another without a break.
fn is_down(curve: &[PedalEvent], from: f64, to: f64) -> bool {
    let within = curve.iter().filter(|p| p.time_secs > from && p.time_secs <= to);
    value_at(curve, from) >= DOWN && within.into_iter().all(|p| p.value >= DOWN)
}
