//! The transcriber, from its folder to notes.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use neural::archive::Archive;

use crate::attributes::{Attributes, Teller};
use crate::error::{LoadError, TranscribeError};
use crate::events::{Event, Events, by_time};
use crate::network::{Heard, Network};
use crate::notes::{Progress, Transcription};
use crate::pulse::{Pulse, watch};
use crate::samples::{SAMPLE_RATE, Samples};
use crate::settings::{Settings, targets};
use crate::window::Window;

/// The shortest time between an onset and its end.
const SHORTEST_SECS: f64 = 1e-8;

/// Hears the notes of piano sound. Loading it takes a moment; it may be used any number of times.
pub struct Transcriber {
    network: Network,
    teller: Teller,
    /// What the network hears in a segment of silence.
    silence: OnceLock<Arc<Heard>>,
}

impl Transcriber {
    /// Reads the network from its folder: `config.json` and `model.safetensors`.
    ///
    /// # Errors
    /// When it is not there, is damaged, or is another network.
    pub fn load(folder: &Path) -> Result<Self, LoadError> {
        let [config, weights] = ["config.json", "model.safetensors"].map(|name| folder.join(name));
        if !config.is_file() || !weights.is_file() {
            return Err(LoadError::Missing { folder: folder.to_owned() });
        }
        let settings = Settings::read(&config)?;
        let archive = Archive::read(&weights)?;
        Ok(Self {
            network: Network::load(&archive, settings)?,
            teller: Teller::load(&archive, &settings)?,
            silence: OnceLock::new(),
        })
    }

    /// The notes of some sound. Memory does not grow with its length but for the notes themselves.
    /// `progress` is called several times a second, on this thread, while the network computes; it returns
    /// whether to go on. The same sound has the same notes, however it comes in blocks and however many
    /// threads there are.
    ///
    /// # Errors
    /// When the sound cannot be read or holds what is no number, or `progress` returned false.
    pub fn transcribe<S: Samples>(
        &self,
        samples: &mut S,
        progress: &mut dyn FnMut(Progress) -> bool,
    ) -> Result<Transcription, TranscribeError<S::Error>> {
        let settings = self.network.settings();
        let mut window = Window::new(settings.segment(), settings.margin());
        // For each pedal and key: from which frame of the segment on it is searched for.
        let mut starts = vec![settings.margin() / settings.hop; targets().count()];
        let mut events = Events::default();
        let whole = samples.length_hint();
        for segment in 0.. {
            window.fill(samples)?;
            let mut tell = |share: f64| progress(self.progress(segment, share, whole));
            let heard = self.hear(&window, &mut tell).ok_or(TranscribeError::Cancelled)?;
            events.add(&self.events(&heard, window.start_secs(), &mut starts));
            if !window.step(settings.step()) {
                break;
            }
        }
        let length_secs = window.read() as f64 / f64::from(SAMPLE_RATE);
        progress(Progress { done_secs: length_secs, whole_secs: Some(length_secs) });
        Ok(events.finish(length_secs))
    }

    /// How far it has come, in a share of a segment.
    fn progress(&self, segment: usize, share: f64, whole: Option<u64>) -> Progress {
        let settings = self.network.settings();
        let rate = f64::from(SAMPLE_RATE);
        let done_secs = (segment as f64 + share) * settings.step() as f64 / rate;
        let Some(whole) = whole else { return Progress { done_secs, whole_secs: None } };
        // The segments reach over the sound's ends.
        let segments = (whole as usize).saturating_add(2 * settings.margin()).div_ceil(settings.step());
        let whole_secs = whole as f64 / rate;
        let share = (segment as f64 + share) / segments as f64;
        Progress { done_secs: whole_secs * share.min(1.0), whole_secs: Some(whole_secs) }
    }

    /// What the network hears in the window. `tell` gets the share that is done and says whether to go on.
    fn hear(&self, window: &Window, tell: &mut dyn FnMut(f64) -> bool) -> Option<Arc<Heard>> {
        if !tell(0.0) {
            return None;
        }
        let is_silent = window.is_silent();
        if let Some(heard) = self.silence.get().filter(|_| is_silent) {
            return Some(Arc::clone(heard));
        }
        let steps = self.network.steps() as f64;
        let work = |pulse: &Pulse| self.network.hear(window.samples(), pulse).map(Arc::new);
        let heard = watch(work, &mut |done| tell((done as f64 / steps).min(1.0)))?;
        Some(if is_silent { Arc::clone(self.silence.get_or_init(|| heard)) } else { heard })
    }

    /// The events of a segment that begins at `begin_secs`, in order of onset. `starts` become those of the
    /// next segment: where the last event ended that ended within this one.
    fn events(&self, heard: &Heard, begin_secs: f64, starts: &mut [usize]) -> Vec<Event> {
        let settings = self.network.settings();
        let found: Vec<Vec<[usize; 2]>> =
            heard.paths.iter().zip(starts.iter()).map(|(path, start)| path.from(*start)).collect();
        let mut attributes = self.attributes(heard, &found).into_iter();
        let mut events = Vec::new();
        for ((pitch, intervals), start) in targets().zip(&found).zip(starts) {
            let mut place = Place { settings, begin_secs, earliest: 0.0, last_end: 0 };
            let both = intervals.iter().zip(&mut attributes);
            events.extend(both.map(|(interval, attributes)| place.event(pitch, *interval, attributes)));
            *start = place.last_end.saturating_sub(settings.step() / settings.hop);
        }
        events.sort_by(by_time);
        events
    }

    /// Attributes of all intervals, one pedal or key after the other.
    fn attributes(&self, heard: &Heard, found: &[Vec<[usize; 2]>]) -> Vec<Attributes> {
        let mut rows = Vec::new();
        for (target, intervals) in found.iter().enumerate() {
            for interval in intervals {
                let [first, last] = interval.map(|frame| self.network.at(heard, target, frame));
                rows.extend_from_slice(&first);
                rows.extend_from_slice(&last);
                rows.extend(first.iter().zip(&last).map(|(a, b)| a * b));
            }
        }
        self.teller.of(&rows)
    }
}

/// Turns intervals of one pedal or key into events, in order.
struct Place<'a> {
    settings: &'a Settings,
    begin_secs: f64,
    /// Where the event before ended, from the start of the segment.
    earliest: f64,
    /// The last frame of the last event that ended within the segment.
    last_end: usize,
}

impl Place<'_> {
    fn event(&mut self, pitch: i16, interval: [usize; 2], attributes: Attributes) -> Event {
        let frame_secs = self.settings.hop as f64 / f64::from(SAMPLE_RATE);
        let secs = |k: usize| (interval[k] as f64 + attributes.shifts[k]) * frame_secs;
        let start = secs(0).max(self.earliest);
        let end = secs(1).max(start + SHORTEST_SECS);
        self.earliest = end;
        // The frame in which the segment ends; rounded as the package does.
        let last_frame =
            (self.settings.segment() as f64 / self.settings.hop as f64).round_ties_even() as usize;
        let has_onset = interval[0] > 0 || attributes.is_within[0];
        let has_end = interval[1] < last_frame || attributes.is_within[1];
        if has_end {
            self.last_end = interval[1];
        }
        let start = (start + self.begin_secs).max(0.0);
        let end = (end + self.begin_secs).max(start);
        Event { pitch, velocity: attributes.velocity, start, end, has_onset, has_end }
    }
}

#[cfg(test)]
#[path = "transcriber_tests.rs"]
mod tests;
