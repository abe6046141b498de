//! The tables, in Markdown, as the card of a model has them.

use std::fmt;

use super::figures::NAMES;
use super::{Checked, Copied, Figures, PiecesReport};

impl fmt::Display for PiecesReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "Pieces of {} bars with their performances, and passages of the data as long:\n",
            self.bars
        )?;
        writeln!(f, "| | pieces | {} | nearer to the data |", NAMES.join(" | "))?;
        writeln!(f, "|{}", " --- |".repeat(NAMES.len() + 3))?;
        let apart = self.held_out.passages;
        figures(f, "data, training", self.data.passages, &self.data.figures, "")?;
        figures(f, "data, kept apart", apart, &self.held_out.figures, "")?;
        for row in &self.rows {
            let nearer = row.first_is_nearer.map(|count| format!("{} in {count} of 6", self.rows[0].name));
            figures(f, &row.name, row.pieces, &row.figures, &nearer.unwrap_or_default())?;
        }
        self.in_order(f)?;
        self.copied(f)
    }
}

/// A line of the first table.
fn figures(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    count: usize,
    figures: &Figures,
    nearer: &str,
) -> fmt::Result {
    let Figures { upc, pr, aps, dstd, ioi, avi } = figures;
    writeln!(
        f,
        "| {name} | {count} | {upc:.2} | {pr:.2} | {aps:.2} | {dstd:.4} | {ioi:.4} | {avi:.2} | {nearer} |"
    )
}

impl PiecesReport {
    fn in_order(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "\nPieces that are in order:\n")?;
        writeln!(
            f,
            "| | pieces | bars add up | read back | playable | most at once | most a hand | widest span |\n\
             | --- | --- | --- | --- | --- | --- | --- | --- |"
        )?;
        for row in &self.rows {
            let Checked { bars_add_up, read_back, playable, most_at_once, most_a_hand, widest } = row.checked;
            let (name, pieces) = (&row.name, row.pieces);
            writeln!(
                f,
                "| {name} | {pieces} | {bars_add_up} | {read_back} | {playable} | {most_at_once} | {most_a_hand} | \
                 {widest} |"
            )?;
        }
        Ok(())
    }

    fn copied(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "\nBars of four notes or more that were there to learn from, in any key, in per cent; nearest: how much of \
             a bar is in the nearest of those:\n"
        )?;
        writeln!(f, "| | bars | copied | nearest |\n| --- | --- | --- | --- |")?;
        copied(f, "data, kept apart", &self.held_out_copied)?;
        self.rows.iter().try_for_each(|row| copied(f, &row.name, &row.copied))
    }
}

fn copied(f: &mut fmt::Formatter<'_>, name: &str, found: &Copied) -> fmt::Result {
    let Copied { bars, copied, nearest } = found;
    writeln!(f, "| {name} | {bars} | {:.1} | {:.1} |", 100.0 * copied, 100.0 * nearest)
}

#[cfg(test)]
#[path = "table_tests.rs"]
mod tests;
