//! Note alignments: `note_alignment.tsv`.
//!
//! One line a note: the score note's identifier (`n12-1`, the repetition after the hyphen), the
//! performance note's identifier, track, channel, pitch and onset in seconds. `deletion` in place of
//! the performance note is a score note that was not played, `insertion` in place of the score note
//! a key that is not in the score.

use anyhow::{Context, Result};
use notation::NoteId;

use crate::datasets::csv;
use crate::datasets::note_id;

/// A line of an alignment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pair {
    /// A score note and the key struck for it.
    Match(NoteId, Key),
    /// A score note that was not played.
    Deletion(NoteId),
    /// A key struck for no score note.
    Insertion(Key),
}

/// What an alignment says of a struck key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    /// MIDI pitch.
    pub pitch: u8,
    /// When it goes down.
    pub onset_secs: f64,
}

/// Reads an alignment.
///
/// # Errors
/// When a line has too few fields or one is not what it should be; the message names the line.
pub fn parse(text: &str) -> Result<Vec<Pair>> {
    let lines = csv::lines(text, '\t');
    let rows = lines.iter().filter(|l| l.fields[0] != "xml_id");
    rows.map(|line| pair(&line.fields).with_context(|| format!("line {}", line.number))).collect()
}

fn pair(fields: &[String]) -> Result<Pair> {
    let field = |k: usize| fields.get(k).map(|f| f.trim()).context("too few fields");
    if field(1)? == "deletion" {
        return Ok(Pair::Deletion(note_id::parse(field(0)?)?));
    }
    let key = Key {
        pitch: field(4)?.parse().with_context(|| format!("{} is no MIDI pitch", fields[4]))?,
        onset_secs: field(5)?.parse().with_context(|| format!("{} is no number of seconds", fields[5]))?,
    };
    match field(0)? {
        "insertion" => Ok(Pair::Insertion(key)),
        name => Ok(Pair::Match(note_id::parse(name)?, key)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_matches_deletions_and_insertions() {
        let text = "xml_id\tmidi_id\ttrack\tchannel\tpitch\tonset\n\
                    n6-1\tn2\t1\t0\t59\t1.5708333333333333\n\
                    n10-2\tdeletion\n\
                    insertion\tn7\t0\t0\t63\t5.5\n";
        let id = |written, pass| NoteId { written, pass };
        let expected = [
            Pair::Match(id(6, 1), Key { pitch: 59, onset_secs: 1.570_833_333_333_333_3 }),
            Pair::Deletion(id(10, 2)),
            Pair::Insertion(Key { pitch: 63, onset_secs: 5.5 }),
        ];
        assert_eq!(parse(text).unwrap(), expected);
    }

    #[test]
    fn a_bad_line_is_named() {
        let message = |text: &str| format!("{:#}", parse(text).unwrap_err());
        assert_eq!(message("n1-1\tn2\t0\t0\t60\t1.0\nn2-1\tn3\t0\n"), "line 2: too few fields");
        assert_eq!(
            message("x1\tn2\t0\t0\t60\t1.0\n"),
            "line 1: x1 is no identifier of a score note such as n12-1"
        );
        assert!(message("n1-1\tn2\t0\t0\t600\t1.0\n").starts_with("line 1: 600 is no MIDI pitch"));
    }
}
