//! The list of all recordings, `mazurka-discography.txt`: tab-separated, with a first line that names
//! the columns, among them `performer`, `year`, `label` and `pid`.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, Result};

use crate::datasets::csv;

/// Who recorded a mazurka, when, for whom.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// The pianist's name.
    pub performer: String,
    /// Year of the recording.
    pub year: String,
    /// Record label and number.
    pub label: String,
}

/// Reads the list: origins by identifier.
///
/// # Errors
/// When the file cannot be read or lacks a column.
pub fn read(path: &Path) -> Result<HashMap<String, Origin>> {
    parse(&csv::read_text(path)?).with_context(|| format!("in {}", path.display()))
}

fn parse(text: &str) -> Result<HashMap<String, Origin>> {
    let lines = csv::lines(text, '\t');
    let (header, rows) = lines.split_first().context("the list is empty")?;
    let column = |name: &str| {
        let place = header.fields.iter().position(|f| f.trim() == name);
        place.with_context(|| format!("line {}: no column {name}", header.number))
    };
    let [performer, year, label, pid] =
        [column("performer")?, column("year")?, column("label")?, column("pid")?];
    let origin = |line: &csv::Line| {
        let get = |k: usize| line.fields.get(k).map(|f| f.trim().to_owned()).unwrap_or_default();
        (get(pid), Origin { performer: get(performer), year: get(year), label: get(label) })
    };
    Ok(rows.iter().map(origin).collect())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn recordings_have_an_origin() {
        let text = "opus\tkey\tperformer\tyear\ttime\tseconds\tlabel\tpid\tstatus\n\
                    6.1\tF# min\tNobody\t1996\t3:16\t196\tNowhere 31755/6 \t1263-01\t-\n";
        let origin = parse(text).unwrap().remove("1263-01").unwrap();
        assert_eq!((origin.performer.as_str(), origin.label.as_str()), ("Nobody", "Nowhere 31755/6"));
        assert_eq!(parse("opus\tpid\n").unwrap_err().to_string(), "line 1: no column performer");
    }
}
