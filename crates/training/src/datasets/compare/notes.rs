//! Which note of one score is which of the other.

use std::collections::HashMap;

use anyhow::Result;

use crate::datasets::container::{Columns, SCORE, ScoreEntry};

/// Tolerance of the single-precision score times, in quarters.
const TOLERANCE_QUARTERS: f64 = 1e-3;

/// The score table of one score, by column.
pub struct Notes {
    columns: HashMap<&'static str, Vec<f64>>,
    /// Number of notes.
    pub count: usize,
}

impl Notes {
    /// The rows of an entry.
    pub fn of(entry: &ScoreEntry, columns: &Columns) -> Result<Self> {
        let get = |name: &'static str| Ok((name, columns.get(name, (entry.first, entry.count))?));
        let columns = SCORE.iter().map(|spec| get(spec.0)).collect::<Result<_>>()?;
        Ok(Self { columns, count: entry.count })
    }

    /// A value.
    pub fn get(&self, column: &str, row: usize) -> f64 {
        self.columns[column][row]
    }

    /// Whether two values of a column are the same.
    pub fn same(column: &str, ours: f64, theirs: f64) -> bool {
        match column {
            "onset_q" | "dur_q" | "pos_q" => (ours - theirs).abs() <= TOLERANCE_QUARTERS,
            _ => ours == theirs,
        }
    }

    fn key(&self, row: usize) -> (i64, i64, bool) {
        let slot = (self.get("onset_q", row) / (2.0 * TOLERANCE_QUARTERS)).round() as i64;
        (slot, self.get("pitch", row) as i64, self.get("flags", row) as i64 & 1 == 1)
    }
}

/// For each of our notes, the row of the same note in theirs.
pub fn pair(ours: &Notes, theirs: &Notes) -> Vec<Option<usize>> {
    let mut waiting: HashMap<(i64, i64, bool), Vec<usize>> = HashMap::new();
    for row in (0..theirs.count).rev() {
        waiting.entry(theirs.key(row)).or_default().push(row);
    }
    let mut find = |row: usize| {
        let (slot, pitch, grace) = ours.key(row);
        [slot, slot - 1, slot + 1].into_iter().find_map(|slot| {
            let rows = waiting.get_mut(&(slot, pitch, grace))?;
            // Of several at one onset and pitch, the one that agrees best.
            let unlike = |r: &usize| {
                let differs = |c: &str| !Notes::same(c, ours.get(c, row), theirs.get(c, *r));
                ["dur_q", "voice", "staff", "xml_n"].iter().filter(|c| differs(c)).count()
            };
            let best = (0..rows.len()).rev().min_by_key(|k| unlike(&rows[*k]))?;
            Some(rows.swap_remove(best))
        })
    };
    (0..ours.count).map(&mut find).collect()
}
