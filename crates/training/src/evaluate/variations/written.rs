//! What a model wrote of a segment.

use performers::composer::Variation;

/// What was written of one segment.
pub(super) struct Asked {
    /// One variation for each of [`DIALS`](super::dial::DIALS); none where there is none.
    pub dial: Vec<Option<Variation>>,
    /// Variations at [`ORDERED`](super::ordered::ORDERED); fewer where no more are found.
    pub ordered: Vec<Variation>,
}

impl Asked {
    /// The variation that was asked to have nothing of the segment.
    pub fn idea(&self) -> Option<&Variation> {
        self.dial.first().and_then(Option::as_ref)
    }
}
