//! What the transport is doing, written by the audio callback and read by everybody without a lock.

use std::sync::atomic::{AtomicU64, Ordering, fence};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

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
    /// Why the last version that was asked for cannot be heard.
    pub trouble: Option<String>,
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

/// What the callback reports after each buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Report {
    pub state: PlayState,
    pub version: Option<u64>,
    /// Position at the end of the buffer.
    pub quarters: f64,
    pub secs: f64,
    pub rate: f64,
    /// Score time passing in a second of the version there.
    pub quarters_per_sec: f64,
    /// The buffer sounded from this position on without a jump, so nothing before it is shown.
    pub since_secs: f64,
    /// When the end of the buffer is heard; nothing with a virtual clock: it is heard at once.
    pub heard_at: Option<Duration>,
    /// The deck that sounds.
    pub deck: u64,
    /// The last deck that came to its end.
    pub ended: u64,
}

/// Holds the last [`Report`]. The writer never waits; a reader that catches a write in progress
/// reads again (the counter is odd meanwhile, and has changed after).
pub(crate) struct Board {
    turn: AtomicU64,
    words: [AtomicU64; WORDS],
    /// Times in reports count from here.
    epoch: Instant,
    pub underruns: AtomicU64,
    /// Not touched by the callback, as `trouble`.
    output: Mutex<Output>,
    trouble: Mutex<Option<String>>,
}

const WORDS: usize = 10;

impl Board {
    pub(crate) fn new(reason: &str) -> Self {
        let board = Self {
            turn: AtomicU64::new(0),
            words: Default::default(),
            epoch: Instant::now(),
            underruns: AtomicU64::new(0),
            output: Mutex::new(Output::Silent { reason: reason.to_owned() }),
            trouble: Mutex::new(None),
        };
        board.write(&Report { rate: 1.0, ..Report::default() });
        board
    }

    pub(crate) fn since_epoch(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// For one writer at a time.
    pub(crate) fn write(&self, report: &Report) {
        let turn = self.turn.load(Ordering::Relaxed);
        self.turn.store(turn.wrapping_add(1), Ordering::Relaxed);
        fence(Ordering::Release);
        for (word, value) in self.words.iter().zip(report.to_words()) {
            word.store(value, Ordering::Relaxed);
        }
        self.turn.store(turn.wrapping_add(2), Ordering::Release);
    }

    pub(crate) fn read(&self) -> Report {
        loop {
            let before = self.turn.load(Ordering::Acquire);
            let words = std::array::from_fn(|k| self.words[k].load(Ordering::Relaxed));
            fence(Ordering::Acquire);
            if before.is_multiple_of(2) && self.turn.load(Ordering::Relaxed) == before {
                return Report::from_words(words);
            }
            std::hint::spin_loop();
        }
    }

    /// What is heard now.
    pub(crate) fn status(&self) -> Status {
        let mut report = self.read();
        if let Some(heard_at) = report.heard_at
            && report.state == PlayState::Playing
        {
            // The buffer's end is heard later than now: the playhead is where the ear is.
            let early_secs = heard_at.saturating_sub(self.since_epoch()).as_secs_f64() * report.rate;
            let early_secs = early_secs.min((report.secs - report.since_secs).max(0.0));
            report.secs -= early_secs;
            report.quarters -= early_secs * report.quarters_per_sec;
        }
        Status {
            state: report.state,
            version: report.version,
            position_quarters: report.quarters,
            position_secs: report.secs,
            rate: report.rate,
            output: locked(&self.output).clone(),
            underruns: self.underruns.load(Ordering::Relaxed),
            trouble: locked(&self.trouble).clone(),
        }
    }

    pub(crate) fn set_output(&self, output: Output) {
        *locked(&self.output) = output;
    }

    pub(crate) fn set_trouble(&self, trouble: Option<String>) {
        *locked(&self.trouble) = trouble;
    }

    /// Changes whenever the callback has reported.
    pub(crate) fn pulse(&self) -> u64 {
        self.turn.load(Ordering::Relaxed)
    }
}

/// What a mutex holds, even if somebody panicked meanwhile: each of these is replaced whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Report {
    fn to_words(self) -> [u64; WORDS] {
        [
            self.state as u64,
            self.version.map_or(u64::MAX, |v| v.min(u64::MAX - 1)),
            self.quarters.to_bits(),
            self.secs.to_bits(),
            self.rate.to_bits(),
            self.quarters_per_sec.to_bits(),
            self.since_secs.to_bits(),
            self.heard_at.map_or(u64::MAX, |t| t.as_nanos() as u64),
            self.deck,
            self.ended,
        ]
    }

    fn from_words(words: [u64; WORDS]) -> Self {
        let [state, version, quarters, secs, rate, quarters_per_sec, since_secs, heard_at, deck, ended] =
            words;
        let states = [PlayState::Stopped, PlayState::CountIn, PlayState::Playing, PlayState::Paused];
        Self {
            state: states.into_iter().find(|s| *s as u64 == state).unwrap_or_default(),
            version: (version != u64::MAX).then_some(version),
            quarters: f64::from_bits(quarters),
            secs: f64::from_bits(secs),
            rate: f64::from_bits(rate),
            quarters_per_sec: f64::from_bits(quarters_per_sec),
            since_secs: f64::from_bits(since_secs),
            heard_at: (heard_at != u64::MAX).then(|| Duration::from_nanos(heard_at)),
            deck,
            ended,
        }
    }
}
