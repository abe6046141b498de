//! From bar line to bar line.

use notation::TimeSignature;

use super::config::Config;

/// Why there is no next bar.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// A metre changes within a bar, at this tick.
    Change(u32),
    /// A bar of this metre is no whole number of ticks.
    Metre(TimeSignature),
}

/// A bar of music whose metre changes. Ticks are from the first bar line.
pub(super) struct Bars<'a> {
    config: &'a Config,
    /// Changes that are still to come, in order.
    changes: &'a [(u32, TimeSignature)],
    /// Where the bar starts.
    pub start: i64,
    /// Where it ends.
    pub end: i64,
    /// Its metre.
    pub metre: TimeSignature,
}

impl<'a> Bars<'a> {
    /// The first bar.
    pub fn first(config: &'a Config, changes: &'a [(u32, TimeSignature)]) -> Result<Self, Broken> {
        let mut bars = Self { config, changes, start: 0, end: 0, metre: config.metre };
        bars.enter()?;
        Ok(bars)
    }

    /// Goes on to the next bar.
    pub fn enter_next(&mut self) -> Result<(), Broken> {
        self.start = self.end;
        self.enter()
    }

    /// Whether the metre changes once more.
    pub fn has_changes(&self) -> bool {
        !self.changes.is_empty()
    }

    fn enter(&mut self) -> Result<(), Broken> {
        while let Some(((at, metre), later)) = self.changes.split_first() {
            if i64::from(*at) > self.start {
                break;
            }
            if i64::from(*at) < self.start {
                return Err(Broken::Change(*at));
            }
            (self.metre, self.changes) = (*metre, later);
        }
        let ticks = self.config.bar_ticks(self.metre).ok_or(Broken::Metre(self.metre))?;
        self.end = self.start + i64::from(ticks);
        Ok(())
    }
}
