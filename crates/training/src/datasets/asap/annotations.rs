//! Annotated beats: `NAME_annotations.txt`.
//!
//! One line an annotation: the time in seconds twice, and a label of up to three parts with commas
//! between: the beat (`b`, `db` for a downbeat, `bR` where its place is unsure), a new time
//! signature, a new key signature.

use anyhow::{Context, Result, bail};

use crate::datasets::csv;
use crate::datasets::performed::BeatKind;

/// Reads annotations: seconds and kind of each beat.
///
/// # Errors
/// When a line has no time or an unknown beat; the message names the line.
pub fn parse(text: &str) -> Result<Vec<(f64, BeatKind)>> {
    let mut beats = Vec::new();
    for line in csv::lines(text, '\t') {
        let place = || format!("line {}", line.number);
        let secs = line.fields[0].trim().parse::<f64>().with_context(place)?;
        let label = line.fields.get(2).context("no label").with_context(place)?;
        beats.push((secs, beat(label).with_context(place)?));
    }
    Ok(beats)
}

fn beat(label: &str) -> Result<BeatKind> {
    Ok(match label.split(',').next().unwrap_or_default().trim() {
        "b" => BeatKind::Beat,
        "db" => BeatKind::Downbeat,
        "bR" => BeatKind::Unsure,
        other => bail!("{other} is no beat (b, db, bR)"),
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn beats_have_times_and_kinds() {
        let text = "0.809375\t0.809375\tb,,4\n2.0\t2.0\tdb,4/4,2\n3.5\t3.5\tbR\n";
        let expected = [(0.809_375, BeatKind::Beat), (2.0, BeatKind::Downbeat), (3.5, BeatKind::Unsure)];
        assert_eq!(parse(text).unwrap(), expected);
    }

    #[test]
    fn a_bad_line_is_named() {
        let message = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert_eq!(message("1.0\t1.0\tb\n2.0\t2.0\tq\n"), "line 2: q is no beat (b, db, bR)");
        assert_eq!(message("1.0\t1.0\n"), "line 1: no label");
    }
}
