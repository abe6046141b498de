//! A recording that is going on.

use std::time::Instant;

use protocol::{PunchIn, RecordWith};

use crate::kept::KeptFile;
use crate::keys::Keys;

/// A recording that is going on.
pub(super) struct Taking {
    /// The bars that it takes the place of.
    pub(super) punch: Option<PunchIn>,
    /// What is heard meanwhile.
    pub(super) with: RecordWith,
    pub(super) keys: Keys,
    /// Where what is played is kept meanwhile.
    pub(super) file: KeptFile,
    /// The second of a version that the first key has, if nothing is heard.
    pub(super) start_secs: f64,
    /// Where the bars end that are replaced, in quarters.
    pub(super) ends_quarters: Option<f64>,
    pub(super) phase: Phase,
    /// How many movements the file has, and since when.
    pub(super) written: (usize, Instant),
}

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Phase {
    /// It waits for the first key, or until playing begins.
    Armed,
    /// Playing was requested and has not begun.
    Beginning,
    /// What is played is recorded.
    Running,
    /// The bars have been heard: what is still held is waited for since then.
    Ending(Instant),
}

impl Taking {
    pub(super) fn is_armed(&self) -> bool {
        self.phase == Phase::Armed
    }

    /// Whether the transport plays, or counts, for it: until it ends nothing else changes what is played.
    pub(super) fn has_transport(&self) -> bool {
        self.with != RecordWith::Free && !self.is_armed()
    }

    /// Whole seconds since the first key went down.
    pub(super) fn secs(&self, now_secs: f64) -> u32 {
        self.keys.first_secs().map_or(0, |first_secs| (now_secs - first_secs).max(0.0) as u32)
    }
}
