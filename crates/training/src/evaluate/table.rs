//! The table of an evaluation, for people and for scripts.

use std::fmt;

use performance::metrics::Figure;
use serde::Serialize;

use super::detail::Detail;
use super::row::width;
use super::{Five, KnownRow, PooledRow, Row, known, pooled};

/// What an evaluation found.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct AgreementReport {
    /// Name of the split.
    pub split: String,
    /// Seed of the renders.
    pub seed: u64,
    /// One row a performer.
    pub rows: Vec<Row>,
    /// How much of what people agree on performers predict, one row each.
    pub known: Vec<KnownRow>,
    /// How alike all values together are, wherever they stand.
    pub pooled: Vec<PooledRow>,
    /// The details of each performer, if they were requested.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<Detail>,
}

impl AgreementReport {
    /// The row of a performer.
    pub fn row(&self, name: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.name == name)
    }
}

impl fmt::Display for AgreementReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} split, seed {}; r with humans | spread (1 = human) | r between takes",
            self.split, self.seed
        )?;
        let wide = width(24, self.rows.iter().map(|row| row.name.as_str()));
        write!(f, "{:wide$}{:>7}", "", "scores")?;
        for _ in 0..3 {
            f.write_str(" |")?;
            Figure::ALL.iter().try_for_each(|figure| write!(f, "{:>8}", figure.name()))?;
        }
        writeln!(f)?;
        for row in &self.rows {
            write!(f, "{:wide$}{:>7}", row.name, row.scores)?;
            for five in [Some(row.agreement), Some(row.spread), row.diversity] {
                f.write_str(" |")?;
                five.unwrap_or(Five::default()).iter().try_for_each(|value| match value {
                    Some(value) => write!(f, "{value:>8.3}"),
                    None => write!(f, "{:>8}", "-"),
                })?;
            }
            writeln!(f)?;
        }
        write!(f, "\n{}", known::Table(&self.known))?;
        write!(f, "\n{}", pooled::Table(&self.pooled))?;
        self.details.iter().try_for_each(|detail| write!(f, "\n{detail}"))
    }
}
