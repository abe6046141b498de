//! A comparison as text.

use std::collections::BTreeMap;
use std::fmt;

use super::outcome::Comparison;

/// Reasons and places that are listed for a column.
const LISTED: usize = 6;

/// One line a column, then what differs and where, then what only one of the containers has.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} scores, {} performances in both", self.scores, self.performances)?;
        writeln!(f, "{:<18} {:>9} {:>9} {:>9} {:>11}", "column", "equal", "different", "equal %", "largest")?;
        for (name, column) in &self.columns {
            let (equal, different) = (column.equal, column.different());
            let share = 100.0 * equal as f64 / (equal + different).max(1) as f64;
            writeln!(f, "{name:<18} {equal:>9} {different:>9} {share:>9.3} {:>11.6}", column.largest)?;
        }
        for (name, column) in self.columns.iter().filter(|(_, c)| c.different() > 0) {
            writeln!(f, "{name}: {}", listed(&column.reasons, column.different()))?;
            writeln!(f, "    in {}", listed(&column.places, column.different()))?;
        }
        for (what, number) in &self.unmatched {
            writeln!(f, "{what}: {number}")?;
        }
        Ok(())
    }
}

/// The most frequent first.
fn listed(counts: &BTreeMap<String, usize>, total: usize) -> String {
    let mut counts: Vec<_> = counts.iter().collect();
    counts.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
    let item = |(name, number): &(&String, &usize)| match name.as_str() {
        "" => number.to_string(),
        name => format!("{name} {number}"),
    };
    let mut items: Vec<String> = counts.iter().take(LISTED).map(item).collect();
    let rest: usize = total - counts.iter().take(LISTED).map(|(_, n)| **n).sum::<usize>();
    if rest > 0 {
        items.push(format!("others {rest}"));
    }
    items.join("; ")
}
