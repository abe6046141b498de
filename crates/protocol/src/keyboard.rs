//! A MIDI keyboard that a person plays on, and recording from it.

use serde::{Deserialize, Serialize};

use crate::{Bars, VersionId};

/// How a person plays on a MIDI keyboard; a part of the settings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyboardSettings {
    /// The keyboard, by the name of its port; none for no keyboard.
    pub port: Option<String>,
    /// Whether what is played on it is heard on this computer's piano.
    pub thru: bool,
    /// What is heard while it is recorded.
    pub with: RecordWith,
    /// Whether a bar is counted before.
    pub count_in: bool,
}

impl Default for KeyboardSettings {
    fn default() -> Self {
        Self { port: None, thru: true, with: RecordWith::Metronome, count_in: true }
    }
}

/// What is heard while a person plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordWith {
    /// Nothing: recording begins with the first key and ends when it is stopped.
    Free,
    /// The metronome, in the tempo that is written; for bars that are replaced, in the tempo of the version.
    #[default]
    Metronome,
    /// The version that is heard.
    Version,
}

/// What to record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordRequest {
    /// Bars to be played anew in a version; none for a version of its own, from the playhead on.
    pub replace: Option<PunchIn>,
    /// Whether it waits until playing begins, or the first key goes down; else it begins now.
    pub waits: bool,
}

/// Bars of a version that a recording takes the place of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PunchIn {
    /// The bars, of the score that the version plays.
    pub bars: Bars,
    /// The version.
    pub of: VersionId,
}

/// The keyboard and what is recorded from it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct KeyboardView {
    /// The keyboards there are, as of the last [`crate::Command::FindKeyboards`].
    pub ports: Vec<String>,
    /// Why there are none, if the system has no MIDI.
    pub no_midi: Option<String>,
    /// Whether the chosen keyboard is plugged in.
    pub is_connected: bool,
    /// What it does.
    pub state: RecordState,
    /// The bars that are replaced; none for a version of its own.
    pub replaces: Option<PunchIn>,
    /// Keys that went down since recording began.
    pub notes: usize,
    /// How long it has recorded, in whole seconds.
    pub secs: u32,
    /// The longest from a key until it is heard, in milliseconds: the buffer of the sound device, and what the
    /// device says to come before it. None without a sound device.
    pub output_ms: Option<f32>,
    /// By how much the delays of its messages differ, in milliseconds. Recordings do not have that, thanks to
    /// time stamps. None until something was played.
    pub jitter_ms: Option<f32>,
    /// What was played and is no version.
    pub kept: Vec<KeptView>,
}

/// What a recording is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum RecordState {
    /// Nothing is recorded.
    #[default]
    Off,
    /// It waits for the first key, or until playing begins.
    Armed,
    /// The bar before is counted; what is played is recorded already.
    CountIn,
    /// It records.
    Recording,
}

/// Something that was played and did not become a version: it does not fit the score, or the app ended
/// meanwhile.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptView {
    /// For [`crate::Command::SaveKept`] and the like.
    pub id: String,
    /// What it is called, with the piece that was open.
    pub name: String,
    /// Its notes.
    pub notes: usize,
    /// How long it is, in whole seconds.
    pub secs: u32,
}
