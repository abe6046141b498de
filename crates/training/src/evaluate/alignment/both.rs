//! Ours and the package's alignments side by side.

use std::fmt;

use alignment::judge::{Damage, Row, Table};
use serde::Serialize;

use super::peer::Peer;

/// Ours and the package's.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Both {
    /// Our alignments.
    pub ours: Table,
    /// Those of the package.
    pub peers: Vec<Peer>,
}

/// A line of the table: some recordings, aligned by one matcher.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Line {
    count: usize,
    mean: f64,
    worst: f64,
    keys: usize,
    secs: f64,
}

impl Line {
    /// Of recordings given by F1, keys and seconds; none of none.
    fn of(rows: impl Iterator<Item = (f64, usize, f64)>) -> Option<Self> {
        let nothing = Self { count: 0, mean: 0.0, worst: 1.0, keys: 0, secs: 0.0 };
        let sum = rows.fold(nothing, |line, (f1, keys, secs)| Self {
            count: line.count + 1,
            mean: line.mean + f1,
            worst: line.worst.min(f1),
            keys: line.keys + keys,
            secs: line.secs + secs,
        });
        (sum.count > 0).then(|| Self { mean: sum.mean / sum.count as f64, ..sum })
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, matcher: &str) -> fmt::Result {
        let Self { count, mean, worst, keys, secs } = *self;
        let speed = keys as f64 / secs.max(1e-9);
        write!(f, "{count:>6}  {matcher:<16}{mean:>9.4}{worst:>9.4}{secs:>10.1}{speed:>10.0}")
    }
}

impl Both {
    /// Our recordings that were damaged in a way.
    fn rows(&self, damage: Damage) -> impl Iterator<Item = &Row> {
        self.ours.rows.iter().filter(move |row| row.damage == damage)
    }

    /// A matcher's line, and ours of the recordings that it finished.
    fn lines(&self, damage: Damage, peer: &Peer) -> Option<(Line, Line)> {
        let finished = || peer.rows.iter().filter_map(|row| Some((row.f1?, row)));
        let theirs = Line::of(finished().map(|(f1, row)| (f1, row.keys, row.secs)))?;
        let is_finished = |row: &&Row| finished().any(|(_, other)| other.name == row.name);
        let ours = self.rows(damage).filter(is_finished);
        Some((theirs, Line::of(ours.map(|row| (row.pairs.f1(), row.keys, row.secs)))?))
    }
}

impl fmt::Display for Both {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let columns = ["note F1", "worst", "seconds", "keys/s", "unfinished", "ours there"];
        let [mean, worst, secs, speed, unfinished, there] = columns;
        write!(f, "{:<20}{:>6}  {:<16}{mean:>9}{worst:>9}", "recordings", "count", "matcher")?;
        writeln!(f, "{secs:>10}{speed:>10}{unfinished:>12}{there:>12}")?;
        for damage in Damage::ALL {
            let ours = self.rows(damage).map(|row| (row.pairs.f1(), row.keys, row.secs));
            let Some(ours) = Line::of(ours) else { continue };
            write!(f, "{:<20}", damage.name())?;
            ours.write(f, "ours")?;
            writeln!(f)?;
            let kind = damage.name().replace(' ', "-");
            for peer in self.peers.iter().filter(|peer| peer.kind == kind && !peer.rows.is_empty()) {
                let unfinished = peer.rows.iter().filter(|row| row.f1.is_none()).count();
                write!(f, "{:<20}", "")?;
                match self.lines(damage, peer) {
                    Some((theirs, there)) => {
                        theirs.write(f, &peer.matcher)?;
                        writeln!(f, "{unfinished:>12}{:>12.4}", there.mean)?;
                    }
                    None => writeln!(f, "{:>6}  {:<16}{:>50}", 0, peer.matcher, unfinished)?,
                }
            }
        }
        writeln!(
            f,
            "note F1: pairs of note and key, mean of the recordings; worst: of the worst recording; seconds: of all \
             recordings that were finished in time, both on the same machine, ours first; ours there: our note F1 on \
             the recordings that the matcher finished"
        )
    }
}

#[cfg(test)]
#[path = "both_tests.rs"]
mod tests;
