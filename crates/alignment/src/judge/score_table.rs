//! What was right, as a table.

use std::fmt;

use serde::Serialize;

use super::kind::Damage;

/// How many there are, how many were found, and how many of these are right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// In the truth.
    pub wanted: usize,
    /// In the alignment.
    pub found: usize,
    /// In both.
    pub right: usize,
}

impl Counts {
    /// The harmonic mean of precision and recall; 1 if there is nothing and nothing was found.
    pub fn f1(self) -> f64 {
        let both = self.wanted + self.found;
        if both == 0 { 1.0 } else { 2.0 * self.right as f64 / both as f64 }
    }

    fn add(&mut self, other: Self) {
        self.wanted += other.wanted;
        self.found += other.found;
        self.right += other.right;
    }
}

/// What was found of a case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Row {
    /// How it was damaged.
    pub damage: Damage,
    /// Which recording.
    pub name: String,
    /// How many keys it has.
    pub keys: usize,
    /// How long the alignment took, in seconds.
    pub secs: f64,
    /// Pairs of note and key with one pitch.
    pub pairs: Counts,
    /// Pairs of note and wrong key.
    pub wrong: Counts,
    /// Notes that were not played.
    pub missed: Counts,
    /// Keys that belong to no note.
    pub extra: Counts,
}

/// All rows.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Table {
    /// In the order of judging.
    pub rows: Vec<Row>,
}

/// What the rows of one damage have in common.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Summary {
    /// Recordings.
    pub count: usize,
    /// Mean F1 of the pairs of each recording.
    pub mean: f64,
    /// F1 of the worst recording.
    pub worst: f64,
    /// F1 of wrong keys, missed notes and extra keys of all recordings together.
    pub slips: [f64; 3],
    /// Keys a second.
    pub keys_a_second: f64,
    /// Seconds that all of them took.
    pub secs: f64,
}

impl Table {
    /// What was found of the recordings damaged in a way; none if there is no such recording.
    pub fn summary(&self, damage: Damage) -> Option<Summary> {
        let rows: Vec<&Row> = self.rows.iter().filter(|row| row.damage == damage).collect();
        let f1 = || rows.iter().map(|row| row.pairs.f1());
        let pooled = |side: fn(&Row) -> Counts| {
            let mut counts = Counts::default();
            rows.iter().for_each(|row| counts.add(side(row)));
            counts.f1()
        };
        let (keys, secs): (usize, f64) =
            rows.iter().fold((0, 0.0), |(k, s), row| (k + row.keys, s + row.secs));
        (!rows.is_empty()).then(|| Summary {
            count: rows.len(),
            mean: f1().sum::<f64>() / rows.len() as f64,
            worst: f1().fold(1.0, f64::min),
            slips: [pooled(|row| row.wrong), pooled(|row| row.missed), pooled(|row| row.extra)],
            keys_a_second: keys as f64 / secs.max(1e-9),
            secs,
        })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<20}{:>6}{:>9}{:>9}{:>9}{:>9}{:>9}{:>12}",
            "recordings", "count", "note F1", "worst", "wrong", "missed", "extra", "keys/s"
        )?;
        for damage in Damage::ALL {
            let Some(found) = self.summary(damage) else { continue };
            write!(f, "{:<20}{:>6}{:>9.4}{:>9.4}", damage.name(), found.count, found.mean, found.worst)?;
            let [wrong, missed, extra] = found.slips;
            writeln!(f, "{wrong:>9.3}{missed:>9.3}{extra:>9.3}{:>12.0}", found.keys_a_second)?;
        }
        writeln!(
            f,
            "note F1: pairs of note and key, mean of the recordings; worst: of the worst recording; wrong, missed, \
             extra: F1 of these labels, all recordings together"
        )
    }
}
