//! The written dynamics: levels, hairpins, sforzandi and accents; and the balance of the voices.

use std::collections::HashSet;

use notation::{Direction, DirectionKind, Dynamic, Hand, Marks, Quarters, Score};

use super::weights::Weights;
use crate::sketch::Sketch;

/// Velocity of each level, pppp to ffff, about as loud as pianists play them on average.
pub const LEVELS: [f64; 10] = [34.0, 41.0, 48.0, 56.0, 61.0, 66.0, 74.0, 82.0, 90.0, 98.0];

/// Velocity where nothing is written, and the centre that contrast is scaled about.
const UNMARKED: f64 = 64.0;

/// How far a hairpin goes, in levels, when no new level stands at its end.
const HAIRPIN_LEVELS: f64 = 1.2;

/// What marks add, in decibels.
const SFORZANDO_DB: f64 = 4.0;
const ACCENT_DB: f64 = 2.5;
const MARCATO_DB: f64 = 3.5;
const TENUTO_DB: f64 = 0.8;
const SOFT_PEDAL_DB: f64 = -1.5;

/// Marks at one place, and soft pedals of a score, that are listened to; more are no music, and each
/// may hold to the end.
const MOST_AT_ONCE: usize = 64;
const MOST_SOFT: usize = 1_000;

/// Loudness along score time: level numbers (1 pppp to 10 ffff), linear between points.
struct Curve {
    points: Vec<(f64, f64)>,
}

impl Curve {
    /// Reads the dynamics that hold for a staff. A sign at another staff counts unless this staff
    /// has one of its own at the same place: in piano music one sign between the staves is for both.
    fn read(score: &Score, staff: u8) -> Self {
        let own = |d: &Direction| d.staff.is_none_or(|s| s == staff);
        let shaping = score.directions.iter().filter(|d| own(d) && shapes(d));
        let rivals: HashSet<(Quarters, bool)> = shaping.map(|d| (d.onset, is_level(d))).collect();
        let overruled = |d: &Direction| !own(d) && rivals.contains(&(d.onset, is_level(d)));
        let marks: Vec<&Direction> = score.directions.iter().filter(|d| shapes(d) && !overruled(d)).collect();
        let ahead = Ahead::of(&marks);
        let mut points = Vec::new();
        let mut level = level_of(UNMARKED);
        for (k, mark) in marks.iter().enumerate() {
            let at = mark.onset.to_f64();
            match mark.kind {
                DirectionKind::Dynamic(dynamic) => {
                    points.push((at, level));
                    level = f64::from(dynamic.level());
                    points.push((at, level));
                }
                DirectionKind::Sforzando => {
                    // fp is loud and at once soft again.
                    if mark.text.trim().eq_ignore_ascii_case("fp") {
                        level = f64::from(Dynamic::P.level());
                        points.push((at, level));
                    }
                }
                _ => {
                    let grows = mark.kind == DirectionKind::Crescendo;
                    let end = hairpin_end(score, mark, ahead.change(mark.onset));
                    let target = ahead.level(k, end);
                    let step = if grows { HAIRPIN_LEVELS } else { -HAIRPIN_LEVELS };
                    let wanted = target.filter(|t| (*t > level) == grows && *t != level);
                    points.push((at, level));
                    level = wanted.unwrap_or((level + step).clamp(1.0, 10.0));
                    points.push((end, level));
                }
            }
        }
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        Self { points }
    }

    fn at(&self, quarters: f64) -> f64 {
        let k = self.points.partition_point(|(q, _)| *q <= quarters + 1e-9);
        let (before, after) = (k.checked_sub(1).and_then(|k| self.points.get(k)), self.points.get(k));
        match (before, after) {
            (Some((a, x)), Some((b, y))) if b > a => x + (y - x) * (quarters - a) / (b - a),
            (Some((_, x)), _) => *x,
            (None, Some((_, y))) => *y,
            (None, None) => level_of(UNMARKED),
        }
    }
}

fn is_level(direction: &Direction) -> bool {
    matches!(direction.kind, DirectionKind::Dynamic(_))
}

/// Whether a direction shapes loudness over time.
fn shapes(direction: &Direction) -> bool {
    use DirectionKind::{Crescendo, Diminuendo, Dynamic, Sforzando};
    matches!(direction.kind, Dynamic(_) | Crescendo | Diminuendo | Sforzando)
}

/// What comes after a mark.
struct Ahead {
    /// Levels: which mark, where in quarters, and the level.
    levels: Vec<(usize, f64, f64)>,
    /// Where something other than a sforzando is.
    changes: Vec<Quarters>,
}

impl Ahead {
    /// Of marks in order.
    fn of(marks: &[&Direction]) -> Self {
        let level = |(k, mark): (usize, &&Direction)| match mark.kind {
            DirectionKind::Dynamic(dynamic) => Some((k, mark.onset.to_f64(), f64::from(dynamic.level()))),
            _ => None,
        };
        let changes = marks.iter().filter(|m| m.kind != DirectionKind::Sforzando).map(|m| m.onset);
        Self { levels: marks.iter().enumerate().filter_map(level).collect(), changes: changes.collect() }
    }

    /// The first level after the mark `k` that is no further than a quarter from a place.
    fn level(&self, k: usize, at: f64) -> Option<f64> {
        let first = self.levels.partition_point(|(mark, onset, _)| *mark <= k || onset - at < -1.0);
        self.levels.get(first).filter(|(_, onset, _)| onset - at <= 1.0).map(|(_, _, level)| *level)
    }

    /// The first change after a place, in quarters.
    fn change(&self, after: Quarters) -> Option<f64> {
        self.changes.get(self.changes.partition_point(|at| *at <= after)).map(|at| at.to_f64())
    }
}

/// Where a hairpin ends, in quarters, if the next change is at `next`.
fn hairpin_end(score: &Score, mark: &Direction, next: Option<f64>) -> f64 {
    let at = mark.onset.to_f64();
    let written = mark.end.map(|e| e.to_f64());
    let two_measures = at + 2.0 * score.time_signature_at(mark.onset).measure_length().to_f64();
    let end = written.unwrap_or_else(|| next.map_or(two_measures, |n| n.min(at + 4.0 * (two_measures - at))));
    next.map_or(end, |n| end.min(n)).max(at + 1e-3)
}

/// The (fractional) level that has a velocity.
fn level_of(velocity: f64) -> f64 {
    let k = LEVELS.partition_point(|v| *v <= velocity).clamp(1, LEVELS.len() - 1);
    k as f64 + (velocity - LEVELS[k - 1]) / (LEVELS[k] - LEVELS[k - 1])
}

/// The velocity of a (fractional) level.
fn velocity_of(level: f64) -> f64 {
    let k = (level.floor().max(1.0) as usize).min(LEVELS.len() - 1);
    LEVELS[k - 1] + (LEVELS[k] - LEVELS[k - 1]) * (level - k as f64)
}

/// Gives every note the velocity of its dynamics.
pub fn written(sketch: &mut Sketch<'_>, weights: &Weights) {
    let score = sketch.score;
    let staves = score.notes.iter().map(|n| n.staff).max().unwrap_or(1).min(8);
    let curves: Vec<Curve> = (1..=staves.max(1)).map(|staff| Curve::read(score, staff)).collect();
    for (note, written) in sketch.notes.iter_mut().zip(&score.notes) {
        let curve = &curves[usize::from(written.staff.clamp(1, staves.max(1))) - 1];
        let velocity = velocity_of(curve.at(written.onset.to_f64()));
        note.written_velocity = UNMARKED + weights.dynamics * (velocity - UNMARKED);
    }
}

/// Accents, sforzandi and the soft pedal.
pub fn accents(sketch: &mut Sketch<'_>, weights: &Weights) {
    let k = weights.dynamics;
    for (note, written) in sketch.notes.iter_mut().zip(&sketch.score.notes) {
        let marks = written.marks;
        let add = |mark: Marks, db: f64| if marks.contains(mark) { db } else { 0.0 };
        let accent = add(Marks::ACCENT, ACCENT_DB).max(add(Marks::MARCATO, MARCATO_DB));
        note.level_db += k * (accent + add(Marks::TENUTO, TENUTO_DB));
    }
    let is_of_interest =
        |d: &&Direction| matches!(d.kind, DirectionKind::Sforzando | DirectionKind::SoftPedal);
    let (mut same, mut soft) = ((Quarters::ZERO, 0), 0);
    for direction in sketch.score.directions.iter().filter(is_of_interest) {
        same = if same.0 == direction.onset { (same.0, same.1 + 1) } else { (direction.onset, 1) };
        soft += usize::from(direction.kind == DirectionKind::SoftPedal);
        if same.1 > MOST_AT_ONCE || soft > MOST_SOFT {
            continue;
        }
        let at = direction.onset.to_f64();
        let Some(first) = sketch.onset_from(at) else { continue };
        let (until, db) = match direction.kind {
            DirectionKind::Sforzando => (at, SFORZANDO_DB),
            DirectionKind::SoftPedal => {
                (direction.end.map_or(f64::INFINITY, |e| e.to_f64() - 1e-6), SOFT_PEDAL_DB)
            }
            _ => continue,
        };
        for onset in sketch.onsets[first..].iter().take_while(|o| o.at <= until + 1e-9) {
            for n in onset.notes.clone() {
                let elsewhere = db > 0.0 && direction.staff.is_some_and(|s| s != sketch.score.notes[n].staff);
                sketch.notes[n].level_db += if elsewhere { 0.0 } else { k * db };
            }
        }
    }
}

/// Balance of the voices: the melody above the rest, inner notes below the outer, as pianists
/// do (Goebl, *Melody lead in piano performance*, JASA 2001, finds the melody 8 to 15 velocity
/// steps above its chord).
pub fn voicing(sketch: &mut Sketch<'_>, k: f64) {
    let score = sketch.score;
    for onset in &sketch.onsets {
        let pitches = || onset.notes.clone().map(|n| score.notes[n].pitch);
        let (low, high) = (pitches().min().unwrap_or(0), pitches().max().unwrap_or(0));
        for n in onset.notes.clone() {
            let note = &score.notes[n];
            let role = match note.hand() {
                _ if onset.melody == Some(n) => 2.0,
                Hand::Right if note.pitch == high => 1.0,
                Hand::Right => -0.5,
                Hand::Left if note.pitch == low => -1.0,
                Hand::Left => -2.0,
            };
            sketch.notes[n].level_db += k * role;
        }
    }
}

/// High notes louder: 3 dB an octave above the mean of their staff (Friberg 1991, *Generative
/// rules for music performance*, DDM 1: Δsl = k·(pitch − mean)/4).
pub fn high_loud(sketch: &mut Sketch<'_>, k: f64) {
    for staff in [Hand::Right, Hand::Left] {
        let of_staff = || sketch.score.notes.iter().filter(move |n| n.hand() == staff);
        let count = of_staff().count();
        if count == 0 {
            continue;
        }
        let mean = of_staff().map(|n| f64::from(n.pitch)).sum::<f64>() / count as f64;
        for (note, written) in sketch.notes.iter_mut().zip(&sketch.score.notes) {
            if written.hand() == staff {
                note.level_db += high_loud_db(k, f64::from(written.pitch), mean);
            }
        }
    }
}

/// The rule itself, in decibels.
pub fn high_loud_db(k: f64, pitch: f64, mean: f64) -> f64 {
    k * (pitch - mean) / 4.0
}
