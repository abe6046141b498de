//! The tables, in Markdown, as the card of a model has them.

use std::fmt;

use performers::composer::Similarity;

use super::dial::DIALS;
use super::plain::{Likeness, PUBLISHED};
use super::segments::BARS;
use super::{AskedRow, Copied, Report};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.by_themselves())?;
        let rows = self.rows.iter().filter_map(|row| Some((&*row.name, row.asked.as_ref()?)));
        let rows: Vec<(&str, &AskedRow)> = rows.collect();
        if rows.is_empty() {
            return Ok(());
        }
        dials(f, &rows)?;
        ordered(f, &rows)?;
        copied(f, &rows)?;
        writeln!(f, "\nSeconds of a variation at 70, nothing else running:\n")?;
        head(f, &["", "mean", "longest"])?;
        rows.iter().try_for_each(|(name, row)| line(f, name, &[row.secs, row.longest_secs], 2))
    }
}

impl Report {
    /// The paper's table: what models write of segments by themselves.
    pub fn by_themselves(&self) -> String {
        let mut text = format!(
            "{} segments of {BARS} bars, kept apart, {:.1} notes each. Likeness of what a model writes of a segment \
             by itself, in per cent; paper: arXiv 2410.02060, Table 2, 500 files, greedy.\n\n\
             | | pitch | onset | duration | equal notes | not ended |\n| --- | --- | --- | --- | --- | --- |\n",
            self.segments, self.notes
        );
        for row in &self.rows {
            text += &likeness(&format!("{}, greedy", row.name), &row.greedy);
            text += &likeness(&format!("{}, sampled", row.name), &row.sampled);
        }
        for (name, [pitch, onset, duration, equal]) in PUBLISHED {
            text += &format!("| {name} | {pitch:.2} | {onset:.2} | {duration:.2} | {equal:.2} | |\n");
        }
        text
    }
}

fn likeness(name: &str, likeness: &Likeness) -> String {
    let Similarity { pitch, onset, duration, equal } = likeness.similarity;
    let [pitch, onset, duration, equal] = [pitch, onset, duration, equal].map(|share| 100.0 * share);
    let broken = likeness.broken;
    format!("| {name} | {pitch:.2} | {onset:.2} | {duration:.2} | {equal:.2} | {broken} |\n")
}

/// The head of a table.
fn head(f: &mut fmt::Formatter<'_>, names: &[&str]) -> fmt::Result {
    writeln!(f, "| {} |", names.join(" | "))?;
    writeln!(f, "|{}", " --- |".repeat(names.len()))
}

/// A line of a table, numbers with so many digits after the point.
fn line(f: &mut fmt::Formatter<'_>, name: &str, numbers: &[f64], digits: usize) -> fmt::Result {
    write!(f, "| {name} |")?;
    numbers.iter().try_for_each(|number| write!(f, " {number:.digits$} |"))?;
    writeln!(f)
}

fn dials(f: &mut fmt::Formatter<'_>, rows: &[(&str, &AskedRow)]) -> fmt::Result {
    writeln!(f, "\nMean similarity found, in per cent, by the one that is asked for:\n")?;
    let dials = DIALS.map(|dial| format!("{:.0}", 100.0 * dial));
    let names: Vec<&str> = std::iter::once("").chain(dials.iter().map(String::as_str)).collect();
    head(f, &names)?;
    for (name, row) in rows {
        let found: Vec<f64> = row.dial.similarity.iter().map(|mean| 100.0 * mean).collect();
        line(f, name, &found, 1)?;
    }
    writeln!(f, "\nRank correlation of the similarity asked for and found, a segment each:\n")?;
    head(f, &["", "mean", "least"])?;
    rows.iter().try_for_each(|(name, row)| line(f, name, &[row.dial.rank_correlation, row.dial.least], 3))
}

fn ordered(f: &mut fmt::Formatter<'_>, rows: &[(&str, &AskedRow)]) -> fmt::Result {
    writeln!(f, "\nVariations at 70, in per cent; off: mean distance from the similarity asked for:\n")?;
    head(f, &["", "variations", "new", "in range", "in bars", "in scale", "all of these", "off"])?;
    for (name, row) in rows {
        let o = &row.ordered;
        let shares = [o.new, o.in_range, o.in_bars, o.in_scale, o.all, o.miss].map(|share| 100.0 * share);
        line(f, &format!("{name} | {}", o.variations), &shares, 2)?;
    }
    Ok(())
}

fn copied(f: &mut fmt::Formatter<'_>, rows: &[(&str, &AskedRow)]) -> fmt::Result {
    writeln!(
        f,
        "\nBars of four notes or more that were there to learn from, in any key, in per cent: of the segments' own \
         bars, and of new ones, which are not the segment's; near: variations with two such bars out of four bars of \
         one piece:\n"
    )?;
    head(f, &["", "variations", "new bars", "own", "new", "near"])?;
    for (name, row) in rows {
        for (at, copied) in [("70", &row.copied), ("0", &row.copied_ideas)] {
            let Copied { variations, of_passages, written, copied, segments } = copied;
            let shares = [of_passages, copied, segments].map(|share| 100.0 * share);
            line(f, &format!("{name}, {at} | {variations} | {written}"), &shares, 1)?;
        }
    }
    Ok(())
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
