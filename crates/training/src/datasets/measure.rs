//! An aligned performance measured and written into a container.

use notation::{Note, Score};
use performance::Pedal;

use super::checks::{self, Checks};
use super::container::{Columns, Recording};
use super::fit::{Curve, onset_times};
use super::performed::{Performed, ScoreNote, Struck};
use super::score_out;

/// A note further from the fitted curve than this, and than a quarter, is a timing outlier.
const OUTLIER_SECS: f64 = 0.4;

/// Bits of column `pflag`.
const TIMING_OUTLIER: u8 = 1;
const OTHER_PITCH: u8 = 2;
const UNKNOWN_DURATION: u8 = 4;

/// Measures the performance: the curve of its tempo, a flag for each aligned note, and what was
/// checked. `score` are the notes of its score.
pub fn measure(performed: &mut Performed, score: &[ScoreNote]) -> Measured {
    performed.aligned.sort_by_key(|(row, _)| *row);
    let main = performed.aligned.iter().filter(|(row, _)| !score[*row].grace);
    let main: Vec<_> = main.map(|(row, s)| (score[*row].onset_quarters, s.onset_secs)).collect();
    let onsets = onset_times(&main);
    let curve = Curve::new(&onsets);
    let flag = |(row, struck): &(usize, Struck)| {
        let (secs, period) = curve.at(score[*row].onset_quarters);
        let distance = (struck.onset_secs - secs).abs();
        let mut flag = 0;
        if distance > OUTLIER_SECS && distance > period {
            flag |= TIMING_OUTLIER;
        }
        if struck.pitch != score[*row].pitch {
            flag |= OTHER_PITCH;
        }
        if struck.duration_secs <= 0.0 {
            flag |= UNKNOWN_DURATION;
        }
        flag
    };
    let flags: Vec<u8> = performed.aligned.iter().map(flag).collect();
    let fit = curve.whole_quarters();
    let share = |bit: u8| flags.iter().filter(|f| *f & bit != 0).count() as f64 / flags.len().max(1) as f64;
    let checks = Checks {
        outliers: share(TIMING_OUTLIER),
        other_pitch: share(OTHER_PITCH),
        no_note_off: share(UNKNOWN_DURATION),
        ..checks::measure(performed, score.len(), &onsets, &fit)
    };
    Measured { flags, fit, checks }
}

/// Appends the performance to the tables; returns its entry, which has the names of `named`.
pub fn write(
    performed: &Performed,
    measured: &Measured,
    named: Recording,
    columns: &mut Columns,
) -> Recording {
    let start = |columns: &Columns, table: &str| columns.rows(table);
    let firsts = ["perf", "pedal", "extra", "beat", "fit"].map(|table| start(columns, table));
    for ((row, struck), flag) in performed.aligned.iter().zip(&measured.flags) {
        let (row, velocity) = (*row as f64, f64::from(struck.velocity));
        columns.push("perf", &[row, struck.onset_secs, struck.duration_secs, velocity, f64::from(*flag)]);
    }
    for event in &performed.pedals {
        columns.push("pedal", &[event.time_secs, controller(event.pedal), f64::from(event.value)]);
    }
    for struck in &performed.extra {
        let (pitch, velocity) = (f64::from(struck.pitch), f64::from(struck.velocity));
        columns.push("extra", &[struck.onset_secs, struck.duration_secs, pitch, velocity]);
    }
    for (secs, kind) in &performed.beats {
        columns.push("beat", &[*secs, f64::from(*kind as u8)]);
    }
    for secs in &measured.fit {
        columns.push("fit", &[*secs]);
    }
    Recording {
        perf: (firsts[0], performed.aligned.len()),
        pedal: (firsts[1], performed.pedals.len()),
        extra: (firsts[2], performed.extra.len()),
        beat: (firsts[3], performed.beats.len()),
        fit: (firsts[4], measured.fit.len()),
        checks: measured.checks.named(performed),
        ..named
    }
}

/// What [`measure`] finds.
pub struct Measured {
    /// Column `pflag`, parallel to the aligned notes.
    pub flags: Vec<u8>,
    /// Column `fit_t`: times of whole quarters in seconds.
    pub fit: Vec<f64>,
    /// What was checked.
    pub checks: Checks,
}

/// The number of a pedal's MIDI controller.
fn controller(pedal: Pedal) -> f64 {
    match pedal {
        Pedal::Sustain => 64.0,
        Pedal::Sostenuto => 66.0,
        Pedal::Soft => 67.0,
    }
}

/// What performances of a score are measured against.
pub fn score_notes(score: &Score) -> Vec<ScoreNote> {
    let pickup = score_out::pickup(score);
    let note = |n: &Note| ScoreNote {
        onset_quarters: (n.onset + pickup).to_f64(),
        pitch: n.pitch,
        grace: n.grace.is_some(),
    };
    score.notes.iter().map(note).collect()
}
