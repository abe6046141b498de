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
    /// A curve without length.
    #[error("the curve is too short to mean anything; draw it over at least two onsets")]
    ShortCurve,
}
