//! The things that `espressivo evaluate mood --meanings` tries: `things.tsv`.

use anyhow::{Context, Result, ensure};
use performance::cues::{CUES, Cue, Cues};

use super::phrases::sign;

/// Columns of the list after the thing.
const COLUMNS: [Cue; 5] = [Cue::Tempo, Cue::Level, Cue::Articulation, Cue::Pedal, Cue::Rubato];

/// A thing and the signs of what people would expect.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// The words.
    pub text: &'static str,
    /// -1, 0 (anything) or 1.
    pub expected: Cues,
    /// Why.
    pub because: &'static str,
}

/// All things.
pub fn all() -> Result<Vec<Thing>> {
    let lines = include_str!("things.tsv").lines().filter(|l| !l.starts_with('#')).skip(1);
    lines.map(|line| read(line).with_context(|| format!("things.tsv: {line:?}"))).collect()
}

fn read(line: &'static str) -> Result<Thing> {
    let cells: Vec<&str> = line.split('\t').collect();
    ensure!(cells.len() == 2 + COLUMNS.len(), "it has {} cells", cells.len());
    let mut expected = [0.0; CUES];
    for (cue, cell) in COLUMNS.into_iter().zip(&cells[1..]) {
        expected[cue as usize] = sign(cell)?;
    }
    Ok(Thing { text: cells[0], expected, because: cells[cells.len() - 1] })
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn there_are_more_than_thirty_things_each_with_an_expectation_and_a_reason() {
        let things = all().unwrap();
        assert!(things.len() >= 30, "{}", things.len());
        for thing in &things {
            assert!(thing.expected.iter().any(|e| *e != 0.0) && !thing.because.is_empty(), "{thing:?}");
            assert!(mood::labels::named(thing.text).is_none(), "{thing:?}");
        }
        let music_box = &things.iter().find(|t| t.text == "like a music box").unwrap().expected;
        assert_eq!((music_box[Cue::Level as usize], music_box[Cue::Tempo as usize]), (-1.0, 0.0));
    }
}
