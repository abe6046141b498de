//! What the transport is doing, as the rest of the program sees it.

/// What the transport is doing.
#[derive(Clone, Debug, PartialEq)]
pub struct Status {
    /// At rest, counting or playing.
    pub state: PlayState,
    /// The version that sounds; nothing before one was chosen.
    pub version: Option<u64>,
    /// Where in the score.
    pub position_quarters: f64,
    /// Where in the version.
    pub position_secs: f64,
    /// Tempo as a factor: 1 as performed.
    pub rate: f64,
    /// Where the sound goes.
    pub output: Output,
    /// How often the device ran dry.
    pub underruns: u64,
    /// Why the last version that was requested cannot be heard.
    pub error: Option<String>,
    /// The MIDI port that notes go to.
    pub midi: Midi,
}

/// At rest, counting or playing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PlayState {
    /// At rest where playing began or will begin.
    #[default]
    Stopped,
    /// The metronome counts before the music.
    CountIn,
    /// Playing.
    Playing,
    /// At rest in the middle.
    Paused,
}

/// Where notes go instead of the piano.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Midi {
    /// Nowhere: the piano is heard.
    #[default]
    Off,
    /// To a port; the piano is silent.
    Port {
        /// Its name.
        name: String,
    },
    /// The port is gone and the piano is heard again.
    Lost {
        /// The name that it had.
        name: String,
        /// Why, in words.
        reason: String,
    },
}

/// Where the sound goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// To a device.
    Device {
        /// Its name.
        name: String,
    },
    /// Nowhere; time passes all the same.
    Silent {
        /// Why, in a sentence.
        reason: String,
    },
}
