//! The table.

use std::fmt;

use performers::composer::Similarity;

use super::dial::DIALS;
use super::plain::{Likeness, PUBLISHED};
use super::segments::BARS;
use super::{Copied, Report};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} segments of {BARS} bars, kept apart, {:.1} notes each", self.segments, self.notes)?;
        writeln!(f, "likeness of what a model writes of a segment by itself, in per cent")?;
        writeln!(f, "paper: arXiv 2410.02060, Table 2, 500 files, greedy")?;
        writeln!(f, "{:28}{:>7}{:>7}{:>9}{:>7}{:>8}", "", "pitch", "onset", "duration", "equal", "broken")?;
        for row in &self.rows {
            likeness(f, &format!("{}, greedy", row.name), &row.greedy)?;
            likeness(f, &format!("{}, sampled", row.name), &row.sampled)?;
        }
        for (name, [pitch, onset, duration, equal]) in PUBLISHED {
            writeln!(f, "{name:28}{pitch:>7.2}{onset:>7.2}{duration:>9.2}{equal:>7.2}")?;
        }
        self.dials(f)?;
        self.ordered(f)?;
        self.copied(f)?;
        writeln!(f, "\nseconds of a variation at 70, nothing else running{:>14}{:>9}", "mean", "longest")?;
        for row in &self.rows {
            writeln!(f, "{:50}{:>14.2}{:>9.2}", row.name, row.secs, row.longest_secs)?;
        }
        Ok(())
    }
}

fn likeness(f: &mut fmt::Formatter<'_>, name: &str, likeness: &Likeness) -> fmt::Result {
    let Similarity { pitch, onset, duration, equal } = likeness.similarity;
    let [pitch, onset, duration, equal] = [pitch, onset, duration, equal].map(|share| 100.0 * share);
    let broken = likeness.broken;
    writeln!(f, "{name:28}{pitch:>7.2}{onset:>7.2}{duration:>9.2}{equal:>7.2}{broken:>8}")
}

impl Report {
    fn dials(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nrank correlation of asked and found similarity a segment, and mean similarity")?;
        write!(f, "{:28}{:>7}{:>7} |", "", "mean", "least")?;
        DIALS.iter().try_for_each(|dial| write!(f, "{:>7.0}", 100.0 * dial))?;
        writeln!(f)?;
        for row in &self.rows {
            write!(f, "{:28}{:>7.3}{:>7.3} |", row.name, row.dial.rank_correlation, row.dial.least)?;
            row.dial.similarity.iter().try_for_each(|mean| write!(f, "{:>7.1}", 100.0 * mean))?;
            writeln!(f)?;
        }
        Ok(())
    }

    fn ordered(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nvariations at 70, in per cent; off: mean distance from the similarity asked for")?;
        let heads = ["new", "range", "bars", "scale", "all", "off"];
        write!(f, "{:28}{:>11}", "", "variations")?;
        heads.iter().try_for_each(|head| write!(f, "{head:>8}"))?;
        writeln!(f)?;
        for row in &self.rows {
            let o = &row.ordered;
            write!(f, "{:28}{:>11}", row.name, o.variations)?;
            let shares = [o.new, o.in_range, o.in_bars, o.in_scale, o.all, o.miss];
            shares.iter().try_for_each(|share| write!(f, "{:>8.2}", 100.0 * share))?;
            writeln!(f)?;
        }
        Ok(())
    }

    fn copied(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nbars of four notes or more that were there to learn from, in any key, in per cent")?;
        writeln!(f, "passages: of the segments themselves; new: of bars that are not the segment's own")?;
        writeln!(f, "near: variations with two such bars out of four bars of one piece")?;
        let heads = ["variations", "passages", "new bars", "new", "near"];
        write!(f, "{:28}", "")?;
        heads.iter().try_for_each(|head| write!(f, "{head:>12}"))?;
        writeln!(f)?;
        for row in &self.rows {
            line(f, &format!("{}, 70", row.name), &row.copied)?;
            line(f, &format!("{}, 0", row.name), &row.copied_ideas)?;
        }
        Ok(())
    }
}

fn line(f: &mut fmt::Formatter<'_>, name: &str, copied: &Copied) -> fmt::Result {
    let Copied { variations, of_passages, written, copied, segments } = copied;
    let [passages, copied, near] = [of_passages, copied, segments].map(|share| 100.0 * share);
    writeln!(f, "{name:28}{variations:>12}{passages:>12.1}{written:>12}{copied:>12.1}{near:>12.1}")
}
