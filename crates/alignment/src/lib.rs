//! Which key of a recording was struck for which note of the score, however it was played.
//!
//! [`align()`] takes a score and the keys that went down, and finds in four steps what was meant:
//!
//! 1. `transposition`: by how many semitones the piano is off.
//! 2. `path`: the most likely way through the chords of the score, by dynamic programming over all
//!    chords and all keys (a hidden Markov model as in Nakamura and others 2017, "Performance error
//!    detection and post-processing for fast and accurate symbolic music alignment"). The player may
//!    stay in a chord, go on, leave chords out, come a little too early, strike a key besides, or jump
//!    to any other chord, most easily to the start of a bar. Tempo plays no part in it.
//! 3. `stretches`: the path is cut where the player jumped; each stretch is matched by itself: the notes
//!    of each pitch in order, near the time that the tempo around asks for.
//! 4. `labels`: what is left over is a wrong key near a missed note, a stroke of an ornament, or extra.
//!
//! Time grows with the number of chords times the number of keys, at less than ten nanoseconds for each pair;
//! memory with the chords times the square root of the keys.

mod aligned;
mod aligning;
pub mod bars;
mod chords;
mod clock;
pub mod judge;
mod labels;
mod matching;
mod path;
mod recording;
mod stretches;
mod table;
mod transposition;
mod unfold;

pub use aligned::{Alignment, Missed, Role, Stretch};
pub use aligning::align;
pub use recording::{Given, choose, match_recording, unplayed};
pub use unfold::{as_played, left_out, match_as_played};
