//! The table of `espressivo train listeners`, for people.

use std::fmt;

use performance::cues::{Cue, UNITS};

use super::listeners::{JUDGED, Report, Row};

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { performances, players, pieces, .. } = self;
        writeln!(f, "{performances} performances of {pieces} pieces, {players} players by number")?;
        writeln!(
            f,
            "r of predicted with mean ratings on people and on pieces left out in turn; halves: r between"
        )?;
        writeln!(
            f,
            "two halves of the raters; most: r of the true mean; deviations between players of a segment,"
        )?;
        writeln!(f, "of mean and of predicted ratings, 1 to 7; then how much a deviation of a cue adds")?;
        write!(
            f,
            "{:52}{:>8}{:>8}{:>8}{:>6}{:>7}{:>10} |",
            "", "people", "pieces", "halves", "most", "dev.", "predicted"
        )?;
        Cue::ALL.iter().try_for_each(|cue| write!(f, "{:>13}", cue.name()))?;
        write!(f, "\n{:99} |", "one deviation is")?;
        for (deviation, unit) in self.deviations.iter().zip(UNITS) {
            let unit = unit.split(' ').next().unwrap_or(unit);
            write!(f, "{:>13}", format!("{deviation:.3} {unit}"))?;
        }
        writeln!(f)?;
        let is_judged = |row: &&Row| JUDGED.contains(&row.scale.as_str());
        self.rows.iter().filter(is_judged).try_for_each(|row| write_row(f, row))?;
        writeln!(f)?;
        self.rows.iter().filter(|row| !is_judged(row)).try_for_each(|row| write_row(f, row))
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
    let cell = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.2}"));
    let [people, pieces] = [row.left_out_players, row.left_out_pieces].map(cell);
    let (halves, most) = (cell(row.halves), cell(row.ceiling));
    let scale: String = row.scale.chars().take(51).collect();
    write!(f, "{scale:52}{people:>8}{pieces:>8}{halves:>8}{most:>6}")?;
    write!(f, "{:>7.2}{:>10.2} |", row.deviation, row.predicted)?;
    row.weights.iter().try_for_each(|weight| write!(f, "{weight:>+13.3}"))?;
    writeln!(f)
}
