//! The written tempo: metronome marks, tempo words, ritardando, accelerando.

use std::collections::HashSet;

use notation::{Direction, DirectionKind, Quarters, Score};

use super::sketch::Sketch;

/// Quarters per minute where the score has no tempo.
const UNMARKED: f64 = 100.0;

/// How much slower (quarter length) a ritardando is at its end, and how much an accelerando.
const RITARDANDO: f64 = 0.35;
const ACCELERANDO: f64 = -0.2;

/// Measures that a gradual change takes when the score does not mark its end.
const GRADUAL_MEASURES: f64 = 2.0;

/// A stretch of score time with one law of tempo.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: f64,
    /// Seconds per quarter at its start and at `ramp_to`.
    period: f64,
    end_period: f64,
    /// Where the ramp ends; the end period holds from there on.
    ramp_to: f64,
}

/// Seconds per quarter over the whole score.
pub struct WrittenTempo {
    stretches: Vec<Stretch>,
}

impl WrittenTempo {
    /// Reads the tempo marks of a score.
    pub fn read(score: &Score) -> Self {
        let first = first_tempo(score);
        let mut stretches = vec![Stretch {
            from: f64::NEG_INFINITY,
            period: 60.0 / first,
            end_period: 60.0 / first,
            ramp_to: 0.0,
        }];
        // `steady` is the tempo to come back to; metronome marks outrank words at the same place.
        let mut steady = 60.0 / first;
        let metronomes: HashSet<Quarters> =
            score.directions.iter().filter(|d| is_metronome(d.kind)).map(|d| d.onset).collect();
        let next_marks = next_tempo_marks(score);
        // So many stretches start before the direction at hand, whatever comes.
        let mut settled = 0;
        for (k, direction) in score.directions.iter().enumerate() {
            let at = direction.onset.to_f64();
            let text = direction.text.to_lowercase();
            let metronome_here = || metronomes.contains(&direction.onset);
            match direction.kind {
                DirectionKind::Metronome(bpm) => steady = period_of(bpm),
                DirectionKind::Tempo(Some(bpm)) if !metronome_here() => steady = period_of(bpm),
                DirectionKind::Tempo(None) if !metronome_here() => steady /= relative_tempo(&text),
                DirectionKind::ATempo => {
                    if ["tempo i", "tempo 1", "primo"].iter().any(|w| text.contains(w))
                        && !text.contains("in tempo")
                    {
                        steady = 60.0 / first;
                    }
                }
                DirectionKind::Ritardando | DirectionKind::Accelerando => {
                    let full =
                        if direction.kind == DirectionKind::Ritardando { RITARDANDO } else { ACCELERANDO };
                    let now = period_at(&stretches, at);
                    let end = direction.end.map_or_else(|| gradual_end(score, at), |e| e.to_f64());
                    let next = next_marks[k];
                    let ramp_to = end.min(next).max(at + 1e-3);
                    let period = now;
                    let end_period = (now * (1.0 + full * degree(&text))).clamp(0.05, 8.0);
                    stretches.push(Stretch { from: at, period, end_period, ramp_to });
                    if next.is_infinite() && direction.kind == DirectionKind::Accelerando {
                        steady = end_period;
                    } else if ramp_to < next && ramp_to < score.end().to_f64() - 1e-6 {
                        stretches.push(constant(ramp_to, steady));
                    }
                    continue;
                }
                _ => continue,
            }
            let open = stretches.split_off(settled);
            stretches.extend(open.into_iter().filter(|s| s.from < at || s.from.is_infinite()));
            settled = stretches.len();
            stretches.push(constant(at, steady));
        }
        Self { stretches }
    }

    /// Seconds per quarter at a point.
    pub fn period_secs(&self, at: f64) -> f64 {
        period_at(&self.stretches, at)
    }

    /// Gives every onset of a sketch its written time.
    pub fn apply(&self, sketch: &mut Sketch<'_>) {
        for onset in &mut sketch.onsets {
            // Simpson's rule is exact for the linear ramps within a stretch.
            let (a, b) = (onset.at, onset.at + onset.span_quarters);
            let before_b = b - 1e-6 * onset.span_quarters;
            let mean =
                (self.period_secs(a) + 4.0 * self.period_secs((a + b) / 2.0) + self.period_secs(before_b))
                    / 6.0;
            onset.nominal_secs = mean * onset.span_quarters;
            onset.secs = onset.nominal_secs;
        }
    }
}

fn is_metronome(kind: DirectionKind) -> bool {
    matches!(kind, DirectionKind::Metronome(_))
}

fn constant(from: f64, period: f64) -> Stretch {
    Stretch { from, period, end_period: period, ramp_to: from }
}

fn period_of(bpm: f64) -> f64 {
    60.0 / if bpm.is_finite() { bpm.clamp(8.0, 600.0) } else { UNMARKED }
}

fn period_at(stretches: &[Stretch], at: f64) -> f64 {
    let k = stretches.partition_point(|s| s.from <= at + 1e-9);
    let Some(s) = k.checked_sub(1).and_then(|k| stretches.get(k)) else { return 60.0 / UNMARKED };
    if s.from.is_infinite() || s.ramp_to <= s.from {
        return s.end_period;
    }
    let x = ((at - s.from) / (s.ramp_to - s.from)).clamp(0.0, 1.0);
    s.period + (s.end_period - s.period) * x
}

/// The tempo of the first mark, if it stands before anything has sounded for long.
fn first_tempo(score: &Score) -> f64 {
    let first_note = score.notes.first().map_or(0.0, |n| n.onset.to_f64());
    let early = score.directions.iter().filter(|d| d.onset.to_f64() <= first_note + 4.0);
    let value = |wanted: fn(DirectionKind) -> Option<f64>| early.clone().find_map(|d| wanted(d.kind));
    let metronome = value(|kind| if let DirectionKind::Metronome(bpm) = kind { Some(bpm) } else { None });
    let word = value(|kind| if let DirectionKind::Tempo(bpm) = kind { bpm } else { None });
    60.0 / period_of(metronome.or(word).unwrap_or(UNMARKED))
}

/// What words without a tempo of their own do to the tempo before.
fn relative_tempo(text: &str) -> f64 {
    let has = |word: &str| text.contains(word);
    match () {
        () if has("meno") => 0.85,
        () if has("più lento") || has("piu lento") || has("langsamer") => 0.85,
        () if has("mosso") || has("schneller") || has("più moto") || has("piu moto") => 1.15,
        () => 1.0,
    }
}

/// How much is meant: `poco` half, `molto` one and a half.
fn degree(text: &str) -> f64 {
    match () {
        () if text.contains("molto") => 1.5,
        () if text.contains("un poco") || text.contains("poco rit") || text.contains("poco rall") => 0.5,
        () => 1.0,
    }
}

/// Where a gradual change ends that has no end of its own.
fn gradual_end(score: &Score, at: f64) -> f64 {
    let length = score.time_signature_at(Quarters::nearest(at.clamp(0.0, 1e9), 48)).measure_length();
    at + GRADUAL_MEASURES * length.to_f64().max(0.5)
}

/// For each direction where the next one with another onset is that sets the tempo anew, in quarters;
/// infinity if there is none.
fn next_tempo_marks(score: &Score) -> Vec<f64> {
    let resets = |kind: DirectionKind| {
        use DirectionKind::{ATempo, Accelerando, Metronome, Ritardando, Tempo};
        matches!(kind, ATempo | Accelerando | Metronome(_) | Ritardando | Tempo(_))
    };
    let marks: Vec<Quarters> = score.directions.iter().filter(|d| resets(d.kind)).map(|d| d.onset).collect();
    let next = |d: &Direction| marks.get(marks.partition_point(|at| *at <= d.onset));
    score.directions.iter().map(|d| next(d).map_or(f64::INFINITY, |at| at.to_f64())).collect()
}
