//! How much of each dimension of expression: less or more of what a performer did.
//!
//! In each dimension a performance is a level (its mean difference from the deadpan) and what
//! varies about it. An amount below 1 takes both towards the deadpan and reaches it at 0; above 1
//! only what varies grows: twice the rubato is not half the tempo. Each leaves the others alone; where
//! tempo ends and rubato begins is defined by `tempo_trend`. What meets an end of its range stays there:
//! velocities beyond 127, a pedal that is all the way down.

use std::ops::RangeInclusive;

use notation::Score;
use serde::{Deserialize, Serialize};

use crate::codec::{self, Coded, CodedNote};
use crate::deadpan::{VELOCITY, deadpan};
use crate::tempo_trend::Line;
use crate::{Pedal, Performance};

/// No tempo gets further from that of the deadpan than this many octaves.
const FARTHEST_OCTAVES: f64 = 5.0;

/// How far the balance of melody and accompaniment goes, in decibels.
pub const BALANCES_DB: RangeInclusive<f64> = -12.0..=12.0;

/// How much of each dimension of expression: 0 deadpan, 1 as the performer plays, 2 twice as much.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Amounts {
    /// Loud and soft.
    pub dynamics: f64,
    /// Slow changes of tempo, over two quarters and more.
    pub tempo: f64,
    /// Fast changes of tempo, whose time is given back within two quarters, and the spread of chords.
    pub rubato: f64,
    /// Short and long.
    pub articulation: f64,
    /// Depth of the sustain pedal (at most 1 has an effect beyond scaling its depth).
    pub pedal: f64,
    /// How much further the melody stands above its accompaniment than the performer plays it, in
    /// decibels within [`BALANCES_DB`]; 0 as the performer plays. What is melody is a matter of
    /// analysis: [`apply`] leaves this to whoever makes the take.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub balance_db: f64,
}

fn is_zero(value: &f64) -> bool {
    *value == 0.0
}

impl Default for Amounts {
    fn default() -> Self {
        Self { dynamics: 1.0, tempo: 1.0, rubato: 1.0, articulation: 1.0, pedal: 1.0, balance_db: 0.0 }
    }
}

impl Amounts {
    /// The same amounts, each within 0 to 4; what is not a number counts as 1.
    fn sensible(self) -> Self {
        let sensible = |a: f64| if a.is_nan() { 1.0 } else { a.clamp(0.0, 4.0) };
        Self {
            dynamics: sensible(self.dynamics),
            tempo: sensible(self.tempo),
            rubato: sensible(self.rubato),
            articulation: sensible(self.articulation),
            pedal: sensible(self.pedal),
            ..self
        }
    }
}

/// Scales each dimension of a performance of a score or of some of its notes. Amounts of 1 change
/// nothing, to the last bit. The first onset keeps its time.
pub fn apply(score: &Score, played: &Performance, amounts: Amounts) -> Performance {
    let amounts = amounts.sensible();
    let mut changed = played.clone();
    if amounts.tempo != 1.0 || amounts.rubato != 1.0 || amounts.articulation != 1.0 {
        scale_time(score, &mut changed, amounts);
    }
    if amounts.dynamics != 1.0 {
        scale_dynamics(&mut changed, amounts.dynamics);
    }
    if amounts.pedal != 1.0 {
        scale_pedal(&mut changed, amounts.pedal);
    }
    changed
}

/// What becomes of a deviation: its mean fades below an amount of 1, its variation scales.
fn scaled(value: f64, mean: f64, amount: f64) -> f64 {
    mean * amount.min(1.0) + (value - mean) * amount
}

fn scale_dynamics(played: &mut Performance, amount: f64) {
    let deadpan = f64::from(VELOCITY);
    let mean = mean(played.notes.iter().map(|n| f64::from(n.velocity) - deadpan));
    for note in &mut played.notes {
        let velocity = deadpan + scaled(f64::from(note.velocity) - deadpan, mean, amount);
        note.velocity = velocity.round().clamp(1.0, 127.0) as u8;
    }
}

fn scale_pedal(played: &mut Performance, amount: f64) {
    if amount == 0.0 {
        played.pedals.retain(|p| p.pedal != Pedal::Sustain);
    }
    for event in played.pedals.iter_mut().filter(|p| p.pedal == Pedal::Sustain) {
        event.value = (f64::from(event.value) * amount).round().clamp(0.0, 127.0) as u8;
    }
}

/// Scales tempo, rubato and articulation on the codec.
fn scale_time(score: &Score, played: &mut Performance, amounts: Amounts) {
    let mut coded = codec::encode(score, played);
    let same_notes = Performance { notes: literal_notes(score, &coded), pedals: Vec::new() };
    let literal = codec::encode(score, &same_notes);
    if literal.onsets.len() != coded.onsets.len() || literal.notes.len() != coded.notes.len() {
        return;
    }
    let retimed = amounts.tempo != 1.0 || amounts.rubato != 1.0;
    if retimed {
        scale_curve(&mut coded, &literal, amounts);
        scale_timing(score, &mut coded, &literal.notes, amounts.rubato);
    }
    if amounts.articulation != 1.0 {
        scale_articulation(&mut coded.notes, &literal.notes, amounts.articulation);
    }
    let decoded = codec::decode(score, &coded);
    // Notes that the codec leaves out have no times to scale.
    let mut decoded_notes = decoded.notes.iter().peekable();
    for note in &mut played.notes {
        let Some(new) = decoded_notes.next_if(|d| d.note == note.note) else { continue };
        if retimed {
            note.onset_secs = new.onset_secs;
        }
        note.duration_secs = new.duration_secs;
    }
    if retimed {
        played.pedals = decoded.pedals;
    }
}

/// The notes of a performance as the deadpan has them.
fn literal_notes(score: &Score, coded: &Coded) -> Vec<crate::PlayedNote> {
    let all = deadpan(score);
    coded.notes.iter().filter_map(|n| all.get(n.note).copied()).collect()
}

/// Splits the tempo into its trend and rubato and scales each.
fn scale_curve(coded: &mut Coded, literal: &Coded, amounts: Amounts) {
    // The last onset has no tempo of its own: there it goes on as before.
    let last = coded.onsets.len().saturating_sub(1);
    let deviation = |k: usize| (coded.onsets[k].beat_period_secs / literal.onsets[k].beat_period_secs).log2();
    let deviations: Vec<f64> = (0..last).map(deviation).collect();
    let line = Line::through(coded.onsets.iter().map(|o| o.at.to_f64()).collect());
    let trend = line.trend(&deviations);
    let mean = line.mean(&trend);
    let rubato: Vec<f64> = (0..last).map(|k| (deviations[k] - trend[k]) * amounts.rubato).collect();
    // Scaled rubato takes another time as a whole: the difference goes back to the trend.
    let borrowed = if amounts.rubato == 1.0 { vec![0.0; last] } else { line.trend(&rubato) };
    for (k, onset) in coded.onsets[..last].iter_mut().enumerate() {
        let deviation = scaled(trend[k], mean, amounts.tempo) + rubato[k] - borrowed[k];
        let deviation = deviation.clamp(-FARTHEST_OCTAVES, FARTHEST_OCTAVES);
        onset.beat_period_secs = literal.onsets[k].beat_period_secs * deviation.exp2();
    }
    if let [.., before, last] = &mut coded.onsets[..] {
        last.beat_period_secs = before.beat_period_secs;
    }
}

/// Scales how far notes lie off the curve. What grows stays on its side of the middle between two
/// onsets, so that the order of the music stays.
fn scale_timing(score: &Score, coded: &mut Coded, literal: &[CodedNote], amount: f64) {
    let curve = coded.curve();
    let secs: Vec<f64> = coded.onsets.iter().map(|o| curve.secs_at(o.at.to_f64())).collect();
    for (note, literal) in coded.notes.iter_mut().zip(literal) {
        let onset = score.notes[note.note as usize].onset;
        // Grace notes alone at their place may lie outside the curve.
        let k = coded.onsets.partition_point(|o| o.at < onset);
        let here = secs.get(k).copied();
        let gap = |other: Option<&f64>| Some(0.45 * (other? - here?).abs());
        let before = gap(k.checked_sub(1).and_then(|j| secs.get(j))).unwrap_or(f64::INFINITY);
        let after = gap(secs.get(k + 1)).unwrap_or(f64::INFINITY);
        let played = note.timing_secs;
        let timing = literal.timing_secs + amount * (played - literal.timing_secs);
        note.timing_secs = timing
            .clamp(played.min(literal.timing_secs).min(-before), played.max(literal.timing_secs).max(after));
    }
}

fn scale_articulation(notes: &mut [CodedNote], literal: &[CodedNote], amount: f64) {
    let deviation =
        |(note, literal): (&CodedNote, &CodedNote)| note.articulation_log2 - literal.articulation_log2;
    let mean = mean(notes.iter().zip(literal).map(deviation));
    for (note, literal) in notes.iter_mut().zip(literal) {
        let deviation = note.articulation_log2 - literal.articulation_log2;
        note.articulation_log2 = literal.articulation_log2 + scaled(deviation, mean, amount);
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0u32), |(sum, count), v| (sum + v, count + 1));
    sum / f64::from(count.max(1))
}
