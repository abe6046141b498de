//! A number that shows whether the values of a row are those that were written.
//!
//! It is the CRC-32 of the values, each with what it is and how long. SQLite checks the structure of a
//! file, not its contents: a bit that flips in a take would be another velocity.

use flate2::Crc;

use super::contents::Flaw;

/// The checksum of a row, value after value.
pub(super) struct Checksum(Crc);

impl Checksum {
    /// Of a row of this table.
    pub(super) fn of(table: &str) -> Self {
        Self(Crc::new()).bytes(table.as_bytes())
    }

    pub(super) fn number(mut self, value: impl Into<i64>) -> Self {
        self.0.update(b"i");
        self.0.update(&value.into().to_le_bytes());
        self
    }

    pub(super) fn bytes(mut self, value: &[u8]) -> Self {
        self.0.update(b"b");
        self.0.update(&(value.len() as u64).to_le_bytes());
        self.0.update(value);
        self
    }

    /// What is written into the row.
    pub(super) fn sum(&self) -> i64 {
        i64::from(self.0.sum())
    }

    /// Fails if the row has another one; `what` is the row, for people.
    pub(super) fn check(&self, written: i64, what: impl FnOnce() -> String) -> Result<(), Flaw> {
        if self.sum() == written {
            Ok(())
        } else {
            Err(Flaw::Contents(format!("{} is not what was written", what())))
        }
    }
}
