//! New pieces: written from nothing, or as a continuation of one.

use serde::{Deserialize, Serialize};

use crate::VersionId;

/// What piece to write from nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPieceRequest {
    /// Identifier of the writer, one of [`crate::SettingsView::writers`].
    pub writer: String,
    /// How many bars, within [`crate::limits::NEW_BARS`].
    pub bars: u16,
    /// Seed: the same number gives the same piece.
    pub seed: u64,
    /// A version of the open piece in the manner of whose score it is written; none for nobody's.
    pub like: Option<VersionId>,
}

/// How a piece goes on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContinueRequest {
    /// Identifier of the writer, one of [`crate::SettingsView::writers`].
    pub writer: String,
    /// The version that keeps its notes before the new bars.
    pub of: VersionId,
    /// The first bar that is written, as an index into the measures of the score that the version plays: at least
    /// 1, at most their number. Its bars from there on are left out.
    pub from: usize,
    /// How many bars, within [`crate::limits::MORE_BARS`].
    pub bars: u16,
    /// Seed: the same number gives the same bars.
    pub seed: u64,
}
