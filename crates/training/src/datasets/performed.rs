//! A performance aligned with its score.

use performance::PedalEvent;

/// A struck key.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Struck {
    /// When the key goes down.
    pub onset_secs: f64,
    /// How long it is held; 0 if the file does not say.
    pub duration_secs: f64,
    /// MIDI pitch.
    pub pitch: u8,
    /// MIDI velocity, 1 to 127.
    pub velocity: u8,
}

/// What a performance is measured against.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScoreNote {
    /// Onset in quarters.
    pub onset_quarters: f64,
    /// MIDI pitch.
    pub pitch: u8,
    /// Whether it is a grace note.
    pub grace: bool,
}

/// Kinds of annotated beats.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BeatKind {
    /// A beat.
    Beat = 0,
    /// The first of a bar.
    Downbeat = 1,
    /// Its place is unsure.
    Unsure = 2,
}

/// An aligned performance.
#[derive(Clone, Debug, Default)]
pub struct Performed {
    /// Score note (row of its score) and the key struck for it.
    pub aligned: Vec<(usize, Struck)>,
    /// Keys struck for no score note, by time.
    pub extra: Vec<Struck>,
    /// Pedal movements, by time.
    pub pedals: Vec<PedalEvent>,
    /// Annotated beats: seconds and kind.
    pub beats: Vec<(f64, BeatKind)>,
    /// What the alignment file had that could not be used.
    pub faults: Faults,
}

/// What an alignment file has that cannot be used.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Score notes that the file calls not played.
    pub deletions: usize,
    /// Aligned to a score note that the score does not have.
    pub id_missing: usize,
    /// Aligned to a key that the MIDI file does not have.
    pub no_midi: usize,
    /// Second alignments of one score note.
    pub duplicate: usize,
}
