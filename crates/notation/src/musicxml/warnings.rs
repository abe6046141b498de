//! Warnings about a whole score, not too many of a kind.

use std::collections::HashMap;

use crate::score::{Place, Warning};

/// Warnings of one kind that are kept; of the others only the number.
const MOST_OF_A_KIND: usize = 20;

/// Warnings by kind.
#[derive(Debug, Default)]
pub(super) struct Warnings {
    all: Vec<Warning>,
    counts: HashMap<&'static str, usize>,
}

impl Warnings {
    /// Adds a warning of a kind.
    pub fn add(
        &mut self,
        kind: &'static str,
        place: impl FnOnce() -> Place,
        message: impl FnOnce() -> String,
    ) {
        let count = self.counts.entry(kind).or_default();
        *count += 1;
        if *count <= MOST_OF_A_KIND {
            self.all.push(Warning { place: place(), message: message() });
        } else if *count == MOST_OF_A_KIND + 1 {
            let message = "there are more warnings like the one before".to_owned();
            self.all.push(Warning { place: place(), message });
        }
    }

    /// All warnings, in the order in which they came.
    pub fn into_vec(self) -> Vec<Warning> {
        self.all
    }
}
