//! What makes an alignment too poor to learn from.

use std::collections::BTreeMap;

use super::performed::Performed;

/// A quarter this much longer or shorter than the one before is a jump of the tempo.
const JUMP_LOG2: f64 = 2.0;
/// A quarter no longer than this is a standstill of the score, not a tempo.
const STANDSTILL_SECS: f64 = 0.02;
/// For logarithms.
const SHORTEST_QUARTER_SECS: f64 = 1e-3;
/// An onset this much earlier than the one before it in the score goes backwards.
const BACKWARD_SECS: f64 = 0.05;

/// Shares, from 0 to 1, and lengths of a performance.
#[derive(Clone, Copy, Debug, Default)]
pub struct Checks {
    /// Number of score notes.
    pub score_notes: usize,
    /// Score notes that were not aligned, of all score notes.
    pub deleted: f64,
    /// Struck keys that are not in the score, of all struck keys.
    pub inserted: f64,
    /// Quarters four times as long or short as the one before.
    pub jumps: f64,
    /// Quarters that take no time.
    pub standstills: f64,
    /// Onsets that go backwards.
    pub backward: f64,
    /// Aligned notes that are timing outliers.
    pub outliers: f64,
    /// Aligned notes with another pitch than the score's.
    pub other_pitch: f64,
    /// Aligned notes without a known duration.
    pub no_note_off: f64,
    /// From the first to the last onset.
    pub length_secs: f64,
    /// Standard deviation of velocity.
    pub velocity_deviation: f64,
}

/// What can be told from onsets and velocities. `onsets` are the times of the distinct onsets,
/// `fit` those of whole quarters.
pub fn measure(performed: &Performed, score_notes: usize, onsets: &[(f64, f64)], fit: &[f64]) -> Checks {
    let count = performed.aligned.len() as f64;
    let struck = count + performed.extra.len() as f64;
    let known: Vec<f64> = fit.iter().copied().filter(|t| !t.is_nan()).collect();
    let periods: Vec<f64> = known.windows(2).map(|w| w[1] - w[0]).collect();
    let jump = |w: &[f64]| {
        let [a, b] = [w[0], w[1]].map(|p| p.max(SHORTEST_QUARTER_SECS).log2());
        (b - a).abs() > JUMP_LOG2
    };
    let times = || performed.aligned.iter().map(|(_, s)| s.onset_secs);
    let mean = performed.aligned.iter().map(|(_, s)| f64::from(s.velocity)).sum::<f64>() / count;
    let square = |v: u8| (f64::from(v) - mean).powi(2);
    let variance = performed.aligned.iter().map(|(_, s)| square(s.velocity)).sum::<f64>() / count;
    Checks {
        score_notes,
        deleted: 1.0 - count / score_notes.max(1) as f64,
        inserted: performed.extra.len() as f64 / struck.max(1.0),
        jumps: share(periods.windows(2).map(jump)),
        standstills: share(periods.iter().map(|p| *p <= STANDSTILL_SECS)),
        backward: share(onsets.windows(2).map(|w| w[1].1 - w[0].1 < -BACKWARD_SECS)),
        length_secs: times().fold(f64::MIN, f64::max) - times().fold(f64::MAX, f64::min),
        velocity_deviation: variance.sqrt(),
        ..Checks::default()
    }
}

fn share(mut of: impl Iterator<Item = bool>) -> f64 {
    let (mut yes, mut all) = (0_usize, 0_usize);
    of.by_ref().for_each(|is| {
        yes += usize::from(is);
        all += 1;
    });
    yes as f64 / all.max(1) as f64
}

/// How much of a score may be missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Good enough to learn from and to be judged by.
    Good,
    /// Up to 15 % of the score notes are not aligned; the rest is good.
    Fair,
    /// Too poor.
    Poor(&'static str),
}

impl Checks {
    /// Whether the performance is good enough, or why not.
    pub fn verdict(&self) -> Verdict {
        let limits = [
            (self.deleted > 0.15, "deletions>15%"),
            (self.inserted > 0.2, "insertions>20%"),
            (self.other_pitch > 0.01, "pitch_mismatch>1%"),
            (self.jumps > 0.03 || self.standstills > 0.03, "extreme_tempo_jumps"),
            (self.backward > 0.05, "onset_order_backward"),
            (self.outliers > 0.03, "timing_outliers"),
            (self.no_note_off > 0.35, "no_noteoff>35%"),
            (self.velocity_deviation < 1.0, "flat_velocity"),
            (self.score_notes < 60, "few_notes"),
        ];
        match limits.into_iter().find(|(exceeded, _)| *exceeded) {
            Some((_, reason)) => Verdict::Poor(reason),
            None if self.deleted > 0.1 => Verdict::Fair,
            None => Verdict::Good,
        }
    }

    /// The figures under the names that containers have for them, to five places.
    pub fn named(&self, performed: &Performed) -> BTreeMap<String, f64> {
        let (aligned, extra) = (performed.aligned.len(), performed.extra.len());
        let mismatched = (self.other_pitch * aligned as f64).round();
        let faults = &performed.faults;
        let figures = [
            ("score_notes", self.score_notes as f64),
            ("aligned", aligned as f64),
            ("deletions", faults.deletions as f64),
            ("insertions", extra as f64),
            ("perf_notes", (aligned + extra) as f64),
            ("id_missing", faults.id_missing as f64),
            ("no_midi", faults.no_midi as f64),
            ("pitch_mismatch", mismatched),
            ("dup", faults.duplicate as f64),
            ("del_frac", self.deleted),
            ("ins_frac", self.inserted),
            ("no_noteoff", self.no_note_off),
            ("jumps", self.jumps),
            ("neg_tempo", self.standstills),
            ("backward", self.backward),
            ("outliers", self.outliers),
            ("pitch_frac", self.other_pitch),
            ("dur_s", self.length_secs),
            ("vel_std", self.velocity_deviation),
        ];
        let round = |value: f64| (value * 1e5).round() / 1e5;
        figures.into_iter().map(|(name, value)| (name.to_owned(), round(value))).collect()
    }
}
