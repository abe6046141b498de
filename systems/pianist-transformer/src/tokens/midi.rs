//! The timeline of a MIDI file, as the published program takes it.

use std::collections::BTreeMap;

use notation::smf::SmfError;
use notation::smf::file::{DRUM_CHANNEL, Division, MidiFile, Track};

use super::timeline::{PedalMove, Press, Timeline};

/// Reads a MIDI file, with or without bars, as it sounds; drums are left out. What makes a difference
/// where a key is struck again before it came up: the next release in a track ends every press of the
/// key on that channel, which is how the published program reads files, so that tokens are the same.
///
/// # Errors
/// When the bytes are no MIDI file or hold no notes.
pub fn timeline_of_midi(bytes: &[u8]) -> Result<Timeline, SmfError> {
    let file = MidiFile::read(bytes)?;
    let clock = Clock::of(&file);
    let presses: Vec<Press> = file.tracks.iter().flat_map(|track| presses(track, &clock)).collect();
    if presses.is_empty() {
        return Err(file.why_empty());
    }
    let controls = file.tracks.iter().flat_map(|track| &track.controls);
    let sustain = controls.filter(|c| c.controller == 64 && c.channel != DRUM_CHANNEL);
    let sustain = sustain.map(|c| PedalMove::from_secs(clock.secs(c.tick), c.value));
    Ok(Timeline::new(presses, sustain.collect()))
}

fn presses(track: &Track, clock: &Clock) -> Vec<Press> {
    let mut releases: BTreeMap<(u8, u8), Vec<u64>> = BTreeMap::new();
    for note in &track.notes {
        releases.entry((note.channel, note.pitch)).or_default().push(note.off_tick);
    }
    releases.values_mut().for_each(|ticks| ticks.sort_unstable());
    let of_piano = track.notes.iter().filter(|note| note.channel != DRUM_CHANNEL);
    let press = of_piano.map(|note| {
        let ticks = releases.get(&(note.channel, note.pitch)).map_or(&[][..], Vec::as_slice);
        let is_instant = note.off_tick == note.on_tick;
        let next = ticks.get(ticks.partition_point(|tick| *tick <= note.on_tick)).filter(|_| !is_instant);
        let end_tick = next.copied().unwrap_or(note.on_tick);
        Press::from_secs(clock.secs(note.on_tick), clock.secs(end_tick), note.pitch, note.velocity)
    });
    press.collect()
}

/// Ticks to seconds, summed up stretch by stretch.
struct Clock {
    stretches: Vec<Stretch>,
}

/// What is played in one tempo.
struct Stretch {
    first_tick: u64,
    /// When the first tick is.
    first_secs: f64,
    tick_secs: f64,
}

impl Stretch {
    fn secs(&self, tick: u64) -> f64 {
        self.first_secs + self.tick_secs * tick.saturating_sub(self.first_tick) as f64
    }
}

/// Microseconds a quarter where a file names no tempo.
const UNNAMED_TEMPO: u32 = 500_000;

impl Clock {
    fn of(file: &MidiFile) -> Self {
        let per_quarter = match file.division {
            Division::PerQuarter(ticks) => f64::from(ticks),
            Division::PerSecond(ticks) => {
                let stretch = Stretch { first_tick: 0, first_secs: 0.0, tick_secs: 1.0 / ticks };
                return Self { stretches: vec![stretch] };
            }
        };
        let mut stretches: Vec<Stretch> = Vec::new();
        let named_first = file.tempos.first().is_some_and(|(tick, _)| *tick == 0);
        let first = (!named_first).then_some((0, UNNAMED_TEMPO));
        for (first_tick, micros) in first.into_iter().chain(file.tempos.iter().copied()) {
            let first_secs = stretches.last().map_or(0.0, |before| before.secs(first_tick));
            // Through beats a minute, as the published program has it: ties of rounding depend on it.
            let per_minute = 60_000_000.0 / f64::from(micros);
            stretches.push(Stretch { first_tick, first_secs, tick_secs: 60.0 / per_minute / per_quarter });
        }
        Self { stretches }
    }

    fn secs(&self, tick: u64) -> f64 {
        let after = self.stretches.partition_point(|stretch| stretch.first_tick <= tick);
        self.stretches.get(after.max(1) - 1).map_or(0.0, |stretch| stretch.secs(tick))
    }
}
