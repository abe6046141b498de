//! The table of what the judge of moods learned, for people.

use std::fmt;

use super::judge::{LeftOut, Report, Row};
use super::listeners::JUDGED;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "the judge, by more than cues, from {} performances: r of predicted with mean",
            self.performances
        )?;
        writeln!(f, "ratings on people / on pieces left out in turn, and r of the true mean (most)")?;
        writeln!(
            f,
            "judge: what it takes of the others is chosen without those who are left out; takes: how"
        )?;
        writeln!(f, "many cues, finer cues and values of the classifier that is with all of them")?;
        write!(f, "{:52}{:>6}", "", "most")?;
        for name in ["judge", "cues", "+ finer", "classifier", "all"] {
            write!(f, "{name:>13}")?;
        }
        writeln!(f, "  takes")?;
        let is_judged = |row: &&Row| JUDGED.contains(&row.scale.as_str());
        self.rows.iter().filter(is_judged).try_for_each(|row| write_row(f, row))?;
        writeln!(f)?;
        self.rows.iter().filter(|row| !is_judged(row)).try_for_each(|row| write_row(f, row))?;
        if !self.has_classifier {
            writeln!(f, "there is no classifier of moods (`espressivo train mood`); it was left out")?;
        }
        Ok(())
    }
}

fn write_row(f: &mut fmt::Formatter<'_>, row: &Row) -> fmt::Result {
    let cell = |value: Option<f64>| value.map_or_else(|| "-".into(), |value| format!("{value:.2}"));
    let scale: String = row.scale.chars().take(51).collect();
    write!(f, "{scale:52}{:>6}", cell(row.ceiling))?;
    let missing = LeftOut::default();
    let all = [row.judge, row.cues, row.finer, row.classifier.unwrap_or(missing), row.all.unwrap_or(missing)];
    for LeftOut { players, pieces } in all {
        write!(f, "{:>13}", format!("{} / {}", cell(players), cell(pieces)))?;
    }
    let [cues, finer, values] = row.taken;
    writeln!(f, "  {cues} + {finer} + {values}")
}
