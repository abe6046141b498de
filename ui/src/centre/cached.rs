//! Something that is made again only when what it is made from changes.

/// A value and what it was made from.
#[derive(Clone, Debug)]
pub struct Cached<K, V> {
    entry: Option<(K, V)>,
}

impl<K, V> Default for Cached<K, V> {
    fn default() -> Self {
        Self { entry: None }
    }
}

impl<K: PartialEq, V> Cached<K, V> {
    /// The value as it was last made.
    pub fn current(&self) -> Option<&V> {
        self.entry.as_ref().map(|e| &e.1)
    }

    /// The value made from `key`; `make` is called only if it was made from another.
    pub fn get(&mut self, key: K, make: impl FnOnce(&K) -> V) -> &V {
        let is_current = self.entry.as_ref().is_some_and(|(made_from, _)| *made_from == key);
        if !is_current {
            self.entry = None;
        }
        &self
            .entry
            .get_or_insert_with(|| {
                let value = make(&key);
                (key, value)
            })
            .1
    }
}
