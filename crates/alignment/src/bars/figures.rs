//! What a recording is bar by bar.

use std::ops::Range;

use notation::Quarters;
use serde::{Deserialize, Serialize};

/// A recording bar by bar, and all that is not as it is written. Notes are indices into
/// [`notation::Score::notes`], measures into [`notation::Score::measures`], keys into what was heard, and
/// stretches into [`crate::Alignment::stretches`].
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// The bars in the order in which they were played.
    pub bars: Vec<PlayedBar>,
    /// Keys in place of others, in the order in which they were struck.
    pub wrong: Vec<WrongKey>,
    /// Notes that were not played, stretch by stretch, in the order of the score.
    pub missed: Vec<MissedNote>,
    /// Keys that belong to no note, in the order in which they were struck.
    pub extra: Vec<ExtraKey>,
    /// Waits that nothing written explains, in the order in which they were made.
    pub hesitations: Vec<Hesitation>,
}

/// One time of playing a bar, or of a part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlayedBar {
    /// The stretch that it is played in.
    pub stretch: u32,
    /// The measure.
    pub measure: u32,
    /// When it starts and ends, in seconds; by the tempo around where nothing is struck there.
    pub secs: Range<f64>,
    /// Notes that were played as they are written.
    pub right: u32,
    /// Notes in whose place another key was struck.
    pub wrong: u32,
    /// Notes that were not played.
    pub missed: u32,
    /// Keys that belong to no note.
    pub extra: u32,
    /// Further strokes of ornaments.
    pub ornaments: u32,
    /// Hesitations before its notes.
    pub hesitations: u32,
    /// How fast it is, in beats of its metre a minute, without the excess of hesitations. None if two places of
    /// the stretch do not tell.
    pub beats_a_minute: Option<f64>,
}

/// A key in place of another one.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct WrongKey {
    /// The stretch that it is in.
    pub stretch: u32,
    /// The key.
    pub key: u32,
    /// Its MIDI pitch, as high as the piano of the score would sound.
    pub pitch: u8,
    /// When it was struck.
    pub secs: f64,
    /// The note that was meant.
    pub note: u32,
}

/// A note that was not played.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct MissedNote {
    /// The stretch that lacks it.
    pub stretch: u32,
    /// The note.
    pub note: u32,
    /// When it should have sounded, by the notes around it.
    pub expected_secs: f64,
}

/// A key that belongs to no note.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExtraKey {
    /// The stretch that it is in; none if the recording has no stretches.
    pub stretch: Option<u32>,
    /// The key.
    pub key: u32,
    /// Its MIDI pitch, as high as the piano of the score would sound.
    pub pitch: u8,
    /// When it was struck.
    pub secs: f64,
    /// The measure that was played then.
    pub measure: Option<u32>,
    /// The place in the score that was played then, in quarters.
    pub quarters: Option<f64>,
}

/// A wait that nothing written explains.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Hesitation {
    /// The stretch that it is in.
    pub stretch: u32,
    /// The measure of the chord that was waited for.
    pub measure: u32,
    /// The onset of the chord before the wait, in score time.
    pub after: Quarters,
    /// The onset of the chord that was waited for, in score time.
    pub before: Quarters,
    /// When the chord before the wait was struck.
    pub from_secs: f64,
    /// When the chord that was waited for was struck.
    pub to_secs: f64,
    /// How much longer the wait is than the beat around it explains, in seconds.
    pub excess_secs: f64,
}
