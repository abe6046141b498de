//! The status between threads: written by the audio callback and read by other threads without a lock.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering, fence};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::status::{Midi, Output, PlayState, Status};

/// What the callback writes after each buffer.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Snapshot {
    pub state: PlayState,
    pub version: Option<u64>,
    /// Position at the end of the buffer.
    pub quarters: f64,
    pub secs: f64,
    pub rate: f64,
    /// Score time passing in a second of the version there.
    pub quarters_per_sec: f64,
    /// The buffer sounded from this position on without a jump, so nothing before it is shown.
    pub since_quarters: f64,
    pub since_secs: f64,
    /// When the end of the buffer is heard; nothing with a virtual clock: it is heard at once.
    pub heard_at: Option<Duration>,
    /// The deck that sounds.
    pub deck: u64,
    /// The last deck that came to its end.
    pub ended: u64,
    /// Where the deck is at the end of the buffer, also before the place that is shown.
    pub deck_secs: f64,
    /// So much of the buffer, in seconds as heard, lies behind the last jump in it.
    pub unbroken_secs: f64,
    /// Counts the jumps: another deck, or another place in one.
    pub jumps: u64,
}

/// Holds the last [`Snapshot`]. The writer never waits; a reader that catches a write in progress
/// reads again (the counter is odd meanwhile, and has changed after).
pub(crate) struct SharedStatus {
    revision: AtomicU64,
    words: [AtomicU64; WORDS],
    /// Times in snapshots count from here.
    epoch: Instant,
    pub underruns: AtomicU64,
    /// How much later than a buffer is requested its end is heard, in microseconds.
    output_latency_micros: AtomicU64,
    /// Whether somebody plays on a keyboard, so that buffers are to be short.
    is_played_on: AtomicBool,
    /// Not touched by the callback, as `error`.
    output: Mutex<Output>,
    error: Mutex<Option<String>>,
    midi: Mutex<Midi>,
}

const WORDS: usize = 14;

impl SharedStatus {
    pub(crate) fn new(reason: &str) -> Self {
        let status = Self {
            revision: AtomicU64::new(0),
            words: Default::default(),
            epoch: Instant::now(),
            underruns: AtomicU64::new(0),
            output_latency_micros: AtomicU64::new(0),
            is_played_on: AtomicBool::new(false),
            output: Mutex::new(Output::Silent { reason: reason.to_owned() }),
            error: Mutex::new(None),
            midi: Mutex::new(Midi::Off),
        };
        status.write(&Snapshot { rate: 1.0, ..Snapshot::default() });
        status
    }

    pub(crate) fn since_epoch(&self) -> Duration {
        self.epoch.elapsed()
    }

    /// For one writer at a time.
    pub(crate) fn write(&self, snapshot: &Snapshot) {
        let revision = self.revision.load(Ordering::Relaxed);
        self.revision.store(revision.wrapping_add(1), Ordering::Relaxed);
        fence(Ordering::Release);
        for (word, value) in self.words.iter().zip(snapshot.to_words()) {
            word.store(value, Ordering::Relaxed);
        }
        self.revision.store(revision.wrapping_add(2), Ordering::Release);
    }

    pub(crate) fn read(&self) -> Snapshot {
        loop {
            let before = self.revision.load(Ordering::Acquire);
            let words = std::array::from_fn(|k| self.words[k].load(Ordering::Relaxed));
            fence(Ordering::Acquire);
            if before.is_multiple_of(2) && self.revision.load(Ordering::Relaxed) == before {
                return Snapshot::from_words(words);
            }
            std::hint::spin_loop();
        }
    }

    /// What is heard now.
    pub(crate) fn status(&self) -> Status {
        let mut snapshot = self.read();
        if let Some(heard_at) = snapshot.heard_at
            && snapshot.state == PlayState::Playing
        {
            // The buffer's end is heard later than now: the playhead is where the ear is.
            let early_secs = heard_at.saturating_sub(self.since_epoch()).as_secs_f64() * snapshot.rate;
            let early_secs = early_secs.min((snapshot.secs - snapshot.since_secs).max(0.0));
            snapshot.secs -= early_secs;
            // The tempo at the end need not be that of the whole buffer.
            let quarters = snapshot.quarters - early_secs * snapshot.quarters_per_sec;
            snapshot.quarters = quarters.max(snapshot.since_quarters.min(snapshot.quarters));
        }
        Status {
            state: snapshot.state,
            version: snapshot.version,
            position_quarters: snapshot.quarters,
            position_secs: snapshot.secs,
            rate: snapshot.rate,
            output: locked(&self.output).clone(),
            underruns: self.underruns.load(Ordering::Relaxed),
            error: locked(&self.error).clone(),
            midi: locked(&self.midi).clone(),
        }
    }

    pub(crate) fn set_output(&self, output: Output) {
        *locked(&self.output) = output;
    }

    pub(crate) fn set_error(&self, error: Option<String>) {
        *locked(&self.error) = error;
    }

    pub(crate) fn set_midi(&self, midi: Midi) {
        *locked(&self.midi) = midi;
    }

    /// The port of this name is lost. That is of no interest once notes go elsewhere.
    pub(crate) fn lose_midi(&self, name: &str, reason: String) {
        let mut midi = locked(&self.midi);
        if matches!(&*midi, Midi::Port { name: current } if current == name) {
            *midi = Midi::Lost { name: name.to_owned(), reason };
        }
    }

    pub(crate) fn set_output_latency(&self, latency: Duration) {
        self.output_latency_micros.store(latency.as_micros() as u64, Ordering::Relaxed);
    }

    /// How much later than a buffer is requested its end is heard: the longest that a key waits. None while
    /// nothing is heard.
    pub(crate) fn output_latency(&self) -> Option<Duration> {
        let is_heard = matches!(&*locked(&self.output), Output::Device { .. });
        let micros = self.output_latency_micros.load(Ordering::Relaxed);
        (is_heard && micros > 0).then(|| Duration::from_micros(micros))
    }

    pub(crate) fn set_played_on(&self, on: bool) {
        self.is_played_on.store(on, Ordering::Relaxed);
    }

    pub(crate) fn is_played_on(&self) -> bool {
        self.is_played_on.load(Ordering::Relaxed)
    }

    /// Changes whenever the callback has written.
    pub(crate) fn revision(&self) -> u64 {
        self.revision.load(Ordering::Relaxed)
    }
}

/// What a mutex holds, even if a thread panicked meanwhile: each of these is replaced whole.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Snapshot {
    fn to_words(self) -> [u64; WORDS] {
        [
            self.state as u64,
            self.version.map_or(u64::MAX, |v| v.min(u64::MAX - 1)),
            self.quarters.to_bits(),
            self.secs.to_bits(),
            self.rate.to_bits(),
            self.quarters_per_sec.to_bits(),
            self.since_quarters.to_bits(),
            self.since_secs.to_bits(),
            self.heard_at.map_or(u64::MAX, |t| t.as_nanos() as u64),
            self.deck,
            self.ended,
            self.deck_secs.to_bits(),
            self.unbroken_secs.to_bits(),
            self.jumps,
        ]
    }

    fn from_words(words: [u64; WORDS]) -> Self {
        let [state, version, quarters, secs, rate, quarters_per_sec, ..] = words;
        let [.., since_quarters, since_secs, heard_at, deck, ended, deck_secs, unbroken_secs, jumps] = words;
        let states = [PlayState::Stopped, PlayState::CountIn, PlayState::Playing, PlayState::Paused];
        Self {
            state: states.into_iter().find(|s| *s as u64 == state).unwrap_or_default(),
            version: (version != u64::MAX).then_some(version),
            quarters: f64::from_bits(quarters),
            secs: f64::from_bits(secs),
            rate: f64::from_bits(rate),
            quarters_per_sec: f64::from_bits(quarters_per_sec),
            since_quarters: f64::from_bits(since_quarters),
            since_secs: f64::from_bits(since_secs),
            heard_at: (heard_at != u64::MAX).then(|| Duration::from_nanos(heard_at)),
            deck,
            ended,
            deck_secs: f64::from_bits(deck_secs),
            unbroken_secs: f64::from_bits(unbroken_secs),
            jumps,
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn nothing_before_the_last_jump_is_shown() {
        let status = SharedStatus::new("a test");
        // A loop that starts at the eighth quarter began a tenth of a second before the end of the
        // buffer; the tempo is higher at that end than at the start of the loop.
        let snapshot = Snapshot {
            state: PlayState::Playing,
            quarters: 8.1,
            secs: 4.1,
            rate: 1.0,
            quarters_per_sec: 2.0,
            since_quarters: 8.0,
            since_secs: 4.0,
            heard_at: Some(status.since_epoch() + Duration::from_secs(60)),
            jumps: 1,
            ..Snapshot::default()
        };
        status.write(&snapshot);
        assert_eq!(status.read(), snapshot);
        let shown = status.status();
        assert_eq!((shown.position_quarters, shown.position_secs), (8.0, 4.0));
    }

    #[test]
    fn a_port_that_was_replaced_is_not_missed() {
        let status = SharedStatus::new("a test");
        let port = |name: &str| Midi::Port { name: name.to_owned() };
        status.set_midi(port("Synth"));
        status.lose_midi("Digital piano", "it is off".to_owned());
        assert_eq!(status.status().midi, port("Synth"));
        status.lose_midi("Synth", "it is off".to_owned());
        assert_eq!(
            status.status().midi,
            Midi::Lost { name: "Synth".to_owned(), reason: "it is off".to_owned() }
        );
        status.set_midi(Midi::Off);
        status.lose_midi("Synth", "it is off".to_owned());
        assert_eq!(status.status().midi, Midi::Off);
    }
}
