//! What is heard: the transport behind the trait [`Playback`], so that tests need no device.

use std::sync::Arc;

use notation::{PrintedMeasures, Score};
use performance::{BeatCurve, Performance};
use protocol::{OutputView, PlayState, VersionId};
use sound::keyboard::{KeyAction, Latency};
use sound::transport::Loudness;
use sound::{Piano, Recorded};

/// A version, ready to be heard.
#[derive(Clone)]
pub struct PlayableVersion {
    /// What is written.
    pub score: Arc<Score>,
    /// Its measures by what is printed; the same for all versions that play this score.
    pub printed: Arc<PrintedMeasures>,
    /// What is played.
    pub performance: Arc<Performance>,
    /// Score time to seconds.
    pub curve: BeatCurve,
    /// The recording that is heard as it is; its seconds are those of the performance. None for the piano.
    pub sound: Option<Arc<Recorded>>,
}

/// Where the transport is.
#[derive(Clone, Debug, PartialEq)]
pub struct PlaybackStatus {
    /// What it does.
    pub state: PlayState,
    /// The version that sounds.
    pub version: Option<VersionId>,
    /// Where in the score.
    pub position_quarters: f64,
    /// Where in the version.
    pub position_secs: f64,
    /// Where the sound goes.
    pub output: OutputView,
    /// Whether another window plays now.
    pub plays_elsewhere: bool,
}

impl Default for PlaybackStatus {
    fn default() -> Self {
        Self {
            state: PlayState::Stopped,
            version: None,
            position_quarters: 0.0,
            position_secs: 0.0,
            output: OutputView::default(),
            plays_elsewhere: false,
        }
    }
}

/// A MIDI port that notes were to go to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LostPort {
    /// Its name.
    pub name: String,
    /// Why they do not, in words that name it.
    pub why: String,
}

/// A movement of a key or a pedal on the keyboard.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlayedKey {
    /// When, in seconds of a clock that runs as long as the app.
    pub at_secs: f64,
    /// What happened.
    pub action: KeyAction,
    /// What of this window was heard then; nothing while nothing played.
    pub heard: Option<HeardPlace>,
}

/// What was heard at a moment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeardPlace {
    /// The version.
    pub version: VersionId,
    /// Where in its score.
    pub quarters: f64,
    /// Where in the version.
    pub secs: f64,
}

/// The MIDI keyboard as it is now.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct KeyboardStatus {
    /// Whether it is plugged in.
    pub is_connected: bool,
    /// How late things are, as far as that is known.
    pub latency: Latency,
    /// The time of the clock of [`PlayedKey::at_secs`].
    pub now_secs: f64,
}

/// The transport as one window uses it: plays versions.
pub trait Playback: Send {
    /// Playback for a further window, on the same device. Of all these only the one that started
    /// playing last is heard; the others rest where they were.
    fn beside(&mut self) -> Box<dyn Playback>;
    /// Readies a version, or what became of it.
    fn load(&mut self, id: VersionId, heard: PlayableVersion);
    /// A version is no more.
    fn forget(&mut self, id: VersionId);
    /// Hears this version from now on, at the same place: if it plays another score, in the same bar
    /// and pass, and repeating this stretch of its score from then on.
    fn listen(&mut self, id: VersionId, looped: Option<(f64, f64)>);
    /// Plays.
    fn play(&mut self);
    /// Holds on.
    fn pause(&mut self);
    /// Stops and goes back to where playing began.
    fn stop(&mut self);
    /// Goes to a place.
    fn seek_quarters(&mut self, quarters: f64);
    /// Repeats a stretch of the score.
    fn set_loop(&mut self, quarters: Option<(f64, f64)>);
    /// Tempo, 1 for as performed.
    fn set_rate(&mut self, rate: f64);
    /// Loudness of everything, 0 to 1.
    fn set_volume(&mut self, volume: f64);
    /// Clicks on beats.
    fn set_metronome(&mut self, on: bool);
    /// A bar of clicks first.
    fn set_count_in(&mut self, on: bool);
    /// Whether versions are heard equally loud on the whole.
    fn set_loudness_matching(&mut self, on: bool);
    /// How loud a version is on the whole.
    fn set_loudness(&mut self, id: VersionId, loudness: Loudness);
    /// Sounds one note.
    fn audition(&mut self, pitch: u8, velocity: u8);
    /// Plays on another piano.
    fn set_piano(&mut self, piano: Piano);
    /// Sends notes to the MIDI port of this name, or plays them on the piano. If the port cannot be used
    /// or is lost, the piano plays, as if it had been chosen, and [`Playback::lost_port`] has the reason.
    fn set_midi_port(&mut self, name: Option<&str>);
    /// The MIDI port that was given up. It is returned once, to the window that calls first.
    fn lost_port(&mut self) -> Option<LostPort>;
    /// The names of the MIDI ports there are, or why there are none.
    fn midi_ports(&mut self) -> Result<Vec<String>, String>;
    /// The names of the MIDI keyboards there are, or why there are none.
    fn keyboards(&mut self) -> Result<Vec<String>, String>;
    /// Listens to the MIDI keyboard of this name, plugged in or not, and plays it on the piano if `thru` is set.
    fn set_keyboard(&mut self, name: Option<&str>, thru: bool);
    /// The keyboard that was unplugged. It is returned once, to the window that calls first.
    fn lost_keyboard(&mut self) -> Option<LostPort>;
    /// The keyboard as it is now.
    fn keyboard(&mut self) -> KeyboardStatus;
    /// Whether [`Playback::played_keys`] tells what is played from now on; to one window at a time. False if
    /// another window records.
    fn record_keys(&mut self, on: bool) -> bool;
    /// What was played since the last call.
    fn played_keys(&mut self) -> Vec<PlayedKey>;
    /// Whether the notes of the version are not heard, while its tempo is kept and the metronome is heard.
    fn set_hushed(&mut self, on: bool);
    /// Where it is.
    fn status(&mut self) -> PlaybackStatus;
}
