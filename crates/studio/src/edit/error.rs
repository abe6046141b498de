//! Why a change was not made.

use thiserror::Error;

/// Why a change was not made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EditError {
    /// There is no such version (any more).
    #[error("there is no such take any more; choose another one")]
    NoSuchVersion,
    /// The deadpan was to be renamed or deleted.
    #[error("the deadpan is the score itself and stays as it is; duplicate it to have a take of your own")]
    Deadpan,
    /// The score has other bars by now.
    #[error("the score has no such bars any more; select others")]
    NoSuchBars,
    /// No passage is chosen for the best take.
    #[error("no bars are starred yet; loop some bars, hear the takes and star the best one")]
    NoPassage,
    /// A passage is of a version that plays another score.
    #[error("{0} plays another score; choose these bars from a take of the score that is heard")]
    OtherScore(String),
    /// A curve without length.
    #[error("the curve is too short to mean anything; draw it over at least two onsets")]
    ShortCurve,
}
