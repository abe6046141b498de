//! Tables of beats: `beat_time/M06-1beat_time.csv` and `beat_dyn/M06-1beat_dynNORM.csv`.
//!
//! The first line names the recordings (`pid1263-01`) from the third field on. Every other line is a
//! beat: number of the bar from 1, number of the beat in the bar from 0, and a value for each
//! recording.

use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::datasets::csv;

/// A table of beats.
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    /// Identifiers of the recordings, without `pid`.
    pub recordings: Vec<String>,
    /// The beats.
    pub beats: Vec<Row>,
}

/// A beat.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Number of the bar, from 1.
    pub bar: usize,
    /// Number of the beat in the bar, from 0.
    pub beat: u32,
    /// A value for each recording; NaN if it has none.
    pub values: Vec<f64>,
}

/// Reads a table.
///
/// # Errors
/// When the file cannot be read, or a line has the wrong number of fields or no numbers; the message
/// names file and line.
pub fn read(path: &Path) -> Result<Table> {
    parse(&csv::read_text(path)?).with_context(|| format!("in {}", path.display()))
}

fn parse(text: &str) -> Result<Table> {
    let lines = csv::lines(text, ',');
    let (header, rows) = lines.split_first().context("the table is empty")?;
    let names = header.fields.iter().skip(2).map(|name| name.trim());
    let recordings: Vec<String> =
        names.map(|name| name.strip_prefix("pid").unwrap_or(name).to_owned()).collect();
    let row = |line: &csv::Line| {
        let expected = recordings.len() + 2;
        ensure!(line.fields.len() == expected, "{} fields, not {expected}", line.fields.len());
        let number = |k: usize| {
            let field = line.fields[k].trim();
            field.parse::<f64>().with_context(|| format!("{field} is no number"))
        };
        let bar = number(0)? as usize;
        ensure!(bar > 0, "bars count from 1");
        let value = |k: usize| if line.fields[k].trim().is_empty() { Ok(f64::NAN) } else { number(k) };
        let values = (2..expected).map(value).collect::<Result<_>>()?;
        Ok(Row { bar, beat: number(1)? as u32, values })
    };
    let beats =
        rows.iter().map(|l| row(l).with_context(|| format!("line {}", l.number))).collect::<Result<_>>()?;
    Ok(Table { recordings, beats })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn every_recording_has_a_value_for_every_beat() {
        let table = parse(",,pid1-01,pid2b-01\n1,2,0.5,0.75\n2,0,1.25,\n").unwrap();
        assert_eq!(table.recordings, ["1-01", "2b-01"]);
        assert_eq!(table.beats[0], Row { bar: 1, beat: 2, values: vec![0.5, 0.75] });
        assert!(table.beats[1].values[1].is_nan());
    }

    #[test]
    fn a_bad_line_is_named() {
        let message = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert_eq!(message(",,pid1\n1,0,0.5\n1,1\n"), "line 3: 2 fields, not 3");
        assert!(message(",,pid1\n1,0,x\n").starts_with("line 2: x is no number"));
        assert_eq!(message(",,pid1\n0,0,1\n"), "line 2: bars count from 1");
    }
}
