//! What comes of the sound.

/// How far a transcription has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Seconds of sound whose notes are known.
    pub done_secs: f64,
    /// Seconds of sound there are, where its source tells.
    pub whole_secs: Option<f64>,
}

/// The notes of a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcription {
    /// By onset, then end, then pitch; notes of one pitch do not overlap.
    pub notes: Vec<TranscribedNote>,
    /// The sustain pedal from here on (0 = up, 127 = down), by seconds.
    pub pedal: Vec<(f64, u8)>,
    /// Length of the recording.
    pub length_secs: f64,
}

/// A note that was heard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TranscribedNote {
    /// MIDI pitch, 21 to 108.
    pub pitch: u8,
    /// MIDI velocity, 0 to 127.
    pub velocity: u8,
    /// When the key went down.
    pub onset_secs: f64,
    /// When the key came up; a pedal may let it sound on.
    pub end_secs: f64,
}
