//! A take or a recording, and where it came from.

use std::collections::BTreeSet;
use std::sync::Arc;

use performance::Performance;
use protocol::{Amounts, Bars, BaseTempo, Knobs, PinKind, ScoreId, VersionId};
use serde::{Deserialize, Serialize};

use super::slips::{ExtraNote, Slips};
use super::sounds::SoundId;

/// A take or a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Take {
    /// Which version it is.
    pub id: VersionId,
    /// Its name.
    pub name: String,
    /// Where it came from.
    pub origin: Origin,
    /// Whether it was changed by hand since.
    pub is_edited: bool,
    /// The score that it plays.
    pub score: ScoreId,
    /// Values that the next performance keeps.
    pub pins: Pins,
    /// What is played.
    pub performance: Arc<Performance>,
}

/// Pinned values, by the note's index in the score that is played.
pub type Pins = BTreeSet<(u32, PinKind)>;

/// Where a take came from.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Origin {
    /// In one line.
    pub text: String,
    /// Identifier of the performer; empty if no performer played it.
    pub performer: String,
    /// The version that it was made from.
    pub parent: Option<VersionId>,
    /// The bars of its score that were performed anew; none for all.
    pub bars: Option<Bars>,
    /// The requested mood.
    pub mood: String,
    /// How strongly it was followed.
    pub strength: f64,
    /// How fast the piece was to be as a whole. Older files lack it: their takes were free.
    #[serde(default = "BaseTempo::free", skip_serializing_if = "BaseTempo::is_free")]
    pub base_tempo: BaseTempo,
    /// How much of each dimension of expression.
    pub amounts: Amounts,
    /// The performer's own knobs that stood elsewhere than at their default.
    pub knobs: Knobs,
    /// The number from which all its random numbers were drawn.
    pub seed: u64,
    /// Of a recording, the notes of the file that are not in the score. Older files have wrong keys among them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<ExtraNote>,
    /// Of a recording, what else is not as it is written. Older files lack it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slips: Option<Slips>,
    /// The sound that its notes were heard in, if the project keeps it. Its seconds are those of the version, as
    /// long as the version was not changed by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sound: Option<SoundId>,
}

impl Take {
    /// Its number, which no other take or recording of the project has.
    pub fn number(&self) -> u32 {
        match self.id {
            VersionId::Deadpan => 0,
            VersionId::Take(number) | VersionId::Recording(number) => number,
        }
    }
}
