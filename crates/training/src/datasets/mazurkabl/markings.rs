//! Markings of a score, `markings/M06-1markings.csv`: one line of names (`piano+rit.` for two at one
//! beat), one of the beats that they stand at, counted from 1 over the rows of the table of beats.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use notation::{DirectionKind, Dynamic, words};

use crate::datasets::csv;

/// A marking.
#[derive(Clone, Debug, PartialEq)]
pub struct Marking {
    /// Index of its beat, from 0.
    pub beat: usize,
    /// What it asks for.
    pub kind: DirectionKind,
    /// The text, dynamics abbreviated as in scores.
    pub text: String,
}

/// Reads the markings of a score.
///
/// # Errors
/// When the file cannot be read or its two lines do not fit; the message names file and line.
pub fn read(path: &Path) -> Result<Vec<Marking>> {
    parse(&csv::read_text(path)?).with_context(|| format!("in {}", path.display()))
}

fn parse(text: &str) -> Result<Vec<Marking>> {
    let lines = csv::lines(text, ',');
    let [names, beats] = lines.as_slice() else { anyhow::bail!("{} lines, not 2", lines.len()) };
    let (a, b) = (names.fields.len(), beats.fields.len());
    ensure!(a == b, "line {}: {b} beats for {a} markings", beats.number);
    let mut markings = Vec::new();
    for (name, beat) in names.fields.iter().zip(&beats.fields) {
        let beat = beat.trim();
        let at = beat.parse::<usize>().ok().and_then(|k| k.checked_sub(1));
        let at = at.with_context(|| format!("line {}: {beat} is no number of a beat", beats.number))?;
        for text in name.split('+').map(|t| t.trim_matches(|c: char| c.is_whitespace() || "()".contains(c))) {
            if !text.is_empty() {
                let (kind, text) = meaning(text);
                markings.push(Marking { beat: at, kind, text });
            }
        }
    }
    Ok(markings)
}

/// Dynamics are written out (`piano`); everything else reads as in a score.
fn meaning(text: &str) -> (DirectionKind, String) {
    let dynamic = match text {
        "piano" => Some((Dynamic::P, "p")),
        "forte" => Some((Dynamic::F, "f")),
        "mezzoforte" => Some((Dynamic::Mf, "mf")),
        "mezzopiano" => Some((Dynamic::Mp, "mp")),
        "pianissimo" => Some((Dynamic::Pp, "pp")),
        "fortissimo" => Some((Dynamic::Ff, "ff")),
        _ => None,
    };
    match dynamic {
        Some((level, sign)) => (DirectionKind::Dynamic(level), sign.to_owned()),
        None => (words::meaning(text), text.to_owned()),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn several_markings_may_stand_at_one_beat() {
        let markings = parse("piano+rit.,dolce,(a tempo)+ff,sf\n1,26,38,47\n").unwrap();
        let read: Vec<_> = markings.iter().map(|m| (m.beat, m.kind, m.text.as_str())).collect();
        let expected = [
            (0, DirectionKind::Dynamic(Dynamic::P), "p"),
            (0, DirectionKind::Ritardando, "rit."),
            (25, DirectionKind::Words, "dolce"),
            (37, DirectionKind::ATempo, "a tempo"),
            (37, DirectionKind::Dynamic(Dynamic::Ff), "ff"),
            (46, DirectionKind::Sforzando, "sf"),
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn a_bad_line_is_named() {
        let message = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert_eq!(message("piano,forte\n1\n"), "line 2: 1 beats for 2 markings");
        assert_eq!(message("piano\n0\n"), "line 2: 0 is no number of a beat");
        assert_eq!(message("piano\n"), "1 lines, not 2");
    }
}
