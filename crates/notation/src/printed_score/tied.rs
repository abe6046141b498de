//! Ties between places that are no neighbours on the page.

/// How a note of the page hangs together with what is played before or after it and does not always
/// stand beside it: a tie into a second ending, or back to the start of a repeated passage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tied {
    /// Whether, at least once, it goes on what began in the measure that is played before.
    pub from_elsewhere: bool,
    /// Whether, at least once, it goes on in the measure that is played next.
    pub to_elsewhere: bool,
}
