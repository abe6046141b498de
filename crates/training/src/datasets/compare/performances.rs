//! The tables of note-aligned performances.

use std::collections::HashMap;

use anyhow::Result;

use super::outcome::Comparison;
use super::scores::Pairs;
use crate::datasets::container::{Columns, Container, Recording, Rows};

/// Tolerance of times read from files, in seconds; single precision has less after a minute.
const TOLERANCE_SECS: f64 = 2e-5;
/// Tolerance of the fitted curve.
const FIT_SECS: f64 = 1e-3;

/// Compares all performances that both have.
pub fn compare(
    comparison: &mut Comparison,
    ours: &Container<Recording>,
    theirs: &Container<Recording>,
    pairs: &Pairs,
) -> Result<()> {
    let by_midi: HashMap<_, _> = theirs.performances.iter().map(|p| (p.midi.as_str(), p)).collect();
    let mut both = 0;
    for recording in &ours.performances {
        let other = by_midi.get(recording.midi.as_str());
        let (Some(other), Some((_, notes))) = (other, &pairs[recording.score]) else {
            comparison.lacks("performances that only we have", 1);
            continue;
        };
        both += 1;
        let sides = (&ours.columns, &theirs.columns);
        compare_notes(comparison, sides, recording, other, notes)?;
        let tables: [(&str, &[&str], Rows, Rows, f64); 4] = [
            ("pedal", &["ped_t", "ped_cc", "ped_v"], recording.pedal, other.pedal, TOLERANCE_SECS),
            (
                "extra",
                &["ins_t", "ins_dur", "ins_pitch", "ins_vel"],
                recording.extra,
                other.extra,
                TOLERANCE_SECS,
            ),
            ("beat", &["beat_t", "beat_kind"], recording.beat, other.beat, TOLERANCE_SECS),
            ("fit", &["fit_t"], recording.fit, other.fit, FIT_SECS),
        ];
        for (table, columns, a, b, tolerance) in tables {
            compare_table(comparison, sides, (table, columns, tolerance), (a, b), &recording.midi)?;
        }
        compare_checks(comparison, recording, other);
        let named =
            [("maestro", recording.maestro == other.maestro), ("robust", recording.robust == other.robust)];
        for (name, same) in named {
            comparison.count(&format!("index.{name}"), (0.0, 0.0), same, "", &recording.midi);
        }
    }
    comparison.performances = both;
    comparison.lacks("performances that only they have", theirs.performances.len() - both);
    Ok(())
}

/// Aligned notes, matched by score note.
fn compare_notes(
    comparison: &mut Comparison,
    (ours, theirs): (&Columns, &Columns),
    a: &Recording,
    b: &Recording,
    notes: &[Option<usize>],
) -> Result<()> {
    let rows: HashMap<usize, usize> =
        theirs.get("sidx", b.perf)?.into_iter().enumerate().map(|(k, row)| (row as usize, k)).collect();
    let ours_by_row = ours.get("sidx", a.perf)?;
    let matched: Vec<Option<usize>> =
        ours_by_row.iter().map(|row| rows.get(&notes[*row as usize]?).copied()).collect();
    let found = matched.iter().flatten().count();
    comparison.lacks("aligned notes that only we have", a.perf.1 - found);
    comparison.lacks("aligned notes that only they have", b.perf.1 - found);
    for name in ["onset", "dur", "vel", "pflag"] {
        let (x, y) = (ours.get(name, a.perf)?, theirs.get(name, b.perf)?);
        for (k, other) in matched.iter().enumerate().filter_map(|(k, other)| Some((k, (*other)?))) {
            let (x, y) = (x[k], y[other]);
            let same =
                if name == "vel" || name == "pflag" { x == y } else { (x - y).abs() <= TOLERANCE_SECS };
            let reason = if name == "pflag" { flags(x as u8, y as u8) } else { String::new() };
            comparison.count(&format!("perf.{name}"), (x, y), same, &reason, &a.midi);
        }
    }
    Ok(())
}

fn flags(ours: u8, theirs: u8) -> String {
    let names = ["timing outlier", "other pitch", "unknown duration"];
    let name = |bits: u8, who: &str| {
        let set = (0..3).filter(|k| bits >> k & 1 == 1).map(|k: usize| format!("{} {who}", names[k]));
        set.collect::<Vec<_>>()
    };
    [name(ours & !theirs, "only ours"), name(theirs & !ours, "only theirs")].concat().join(", ")
}

/// Rows in order.
fn compare_table(
    comparison: &mut Comparison,
    (ours, theirs): (&Columns, &Columns),
    (table, columns, tolerance): (&str, &[&str], f64),
    (a, b): (Rows, Rows),
    place: &str,
) -> Result<()> {
    comparison.lacks(&format!("rows of {table} that only we have"), a.1.saturating_sub(b.1));
    comparison.lacks(&format!("rows of {table} that only they have"), b.1.saturating_sub(a.1));
    for name in columns {
        let (x, y) = (ours.get(name, a)?, theirs.get(name, b)?);
        for (x, y) in x.into_iter().zip(y) {
            let same = (x - y).abs() <= tolerance || (x.is_nan() && y.is_nan());
            let reason = if table == "fit" { how_far(x, y) } else { "" };
            comparison.count(&format!("{table}.{name}"), (x, y), same, reason, place);
        }
    }
    Ok(())
}

fn how_far(x: f64, y: f64) -> &'static str {
    match (x - y).abs() {
        d if d < 0.01 => "below 10 ms",
        d if d < 0.05 => "10 to 50 ms",
        d if d >= 0.05 => "more than 50 ms",
        _ => "missing in one",
    }
}

fn compare_checks(comparison: &mut Comparison, a: &Recording, b: &Recording) {
    for (name, x) in &a.checks {
        if let Some(y) = b.checks.get(name) {
            let same = (x - y).abs() <= 1.5e-5;
            comparison.count(&format!("checks.{name}"), (*x, *y), same, "", &a.midi);
        }
    }
}
