//! The phrases that `espressivo evaluate mood` tries: `phrases.tsv`.

use anyhow::{Context, Result, ensure};

/// A phrase and the signs of what people would expect.
#[derive(Clone, Debug, PartialEq)]
pub struct Phrase {
    /// The words.
    pub text: &'static str,
    /// Tempo, level, articulation: -1, 0 (anything) or 1.
    pub expected: [f64; 3],
}

/// All phrases.
pub fn all() -> Result<Vec<Phrase>> {
    let lines = include_str!("phrases.tsv").lines().filter(|l| !l.starts_with('#')).skip(1);
    lines.map(|line| read(line).with_context(|| format!("phrases.tsv: {line:?}"))).collect()
}

fn read(line: &'static str) -> Result<Phrase> {
    let mut cells = line.split('\t');
    let text = cells.next().context("there is no phrase")?;
    let signs: Vec<f64> = cells.map(sign).collect::<Result<_>>()?;
    let expected = signs.try_into().ok().context("a phrase has three signs")?;
    Ok(Phrase { text, expected })
}

/// The sign of what is expected in one cue.
pub(super) fn sign(cell: &str) -> Result<f64> {
    ensure!(["+", "0", "-"].contains(&cell), "{cell:?} is no sign");
    Ok(match cell {
        "+" => 1.0,
        "-" => -1.0,
        _ => 0.0,
    })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn there_are_forty_phrases_of_both_kinds_and_no_label_among_them() {
        let phrases = all().unwrap();
        assert_eq!(phrases.len(), 40);
        let faster = phrases.iter().filter(|p| p.expected[0] > 0.0).count();
        let slower = phrases.iter().filter(|p| p.expected[0] < 0.0).count();
        assert!(faster > 12 && slower > 12);
        assert!(phrases.iter().all(|p| mood::labels::named(p.text).is_none()));
    }
}
