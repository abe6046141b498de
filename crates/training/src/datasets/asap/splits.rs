//! Which piece is in which split.

use anyhow::{Context, Result, bail};

use crate::datasets::csv;

/// Split, composer and title of each piece that is not in `train`.
const PIECES: &str = include_str!("splits.tsv");

/// Titles under which the set has a piece twice: composer, title, the title to use.
const SAME_PIECE: [(&str, &str, &str); 1] = [("Schumann", "Toccata_repeat", "Toccata")];

/// Where a piece belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// Learned from.
    Train,
    /// For choosing settings.
    Valid,
    /// For the final judgement alone.
    Test,
    /// Neither learned from nor judged by.
    HeldOut,
}

/// The splits of the set.
pub struct Splits(Vec<(Split, String, String)>);

impl Splits {
    /// Reads the list that comes with the program.
    pub fn read() -> Result<Self> {
        let mut pieces = Vec::new();
        for line in csv::lines(PIECES, '\t').into_iter().filter(|l| !l.fields[0].starts_with('#')) {
            let [split, composer, title] = <[String; 3]>::try_from(line.fields)
                .ok()
                .with_context(|| format!("line {} of the splits has no three fields", line.number))?;
            let split = match split.as_str() {
                "valid" => Split::Valid,
                "test" => Split::Test,
                "held out" => Split::HeldOut,
                other => bail!("line {} of the splits: no split {other}", line.number),
            };
            pieces.push((split, composer, title));
        }
        Ok(Self(pieces))
    }

    /// The split of a piece.
    pub fn of(&self, composer: &str, title: &str) -> Split {
        let found = self.0.iter().find(|(_, c, t)| c == composer && t == title);
        found.map_or(Split::Train, |(split, ..)| *split)
    }
}

/// The title that both versions of a piece share.
pub fn title<'a>(composer: &str, title: &'a str) -> &'a str {
    let same = SAME_PIECE.iter().find(|(c, t, _)| *c == composer && *t == title);
    same.map_or(title, |(.., shared)| shared)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_where_they_belong() {
        let splits = Splits::read().unwrap();
        assert_eq!(splits.0.len(), 18 + 22 + 4);
        assert_eq!(splits.of("Bach", "Fugue_bwv_846"), Split::Train);
        assert_eq!(splits.of("Mozart", "Piano_Sonatas_8-1"), Split::Test);
        assert_eq!(splits.of("Mozart", "Fantasie_475"), Split::HeldOut);
        assert_eq!(splits.of("Schumann", title("Schumann", "Toccata_repeat")), Split::Valid);
    }
}
