//! The table `score` and what the index says of each score.

use std::collections::{BTreeMap, HashMap};

use anyhow::Result;

use super::notes::{Notes, pair};
use super::outcome::Comparison;
use crate::datasets::container::{Columns, DirectionRow, SCORE, ScoreEntry};

/// Names of the marks, by bit.
const MARKS: [&str; 16] = [
    "staccato",
    "staccatissimo",
    "accent",
    "marcato",
    "tenuto",
    "fermata",
    "trill",
    "mordent",
    "turn",
    "arpeggio",
    "tremolo",
    "slur start",
    "slur stop",
    "slurred",
    "bit 14",
    "breath",
];

/// For each of our scores, its index in theirs and the pairs of notes.
pub type Pairs = Vec<Option<(usize, Vec<Option<usize>>)>>;

/// Compares all scores that both have.
pub fn compare(
    comparison: &mut Comparison,
    (ours, our_columns): (&[ScoreEntry], &Columns),
    (theirs, their_columns): (&[ScoreEntry], &Columns),
) -> Result<Pairs> {
    let by_folder: HashMap<_, _> = theirs.iter().enumerate().map(|(k, s)| (s.folder.as_str(), k)).collect();
    let mut pairs = Pairs::new();
    for entry in ours {
        let Some(&other) = by_folder.get(entry.folder.as_str()) else {
            comparison.lacks("scores that only we have", 1);
            pairs.push(None);
            continue;
        };
        let (a, b) = (Notes::of(entry, our_columns)?, Notes::of(&theirs[other], their_columns)?);
        let notes = pair(&a, &b);
        compare_notes(comparison, &a, &b, &notes, &entry.folder);
        compare_bars(comparison, entry, &theirs[other]);
        compare_directions(comparison, entry, &theirs[other]);
        comparison.scores += 1;
        pairs.push(Some((other, notes)));
    }
    comparison.lacks("scores that only they have", theirs.len() - comparison.scores);
    Ok(pairs)
}

fn compare_notes(
    comparison: &mut Comparison,
    ours: &Notes,
    theirs: &Notes,
    pairs: &[Option<usize>],
    folder: &str,
) {
    let found = pairs.iter().flatten().count();
    comparison.lacks("score notes that only we have", ours.count - found);
    comparison.lacks("score notes that only they have", theirs.count - found);
    for (row, other) in pairs.iter().enumerate().filter_map(|(row, other)| Some((row, (*other)?))) {
        for spec in SCORE {
            let (a, b) = (ours.get(spec.0, row), theirs.get(spec.0, other));
            let reason = if spec.0 == "marks" { marks(a as u32, b as u32) } else { String::new() };
            comparison.count(
                &format!("score.{}", spec.0),
                (a, b),
                Notes::same(spec.0, a, b),
                &reason,
                folder,
            );
        }
    }
}

/// The marks that one has and the other has not.
fn marks(ours: u32, theirs: u32) -> String {
    let name = |bits: u32, who: &str| {
        let names = (0..16).filter(|b| bits >> b & 1 == 1).map(|b| MARKS[b]);
        names.map(|n| format!("{n} {who}")).collect::<Vec<_>>()
    };
    let differences = [name(ours & !theirs, "only ours"), name(theirs & !ours, "only theirs")];
    differences.concat().join(", ")
}

fn compare_bars(comparison: &mut Comparison, ours: &ScoreEntry, theirs: &ScoreEntry) {
    let near = |a: f64, b: f64| (a - b).abs() < 1e-3;
    for (a, b) in ours.bars.iter().zip(&theirs.bars) {
        comparison.count("bars.start", (a.0, b.0), near(a.0, b.0), "", &ours.folder);
        comparison.count("bars.end", (a.1, b.1), near(a.1, b.1), "", &ours.folder);
        let reason = format!("{} for {}", a.2, b.2);
        comparison.count("bars.number", (0.0, 0.0), a.2 == b.2, &reason, &ours.folder);
    }
    let (a, b) = (ours.bars.len(), theirs.bars.len());
    comparison.lacks("bars that only we have", a.saturating_sub(b));
    comparison.lacks("bars that only they have", b.saturating_sub(a));
}

/// Directions are equal if class and place are; tempi if place and number are.
fn compare_directions(comparison: &mut Comparison, ours: &ScoreEntry, theirs: &ScoreEntry) {
    let slot = |q: f64| (q * 480.0).round() as i64;
    let key = |d: &DirectionRow| (d.2.clone(), slot(d.0));
    let mut waiting: BTreeMap<(String, i64), usize> = BTreeMap::new();
    for direction in &theirs.directions {
        *waiting.entry(key(direction)).or_default() += 1;
    }
    for direction in &ours.directions {
        let left = waiting.get_mut(&key(direction)).filter(|n| **n > 0);
        let found = left.map(|n| *n -= 1).is_some();
        let reason = format!("{} only ours", direction.2);
        comparison.count("directions", (0.0, 0.0), found, &reason, &ours.folder);
    }
    for ((class, _), number) in waiting {
        for _ in 0..number {
            comparison.count("directions", (0.0, 0.0), false, &format!("{class} only theirs"), &ours.folder);
        }
    }
    let tempo = |t: &(f64, f64, Option<String>)| (slot(t.0), (t.1 * 100.0).round() as i64);
    let theirs: Vec<_> = theirs.tempi.iter().map(tempo).collect();
    let mine: Vec<_> = ours.tempi.iter().map(tempo).collect();
    for t in &mine {
        comparison.count("tempi", (0.0, 0.0), theirs.contains(t), "only ours", &ours.folder);
    }
    for _ in theirs.iter().filter(|t| !mine.contains(t)) {
        comparison.count("tempi", (0.0, 0.0), false, "only theirs", &ours.folder);
    }
}
