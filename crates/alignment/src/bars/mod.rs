//! A recording bar by bar, in the order in which its bars were played: what of them is right, wrong, missed and
//! extra, how fast they are, and where the player hesitates.
//!
//! [`figures()`] takes an alignment and what was heard. Bars are measures of the score, each time that they are
//! played: a bar that is played three times is there three times.
//!
//! # Hesitations
//!
//! A hesitation is a wait for the next chord that is longer than the beat around it explains. The beat period
//! around a wait is the median of the periods, in seconds a quarter, of the eight steps from chord to chord before
//! it and the eight after it in the same stretch. The median is right as long as fewer than half of the
//! steps are themselves waits, and follows a tempo that changes over a few bars. Slowing down is no hesitation, so
//! that the slower of the step before and the step after counts where it is slower than the median.
//! What is left of the wait after the written length at that period is its excess, which is a hesitation
//! if it is longer than half a beat at that period and longer than 0.35 seconds. What is shorter can be rubato:
//! people of (n)ASAP, who play in public, have one such wait in 480 bars (see the README).
//!
//! Where a wait is written none is a hesitation: after a fermata or a breath mark, at the end of a
//! section (a bar after which playing goes on elsewhere on the page, or before a new metre, key or
//! tempo), and where the score asks to slow down. A stop after which the player goes back, or on elsewhere, is a new
//! stretch, and no hesitation.

mod counting;
mod figures;
mod hesitations;
mod moments;
mod path;

pub use counting::figures;
pub use figures::{ExtraKey, Figures, Hesitation, MissedNote, PlayedBar, WrongKey};
pub use path::{Run, path};
