//! Linear layers with what is added, and tables that are looked up.

use neural::archive::Archive;
use neural::product::Product;
use neural::weights::WeightsError;

use super::steps::ScoreTokens;
use crate::config::SCORE_SIZES;

/// A product and what is added to it.
pub(super) struct Affine {
    product: Product,
    bias: Vec<f32>,
}

impl Affine {
    /// Reads a linear layer `[rows, columns]` with its bias.
    ///
    /// # Errors
    /// When it is missing, damaged, or of other sizes.
    pub(super) fn load(
        archive: &Archive,
        name: &str,
        rows: usize,
        columns: usize,
    ) -> Result<Self, WeightsError> {
        let bias = archive.numbers(&format!("{name}.bias"), &[columns])?;
        Ok(Self { product: Product::load(archive, name, rows, columns)?, bias })
    }

    /// Its output for one row.
    pub(super) fn of(&self, row: &[f32]) -> Vec<f32> {
        self.product.of(row).iter().zip(&self.bias).map(|(value, bias)| value + bias).collect()
    }
}

/// A table with a row for each value.
pub(super) struct Table {
    width: usize,
    rows: Vec<f32>,
}

impl Table {
    /// Reads a table `[values, width]`.
    ///
    /// # Errors
    /// When it is missing, damaged, or of other sizes.
    pub(super) fn load(
        archive: &Archive,
        name: &str,
        values: usize,
        width: usize,
    ) -> Result<Self, WeightsError> {
        Ok(Self { width, rows: archive.numbers(&format!("{name}.weight"), &[values, width])? })
    }

    /// From its rows.
    pub(super) fn from_rows(rows: Vec<f32>, width: usize) -> Self {
        Self { width, rows }
    }

    /// The table after a product with each row.
    pub(super) fn times(&self, product: &Product) -> Self {
        Self::from_rows(product.of(&self.rows), product.columns())
    }

    /// All rows, one after another.
    pub(super) fn rows(&self) -> impl Iterator<Item = &[f32]> {
        self.rows.chunks_exact(self.width)
    }

    /// Adds the row of a value, if there is such a value.
    pub(super) fn add(&self, value: usize, to: &mut [f32]) {
        let row = self.rows.get(value * self.width..).and_then(|rows| rows.get(..self.width));
        to.iter_mut().zip(row.unwrap_or_default()).for_each(|(to, number)| *to += number);
    }
}

/// The tables of what is written, one a column.
pub(super) struct Tables {
    hidden: usize,
    columns: Vec<Table>,
}

impl Tables {
    /// Reads them.
    ///
    /// # Errors
    /// When one is missing, damaged, or of other sizes.
    pub(super) fn load(archive: &Archive, name: &str, hidden: usize) -> Result<Self, WeightsError> {
        let table = |(column, values): &(&str, usize)| {
            Table::load(archive, &format!("{name}.embedding.{column}"), *values, hidden)
        };
        Ok(Self { hidden, columns: SCORE_SIZES.iter().map(table).collect::<Result<_, WeightsError>>()? })
    }

    /// Rows `[steps, hidden]`: the sum of what the tables have for the values of each step.
    pub(super) fn of(&self, steps: &[ScoreTokens]) -> Vec<f32> {
        let mut rows = vec![0.0; steps.len() * self.hidden];
        for (row, step) in rows.chunks_exact_mut(self.hidden).zip(steps) {
            self.columns.iter().zip(step).for_each(|(table, value)| table.add(usize::from(*value), row));
        }
        rows
    }
}
