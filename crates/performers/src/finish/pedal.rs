//! The pedal clears where the harmony changes.
//!
//! Legato pedalling: the foot comes up just after the new bass is struck and goes down again while
//! its key is still held, so that the old harmony ends and the new one does not break.

use notation::DirectionKind;
use performance::pedal::DOWN;
use performance::{Pedal, PedalEvent, Performance};

use super::Scene;
use crate::rules::chord_changes;

/// The foot comes up this long after the new onset, and is down again this long after that.
const UP_SECS: f64 = 0.02;
const LIFTED_SECS: f64 = 0.1;

/// Before and after the change the pedal must be down for as long as this to be held through.
const BEFORE_SECS: f64 = 0.15;
const AFTER_SECS: f64 = 0.3;

pub(super) fn apply(scene: &Scene<'_>, played: &mut Performance) {
    let curve: Vec<PedalEvent> =
        played.pedals.iter().filter(|p| p.pedal == Pedal::Sustain).copied().collect();
    if curve.iter().all(|p| p.value < DOWN) {
        return;
    }
    let groups = scene.score.onset_groups();
    let mut lifts: Vec<(f64, f64, u8)> = Vec::new();
    for onset in chord_changes(scene.score) {
        let group = groups[onset].clone();
        let bass = group.clone().min_by_key(|n| scene.score.notes[*n].pitch);
        let Some(bass) = bass.and_then(|n| played.get(n as u32)) else { continue };
        let Some((_, struck)) = scene.extent(played, group.clone()) else { continue };
        let (up, down) = (struck + UP_SECS, struck + UP_SECS + LIFTED_SECS);
        let is_held = bass.onset_secs + bass.duration_secs > down;
        let at = scene.score.notes[group.start].onset.to_f64();
        if is_held && !marked_through(scene, at) && is_down(&curve, struck - BEFORE_SECS, struck + AFTER_SECS)
        {
            lifts.push((up, down, value_at(&curve, down)));
        }
    }
    for (up, down, value) in lifts {
        let within = |p: &PedalEvent| p.pedal == Pedal::Sustain && p.time_secs > up && p.time_secs <= down;
        played.pedals.retain(|p| !within(p));
        let event = |time_secs, value| PedalEvent { time_secs, pedal: Pedal::Sustain, value };
        played.pedals.extend([event(up, 0), event(down, value)]);
    }
    played.pedals.sort_by(|a, b| a.time_secs.total_cmp(&b.time_secs));
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
