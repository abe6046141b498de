//! What holds from one point of a written score to the next, written out along the order of play.

use crate::time::Quarters;

/// Metres, keys or the like.
pub(super) struct Changes<T> {
    /// As written, by time.
    source: Vec<(Quarters, T)>,
    /// Whether the default is written where there are no changes at all.
    writes_default: bool,
    /// Whether all changes are written as they are in the source.
    is_listed: bool,
    /// Along the order of play.
    pub written: Vec<(Quarters, T)>,
}

impl<T: Copy + Default + PartialEq> Changes<T> {
    /// Changes of which the first also holds before it.
    pub fn new(changes: impl Iterator<Item = (Quarters, T)>) -> Self {
        let mut source: Vec<_> = changes.collect();
        source.sort_by_key(|(at, _)| *at);
        Self { source, writes_default: true, is_listed: false, written: Vec::new() }
    }

    /// Changes of what is the default before the first of them; without any nothing is written.
    pub fn from_default(changes: impl Iterator<Item = (Quarters, T)>) -> Self {
        let mut changes = Self { writes_default: false, ..Self::new(changes) };
        if changes.source.first().is_some_and(|(at, _)| *at > Quarters::ZERO) {
            changes.source.insert(0, (Quarters::ZERO, T::default()));
        }
        changes
    }

    /// Changes that are already written out.
    pub fn listed(changes: impl Iterator<Item = (Quarters, T)>) -> Self {
        let changes = Self::new(changes);
        Self { is_listed: true, written: changes.source.clone(), ..changes }
    }

    /// The last value at or before a point, else the first.
    pub fn at(&self, at: Quarters) -> T {
        let next = self.source.partition_point(|(t, _)| *t <= at);
        self.source.get(next.saturating_sub(1)).map_or_else(T::default, |(_, value)| *value)
    }

    /// Writes what is in force at the start of a run and what changes within it, each only if it
    /// differs.
    pub fn write(&mut self, from: Quarters, to: Quarters, shift: Quarters) {
        if self.is_listed || (self.source.is_empty() && !self.writes_default) {
            return;
        }
        let start = self.at(from);
        let first = self.source.partition_point(|(at, _)| *at <= from);
        let end = self.source.partition_point(|(at, _)| *at < to);
        let within = &self.source[first..end.max(first)];
        for (at, value) in std::iter::once(&(from, start)).chain(within) {
            if self.written.last().is_none_or(|(_, last)| *last != *value) {
                self.written.push((*at + shift, *value));
            }
        }
    }
}
